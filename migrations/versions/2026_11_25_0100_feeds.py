"""Feeds that are pulled, what was seen of them, and how their hosts are treated.

Revision ID: feeds
Revises: keys
Created: 2026-11-25 01:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "feeds"
down_revision = "keys"
branch_labels = None
depends_on = None

RECEIVED = sa.LargeBinary()
"""Text from outside, as UTF-8 with lone surrogates."""
JSON = sa.Text()
TIME = sa.BigInteger()
"""Microseconds since 1970."""


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", RECEIVED, nullable=False),
        sa.Column("added_url", RECEIVED, nullable=False),
        sa.Column("source", RECEIVED, nullable=False),
        sa.Column("title", RECEIVED, nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_why", RECEIVED, nullable=True),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("fetch_page", sa.Boolean(), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", RECEIVED, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("identity_used", sa.Text(), nullable=False),
        sa.Column("identity_why", sa.Text(), nullable=False),
        sa.Column("hub", RECEIVED, nullable=True),
        sa.Column("ttl_s", sa.Integer(), nullable=True),
        sa.Column("skip_hours", JSON, nullable=False),
        sa.Column("skip_days", JSON, nullable=False),
        sa.Column("etag", RECEIVED, nullable=True),
        sa.Column("last_modified", RECEIVED, nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("moved_to", RECEIVED, nullable=True),
        sa.Column("moved_times", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("interval_why", sa.Text(), nullable=False),
        sa.Column("lease_holder", sa.Text(), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("fetched_at", TIME, nullable=True),
        sa.Column("succeeded_at", TIME, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error_kind", sa.Text(), nullable=True),
        sa.Column("error", RECEIVED, nullable=True),
        sa.Column("error_at", TIME, nullable=True),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.Column("articles_new", sa.Integer(), nullable=False),
        sa.Column("articles_updated", sa.Integer(), nullable=False),
        sa.Column("entries_refused", sa.Integer(), nullable=False),
        sa.Column("refusal", RECEIVED, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("url", name="uq_feed_url"),
    )
    op.create_index("ix_feed_due", "feed", ["paused", "due_at"])
    op.create_table(
        "feed_entry",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("external_id", RECEIVED, nullable=True),
        sa.Column("guid", RECEIVED, nullable=True),
        sa.Column("url", RECEIVED, nullable=True),
        sa.Column("title", RECEIVED, nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feed.id"], name="fk_feed_entry_feed_feed", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed", "key", name="pk_feed_entry"),
    )
    op.create_table(
        "feed_host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("free_at", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_feed_host"),
    )


def downgrade() -> None:
    op.drop_table("feed_host")
    op.drop_table("feed_entry")
    op.drop_index("ix_feed_due", "feed")
    op.drop_table("feed")
