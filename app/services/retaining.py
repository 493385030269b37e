"""Retention: texts are kept for so many days since the last version of an article came, by source.

A pass walks all articles in order, once an hour, a few deletions at a time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.model import ArticleKey
from app.services.context import Context
from app.services.deleting import delete_articles
from app.store import retention
from app.store.administration import AdministrationRow, note

LONGEST_DAYS = 36_500
MOST = 20
"""Articles deleted in one step."""
WHY = "retention"
BY = "wirefold"
EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the texts of a source are kept."""

    source: str
    days: int | None
    """Of its own; none where the setting holds."""
    kept_days: int
    """What holds; 0 is for ever."""


def read_retention(ctx: Context, source: str, *, default_days: int) -> Retention:
    """How long the texts of a source are kept."""
    with ctx.store.read() as tx:
        days = retention.days_of(tx, source)
    return Retention(source, days, default_days if days is None else days)


def put_retention(
    ctx: Context, source: str, days: int | None, *, default_days: int, by: str, why: str
) -> Retention:
    """Keep the texts of a source for so many days; none lets the setting hold."""
    with ctx.store.write() as tx:
        before = retention.days_of(tx, source)
        retention.put(tx, source, days)
        entry = AdministrationRow(
            id=ctx.new_id("adm"),
            at=ctx.now(),
            by=by,
            action="source.retention",
            subject=source,
            why=why,
            before={"days": before},
            after={"days": days},
        )
        note(tx, entry)
    return Retention(source, days, default_days if days is None else days)


class Retaining:
    """One process's way through the articles: a pass an hour, in steps."""

    def __init__(self, ctx: Context, *, default_days: int) -> None:
        self._ctx = ctx
        self._default_days = default_days
        self._after = ArticleKey(0)
        self._next_pass: datetime | None = None

    @property
    def due(self) -> bool:
        """Whether a pass is under way or to begin."""
        return self._next_pass is None or self._ctx.now() >= self._next_pass

    def step(self) -> bool:
        """Delete a few texts whose time is over; whether there were any."""
        if not self.due:
            return False
        now = self._ctx.now()
        with self._ctx.store.read() as tx:
            keys = retention.find_outlived(
                tx, self._after, default_days=self._default_days, now=now, limit=MOST
            )
        if not keys:
            self._after, self._next_pass = ArticleKey(0), now + EVERY
            return False
        delete_articles(self._ctx, keys, by=BY, why=WHY)
        self._after = keys[-1]
        return True
