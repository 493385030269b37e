"""Which tokeniser the hashes of furniture were made with.

Revision ID: 0004
Revises: 0003
Created: 2026-11-24 22:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # All that was stored so far was made with the first one.
    op.add_column("furniture", sa.Column("tokeniser", sa.Text(), nullable=False, server_default="words-1"))


def downgrade() -> None:
    op.drop_column("furniture", "tokeniser")
