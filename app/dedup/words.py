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

_SEPARATOR, _LETTER, _DIGIT, _IDEOGRAPH, _IGNORED, _APOSTROPHE, _POINT = range(7)
_BMP = 0x10000
_UNSPACED = (
    (0x0E00, 0x0E80), (0x0E80, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3005, 0x3008),
    (0x3041, 0x3100), (0x31F0, 0x3200), (0x3400, 0xA000), (0xF900, 0xFB00), (0xFF66, 0xFFA0),
)  # fmt: skip
_APOSTROPHES = "'’ʼ‘`´＇"
_POINTS = ".,٫٬"
_FOLDED_MARKS = ((0x0300, 0x0370), (0x0591, 0x05C8), (0x0610, 0x061B), (0x064B, 0x0660), (0x3099, 0x309B))
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ENDERS = "。！？!?.…؟।"

_BASE = np.uint64(0x9E3779B97F4A7C15)
_POWERS = np.cumprod(np.full(64, _BASE, dtype=np.uint64), dtype=np.uint64)


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
        return _POINT, code if code < 0x80 else 0x2C, False
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
_IS_ENDER = np.zeros(_BMP, dtype=np.bool_)
_IS_ENDER[[ord(c) for c in _ENDERS]] = True


def mix(values: NDArray[np.uint64]) -> Hashes:
    """Spread 64-bit values over 32 bits (the finaliser of MurmurHash3, public domain)."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values = values ^ (values >> np.uint64(33))
    return (values >> np.uint64(32)).astype(np.uint32)


def code_points(text: str) -> NDArray[np.uint32]:
    """The text as an array of code points; lone surrogates pass as themselves."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _astral(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], dict[int, int]]:
    """Map points beyond the BMP onto private-use stand-ins with a class of their own."""
    rare = distinct(points[points >= _BMP])
    return rare, {int(code): _describe(int(code))[0] if code < 0x20000 else _IDEOGRAPH for code in rare}


def tokenise(text: str) -> Words:
    """The words of ``text``. Linear in its length; total for any string."""
    points = code_points(text)
    if not len(points):
        return _none()
    wide = points >= _BMP
    has_wide = bool(wide.any())
    low = np.where(wide, np.uint32(0), points) if has_wide else points
    kind, fold = _KIND[low], _FOLD[low]
    if has_wide:
        _fill_astral(points, kind, fold)
    if "&" in text:
        _read_references(text, kind, fold)

    at = np.flatnonzero(kind != _IGNORED)
    kind, fold = kind[at], fold[at]
    if not len(kind):
        return _none()
    digit, letter = kind == _DIGIT, kind == _LETTER
    before, after = np.empty_like(kind), np.empty_like(kind)
    before[0], before[1:] = _SEPARATOR, kind[:-1]
    after[-1], after[:-1] = _SEPARATOR, kind[1:]
    point = (kind == _POINT) & (before == _DIGIT) & (after == _DIGIT)
    kind[point] = _DIGIT
    digit |= point
    joint = (kind == _APOSTROPHE) & (before == _LETTER) & (after == _LETTER)
    if joint.any():
        keep = ~joint
        at, kind, fold, digit, letter = at[keep], kind[keep], fold[keep], digit[keep], letter[keep]

    wordy = digit | letter | (kind == _IDEOGRAPH)
    begins = wordy.copy()
    same = (kind[1:] == kind[:-1]) & (kind[1:] != _IDEOGRAPH)
    # "G20" and "covid19" stay whole; a digit before letters stands alone.
    same |= digit[1:] & letter[:-1]
    begins[1:] &= ~(wordy[:-1] & same)
    where = np.flatnonzero(wordy)
    if not len(where):
        return _none()
    first = np.flatnonzero(begins[where])
    chars = fold[where].astype(np.uint64)
    place = np.arange(len(where)) - np.repeat(first, np.diff(first, append=len(where)))
    sums = np.add.reduceat(chars * _POWERS[place & 63], first)
    last = np.append(first[1:], len(where)) - 1
    start = at[where[first]].astype(np.int32)
    end = (at[where[last]] + 1).astype(np.int32)
    hashes = mix(sums)
    flags = _flags(low, kind[where[first]], start, end, hashes)
    return Words(start, end, hashes, flags)


def _flags(
    low: NDArray[np.uint32],
    kind: NDArray[np.uint8],
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    hashes: Hashes,
) -> NDArray[np.uint8]:
    breaks = np.cumsum((low == 0x0A) | (low == 0x0D) | (low == 0x2029))
    ends = np.cumsum(_IS_ENDER[low])
    new_line = np.ones(len(start), dtype=np.bool_)
    new_line[1:] = breaks[start[1:]] > breaks[start[:-1]]
    ended = new_line.copy()
    # counted from the word's end, so that the stop inside "3.5" ends no sentence
    ended[1:] |= ends[start[1:]] > ends[end[:-1] - 1]
    raised = (
        (kind == _DIGIT, WordFlag.NUMBER),
        (_CAPITAL[low[start]], WordFlag.CAPITAL),
        (kind == _IDEOGRAPH, WordFlag.IDEOGRAPH),
        (new_line, WordFlag.PARAGRAPH),
        (ended, WordFlag.SENTENCE),
        (member(hashes, _NEGATIONS), WordFlag.NEGATION),
    )
    flags = np.zeros(len(start), dtype=np.uint8)
    for mask, flag in raised:
        flags |= mask.astype(np.uint8) * np.uint8(flag)
    return flags


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


def _fill_astral(points: NDArray[np.uint32], kind: NDArray[np.uint8], fold: NDArray[np.uint32]) -> None:
    rare, kinds = _astral(points)
    for code in rare:
        where = points == code
        kind[where] = kinds[int(code)]
        fold[where] = code


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


# Empty while the list itself is read.
_NEGATIONS = np.empty(0, dtype=np.uint32)
_NEGATIONS = distinct(tokenise(" ".join(lexicon.NEGATIONS.values())).hash)
