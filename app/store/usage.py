"""How many articles keys with a quota have sent today. Shared by all processes of a database."""

import sqlalchemy as sa

from app.store.adding import upsert
from app.store.engine import Tx
from app.store.tables import key_usage


def taken(tx: Tx, key_id: str, day: int) -> int:
    """Articles that were sent on a day, or for which a process has taken room."""
    that = (key_usage.c.key == key_id) & (key_usage.c.day == day)
    return tx.connection.execute(sa.select(key_usage.c.articles).where(that)).scalar() or 0


def take(tx: Tx, key_id: str, day: int, *, articles: int) -> None:
    """Take room for so many more. Under the ingest lock, so that no two processes take the same."""
    count = taken(tx, key_id, day) + articles
    upsert(tx, key_usage, [{"key": key_id, "day": day, "articles": count}])


def forget_before(tx: Tx, day: int) -> int:
    """Forget the days before; how many rows that were."""
    return tx.connection.execute(key_usage.delete().where(key_usage.c.day < day)).rowcount
