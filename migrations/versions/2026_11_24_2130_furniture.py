"""Furniture learned per source, and the pairs to be judged again because of it.

Revision ID: 0002
Revises: 0001
Created: 2026-11-24 21:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RECEIVED = sa.LargeBinary()
"""Text from outside, as UTF-8 with lone surrogates."""
TIME = sa.BigInteger()
"""Microseconds since 1970."""
JSON = sa.Text()


def upgrade() -> None:
    op.create_table(
        "furniture",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", RECEIVED, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", RECEIVED, nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("shingles", sa.LargeBinary(), nullable=False),
        sa.Column("pages", JSON, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", RECEIVED, nullable=False),
        sa.Column("why", RECEIVED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_furniture"),
    )
    op.create_index("ix_furniture_source", "furniture", ["source"])
    op.create_index("ix_furniture_version", "furniture", ["version"])
    op.create_table(
        "rejudge",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_rejudge_version_version"),
        sa.PrimaryKeyConstraint("version", name="pk_rejudge"),
    )
    op.create_index("ix_edge_version_b", "edge", ["version_b"])


def downgrade() -> None:
    op.drop_index("ix_edge_version_b", "edge")
    op.drop_table("rejudge")
    op.drop_table("furniture")
