"""Plain ways to find text printed twice in one page, beside Wirefold's."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

import service
from reading import Record

Found: TypeAlias = list[tuple[str, tuple[int, int], tuple[int, int] | None]]

WORD = re.compile(r"\w+")
RUN = 8


def lines_again(page: Record) -> Found:
    """A line of five words or more that stands above already: what corpus tools drop."""
    found: Found = []
    seen: dict[str, tuple[int, int]] = {}
    for line in re.finditer(r"[^\n]+", page["text"]):
        text = line.group().strip()
        if len(text.split()) < 5:
            continue
        if text in seen:
            found.append(("line", line.span(), seen[text]))
        seen.setdefault(text, line.span())
    return found


def runs_again(page: Record) -> Found:
    """Every run of eight words that stands in the text before, chained to whole runs."""
    words = [(match.group().lower(), *match.span()) for match in WORD.finditer(page["text"])]
    seen: dict[tuple[str, ...], int] = {}
    found: Found = []
    at = 0
    while at + RUN <= len(words):
        first = seen.get(tuple(word for word, _, _ in words[at : at + RUN]))
        if first is None:
            seen[tuple(word for word, _, _ in words[at : at + RUN])] = at
            at += 1
            continue
        size = RUN
        while at + size < len(words) and words[first + size][0] == words[at + size][0] and first + size < at:
            size += 1
        spans = [(words[start][1], words[start + size - 1][2]) for start in (at, first)]
        found.append(("run", spans[0], spans[1]))
        at += size
    return found


FINDERS: Mapping[str, Callable[[Record], Found]] = {
    "Wirefold": service.repeats,
    "lines printed again": lines_again,
    "runs of 8 words printed again": runs_again,
}
