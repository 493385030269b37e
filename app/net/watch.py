"""How long and how much: the deadline, the patience and the byte budget of one outbound request."""

import time

from app.net.faults import Fault, FetchFailed


class Watch:
    """Runs from its making. Every wait asks it for how long it may last, every read tells it what came."""

    def __init__(self, *, timeout_s: float, idle_s: float, most_bytes: int) -> None:
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._most_bytes = most_bytes
        self._received = 0
        self._until = time.monotonic() + timeout_s

    def patience_s(self) -> float:
        """Seconds the next wait may last. Raises FetchFailed at the deadline: a drip does not prolong it."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise FetchFailed(f"Not done after {self._timeout_s:g} s.", Fault.TIMEOUT)
        return min(left, self._idle_s)

    def silent(self) -> FetchFailed:
        """The failure of a wait that came to nothing."""
        self.patience_s()
        return FetchFailed(f"Nothing came for {self._idle_s:g} s.", Fault.TIMEOUT)

    def count(self, received: int) -> None:
        """Note bytes read from the wire. Raises FetchFailed over the budget, whatever they are called."""
        self._received += received
        if self._received > self._most_bytes:
            raise FetchFailed(f"More than {self._most_bytes} bytes came over the wire.", Fault.TOO_LARGE)
