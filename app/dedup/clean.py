"""A page cleaned: passages, repeats, and the spans whose deletion gives the clean text.

Owns what is deleted and how much white space goes with it. Nothing is rewritten: removed and
kept spans together rebuild the text as received.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from app.dedup.model import Cleaned, Mask, Page, Passage, Repeat, Role, Span, Words
from app.dedup.passages import segment
from app.dedup.repeats import find_repeats
from app.dedup.words import tokenise_both

DELETED = frozenset(
    {
        Role.ADVISORY,
        Role.BYLINE,
        Role.TIMESTAMP,
        Role.CREDIT,
        Role.CAPTION,
        Role.SIGN_OFF,
        Role.DISCLAIMER,
        Role.FURNITURE,
    }
)
"""Roles that clean text does without."""
STORY = frozenset({Role.BODY, Role.STANDFIRST})
"""Roles that count as the story's text."""
_BREAKS = "\n\r\x85\u2028\u2029"


def clean(page: Page) -> Cleaned:
    """Take ``page`` apart and say what to delete. Total for any text."""
    parts = segment(page)
    words, title = tokenise_both(page.text, parts.title)
    repeats = find_repeats(page.text, words, parts.passages, title)
    removed = _removed(page.text, parts.passages, repeats)
    return Cleaned(
        text=page.text,
        passages=parts.passages,
        repeats=repeats,
        removed=removed,
        words=words,
        body=body_mask(words, parts.passages, removed),
        title=title,
        agency=parts.agency,
        dateline=parts.dateline,
        byline=parts.byline,
        tag=parts.tag,
        quoted_headline=parts.quoted_headline,
        provenance=parts.provenance,
    )


def clean_text(text: str, removed: tuple[Span, ...]) -> str:
    """``text`` without the removed spans."""
    return "".join(text[start:end] for start, end in kept(text, removed))


def kept(text: str, removed: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans between the removed ones, none empty."""
    spans: list[Span] = []
    here = 0
    for start, end in removed:
        if here < start:
            spans.append(Span(here, start))
        here = end
    if here < len(text):
        spans.append(Span(here, len(text)))
    return tuple(spans)


def _removed(text: str, passages: tuple[Passage, ...], repeats: tuple[Repeat, ...]) -> tuple[Span, ...]:
    wanted = [p.span for p in passages if p.role in DELETED]
    wanted += [r.removed for r in repeats]
    merged: list[Span] = []
    for start, end in sorted(wanted):
        # what stands between two deleted passages goes too, if it is only white space
        if merged and (start <= merged[-1].end or text[merged[-1].end : start].isspace()):
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        elif end > start:
            merged.append(Span(start, end))
    return _joined(_with_space(text, span) for span in merged)


def _with_space(text: str, span: Span) -> Span:
    """Of the white space on both sides the stronger break stays, the other goes with the span."""
    start, end = span
    left, right = start, end
    while left and text[left - 1].isspace():
        left -= 1
    while right < len(text) and text[right].isspace():
        right += 1
    if left == 0:
        return Span(0, right)
    if right == len(text):
        return Span(left, right)
    before, after = _breaks(text[left:start]), _breaks(text[end:right])
    return Span(start, right) if before >= after else Span(left, end)


def _breaks(space: str) -> int:
    return sum(space.count(c) for c in _BREAKS)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return tuple(joined)


def body_mask(words: Words, passages: tuple[Passage, ...], removed: tuple[Span, ...]) -> Mask:
    """Which words count as the story's text, each once: those of its passages that are not removed."""
    mask = np.zeros(len(words), dtype=np.bool_)
    for low, high in _ranges(words, [p.span for p in passages if p.role in STORY]):
        mask[low:high] = True
    for low, high in _ranges(words, removed):
        mask[low:high] = False
    return mask


def _ranges(words: Words, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The positions of the words that begin inside each span."""
    edges = words.start.searchsorted(np.array(spans, dtype=np.int32).ravel()).tolist()
    return zip(edges[::2], edges[1::2], strict=True)
