"""AP's Media API: an item, the answer that carries one, or a page of a feed.

``altids.itemid`` stays the same over all versions. By AP's rule an item may be published only if it is
usable and its signals have ``newscontent``; without it, it is advice to editors, and withheld here.
docs/formats.md has the table of words.
"""

from typing import TypeAlias

from app.errors import MissingField, NoArticle, WirefoldError, WrongType
from app.model import Submission
from app.parsing.document import is_blank
from app.parsing.items import ArrayCutter
from app.parsing.json_parts import array_parts
from app.parsing.json_text import JsonValue, read_json
from app.parsing.nitf import nitf_text
from app.parsing.reader import Defaults, Parsed, make_submission
from app.parsing.submission import named
from app.parsing.wire import UNTIL_FURTHER_NOTICE, agency_of, article_text, first, status_of, without_wrapper

_MAPPED = frozenset(
    {
        *(
            "version",
            "versioncreated",
            "firstcreated",
            "pubstatus",
            "signals",
            "slugline",
            "ednote",
            "language",
        ),
        *("usageterms", "infosource", "body_nitf", "body_html", "body_xhtml", "body_text", "embargoed"),
    }
)
_NEWS = "newscontent"
Members: TypeAlias = dict[str, JsonValue]


def read_ap(data: bytes, defaults: Defaults) -> Submission | list[Parsed]:
    """The article of an item, or an outcome for each item of a feed page or an array."""
    depth = max(1, defaults.bounds.depth - 2)
    sent = read_json(data, offset=defaults.offset, max_depth=depth)
    if isinstance(sent, list):
        cutter = ArrayCutter(max_item_bytes=defaults.bounds.item_bytes)
        return _all(sent, [part.raw for part in (*cutter.feed(data), *cutter.close())], defaults)
    inner = sent.get("data") if isinstance(sent, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("items"), list):
        return _all(inner["items"], array_parts(data, ("data", "items")), defaults)
    return _submission(sent, data, defaults)


def _all(items: JsonValue, parts: list[bytes], defaults: Defaults) -> list[Parsed]:
    read: list[Parsed] = []
    for each, part in zip(items if isinstance(items, list) else [], parts, strict=True):
        try:
            read.append(_submission(each, part, defaults))
        except WirefoldError as error:
            read.append(error)
    return read


def _submission(sent: JsonValue, body: bytes, defaults: Defaults) -> Submission:
    item = _item(sent)
    ids = item.get("altids")
    alt_ids: Members = ids if isinstance(ids, dict) else {}
    item_id = _text(alt_ids, "itemid")
    if item_id is None:
        raise MissingField(
            "altids.itemid is missing.", field="altids.itemid", fix="Send AP's item as it came."
        )
    signals = _texts(item, "signals")
    status = _status(item, signals)
    text, html, byline = _body(item)
    headline = first(_text(item, name) for name in ("headline", "headline_extended", "title"))
    note = _text(item, "ednote")
    kind = (_text(item, "type") or "text").lower()
    if not (text or html) and kind != "text":
        raise NoArticle(f"The item is of type {kind[:60]} and holds no text.")
    if not (text or html) and status == "usable":
        raise MissingField(
            "The item has no body of its own; renditions name where it stands.",
            field="body_nitf",
            fix="Send the NITF that renditions.nitf leads to as body_nitf, or post that with ?format=nitf.",
        )
    provider = _text(item, "provider")
    sources = [_text(each, "name") for each in _entries(item, "infosource")]
    fields: Members = {
        "source": first((provider, *sources)) or "AP",
        "title": headline,
        "text": text if html else article_text(text, status=status, note=note, headline=headline),
        "html": html,
        "external_id": item_id,
        "version": first((_label(item, "version"), _text(alt_ids, "etag"))),
        "published_at": first((_text(item, "firstcreated"), _text(item, "versioncreated"))),
        "updated_at": _text(item, "versioncreated"),
        "embargoed_until": _embargo(item),
        "status": status,
        "signals": [*signals, *_texts(item, "editorialtypes")],
        "language": _text(item, "language"),
        "byline": first((byline, _text(item, "byline"), *_bylines(item))),
        "agency": agency_of((provider, *sources)) or "AP",
        "slug": first((_text(item, "slugline"), _text(alt_ids, "referenceid"))),
        "genre": _fixture(item),
        "ed_note": note,
        "metadata": {
            "alt_ids": alt_ids,
            "info_sources": item.get("infosource"),
            "usage_terms": item.get("usageterms"),
            "ap": {name: value for name, value in item.items() if name not in _MAPPED and name != "altids"},
        },
    }
    return make_submission(fields, body, defaults)


def _item(sent: JsonValue) -> Members:
    """The item itself, out of what the API wraps it in."""
    for name in ("data", "item"):
        inner = sent.get(name) if isinstance(sent, dict) else None
        sent = inner if isinstance(inner, dict) else sent
    if not isinstance(sent, dict):
        raise WrongType(f"An item is an object, not {named(sent)}.", fix="Send AP's item as it came.")
    return sent


def _status(item: Members, signals: list[JsonValue]) -> str:
    told = _text(item, "pubstatus")
    status = "usable" if told == "embargoed" else status_of(told, field="pubstatus") or "usable"
    return "withheld" if status == "usable" and _NEWS not in signals else status


def _embargo(item: Members) -> str | None:
    until = _text(item, "embargoed")
    return until or (UNTIL_FURTHER_NOTICE if _text(item, "pubstatus") == "embargoed" else None)


def _body(item: Members) -> tuple[str, str | None, str | None]:
    """The body as text or as markup, and the byline that stands beside it."""
    nitf = _text(item, "body_nitf")
    if nitf is not None:
        text, byline = nitf_text(nitf)
        return text, None, byline
    text = _text(item, "body_text") or ""
    html = first((_text(item, "body_html"), _text(item, "body_xhtml")))
    return ("" if is_blank(text) else text), html and without_wrapper(html), None


def _text(members: Members, name: str) -> str | None:
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise WrongType(f"{name} is {named(value)}, not a string.", field=name, fix="Send a string.")
    return value or None


def _label(members: Members, name: str) -> str | None:
    value = members.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(members, name)


def _texts(item: Members, name: str) -> list[JsonValue]:
    """The strings of an array."""
    value = item.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _entries(item: Members, name: str) -> list[Members]:
    value = item.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _bylines(item: Members) -> list[str | None]:
    return [first((_text(each, "by"), _text(each, "name"))) for each in _entries(item, "bylines")]


def _fixture(item: Members) -> str | None:
    """The name of what comes again and again."""
    fixture = item.get("fixture")
    return _text(fixture, "name") if isinstance(fixture, dict) else None
