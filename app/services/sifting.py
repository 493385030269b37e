"""Which entries of a feed are new, which changed and which were seen before. Pure.

What was taken in once keeps the external ID it came under, however the feed's entries are told apart later:
a better choice of identity fields never makes a second article of a known one.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from app.parsing.feed_entries import FeedEntry
from app.parsing.feed_identity import (
    AUTOMATIC,
    Choice,
    IdentityFields,
    choose_identity,
    external_id,
    read_identity,
)
from app.parsing.urls import normalise, url_key
from app.store.polling import EntryRow

BY_HAND = "chosen by a person"
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Sifted:
    """An entry that is to be taken in."""

    entry: FeedEntry
    key: bytes
    digest: bytes
    before: EntryRow | None
    """As it was last seen; None where it is new."""


def entry_key(entry: FeedEntry, fields: IdentityFields) -> bytes:
    """16 bytes by which an entry is known again in its feed."""
    identity = external_id(entry, fields)
    if identity is not None:
        return _digest("id", identity)
    return url_key(entry.url) or _digest("words", *_words(entry))


def entry_digest(entry: FeedEntry) -> bytes:
    """16 bytes of an entry's words: markup, dates and addresses of pictures may change without news."""
    return _digest(*_words(entry), normalise(entry.url or "") or "")


def choose_fields(
    chosen: str, used: Choice, entries: Sequence[FeedEntry], known: Sequence[EntryRow]
) -> Choice:
    """The fields to tell a feed's entries apart by: a person's, else those in use, else what its GUIDs need.

    A choice once made stays while it tells the entries apart: the reason for it may have left the feed.
    """
    fields = read_identity(chosen)
    if fields != AUTOMATIC:
        return Choice(fields, BY_HAND)
    if used.fields != AUTOMATIC and used.why != BY_HAND and not _collide(entries, used.fields):
        return used
    return choose_identity(entries, known)


def known_by(rows: Iterable[EntryRow], fields: IdentityFields) -> dict[bytes, EntryRow]:
    """Entries seen before under the keys they have by these fields; of two that are one now, the later.

    What was seen without a field that counts now keeps its key.
    """
    known: dict[bytes, EntryRow] = {}
    for row in sorted(rows, key=lambda row: (row.seen_at, row.first_seen_at)):
        seen = FeedEntry(raw=b"", guid=row.guid, url=row.url, title=row.title, published_at=row.published_at)
        recognisable = external_id(seen, fields) is not None or url_key(row.url) is not None
        key = entry_key(seen, fields) if recognisable else row.key
        known[key] = replace(row, key=key)
    return known


def sift(
    entries: Iterable[FeedEntry], known: Mapping[bytes, EntryRow], fields: IdentityFields
) -> tuple[list[Sifted], list[Sifted]]:
    """What is to be taken in, and what is as it was. Of several entries with one key the newest counts."""
    newest: dict[bytes, FeedEntry] = {}
    for entry in entries:
        key = entry_key(entry, fields)
        if key not in newest or _moment(entry) > _moment(newest[key]):
            newest[key] = entry
    fresh: list[Sifted] = []
    same: list[Sifted] = []
    for key, entry in newest.items():
        sifted = Sifted(entry, key, entry_digest(entry), known.get(key))
        unchanged = sifted.before is not None and sifted.before.digest == sifted.digest
        (same if unchanged else fresh).append(sifted)
    return fresh, same


def _collide(entries: Iterable[FeedEntry], fields: IdentityFields) -> bool:
    met: dict[bytes, bytes] = {}
    return any(
        met.setdefault(entry_key(entry, fields), digest) != digest
        for entry, digest in ((entry, entry_digest(entry)) for entry in entries)
    )


def _moment(entry: FeedEntry) -> float:
    at = entry.updated_at or entry.published_at
    return at.timestamp() if at else 0.0


def _words(entry: FeedEntry) -> tuple[str, ...]:
    texts = (entry.title, entry.content_html, entry.summary_html, entry.byline)
    return tuple(" ".join(unescape(_TAG.sub(" ", text or "")).split()) for text in texts)


def _digest(*parts: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.digest()
