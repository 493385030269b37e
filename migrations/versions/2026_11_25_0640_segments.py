"""The last version that a segment may hold, so that dropping it need not look for it.

Revision ID: segments
Revises: webhooks
Created: 2026-11-25 06:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "segments"
down_revision = "webhooks"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("segment", sa.Column("last_version", KEY, nullable=False, server_default="0"))
    # A second a million versions and segment; one that is dead is only waiting for its blocks to be deleted.
    op.execute(
        "UPDATE segment SET last_version = coalesce("
        "(SELECT max(version.key) FROM version WHERE version.received_at <= segment.until), 0)"
        " WHERE state <> 'dead'"
    )
    with op.batch_alter_table("segment") as segment:
        segment.alter_column("last_version", server_default=None)


def downgrade() -> None:
    op.drop_column("segment", "last_version")
