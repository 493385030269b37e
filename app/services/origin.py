"""Who a story comes from, and what that origin corrected or took back, in order.

The origin is the agency that its own text credits (``dedup.canonical``); where no member is that, the
source of the member that was published first, as far as dates are known, else of the first that came.
Its *line* is all that the origin has published of the story, in order of time: versions of one article,
and articles of their own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.dedup.canonical import is_origin
from app.dedup.model import RevisionKind, TagKind
from app.model import ArticleId, ArticleKey, DecisionRow, Status, VersionKey, VersionRow
from app.services.succession import says_older
from app.store import ingesting
from app.store.engine import Tx

_CORRECTS = {RevisionKind.CORRECTION, RevisionKind.REFILE}
_CORRECTING_TAGS = {TagKind.CORRECTION, TagKind.REFILE}


@dataclass(frozen=True, slots=True)
class Line:
    """What an origin has said of a story."""

    corrections: tuple[tuple[VersionRow, VersionRow], ...]
    """Each text that was corrected with the one that corrects it, oldest first."""
    last: VersionRow | None
    """The latest text; None where nothing was ever out."""
    withdrawal: VersionRow | None
    """What took the story back; None where it stands."""


def origin_of(
    versions: Mapping[ArticleKey, Sequence[VersionRow]], currents: Mapping[ArticleKey, VersionRow]
) -> frozenset[ArticleKey]:
    """The articles of a story that are its origin's, given all members with all their versions."""
    named = {row.facts.source for row in currents.values() if is_origin(row.facts.source, row.facts.agency)}
    if not named:
        firsts = [rows[0] for rows in versions.values() if rows]
        eldest = min(firsts, key=_eldest, default=None)
        named = set() if eldest is None else {eldest.facts.source}
    return frozenset(key for key, row in currents.items() if row.facts.source in named)


def line_of(
    origin: Mapping[ArticleKey, Sequence[VersionRow]],
    currents: Mapping[ArticleKey, VersionRow],
    decisions: Mapping[VersionKey, DecisionRow],
) -> Line:
    """The line of an origin's articles, given with their versions.

    A text under embargo is not in it yet; that one is taken back is, at once.
    """
    said: VersionRow | None = None
    withdrawal: VersionRow | None = None
    corrections: list[tuple[VersionRow, VersionRow]] = []
    for row in _in_order(origin, currents):
        if row.withdrawn:
            withdrawal = row
            continue
        if said is not None and (withdrawal is not None or _corrects(row, decisions.get(row.key))):
            corrections.append((said, row))
        said, withdrawal = row, None
    return Line(tuple(corrections), said, withdrawal)


def taken_back(currents: Mapping[ArticleKey, VersionRow]) -> dict[ArticleKey, ArticleKey]:
    """Members that a notice of their own source takes back, each with the last such notice.

    A notice is an article of its own. What its source says of the story after it stands: an article that
    comes back in a later version, or another one.
    """
    notices = {key: row for key, row in currents.items() if row.is_notice and row.released}
    found: dict[ArticleKey, ArticleKey] = {}
    for source in sorted({row.facts.source for row in notices.values()}):
        own = {key: row for key, row in currents.items() if row.facts.source == source}
        before: list[ArticleKey] = []
        for row in _in_order({key: [row] for key, row in own.items()}, own):
            if row.article in notices:
                found |= dict.fromkeys(before, row.article)
            else:
                before.append(row.article)
    return found


def notice_of(
    tx: Tx, shown: Collection[VersionRow], notices: Sequence[VersionRow]
) -> dict[ArticleKey, ArticleId]:
    """Of members of a story, shown with these versions, the ID of the notice that takes each back."""
    if not notices:
        return {}
    gone = taken_back({row.article: row for row in (*shown, *notices)})
    articles = ingesting.load_articles(tx, set(gone.values()))
    return {key: articles[by].id for key, by in gone.items()}


def _corrects(row: VersionRow, decision: DecisionRow | None) -> bool:
    tagged = row.facts.tag is not None and row.facts.tag.kind in _CORRECTING_TAGS
    return tagged or (decision is not None and decision.revision_kind in _CORRECTS)


def _in_order(
    origin: Mapping[ArticleKey, Sequence[VersionRow]], currents: Mapping[ArticleKey, VersionRow]
) -> list[VersionRow]:
    placed = []
    last = float("-inf")
    rows = [(row, currents[key]) for key, versions in origin.items() for row in versions]
    for row, current in sorted(rows, key=lambda each: each[0].position):
        if not row.released and row.status is Status.USABLE:
            continue
        when = _when(row)
        # One that came late and says itself that it is older goes before what it is older than.
        late = row.number > current.number and says_older(row, current) is True
        if late:
            when = min(when, _when(current))
        elif row.number > 1 and row.updated_at is None:
            # When a version was changed is not the date of its article: it follows what had come.
            when = max(when, last)
        last = max(last, when)
        placed.append((when, not late, row.position, row))
    return [row for *_, row in sorted(placed, key=lambda each: each[:3])]


def _when(row: VersionRow) -> float:
    return (row.updated_at or row.published_at or row.received_at).timestamp()


def _eldest(row: VersionRow) -> tuple[bool, float, int]:
    published = row.facts.published_at
    return published is None, published or 0.0, row.article


@dataclass(frozen=True, slots=True)
class Traced:
    """A story as its corrections are told: its members with all their versions, and its origin's line."""

    versions: Mapping[ArticleKey, Sequence[VersionRow]]
    currents: Mapping[ArticleKey, VersionRow]
    origin: frozenset[ArticleKey]
    line: Line


def trace(tx: Tx, members: Collection[ArticleKey]) -> Traced:
    """A story of these members, with all their versions."""
    articles = ingesting.load_articles(tx, members)
    versions = ingesting.versions_of(tx, members)
    currents = {
        key: next(row for row in rows if row.key == articles[key].current) for key, rows in versions.items()
    }
    origin = origin_of(versions, currents)
    own = {key: versions[key] for key in sorted(origin)}
    decisions = ingesting.load_decisions(tx, [row.key for rows in own.values() for row in rows])
    return Traced(versions, currents, origin, line_of(own, currents, decisions))
