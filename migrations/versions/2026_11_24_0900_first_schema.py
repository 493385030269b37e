"""The first schema.

Revision ID: 0001
Revises:
Created: 2026-11-24 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RECEIVED = sa.LargeBinary()
"""Text from outside, as UTF-8 with lone surrogates."""
TIME = sa.BigInteger()
"""Microseconds since 1970."""
JSON = sa.Text()
INCOMPRESSIBLE = {
    "page": ("raw", "text"),
    "fingerprint": ("keys", "signature", "lead_signature", "words"),
    "posting": ("keys",),
    "segment_block": ("filter", "keys", "versions"),
}


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", RECEIVED, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        sa.UniqueConstraint("hash", name="uq_api_key_hash"),
    )
    op.create_table(
        "article",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", RECEIVED, nullable=False),
        sa.Column("external_id", RECEIVED),
        sa.Column("founder", KEY, nullable=False),
        sa.Column("current", KEY, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_position", KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_article"),
        sa.UniqueConstraint("id", name="uq_article_id"),
    )
    op.create_table(
        "change",
        sa.Column("position", KEY, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_change"),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.create_table(
        "edge",
        sa.Column("version_a", KEY, autoincrement=False, nullable=False),
        sa.Column("version_b", KEY, autoincrement=False, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("revision_kind", sa.Text()),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("jaccard", sa.Double(), nullable=False),
        sa.Column("containment", sa.Double(), nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.PrimaryKeyConstraint("version_a", "version_b", name="pk_edge"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_edge_a", "edge", ["a"])
    op.create_index("ix_edge_b", "edge", ["b"])
    op.create_table(
        "idempotency",
        sa.Column("scope", RECEIVED, nullable=False),
        sa.Column("key", RECEIVED, nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "link",
        sa.Column("a", KEY, autoincrement=False, nullable=False),
        sa.Column("b", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", KEY),
        sa.Column("by", RECEIVED, nullable=False),
        sa.Column("why", RECEIVED, nullable=False),
        sa.PrimaryKeyConstraint("a", "b", "since", name="pk_link"),
    )
    op.create_index("ix_link_b", "link", ["b"])
    op.create_table(
        "posting",
        sa.Column("seq", KEY, autoincrement=False, nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_posting"),
    )
    op.create_table(
        "segment",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("first_seq", KEY, nullable=False),
        sa.Column("last_seq", KEY, nullable=False),
        sa.Column("entries", KEY, nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("merge", JSON),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
    )
    op.create_table(
        "segment_block",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("first_key", KEY, nullable=False),
        sa.Column("filter", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("versions", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_segment_block"),
    )
    op.create_table(
        "identity",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_identity_article_article"),
        sa.PrimaryKeyConstraint("key", name="pk_identity"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story",
        sa.Column("founder", KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("canonical", KEY),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("first_seen", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        sa.Column("founded_position", KEY, nullable=False),
        sa.Column("changed_position", KEY, nullable=False),
        sa.ForeignKeyConstraint(["founder"], ["article.key"], name="fk_story_founder_article"),
        sa.PrimaryKeyConstraint("founder", name="pk_story"),
        sa.UniqueConstraint("id", name="uq_story_id"),
    )
    op.create_table(
        "url",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_url_article_article"),
        sa.PrimaryKeyConstraint("key", "article", name="pk_url"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "version",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("published_at", TIME),
        sa.Column("updated_at", TIME),
        sa.Column("declared", RECEIVED),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("embargoed_until", TIME),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("title", RECEIVED, nullable=False),
        sa.Column("source", RECEIVED, nullable=False),
        sa.Column("language", RECEIVED),
        sa.Column("agency", RECEIVED),
        sa.Column("slug", RECEIVED),
        sa.Column("genre", RECEIVED),
        sa.Column("tag_kind", sa.Text()),
        sa.Column("tag_number", KEY),
        sa.Column("place", RECEIVED),
        sa.Column("filed_on", RECEIVED),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_version_article_article"),
        sa.PrimaryKeyConstraint("key", name="pk_version"),
        sa.UniqueConstraint("article", "number", name="uq_version_article_number"),
    )
    op.create_index(
        "ix_version_embargoed",
        "version",
        ["embargoed_until"],
        sqlite_where=sa.text("released = 0"),
        postgresql_where=sa.text("NOT released"),
    )
    op.create_table(
        "decision",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("revision_kind", sa.Text()),
        sa.Column("matched", KEY),
        sa.Column("matched_id", sa.Text()),
        sa.Column("jaccard", sa.Double(), nullable=False),
        sa.Column("containment", sa.Double(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("furniture", sa.Text(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("signals", JSON, nullable=False),
        sa.Column("related", JSON, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_decision_version_version"),
        sa.PrimaryKeyConstraint("version", name="pk_decision"),
    )
    op.create_table(
        "fingerprint",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("lead_signature", sa.LargeBinary(), nullable=False),
        sa.Column("flags", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_fingerprint_version_version"),
        sa.PrimaryKeyConstraint("version", "profile", name="pk_fingerprint"),
    )
    op.create_table(
        "membership",
        sa.Column("article", KEY, autoincrement=False, nullable=False),
        sa.Column("since", KEY, autoincrement=False, nullable=False),
        sa.Column("founder", KEY, nullable=False),
        sa.Column("until", KEY),
        sa.Column("by", RECEIVED, nullable=False),
        sa.Column("why", RECEIVED, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name="fk_membership_article_article"),
        sa.ForeignKeyConstraint(["founder"], ["story.founder"], name="fk_membership_founder_story"),
        sa.PrimaryKeyConstraint("article", "since", name="pk_membership"),
    )
    op.create_index("ix_membership_founder_article", "membership", ["founder", "article"])
    op.create_table(
        "page",
        sa.Column("version", KEY, autoincrement=False, nullable=False),
        sa.Column("url", RECEIVED),
        sa.Column("byline", RECEIVED),
        sa.Column("dateline_place", RECEIVED),
        sa.Column("dateline_date", RECEIVED),
        sa.Column("provenance", RECEIVED),
        sa.Column("passages", JSON, nullable=False),
        sa.Column("repeats", JSON, nullable=False),
        sa.Column("removed", JSON, nullable=False),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.key"], name="fk_page_version_version"),
        sa.PrimaryKeyConstraint("version", name="pk_page"),
    )

    if op.get_bind().dialect.name == "postgresql":
        # These are compressed already or random: trying to compress them only costs time.
        for table, columns in INCOMPRESSIBLE.items():
            for column in columns:
                op.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STORAGE EXTERNAL')


def downgrade() -> None:
    for table in (
        "page",
        "membership",
        "fingerprint",
        "decision",
        "version",
        "url",
        "story",
        "identity",
        "segment_block",
        "segment",
        "posting",
        "link",
        "lease",
        "idempotency",
        "edge",
        "counter",
        "change",
        "article",
        "api_key",
    ):
        op.drop_table(table)
