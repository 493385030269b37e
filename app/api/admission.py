"""What a key may send, and what its sender is told: at the door of the ingest queue, one item at a time."""

from collections.abc import Sequence
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool

from app.api.access import Caller
from app.api.edge import Edge
from app.api.problems import SourceForbidden
from app.errors import WirefoldError
from app.model import Ingested, Submission
from app.services.discretion import answer_for
from app.store.sight import covers

Entry: TypeAlias = Submission | WirefoldError
"""An item that was sent, or why there is none."""


def refuse_source(caller: Caller, source: str) -> None:
    """Raise where the caller's key is bound to other sources."""
    if caller.sources is not None and not covers(caller.sources, source):
        raise SourceForbidden(
            f"The key is not for the source {source[:200]!a}.",
            field="source",
            fix=f"Send with a key for it; this one is for {', '.join(caller.sources)[:500]}.",
        )


async def admit(edge: Edge, caller: Caller, entries: Sequence[Entry]) -> list[Entry]:
    """The same entries, with a refusal in place of each that the caller may not send, or not today."""
    entries = [_within(caller, entry) for entry in entries]
    per_day = edge.quota_of(caller)
    wanted = sum(isinstance(entry, Submission) for entry in entries)
    if not per_day or not wanted:
        return entries
    room = await run_in_threadpool(edge.quota.take, caller.id, per_day, wanted)
    admitted: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Submission):
            room -= 1
            admitted.append(entry if room >= 0 else edge.quota.refusal(per_day))
        else:
            admitted.append(entry)
    return admitted


def give_back(edge: Edge, caller: Caller, entries: Sequence[Entry]) -> None:
    """What was admitted could not be taken in."""
    if edge.quota_of(caller):
        edge.quota.give_back(caller.id, sum(isinstance(entry, Submission) for entry in entries))


def _within(caller: Caller, entry: Entry) -> Entry:
    if isinstance(entry, Submission):
        try:
            refuse_source(caller, entry.source)
        except SourceForbidden as refusal:
            return refusal
    return entry


async def told_to(
    edge: Edge, caller: Caller, entry: Submission, result: Ingested | WirefoldError
) -> Ingested | WirefoldError:
    """A result as its sender may have it. What is not stored after all does not count."""
    if isinstance(result, WirefoldError):
        give_back(edge, caller, [entry])
        return result
    if caller.sight.covers(entry.source):
        return result
    # Only a version judged beside one before it may have met what is not out: the others cost nothing.
    if result.decision.matched_id != result.article_id:
        return result
    return await run_in_threadpool(answer_for, edge.ctx, result, entry.source, caller.sight)
