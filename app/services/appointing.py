"""Which version speaks for a story: the best of its members' current ones that no notice takes back."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.dedup.canonical import choose_canonical
from app.events import EventType
from app.model import ArticleKey, StoryRow, VersionKey
from app.services.ledger import Ledger
from app.services.origin import taken_back
from app.store.reading import notices_in


def choose(ledger: Ledger, founder: ArticleKey, among: Sequence[VersionKey]) -> None:
    """Let the story's canonical version be the best of the one it has and ``among``."""
    story = ledger.stories[founder]
    ledger.load_stored(among)
    # A notice takes back what is there, and one that is there may take back what would speak.
    if any(ledger.stored[version].version.is_notice for version in among):
        choose_again(ledger, founder)
        return
    best = _best(ledger, story, {*among} if story.canonical is None else {*among, story.canonical})
    if best == story.canonical:
        return
    if ledger.gives_notice(ledger.stored[best].version.facts.source) and _has_notice(ledger, founder):
        choose_again(ledger, founder)
    else:
        _appoint(ledger, story, best)


def choose_again(ledger: Ledger, founder: ArticleKey) -> None:
    """Choose among all members: one of them was revised, withdrawn or has left."""
    choose_among(ledger, founder, ledger.members([founder]).values())


def choose_among(ledger: Ledger, founder: ArticleKey, versions: Collection[VersionKey]) -> None:
    """Choose among these: the current versions of all members."""
    story = ledger.stories[founder]
    best = _best(ledger, story, standing_among(ledger, versions))
    if best != story.canonical:
        _appoint(ledger, story, best)


def standing_among(ledger: Ledger, versions: Collection[VersionKey]) -> list[VersionKey]:
    """Those of a story's current versions that no notice takes back; a notice is always among them."""
    ledger.load_stored(versions)
    rows = {row.article: row for row in (ledger.stored[version].version for version in versions)}
    gone = taken_back(rows)
    return [row.key for article, row in rows.items() if article not in gone]


def _has_notice(ledger: Ledger, founder: ArticleKey) -> bool:
    """Whether a notice is in the story, stored or settled a moment ago."""
    own = (row for row in ledger.articles.values() if row.founder == founder)
    fresh = (ledger.stored.get(row.current) for row in own)
    return any(each.version.is_notice for each in fresh if each) or bool(notices_in(ledger.tx, founder))


def _best(ledger: Ledger, story: StoryRow, among: Collection[VersionKey]) -> VersionKey:
    """The best of these versions of a story's members."""
    candidates = ledger.with_pinned(among)
    # Of two that are the same in all, the one that speaks already goes on.
    ordered = sorted(candidates, key=lambda version: (version != story.canonical, version))
    return VersionKey(choose_canonical(ledger.standing(version) for version in ordered).version)


def _appoint(ledger: Ledger, story: StoryRow, chosen: VersionKey) -> None:
    stored = ledger.stored[chosen].version
    if stored.withdrawn:
        position = ledger.emit(EventType.CANONICAL_WITHDRAWN, canonical_id=story.id)
    else:
        position = ledger.emit(
            EventType.CANONICAL_VERSION_CHANGED,
            canonical_id=story.id,
            article_id=ledger.article_id(stored.article),
            version=stored.number,
        )
    ledger.put_story(replace(story, canonical=stored.key, changed_position=position))
    ledger.batch.appointments.append((story.founder, position, stored.key))
