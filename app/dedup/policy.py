"""How decisions are drawn from signals: the bounds and the learned weights, as data.

A policy has a name and a version that every stored decision carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.dedup.weights import INTERCEPT, WEIGHTS


@dataclass(frozen=True, slots=True)
class Policy:
    """The bounds that turn a probability and a few facts into a relation."""

    name: str = "standard"
    version: str = "1"
    join_at: float = 0.5
    """Probability from which two articles are one story."""
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    intercept: float = INTERCEPT
    least_words: int = 8
    """Shorter texts match only when equal: a handful of words is a phrase, not a story."""
    whole: float = 0.85
    """Aligned share from which a text counts as standing wholly in the other."""
    cut: float = 0.75
    """A text this share of the other's length, or less, that stands wholly in it is a cut of it."""
    same_length: float = 0.75
    """Aligned share of both texts from which they are copies."""
    template_form: float = 0.3
    """Aligned share from which two strangers with other facts are one form."""
    sentence_words: int = 40
    """Up to this length a text is one sentence: what strangers share of it is a form, not a passage."""
    passage_words: int = 16
    """A shared run from which a stranger is worth a link: longer than a title and a name."""

    @property
    def id(self) -> str:
        """Name and version, as stored with each decision."""
        return f"{self.name}-{self.version}"


STANDARD = Policy()
