"""Arrivals that a person should look at.

Revision ID: 0003
Revises: 0002
Created: 2026-11-24 22:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("position", KEY, autoincrement=False, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("other", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_review_version_version"),
        sa.ForeignKeyConstraint(["other"], ["version.key"], name="fk_review_other_version"),
        sa.PrimaryKeyConstraint("position", name="pk_review"),
    )


def downgrade() -> None:
    op.drop_table("review")
