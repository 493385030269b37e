"""What spoke when, and copies that their origin's corrections left behind.

The past is filled in from the change feed. What a feed does not tell exactly, which of several
undated versions of an article was current, is taken to follow their order.

Revision ID: history
Revises: 0004
Created: 2026-11-25 00:30:00+00:00
"""

import json
from collections.abc import Iterator
from itertools import groupby, islice

import sqlalchemy as sa
from alembic import op

revision = "history"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PAGE = 1_000

article = sa.table("article", *map(sa.column, ("key", "id", "current", "created_position")))
version = sa.table(
    "version", *map(sa.column, ("key", "article", "number", "position", "updated_at", "status"))
)
version.append_column(sa.column("released", sa.Boolean()))
story = sa.table("story", *map(sa.column, ("founder", "id", "founded_position")))
membership = sa.table("membership", *map(sa.column, ("article", "since", "founder")))
change = sa.table("change", *map(sa.column, ("position", "type", "payload")))


def upgrade() -> None:
    op.create_index("ix_change_at", "change", ["at"])
    appointment = op.create_table(
        "appointment",
        sa.Column("founder", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, nullable=False),
        sa.Column("version", KEY, nullable=True),
        sa.PrimaryKeyConstraint("founder", "since", name="pk_appointment"),
        sqlite_with_rowid=False,
    )
    succession = op.create_table(
        "succession",
        sa.Column("article", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.PrimaryKeyConstraint("article", "since", name="pk_succession"),
        sqlite_with_rowid=False,
    )
    embargo_end = op.create_table(
        "embargo_end",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_embargo_end_version_version"),
        sa.PrimaryKeyConstraint("version", name="pk_embargo_end"),
    )
    op.create_table(
        "correction",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_correction_version_version"),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_correction_article_article"),
        sa.PrimaryKeyConstraint("version", name="pk_correction"),
    )
    op.create_index("ix_correction_article", "correction", ["article"])
    op.create_table(
        "stale_due",
        sa.Column("article", KEY, autoincrement=False, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_stale_due_article_article"),
        sa.PrimaryKeyConstraint("article", name="pk_stale_due"),
    )
    op.create_table(
        "stale",
        sa.Column("position", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("correction", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed", KEY, nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_stale_article_article"),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_stale_version_version"),
        sa.ForeignKeyConstraint(["correction"], ["version.key"], name="fk_stale_correction_version"),
        sa.PrimaryKeyConstraint("position", name="pk_stale"),
        sa.UniqueConstraint("id", name="uq_stale_id"),
    )
    op.create_index("ix_stale_article", "stale", ["article"])
    op.create_index("ix_stale_outcome_position", "stale", ["outcome", "position"])
    _fill(embargo_end, _released())
    _fill(succession, _revised())
    _fill(appointment, _founded())
    _fill(appointment, _changed())


def downgrade() -> None:
    for name in ("stale", "stale_due", "correction", "embargo_end", "succession", "appointment"):
        op.drop_table(name)
    op.drop_index("ix_change_at", "change")


def _fill(table: sa.Table, rows: Iterator[dict[str, int | None]]) -> None:
    while some := list(islice(rows, _PAGE)):
        op.get_bind().execute(table.insert(), some)


def _said(*types: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Entries of the feed: position, type, payload."""
    after = 0
    while True:
        some = sa.select(change).where(change.c.type.in_(types), change.c.position > after)
        rows = op.get_bind().execute(some.order_by(change.c.position).limit(_PAGE)).all()
        if not rows:
            return
        yield from ((row.position, row.type, json.loads(row.payload)) for row in rows)
        after = rows[-1].position


def _version(said: dict[str, str]) -> int | None:
    both = version.join(article, article.c.key == version.c.article)
    named = (article.c.id == said["article_id"]) & (version.c.number == said["version"])
    key: int | None = op.get_bind().execute(sa.select(version.c.key).select_from(both).where(named)).scalar()
    return key


def _released() -> Iterator[dict[str, int | None]]:
    for position, _, said in _said("article.released"):
        yield {"version": _version(said), "position": position}


def _revised() -> Iterator[dict[str, int | None]]:
    further = sa.select(version.c.article).where(version.c.number > 1)
    ends = sa.table("embargo_end", sa.column("version"), sa.column("position"))
    columns = sa.select(version, article.c.current, ends.c.position.label("ended"))
    joined = version.join(article, article.c.key == version.c.article)
    joined = joined.outerjoin(ends, ends.c.version == version.c.key)
    some = columns.select_from(joined).where(version.c.article.in_(further))
    rows = op.get_bind().execute(some.order_by(version.c.article, version.c.number)).all()
    for of, versions in groupby(rows, key=lambda row: row.article):
        first, *later = versions
        updated, speaks, since = first.updated_at, first.key, first.position
        for row in later:
            out = row.released or row.status == "withheld"
            older = row.updated_at is not None and updated is not None and row.updated_at < updated
            if (out and not older) or row.key == row.current:
                since = max(row.ended or row.position, since + 1)
                updated, speaks = row.updated_at, row.key
                yield {"article": of, "since": since, "version": speaks}
        if speaks != first.current:
            yield {"article": of, "since": since + 1, "version": first.current}


def _founded() -> Iterator[dict[str, int | None]]:
    connection = op.get_bind()
    for position, _, said in _said("canonical.created"):
        founder = connection.execute(
            sa.select(story.c.founder).where(story.c.id == said["canonical_id"])
        ).scalar()
        own = sa.select(article.c.created_position).where(article.c.key == founder)
        arrived = connection.execute(own).scalar_one()
        first = sa.select(membership.c.founder).where(membership.c.article == founder)
        into = connection.execute(first.order_by(membership.c.since).limit(1)).scalar()
        since = arrived if into == founder else position
        if since != arrived:
            connection.execute(
                sa.update(story).where(story.c.founder == founder).values(founded_position=since)
            )
        spoke = sa.select(version.c.key).where(version.c.article == founder, version.c.position <= since)
        speaks = connection.execute(spoke.order_by(version.c.number.desc()).limit(1)).scalar()
        yield {"founder": founder, "since": since, "version": speaks}


def _changed() -> Iterator[dict[str, int | None]]:
    for position, kind, said in _said("canonical.version_changed", "canonical.merged"):
        named = sa.select(story.c.founder).where(story.c.id == said["canonical_id"])
        speaks = None if kind == "canonical.merged" else _version(said)
        yield {"founder": op.get_bind().execute(named).scalar(), "since": position, "version": speaks}
