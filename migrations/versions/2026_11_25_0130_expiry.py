"""From when to when what a segment holds was posted.

Revision ID: expiry
Revises: feeds
Created: 2026-11-25 01:30:00+00:00
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "expiry"
down_revision = "feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there counts as posted today: it is kept no shorter than asked for.
    now = str(time.time_ns() // 1000)
    with op.batch_alter_table("segment") as segment:
        segment.add_column(sa.Column("since", sa.BigInteger(), nullable=False, server_default=now))
        segment.add_column(sa.Column("until", sa.BigInteger(), nullable=False, server_default=now))
    with op.batch_alter_table("segment") as segment:
        segment.alter_column("since", server_default=None)
        segment.alter_column("until", server_default=None)


def downgrade() -> None:
    op.drop_column("segment", "until")
    op.drop_column("segment", "since")
