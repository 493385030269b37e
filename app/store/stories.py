"""Stories: their members, and the edges they are derived from. What people said of them: ``links``."""

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.model import Relation, RevisionKind
from app.model import (
    ArticleKey,
    DecisionRow,
    EdgeRow,
    Related,
    StoryRow,
    VersionKey,
)
from app.store.engine import Tx
from app.store.statements import Values, rows_in
from app.store.tables import article, decision, edge, membership, story

_STORIES = sa.select(story)
_MEMBERS = (
    sa.select(membership.c.founder, membership.c.article, article.c.current)
    .join_from(membership, article, article.c.key == membership.c.article)
    .where(membership.c.until.is_(None))
    .order_by(membership.c.founder, membership.c.article)
)
_EDGES = sa.select(edge)
_DECISIONS = sa.select(decision)


def load_stories(tx: Tx, founders: Collection[ArticleKey]) -> dict[ArticleKey, StoryRow]:
    """Stories by founder."""
    return {row.founder: StoryRow(*row) for row in rows_in(tx, _STORIES, story.c.founder, founders)}


def load_members(
    tx: Tx, founders: Collection[ArticleKey]
) -> dict[ArticleKey, list[tuple[ArticleKey, VersionKey]]]:
    """Who is in each story now, oldest first: the article and its current version."""
    found: dict[ArticleKey, list[tuple[ArticleKey, VersionKey]]] = {founder: [] for founder in founders}
    for row in rows_in(tx, _MEMBERS, membership.c.founder, founders):
        found[row.founder].append((row.article, row.current))
    return found


def edges_among(tx: Tx, articles: Collection[ArticleKey]) -> list[EdgeRow]:
    """Edges with both ends among these articles, in order of arrival."""
    # An edge hangs on its later end, and what one arrival was compared with is bounded.
    inside = set(articles)
    rows = rows_in(tx, _EDGES, edge.c.a, inside)
    return sorted(
        (edge_from(row) for row in rows if row.b in inside), key=lambda e: (e.version_a, e.version_b)
    )


def edges_touching(tx: Tx, articles: Collection[ArticleKey]) -> list[EdgeRow]:
    """Edges with an end among these articles, each once, in order of arrival."""
    return _edges_at(tx, (edge.c.a, edge.c.b), articles)


def edges_of_versions(tx: Tx, versions: Collection[VersionKey]) -> list[EdgeRow]:
    """Edges with one of these versions at either end, each once, in order of arrival."""
    return _edges_at(tx, (edge.c.version_a, edge.c.version_b), versions)


def _edges_at(tx: Tx, ends: Iterable[sa.Column[int]], keys: Collection[int]) -> list[EdgeRow]:
    rows = (row for end in ends for row in rows_in(tx, _EDGES, end, keys))
    found = {(row.version_a, row.version_b): edge_from(row) for row in rows}
    return [found[pair] for pair in sorted(found)]


def load_decisions(tx: Tx, versions: Collection[VersionKey]) -> dict[VersionKey, DecisionRow]:
    """What was concluded when these versions arrived."""
    rows = rows_in(tx, _DECISIONS, decision.c.version, versions)
    return {row.version: decision_from(row) for row in rows}


def story_values(row: StoryRow) -> Values:
    """A story's columns."""
    return {
        "founder": row.founder,
        "id": row.id,
        "canonical": row.canonical,
        "members": row.members,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "founded_position": row.founded_position,
        "changed_position": row.changed_position,
    }


def edge_values(row: EdgeRow) -> Values:
    """An edge's columns."""
    return {
        "version_a": row.version_a,
        "version_b": row.version_b,
        "a": row.a,
        "b": row.b,
        "relation": row.relation.value,
        "revision_kind": row.revision_kind and row.revision_kind.value,
        "weight": row.weight,
        "jaccard": row.jaccard,
        "containment": row.containment,
        "position": row.position,
    }


def decision_values(row: DecisionRow) -> Values:
    """A decision's columns."""
    return {
        "version": row.version,
        "position": row.position,
        "relation": row.relation.value,
        "revision_kind": row.revision_kind and row.revision_kind.value,
        "matched": row.matched,
        "matched_id": row.matched_id,
        "jaccard": row.jaccard,
        "containment": row.containment,
        "probability": row.probability,
        "rule": row.rule,
        "profile": row.profile,
        "policy": row.policy,
        "furniture": row.furniture,
        "reasons": row.reasons,
        "signals": dict(row.signals),
        "related": [[each.canonical_id, each.relation.value, each.containment] for each in row.related],
    }


def decision_from(row: Row[*tuple[Any, ...]]) -> DecisionRow:
    """A decision of a row that carries all columns of ``decision``."""
    return DecisionRow(
        version=row.version,
        position=row.position,
        relation=Relation(row.relation),
        revision_kind=_kind(row.revision_kind),
        matched=row.matched,
        matched_id=row.matched_id,
        jaccard=row.jaccard,
        containment=row.containment,
        probability=row.probability,
        rule=row.rule,
        reasons=tuple(row.reasons),
        signals=row.signals,
        related=tuple(Related(id_, Relation(relation), share) for id_, relation, share in row.related),
        profile=row.profile,
        policy=row.policy,
        furniture=row.furniture,
    )


def edge_from(row: Row[*tuple[Any, ...]]) -> EdgeRow:
    """An edge of a row that carries all columns of ``edge``."""
    return EdgeRow(
        a=row.a,
        b=row.b,
        version_a=row.version_a,
        version_b=row.version_b,
        relation=Relation(row.relation),
        revision_kind=_kind(row.revision_kind),
        weight=row.weight,
        jaccard=row.jaccard,
        containment=row.containment,
        position=row.position,
    )


def _kind(value: str | None) -> RevisionKind | None:
    return None if value is None else RevisionKind(value)
