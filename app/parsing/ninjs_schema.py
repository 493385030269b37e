"""What ninjs' schemas (1.0 to 3.1) say of the members that are interpreted, whatever their case.

Members that are not listed are not checked: they are kept as they are, and a newer schema may know them.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

from app.errors import InvalidValue, WrongType
from app.parsing.json_text import JsonValue
from app.parsing.submission import named

Item: TypeAlias = Mapping[str, JsonValue]
"""An item's members by their names in lower case."""

_TEXTS = frozenset(
    {
        *("uri", "guid", "type", "representationtype", "profile", "pubstatus", "language", "mimetype"),
        *("versioncreated", "firstcreated", "contentcreated", "embargoed", "embargoeduntil", "expires"),
        *("by", "byline", "headline", "title", "slugline", "located", "ednote", "usageterms"),
        *("copyrightholder", "copyrightnotice"),
    }
)
_OBJECTS = frozenset({"standard", "$standard", "rightsinfo", "digitalsourcetype"})
LISTS = frozenset(
    {
        *("person", "people", "organisation", "organisations", "place", "places", "subject", "subjects"),
        *("event", "events", "object", "objects", "infosource", "infosources", "genre", "genres"),
        *("headlines", "bodies", "descriptions"),
    }
)
_EITHER = frozenset({"altids", "associations", "renditions"})
"""Objects up to 1.5, arrays since 2.0."""
_TYPES = frozenset(
    {
        "text",
        "audio",
        "video",
        "picture",
        "graphic",
        "composite",
        "component",
        "event",
        "planning",
        "animation",
    }
)
TEXT_TYPES = frozenset({"text", "composite", "component"})
"""Types of items that are news text."""
_TYPES = TEXT_TYPES | {"audio", "video", "picture", "graphic", "event", "planning", "animation"}
_REPRESENTATIONS = frozenset({"complete", "incomplete", "full", "partial"})
_PATTERNED = re.compile(r"(headline|body|description)(?:_[a-z0-9_].*)?", re.DOTALL)
_STRINGS = ("name", "rel", "scheme", "code", "uri", "literal", "role", "contenttype", "value")


def check(item: Item) -> None:
    """Hold what is interpreted to the schema's types. Raises WrongType and InvalidValue."""
    for name, value in item.items():
        _check_type(name, value)
        if name.startswith(("headline", "body", "description")) and not is_patterned(name):
            fix = "Send headline_, body_ or description_ with letters, digits and _ behind it."
            raise InvalidValue(f"{name[:60]!a} is no name of ninjs.", field=name[:60], fix=fix)
    _check_choice(item, "type", _TYPES)
    _check_choice(item, "representationtype", _REPRESENTATIONS)
    urgency = item.get("urgency")
    if urgency is not None and (isinstance(urgency, bool) or urgency not in range(1, 10)):
        raise InvalidValue("urgency is not a whole number from 1 to 9.", field="urgency", fix="Send 1 to 9.")
    rights = item.get("rightsinfo")
    if (
        isinstance(rights, dict)
        and len({name.lower() for name in rights} & {"linkedrights", "encodedrights"}) > 1
    ):
        fix = "Send one of them."
        raise InvalidValue("rightsinfo has both linkedrights and encodedrights.", field="rightsinfo", fix=fix)


def _check_type(name: str, value: JsonValue) -> None:
    if name in _TEXTS or (is_patterned(name) and name not in LISTS):
        _expect(name, value, (str,), "a string")
    elif name == "version":
        _expect(name, value, (str, int), "a string")
    elif name in _OBJECTS:
        _expect(name, value, (dict,), "an object")
    elif name in _EITHER:
        _expect(name, value, (dict, list), "an object or an array")
    elif name in LISTS:
        _expect(name, value, (list,), "an array of objects")
        for entry in value if isinstance(value, list) else ():
            _expect(name, entry, (dict,), "an array of objects")
            for inner, told in entry.items() if isinstance(entry, dict) else ():
                if inner.lower() in _STRINGS:
                    _expect(f"{name}.{inner}", told, (str, int, type(None)), "a string")


def _expect(name: str, value: JsonValue, kinds: tuple[type, ...], told: str) -> None:
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise WrongType(f"{name[:60]} is {named(value)}, not {told}.", field=name[:60], fix=f"Send {told}.")


def _check_choice(item: Item, name: str, choices: frozenset[str]) -> None:
    value = text(item, name)
    if value is not None and value.lower() not in choices:
        fix = f"Send one of {', '.join(sorted(choices))}."
        raise InvalidValue(f"{name} is {value[:60]!a}.", field=name, fix=fix)


def is_patterned(name: str) -> bool:
    """Whether a member is a headline, body or description, by the patterns of 1.x or as an array."""
    return name in LISTS or _PATTERNED.fullmatch(name) is not None


def text(item: Item, name: str) -> str | None:
    """A member that is a string; None where it is empty or another type."""
    value = item.get(name)
    return value if isinstance(value, str) and value else None
