"""What must hold between the rows of an archive, as queries that find where it does not.

Each invariant names the rows that break it by key and by a label a person can look up. Most follow from
how one transaction appends; what breaks them is a damaged file, a hand in the tables, or a fault of ours.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.model import Counters, LinkKind, VersionKey
from app.store.engine import Tx
from app.store.segments import BLOCK_SHIFT, LIVE
from app.store.statements import rows_in
from app.store.tables import (
    article,
    change,
    counter,
    decision,
    edge,
    fingerprint,
    link,
    link_end,
    membership,
    page,
    posting,
    segment,
    segment_block,
    story,
    version,
)

_BLOCKS = (1 << BLOCK_SHIFT) - 1


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that must hold. ``broken`` selects a key and a label for each row that breaks it."""

    name: str
    says: str
    """What is wrong with such a row."""
    broken: sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks an invariant."""

    key: int
    label: str


def _own_version(of: sa.ColumnElement[Any], owner: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.exists().where(version.c.key == of, version.c.article == owner).correlate(article, story)


def _missing(of: sa.Table) -> sa.Select[*tuple[Any, ...]]:
    there = sa.exists().where(of.c.version == version.c.key).correlate(version)
    return _VERSIONS.where(~there)


_VERSION_LABEL = article.c.id + sa.literal(" version ") + sa.cast(version.c.number, sa.Text)
THERE = article.c.deleted_at.is_(None)
"""Of an article whose text was deleted only its ID and its past are left."""
_VERSIONS = (
    sa.select(version.c.key, _VERSION_LABEL)
    .join_from(version, article, article.c.key == version.c.article)
    .where(THERE)
)
_ARTICLES = sa.select(article.c.key, article.c.id).where(THERE)
_STORIES = sa.select(story.c.founder, story.c.id)

_open = (
    sa.select(
        membership.c.article, sa.func.count().label("open"), sa.func.max(membership.c.founder).label("at")
    )
    .where(membership.c.until.is_(None))
    .group_by(membership.c.article)
    .subquery()
)
_inside = (
    sa.select(article.c.founder, sa.func.count().label("articles"))
    .where(THERE)
    .group_by(article.c.founder)
    .subquery()
)
_LINKS = sa.select(link.c.since, link.c.id)
_ends = (
    sa.select(link_end.c.link)
    .join_from(link_end, link, link.c.id == link_end.c.link)
    .join(article, article.c.key == link_end.c.article)
)
_founder = article.alias("founder")
_leads_to = story.alias("leads_to")
_speaker = article.alias("speaker")
_spoken = version.alias("spoken")
_later, _earlier = version.alias("later"), version.alias("earlier")

INVARIANTS = (
    Invariant(
        "current-version",
        "its current version is not one of its own",
        _ARTICLES.where(~_own_version(article.c.current, article.c.key)),
    ),
    Invariant(
        "open-membership",
        "it is not in exactly one story at a time",
        _ARTICLES.outerjoin_from(article, _open, _open.c.article == article.c.key).where(
            sa.func.coalesce(_open.c.open, 0) != 1
        ),
    ),
    Invariant(
        "story-of-article",
        "its row and its membership name different stories",
        _ARTICLES.join_from(article, _open, _open.c.article == article.c.key).where(
            _open.c.open == 1, _open.c.at != article.c.founder
        ),
    ),
    Invariant(
        "membership-of-deleted",
        "its text was deleted and it is in a story still",
        sa.select(article.c.key, article.c.id)
        .join_from(article, _open, _open.c.article == article.c.key)
        .where(~THERE),
    ),
    Invariant("page", "its page is missing", _missing(page)),
    Invariant("decision", "what was decided of it is missing", _missing(decision)),
    Invariant(
        "member-count",
        "its number of members is not that of the articles in it",
        _STORIES.outerjoin_from(story, _inside, _inside.c.founder == story.c.founder).where(
            story.c.members != sa.func.coalesce(_inside.c.articles, 0)
        ),
    ),
    Invariant(
        "canonical-version",
        "the version that speaks for it is of no member",
        _STORIES.outerjoin_from(story, _spoken, _spoken.c.key == story.c.canonical)
        .outerjoin(_speaker, _speaker.c.key == _spoken.c.article)
        .where(
            story.c.members > 0,
            (sa.func.coalesce(_speaker.c.founder, -1) != story.c.founder)
            | _speaker.c.deleted_at.is_not(None),
        ),
    ),
    Invariant(
        "redirect",
        "it was absorbed and leads to no living story",
        _STORIES.outerjoin_from(story, _founder, _founder.c.key == story.c.founder)
        .outerjoin(_leads_to, _leads_to.c.founder == _founder.c.founder)
        .where(
            story.c.members == 0,
            sa.func.coalesce(_leads_to.c.members, 0) == 0,
            _founder.c.deleted_at.is_(None),
        ),
    ),
    Invariant(
        "link",
        "articles are not where a person said",
        _LINKS.where(
            link.c.until.is_(None),
            link.c.id.in_(
                _ends.where(link.c.kind == LinkKind.MUST.value)
                .group_by(link_end.c.link)
                .having(sa.func.count(article.c.founder.distinct()) > 1)
            )
            | link.c.id.in_(
                _ends.where(link.c.kind == LinkKind.CANNOT.value)
                .group_by(link_end.c.link, article.c.founder)
                .having(sa.func.count(link_end.c.side.distinct()) > 1)
            ),
        ),
    ),
    Invariant(
        "edge-ends",
        "a judged pair names versions of other articles",
        sa.select(edge.c.version_a, article.c.id)
        .outerjoin_from(edge, _later, _later.c.key == edge.c.version_a)
        .outerjoin(_earlier, _earlier.c.key == edge.c.version_b)
        .join(article, article.c.key == edge.c.a)
        .where(
            (sa.func.coalesce(_later.c.article, -1) != edge.c.a)
            | (sa.func.coalesce(_earlier.c.article, -1) != edge.c.b)
        ),
    ),
    Invariant(
        "change-feed",
        "the entry behind this position is missing",
        sa.select(change.c.position, sa.literal("position ") + sa.cast(change.c.position, sa.Text)).where(
            ~sa.exists().where(
                (_next := change.alias("next")).c.position == change.c.position + 1,
            ),
            change.c.position
            < sa.select(counter.c.value).where(counter.c.name == "position").scalar_subquery(),
        ),
    ),
)


def broken(tx: Tx, invariant: Invariant) -> list[Broken]:
    """Rows that break an invariant, lowest key first. Reads whole tables."""
    key = invariant.broken.selected_columns[0]
    return [Broken(row[0], row[1]) for row in tx.connection.execute(invariant.broken.order_by(key))]


def dangling(tx: Tx, *, limit: int) -> list[str]:
    """Rows that point at rows which are not there. PostgreSQL keeps them from being."""
    if tx.dialect != "sqlite":
        return []
    rows = tx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(limit)
    return [f"{table} row {row} points at no {parent}" for table, row, parent, _ in rows]


def unprinted(profile: str) -> Invariant:
    """That every version has a fingerprint of a profile."""
    mine = (fingerprint.c.version == version.c.key) & (fingerprint.c.profile == profile)
    lacking = _VERSIONS.where(~sa.exists().where(mine).correlate(version))
    return Invariant("fingerprint", "it has no fingerprint of this program's profile", lacking)


def labels(tx: Tx, versions: Collection[VersionKey]) -> list[Broken]:
    """Versions by the names that people look them up under."""
    return [Broken(key, label) for key, label in rows_in(tx, _VERSIONS, version.c.key, versions)]


def versions_after(tx: Tx, key: int, *, limit: int) -> list[VersionKey]:
    """The next versions behind a key, whatever their state."""
    some = _VERSIONS.with_only_columns(version.c.key).where(version.c.key > key)
    some = some.order_by(version.c.key).limit(limit)
    return [VersionKey(each) for each in tx.connection.execute(some).scalars()]


def torn_segments(tx: Tx, profile: str) -> list[int]:
    """Live segments that lack blocks or have too many."""
    first = segment.c.id * (1 << BLOCK_SHIFT)
    held = sa.select(sa.func.count()).where(segment_block.c.id.between(first, first + _BLOCKS))
    torn = sa.select(segment.c.id).where(segment.c.profile == profile, segment.c.state == LIVE)
    return list(tx.connection.execute(torn.where(segment.c.blocks != held.scalar_subquery())).scalars())


def numbers_used(tx: Tx) -> Counters:
    """The highest number of each kind that any row carries."""

    def last(column: sa.Column[int]) -> int:
        return tx.connection.execute(sa.select(sa.func.max(column))).scalar() or 0

    sealed = tx.connection.execute(sa.select(sa.func.max(segment.c.last_seq))).scalar() or 0
    return Counters(
        article=last(article.c.key),
        version=last(version.c.key),
        position=last(change.c.position),
        posting=max(last(posting.c.seq), sealed),
        furniture=0,
    )
