"""Learning what is furniture of a source, from what it has sent, a few versions at a time.

A page's sampled shingles that earlier pages of the source carry under other stories are a suspicion;
the exact runs that it shares with those pages decide (``dedup.furniture``). One tender does this, in
order of arrival, so that what is learned does not hang on the number of workers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.dedup.arrays import distinct, member
from app.dedup.fingerprint import sample_keys, sampled
from app.dedup.furniture import LEAST_PAGES, furniture_shingles, recurring
from app.dedup.model import Hashes, Span
from app.dedup.outline import draw_outline
from app.model import ArticleId, FurnitureRow, FurnitureState, Stored, VersionKey
from app.services.context import Context
from app.services.furnishing import MOST_STORY, forget_furniture, put_furniture
from app.services.ledger import Ledger
from app.services.reprint import words_in_place
from app.store import furniture, ingesting
from app.store.engine import Tx
from app.store.progress import mark, put_mark

STEP = 40
"""Versions of one step."""
MOST_PASSAGES = 100
"""Learned passages of one source; the one learned longest ago makes room."""
_COMPARED = 6
"""Earlier pages that a suspicious one is laid beside."""
_NEWEST = 40
"""Of a key that many carry, the newest holders that are looked at."""
_KNOWN_SHARE = 0.8
"""A stretch of which this much is furniture already tells nothing new."""
_CARRIED_SHARE = 0.5
"""A page with this much of a passage is named as one that carries it."""
_MOST_LESSONS = 10
"""Passages of one page, the longest, and of one step: each costs some ms under the ingest lock."""
_MOST_CHARACTERS = 10_000
"""Of a passage: what is longer with so few words is no text."""
_MARK = "learned"
_LOOKED_AT = [LEAST_PAGES << times for times in range(20)]
"""A key is looked into when this many carry it: a common phrase costs little, a block is met soon."""
_NOTHING = np.empty(0, dtype=np.uint32)
_NO_ONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A passage found to be furniture."""

    source: str
    text: str
    words: int
    shingles: Hashes
    """Ascending."""
    pages: tuple[ArticleId, ...]
    """Articles it was found in."""


def learn_step(ctx: Context) -> bool:
    """Look at the next versions that arrived; whether there were any."""
    with ctx.store.read() as tx:
        after = mark(tx, _MARK)
        seen = ingesting.counters(tx)
        upto = min(after + STEP, seen.version)
        if upto <= after:
            return False
        lessons, upto = _study(ctx, tx, [VersionKey(key) for key in range(after + 1, upto + 1)])
    with ctx.store.write() as tx:
        if mark(tx, _MARK) != after:
            return True  # another tender was faster
        ledger = Ledger.open(ctx, tx)
        if ledger.counters.furniture != seen.furniture:
            return True  # a person said something meanwhile: the next step learns beside that
        for lesson in lessons:
            keep_lesson(ledger, lesson)
        ledger.keep()
        put_mark(tx, _MARK, upto)
    return True


def _study(ctx: Context, tx: Tx, versions: Sequence[VersionKey]) -> tuple[list[Lesson], VersionKey]:
    """What these versions and earlier ones of their sources have in common that is no story's.

    And the version it came to: a step that has learned enough ends there.
    """
    pages = [each for each in ctx.recall.load(tx, versions, ctx.profile.id).values() if each.version.released]
    pages.sort(key=lambda each: each.version.key)
    known = {
        source: distinct(np.concatenate([row.shingles for row in rows]))
        for source, rows in furniture.load(tx, {each.facts.source for each in pages}).items()
    }
    relatives = _kin(ctx, tx, pages)
    found = _holders(ctx, tx, pages, known, anyway=[bool(kin) for kin in relatives])
    lessons: list[Lesson] = []
    for page, holders, kin in zip(pages, found, relatives, strict=True):
        if len(lessons) >= _MOST_LESSONS:
            return lessons, VersionKey(page.version.key - 1)
        suspects = _suspects(ctx, tx, page, holders)
        if len(suspects) + len(kin) < LEAST_PAGES:
            continue
        for lesson in _compare(ctx, tx, page, suspects, kin):
            before = known.get(lesson.source, _NOTHING)
            if np.count_nonzero(member(lesson.shingles, before)) >= _KNOWN_SHARE * len(lesson.shingles):
                continue
            known[lesson.source] = distinct(np.concatenate((before, lesson.shingles)))
            lessons.append(lesson)
    return lessons, versions[-1]


def _holders(
    ctx: Context, tx: Tx, pages: Sequence[Stored], known: Mapping[str, Hashes], *, anyway: Sequence[bool]
) -> list[NDArray[np.int64]]:
    """The earlier versions under each page's sampled keys, one entry a hit.

    Only of pages worth a look: a key of theirs has come back often enough, or ``anyway``.
    """
    keys = []
    for page in pages:
        hashes = sampled(page.print)
        keys.append(sample_keys(hashes[~member(hashes, known.get(page.facts.source, _NOTHING))]))
    sizes = [len(each) for each in keys]
    if not sum(sizes):
        return [_NO_ONE for _ in pages]
    ctx.index.catch_up(tx)
    places, versions = ctx.index.lookup(tx, np.concatenate(keys))
    owner = np.repeat(np.arange(len(pages)), sizes)[places]
    arrived = np.array([page.version.key for page in pages], dtype=np.int64)
    earlier = versions < arrived[owner]
    places, versions, owner = places[earlier], versions[earlier], owner[earlier]
    # Hits of a key come oldest first: what stands within the last few of its key is kept.
    first, last = (np.searchsorted(places, places, side=side) for side in ("left", "right"))
    recent = last - np.arange(len(places)) <= _NEWEST
    due = np.array(anyway, dtype=np.bool_)
    due[owner[np.isin(last - first, _LOOKED_AT)]] = True
    return [versions[recent & (owner == place)] if due[place] else _NO_ONE for place in range(len(pages))]


def _suspects(ctx: Context, tx: Tx, page: Stored, holders: NDArray[np.int64]) -> list[Stored]:
    """Pages of the same source and of other stories that share most keys, one a story."""
    shared = Counter(holders.tolist())
    if not shared:
        return []
    rows = ingesting.load_versions(tx, [VersionKey(key) for key in shared])
    same = {key: row for key, row in rows.items() if row.facts.source == page.facts.source and row.released}
    articles = ingesting.load_articles(tx, {row.article for row in same.values()} | {page.version.article})
    own = articles[page.version.article].founder
    chosen: dict[int, VersionKey] = {}
    for key in sorted(same, key=lambda key: (-shared[key], -key)):
        founder = articles[same[key].article].founder
        if founder != own:
            chosen.setdefault(founder, key)
    wanted = list(chosen.values())[:_COMPARED]
    stored = ctx.recall.load(tx, wanted, ctx.profile.id)
    return [stored[key] for key in wanted if key in stored]


def _kin(ctx: Context, tx: Tx, pages: Sequence[Stored]) -> list[list[Stored]]:
    """For each page earlier ones of its source in its own story: furniture may be all that joined them.

    The index does not lead to them, since a copy is not put in under keys that its story has.
    """
    articles = ingesting.load_articles(tx, {page.version.article for page in pages})
    stories = ingesting.load_stories(tx, {row.founder for row in articles.values()})
    crowded = {key for key, story in stories.items() if 1 < story.members <= MOST_STORY}
    members = ingesting.load_members(tx, crowded)
    found: list[list[Stored]] = []
    for page in pages:
        current = members.get(articles[page.version.article].founder, [])
        earlier = [version for _, version in current if version < page.version.key]
        if len(earlier) not in {1, 2, *_LOOKED_AT}:
            found.append([])
            continue
        stored = ctx.recall.load(tx, earlier[-2 * _COMPARED :], ctx.profile.id).values()
        same = [each for each in stored if each.facts.source == page.facts.source and each.version.released]
        found.append(sorted(same, key=lambda each: -each.version.key)[:_COMPARED])
    return found


def _compare(
    ctx: Context, tx: Tx, page: Stored, suspects: Sequence[Stored], kin: Sequence[Stored]
) -> list[Lesson]:
    """The passages that a page shares with enough of the others, as it prints them."""
    own = draw_outline(page.print)
    others, relatives = ([draw_outline(each.print) for each in pages] for pages in (suspects, kin))
    spans = recurring(own, others, kin=relatives)
    if not spans:
        return []
    row = page.version
    _, story = words_in_place(row, ingesting.load_pages(tx, [row.key])[row.key], page.print, ctx.profile)
    laid_beside = {
        each.version.article: distinct(furniture_shingles(each.print, Span(0, len(each.print.words))))
        for each in (*suspects, *kin)
    }
    articles = ingesting.load_articles(tx, {row.article, *laid_beside})
    lessons = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start))[:_MOST_LESSONS]:
        text = story.quote(span.start, span.end)
        if len(text) > _MOST_CHARACTERS:
            continue
        shingles = distinct(furniture_shingles(page.print, span))
        carry = {key for key, own in laid_beside.items() if _carries(own, shingles)}
        pages = tuple(articles[key].id for key in sorted({row.article, *carry}))
        lessons.append(Lesson(row.facts.source, text, span.end - span.start, shingles, pages))
    return lessons


def _carries(own: Hashes, passage: Hashes) -> bool:
    return int(np.count_nonzero(member(passage, own))) >= _CARRIED_SHARE * len(passage)


def keep_lesson(ledger: Ledger, lesson: Lesson) -> None:
    """Keep a lesson, and have what it touches judged again."""
    rows = furniture.load(ledger.tx, [lesson.source]).get(lesson.source, [])
    mine = [row for row in ledger.batch.furniture.values() if row.source == lesson.source]
    learned = [row for row in (*rows, *mine) if row.state is FurnitureState.LEARNED]
    for old in learned[: max(0, len(learned) + 1 - MOST_PASSAGES)]:
        forget_furniture(ledger, old)
    put_furniture(
        ledger,
        FurnitureRow(
            id=ledger.ctx.new_id("fur"),
            source=lesson.source,
            state=FurnitureState.LEARNED,
            text=lesson.text,
            words=lesson.words,
            shingles=lesson.shingles,
            pages=lesson.pages,
            version=0,
            at=ledger.now,
            by="wirefold",
            why="it came back under different stories",
        ),
    )
