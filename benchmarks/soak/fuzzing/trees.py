"""Mutations of well-formed XML that leave it well-formed: what readers behind a strict parser meet."""

import random
from copy import deepcopy
from typing import Any

from lxml import etree

from benchmarks.soak.fuzzing.damage import ODD

Chance = random.Random
_TEXTS = tuple(
    "".join(c for c in each.decode("utf-8", "replace") if c >= " " and not "\ufffe" <= c <= "\uffff")
    for each in ODD
)
_VALUES = (
    "", " ", "stat:canceled", "stat:withheld", "icls:picture", "ninat:text", "text/plain", "application/nitf+xml", "0", "-1",
    "99999999999999999999", "2999-01-01T00:00:00Z", "20260303T093000+0000", "9999-12-31", "x:y:z", ":", "http://[", "xx-XX-x-private",
)  # fmt: skip

_LARGEST = 200_000
"""Copies of copies would outgrow every machine."""


def regrow(data: bytes, chance: Chance) -> bytes:
    """One mutation of the tree; the body itself where it is not well-formed."""
    if len(data) > _LARGEST:
        return data
    try:
        root = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except (etree.XMLSyntaxError, ValueError):
        return data
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    one, other = chance.choice(elements), chance.choice(elements)
    _WAYS[chance.randrange(len(_WAYS))](one, other, chance)
    return bytes(etree.tostring(root))


def _say(one: Any, _: Any, chance: Chance) -> None:  # noqa: ANN401 - lxml has no types
    one.text = chance.choice((*_TEXTS, *_VALUES, None))


def _say_more(one: Any, _: Any, chance: Chance) -> None:  # noqa: ANN401
    at = chance.randrange(len(one.text or "") + 1)
    one.text = (one.text or "")[:at] + chance.choice(_TEXTS) + (one.text or "")[at:]


def _tail(one: Any, _: Any, chance: Chance) -> None:  # noqa: ANN401
    if one.getparent() is not None:
        one.tail = chance.choice((*_TEXTS, "\n   "))


def _remove(one: Any, _: Any, _chance: Chance) -> None:  # noqa: ANN401
    if one.getparent() is not None:
        one.getparent().remove(one)


def _copy(one: Any, other: Any, chance: Chance) -> None:  # noqa: ANN401
    copied = deepcopy(one)  # first: the other may stand inside of it
    times = min(chance.choice((1, 1, 2, 30)), _LARGEST // len(etree.tostring(copied)) + 1)
    other.extend([deepcopy(copied) for _ in range(times)])


def _rename(one: Any, other: Any, chance: Chance) -> None:  # noqa: ANN401
    one.tag = (
        other.tag
        if chance.random() < 0.7
        else chance.choice(("p", "x", "{http://x.example/}x", "html", "newsItem"))
    )


def _nest(one: Any, _other: Any, chance: Chance) -> None:  # noqa: ANN401
    inner = deepcopy(one)
    inner.tail = None
    for _ in range(chance.choice((1, 3, 60))):
        outer = etree.Element(one.tag, one.attrib, one.nsmap)
        outer.append(inner)
        inner = outer
    one.append(inner)


def _empty(one: Any, _: Any, _chance: Chance) -> None:  # noqa: ANN401
    for each in list(one):
        one.remove(each)
    one.text = None


def _attribute(one: Any, other: Any, chance: Chance) -> None:  # noqa: ANN401
    names = [*one.attrib, *other.attrib, "xml:lang", "qcode"]
    name = chance.choice(names)
    one.set(
        "{http://www.w3.org/XML/1998/namespace}lang" if name == "xml:lang" else name,
        chance.choice((*_VALUES, *_TEXTS)),
    )


def _bare(one: Any, _: Any, _chance: Chance) -> None:  # noqa: ANN401
    for name in list(one.attrib):
        del one.attrib[name]


def _mark(one: Any, _: Any, chance: Chance) -> None:  # noqa: ANN401
    one.insert(0, chance.choice((etree.Comment("a - b"), etree.ProcessingInstruction("x", "y"))))


_WAYS = (
    _say, _say, _say_more, _say_more, _tail, _remove, _remove, _copy, _copy, _rename, _rename, _nest, _empty, _attribute,
    _attribute, _bare, _mark,
)  # fmt: skip
