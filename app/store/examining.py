"""What a health check asks of a database: its soundness, its size, and where it lies."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.model import VersionKey
from app.store.engine import Tx
from app.store.tables import article, change, posting, segment, story, version

_FIRST_PROBLEMS = 3


@dataclass(frozen=True, slots=True)
class Census:
    """How much there is."""

    articles: int
    versions: int
    stories: int
    changes: int
    last_version: int
    last_position: int
    unsealed: int
    segments: int


def database_file(url: str) -> Path | None:
    """The file of an SQLite database; none for a server."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database.removeprefix("file:").partition("?")[0])


def problems_of_file(tx: Tx) -> list[str]:
    """What SQLite finds wrong with its own file; nothing to ask of PostgreSQL."""
    if tx.dialect != "sqlite":
        return []
    found = tx.connection.exec_driver_sql(f"PRAGMA quick_check({_FIRST_PROBLEMS})").scalars()
    return [str(line) for line in found if line != "ok"]


def census(tx: Tx) -> Census:
    """Count everything. Reads whole indexes: a second or two at a million articles."""

    def one(what: sa.ColumnElement[int], of: sa.FromClause, *where: sa.ColumnElement[bool]) -> int:
        return tx.connection.execute(sa.select(what).select_from(of).where(*where)).scalar() or 0

    count = sa.func.count()
    return Census(
        articles=one(count, article),
        versions=one(count, version),
        stories=one(count, story, story.c.members > 0),
        changes=one(count, change),
        last_version=one(sa.func.max(version.c.key), version),
        last_position=one(sa.func.max(change.c.position), change),
        unsealed=one(count, posting),
        segments=one(count, segment),
    )


def miscounted_stories(tx: Tx, *, limit: int) -> list[str]:
    """IDs of stories whose number of members is not that of the articles in them."""
    there = article.c.deleted_at.is_(None)
    inside = sa.select(article.c.founder, sa.func.count().label("articles")).where(there)
    inside = inside.group_by(article.c.founder)
    counted = inside.subquery()
    articles = sa.func.coalesce(counted.c.articles, 0)
    wrong = (
        sa.select(story.c.id)
        .outerjoin_from(story, counted, counted.c.founder == story.c.founder)
        .where(story.c.members != articles)
    )
    return list(tx.connection.execute(wrong.order_by(story.c.founder).limit(limit)).scalars())


def sample_released(tx: Tx, *, upto: int, most: int) -> list[VersionKey]:
    """Released versions spread evenly over all."""
    stride = max(1, upto // most)
    keys = [upto - stride * step for step in range(most) if upto - stride * step > 0]
    some = sa.select(version.c.key).where(version.c.key.in_(keys), version.c.released)
    return [VersionKey(key) for key in tx.connection.execute(some.order_by(version.c.key)).scalars()]
