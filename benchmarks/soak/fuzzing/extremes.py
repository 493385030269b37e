"""Bodies that are large, deep or dense on purpose: what a small request may grow to."""

import gzip
import json
import random
from collections.abc import Callable

Chance = random.Random
_MANY = 100_000


def _deep(data: bytes, chance: Chance) -> bytes:
    left, right = chance.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"<div><p>", b""), (b"<b><i>", b"</b>"))
    )
    times = chance.choice((100, 5_000, _MANY))
    at = chance.randrange(len(data) + 1)
    return data[:at] + left * times + data[at:] + right * times


def _attributes(data: bytes, chance: Chance) -> bytes:
    at = data.find(b">", chance.randrange(len(data) + 1))
    same = chance.random() < 0.3
    named = b"".join(b" a%d='x'" % (0 if same else number) for number in range(_MANY))
    return data[:at] + named + data[at:] if at > 0 else b"<a" + named + b"/>"


def _elements(data: bytes, chance: Chance) -> bytes:
    piece = chance.choice(
        (
            b"<item/>",
            b"<p>a</p>",
            b"<meta name=a content=b>",
            b"<br>",
            b"<outline xmlUrl='a'/>",
            b"<li><a href=x>y</a>",
            b"<td>",
        )
    )
    at = chance.randrange(len(data) + 1)
    return data[:at] + piece * (_MANY // chance.choice((1, 2, 10))) + data[at:]


def _members(data: bytes, chance: Chance) -> bytes:
    names = json.dumps({f"name{number}": number for number in range(_MANY // 2)}).encode()
    return (
        data.replace(b"{", names[:-1] + b",", 1) if chance.random() < 0.5 else b'{"metadata":' + names + b"}"
    )


def _lines(data: bytes, chance: Chance) -> bytes:
    line = chance.choice(
        (
            b"\n",
            b"{}\n",
            b"[]\n",
            b'"\n',
            b"-- \n",
            b"By A\n",
            b"(Reuters) -\n",
            b"1\n",
            b"Advertisement\n",
            b"| a |\n",
        )
    )
    return data + line * (_MANY // 4)


def _words(data: bytes, chance: Chance) -> bytes:
    word = chance.choice(
        (
            b"word ",
            b"a",
            b"9 ",
            b"1,",
            b"1.",
            b"' ",
            b'"',
            b"-",
            b"\xe2\x80\x94 ",
            b"A. ",
            b"\xcc\x81",
            b"&amp;",
            b"\\n",
            b"\xe4\xb8\xad",
            b"\xe0\xb8\x81",
        )
    )
    at = chance.randrange(len(data) + 1)
    return data[:at] + word * chance.choice((3_000, 30_000, _MANY)) + data[at:]


def _number(data: bytes, chance: Chance) -> bytes:
    digits = b"9" * chance.choice((400, 5_000, _MANY))
    return data.replace(b'"version": "2"', b'"version": ' + digits).replace(b"2026", digits, 1)


_WAYS: tuple[Callable[[bytes, Chance], bytes], ...] = (
    _deep, _attributes, _elements, _members, _lines, _words, _words, _number,
)  # fmt: skip


def outgrow(data: bytes, chance: Chance) -> bytes:
    """A body of up to a megabyte or so that is built to cost more than its size."""
    return chance.choice(_WAYS)(data, chance)


def packed(data: bytes, chance: Chance) -> bytes:
    """Gzip as senders break it: cut short, with other bytes behind it, packed twice, of several members, a bomb."""
    whole = gzip.compress(data, 1, mtime=0)
    way = chance.randrange(8)
    if way == 0:
        return whole[: chance.randrange(len(whole))]
    if way == 1:
        return whole + chance.randbytes(20)
    if way == 2:
        return gzip.compress(whole, 1, mtime=0)
    if way == 3:
        return whole + gzip.compress(data[:50], 1, mtime=0)
    if way == 4 and chance.random() < 0.05:
        return gzip.compress(b"[" + b" " * 20_000_000, 9, mtime=0)
    if way == 5:
        at = chance.randrange(len(whole))
        return whole[:at] + chance.randbytes(1) + whole[at + 1 :]
    return whole
