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
import unicodedata
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.dedup import lexicon
from app.dedup.model import Hashes, WordFlag, Words

_Number = TypeVar("_Number", np.uint32, np.uint64)

TOKENISER = "words-1"
"""Part of the profile's name: change it with any change of what follows."""

_SEPARATOR, _LETTER, _DIGIT, _IDEOGRAPH, _IGNORED, _APOSTROPHE, _POINT, _ENDER, _BREAK = range(9)
_BMP = 0x10000
_UNSPACED = (
    (0x0E00, 0x0E80), (0x0E80, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3005, 0x3008),
    (0x3041, 0x3100), (0x31F0, 0x3200), (0x3400, 0xA000), (0xF900, 0xFB00), (0xFF66, 0xFFA0),
)  # fmt: skip
_APOSTROPHES = "'’ʼ‘`´＇"
_POINTS = ".,٫٬"
_ENDERS = "。！？!?…؟।"
_BREAKS = "\n\r\u2029"
_STOP, _COMMA = 0x2E, 0x2C
_FOLDED_MARKS = ((0x0300, 0x0370), (0x0591, 0x05C8), (0x0610, 0x061B), (0x064B, 0x0660), (0x3099, 0x309B))
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_BASE = 0x9E3779B97F4A7C15
_TABLED = 1 << 15
"""Letters up to which a word's place is taken out of its hash by a table of inverse powers."""


def _powers(base: int) -> NDArray[np.uint64]:
    return np.cumprod(np.full(_TABLED, base, dtype=np.uint64), dtype=np.uint64)


_POWERS, _INVERSES = _powers(_BASE), _powers(pow(_BASE, -1, 1 << 64))


def _inside(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code < high for low, high in ranges)


def _describe(code: int) -> tuple[int, int, bool]:
    """Class, folded code point and whether it is a capital, of one code point."""
    char = chr(code)
    category = unicodedata.category(char)
    if category == "Cf" or (category == "Mn" and _inside(code, _FOLDED_MARKS)) or 0xFE00 <= code < 0xFE10:
        return _IGNORED, 0, False
    if char in _APOSTROPHES:
        return _APOSTROPHE, 0x27, False
    if char in _POINTS:
        return _POINT, code if code < 0x80 else _COMMA, False
    if char in _ENDERS or char in _BREAKS:
        return _ENDER if char in _ENDERS else _BREAK, 0, False
    if category[0] == "N":
        digit = unicodedata.digit(char, None)
        return _DIGIT, code if digit is None else 0x30 + digit, False
    if category[0] not in "LM":
        return _SEPARATOR, 0, False
    capital = category in {"Lu", "Lt"}
    plain = unicodedata.normalize("NFKD", char)
    kept = [c for c in plain if not (unicodedata.category(c) == "Mn" and _inside(ord(c), _FOLDED_MARKS))]
    if 0xAC00 <= code < 0xD7A4:
        kept = [char]
    folded = ord((kept[0] if kept else char).casefold()[0])
    if _inside(code, _UNSPACED):
        return (_IGNORED, 0, False) if category == "Mn" else (_IDEOGRAPH, folded, False)
    return _LETTER, folded, capital


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.bool_]]:
    rows = [_describe(code) for code in range(_BMP)]
    kinds, folds, capitals = zip(*rows, strict=True)
    return (
        np.array(kinds, dtype=np.uint8),
        np.array(folds, dtype=np.uint32),
        np.array(capitals, dtype=np.bool_),
    )


_KIND, _FOLD, _CAPITAL = _tables()
_WORDY = np.array([0, _LETTER, _DIGIT, _IDEOGRAPH, 0, 0, 0, 0, 0], dtype=np.uint8)
# Whether a word begins at a character, by four times the class of the one before plus its own. "G20" and
# "covid19" stay whole; a digit before letters stands alone, and so does each ideograph.
_BEGINS = np.array([0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1], dtype=np.bool_)


def mix(values: NDArray[np.uint64]) -> Hashes:
    """Spread 64-bit values over 32 bits (the finaliser of MurmurHash3, public domain)."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values = values ^ (values >> np.uint64(33))
    return (values >> np.uint64(32)).astype(np.uint32)


def code_points(text: str) -> NDArray[np.uint32]:
    """The text as an array of code points; lone surrogates pass as themselves."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def tokenise(text: str) -> Words:
    """The words of ``text``. Linear in its length; total for any string."""
    points = code_points(text)
    kind, fold = _classify(points)
    if "&" in text:
        _read_references(text, kind, fold)
    at: NDArray[np.intp] | None = None
    if (kind == _IGNORED).any():
        at = np.flatnonzero(kind != _IGNORED)
        kind, fold = kind[at], fold[at]
    special = np.flatnonzero(kind >= _APOSTROPHE)
    marks, mark_kind = (special if at is None else at[special]), kind[special]
    mark_kind[(mark_kind == _POINT) & (fold[special] == _STOP)] = _ENDER
    joints = _join(kind, special)
    if len(joints):
        keep = np.ones(len(kind), dtype=np.bool_)
        keep[joints] = False
        at = np.flatnonzero(keep) if at is None else at[keep]
        kind, fold = kind[keep], fold[keep]

    wordy = _WORDY[kind]
    where = np.flatnonzero(wordy)
    if not len(where):
        return _none()
    begins = np.empty(len(wordy), dtype=np.bool_)
    begins[0] = wordy[0] != 0
    begins[1:] = _BEGINS[(wordy[:-1] << 2) | wordy[1:]]
    first = np.flatnonzero(begins[where])
    last = np.empty_like(first)
    last[:-1], last[-1] = first[1:] - 1, len(where) - 1
    hashes = _hash(fold[where], first, last)
    start, end = where[first], where[last]
    start_kind = kind[start]
    if at is not None:
        start, end = at[start], at[end]
    end = end + 1
    flags = _flags(points[start], start_kind, start, end, marks, mark_kind, hashes)
    return Words(start.astype(np.int32), end.astype(np.int32), hashes, flags)


def _classify(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Class and folded code point of each character."""
    if not len(points) or int(points.max()) < _BMP:
        return _KIND[points], _FOLD[points]
    low = np.where(points >= _BMP, np.uint32(0), points)
    kind, fold = _KIND[low], _FOLD[low]
    wide = np.flatnonzero(points >= _BMP)
    codes, which = np.unique(points[wide], return_inverse=True)
    # Beyond U+20000 stand the rarer Han characters.
    kinds = [_IDEOGRAPH if 0x20000 <= code < 0x40000 else _describe(code)[0] for code in codes.tolist()]
    kind[wide] = np.array(kinds, dtype=np.uint8)[which]
    fold[wide] = points[wide]
    return kind, fold


def _join(kind: NDArray[np.uint8], special: NDArray[np.intp]) -> NDArray[np.intp]:
    """Make stops between digits part of the number; give the apostrophes inside words."""
    inside = special[(special > 0) & (special < len(kind) - 1)]
    before, own, after = kind[inside - 1], kind[inside], kind[inside + 1]
    kind[inside[(own == _POINT) & (before == _DIGIT) & (after == _DIGIT)]] = _DIGIT
    joints: NDArray[np.intp] = inside[(own == _APOSTROPHE) & (before == _LETTER) & (after == _LETTER)]
    return joints


def _hash(letters: NDArray[np.uint32], first: NDArray[np.intp], last: NDArray[np.intp]) -> Hashes:
    """A polynomial over each word's letters, the same wherever the word stands."""
    if len(letters) <= _TABLED:
        return mix(np.add.reduceat(letters * _POWERS[: len(letters)], first) * _INVERSES[first])
    # Wrapping multiplication modulo 2^64 makes both ways give the same value.
    place = np.arange(len(letters)) - np.repeat(first, last - first + 1)
    return mix(np.add.reduceat(letters * _POWERS[place % _TABLED], first) * _INVERSES[0])


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
    next_word = np.searchsorted(start, marks)
    # The stop inside "3.5" ends no sentence.
    outside = (next_word < count) & (marks >= end[np.maximum(next_word, 1) - 1])
    outside |= next_word == 0
    new_line = np.zeros(count + 1, dtype=np.bool_)
    new_line[0] = True
    new_line[next_word[mark_kind == _BREAK]] = True
    ended = new_line.copy()
    ended[next_word[outside & (mark_kind == _ENDER)]] = True
    flags = member(hashes, _NEGATIONS) * np.uint8(WordFlag.NEGATION)
    flags |= new_line[:count] * np.uint8(WordFlag.PARAGRAPH)
    flags |= ended[:count] * np.uint8(WordFlag.SENTENCE)
    flags |= member(hashes, _CALENDAR) * np.uint8(WordFlag.CALENDAR)
    flags |= _KIND_FLAGS[kind]
    flags |= _CAPITAL[np.minimum(letter, _BMP - 1)] * np.uint8(WordFlag.CAPITAL)
    return flags


_KIND_FLAGS = np.array([0, 0, WordFlag.NUMBER, WordFlag.IDEOGRAPH, 0, 0, 0, 0, 0], dtype=np.uint8)


def distinct(values: NDArray[_Number]) -> NDArray[_Number]:
    """The different values, ascending. Sorts: on a few thousand values twice as fast as np.unique."""
    ordered = np.sort(values)
    if len(ordered) < 2:
        return ordered
    first = np.empty(len(ordered), dtype=np.bool_)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def member(values: Hashes, ordered: Hashes) -> NDArray[np.bool_]:
    """Which values are in ``ordered``, an ascending array."""
    if not len(ordered):
        return np.zeros(len(values), dtype=np.bool_)
    place = np.searchsorted(ordered, values)
    place[place == len(ordered)] = 0
    found: NDArray[np.bool_] = ordered[place] == values
    return found


def _read_references(text: str, kind: NDArray[np.uint8], fold: NDArray[np.uint32]) -> None:
    """Let the first character of each reference stand for what it means, and drop the rest."""
    for match in _ENTITY.finditer(text):
        meant = html.unescape(match.group())
        # a reference to a control character stands for nothing at all
        if meant == match.group() or not meant:
            continue
        code = ord(meant[0])
        start, end = match.span()
        kind[start:end] = _IGNORED
        kind[start], fold[start] = (_KIND[code], _FOLD[code]) if code < _BMP else (_SEPARATOR, 0)


def _none() -> Words:
    empty = np.empty(0, dtype=np.int32)
    return Words(empty, empty, np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint8))


# Empty while the lists themselves are read.
_NEGATIONS = _CALENDAR = np.empty(0, dtype=np.uint32)
_NEGATIONS, _CALENDAR = (
    distinct(tokenise(" ".join(table.values())).hash) for table in (lexicon.NEGATIONS, lexicon.CALENDAR)
)
