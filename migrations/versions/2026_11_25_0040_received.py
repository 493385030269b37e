"""What versions came as, where that was another format than JSON of the contract.

Revision ID: received
Revises: history
Created: 2026-11-25 00:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "received"
down_revision = "history"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "received",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("media_type", sa.LargeBinary(), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_received_version_version"),
        sa.PrimaryKeyConstraint("version", name="pk_received"),
    )


def downgrade() -> None:
    op.drop_table("received")
