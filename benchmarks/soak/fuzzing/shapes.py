"""Mutations that know JSON or markup: members, types, nesting, names, elements, attributes, entities."""

import json
import random
import re
from typing import Any

from benchmarks.soak.fuzzing.damage import ODD

Chance = random.Random
_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb"""(\s[\w:.-]+\s*=\s*)("[^"]*"|'[^']*')""")
_NAMED = re.compile(rb"</?([A-Za-z_][\w:.-]*)")
_TEXTS = [each.decode("utf-8", "replace") for each in ODD]
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**64), 10**400, 1e308, -0.0, 0.1, "", " ", [], {}, [[]], [None], {"": None},
    ["a", 1, None, {}], {"value": "x"}, "\ud800", "\udfff\ud800", "\0", "null", "true", "canceled", "withheld", "9999-12-31",
    "2999-01-01T00:00:00Z", "http://[", "http://127.0.0.1/", "javascript:alert(1)", "urn:x:" + "y" * 9000, "é" * 11_000,
)  # fmt: skip

_DOCTYPES = (
    b"<!DOCTYPE a>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'>",
)
_LARGEST = 200_000
"""Copies of copies would outgrow every machine."""


def reshape(data: bytes, chance: Chance) -> bytes:
    """One mutation of what the body means, by what it looks like; the body itself where it is neither."""
    if len(data) > _LARGEST:
        return data
    if data.lstrip()[:1] in (b"{", b"["):
        return _reshape_json(data, chance)
    return _reshape_markup(data, chance) if b"<" in data else data


def _reshape_json(data: bytes, chance: Chance) -> bytes:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return _rename(data, chance)
    places = [*_places(value)]
    if not places:
        return data
    inside, key = chance.choice(places)
    old, way = inside[key], chance.randrange(10)
    if way < 3:
        inside[key] = chance.choice(_VALUES)
    elif way == 3:
        inside[key] = [old] if chance.random() < 0.5 else {"value": old}
    elif way == 4:
        for _ in range(chance.choice((3, 31, 33, 300))):
            old = [old] if way else old
        inside[key] = old
    elif way == 5:
        del inside[key]
    elif way == 6 and isinstance(old, str):
        at = chance.randrange(len(old) + 1)
        inside[key] = old[:at] + chance.choice(_TEXTS) + old[at:]
    elif way == 7 and isinstance(inside, dict):
        inside[chance.choice((*_TEXTS, str(key) + "s", str(key).upper()))] = old
    elif way == 8:
        other, name = chance.choice(places)
        inside[key] = other[name] if not isinstance(other[name], dict | list) else chance.choice(_VALUES)
    elif isinstance(inside, dict):
        return _say_twice(json.dumps(value), json.dumps(str(key)), chance)
    else:
        inside.extend([old] * chance.choice((1, 5, 50)))
    return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _places(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Every container of a JSON value with each of its keys."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _say_twice(text: str, name: str, chance: Chance) -> bytes:
    odd = json.dumps(chance.choice(_VALUES))
    return text.replace(f"{name}:", f"{name}: {odd}, {name}:", 1).encode()


def _rename(data: bytes, chance: Chance) -> bytes:
    names = re.findall(rb'"\w{1,30}"\s*:', data)
    return data.replace(chance.choice(names), chance.choice(names)) if names else data


def _reshape_markup(data: bytes, chance: Chance) -> bytes:
    tags = list(_TAG.finditer(data))
    if not tags:
        return data
    tag, other = chance.choice(tags), chance.choice(tags)
    if chance.random() < 0.5:
        return _move_tags(data, tag, other, chance)
    (start, end), way = tag.span(), chance.randrange(6)
    if way == 0:
        odd = b" ".join(
            b'%b%d="%b"' % (b"a", n, chance.choice(ODD)[:50]) for n in range(chance.randint(1, 30))
        )
        return data[: end - 1] + b" " + odd + data[end - 1 :]
    if way == 1:
        return data[:start] + _ATTRIBUTE.sub(rb'\1"' + _literal(chance) + rb'"', tag[0], count=1) + data[end:]
    if way == 2:
        return _rename_tags(data, tags, chance)
    if way == 3:
        return chance.choice(_DOCTYPES) + data
    if way == 4:
        return data[:end] + b"<![CDATA[" + chance.choice(ODD) + b"]]>" + data[end:]
    return data[:end] + chance.choice(ODD) + data[end:]


def _move_tags(data: bytes, tag: re.Match[bytes], other: re.Match[bytes], chance: Chance) -> bytes:
    (start, end), way = tag.span(), chance.randrange(5)
    if way == 0:
        return data[:start] + data[end:]
    if way == 1:
        return data[:start] + other[0] + data[end:]
    if way == 2:
        return data[:start] + tag[0] * chance.choice((1, 3, 40, 400)) + data[end:]
    if way == 3:
        begin, stop = sorted((tag.start(), other.end()))
        return data[:stop] + data[begin:stop] * chance.choice((1, 2, 10)) + data[stop:]
    begin, stop = sorted((tag.end(), other.start()))
    return data[:begin] + data[stop:]


def _rename_tags(data: bytes, tags: list[re.Match[bytes]], chance: Chance) -> bytes:
    names = [found[1] for each in tags if (found := _NAMED.match(each[0]))]
    if not names:
        return data
    old, new = chance.choice(names), chance.choice(names)
    return data.replace(b"<" + old, b"<" + new).replace(b"</" + old, b"</" + new)


def _literal(chance: Chance) -> bytes:
    return chance.choice(ODD).replace(b"\\", b"\\\\")
