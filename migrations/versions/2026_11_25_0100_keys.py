"""Keys that are bound, expire and rotate; quotas; deleted articles; how long texts are kept.

Revision ID: keys
Revises: people
Created: 2026-11-25 01:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "keys"
down_revision = "people"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RECEIVED = sa.LargeBinary()
TIME = sa.BigInteger()
JSON = sa.Text()

_OF_KEYS = (
    ("sources", JSON),
    ("expires_at", TIME),
    ("requests_per_minute", sa.Integer()),
    ("articles_per_day", sa.Integer()),
    ("previous_hash", sa.LargeBinary()),
    ("previous_until", TIME),
)


def upgrade() -> None:
    for name, kind in _OF_KEYS:
        op.add_column("api_key", sa.Column(name, kind))
    op.create_index("ix_api_key_previous_hash", "api_key", ["previous_hash"], unique=True)
    op.create_table(
        "key_usage",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("articles", KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", "day", name=op.f("pk_key_usage")),
        sa.ForeignKeyConstraint(["key"], ["api_key.id"], name=op.f("fk_key_usage_key_api_key")),
    )
    op.create_table(
        "administration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", RECEIVED, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", RECEIVED, nullable=False),
        sa.Column("why", RECEIVED, nullable=False),
        sa.Column("before", JSON),
        sa.Column("after", JSON),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
    )
    op.create_index("ix_administration_subject", "administration", ["subject"])
    op.create_table(
        "retention",
        sa.Column("source", RECEIVED, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_retention")),
    )
    op.add_column("article", sa.Column("deleted_at", TIME))
    op.add_column("segment", sa.Column("erased", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("segment", "erased")
    op.drop_column("article", "deleted_at")
    op.drop_table("retention")
    op.drop_table("administration")
    op.drop_table("key_usage")
    op.drop_index("ix_api_key_previous_hash", "api_key")
    for name, _ in reversed(_OF_KEYS):
        op.drop_column("api_key", name)
