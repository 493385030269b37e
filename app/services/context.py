"""What every use case is given: the store, the rules, and where time and IDs come from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.dedup.policy import Policies
from app.dedup.profile import Profile
from app.net.addresses import Allowed
from app.services.masks import Masks
from app.services.recall import Recall
from app.store.engine import Store
from app.store.index import Index


@dataclass(frozen=True, slots=True)
class Context:
    """Made once, in the composition root. Nothing in it is read from the environment."""

    store: Store
    index: Index
    profile: Profile
    policies: Policies
    now: Callable[[], datetime]
    new_id: Callable[[str], str]
    """A fresh, time-ordered public ID with the given prefix."""
    observe_candidates: Callable[[int], object] = int
    """Told of each draft how many stored versions it was compared with."""
    review: tuple[float, float] = (0.35, 0.65)
    """Probabilities between which a decision is put on the review list."""
    outbound: Allowed = field(default_factory=Allowed)
    """What requests to addresses that others chose may reach although it is inside."""
    masks: Masks = field(default_factory=Masks)
    """What is known to be furniture of each source."""
    recall: Recall = field(default_factory=Recall)
    """Stored versions lately compared: they never change, so they may be kept in memory."""
