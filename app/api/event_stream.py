"""The change feed as server-sent events (WHATWG HTML, 9.2): one stream for each client, each at its own pace.

A stream reads what it sends itself, from the shared end of the feed or the database, so a client that reads
slowly holds up nobody; one that does not read at all is cut off. Every event carries its cursor as ``id``,
and a heartbeat carries the cursor of what a filter passed over: a client that comes back misses and repeats
nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.api.rendering import to_json
from app.errors import WirefoldError
from app.model import ChangeRow
from app.services.following import Page, told

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_S = 15.0
"""Proxies close what is silent for longer; a client that is gone without a word is noticed by it."""
STALLED_S = 30.0
"""A client that takes nothing for so long is cut off."""
AT_ONCE = 100
"""Entries sent in one piece."""
_RETRY_MS = 3_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a stream's entries come from, and who may have them."""

    page: Callable[[int], Awaitable[Page]]
    """The next entries behind a cursor, at most ``AT_ONCE``."""
    beyond: Callable[[int, float], Awaitable[bool]]
    """Whether the feed goes beyond a cursor within so many seconds."""
    stopped: Callable[[], bool]
    """Whether the service ends."""
    still_allowed: Callable[[], Awaitable[object]]
    """Raises where the key was revoked meanwhile."""


class EventStream(Response):
    """An answer that goes on until the client leaves, stalls or loses its key, or the service ends."""

    def __init__(self, source: Source, cursor: int) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(headers=headers, media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._source = source
        self._cursor = cursor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events as they come."""
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        if scope.get("bare"):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        tasks = {asyncio.create_task(self._send_all(send)), asyncio.create_task(_left(receive))}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        failures = [error for task in done if (error := task.exception()) is not None]
        if any(isinstance(error, TimeoutError) for error in failures):
            await _cut_off(receive)
        elif failures and not isinstance(failures[0], WirefoldError):
            raise failures[0]
        elif failures:
            # The key was revoked or the database is away: to end in good order lets the client come back.
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_all(self, send: Send) -> None:
        at, checked = self._cursor, asyncio.get_running_loop().time()
        await _send(send, b"retry: %d\n\n" % _RETRY_MS)
        while not self._source.stopped():
            page = await self._source.page(at)
            if page.rows:
                await _send(send, b"".join(map(event_of, page.rows)))
            at = page.next
            if not page.more and not await self._source.beyond(at, HEARTBEAT_S):
                # Without data there is no event, but the client remembers the cursor.
                await _send(send, b": \nid: %d\n\n" % at)
            if asyncio.get_running_loop().time() - checked >= HEARTBEAT_S:
                checked = asyncio.get_running_loop().time()
                await self._source.still_allowed()
        await _send(send, b"", more=False)


def event_of(row: ChangeRow) -> bytes:
    """One entry as an event. Its JSON has no line ends: those of texts are escapes in it."""
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (row.position, row.type.encode(), to_json(told(row)))


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    async with asyncio.timeout(STALLED_S):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut_off(receive: Receive) -> None:
    # ASGI has no word for it. To close in good order waits until all is sent, to a client that takes nothing.
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    abort = getattr(transport, "abort", None)
    if callable(abort):
        abort()
        await asyncio.sleep(0)  # the server learns of it in the loop's next round
