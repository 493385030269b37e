"""What makes an entry of a feed the same entry at the next fetch, and how to tell that its GUIDs do not.

The default (no fields named) takes the GUID, with two exceptions that real feeds force: a GUID that is only
the entry's own address spelled otherwise (a scheme, a tracker or a revision number behind ``#`` more) counts
as that address, and an entry without GUID is known by its address, else by headline and date of publication.
Which fields a feed needs where its GUIDs are broken altogether, ``choose_identity`` says.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from app.errors import InvalidValue
from app.parsing.feed_entries import FeedEntry
from app.parsing.urls import normalise, url_key


class IdentityField(StrEnum):
    """A part of an entry that can be made part of its identity."""

    GUID = "guid"
    URL = "url"
    TITLE = "title"
    PUBLISHED = "published"
    CONTENT = "content"


IdentityFields: TypeAlias = tuple[IdentityField, ...]
"""Entries that agree in all of these are one article; () is the default described above."""
AUTOMATIC: IdentityFields = ()
LONGEST_ID = 2_000
_WORD = re.compile(r"[^\W_]+")
_FEW_WORDS = 3
_SAME_HEADLINE = 0.5
_MOST_OF_THEM = 0.6


class Seen(Protocol):
    """What has to be remembered of an entry to notice a broken GUID at the next fetch."""

    @property
    def guid(self) -> str | None:
        """As the feed gave it."""

    @property
    def url(self) -> str | None:
        """Absolute."""

    @property
    def title(self) -> str:
        """Plain text."""


class Choice(NamedTuple):
    """The fields to tell a feed's entries by, and why."""

    fields: IdentityFields
    why: str


def read_identity(text: str) -> IdentityFields:
    """Fields written as ``auto`` or joined by ``+`` (``url+title``). Raises InvalidValue."""
    names = [name for name in text.replace(" ", "+").lower().split("+") if name]
    if names in ([], ["auto"]):
        return AUTOMATIC
    try:
        return tuple(dict.fromkeys(IdentityField(name) for name in names))
    except ValueError as error:
        known = ", ".join(IdentityField)
        fix = f'Send "auto" or some of {known}, joined by "+".'
        raise InvalidValue("identity names an unknown field.", field="identity", fix=fix) from error


def write_identity(fields: IdentityFields) -> str:
    """The text that ``read_identity`` reads."""
    return "+".join(fields) or "auto"


def external_id(entry: FeedEntry, fields: IdentityFields = AUTOMATIC) -> str | None:
    """The ID an entry's article goes by within its source; None: by its URL, which the article carries."""
    values = [(each, _value(entry, each)) for each in fields]
    said = [(each, value) for each, value in values if value]
    if fields == (IdentityField.GUID,) and said:
        return _bounded(said[0][1])
    if fields == (IdentityField.URL,) and said:
        return None
    if said and fields not in ((IdentityField.GUID,), (IdentityField.URL,)):
        return _digest(said)
    return _automatic(entry)


def all_guids_same(entries: Sequence[Seen]) -> bool:
    """Whether entries that differ otherwise all carry one GUID."""
    guids = {entry.guid for entry in entries if entry.guid}
    others = {(url_key(entry.url), entry.title) for entry in entries if entry.guid}
    return len(guids) == 1 and len(others) > 1


def guids_repeated(entries: Sequence[Seen]) -> bool:
    """Whether one document gives one GUID to entries of different address."""
    pairs = {(entry.guid, url_key(entry.url)) for entry in entries if entry.guid and entry.url}
    return any(count > 1 for count in Counter(guid for guid, _ in pairs).values())


def urls_tell_apart(entries: Sequence[Seen]) -> bool:
    """Whether each entry has an address and no two the same (one home page for all is common)."""
    keys = [url_key(entry.url) for entry in entries]
    return None not in keys and len(set(keys)) == len(keys)


def guids_contain_headline(entries: Sequence[Seen]) -> bool:
    """Whether most GUIDs are made of their headline, so that a corrected headline makes a new GUID."""
    able = [entry for entry in entries if entry.guid and len(_words(entry.title)) >= _FEW_WORDS]
    made = sum(map(_made_of_headline, able))
    return len(able) > 1 and made >= _MOST_OF_THEM * len(able)


def guids_change(entries: Iterable[Seen], before: Iterable[Seen]) -> bool:
    """Whether an address seen before came back under another GUID (a headline or a revision inside it)."""
    known = {url_key(entry.url): entry.guid for entry in before if entry.url and entry.guid}
    return any(
        entry.guid and entry.url and known.get(url_key(entry.url), entry.guid) != entry.guid
        for entry in entries
    )


def guids_reused(entries: Iterable[Seen], before: Iterable[Seen]) -> bool:
    """Whether a GUID seen before came back on another address under an unlike headline."""
    known = {entry.guid: entry for entry in before if entry.guid}
    for entry in entries:
        earlier = known.get(entry.guid or "")
        if earlier is None or not (entry.url and earlier.url):
            continue
        if url_key(entry.url) != url_key(earlier.url) and not _alike(entry.title, earlier.title):
            return True
    return False


def choose_identity(entries: Sequence[Seen], before: Sequence[Seen] = ()) -> Choice:
    """The fields that tell this feed's entries apart and know them again. ``before``: earlier fetches.

    Needs no more than one document for GUIDs that are all the same or repeated; that they change or are
    used again shows against what was seen before.
    """
    by_url = urls_tell_apart(entries)
    if all_guids_same(entries):
        if by_url:
            return Choice((IdentityField.URL,), "All entries carry one GUID; their addresses differ.")
        return Choice(
            (IdentityField.URL, IdentityField.TITLE), "All entries carry one GUID and share addresses."
        )
    if guids_repeated(entries) and by_url:
        return Choice((IdentityField.URL,), "Entries of different address carry one GUID.")
    if guids_change(entries, before) and by_url:
        return Choice((IdentityField.URL,), "An address came back under another GUID.")
    if guids_reused(entries, before):
        return Choice((IdentityField.GUID, IdentityField.URL), "A GUID came back on another article.")
    if guids_contain_headline(entries) and by_url:
        return Choice(
            (IdentityField.URL,), "GUIDs are made of headlines, which are corrected; addresses differ."
        )
    return Choice(AUTOMATIC, "GUIDs tell the entries apart.")


def _automatic(entry: FeedEntry) -> str | None:
    own = url_key(entry.url)
    if entry.guid and (own is None or url_key(entry.guid) != own):
        return _bounded(entry.guid)
    if own is not None:
        return None
    said = [(each, _value(entry, each)) for each in (IdentityField.TITLE, IdentityField.PUBLISHED)]
    return _digest(said) if all(value for _, value in said) else None


def _value(entry: FeedEntry, of: IdentityField) -> str:
    match of:
        case IdentityField.GUID:
            return entry.guid or ""
        case IdentityField.URL:
            return normalise(entry.url or "") or ""
        case IdentityField.TITLE:
            return " ".join(_WORD.findall(entry.title.casefold()))
        case IdentityField.PUBLISHED:
            return entry.published_at.isoformat() if entry.published_at else ""
        case IdentityField.CONTENT:
            return entry.content_html or entry.summary_html or ""


def _bounded(guid: str) -> str:
    return guid if len(guid) <= LONGEST_ID else _digest([(IdentityField.GUID, guid)])


def _digest(said: Iterable[tuple[IdentityField, str]]) -> str:
    """Readable as to what it stands for: ``url+title:9f86d081884c7d65…``."""
    digest = hashlib.blake2b(digest_size=16)
    names = []
    for name, value in said:
        encoded = value.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
        names.append(name)
    return f"{'+'.join(names)}:{digest.hexdigest()}"


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _made_of_headline(entry: Seen) -> bool:
    """Its words stand in the GUID, and not because the GUID is the entry's address."""
    if url_key(entry.guid) is not None and url_key(entry.guid) == url_key(entry.url):
        return False
    inside = set(_words(entry.guid or ""))
    words = _words(entry.title)
    return sum(word in inside for word in words) >= 0.8 * len(words)


def _alike(one: str, other: str) -> bool:
    a, b = set(_words(one)), set(_words(other))
    if not a or not b:
        return a == b
    return len(a & b) >= _SAME_HEADLINE * min(len(a), len(b))
