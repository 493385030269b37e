"""In which state a story is: a name that changes with its members, their versions, choice and pins."""

import hashlib

import sqlalchemy as sa

from app.model import StoryRow
from app.store.engine import Tx
from app.store.pins import PinRow
from app.store.tables import article, membership, pin


def state_of(tx: Tx, story: StoryRow) -> str:
    """The state of a story: reads one narrow row a member."""
    inside = (membership.c.founder == story.founder) & membership.c.until.is_(None)
    members = (
        sa.select(membership.c.article, article.c.current)
        .join(article, article.c.key == membership.c.article)
        .where(inside)
        .order_by(membership.c.article)
    )
    state = hashlib.blake2b(f"{story.founder} {story.canonical}".encode(), digest_size=9)
    for row in tx.connection.execute(members):
        state.update(b" %d %d" % (row.article, row.current))
    for each in pins_in(tx, story):
        state.update(b" pin %d %d" % (each.article, each.since))
    return state.hexdigest()


def pins_in(tx: Tx, story: StoryRow) -> list[PinRow]:
    """The pins that count on members of a story, the one that speaks first: the latest."""
    statement = (
        sa.select(pin)
        .join(membership, membership.c.article == pin.c.article)
        .where(membership.c.founder == story.founder, membership.c.until.is_(None), pin.c.until.is_(None))
        .order_by(pin.c.since.desc(), pin.c.article)
    )
    return [
        PinRow(row.article, row.since, row.version, row.by, row.why)
        for row in tx.connection.execute(statement)
    ]
