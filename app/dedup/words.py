"""One pass over a text: words with offsets, hashes and flags, as arrays.

A word is a run of letters or digits of any script, folded (case, accents, width, Arabic-Indic
digits). Scripts written without spaces count each letter as a word: Han, kana, Thai, Lao,
Khmer, Myanmar. An apostrophe inside a word and zero-width marks vanish; a stop or comma between
digits belongs to the number; a digit before letters ("1the", "20m") is a word of its own, which
keeps a stray footnote mark from hiding the word it clings to. HTML character references are read
as what they stand for. Known limits: ß folds to one s; conjoining Hangul jamo are not composed.
"""

import html
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.dedup import lexicon
from app.dedup.arrays import mix
from app.dedup.letters import (
    APOSTROPHE,
    BMP,
    BREAK,
    DIGIT,
    ENDER,
    IDEOGRAPH,
    IGNORED,
    LETTER,
    POINT,
    STOP,
    capitals,
    classify,
    fold,
)
from app.dedup.model import Hashes, WordFlag, Words

TOKENISER = "words-1"
"""Part of the profile's name: change it with any change of what follows."""

_SPACE, _SOFT_HYPHEN = 0x20, 0xAD
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_BASE = 0x9E3779B97F4A7C15
_TABLED = 1 << 15
"""Letters up to which a word's place is taken out of its hash by a table of inverse powers."""


def _powers(base: int) -> NDArray[np.uint64]:
    return np.cumprod(np.full(_TABLED, base, dtype=np.uint64), dtype=np.uint64)


_POWERS, _INVERSES = _powers(_BASE), _powers(pow(_BASE, -1, 1 << 64))

_KIND_FLAG = np.array([0, 0, WordFlag.NUMBER, WordFlag.IDEOGRAPH], dtype=np.uint8)
_PARAGRAPH, _SENTENCE = np.uint8(WordFlag.PARAGRAPH | WordFlag.SENTENCE), np.uint8(WordFlag.SENTENCE)
# Whether a word begins at a character, by four times the class of the one before plus its own. "G20" and
# "covid19" stay whole; a digit before letters stands alone, and so does each ideograph.
_BEGINS = np.array([0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1], dtype=np.bool_)


def code_points(text: str) -> NDArray[np.uint32]:
    """The text as an array of code points; lone surrogates pass as themselves."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def tokenise(text: str) -> Words:
    """The words of ``text``. Linear in its length; total for any string."""
    # Some 60 NumPy calls of 1 to 12 µs each: the cheapest spelling counts. Methods for functions, ``take``
    # for an index of small integers, bytes for "is there any": 440 µs for 400 words became 275.
    points = code_points(text)
    meant = _read_references(text, points) if "&" in text else points
    kind = classify(meant)
    at: NDArray[np.intp] | None = None
    if IGNORED in kind.tobytes():
        at = (kind != IGNORED).nonzero()[0]
        kind, meant = kind.take(at), meant.take(at)
    special = (kind >= APOSTROPHE).nonzero()[0]
    mark_kind = kind.take(special)
    mark_kind[(mark_kind == POINT) & (meant.take(special) == STOP)] = ENDER
    joints = _join(kind, special)

    wordy = kind * (kind <= IDEOGRAPH)
    # A word goes on over the apostrophe inside it …
    wordy[joints] = LETTER
    begins = np.empty(len(wordy), dtype=np.bool_)
    begins[:1] = True
    begins[1:] = _BEGINS.take((wordy[:-1] << 2) | wordy[1:])
    # … which is none of its letters.
    wordy[joints] = 0
    where = wordy.nonzero()[0]
    if not len(where):
        return _none()
    first = begins.take(where).nonzero()[0]
    last = np.empty_like(first)
    last[:-1], last[-1] = first[1:] - 1, len(where) - 1
    hashes = _hash(fold(meant.take(where)), first, last)
    start, end = where.take(first), where.take(last)
    start_kind = kind.take(start)
    if at is not None:
        start, end, special = at.take(start), at.take(end), at.take(special)
    end += 1
    flags = _flags(points.take(start), start_kind, start, end, special, mark_kind, hashes)
    return Words(start.astype(np.int32), end.astype(np.int32), hashes, flags)


def tokenise_both(text: str, title: str) -> tuple[Words, Words]:
    """The words of a text and those of its title, in one go: alone a title takes half as long as a page."""
    if not title:
        return tokenise(text), _none()
    # No word and no reference reaches over the break, and what follows it begins a paragraph either way.
    begin = len(text) + 1
    both = tokenise(f"{text}\n{title}")
    cut = int(both.start.searchsorted(begin))
    return (
        Words(both.start[:cut], both.end[:cut], both.hash[:cut], both.flags[:cut]),
        Words(both.start[cut:] - begin, both.end[cut:] - begin, both.hash[cut:], both.flags[cut:]),
    )


def _join(kind: NDArray[np.uint8], special: NDArray[np.intp]) -> NDArray[np.intp]:
    """Make stops between digits part of the number; give the apostrophes inside words."""
    inside = special[(special > 0) & (special < len(kind) - 1)]
    before, own, after = kind.take(inside - 1), kind.take(inside), kind.take(inside + 1)
    alike = before == after
    kind[inside[alike & (own == POINT) & (before == DIGIT)]] = DIGIT
    joints: NDArray[np.intp] = inside[alike & (own == APOSTROPHE) & (before == LETTER)]
    return joints


def _hash(letters: NDArray[np.uint32], first: NDArray[np.intp], last: NDArray[np.intp]) -> Hashes:
    """A polynomial over each word's letters, the same wherever the word stands."""
    # Wrapping multiplication modulo 2^64 makes both ways give the same value.
    if len(letters) <= _TABLED:
        placed, back = letters * _POWERS[: len(letters)], _INVERSES.take(first)
    else:
        place = np.arange(len(letters)) - np.repeat(first, last - first + 1)
        placed, back = letters * _POWERS[place % _TABLED], _INVERSES[0]
    return mix(np.add.reduceat(placed, first) * back)


def _flags(
    letter: NDArray[np.uint32],
    kind: NDArray[np.uint8],
    start: NDArray[np.intp],
    end: NDArray[np.intp],
    marks: NDArray[np.intp],
    mark_kind: NDArray[np.uint8],
    hashes: Hashes,
) -> NDArray[np.uint8]:
    """One byte a word. ``marks`` are where stops and line breaks stand."""
    count = len(start)
    flags = np.empty(count + 1, dtype=np.uint8)
    flags[:count] = _KIND_FLAG.take(kind)
    flags[:count] |= capitals(letter)
    flags[:count] |= _listed(hashes)
    next_word = start.searchsorted(marks)
    # The stop inside "3.5" ends no sentence.
    outside = (marks >= end.take(next_word - 1, mode="wrap")) | (next_word == 0)
    flags[next_word[outside & (mark_kind == ENDER)]] |= _SENTENCE
    flags[next_word[mark_kind == BREAK]] |= _PARAGRAPH
    flags[0] |= _PARAGRAPH
    return flags[:count]


def _listed(hashes: Hashes) -> NDArray[np.uint8]:
    """The flags of the words that stand in the lexicon."""
    flags = np.zeros(len(hashes), dtype=np.uint8)
    # Only one word in 300 shares its lower half with a listed one by chance: 10 µs for 400 words, where
    # looking all of them up in two sorted lists took 80.
    likely = _LIKELY.take(hashes.astype(np.uint16)).nonzero()[0]
    if len(likely):
        flags[likely] = [_LISTED.get(word, 0) for word in hashes.take(likely).tolist()]
        for place in likely[(flags.take(likely) & _OPENS) != 0].tolist():
            following = tuple(hashes[place + 1 : place + 3].tolist())
            flags[place] = next(
                (flag for rest, flag in _LONGER[int(hashes[place])] if following[: len(rest)] == rest), 0
            )
    return flags


def _read_references(text: str, points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The text with the first character of each reference standing for what it means, the rest ignored."""
    meant = points.copy()
    for match in _ENTITY.finditer(text):
        said = html.unescape(match.group())
        # a reference to a control character stands for nothing at all
        if said == match.group() or not said:
            continue
        code = ord(said[0])
        start, end = match.span()
        meant[start:end] = _SOFT_HYPHEN
        meant[start] = code if code < BMP else _SPACE
    return meant


def _none() -> Words:
    empty = np.empty(0, dtype=np.int32)
    return Words(empty, empty, np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint8))


# Empty while the lists themselves are read.
_LISTED: dict[int, int] = {}
_LONGER: dict[int, list[tuple[tuple[int, ...], int]]] = {}
"""By its first letter, what follows in a listed word of two or three letters not spaced apart; its flag."""
_OPENS = 128
"""Beside the flags of a word: it may open a longer one. No word keeps it."""
_LIKELY = np.zeros(1 << 16, dtype=np.bool_)
"""Whether a listed word has these lower 16 bits."""


def _list_words(table: Mapping[str, str], flag: WordFlag) -> None:
    # In one go, a line each: one by one the 300 took 60 ms of every start.
    lines = tokenise("\n".join(" ".join(table.values()).split()))
    begins = (lines.flags & WordFlag.PARAGRAPH).nonzero()[0]
    for word in np.split(lines.hash, begins[1:]):
        first, *rest = word.tolist()
        if rest:
            _LONGER.setdefault(first, []).append((tuple(rest), int(flag)))
        _LISTED[first] = _LISTED.get(first, 0) | (_OPENS if rest else int(flag))


_list_words(lexicon.NEGATIONS, WordFlag.NEGATION)
_list_words(lexicon.CALENDAR, WordFlag.CALENDAR)
_LIKELY[[word & 0xFFFF for word in _LISTED]] = True
