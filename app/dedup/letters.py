"""What each code point is to the tokeniser: its class, what it folds to, whether it is a capital.

Folding takes away case, accents, width and other scripts' digits.
"""

import unicodedata
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from app.dedup.model import WordFlag

SEPARATOR, LETTER, DIGIT, IDEOGRAPH, IGNORED, APOSTROPHE, POINT, ENDER, BREAK = range(9)
BMP = 0x10000
"""Code points of the basic plane, which are looked up in tables."""
STOP = 0x2E
_COMMA = 0x2C


def _codes(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(chain.from_iterable(range(low, high) for low, high in ranges))


_UNSPACED = _codes(
    (0x0E00, 0x0E80), (0x0E80, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3005, 0x3008),
    (0x3041, 0x3100), (0x31F0, 0x3200), (0x3400, 0xA000), (0xF900, 0xFB00), (0xFF66, 0xFFA0),
)  # fmt: skip
_APOSTROPHES = "'’ʼ‘`´＇"
_POINTS = ".,٫٬"
_ENDERS = "。！？!?…؟।"
_BREAKS = "\n\r\x85\u2028\u2029"
_FOLDED_MARKS = _codes(
    (0x0300, 0x0370), (0x0591, 0x05C8), (0x0610, 0x061B), (0x064B, 0x0660), (0x3099, 0x309B)
)
ALIKE = ((0x3400, 0x4DC0), (0x4E00, 0x9FFD), (0xAC00, 0xD7A4), (0xD800, 0xF900))
"""Han, Hangul, surrogates and private use: blocks, each from one code point up to another, whose first speaks
for all of them under every Unicode that Python 3.11 and later know. Two thirds of the plane need not be
described one by one when the program starts."""


def classify(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Class of each character."""
    if not len(points) or int(points.max()) < BMP:
        return _KIND.take(points)
    kind = _KIND.take(points, mode="clip")
    wide = (points >= BMP).nonzero()[0]
    codes, which = np.unique(points[wide], return_inverse=True)
    # Beyond U+20000 stand the rarer Han characters.
    kinds = [IDEOGRAPH if 0x20000 <= code < 0x40000 else describe(code)[0] for code in codes.tolist()]
    kind[wide] = np.array(kinds, dtype=np.uint8)[which]
    return kind


def fold(letters: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Letters and digits without case, accents and width. Raises ValueError where there are none."""
    if int(letters.max()) < BMP:
        return _FOLD.take(letters)
    return np.where(letters < BMP, _FOLD.take(letters, mode="clip"), letters)


def capitals(letters: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """The flag of those that are capitals."""
    return _CAPITAL.take(letters, mode="clip")


def describe(code: int) -> tuple[int, int, bool]:
    """Class, folded code point and whether it is a capital, of one code point."""
    char = chr(code)
    category = unicodedata.category(char)
    # Three code points of four: ideographs and Hangul as they stand, and what is assigned to nobody.
    if category == "Lo" and not unicodedata.decomposition(char):
        return (IDEOGRAPH if code in _UNSPACED else LETTER), code, False
    if category in {"Cn", "Co", "Cs"}:
        return SEPARATOR, 0, False
    if category == "Cf" or (category == "Mn" and code in _FOLDED_MARKS) or 0xFE00 <= code < 0xFE10:
        return IGNORED, 0, False
    if char in _APOSTROPHES:
        return APOSTROPHE, 0x27, False
    if char in _POINTS:
        return POINT, code if code < 0x80 else _COMMA, False
    if char in _ENDERS or char in _BREAKS:
        return ENDER if char in _ENDERS else BREAK, 0, False
    if category[0] == "N":
        digit = unicodedata.digit(char, None)
        return DIGIT, code if digit is None else 0x30 + digit, False
    if category[0] not in "LM":
        return SEPARATOR, 0, False
    capital = category in {"Lu", "Lt"}
    # Most letters decompose into nothing, and Hangul is kept whole: asking first takes a third of the time.
    plain = unicodedata.normalize("NFKD", char) if unicodedata.decomposition(char) else char
    kept = [c for c in plain if not (unicodedata.category(c) == "Mn" and ord(c) in _FOLDED_MARKS)]
    folded = ord((kept[0] if kept else char).casefold()[0])
    if code in _UNSPACED:
        return (IGNORED, 0, False) if category == "Mn" else (IDEOGRAPH, folded, False)
    return LETTER, folded, capital


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint8]]:
    kinds, folds = np.zeros(BMP, dtype=np.uint8), np.zeros(BMP, dtype=np.uint32)
    capital = np.zeros(BMP, dtype=np.bool_)
    start = 0
    for low, high in (*ALIKE, (BMP, BMP)):
        kinds[start:low], folds[start:low], capital[start:low] = zip(
            *map(describe, range(start, low)), strict=True
        )
        if low < high:
            kinds[low:high], folded, _ = describe(low)
            folds[low:high] = range(low, high) if folded else 0
        start = high
    return kinds, folds, capital * np.uint8(WordFlag.CAPITAL)


_KIND, _FOLD, _CAPITAL = _tables()
