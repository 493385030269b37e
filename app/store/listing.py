"""Lists of stories: which pass, and as whose eyes see them.

Pages go by key (keyset), never by offset: they neither slow down with depth nor slip when rows are added.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.dedup.model import Relation
from app.model import StoryRow
from app.store.engine import Tx
from app.store.sight import PUBLIC, Sight, seen, seen_story
from app.store.tables import article, decision, membership, story, version


@dataclass(frozen=True, slots=True)
class Filters:
    """Which stories a list is about. A story passes where one of its members has all that is asked."""

    source: str | None = None
    agency: str | None = None
    language: str | None = None
    relation: Relation | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_members: int = 1


def list_stories(
    tx: Tx, filters: Filters, *, before: int | None, limit: int, sight: Sight = PUBLIC
) -> list[StoryRow]:
    """Stories that pass, the last founded first, from below ``before``."""
    least = max(1, filters.min_members)
    statement = sa.select(story).where(story.c.members >= least, seen_story(sight, least=least))
    if before is not None:
        statement = statement.where(story.c.founder < before)
    if filters.since is not None:
        statement = statement.where(story.c.last_seen >= filters.since)
    if filters.until is not None:
        statement = statement.where(story.c.first_seen < filters.until)
    if (some := _some_member(filters, sight)) is not None:
        statement = statement.where(some)
    rows = tx.connection.execute(statement.order_by(story.c.founder.desc()).limit(limit))
    return [StoryRow(*row) for row in rows]


def _shown(sight: Sight) -> sa.ColumnElement[bool]:
    """Whether a version is the one that somebody sees of its article: the current, else the last seen."""
    if sight.everything:
        return version.c.key == article.c.current
    current, later = version.alias(), version.alias()
    hidden = ~sa.exists().where(current.c.key == article.c.current, seen(sight, current)).correlate(article)
    last = ~sa.exists().where(
        later.c.article == version.c.article, later.c.number > version.c.number, seen(sight, later)
    ).correlate(version)
    return seen(sight) & ((version.c.key == article.c.current) | (hidden & last))


def _some_member(filters: Filters, sight: Sight) -> sa.ColumnElement[bool] | None:
    wanted = [
        column == value
        for column, value in (
            (version.c.source, filters.source),
            (version.c.agency, filters.agency),
            (version.c.language, filters.language),
            (decision.c.relation, filters.relation and filters.relation.value),
        )
        if value is not None
    ]
    if not wanted:
        return None
    member = membership.join(article, article.c.key == membership.c.article)
    member = member.join(version, (version.c.article == article.c.key) & _shown(sight))
    if filters.relation is not None:
        member = member.join(decision, decision.c.version == version.c.key)
    of_story = (membership.c.founder == story.c.founder) & membership.c.until.is_(None)
    return sa.select(1).select_from(member).where(of_story, *wanted).correlate(story).exists()
