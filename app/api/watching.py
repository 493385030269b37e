"""Waiting for the change feed to grow: one thread looks for all who wait, and rests while nobody does.

It looks at the database and is told nothing inside the process: what other processes store is seen the same
way. Callers wait in their event loops; how many may is bounded.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from app.errors import Overloaded, WirefoldError
from app.services.context import Context
from app.services.following import Tail

LOOK_EVERY_S = 0.1
_AWAY_S = 1.0
"""Between two looks while the database is away."""

log = structlog.get_logger("wirefold.http")


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    position: int
    loop: asyncio.AbstractEventLoop
    grown: "asyncio.Future[bool]"


class Watcher:
    """Knows when the feed has grown. Belongs to one process; safe to use from any event loop."""

    def __init__(self, ctx: Context, *, most: int) -> None:
        self.tail = Tail(ctx)
        self._most = most
        self._places = 0
        self._waiting: set[_Waiter] = set()
        self._looking = False
        self._stopped = threading.Event()
        self._turn = threading.Lock()

    def __len__(self) -> int:
        """How many callers follow."""
        return self._places

    @property
    def stopped(self) -> bool:
        """Whether nobody should wait any more: the service ends."""
        return self._stopped.is_set()

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """A place among those who follow. Raises Overloaded where all are taken."""
        with self._turn:
            if self._places >= self._most:
                raise Overloaded(f"{self._places} clients follow the change feed already.", retry_after_s=5)
            self._places += 1
        try:
            yield
        finally:
            with self._turn:
                self._places -= 1

    async def beyond(self, position: int, *, timeout_s: float) -> bool:
        """Whether the feed goes beyond a position in time; false as well where the service ends."""
        loop = asyncio.get_running_loop()
        waiter = _Waiter(position, loop, loop.create_future())
        self._enter(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                return await waiter.grown
        except TimeoutError:
            return False
        finally:
            with self._turn:
                self._waiting.discard(waiter)

    def stop(self) -> None:
        """Let everybody go: what waits answers with what it has, streams end."""
        self._stopped.set()
        with self._turn:
            waiting = list(self._waiting)
        for each in waiting:
            _tell(each, grown=False)

    def _enter(self, waiter: _Waiter) -> None:
        with self._turn:
            self._waiting.add(waiter)
            stopped = self.stopped
            if not stopped and not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="follow", daemon=True).start()
        if stopped:
            _tell(waiter, grown=False)

    def _look(self) -> None:
        while True:
            pause = LOOK_EVERY_S
            try:
                end: int = self.tail.catch_up()
            except WirefoldError:
                end, pause = 0, _AWAY_S
            except Exception:
                log.exception("following failed")
                end, pause = 0, _AWAY_S
            with self._turn:
                grown = [each for each in self._waiting if each.position < end]
                self._waiting.difference_update(grown)
                self._looking = bool(self._waiting) and not self.stopped
                on = self._looking
            for each in grown:
                _tell(each, grown=True)
            if not on:
                return
            self._stopped.wait(pause)


def _tell(waiter: _Waiter, *, grown: bool) -> None:
    def settle() -> None:
        if not waiter.grown.done():
            waiter.grown.set_result(grown)

    with contextlib.suppress(RuntimeError):  # its loop has ended, and nobody waits there any more
        waiter.loop.call_soon_threadsafe(settle)
