"""Everything read out in order: what was received, or what was concluded of it.

Each page is read from a snapshot of its own, so that an export of hours holds nothing open. What
changes meanwhile stands in the change feed behind ``position``, which is read first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from app.dedup.clean import clean_text
from app.dedup.model import Relation, RevisionKind
from app.model import ArticleKey, ArticleRow, DecisionRow, LinkKind, Position, Status, StoryRow, VersionKey
from app.services.context import Context
from app.store import ingesting, pages, reading, walking
from app.store.engine import Tx
from app.store.links import LinkFilters, LinkRow, list_links

PAGE = 500
PAGE_BYTES = 8 * 1024 * 1024
"""Packed submissions held at a time: one may be of 48 MB, so counting them bounds nothing."""
_ONE_LINE = bytes.maketrans(b"\r\n", b"  ")


@dataclass(frozen=True, slots=True)
class ExportedDecision:
    """What was concluded when the current version arrived."""

    relation: Relation
    revision_kind: RevisionKind | None
    matched_article_id: str | None
    jaccard: float
    containment: float
    probability: float
    rule: str
    reasons: Sequence[str]
    profile: str
    policy: str

    @classmethod
    def of(cls, row: DecisionRow) -> "ExportedDecision":
        """The decision as exported."""
        return cls(
            relation=row.relation,
            revision_kind=row.revision_kind,
            matched_article_id=row.matched_id,
            jaccard=row.jaccard,
            containment=row.containment,
            probability=row.probability,
            rule=row.rule,
            reasons=row.reasons,
            profile=row.profile,
            policy=row.policy,
        )


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """An article by its current version."""

    article_id: str
    version: int
    canonical_id: str
    is_canonical: bool
    source: str
    external_id: str | None
    url: str | None
    title: str
    published_at: datetime | None
    received_at: datetime
    status: Status
    decision: ExportedDecision
    clean_text: str | None


@dataclass(frozen=True, slots=True)
class ExportedCanonical:
    """A story by the version that speaks for it."""

    canonical_id: str
    article_id: str | None
    version: int | None
    source: str | None
    title: str | None
    members: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class ExportedEnd:
    """An article that a link speaks of, by what it is known under in any database."""

    article_id: str
    source: str
    external_id: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ExportedLink:
    """What a person said of articles. Of a cannot, those on different sides are kept apart."""

    link_id: str
    kind: LinkKind
    sides: Sequence[Sequence[ExportedEnd]]
    by: str
    why: str
    since: Position
    until: Position | None
    audit_id: str | None


class _Keyed(Protocol):
    @property
    def founder(self) -> ArticleKey: ...


_Row = TypeVar("_Row", bound=_Keyed)
_Line = TypeVar("_Line")


def position(ctx: Context) -> Position:
    """Where the change feed stands now."""
    with ctx.store.read() as tx:
        return reading.last_position(tx)


def export_articles(ctx: Context, *, with_text: bool = False) -> Iterator[ExportedArticle]:
    """All articles in order of arrival. ``with_text`` reads every page: some thousand a second."""

    def lines(tx: Tx, rows: Sequence[ArticleRow]) -> list[ExportedArticle]:
        return _articles(tx, rows, with_text=with_text)

    return _walk(ctx, walking.articles_after, lambda row: row.key, lines)


def export_canonicals(ctx: Context) -> Iterator[ExportedCanonical]:
    """All stories in order of founding; those absorbed by another are left out."""
    return _walk(ctx, walking.stories_after, lambda row: row.founder, _canonicals)


def export_links(ctx: Context) -> Iterator[ExportedLink]:
    """Everything that people said of articles, the latest first, also what counts no more."""
    before: str | None = None
    while True:
        with ctx.store.read() as tx:
            rows = list_links(tx, LinkFilters(ended=True), before=before, limit=PAGE)
            ready = _links(tx, rows)
        yield from ready
        if len(rows) < PAGE:
            return
        before = rows[-1].id


def export_submissions(ctx: Context) -> Iterator[bytes]:
    """The submission of every version as received, one line of JSON each, in order of arrival.

    Embargoed and withheld ones too. Taken in again, they make the same articles, versions and stories. Line
    breaks between members, the only ones JSON has, are spaces here. Ends with what was stored when it began.
    """
    with ctx.store.read() as tx:
        last = ingesting.counters(tx).version
    after = VersionKey(0)
    while True:
        with ctx.store.read() as tx:
            packed = pages.received_after(tx, after, upto=last, most=PAGE, most_bytes=PAGE_BYTES)
        if not packed:
            return
        for _, raw in packed:
            yield pages.unpack(raw).translate(_ONE_LINE)
        after = packed[-1][0]


class _Page(Protocol[_Row]):
    def __call__(self, tx: Tx, key: ArticleKey, /, *, limit: int) -> list[_Row]: ...


def _walk(
    ctx: Context,
    page: _Page[_Row],
    key_of: Callable[[_Row], ArticleKey],
    lines: Callable[[Tx, Sequence[_Row]], list[_Line]],
) -> Iterator[_Line]:
    after = ArticleKey(0)
    while True:
        with ctx.store.read() as tx:
            rows = page(tx, after, limit=PAGE)
            ready = lines(tx, rows)
        yield from ready
        if len(rows) < PAGE:
            return
        after = key_of(rows[-1])


def _articles(tx: Tx, rows: Sequence[ArticleRow], *, with_text: bool) -> list[ExportedArticle]:
    current = [row.current for row in rows]
    versions = reading.load_versions(tx, current)
    decisions = reading.load_decisions(tx, current)
    urls = reading.load_urls(tx, current)
    stories = reading.load_stories(tx, {row.founder for row in rows})
    texts = reading.load_pages(tx, current) if with_text else {}
    lines = []
    for row in rows:
        version, story, page = versions[row.current], stories[row.founder], texts.get(row.current)
        line = ExportedArticle(
            article_id=row.id,
            version=version.number,
            canonical_id=story.id,
            is_canonical=story.canonical == row.current and not version.withdrawn,
            source=row.source,
            external_id=row.external_id,
            url=urls.get(row.current),
            title=version.title,
            published_at=version.published_at,
            received_at=version.received_at,
            status=version.status,
            decision=ExportedDecision.of(decisions[row.current]),
            clean_text=clean_text(page.text, page.removed) if page else None,
        )
        lines.append(line)
    return lines


def _links(tx: Tx, rows: Sequence[LinkRow]) -> list[ExportedLink]:
    articles = reading.load_articles(tx, {key for row in rows for key in row.said.articles})
    urls = reading.load_urls(tx, {row.current for row in articles.values()})
    ends = {
        key: ExportedEnd(row.id, row.source, row.external_id, urls.get(row.current))
        for key, row in articles.items()
    }
    return [
        ExportedLink(
            link_id=row.id,
            kind=row.kind,
            sides=[[ends[key] for key in sorted(side)] for side in row.said.sides],
            by=row.by,
            why=row.why,
            since=row.since,
            until=row.until,
            audit_id=row.audit,
        )
        for row in rows
    ]


def _canonicals(tx: Tx, rows: Sequence[StoryRow]) -> list[ExportedCanonical]:
    versions = reading.load_versions(tx, [row.canonical for row in rows if row.canonical is not None])
    articles = reading.load_articles(tx, {version.article for version in versions.values()})
    lines = []
    for row in rows:
        version = versions.get(row.canonical) if row.canonical is not None else None
        if version is not None and version.withdrawn:
            version = None
        article = articles[version.article] if version is not None else None
        line = ExportedCanonical(
            canonical_id=row.id,
            article_id=article.id if article else None,
            version=version.number if version else None,
            source=article.source if article else None,
            title=version.title if version else None,
            members=row.members,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
        )
        lines.append(line)
    return lines
