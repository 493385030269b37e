"""Does everything stored agree with everything else? Finds what does not, and mends what can be mended.

What is a record (pages, decisions, memberships, the change feed) cannot be made up again: where it is
missing, that is said. What is derived from records (counts, current versions, fingerprints, the index)
is made anew from them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from app.dedup.model import Fingerprint
from app.model import ArticleKey, PageRow, VersionKey, VersionRow
from app.services.appointing import choose_again
from app.services.context import Context
from app.services.doctor import is_found
from app.services.drafting import content_digest
from app.services.ledger import Ledger
from app.services.posting import post
from app.services.reprint import print_again
from app.store import examining, ingesting, integrity, mends
from app.store.engine import Tx
from app.store.expiry import unindexed
from app.store.integrity import Broken, Invariant
from app.store.pages import load_readable

MOST_NAMED = 5
_STEP = 200
"""Rows looked at or mended in one transaction: others wait for the lock meanwhile."""
Mend: TypeAlias = Callable[[Ledger, Sequence[Broken]], object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one thing that must hold."""

    name: str
    says: str
    wrong: int
    """Rows that break it …"""
    named: tuple[str, ...]
    """… some of them by a name that can be looked up …"""
    mended: int
    """… and how many were put right."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong any more."""
        return self.wrong == self.mended


def verify(ctx: Context, *, deep: bool = False, repair: bool = False) -> Iterator[Verdict]:
    """Each thing that must hold, with what was found, as it is looked at. Works beside a running service.

    ``deep`` also makes every fingerprint anew from its page and holds every text against its digest: some
    5 ms a version. Without ``repair`` nothing is written.
    """
    yield _file(ctx)
    for invariant in integrity.INVARIANTS:
        yield _hold(ctx, invariant, _MENDS.get(invariant.name) if repair else None)
    yield _numbers(ctx, repair=repair)
    unprinted = integrity.unprinted(ctx.profile.id)
    yield _hold(ctx, unprinted, _MENDS["fingerprint"] if repair else None)
    segments = _segments(ctx, repair=repair)
    yield segments
    if segments.sound:  # nothing can be asked of an index that lacks blocks
        says = "neither it nor its story is found under its keys"
        yield _walk(ctx, "index", says, _lost, _post if repair else None)
    if deep:
        yield _walk(ctx, "text", "its text is not what arrived", _altered, None)
        says = "its fingerprint is not that of its text"
        yield _walk(ctx, "fingerprint-of-text", says, _misprinted, _print_anew if repair else None)


def _file(ctx: Context) -> Verdict:
    with ctx.store.read() as tx:
        found = [*examining.problems_of_file(tx), *integrity.dangling(tx, limit=MOST_NAMED)]
    return Verdict("file", "the database's own check finds it damaged", len(found), tuple(found), 0)


def _hold(ctx: Context, invariant: Invariant, mend: Mend | None) -> Verdict:
    """Find the rows that break an invariant; mend them, as many at a time as others can wait for."""
    with ctx.store.read() as tx:
        found = integrity.broken(tx, invariant)
    if mend is None:
        return _verdict(invariant.name, invariant.says, found, mended=0)
    for start in range(0, len(found), _STEP):
        with _writing(ctx) as ledger:
            # Again, under the lock: a service that runs has gone on meanwhile.
            still = set(integrity.broken(ledger.tx, invariant))
            mend(ledger, [each for each in found[start : start + _STEP] if each in still])
    with ctx.store.read() as tx:
        left = integrity.broken(tx, invariant) if found else []
    return _verdict(invariant.name, invariant.says, found, mended=len(found) - len(set(found) & set(left)))


def _numbers(ctx: Context, *, repair: bool) -> Verdict:
    """The last number given out of each kind is at least the highest in use."""
    says = "a number was given out that the counter does not know of"
    with ctx.store.read() as tx:
        behind = _behind(tx)
    if behind and repair:
        with _writing(ctx) as ledger:
            for name, used in _behind(ledger.tx).items():
                setattr(ledger.counters, name, used)
    names = tuple(f"{name}: {used} is in use" for name, used in behind.items())
    return Verdict("counters", says, len(behind), names, len(behind) if repair else 0)


def _behind(tx: Tx) -> dict[str, int]:
    used, given = integrity.numbers_used(tx), ingesting.counters(tx)
    names = ("article", "version", "position", "posting")
    return {name: getattr(used, name) for name in names if getattr(used, name) > getattr(given, name)}


def _segments(ctx: Context, *, repair: bool) -> Verdict:
    """Segments are whole. One that is not takes the index with it, which the walk then builds anew."""
    with ctx.store.read() as tx:
        torn = integrity.torn_segments(tx, ctx.profile.id)
    if torn and repair:
        with ctx.store.write() as tx:
            ctx.index.drop_profile(tx)
    named = tuple(f"segment {each}" for each in torn[:MOST_NAMED])
    return Verdict(
        "segments", "it lacks blocks, or has too many", len(torn), named, len(torn) if repair else 0
    )


Find: TypeAlias = Callable[[Context, Tx, Collection[VersionKey]], set[VersionKey]]


def _walk(ctx: Context, name: str, says: str, find: Find, mend: Mend | None) -> Verdict:
    """Look at all versions, some at a time; mend those that are found wrong."""
    wrong: list[Broken] = []
    mended, after = 0, 0
    while True:
        with ctx.store.read() as tx:
            keys = integrity.versions_after(tx, after, limit=_STEP)
            found = integrity.labels(tx, find(ctx, tx, keys)) if keys else []
        if not keys:
            return _verdict(name, says, wrong, mended=mended)
        after = keys[-1]
        wrong += found
        if mend and found:
            with _writing(ctx) as ledger:
                still = find(ctx, ledger.tx, [VersionKey(each.key) for each in found])
                mend(ledger, [each for each in found if each.key in still])
            with ctx.store.read() as tx:
                mended += len(found) - len(find(ctx, tx, [VersionKey(each.key) for each in found]))


def _lost(ctx: Context, tx: Tx, keys: Collection[VersionKey]) -> set[VersionKey]:
    left = unindexed(tx)
    stored = ingesting.load_stored(tx, [key for key in keys if key > left], ctx.profile.id)
    return {
        key
        for key, each in stored.items()
        if each.version.released and len(each.print.keys) and not is_found(ctx, tx, each)
    }


def _altered(_: Context, tx: Tx, keys: Collection[VersionKey]) -> set[VersionKey]:
    rows, pages = ingesting.load_versions(tx, keys), load_readable(tx, keys)
    return {key for key, page in pages.items() if page is None or not _is_text_of(rows[key], page)}


def _is_text_of(row: VersionRow, page: PageRow) -> bool:
    return row.content == content_digest(
        text=page.text,
        title=row.title,
        status=row.status,
        embargoed_until=row.embargoed_until,
        version=row.declared,
        updated_at=row.updated_at,
    )


def _misprinted(ctx: Context, tx: Tx, keys: Collection[VersionKey]) -> set[VersionKey]:
    pages = ingesting.load_pages(tx, set(keys) - _altered(ctx, tx, keys))
    stored = ingesting.load_stored(tx, pages, ctx.profile.id)
    return {
        key
        for key, each in stored.items()
        if _bytes(each.print) != _bytes(print_again(each.version, pages[key], ctx.profile))
    }


def _bytes(of: Fingerprint) -> bytes:
    arrays = (of.words, of.flags, of.title, of.signature, of.lead_signature, of.keys)
    return b"".join(each.tobytes() for each in arrays) + of.digest


def _verdict(name: str, says: str, wrong: Sequence[Broken], *, mended: int) -> Verdict:
    named = tuple(each.label for each in wrong[:MOST_NAMED])
    return Verdict(name, says, len(wrong), named, mended)


@contextmanager
def _writing(ctx: Context) -> Iterator[Ledger]:
    """A ledger under the ingest lock, whose batch and counters are stored at the end."""
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        yield ledger
        ledger.keep()


# ---------------------------------------------------------------------------------------------- mending
def _keys(broken: Iterable[Broken]) -> list[ArticleKey]:
    return [ArticleKey(each.key) for each in broken]


def _choose(ledger: Ledger, broken: Iterable[Broken]) -> None:
    for founder in _keys(broken):
        ledger.load_articles([founder])
        ledger.load_stories_of_founders([founder])
        choose_again(ledger, founder)


def _post(ledger: Ledger, broken: Iterable[Broken]) -> None:
    for each in broken:
        key = VersionKey(each.key)
        ledger.load_stored([key])
        stored = ledger.stored[key]
        ledger.load_articles([stored.version.article])
        post(ledger, stored.version, stored.print)


def _print_anew(ledger: Ledger, broken: Iterable[Broken]) -> None:
    keys = [VersionKey(each.key) for each in broken]
    rows, pages = ingesting.load_versions(ledger.tx, keys), load_readable(ledger.tx, keys)
    for key, page in pages.items():
        if page is not None:
            of = print_again(rows[key], page, ledger.ctx.profile)
            mends.replace_fingerprint(ledger.tx, key, of)


_MENDS: dict[str, Mend] = {
    "current-version": lambda ledger, broken: mends.mend_currents(ledger.tx, _keys(broken)),
    "open-membership": lambda ledger, broken: mends.mend_memberships(
        ledger.tx, _keys(broken), since=ledger.next_position()
    ),
    "membership-of-deleted": lambda ledger, broken: mends.end_memberships(ledger.tx, _keys(broken)),
    "story-of-article": lambda ledger, broken: mends.mend_founders(ledger.tx, _keys(broken)),
    "member-count": lambda ledger, broken: mends.mend_counts(ledger.tx, _keys(broken)),
    "canonical-version": _choose,
    "edge-ends": lambda ledger, broken: mends.mend_edges(
        ledger.tx, [VersionKey(each.key) for each in broken]
    ),
    "fingerprint": _print_anew,
}
