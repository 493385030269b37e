"""A text cut into pieces at the borders of what is to be marked in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from app.dedup.model import Span

_SHOWN_CONTROLS = "\n\t"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text: in which stretch it stands (0 is none), and whether it is a fact that differs."""

    text: str
    stretch: int
    differs: bool


def pieces(text: str, stretches: Iterable[Span], facts: Iterable[Span]) -> list[Piece]:
    """The text in order, nothing of it lost. Spans may be given in any order and may overlap."""
    numbered = [(span, number) for number, span in enumerate(stretches, start=1)]
    differing = list(facts)
    borders = {0, len(text)}
    for span in [*(span for span, _ in numbered), *differing]:
        borders.update(min(max(0, at), len(text)) for at in span)
    return [
        Piece(
            printable(text[start:end]),
            next((n for span, n in numbered if span.start <= start and end <= span.end), 0),
            any(span.start <= start and end <= span.end for span in differing),
        )
        for start, end in pairwise(sorted(borders))
    ]


def printable(text: str) -> str:
    """Somebody else's words without what HTML cannot carry: control characters and lone surrogates."""
    return "".join(char if _may_stand(char) else "\ufffd" for char in text)


def _may_stand(char: str) -> bool:
    code = ord(char)
    return char in _SHOWN_CONTROLS or not (code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000)
