"""Fetching the page that a feed's entry links to: politely, and nothing else than that page.

The site's robots.txt is kept, each host is asked by one worker at a time with a pause between two requests,
and what cannot be had now is left for the next poll.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from app.net.client import Client, Fetched, Limits
from app.net.faults import Fault, FetchFailed
from app.net.target import Target, follow, read_target
from app.parsing.encodings import declared_in_type, decode
from app.parsing.robots import LONGEST, Robots, read_robots
from app.services.context import Context
from app.store import polling

_ROBOTS_FOR_S = 24 * 3600.0
_MOST_ROBOTS = 2_000
_PAGE = Limits(timeout_s=20.0, body_bytes=5 * 1024 * 1024)
_RULES = Limits(timeout_s=10.0, body_bytes=4 * LONGEST)
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


class _Away(Exception):
    """Somewhere that is not to be asked now, or ever."""

    def __init__(self, missed: Missed) -> None:
        super().__init__(missed)
        self.missed = missed


@dataclass(slots=True)
class Visitor:
    """Fetches pages, a pause between two. Remembers robots.txt of hosts for a day."""

    ctx: Context
    client: Client
    gap_s: float
    wait: Callable[[float], object] = time.sleep
    known: dict[str, tuple[float, Robots | None]] = field(default_factory=dict)

    def visit(self, address: str, *, holding: str | None) -> str | Missed:
        """The markup of a page, or why there is none. ``holding`` is a host that this worker has claimed.

        A redirect is followed like a link: the host it leads to is claimed, its robots.txt asked.
        """
        held = {holding} if holding else set()
        try:
            url = read_target(address)
            self._approach(url, held)
            return _page(self._fetch(url, _PAGE, lambda there: self._approach(there, held)))
        except _Away as away:
            return away.missed
        except FetchFailed as error:
            return Missed.REFUSED if error.fault in _FOR_EVER else Missed.FAILED
        finally:
            for host in held - {holding}:
                self.leave(host)

    def claim(self, host: str, *, for_s: float = 2 * _PAGE.timeout_s) -> bool:
        """Take a host for so long at most; false while another has it or it is to be left in peace."""
        now = self.ctx.now()
        with self.ctx.store.write() as tx:
            return polling.claim_host(tx, host, now, now + timedelta(seconds=for_s + self.gap_s))

    def leave(self, host: str) -> None:
        """Let others ask a host that was claimed, after a pause."""
        with self.ctx.store.write() as tx:
            until = self.ctx.now() + timedelta(seconds=self.gap_s)
            polling.leave_host(tx, host, until=until, failures=polling.host_failures(tx, host))

    def _approach(self, url: Target, held: set[str]) -> None:
        """Have a page's host for oneself, and see whether the page may be asked for. Raises _Away."""
        self._take(url, held)
        robots = self._robots(url.join("/robots.txt"), held)
        if robots is None:
            raise _Away(Missed.FAILED)
        if not robots.allow(url.raw_path.decode("ascii")):
            raise _Away(Missed.REFUSED)

    def _take(self, url: Target, held: set[str]) -> None:
        if url.host in held:
            self.wait(self.gap_s)
        elif self.claim(url.host):
            held.add(url.host)
        else:
            raise _Away(Missed.BUSY)

    def _fetch(self, url: Target, limits: Limits, arrive: Callable[[Target], None]) -> Fetched:
        """What an address answers in the end. ``arrive`` is called with each it leads to, before asking."""
        left_s = limits.timeout_s
        for _ in range(1 + limits.redirects):
            began = time.monotonic()
            answer = self.client.fetch_once(str(url), limits=replace(limits, timeout_s=left_s))
            left_s = max(0.0, left_s - (time.monotonic() - began))
            if answer.redirect is None:
                return answer
            url = follow(url, answer.redirect)
            arrive(url)
        raise FetchFailed(f"{url} leads on and on.", Fault.TOO_MANY_REDIRECTS)

    def _robots(self, address: Target, held: set[str]) -> Robots | None:
        """The rules of a site; None while they cannot be had (RFC 9309, section 2.3.1)."""
        until, robots = self.known.get(str(address), (0.0, None))
        if until > time.monotonic():
            return robots
        robots, kept_s = self._ask_robots(address, held)
        if len(self.known) >= _MOST_ROBOTS:
            self.known.clear()
        self.known[str(address)] = (time.monotonic() + kept_s, robots)
        return robots

    def _ask_robots(self, address: Target, held: set[str]) -> tuple[Robots | None, float]:
        try:
            answer = self._fetch(address, _RULES, lambda there: self._take(there, held))
        except FetchFailed as error:
            if error.fault is Fault.BLOCKED_ADDRESS:
                raise
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
