"""The working copy of one settling: what is stored, as changed by the batch under way.

Reads go to the batch first, then to the database. Numbers are given out from the counters. The
same ledger serves ``check``: there the batch is dropped instead of appended.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from app.dedup.canonical import Standing
from app.dedup.furniture import Furniture
from app.model import (
    ArticleId,
    ArticleKey,
    ArticleRow,
    Batch,
    ChangeRow,
    Comparable,
    Counters,
    DecisionRow,
    EdgeRow,
    IdentityKey,
    PageRow,
    Position,
    Stored,
    StoryRow,
    VersionKey,
    VersionRow,
)
from app.services.context import Context
from app.services.matching import Judged, judge
from app.store import ingesting
from app.store.engine import Tx
from app.store.pins import PinRow, pins_of
from app.store.reading import sources_with_notices


@dataclass(slots=True)
class Ledger:
    """One group's view of the database inside its transaction."""

    ctx: Context
    tx: Tx
    now: datetime
    counters: Counters
    batch: Batch = field(default_factory=Batch)
    articles: dict[ArticleKey, ArticleRow] = field(default_factory=dict)
    stories: dict[ArticleKey, StoryRow] = field(default_factory=dict)
    stored: dict[VersionKey, Stored] = field(default_factory=dict)
    identities: dict[IdentityKey, ArticleKey] = field(default_factory=dict)
    versions: dict[ArticleKey, list[VersionRow]] = field(default_factory=dict)
    pins: dict[ArticleKey, PinRow] = field(default_factory=dict)
    """Of the articles above, those of which a person said that they speak for their story."""
    noticing: frozenset[str] | None = None
    """The sources that had sent notices; none where nobody has asked yet."""

    @classmethod
    def open(cls, ctx: Context, tx: Tx) -> Self:
        """The ledger of a transaction that has changed nothing yet."""
        return cls(ctx, tx, ctx.now(), ingesting.counters(tx))

    def keep(self) -> None:
        """Store the batch, and the numbers that were given out. Once, under the ingest lock."""
        ingesting.append(self.tx, self.batch)
        ingesting.save_counters(self.tx, self.counters)

    # ------------------------------------------------------------------------------------ loading
    def load_identities(self, keys: Collection[IdentityKey]) -> None:
        """Learn which articles own these identities, with all their versions."""
        self.identities |= ingesting.find_identities(self.tx, keys)
        owners = set(self.identities.values())
        self.load_articles(owners)
        # An identity goes with its article's text; one that another code made would lead there still.
        gone = {key for key in owners if self.articles[key].deleted_at is not None}
        if gone:
            self.identities = {key: owner for key, owner in self.identities.items() if owner not in gone}
            owners -= gone
        self.versions |= ingesting.versions_of(self.tx, owners)
        self.load_stored(self.articles[key].current for key in owners)

    def load_articles(self, keys: Collection[ArticleKey]) -> None:
        """Learn where these articles are now, and their stories."""
        missing = [key for key in keys if key not in self.articles]
        if missing:
            self.articles |= ingesting.load_articles(self.tx, missing)
            self.pins |= pins_of(self.tx, missing)
        founders = {self.articles[key].founder for key in keys} - self.stories.keys()
        if founders:
            self.stories |= ingesting.load_stories(self.tx, founders)

    def load_stories_of_founders(self, articles: Collection[ArticleKey]) -> None:
        """Learn the stories that any of these articles ever founded."""
        self.stories |= ingesting.load_stories(self.tx, set(articles) - self.stories.keys())

    def load_stored(self, versions: Iterable[VersionKey]) -> None:
        """Learn these versions as comparison needs them."""
        missing = [version for version in versions if version not in self.stored]
        if missing:
            self.stored |= self.ctx.recall.load(self.tx, missing, self.ctx.profile.id)

    def judge(self, one: Comparable, others: Iterable[VersionKey]) -> list[Judged]:
        """A text against these versions, with the furniture that this transaction knows."""
        others = list(others)
        self.load_stored(others)
        stored = [self.stored[version] for version in others]
        known = self.furniture({each.facts.source for each in (one, *stored)})
        return judge(one, stored, self.ctx.policies, known)

    def furniture(self, sources: Collection[str]) -> Mapping[str, Furniture]:
        """What is furniture of these sources, as this transaction knows it."""
        return self.ctx.masks.load(self.tx, self.counters.furniture, sources)

    # ------------------------------------------------------------------------------------ numbers
    def next_article(self) -> ArticleKey:
        """The next article's key."""
        self.counters.article += 1
        return ArticleKey(self.counters.article)

    def next_version(self) -> VersionKey:
        """The next version's key."""
        self.counters.version += 1
        return VersionKey(self.counters.version)

    def next_posting(self) -> int:
        """The next posting's number."""
        self.counters.posting += 1
        return self.counters.posting

    def next_position(self) -> Position:
        """The position that the next entry of the change feed will have."""
        return Position(self.counters.position + 1)

    def emit(self, kind: str, **payload: object) -> Position:
        """Append one entry to the change feed and give its position."""
        self.counters.position += 1
        position = Position(self.counters.position)
        self.batch.changes.append(ChangeRow(position, kind, self.now, payload))
        return position

    # ------------------------------------------------------------------------------------- changing
    def make_current(self, article: ArticleKey, version: VersionKey, position: Position) -> None:
        """Let a version be the current one of its article from a position on."""
        self.articles[article] = replace(self.articles[article], current=version)
        self.batch.currents[article] = version
        self.batch.successions.append((article, position, version))

    # ------------------------------------------------------------------------------------- reading
    def put_story(self, story: StoryRow) -> None:
        """Let this be the story's row, from now on and in the batch."""
        self.stories[story.founder] = self.batch.stories[story.founder] = story

    def members(self, founders: Collection[ArticleKey]) -> dict[ArticleKey, VersionKey]:
        """The articles in these stories now, with their current versions."""
        wanted = set(founders)
        found: dict[ArticleKey, VersionKey] = {}
        for rows in ingesting.load_members(self.tx, wanted).values():
            found.update(rows)
        for key, article in self.articles.items():
            if article.founder in wanted and article.deleted_at is None:
                found[key] = article.current
            else:
                found.pop(key, None)
        return found

    def gives_notice(self, source: str) -> bool:
        """Whether a source has ever taken something back by an article of its own."""
        if self.noticing is None:
            self.noticing = sources_with_notices(self.tx)
        fresh = (row for row in self.batch.versions if row.is_notice)
        return source in self.noticing or any(row.facts.source == source for row in fresh)

    def decision(self, version: VersionKey) -> DecisionRow:
        """What was concluded when a version arrived."""
        for row in self.batch.decisions:
            if row.version == version:
                return row
        return ingesting.load_decisions(self.tx, [version])[version]

    def page(self, version: VersionKey) -> PageRow:
        """What a version looked like."""
        for row in reversed(self.batch.pages):
            if row.version == version:
                return row
        return ingesting.load_pages(self.tx, [version])[version]

    def edges(self, articles: Collection[ArticleKey]) -> list[EdgeRow]:
        """All judged pairs among these articles."""
        inside = set(articles)
        stored = {(edge.version_a, edge.version_b): edge for edge in ingesting.edges_among(self.tx, inside)}
        # A pair that is judged again counts as it is judged now.
        added = (edge for edge in self.batch.edges if edge.a in inside and edge.b in inside)
        return list((stored | {(edge.version_a, edge.version_b): edge for edge in added}).values())

    def article_id(self, article: ArticleKey) -> ArticleId:
        """The public ID of an article."""
        self.load_articles([article])
        return self.articles[article].id

    def with_pinned(self, versions: Iterable[VersionKey]) -> set[VersionKey]:
        """These, and the older versions of their articles that people pinned. Loads them."""
        found = set(versions)
        self.load_stored(found)
        articles = {self.stored[version].version.article for version in found}
        self.load_articles(articles)
        for pin in (self.pins[article] for article in articles if article in self.pins):
            current = self.articles[pin.article].current
            self.load_stored([current])
            # Of an article that is taken back nothing speaks, also not what stood before.
            if pin.version is not None and not self.stored[current].version.withdrawn:
                found.add(pin.version)
        self.load_stored(found)
        return found

    def standing(self, version: VersionKey) -> Standing:
        """How a version stands in the order of its story."""
        self.load_stored([version])
        row = self.stored[version].version
        self.load_articles([row.article])
        pin = self.pins.get(row.article)
        current = self.articles[row.article].current
        self.load_stored([current])
        # An older version that was pinned is out with its article.
        usable = all(each.released and not each.withdrawn for each in (row, self.stored[current].version))
        return Standing(
            version=row.key,
            pinned=pin.since if pin is not None and pin.holds(version) else 0,
            usable=usable,
            source=row.facts.source,
            agency=row.facts.agency,
            tag=row.facts.tag,
            words=row.word_count,
            published_at=row.facts.published_at,
            content=row.content,
        )
