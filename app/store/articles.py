"""Identities, articles, versions and their fingerprints."""

from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.model import Facts, Fingerprint, TagKind, WireTag
from app.model import ArticleKey, ArticleRow, IdentityKey, Status, Stored, VersionKey, VersionRow
from app.store.engine import Tx
from app.store.statements import Values, rows_in
from app.store.tables import article, fingerprint, identity, version

_IDENTITIES = sa.select(identity.c.key, identity.c.article)
_ARTICLES = sa.select(article)
_VERSIONS = sa.select(version)
_VERSIONS_OF = _VERSIONS.order_by(version.c.article, version.c.number)


def find_identities(tx: Tx, keys: Collection[IdentityKey]) -> dict[IdentityKey, ArticleKey]:
    """The articles that own these identities now."""
    return dict(rows_in(tx, _IDENTITIES, identity.c.key, keys))


def load_articles(tx: Tx, keys: Collection[ArticleKey]) -> dict[ArticleKey, ArticleRow]:
    """Articles by key."""
    return {row.key: ArticleRow(*row) for row in rows_in(tx, _ARTICLES, article.c.key, keys)}


def load_versions(tx: Tx, keys: Collection[VersionKey]) -> dict[VersionKey, VersionRow]:
    """Versions by key."""
    return {row.key: version_from(row) for row in rows_in(tx, _VERSIONS, version.c.key, keys)}


def versions_of(tx: Tx, articles: Collection[ArticleKey]) -> dict[ArticleKey, list[VersionRow]]:
    """All versions of each article, oldest first."""
    found: dict[ArticleKey, list[VersionRow]] = {key: [] for key in articles}
    for row in rows_in(tx, _VERSIONS_OF, version.c.article, articles):
        found[row.article].append(version_from(row))
    return found


def load_stored(tx: Tx, versions: Collection[VersionKey], profile: str) -> dict[VersionKey, Stored]:
    """Versions with their fingerprints; those without one of that profile are left out."""
    return {
        row.key: Stored(version_from(row), _print(row))
        for row in rows_in(tx, _with_print(profile), version.c.key, versions)
    }


@cache
def _with_print(profile: str) -> sa.Select[*tuple[Any, ...]]:
    both = version.join(fingerprint, fingerprint.c.version == version.c.key)
    columns = [*version.c, *(column.label(f"print_{column.name}") for column in fingerprint.c)]
    return sa.select(*columns).select_from(both).where(fingerprint.c.profile == profile)


def article_values(row: ArticleRow, *, founder: ArticleKey, current: VersionKey) -> Values:
    """An article's columns, with where it will be once the batch is stored."""
    return {
        "key": row.key,
        "id": row.id,
        "source": row.source,
        "external_id": row.external_id,
        "founder": founder,
        "current": current,
        "created_at": row.created_at,
        "created_position": row.created_position,
    }


def version_values(row: VersionRow) -> Values:
    """A version's columns."""
    facts = row.facts
    return {
        "key": row.key,
        "article": row.article,
        "number": row.number,
        "position": row.position,
        "received_at": row.received_at,
        "published_at": row.published_at,
        "updated_at": row.updated_at,
        "declared": row.declared,
        "status": row.status.value,
        "embargoed_until": row.embargoed_until,
        "released": row.released,
        "content": row.content,
        "title": row.title,
        "source": facts.source,
        "language": facts.language,
        "agency": facts.agency,
        "slug": facts.slug,
        "genre": facts.genre,
        "tag_kind": facts.tag.kind.value if facts.tag else None,
        "tag_number": facts.tag.number if facts.tag else None,
        "place": facts.place,
        "filed_on": facts.filed_on,
        "word_count": row.word_count,
        "notice": row.is_notice,
    }


def version_from(row: Row[*tuple[Any, ...]]) -> VersionRow:
    """A version of a row that carries all columns of ``version``."""
    return VersionRow(
        key=row.key,
        article=row.article,
        number=row.number,
        position=row.position,
        received_at=row.received_at,
        published_at=row.published_at,
        updated_at=row.updated_at,
        declared=row.declared,
        status=Status(row.status),
        embargoed_until=row.embargoed_until,
        released=row.released,
        content=row.content,
        title=row.title,
        facts=Facts(
            source=row.source,
            language=row.language,
            published_at=None if row.published_at is None else row.published_at.timestamp(),
            agency=row.agency,
            slug=row.slug,
            genre=row.genre,
            tag=None if row.tag_kind is None else WireTag(TagKind(row.tag_kind), row.tag_number),
            place=row.place,
            filed_on=row.filed_on,
        ),
        word_count=row.word_count,
        is_notice=row.notice,
    )


def fingerprint_values(key: VersionKey, of: Fingerprint) -> Values:
    """A fingerprint's columns."""
    return {
        "version": key,
        "profile": of.profile,
        "digest": of.digest,
        "title": of.title.astype("<u4", copy=False).tobytes(),
        "keys": of.keys.astype("<u8", copy=False).tobytes(),
        "signature": of.signature.astype("<u4", copy=False).tobytes(),
        "lead_signature": of.lead_signature.astype("<u4", copy=False).tobytes(),
        "flags": of.flags.tobytes(),
        "words": of.words.astype("<u4", copy=False).tobytes(),
    }


def _print(row: Row[*tuple[Any, ...]]) -> Fingerprint:
    return Fingerprint(
        profile=row.print_profile,
        words=np.frombuffer(row.print_words, "<u4"),
        flags=np.frombuffer(row.print_flags, np.uint8),
        title=np.frombuffer(row.print_title, "<u4"),
        signature=np.frombuffer(row.print_signature, "<u4"),
        lead_signature=np.frombuffer(row.print_lead_signature, "<u4"),
        keys=np.frombuffer(row.print_keys, "<u8"),
        digest=row.print_digest,
    )
