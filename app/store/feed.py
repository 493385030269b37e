"""The change feed as it is followed: stretches of it, and what each entry is about.

An entry is about the articles it names, else about the founders of the canonicals it names, else about its
source. Of an article it is the version named, else the last that had arrived by then: what an entry is about
never changes, so that a filter lets the same entries pass whenever it is asked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.events import About
from app.model import ChangeRow
from app.store.engine import Tx
from app.store.statements import rows_in
from app.store.tables import article, change, story, version


@dataclass(frozen=True, slots=True)
class _Arrived:
    """One version of an article: its number, where in the feed it came, and its facts."""

    number: int
    position: int
    about: About


def changes_between(tx: Tx, after: int, upto: int) -> list[ChangeRow]:
    """Entries behind one position, up to and with another, in order."""
    inside = (change.c.position > after) & (change.c.position <= upto)
    rows = tx.connection.execute(sa.select(change).where(inside).order_by(change.c.position))
    return [ChangeRow(*row) for row in rows]


def position_before(tx: Tx, moment: datetime) -> int:
    """The last position whose entry is older than a moment; 0 where none is. Times follow positions."""
    low, high = 0, tx.connection.execute(sa.select(sa.func.max(change.c.position))).scalar() or 0
    while low < high:
        middle = (low + high + 1) // 2
        at = tx.connection.execute(sa.select(change.c.at).where(change.c.position == middle)).scalar_one()
        low, high = (middle, high) if at < moment else (low, middle - 1)
    return low


def about(tx: Tx, changes: Sequence[ChangeRow]) -> list[tuple[About, ...]]:
    """What each of these entries is about."""
    named = [_articles_named(row.payload) for row in changes]
    canonicals = [
        [] if ids else _canonicals_named(row.payload) for ids, row in zip(named, changes, strict=True)
    ]
    founders = _founders(tx, {each for ids in canonicals for each in ids})
    wanted = [
        ids or [founders[each] for each in told if each in founders]
        for ids, told in zip(named, canonicals, strict=True)
    ]
    arrived = _versions(tx, {each for ids in wanted for each in ids})
    return [_about(row, ids, arrived) for row, ids in zip(changes, wanted, strict=True)]


def _about(
    row: ChangeRow, ids: Sequence[str], arrived: Mapping[str, Sequence[_Arrived]]
) -> tuple[About, ...]:
    number = row.payload.get("version") if "article_id" in row.payload else None
    found = [_version(arrived[each], number, row.position).about for each in ids if each in arrived]
    source = row.payload.get("source")
    if not found and isinstance(source, str):
        return (About(source),)
    return tuple(found)


def _version(versions: Sequence[_Arrived], number: object, position: int) -> _Arrived:
    named = [each for each in versions if each.number == number]
    known = named or [each for each in versions if each.position <= position]
    return known[-1] if known else versions[0]


def _articles_named(payload: Mapping[str, object]) -> list[str]:
    one, several = payload.get("article_id"), payload.get("article_ids")
    if isinstance(one, str):
        return [one]
    return [each for each in several if isinstance(each, str)] if isinstance(several, list) else []


def _canonicals_named(payload: Mapping[str, object]) -> list[str]:
    several = payload.get("canonical_ids")
    named = [
        payload.get("canonical_id"),
        payload.get("into"),
        *(several if isinstance(several, list) else []),
    ]
    return [each for each in named if isinstance(each, str)]


def _founders(tx: Tx, canonicals: Collection[str]) -> dict[str, str]:
    """The article that founded each of these canonicals, by public IDs."""
    statement = sa.select(story.c.id, article.c.id.label("article")).join_from(
        story, article, article.c.key == story.c.founder
    )
    return {row.id: row.article for row in rows_in(tx, statement, story.c.id, canonicals)}


def _versions(tx: Tx, articles: Collection[str]) -> dict[str, list[_Arrived]]:
    """All versions of these articles, oldest first."""
    statement = sa.select(
        article.c.id,
        version.c.number,
        version.c.position,
        version.c.source,
        version.c.agency,
        version.c.language,
    ).join_from(article, version, version.c.article == article.c.key)
    found: dict[str, list[_Arrived]] = {}
    for row in rows_in(tx, statement.order_by(version.c.key), article.c.id, articles):
        about_it = About(row.source, row.agency, row.language)
        found.setdefault(row.id, []).append(_Arrived(row.number, row.position, about_it))
    return found
