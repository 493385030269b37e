"""What a key may send, and what its sender is told: at the door of the ingest queue, one item at a time."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool

from app.api.access import Caller
from app.api.edge import Edge
from app.api.problems import SourceForbidden
from app.errors import WirefoldError
from app.model import Ingested, Submission
from app.services.discretion import answer_for
from app.store.sight import covers


def refuse_source(caller: Caller, source: str) -> None:
    """Raise where the caller's key is bound to other sources."""
    if caller.sources is not None and not covers(caller.sources, source):
        raise SourceForbidden(
            f"The key is not for the source {source}.",
            field="source",
            fix=f"Send with a key for it; this one is for {', '.join(caller.sources)}.",
        )


def admit(caller: Caller, entries: Sequence[Submission | WirefoldError]) -> list[Submission | WirefoldError]:
    """The same entries, with a refusal in place of each that the caller may not send."""
    return [_admitted(caller, entry) for entry in entries]


def _admitted(caller: Caller, entry: Submission | WirefoldError) -> Submission | WirefoldError:
    if isinstance(entry, Submission):
        try:
            refuse_source(caller, entry.source)
        except SourceForbidden as refusal:
            return refusal
    return entry


async def told_to(
    edge: Edge, caller: Caller, entry: Submission, result: Ingested | WirefoldError
) -> Ingested | WirefoldError:
    """A result as its sender may have it."""
    if isinstance(result, WirefoldError) or caller.sight.covers(entry.source):
        return result
    # Only a version judged beside one before it may have met what is not out: the others cost nothing.
    if result.decision.matched_id != result.article_id:
        return result
    return await run_in_threadpool(answer_for, edge.ctx, result, entry.source, caller.sight)
