"""Each process drops from its memory what another has deleted, within a minute."""

from app.services.context import Context
from app.services.deleting import forget_deleted

FORGET_EVERY_S = 60.0


class Forgetting:
    """One process's. One look at a counter where nothing was deleted."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._seen = 0

    def step(self) -> bool:
        """Look whether anything was deleted, and forget."""
        self._seen = forget_deleted(self._ctx, self._seen)
        return False
