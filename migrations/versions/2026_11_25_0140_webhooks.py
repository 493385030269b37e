"""Endpoints that are called, what is to be delivered to each, and every attempt.

Revision ID: webhooks
Revises: expiry
Created: 2026-11-25 01:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "webhooks"
down_revision = "expiry"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RECEIVED = sa.LargeBinary()
TIME = sa.BigInteger()
JSON = sa.Text()


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", RECEIVED, nullable=False),
        sa.Column("description", RECEIVED, nullable=False),
        sa.Column("interest", JSON, nullable=False),
        sa.Column("unreleased", sa.Boolean(), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", RECEIVED),
        sa.Column("cursor", KEY, nullable=False),
        sa.Column("replay_after", KEY),
        sa.Column("replay_upto", KEY),
        sa.Column("failing_since", TIME),
        sa.Column("slow", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary()),
        sa.Column("old_secret_until", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", RECEIVED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_table(
        "delivery",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("position", KEY),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("claimed_until", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME),
        sa.ForeignKeyConstraint(["webhook"], ["webhook.id"], name="fk_delivery_webhook_webhook"),
        sa.PrimaryKeyConstraint("key", name="pk_delivery"),
    )
    op.create_index("ix_delivery_settled_at", "delivery", ["settled_at"])
    op.create_index("ix_delivery_webhook_key", "delivery", ["webhook", "key"])
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["webhook", "due_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "delivery_attempt",
        sa.Column("delivery", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("fault", sa.Text()),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.key"], name="fk_delivery_attempt_delivery_delivery"),
        sa.PrimaryKeyConstraint("delivery", "number", name="pk_delivery_attempt"),
    )


def downgrade() -> None:
    op.drop_table("delivery_attempt")
    op.drop_table("delivery")
    op.drop_table("webhook")
