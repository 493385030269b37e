"""API keys given out, rotated and taken back, each with an entry in the log of administration.

A secret is random, told once by whoever makes it here, and stored as a digest.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.errors import InvalidValue, NotFound
from app.services.context import Context
from app.store import api_keys
from app.store.administration import AdministrationRow, note
from app.store.api_keys import ApiKeyRow
from app.store.engine import Tx
from app.store.sight import ANY_HOST

ADMIN = "admin"
LONGEST_OVERLAP = timedelta(days=30)
MOST_SOURCES = 100
_MOST_CHARACTERS = 2_000
_MOST_COUNT = 1_000_000_000
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Terms:
    """What a key is to allow. ``None`` is no limit of the key's own."""

    name: str
    scopes: tuple[str, ...]
    sources: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    requests_per_minute: int | None = None
    articles_per_day: int | None = None


def digest(secret: str) -> bytes:
    """What is stored of a secret. It is random, so nothing slower is needed (RFC 9106 is for passwords)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def make_key(ctx: Context, terms: Terms, *, by: str) -> tuple[ApiKeyRow, str]:
    """A new key and its secret. Raises InvalidValue."""
    _refuse(terms, ctx.now())
    secret = _secret()
    row = ApiKeyRow(
        id=ctx.new_id("key"),
        name=terms.name,
        hash=digest(secret),
        scopes=terms.scopes,
        created_at=ctx.now(),
        sources=terms.sources,
        expires_at=terms.expires_at,
        requests_per_minute=terms.requests_per_minute,
        articles_per_day=terms.articles_per_day,
    )
    with ctx.store.write() as tx:
        api_keys.add(tx, row)
        _note(ctx, tx, "key.created", row, by=by)
    return row, secret


def list_keys(ctx: Context) -> Sequence[ApiKeyRow]:
    """Every key, oldest first, with those that are of no use any more."""
    with ctx.store.read() as tx:
        return api_keys.load_all(tx)


def rotate_key(ctx: Context, key_id: str, *, overlap: timedelta, by: str) -> tuple[ApiKeyRow, str]:
    """A key with a new secret; the one it has is accepted for ``overlap`` more. Raises NotFound."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        most = LONGEST_OVERLAP // timedelta(hours=1)
        raise InvalidValue(
            "The overlap is out of bounds.", field="overlap_hours", fix=f"Send 0 to {most} hours."
        )
    secret, now = _secret(), ctx.now()
    with ctx.store.write() as tx:
        row = _usable(tx, key_id, now)
        fresh = replace(row, hash=digest(secret), previous_hash=row.hash, previous_until=now + overlap)
        api_keys.rotate(tx, row.id, digest=fresh.hash, previous=row.hash, until=now + overlap)
        _note(ctx, tx, "key.rotated", fresh, by=by)
    return fresh, secret


def revoke_key(ctx: Context, key_id: str, *, by: str, why: str = "") -> ApiKeyRow:
    """A key that is of no use from now on, whichever secret. Raises NotFound."""
    now = ctx.now()
    with ctx.store.write() as tx:
        row = api_keys.find(tx, key_id) if key_id.isascii() and key_id.isprintable() else None
        if row is None or not api_keys.revoke(tx, key_id, now=now):
            raise _unknown(key_id)
        revoked = replace(row, revoked_at=now)
        _note(ctx, tx, "key.revoked", revoked, by=by, why=why)
    return revoked


def terms_of(row: ApiKeyRow) -> dict[str, object]:
    """A key as the log tells of it: without its digests."""
    return {
        "name": row.name,
        "scopes": list(row.scopes),
        "sources": None if row.sources is None else list(row.sources),
        "expires_at": row.expires_at and row.expires_at.isoformat(),
        "requests_per_minute": row.requests_per_minute,
        "articles_per_day": row.articles_per_day,
        "previous_until": row.previous_until and row.previous_until.isoformat(),
        "revoked_at": row.revoked_at and row.revoked_at.isoformat(),
    }


def _secret() -> str:
    return f"wf_{secrets.token_urlsafe(_SECRET_BYTES)}"


def _usable(tx: Tx, key_id: str, now: datetime) -> ApiKeyRow:
    row = api_keys.find(tx, key_id) if key_id.isascii() and key_id.isprintable() else None
    expired = row is not None and row.expires_at is not None and row.expires_at <= now
    if row is None or row.revoked_at is not None or expired:
        raise _unknown(key_id)
    return row


def _unknown(key_id: str) -> NotFound:
    fix = "`wirefold keys list` and GET /v1/keys show them."
    return NotFound(f"There is no usable key {key_id[:100]!a}.", fix=fix)


def _note(ctx: Context, tx: Tx, action: str, row: ApiKeyRow, *, by: str, why: str = "") -> None:
    note(tx, AdministrationRow(ctx.new_id("adm"), ctx.now(), by, action, row.id, why, None, terms_of(row)))


def _refuse(terms: Terms, now: datetime) -> None:
    """Raise where a key cannot be given these terms."""
    if not terms.name.strip() or len(terms.name) > _MOST_CHARACTERS:
        raise InvalidValue("name is blank or too long.", field="name", fix="Say whose key it is.")
    if not terms.scopes:
        raise InvalidValue("The key has no scope.", field="scopes", fix="Name what it is to allow.")
    if terms.expires_at is not None and terms.expires_at <= now:
        raise InvalidValue("expires_at has passed.", field="expires_at", fix="Send a time to come.")
    for field in ("requests_per_minute", "articles_per_day"):
        count = getattr(terms, field)
        if count is not None and not 0 <= count <= _MOST_COUNT:
            raise InvalidValue(
                f"{field} is out of bounds.", field=field, fix="Send a whole number; 0 is none."
            )
    if terms.sources is not None:
        _refuse_sources(terms.scopes, terms.sources)


def _refuse_sources(scopes: tuple[str, ...], sources: tuple[str, ...]) -> None:
    if ADMIN in scopes:
        fix = "Leave sources out, or give it other scopes."
        raise InvalidValue("A key for everything is not bound to sources.", field="sources", fix=fix)
    if not 1 <= len(sources) <= MOST_SOURCES:
        raise InvalidValue(
            f"A key is bound to 1 to {MOST_SOURCES} sources.", field="sources", fix="Send as many names."
        )
    for each in sources:
        name = each.removeprefix(ANY_HOST)
        if not name.strip() or "*" in name or len(each) > _MOST_CHARACTERS:
            raise InvalidValue(
                f"{each[:100]!a} names no source.",
                field="sources",
                fix="Send names as submissions carry them, or *.host for all that end in .host.",
            )
