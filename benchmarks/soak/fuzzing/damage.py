"""Mutations that know nothing of a format: bytes cut, doubled, flipped, put in, written in another charset."""

import random
from collections.abc import Callable, Sequence

ODD: tuple[bytes, ...] = (
    b"\0", b"\x1b", b"\x7f", b"\r", b"\n\n", b"\t", b"\x0c", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0",
    b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f", b"\x80", b"\xe2\x80\xae",
    b"\xe2\x81\xa6", b"\xe2\x80\xa8", b"\xe2\x80\x8d", b"\xe2\x80\x8b", b"\xc2\xa0", b"\xcc\x81" * 40, b"\xef\xbf\xbf",
    b"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", b"\xe0\xb8\x81\xe0\xb8\xb3", b"\xc4\xb0", b"\xef\xac\x80",
    b"&#0;", b"&#xD800;", b"&#1114112;", b"&#99999999999;", b"&nbsp;", b"&nosuch;", b"&amp;amp;", b"&", b"<", b">", b"]]>",
    b"<!--", b"-->", b"<![CDATA[", b"<?xml version='1.1' encoding='utf-7'?>", b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b"<?x",
    b"</", b"/>", b"<script>", b"<p", b'"', b"'", b"\\", b"\\ud800", b"\\u0000", b"{", b"}", b"[", b"]", b",", b":", b"null",
    b"1e999", b"-0", b"NaN", b"-Infinity", b"1" * 400, b"9" * 5000, b"0x10", b"1.", b"%", b"%00", b"%ff", b"..", b"//", b"@",
    b"1601-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"0001-01-01", b"2026-02-30", b"2026-W53-7", b"x" * 3000,
    b"a " * 1500, b"\xd9\xa3\xd9\xa4", b"\xe2\x82\x82", b"\xc2\xb2", b"\xf0\x9d\x9f\x98", b"(Reuters) - ", b"CORRECTED-", b"\xe2\x80\x9c",
)  # fmt: skip
"""Bytes that parsers have stumbled over: marks, surrogates, bidi, entities, frames, numbers, dates."""
CHARSETS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp1252", "koi8-r", "shift_jis",
    "iso2022_jp", "hz", "gb18030", "utf-7", "cp037", "big5", "euc_kr",
)  # fmt: skip

Chance = random.Random


def _flip(data: bytes, chance: Chance) -> bytes:
    whole = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    return bytes(whole)


def _put_in(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(ODD) + data[at:]


def _put_over(data: bytes, chance: Chance) -> bytes:
    at, odd = chance.randrange(len(data)), chance.choice(ODD)
    return data[:at] + odd + data[at + len(odd) :]


def _noise(data: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.randint(1, 60)) + data[at + chance.randint(0, 60) :]


def _drop(data: bytes, chance: Chance) -> bytes:
    begin, end = _stretch(data, chance)
    return data[:begin] + data[end:]


def _double(data: bytes, chance: Chance) -> bytes:
    begin, end = _stretch(data, chance)
    times = chance.choice((2, 2, 3, 20))
    return data[:begin] + data[begin:end] * times + data[end:]


def _swap(data: bytes, chance: Chance) -> bytes:
    (a, b), (c, d) = sorted((_stretch(data, chance), _stretch(data, chance)))
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _cut_short(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data))]


def _recode(data: bytes, chance: Chance) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(CHARSETS), "replace")


def _relabel(data: bytes, chance: Chance) -> bytes:
    label = chance.choice((*CHARSETS, "klingon", "", "unicode", "base64", "x" * 50)).encode()
    return data.replace(b"utf-8", label).replace(b"UTF-8", label)


def _upper(data: bytes, chance: Chance) -> bytes:
    begin, end = _stretch(data, chance)
    return data[:begin] + data[begin:end].swapcase() + data[end:]


_WAYS: tuple[Callable[[bytes, Chance], bytes], ...] = (
    _flip, _put_in, _put_in, _put_in, _put_over, _noise, _drop, _drop, _double, _swap, _cut_short, _recode,
    _relabel, _upper,
)  # fmt: skip


def damage(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
    """One mutation of bytes; now and then the rest of it is another body's."""
    if not data:
        return chance.choice(ODD)
    if chance.random() < 0.05:
        other = chance.choice(others)
        return data[: chance.randrange(len(data))] + other[chance.randrange(len(other) + 1) :]
    return chance.choice(_WAYS)(data, chance)


def _stretch(data: bytes, chance: Chance) -> tuple[int, int]:
    begin = chance.randrange(len(data))
    return begin, min(len(data), begin + chance.choice((1, 4, 40, 400)))
