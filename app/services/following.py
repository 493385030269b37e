"""Following the change feed: pages behind a cursor, for whoever asks for all of it or for some.

Positions are numbered under the ingest lock and become visible in their order, so what lies behind a cursor
is complete when it is read, and a page that a filter leaves empty still moves its cursor on. Of entries that
a caller may not see the positions alone are told; to a filter they are about nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import CursorAhead
from app.events import EVERYTHING, About, Interest
from app.model import ChangeRow, Position
from app.services.context import Context
from app.services.discretion import disclose
from app.store import feed, reading
from app.store import sight as sights
from app.store.engine import Tx
from app.store.sight import PUBLIC, Sight

STEP = 1_000
"""Entries looked through at a time …"""
MOST_LOOKED_AT = 10_000
"""… and for one page, where few of them pass: a page may be empty and its cursor still move."""
TAIL = 1_000
"""Entries kept in memory for those who follow at the end …"""
SHARED = (sights.EVERYTHING, PUBLIC)
"""… as those see them who see everything, and those who see what is out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, and what it is about."""

    row: ChangeRow
    about: tuple[About, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order. ``next`` is the cursor to go on with; ``more``: something lay behind it already."""

    rows: Sequence[ChangeRow]
    next: Position
    more: bool


def told(row: ChangeRow) -> dict[str, object]:
    """An entry as it is told. What it carries comes first, and cannot pass for its position."""
    return {**row.payload, "position": row.position, "type": row.type, "at": row.at}


def last_position(ctx: Context) -> Position:
    """Where the feed ends now."""
    with ctx.store.read() as tx:
        return reading.last_position(tx)


def check_cursor(ctx: Context, after: int) -> None:
    """Raises CursorAhead where nothing that was ever told leads to this cursor."""
    with ctx.store.read() as tx:
        _end_behind(tx, after)


def read_page(
    ctx: Context, after: int, *, limit: int, interest: Interest = EVERYTHING, sight: Sight = PUBLIC
) -> Page:
    """The next entries behind a cursor that pass, at most ``limit``, of one snapshot. Raises CursorAhead."""
    with ctx.store.read() as tx:
        end = _end_behind(tx, after)
        return _page(tx, after, end, limit=limit, interest=interest, sight=sight)


def page_of(tx: Tx, after: int, *, limit: int, interest: Interest, sight: Sight) -> Page:
    """The same inside a transaction; behind the end nothing follows."""
    return _page(tx, after, reading.last_position(tx), limit=limit, interest=interest, sight=sight)


def _page(tx: Tx, after: int, end: Position, *, limit: int, interest: Interest, sight: Sight) -> Page:
    step = STEP if interest != EVERYTHING else limit
    found: list[ChangeRow] = []
    at = after
    while at < min(end, after + MOST_LOOKED_AT):
        upto = min(end, at + step)
        rows = feed.changes_between(tx, at, upto)
        entries = _entries(tx, rows, sight, with_facts=interest.asks_for_facts)
        passing = [each.row for each in entries if interest.includes(each.row.type, each.about)]
        room = limit - len(found)
        found += passing[:room]
        if len(passing) >= room:
            at = passing[room - 1].position
            break
        at = upto
    return Page(found, Position(at), more=at < end)


def _end_behind(tx: Tx, after: int) -> Position:
    end = reading.last_position(tx)
    if after > end:
        raise CursorAhead(f"The feed ends at {end}, before {after}.", field="cursor")
    return end


def _entries(tx: Tx, rows: Sequence[ChangeRow], sight: Sight, *, with_facts: bool) -> list[Entry]:
    """Entries as somebody may see them; what they are about is looked up only where it is asked for."""
    shown = disclose(tx, rows, sight)
    about = feed.about(tx, shown) if with_facts else [()] * len(shown)
    return [Entry(row, facts) for row, facts in zip(shown, about, strict=True)]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Entries behind ``begin``, up to ``end``, without a gap; as each of the shared sights sees them."""

    begin: Position
    end: Position
    entries: Mapping[Sight, tuple[Entry, ...]]


class Tail:
    """The end of the feed in memory: read once for all who follow there, however many they are.

    One thread catches up; any may ask for pages. An entry is kept as it was to be seen when it came.
    """

    def __init__(self, ctx: Context, *, most: int = TAIL) -> None:
        self._ctx = ctx
        self._most = most
        self._kept: _Kept | None = None

    def catch_up(self) -> Position:
        """Learn what is new, and say where the feed ends: one query where nothing is."""
        with self._ctx.store.read() as tx:
            end = reading.last_position(tx)
            kept = self._kept
            if kept is None or end - kept.end > self._most:
                self._kept = _Kept(end, end, dict.fromkeys(SHARED, ()))
            elif end > kept.end:
                self._kept = self._longer(tx, kept, end)
        return end

    def page(self, after: int, *, limit: int, interest: Interest, sight: Sight) -> Page | None:
        """As ``read_page``; none where that is not kept here: the cursor lies outside, or few see so."""
        kept = self._kept
        if kept is None or sight not in kept.entries or not kept.begin <= after <= kept.end:
            return None
        behind = kept.entries[sight][after - kept.begin :]
        passing = [each.row for each in behind if interest.includes(each.row.type, each.about)]
        if len(passing) < limit:
            return Page(passing, kept.end, more=False)
        at = passing[limit - 1].position
        return Page(passing[:limit], at, more=at < kept.end)

    def _longer(self, tx: Tx, kept: _Kept, end: Position) -> _Kept:
        rows = feed.changes_between(tx, kept.end, end)
        begin = max(kept.begin, end - self._most)
        entries = {
            sight: (*known, *_entries(tx, rows, sight, with_facts=True))[begin - kept.begin :]
            for sight, known in kept.entries.items()
        }
        return _Kept(Position(begin), end, entries)
