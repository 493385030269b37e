"""How many articles a key may send in a day, counted by all processes together.

A process takes room for some articles at a time under the ingest lock, so that what is accepted never
exceeds the quota, and most articles ask nothing of the database. What it has taken and not used when the
day ends is lost: never more than a 32nd of the quota. Days are those of UTC.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.api.problems import QuotaExceeded
from app.store import usage
from app.store.engine import Store

DAY_S = 86_400
_SHARE = 32
_MOST_TAKEN = 500


@dataclass(slots=True)
class _Room:
    """What this process has left of a day's quota, and what was left for all when it last looked."""

    day: int
    left: int = 0
    elsewhere: int = 0


class Quota:
    """Room for articles, by key. Safe to share between threads."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._rooms: dict[str, _Room] = {}
        self._turn = threading.Lock()

    def take(self, key_id: str, per_day: int, wanted: int) -> int:
        """Count so many articles; how many of them there is room for."""
        today = self._today()
        with self._turn:
            room = self._rooms.get(key_id)
            if room is None or room.day != today:
                room = self._rooms[key_id] = _Room(today)
            if room.left < wanted:
                self._fetch(room, key_id, per_day, wanted - room.left)
            granted = min(wanted, room.left)
            room.left -= granted
            return granted

    def give_back(self, key_id: str, count: int) -> None:
        """Some that were counted were not taken in."""
        with self._turn:
            room = self._rooms.get(key_id)
            if room is not None and room.day == self._today():
                room.left += count

    def fields(self, key_id: str, per_day: int) -> dict[str, str]:
        """What is left, as draft-ietf-httpapi-ratelimit-headers-11 has it; before the first count, all."""
        room = self._rooms.get(key_id)
        left = room.left + room.elsewhere if room is not None and room.day == self._today() else per_day
        return {
            "ratelimit-policy": f'"articles";q={per_day};qu="articles";w={DAY_S}',
            "ratelimit": f'"articles";r={left};t={self._rest_s()}',
        }

    def refusal(self, per_day: int) -> QuotaExceeded:
        """Why an article is not taken in."""
        return QuotaExceeded(
            f"The key may send {per_day} articles a day, and they are sent.", retry_after_s=self._rest_s()
        )

    def _fetch(self, room: _Room, key_id: str, per_day: int, missing: int) -> None:
        with self._store.read() as tx:
            if usage.taken(tx, key_id, room.day) >= per_day:
                room.elsewhere = 0
                return
        with self._store.write() as tx:
            free = max(0, per_day - usage.taken(tx, key_id, room.day))
            more = min(free, max(missing, min(free // _SHARE, _MOST_TAKEN)))
            usage.take(tx, key_id, room.day, articles=more)
        room.left += more
        room.elsewhere = free - more

    def _today(self) -> int:
        return int(self._now().timestamp()) // DAY_S

    def _rest_s(self) -> int:
        now = self._now().astimezone(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return max(1, int((midnight - now).total_seconds()))
