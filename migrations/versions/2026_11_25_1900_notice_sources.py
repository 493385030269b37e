"""The sources that ever sent a notice, found without a look at all versions.

Revision ID: notice_sources
Revises: notices
Created: 2026-11-25 19:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "notice_sources"
down_revision = "notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_version_notice",
        "version",
        ["source"],
        sqlite_where=sa.text("notice = 1"),
        postgresql_where=sa.text("notice"),
    )


def downgrade() -> None:
    op.drop_index("ix_version_notice", "version")
