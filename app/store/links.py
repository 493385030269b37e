"""What people say of articles: that they are one story, or that those of different sides are not."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from app.dedup.links import Said
from app.model import ArticleKey, LinkKind, Position
from app.store.engine import Tx
from app.store.statements import insert, may_be_id, rows_in
from app.store.tables import article, link, link_end


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What a person said; it counts until ``until``."""

    id: str
    said: Said[ArticleKey]
    since: Position
    by: str
    why: str
    audit: str | None = None
    """The entry of the log it came with."""
    replaces: str | None = None
    """The link of which this is what was left when a part of it was overruled."""
    until: Position | None = None

    @property
    def kind(self) -> LinkKind:
        """Must or cannot."""
        return LinkKind.MUST if self.said.must else LinkKind.CANNOT


@dataclass(frozen=True, slots=True)
class LinkFilters:
    """Which links are asked for; all that count where nothing is said."""

    article: ArticleKey | None = None
    kind: LinkKind | None = None
    by: str | None = None
    ended: bool = False
    """Also those that count no more."""


def said_among(tx: Tx, articles: Collection[ArticleKey]) -> list[Said[ArticleKey]]:
    """What counts today of these articles, and only of these."""
    ends: dict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows_in(tx, _ends().where(link.c.until.is_(None)), link_end.c.article, articles):
        ends[row.id].append(row)
    # What is left of a link here may say nothing: of one article, or of one side.
    parts = (_said(rows).without(()) for rows in ends.values())
    return [each for each in parts if each is not None]


def links_of(tx: Tx, articles: Collection[ArticleKey]) -> list[LinkRow]:
    """The links that count today and speak of any of these articles, whole, oldest first."""
    statement = sa.select(link.c.id).join(link_end).where(link.c.until.is_(None))
    return load_links(tx, {row.id for row in rows_in(tx, statement, link_end.c.article, articles)})


def load_links(tx: Tx, ids: Iterable[str]) -> list[LinkRow]:
    """These links, whole, whether they count or not, oldest first."""
    asked = [each for each in ids if may_be_id(each)]
    ends: dict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows_in(tx, _ends(), link.c.id, asked):
        ends[row.id].append(row)
    return sorted((_row(rows) for rows in ends.values()), key=lambda each: (each.since, each.id))


def load_remainders(tx: Tx, ids: Collection[str]) -> list[LinkRow]:
    """What is left of these links where parts of them were overruled, also of what was left then."""
    found: dict[str, LinkRow] = {}
    waiting = set(ids)
    while waiting:
        heirs = {row.id for row in rows_in(tx, sa.select(link.c.id), link.c.replaces, waiting)}
        found |= {row.id: row for row in load_links(tx, heirs - found.keys())}
        waiting = heirs
    return list(found.values())


def list_links(tx: Tx, filters: LinkFilters, *, before: str | None, limit: int) -> list[LinkRow]:
    """Links from below an ID, the latest first."""
    statement = sa.select(link.c.id)
    if not filters.ended:
        statement = statement.where(link.c.until.is_(None))
    if filters.kind is not None:
        statement = statement.where(link.c.kind == filters.kind.value)
    if filters.by is not None:
        statement = statement.where(link.c.by == filters.by)
    if filters.article is not None:
        of = sa.select(link_end.c.link).where(link_end.c.article == filters.article)
        statement = statement.where(link.c.id.in_(of))
    if before is not None:
        statement = statement.where(link.c.id < before)
    ids = list(tx.connection.execute(statement.order_by(link.c.id.desc()).limit(limit)).scalars())
    return sorted(load_links(tx, ids), key=lambda each: each.id, reverse=True)


def add_links(tx: Tx, rows: Sequence[LinkRow]) -> None:
    """Let these count."""
    insert(
        tx,
        link,
        [
            {
                "id": row.id,
                "kind": row.kind.value,
                "since": row.since,
                "until": None,
                "by": row.by,
                "why": row.why,
                "audit": row.audit,
                "replaces": row.replaces,
            }
            for row in rows
        ],
    )
    insert(
        tx,
        link_end,
        [
            {"link": row.id, "article": each, "side": number}
            for row in rows
            for number, side in enumerate(row.said.sides)
            for each in sorted(side)
        ],
    )


def end_links(tx: Tx, ids: Iterable[str], *, until: Position) -> None:
    """Let these count no more."""
    for each in ids:
        tx.connection.execute(link.update().where(link.c.id == each).values(until=until))


def founders_kept_apart(tx: Tx, founders: Collection[ArticleKey]) -> set[tuple[ArticleKey, ArticleKey]]:
    """Pairs of these stories, the lower founder first, between whose articles a person said no."""
    statement = (
        sa.select(link_end.c.link, link_end.c.side, article.c.founder)
        .join(link, link.c.id == link_end.c.link)
        .join(article, article.c.key == link_end.c.article)
        .where(link.c.until.is_(None), link.c.kind == LinkKind.CANNOT.value)
        .distinct()
    )
    sides: dict[str, list[tuple[int, ArticleKey]]] = defaultdict(list)
    for row in rows_in(tx, statement, article.c.founder, founders):
        sides[row.link].append((row.side, row.founder))
    return {
        (min(a, b), max(a, b))
        for each in sides.values()
        for number, a in each
        for other, b in each
        if a != b and number != other
    }


def _ends() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(link, link_end.c.article, link_end.c.side).join_from(
        link, link_end, link_end.c.link == link.c.id
    )


def _said(rows: Sequence[Row[*tuple[Any, ...]]]) -> Said[ArticleKey]:
    sides: dict[int, set[ArticleKey]] = defaultdict(set)
    for row in rows:
        sides[row.side].add(row.article)
    return Said(rows[0].kind == LinkKind.MUST.value, tuple(frozenset(sides[n]) for n in sorted(sides)))


def _row(rows: Sequence[Row[*tuple[Any, ...]]]) -> LinkRow:
    one = rows[0]
    return LinkRow(one.id, _said(rows), one.since, one.by, one.why, one.audit, one.replaces, one.until)
