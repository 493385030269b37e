"""ninjs 1.0 to 3.1: one news item as JSON, or an array of them.

The generations differ in case (``pubstatus``, ``pubStatus``) and shape (``body_html`` and ``headline_*``
against arrays of bodies and headlines, objects against arrays of altids and associations): names are read
whatever their case, both shapes of each. What is interpreted must be of the schema's type; what is not, is
kept as it is. docs/formats.md has the table of words and what is refused.
"""

import re
from collections.abc import Iterable, Mapping

from app.errors import MissingField, NoArticle, WirefoldError, WrongType
from app.model import Submission
from app.parsing.document import is_blank
from app.parsing.items import ArrayCutter
from app.parsing.json_text import JsonValue, read_json
from app.parsing.ninjs_schema import LISTS, TEXT_TYPES, Item, check, is_patterned, text
from app.parsing.nitf import nitf_text
from app.parsing.reader import Defaults, Parsed, make_submission
from app.parsing.submission import named
from app.parsing.wire import agency_of, article_text, authority_of, first, status_of, without_wrapper

_MAPPED = frozenset(
    {
        *("uri", "guid", "version", "pubstatus", "language", "versioncreated", "firstcreated", "embargoed"),
        *(
            "embargoeduntil",
            "by",
            "byline",
            "slugline",
            "ednote",
            "signal",
            "signals",
            "altids",
            "usageterms",
        ),
        *("infosource", "infosources", "expires", "bodies", "body_html", "body_xhtml", "body_text"),
    }
)
_TAG = re.compile(r"<[^>]*>")


def read_ninjs(data: bytes, defaults: Defaults) -> Submission | list[Parsed]:
    """The article of an item, or an outcome for each of an array."""
    # In our words the item lies two levels deeper, under metadata.
    depth = max(1, defaults.bounds.depth - 2)
    sent = read_json(data, offset=defaults.offset, max_depth=depth)
    if isinstance(sent, dict):
        return _submission(sent, data, defaults)
    if not isinstance(sent, list):
        raise WrongType(f"ninjs is an object, not {named(sent)}.", fix="Send one item or an array of them.")
    cutter = ArrayCutter(max_item_bytes=defaults.bounds.item_bytes)
    parts = [*cutter.feed(data), *cutter.close()]
    read: list[Parsed] = []
    for each, part in zip(sent, parts, strict=True):
        try:
            if not isinstance(each, dict):
                raise WrongType(f"ninjs is an object, not {named(each)}.", fix="Send items as objects.")
            read.append(_submission(each, part.raw, defaults))
        except WirefoldError as error:
            read.append(error)
    return read


def _submission(sent: Mapping[str, JsonValue], body: bytes, defaults: Defaults) -> Submission:
    item = {name.lower(): value for name, value in reversed(list(sent.items())) if value is not None}
    check(item)
    uri = first((text(item, "uri"), text(item, "guid")))
    if uri is None:
        raise MissingField("uri is missing.", field="uri", fix="Send the item's uri.")
    status = status_of(text(item, "pubstatus"), field="pubstatus")
    html, plain = _body(item)
    kind = (text(item, "type") or "text").lower()
    if not (html or plain) and kind not in TEXT_TYPES:
        raise NoArticle(f"The item is of type {kind} and holds no text.")
    headline, note = _headline(item), text(item, "ednote")
    if not (html or plain):
        plain = article_text("", status=status, summary=_summary(item), note=note, headline=headline)
    parties = [*_names(item, "infosource"), *_names(item, "infosources")]
    holder, provider = text(item, "copyrightholder"), text(item, "provider")
    declared = [*parties, provider, text(item, "source")]
    fields: dict[str, JsonValue] = {
        "source": first((text(item, "source"), *parties, provider, holder, authority_of(uri))),
        "title": headline,
        "text": plain,
        "html": html,
        "external_id": uri,
        "url": uri if uri.startswith(("http://", "https://")) else None,
        "version": item.get("version"),
        "published_at": first((text(item, "firstcreated"), text(item, "contentcreated"))),
        "updated_at": text(item, "versioncreated"),
        "embargoed_until": first((text(item, "embargoeduntil"), text(item, "embargoed"))),
        "status": status,
        "signals": [*_codes(item.get("signal")), *_codes(item.get("signals"))],
        "language": text(item, "language"),
        "byline": first((text(item, "by"), text(item, "byline"))),
        "agency": agency_of(declared, (holder, text(item, "by"), text(item, "byline"))),
        "slug": text(item, "slugline"),
        "genre": first((*_names(item, "genre"), *_names(item, "genres"))),
        "ed_note": note,
        "metadata": {
            "alt_ids": item.get("altids"),
            "info_sources": _first_list(item, "infosources", "infosource"),
            "usage_terms": text(item, "usageterms"),
            "expires": text(item, "expires"),
            "ninjs": {name: value for name, value in sent.items() if name.lower() not in _MAPPED},
        },
    }
    return make_submission(fields, body, defaults)


def _entries(item: Item, name: str) -> list[dict[str, JsonValue]]:
    """The objects of an array, their names in lower case."""
    value = item.get(name)
    listed = value if isinstance(value, list) else []
    return [
        {inner.lower(): told for inner, told in each.items()} for each in listed if isinstance(each, dict)
    ]


def _names(item: Item, name: str) -> list[str | None]:
    return [
        first((text(each, "name"), text(each, "literal"), text(each, "code")))
        for each in _entries(item, name)
    ]


def _first_list(item: Item, *names: str) -> JsonValue:
    """The first of some members that is there."""
    return next((item[name] for name in names if item.get(name)), None)


def _codes(value: JsonValue) -> list[JsonValue]:
    """Signals: strings, or objects with a code or name."""
    entries = value if isinstance(value, list) else [value]
    told = (each if isinstance(each, str) else _code(each) for each in entries)
    return [each for each in told if each]


def _code(value: JsonValue) -> str | None:
    if not isinstance(value, dict):
        return None
    return first(text(value, name) for name in ("code", "qcode", "uri", "name"))


def _by_role(item: Item, plural: str, singular: str) -> Iterable[tuple[str, str, str]]:
    """Values with their role and type, main ones first: entries of the array, then members by pattern."""
    entries = [
        (str(each.get("role") or ""), str(each.get("contenttype") or ""), each["value"])
        for each in _entries(item, plural)
        if isinstance(each.get("value"), str)
    ]
    named_so = [
        (name.removeprefix(singular).lstrip("_"), "", value)
        for name, value in item.items()
        if name not in LISTS and name.startswith(singular) and is_patterned(name)
    ]
    found = [
        (role.lower(), kind, value) for role, kind, value in (*entries, *named_so) if isinstance(value, str)
    ]
    return sorted(found, key=lambda each: each[0] not in {"", "main"})


def _headline(item: Item) -> str | None:
    found = (value for _, _, value in _by_role(item, "headlines", "headline"))
    return first((*found, text(item, "title")))


def _body(item: Item) -> tuple[str | None, str | None]:
    """The body as markup or as text: markup where there is any, because it knows its paragraphs."""
    plain: list[str] = []
    for role, kind, value in _by_role(item, "bodies", "body"):
        if is_blank(_TAG.sub("", value)):
            continue
        if "html" in role or "html" in kind:
            return without_wrapper(value), None
        plain.append(nitf_text(value)[0] if "nitf" in kind or "nitf" in role else value)
    return None, next(iter(plain), None)


def _summary(item: Item) -> str:
    found = [
        (role, kind, value)
        for role, kind, value in _by_role(item, "descriptions", "description")
        if "caption" not in role and "creditline" not in role
    ]
    told = first(value for role, kind, value in found if "html" not in role and "html" not in kind)
    return told or _TAG.sub(" ", first(value for _, _, value in found) or "").strip()
