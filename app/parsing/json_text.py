r"""Strict JSON for untrusted bytes: says at which byte it stops being JSON, and what it will not guess.

Python's own scanner, made stricter: UTF-8 only, no NaN or Infinity, no name twice in one object, a
limit on nesting. Escaped lone surrogates (``"\ud800"``) are JSON by its grammar and do arrive from real
feeds: they are let through and survive to the answer.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import NoReturn, TypeAlias

from app.errors import DuplicateKey, MalformedJson, TooDeep

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

MAX_DEPTH = 32
_BOM = b"\xef\xbb\xbf"
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|-?Infinity|NaN|-?[0-9][0-9.eE+-]*+', re.DOTALL)
"""What may look like a number or be one: a string as a whole, and what stands outside of strings."""


class _NoConstantError(ValueError):
    """NaN or Infinity stood where a number must."""


def read_json(raw: bytes, *, offset: int = 0, max_depth: int = MAX_DEPTH) -> JsonValue:
    """The value of one JSON text. ``offset`` is where ``raw`` begins in the body, for messages."""
    body = raw.removeprefix(_BOM)
    offset += len(raw) - len(body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson("Not UTF-8", position=offset + error.start) from error
    try:
        value: JsonValue = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode("utf-8"))
        # "Unterminated string starting at" would be said to start at at byte 21.
        raise MalformedJson(error.msg.removesuffix(" starting at"), position=offset + at) from error
    except _NoConstantError as error:
        raise MalformedJson(str(error), position=offset + _first(text, _is_constant)) from error
    except RecursionError as error:
        raise _too_deep(max_depth) from error
    except ValueError as error:  # an integer of thousands of digits
        at = offset + _first(text, _is_too_long)
        raise MalformedJson("A number too long to read", position=at) from error
    check_depth(value, max_depth)
    return value


def write_json(value: JsonValue) -> bytes:
    """One compact JSON text in UTF-8; lone surrogates are escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise DuplicateKey(
            f"The name {twice!a} stands twice in one object.",
            field=twice,
            fix="Send each name once; which of two values is meant cannot be known.",
        )
    return found


def _first(text: str, wanted: Callable[[str], bool]) -> int:
    """The byte at which the first such token outside of strings begins; all before it is known to be JSON."""
    at = next((token.start() for token in _TOKEN.finditer(text) if wanted(token[0])), 0)
    return len(text[:at].encode("utf-8"))


def _is_constant(token: str) -> bool:
    return token.endswith(("NaN", "Infinity"))


def _is_too_long(token: str) -> bool:
    digits = token.removeprefix("-")
    return digits.isdecimal() and len(digits) > sys.get_int_max_str_digits()


def _no_constant(name: str) -> NoReturn:
    raise _NoConstantError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def check_depth(value: JsonValue, limit: int) -> None:
    """Raise TooDeep where a value is nested deeper than ``limit`` levels."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        if not level:
            return
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
    if level:
        raise _too_deep(limit)


def _too_deep(limit: int) -> TooDeep:
    return TooDeep(f"Nested more than {limit} levels deep.", fix=f"Send at most {limit} levels of nesting.")
