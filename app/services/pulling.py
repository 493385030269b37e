"""What feeds are pulled with, and how they are treated."""

from dataclasses import dataclass, field

from app.net.client import Client, Limits
from app.parsing.submission import Bounds as ArticleBounds
from app.services.cadence import Bounds
from app.services.visiting import Visitor


@dataclass(frozen=True, slots=True)
class Manners:
    """How feeds are treated."""

    intervals: Bounds = field(default_factory=Bounds)
    gap_s: float = 2.0
    """Between two requests to one host."""
    lease_s: float = 120.0
    """How long a worker may be silent before another takes its feed."""
    most_pages: int = 10
    """Pages fetched in one poll; those that are left come with the next."""
    article: ArticleBounds = field(default_factory=ArticleBounds)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Pulling:
    """What feeds are pulled with."""

    client: Client
    visitor: Visitor
    manners: Manners
