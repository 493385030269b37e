"""What people decide: links of two articles or of many, pins, and the log.

Revision ID: people
Revises: received
Created: 2026-11-25 00:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "people"
down_revision = "received"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()

OLD = sa.table("link", *(sa.column(name) for name in ("a", "b", "since", "kind", "until", "by", "why")))
NEW = sa.table("link", *(sa.column(name) for name in ("id", "since", "kind", "until", "by", "why")))
ENDS = sa.table("link_end", *(sa.column(name) for name in ("link", "article", "side")))


def upgrade() -> None:
    # No route wrote links so far; whoever did by hand keeps them.
    connection = op.get_bind()
    before = connection.execute(sa.select(OLD)).all()
    op.drop_table("link")
    op.create_table(
        "link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", KEY, nullable=False),
        sa.Column("until", KEY),
        sa.Column("by", BYTES, nullable=False),
        sa.Column("why", BYTES, nullable=False),
        sa.Column("audit", sa.Text()),
        sa.Column("replaces", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
    )
    op.create_index("ix_link_replaces", "link", ["replaces"])
    op.create_table(
        "link_end",
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("article", KEY, autoincrement=False, nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link"], ["link.id"], name="fk_link_end_link_link"),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_link_end_article_article"),
        sa.PrimaryKeyConstraint("link", "article", name="pk_link_end"),
    )
    op.create_index("ix_link_end_article", "link_end", ["article"])
    for row in before:
        id_ = f"lnk_{row.since}_{row.a}_{row.b}"
        of = {"since": row.since, "kind": row.kind, "until": row.until, "by": row.by, "why": row.why}
        op.execute(NEW.insert().values(id=id_, **of))
        for article, side in ((row.a, 0), (row.b, int(row.kind == "cannot"))):
            op.execute(ENDS.insert().values(link=id_, article=article, side=side))
    op.create_table(
        "pin",
        sa.Column("article", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, nullable=False),
        sa.Column("version", KEY),
        sa.Column("until", KEY),
        sa.Column("by", BYTES, nullable=False),
        sa.Column("why", BYTES, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_pin_article_article"),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_pin_version_version"),
        sa.PrimaryKeyConstraint("article", "since", name="pk_pin"),
    )
    op.create_table(
        "audit",
        sa.Column("position", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", BYTES, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("why", BYTES, nullable=False),
        sa.Column("undoes", sa.Text()),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit"),
        sa.UniqueConstraint("id", name="uq_audit_id"),
    )
    op.create_index("ix_audit_undoes", "audit", ["undoes"])


def downgrade() -> None:
    # A link of more than two articles has no place in the older table: all of them go.
    for table in ("audit", "pin", "link_end", "link"):
        op.drop_table(table)
    op.create_table(
        "link",
        sa.Column("a", KEY, autoincrement=False, nullable=False),
        sa.Column("b", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", KEY),
        sa.Column("by", BYTES, nullable=False),
        sa.Column("why", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("a", "b", "since", name="pk_link"),
    )
    op.create_index("ix_link_b", "link", ["b"])
