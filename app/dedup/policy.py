"""How decisions are drawn from signals: the bounds and the learned weights, as data.

A policy has a name and a version that every stored decision carries. Three are known: ``strict``
joins only what hardly any editor would part, ``loose`` also what many would, ``standard`` what more
than half would. They weigh alike and differ in their bounds alone. What each costs and gains is
measured in docs/decisions/0008-calibration.md.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.dedup.weights import INTERCEPT, WEIGHTS


class PolicyName(StrEnum):
    """The policies there are, the strictest first."""

    STRICT = "strict"
    STANDARD = "standard"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Policy:
    """The bounds that turn a probability and a few facts into a relation."""

    name: PolicyName = PolicyName.STANDARD
    version: str = "1"
    join_at: float = 0.5
    """Probability from which two articles are one story."""
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    intercept: float = INTERCEPT
    least_words: int = 8
    """Shorter texts match only when equal: a handful of words is a phrase, not a story."""
    light_edit: float = 0.9
    """Aligned share of both texts from which they are one, soon and with no fact that differs."""
    whole: float = 0.85
    """Aligned share from which a text counts as standing wholly in the other."""
    cut: float = 0.75
    """A text this share of the other's length, or less, that stands wholly in it is a cut of it."""
    grown: float = 0.9
    """A desk's own text this share of the length of its later one, or less, that holds it was updated."""
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
STRICT = replace(STANDARD, name=PolicyName.STRICT, join_at=0.9, template_form=0.4, passage_words=24)
LOOSE = replace(STANDARD, name=PolicyName.LOOSE, join_at=0.2, template_form=0.25, passage_words=12)
NAMED: Mapping[PolicyName, Policy] = {policy.name: policy for policy in (STRICT, STANDARD, LOOSE)}


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies in force: one for every source, and those of sources that have their own."""

    default: Policy = STANDARD
    by_source: Mapping[str, Policy] = field(default_factory=dict)

    def of(self, source: str) -> Policy:
        """The policy a source is under."""
        return self.by_source.get(source, self.default)

    def for_pair(self, one: str, other: str) -> Policy:
        """What judges articles of two sources: the stricter, in either order of the two.

        Joining takes both: who asked for a strict policy would be glued to a loose neighbour otherwise.
        """
        return max(self.of(one), self.of(other), key=lambda policy: policy.join_at)

    @property
    def digest(self) -> int:
        """63 bits that differ where two processes judge under other policies."""
        said = [self.default.id, *sorted(f"{source}\0{each.id}" for source, each in self.by_source.items())]
        text = "\0\0".join(said).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 1
