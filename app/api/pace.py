"""How much a key may ask for in a minute, and how often a stranger may guess: counted by this process.

A token bucket a key: a minute's worth may be asked for at once, then it fills evenly. A process counts for
itself, which costs a microsecond; with N workers a key whose connections reach all of them gets up to N
times as much. The quota of articles is counted together (``quota``).
"""

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.api.problems import RateLimited, TooManyGuesses

MINUTE_S = 60.0
_MOST_KEYS = 10_000
_MOST_ADDRESSES = 10_000
GUESSES = 10
"""Wrong keys that an address may try at once …"""
GUESS_EVERY_S = 2.0
"""… and after how long one more."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Pace:
    """Requests per key and minute."""

    def __init__(self, *, default: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._default = default
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key_id: str, per_minute: int | None) -> dict[str, str]:
        """Count a request, and say in header fields how many are left. Raises RateLimited."""
        limit = self._default if per_minute is None else per_minute
        if not limit:
            return {}
        now = self._clock()
        bucket = self._buckets.get(key_id)
        if bucket is None:
            if len(self._buckets) >= _MOST_KEYS:
                self._buckets.clear()
            bucket = self._buckets[key_id] = _Bucket(limit, now)
        a_second = limit / MINUTE_S
        bucket.tokens = min(limit, bucket.tokens + (now - bucket.at) * a_second)
        bucket.at = now
        if bucket.tokens < 1:
            wait_s = math.ceil((1 - bucket.tokens) / a_second)
            raise RateLimited(
                f"The key may ask {limit} times a minute.",
                fields=_fields(limit, 0, wait_s),
                retry_after_s=wait_s,
            )
        bucket.tokens -= 1
        return _fields(limit, int(bucket.tokens), math.ceil((limit - bucket.tokens) / a_second))


def _fields(limit: int, left: int, full_in_s: int) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-11 has them."""
    return {
        "ratelimit-policy": f'"requests";q={limit};w={MINUTE_S:.0f}',
        "ratelimit": f'"requests";r={left};t={full_in_s}',
    }


class Guesses:
    """Wrong keys by the address that sent them; of the addresses seen last.

    Whoever looks a key up holds ``turn`` from ``refuse`` to ``count``: of many that come at once each would
    else be looked up before one of them is counted.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self.turn = asyncio.Lock()

    def refuse(self, host: str) -> None:
        """Raise TooManyGuesses where an address has to wait before it may try another."""
        bucket = self._buckets.get(_network(host))
        if bucket is None:
            return
        missing = 1 - self._filled(bucket)
        if missing > 0:
            raise TooManyGuesses(
                "Too many wrong keys came from this address.",
                retry_after_s=math.ceil(missing * GUESS_EVERY_S),
            )

    def count(self, host: str) -> None:
        """A wrong key came from an address."""
        network = _network(host)
        bucket = self._buckets.pop(network, None)
        tokens = GUESSES if bucket is None else self._filled(bucket)
        self._buckets[network] = _Bucket(max(0.0, tokens - 1), self._clock())
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)

    def __len__(self) -> int:
        return len(self._buckets)

    def _filled(self, bucket: _Bucket) -> float:
        return min(float(GUESSES), bucket.tokens + (self._clock() - bucket.at) / GUESS_EVERY_S)


def _network(host: str) -> str:
    """An address, of IPv6 its /64: whoever has one address there has them all."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False))
