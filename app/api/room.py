"""Memory for bodies: how much all requests of a process may hold of them at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import Overloaded

MOST_HELD_BYTES = 256 * 1024 * 1024
"""Of all bodies together, each beyond ``UNCOUNTED_BYTES``."""
UNCOUNTED_BYTES = 64 * 1024
"""Of each body: articles of usual length are taken in beside large bodies that come slowly."""


class Room:
    """What is held, and the most that may be. Used by one thread, that of the event loop."""

    def __init__(self, most: int = MOST_HELD_BYTES) -> None:
        self.most = most
        self.held = 0

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """A part for one request, nothing yet; given back at the end of the block."""
        share = Share(self)
        try:
            yield share
        finally:
            share.hold(0)


class Share:
    """One request's part of a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._held = 0

    def hold(self, size: int) -> None:
        """Hold so many bytes instead of what it was. Raises Overloaded where others leave no room."""
        more = max(0, size - UNCOUNTED_BYTES) - self._held
        others = self._room.held - self._held
        # However small the room is, one body at a time fits.
        if more > 0 and others and self._room.held + more > self._room.most:
            raise Overloaded("Too many large bodies are being sent at once.", retry_after_s=2)
        self._held += more
        self._room.held += more
