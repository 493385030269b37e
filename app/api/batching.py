"""A batch on its way in: items are cut from the stream, stored in groups as they arrive, answered in order.

Nothing waits for a timer: what is complete goes to the queue as soon as nothing of this batch is under way,
else when a group is full. At most a few groups are under way, so a sender that is faster than the database
is slowed by its own connection. Whatever ends the stream (JSON that loses its frame, gzip that breaks, a
sender that goes away, a limit) becomes the last result; what was complete before is stored and answered.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from starlette.concurrency import run_in_threadpool

from app.api.access import Caller
from app.api.admission import admit, give_back, told_to
from app.api.edge import Edge
from app.api.entries import Entries, Entry
from app.api.problems import TooManyItems, problem_of
from app.api.rendering import to_json
from app.api.room import Share
from app.api.schemas.article import ArticleAnswer
from app.api.schemas.feed import SkippedOut
from app.errors import NoArticle, Overloaded, WirefoldError
from app.model import Ingested, Submission
from app.services.ingest import Answer
from app.services.queue import Results

MOST_UNDER_WAY = 4
PATIENCE_S = 30.0
"""How long a batch waits for room, in a full queue or for its bytes, before it gives up."""
_RETRY_S = 0.05
_GROUP_BYTES = 4 * 1024 * 1024
"""A group goes when it has this much, however few its items: what is under way stays bounded."""
_END = b""
_T = TypeVar("_T")

Accepted: TypeAlias = Future[Results] | None
"""A place in the ingest queue; None where there was nothing to store."""


@dataclass(slots=True)
class Group:
    """Items that go to the queue together, in order: a submission, or why there is none."""

    entries: list[Submission | WirefoldError]
    size: int = 0
    """Bytes of the items as received."""

    @property
    def submissions(self) -> list[Submission]:
        """The items that can be taken in."""
        return [entry for entry in self.entries if isinstance(entry, Submission)]


class Batch:
    """One batch being taken in."""

    def __init__(self, edge: Edge, caller: Caller, pieces: AsyncIterator[bytes], entries: Entries) -> None:
        self._edge = edge
        self._caller = caller
        self._pieces = pieces
        self._entries = entries
        self._groups: asyncio.Queue[Group | WirefoldError | None] = asyncio.Queue(MOST_UNDER_WAY)
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()
        self._under_way = 0
        self._count = 0
        self._waiting_bytes = 0
        """Of items that are complete and not stored yet."""

    async def results(self) -> AsyncIterator[bytes]:
        """One JSON text per item, in order."""
        with self._edge.room.share() as share:
            tasks = [asyncio.create_task(self._take_in(share)), asyncio.create_task(self._answer())]
            try:
                # The queue is unbounded on purpose: a sender may well read nothing until it has sent all.
                while line := await self._lines.get():
                    yield line
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()

    async def _take_in(self, share: Share) -> None:
        group, begun = Group([]), 0
        try:
            async for piece in self._pieces:
                begun += len(piece)
                await _patiently(partial(share.hold, begun + self._waiting_bytes), PATIENCE_S)
                for entry in self._entries.feed(piece):
                    begun = 0
                    group = await self._add(group, entry)
                if group.entries and not self._under_way:
                    group = await self._send(group)
            for entry in await run_in_threadpool(lambda: list(self._entries.close())):
                group = await self._add(group, entry)
        except WirefoldError as error:
            end: WirefoldError | None = error
        else:
            end = None
        if group.entries:
            await self._send(group)
        if end is not None:
            await self._groups.put(end)
        await self._groups.put(None)

    async def _add(self, group: Group, entry: Entry) -> Group:
        self._count += 1
        most = self._edge.limits.batch_items
        if self._count > most:
            raise TooManyItems(
                f"The batch has more than {most} items.", fix="Send the rest in another batch."
            )
        group.entries.append(entry.parsed)
        group.size += entry.size
        self._waiting_bytes += entry.size
        full = len(group.entries) >= self._edge.limits.batch_group or group.size >= _GROUP_BYTES
        return await self._send(group) if full else group

    async def _send(self, group: Group) -> Group:
        self._under_way += 1
        await self._groups.put(group)
        return Group([])

    async def _answer(self) -> None:
        """Store group after group; several are in the queue at a time, answers keep their order."""
        waiting: asyncio.Queue[asyncio.Task[list[bytes]] | None] = asyncio.Queue(MOST_UNDER_WAY)

        async def submit_all() -> None:
            # One after the other, in one lane: what a batch says first is stored first.
            while (group := await self._groups.get()) is not None:
                await waiting.put(asyncio.create_task(self._store(group, await self._accept(group))))
            await waiting.put(None)

        submitting = asyncio.create_task(submit_all())
        try:
            while (task := await waiting.get()) is not None:
                for line in await task:
                    self._lines.put_nowait(line)
            await submitting
        finally:
            submitting.cancel()
            self._lines.put_nowait(_END)

    async def _accept(self, group: Group | WirefoldError) -> Accepted | WirefoldError:
        """A place in the ingest queue, or why there is none."""
        if isinstance(group, WirefoldError):
            return group
        try:
            group.entries = await admit(self._edge, self._caller, group.entries)
        except WirefoldError as error:
            return error
        try:
            return await accept(self._edge, group.submissions, patience_s=PATIENCE_S, lane=self)
        except WirefoldError as error:
            give_back(self._edge, self._caller, group.entries)
            return error

    async def _store(self, group: Group | WirefoldError, accepted: Accepted | WirefoldError) -> list[bytes]:
        if isinstance(group, WirefoldError):
            return [failure_line(self._edge, group)]
        try:
            stored = iter(await stored_of(accepted))
        except WirefoldError as error:
            self._edge.metrics.count_failure(error)
            return [
                failure_line(self._edge, entry if isinstance(entry, WirefoldError) else error)
                for entry in group.entries
            ]
        finally:
            self._under_way -= 1
            self._waiting_bytes -= group.size
        return [await self._line(entry, stored) for entry in group.entries]

    async def _line(self, entry: Submission | WirefoldError, stored: Iterator[Answer]) -> bytes:
        if isinstance(entry, WirefoldError):
            return result_line(self._edge, entry, entry)
        told = await told_to(self._edge, self._caller, entry, next(stored))
        return result_line(self._edge, entry, told)


async def submit(edge: Edge, caller: Caller, submission: Submission) -> Answer:
    """Hand a submission to the ingest thread, wait until it is on disk, and say what its sender may know."""
    (entry,) = await admit(edge, caller, [submission])
    if isinstance(entry, WirefoldError):
        return entry
    try:
        accepted = await accept(edge, [entry])
    except WirefoldError:
        give_back(edge, caller, [entry])
        raise
    (result,) = await stored_of(accepted)
    return await told_to(edge, caller, entry, result)


async def accept(
    edge: Edge, submissions: list[Submission], *, patience_s: float = 0.0, lane: Hashable = None
) -> Accepted:
    """Hand submissions to the ingest thread. Raises Overloaded when it has no room for so long."""
    if not submissions:
        return None
    return await _patiently(partial(edge.queue.submit, submissions, lane=lane), patience_s)


async def _patiently(attempt: Callable[[], _T], patience_s: float) -> _T:
    """What an attempt gives. Raises Overloaded when it has for so long."""
    deadline = asyncio.get_running_loop().time() + patience_s
    while True:
        try:
            return attempt()
        except Overloaded:
            if asyncio.get_running_loop().time() >= deadline:
                raise
            await asyncio.sleep(_RETRY_S)


async def stored_of(accepted: Accepted | WirefoldError) -> Results:
    """The results, once they are on disk. Raises what came in their way."""
    if isinstance(accepted, WirefoldError):
        raise accepted
    # Shielded: who stops waiting must not take an accepted article back.
    return [] if accepted is None else await asyncio.shield(asyncio.wrap_future(accepted))


def result_line(edge: Edge, entry: Submission | WirefoldError, result: Ingested | WirefoldError) -> bytes:
    """The outcome of one item as JSON."""
    if isinstance(result, WirefoldError):
        return failure_line(edge, result)
    if isinstance(entry, Submission):
        edge.metrics.count_results(entry.source, result)
    status = 200 if result.replayed else 201
    return b'{"status":%d,"article":%b}' % (status, to_json(ArticleAnswer.of(result)))


def failure_line(edge: Edge, error: WirefoldError) -> bytes:
    """A problem as one item's outcome; what holds no article is none, and is skipped."""
    edge.metrics.count_results("", error)
    if isinstance(error, NoArticle):
        return b'{"status":%d,"skipped":%b}' % (error.status, to_json(SkippedOut.of(error)))
    return b'{"status":%d,"problem":%b}' % (error.status, to_json(problem_of(error)))
