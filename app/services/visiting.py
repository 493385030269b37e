"""Fetching the page that a feed's entry links to: politely, and nothing else than that page.

The site's robots.txt is kept, each host is asked by one worker at a time with a pause between two requests,
and what cannot be had now is left for the next poll.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from app.net.client import Client, Fetched, Limits
from app.net.faults import Fault, FetchFailed
from app.net.target import read_target
from app.parsing.encodings import declared_in_type, decode
from app.parsing.robots import LONGEST, Robots, read_robots
from app.services.context import Context
from app.store import polling

_ROBOTS_FOR_S = 24 * 3600.0
_MOST_ROBOTS = 2_000
_PAGE = Limits(timeout_s=20.0, body_bytes=5 * 1024 * 1024)
_MARKUP = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_FOR_EVER = frozenset({Fault.BAD_ADDRESS, Fault.BLOCKED_ADDRESS, Fault.TOO_LARGE})
"""Faults that the next visit would meet again."""


class Missed(StrEnum):
    """Why there is no page."""

    BUSY = "busy"
    """Another worker is at its host, or the host is to be left in peace."""
    FAILED = "failed"
    """It did not come; it may come another time."""
    REFUSED = "refused"
    """It will not come: gone, no HTML, not allowed by robots.txt."""


@dataclass(slots=True)
class Visitor:
    """Fetches pages, a pause between two. Remembers robots.txt of hosts for a day."""

    ctx: Context
    client: Client
    gap_s: float
    wait: Callable[[float], object] = time.sleep
    known: dict[str, tuple[float, Robots | None]] = field(default_factory=dict)

    def visit(self, address: str, *, holding: str) -> str | Missed:
        """The markup of a page, or why there is none. ``holding`` is a host that this worker has claimed."""
        try:
            url = read_target(address)
        except FetchFailed:
            return Missed.REFUSED
        if url.host == holding:
            self.wait(self.gap_s)
        elif not self._claim(url.host):
            return Missed.BUSY
        try:
            robots = self._robots(str(url.join("/robots.txt")))
            if robots is None:
                return Missed.FAILED
            if not robots.allow(url.raw_path.decode("ascii")):
                return Missed.REFUSED
            return _page(self.client.fetch(address, limits=_PAGE))
        except FetchFailed as error:
            return Missed.REFUSED if error.fault in _FOR_EVER else Missed.FAILED
        finally:
            if url.host != holding:
                self._leave(url.host)

    def _claim(self, host: str) -> bool:
        now = self.ctx.now()
        longest = timedelta(seconds=2 * _PAGE.timeout_s + self.gap_s)
        with self.ctx.store.write() as tx:
            return polling.claim_host(tx, host, now, now + longest)

    def _leave(self, host: str) -> None:
        with self.ctx.store.write() as tx:
            until = self.ctx.now() + timedelta(seconds=self.gap_s)
            polling.leave_host(tx, host, until=until, failures=polling.host_failures(tx, host))

    def _robots(self, address: str) -> Robots | None:
        """The rules of a site; None while they cannot be had (RFC 9309, section 2.3.1)."""
        until, robots = self.known.get(address, (0.0, None))
        if until > time.monotonic():
            return robots
        robots, kept_s = self._ask_robots(address)
        if len(self.known) >= _MOST_ROBOTS:
            self.known.clear()
        self.known[address] = (time.monotonic() + kept_s, robots)
        return robots

    def _ask_robots(self, address: str) -> tuple[Robots | None, float]:
        try:
            answer = self.client.fetch(address, limits=Limits(timeout_s=10.0, body_bytes=4 * LONGEST))
        except FetchFailed:
            return None, 600.0
        self.wait(self.gap_s)
        if answer.status >= 500 or answer.status == 429:
            return None, 600.0
        text = answer.body[:LONGEST].decode("utf-8", "replace") if answer.status < 300 else ""
        return read_robots(text), _ROBOTS_FOR_S


def _page(answer: Fetched) -> str | Missed:
    if answer.status in {404, 410, 401, 402, 403, 451}:
        return Missed.REFUSED
    if answer.status != 200:
        return Missed.FAILED
    declared = answer.headers.get("content-type", "")
    if declared.partition(";")[0].strip().lower() not in _MARKUP:
        return Missed.REFUSED
    return decode(answer.body, labels=(declared_in_type(declared),)).text
