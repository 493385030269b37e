"""What administrators did with keys, articles and sources, read out."""

from collections.abc import Sequence

from app.services.context import Context
from app.store.administration import AdministrationRow, entries_before


def list_administration(
    ctx: Context, *, before: str | None, limit: int
) -> tuple[Sequence[AdministrationRow], str | None]:
    """A page of the log, the latest first, and the entry below which it goes on."""
    with ctx.store.read() as tx:
        rows = entries_before(tx, before, limit=limit + 1)
    more = rows[limit - 1].id if len(rows) > limit else None
    return rows[:limit], more
