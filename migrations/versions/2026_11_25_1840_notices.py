"""Which versions are notices: articles of their own that take back another's story, in every version.

Revision ID: notices
Revises: segments
Created: 2026-11-25 18:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "notices"
down_revision = "segments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("version", sa.Column("notice", sa.Boolean(), nullable=False, server_default=sa.false()))
    # A later version is one where all before it take a story back as well.
    op.execute(
        "UPDATE version SET notice = true WHERE tag_kind = 'withdrawal' AND NOT EXISTS"
        " (SELECT 1 FROM version AS before WHERE before.article = version.article"
        " AND before.number < version.number AND coalesce(before.tag_kind, '') <> 'withdrawal')"
    )


def downgrade() -> None:
    op.drop_column("version", "notice")
