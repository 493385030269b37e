"""What would have had to differ for another verdict: the nearest change of one measure alone.

Each measure is moved away from its value, in both directions, until ``decide`` changes its mind on
whether the two are one story; the signals made from several measures move along. Says nothing of
how likely such a change is, and does not look for changes of two measures at once.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from app.dedup.decide import decide
from app.dedup.model import Comparison, Facts
from app.dedup.policy import Policy

_STEPS = 24
_SHARES = tuple(step / _STEPS for step in range(_STEPS + 1))
_MOST_HOURS = 24.0 * 60
_HOURS = tuple(math.expm1(share * math.log1p(_MOST_HOURS)) for share in _SHARES)
_COUNTS = tuple(float(count) for count in range(41))


@dataclass(frozen=True, slots=True)
class Turn:
    """One measure that, alone, would have turned the verdict."""

    measure: str
    value: float
    needed: float
    distance: float
    """How far that is, as a share of what the measure can be."""
    words: str


@dataclass(frozen=True, slots=True)
class _Measure:
    """A field of a comparison, the values it is tried with, and how its change reads."""

    name: str
    said: str
    tried: tuple[float, ...]
    """Ascending. Between two values of a share or a time the bound is then narrowed down."""


def turns(
    c: Comparison, facts_a: Facts, facts_b: Facts, policy: Policy, *, most: int = 5
) -> tuple[Turn, ...]:
    """The measures whose change alone turns the verdict, nearest first; none where no single one does."""
    verdict = decide(c, facts_a, facts_b, policy).relation.joins
    found: list[Turn] = []

    def turned(name: str, x: float) -> bool:
        changed = c._replace(**{name: type(getattr(c, name))(x)})
        return decide(changed, facts_a, facts_b, policy).relation.joins != verdict

    for measure in _measures(c):
        value = getattr(c, measure.name)
        needed = _nearest(measure, value, partial(turned, measure.name))
        if needed is not None:
            said = measure.said.format(needed=needed, value=value)
            found.append(Turn(measure.name, value, needed, _distance(measure, value, needed), said))
    return tuple(sorted(found, key=lambda turn: turn.distance)[:most])


def _nearest(measure: _Measure, value: float, turned: Callable[[float], bool]) -> float | None:
    below = [x for x in reversed(measure.tried) if x < value]
    above = [x for x in measure.tried if x > value]
    crossed: list[float] = []
    for direction in (below, above):
        last = value
        for x in direction:
            if turned(x):
                crossed.append(x if measure.tried == _COUNTS else _narrowed(turned, last, x))
                break
            last = x
    return min(crossed, key=lambda x: _distance(measure, value, x), default=None)


def _narrowed(turned: Callable[[float], bool], near: float, far: float) -> float:
    """The value from which the verdict turns; it does at ``far`` and does not at ``near``."""
    for _ in range(10):
        middle = (near + far) / 2
        near, far = (near, middle) if turned(middle) else (middle, far)
    return far


def _distance(measure: _Measure, value: float, needed: float) -> float:
    if measure.tried == _HOURS:
        return abs(math.log1p(needed) - math.log1p(value)) / math.log1p(_MOST_HOURS)
    return abs(needed - value) / measure.tried[-1]


def _measures(c: Comparison) -> Iterator[_Measure]:
    short = "a" if c.words_a <= c.words_b else "b"
    lead = "lead_a" if c.lead_a <= c.lead_b else "lead_b"
    yield _share(f"aligned_{short}", "of the shorter text had stood in order in the other", "does")
    yield _share("words_shared", "of the shorter text's words had stood anywhere in the other", "do")
    yield _share(lead, "of the lead had stood in the other text", "does")
    yield _share("opening_shared", "of the words of the leads had been shared", "are")
    yield _share("title_likeness", "of the headlines' words had been shared", "are")
    if c.headline_in_text is not None:
        yield _share("headline_in_text", "of the longer text's headline had stood in the other", "does")
    if c.numbers_shared is not None:
        yield _share("numbers_shared", "of the numbers had been shared", "are")
    if c.names_shared is not None:
        yield _share("names_shared", "of the names of one text had stood in the other", "do")
    if c.names_alike is not None:
        yield _share("names_alike", "of all their names had been in both texts", "are")
    yield _count("numbers_differ", "numbers had differed in aligned places", "do")
    yield _count("dates_differ", "days or months had differed in aligned places", "do")
    if c.hours_apart is not None:
        said = "they had been published {needed:.1f} hours apart ({value:.1f} are between them)"
        yield _Measure("hours_apart", said, _HOURS)


def _share(name: str, said: str, verb: str) -> _Measure:
    return _Measure(name, f"{{needed:.0%}} {said} ({{value:.0%}} {verb})", _SHARES)


def _count(name: str, said: str, verb: str) -> _Measure:
    return _Measure(name, f"{{needed:.0f}} {said} ({{value}} {verb})", _COUNTS)
