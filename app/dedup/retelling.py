"""A standfirst that the body says again in nearly the same words, too loosely for runs of equal words.

"Ground and air units are patrolling near the border town" against "Ground and air units were involved
in the patrol in the area of the border town": no run is long, yet an editor would print only one of
the two. Only the first paragraph of a page is looked at, and held against one paragraph at a time.
"""

from itertools import pairwise

from app.dedup.model import Passage, Role, WordFlag, Words
from app.dedup.printings import Printing

RETOLD = 0.75
"""Share of the standfirst's words that the other paragraph has in the same order. Of 456 pages labelled as
not printing their first paragraph again two reach it; most have less than a half."""
LONGEST = 130
"""Words of a standfirst; what is longer is a body."""
_SHORTEST = 12
"""Function words alone bring shorter paragraphs close to the bound."""
_TIMES_LONGER = 5
_NEAR = 250
"""Words below it: what sums a story up is told where the story begins."""
_PARAGRAPH, _IDEOGRAPH = int(WordFlag.PARAGRAPH), int(WordFlag.IDEOGRAPH)
_TOLD = (Role.BODY, Role.STANDFIRST)


def find_retelling(words: Words, passages: tuple[Passage, ...]) -> Printing | None:
    """The page's first paragraph and the stretch below that says it again, if there is one."""
    first = next((p.span for p in passages if p.role in _TOLD), None)
    if first is None:
        return None
    start, end = words.start.searchsorted(first).tolist()
    size = end - start
    # letters of a script without spaces stand in the same order by chance
    if not _SHORTEST <= size <= LONGEST or words.flags[start] & _IDEOGRAPH:
        return None
    told, below = words.hash[start:end].tolist(), words.hash[end : end + _NEAR].tolist()
    known = set(told)
    most_missing = (1 - RETOLD) * size
    if len(known.difference(below)) > most_missing:
        return None
    edges = (words.flags[end : end + _NEAR] & _PARAGRAPH).nonzero()[0].tolist()
    best = 0
    found = None
    for low, after in pairwise((*edges, len(below))):
        paragraph = below[low : min(after, low + _TIMES_LONGER * size)]
        # of the words that are missing each is one less in order: most paragraphs need no more than this
        if len(known.difference(paragraph)) > most_missing:
            continue
        equal = in_order(told, paragraph)
        if equal > best and equal >= RETOLD * size:
            best, found = equal, (low, paragraph)
    if found is None:
        return None
    low, paragraph = found
    first_word, last_word = _narrowed(told, paragraph, best)
    return Printing(start, end, end + low + first_word, end + low + last_word, best)


def in_order(one: list[int], other: list[int]) -> int:
    """How many words of one stand in the other in the same order: their longest common subsequence.

    One bit a word of ``one`` (Hyyrö 2004): the cost is a few operations a word of ``other``.
    """
    places: dict[int, int] = {}
    for place, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        here = places.get(word)
        if here:
            both = row & here
            row = (row + both | row - both) & full
    return len(one) - row.bit_count()


def _narrowed(told: list[int], other: list[int], equal: int) -> tuple[int, int]:
    """The shortest stretch of ``other`` from the left that still has ``equal`` words in order."""
    low, high = 0, len(other)
    step = high
    while step:
        if low + step < high and in_order(told, other[low + step : high]) == equal:
            low += step
        else:
            step //= 2
    step = high - low
    while step:
        if high - step > low and in_order(told, other[low : high - step]) == equal:
            high -= step
        else:
            step //= 2
    return low, high
