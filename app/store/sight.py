"""Who may read a text before it is out. Nothing else decides that: a value, and the condition it is in SQL.

A version under embargo, or withheld, is not *released*. Whoever does not see it is answered as if it had
never been stored.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause

from app.model import VersionRow
from app.store.tables import membership, story, version

ANY_HOST = "*."


def covers(patterns: tuple[str, ...], source: str) -> bool:
    """Whether a source is among these: exact names, and ``*.host`` for all names that end in ``.host``."""
    return any(
        source == pattern or (pattern.startswith(ANY_HOST) and _ends(source, pattern[1:]))
        for pattern in patterns
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose unreleased versions somebody sees: everybody's, or those of some sources."""

    everything: bool = False
    sources: tuple[str, ...] = ()

    def sees(self, row: VersionRow) -> bool:
        """Whether a version may be shown."""
        return row.released or self.covers(row.facts.source)

    def covers(self, source: str) -> bool:
        """Whether all of a source may be shown."""
        return self.everything or covers(self.sources, source)


PUBLIC = Sight()
"""What everybody with a key may see; a use case that is not told otherwise shows no more."""
EVERYTHING = Sight(everything=True)

_some = version.alias()
"""Made once: every alias makes columns of its own, which took a millisecond a statement."""


def seen(sight: Sight, of: FromClause = version) -> ColumnElement[bool]:
    """Whether a row of ``version``, or of an alias of it, may be shown."""
    if sight.everything:
        return sa.true()
    return sa.or_(of.c.released, *(_matches(of.c.source, pattern) for pattern in sight.sources))


def seen_article(sight: Sight, key: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the article of that key has a version that may be shown."""
    if sight.everything:
        return sa.true()
    return sa.exists().where(_some.c.article == key, seen(sight, _some)).correlate_except(_some)


def seen_story(sight: Sight, *, least: int = 1) -> ColumnElement[bool]:
    """Whether a row of ``story`` has at least so many articles that somebody sees."""
    if sight.everything:
        return sa.true()
    of_story = (membership.c.founder == story.c.founder) & membership.c.until.is_(None)
    those = of_story & seen_article(sight, membership.c.article)
    if least == 1:
        return sa.select(1).select_from(membership).where(those).correlate(story).exists()
    count = sa.select(sa.func.count()).select_from(membership).where(those).correlate(story)
    return count.scalar_subquery() >= least


def _ends(source: str, suffix: str) -> bool:
    return len(source) > len(suffix) and source.endswith(suffix)


def _matches(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    if not pattern.startswith(ANY_HOST):
        return column == pattern
    # Received text is bytes in both databases, so its end is compared as bytes.
    suffix = pattern[1:].encode("utf-8", "surrogatepass")
    length = sa.func.length(sa.type_coerce(column, sa.LargeBinary))
    end = sa.func.substr(sa.type_coerce(column, sa.LargeBinary), length - len(suffix) + 1)
    return sa.and_(length > len(suffix), sa.type_coerce(end, sa.LargeBinary) == suffix)
