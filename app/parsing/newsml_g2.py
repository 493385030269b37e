"""NewsML-G2: a newsItem alone, or a newsMessage of them (Reuters, AP, dpa, APA, ANSA, STT …).

Elements are known by their names whatever their prefix. A packageItem only points to items; those that a
message carries beside it are read, what it points to elsewhere is never fetched. docs/formats.md has the
table of words.
"""

import re
from collections.abc import Sequence

from app.errors import InvalidValue, MissingField, NoArticle, WirefoldError
from app.model import Submission
from app.parsing.html import read_html
from app.parsing.json_text import JsonValue
from app.parsing.nitf import nitf_body, nitf_byline, nitf_dateline, nitf_headline
from app.parsing.reader import Defaults, Parsed, make_submission
from app.parsing.wire import UNTIL_FURTHER_NOTICE, agency_of, article_text, first, status_of, with_dateline
from app.parsing.xml import (
    Element,
    attribute,
    attributes_of,
    child,
    children,
    language_of,
    name_of,
    parse_xml,
)
from app.parsing.xml_kept import add, as_json, parts_of
from app.parsing.xml_text import line_of, text_of

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
_ITEMS = frozenset({"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"})
_TEXT_CLASSES = frozenset({"text", "composite"})
_CREDITED = frozenset({"origprov", "source", "originfo", ""})
"""Roles of an infoSource that name whose copy it is, not whom it quotes."""
_MAPPED = frozenset(
    {
        *("itemClass", "versionCreated", "pubStatus", "embargoed", "edNote", "ednote", "signal"),
        *("infoSource", "altId", "language", "slugline", "by", "usageTerms", "contentSet", "catalogRef"),
    }
)
_ABOVE = frozenset({"h1", "h2", "h3", "pre"})
_RULED = re.compile(r"\s*-{10,}\s*\n(.*)\n\s*-{10,}\s*", re.DOTALL)
_MARKUP = re.compile(r"\s*<(?:p|div|br|h[1-6]|ul|table)\b", re.IGNORECASE)


def read_newsml_g2(data: bytes, defaults: Defaults) -> Submission | list[Parsed]:
    """The article of a newsItem, or an outcome for each item of a newsMessage in order."""
    root = parse_xml(data, charset=defaults.charset)
    kind = name_of(root)
    if not str(root.tag).startswith(f"{{{NAMESPACE}}}"):
        raise InvalidValue(
            f"The root element is {kind[:60]!a}, not one of NewsML-G2.",
            field="format",
            fix="Send a newsItem or a newsMessage, or name the format that this is.",
        )
    if kind != "newsMessage":
        return _submission(root, data, defaults, {})
    items = [item for each in children(root, "itemSet") for item in each if name_of(item) in _ITEMS]
    if not items:
        raise NoArticle("The message carries no item.", fix="Send a newsMessage with a newsItem in it.")
    headers = children(root, "header", "Header")
    envelope: dict[str, JsonValue] = {"header": as_json(headers[0])} if headers else {}
    read: list[Parsed] = []
    for item, part in zip(items, parts_of(data, root, items, _ITEMS), strict=True):
        try:
            read.append(_submission(item, part, defaults, envelope))
        except WirefoldError as error:
            read.append(error)
    return read


def _submission(item: Element, part: bytes, defaults: Defaults, envelope: dict[str, JsonValue]) -> Submission:
    kind = name_of(item)
    if kind != "newsItem":
        raise NoArticle(f"A {kind[:60]} holds no article of its own.", fix="Send newsItem or newsMessage.")
    item_meta, content = child(item, "itemMeta"), child(item, "contentMeta")
    _check(item, item_meta)
    headlines = [each for each in _headlines(content) if each]
    bodies = [
        _body(each, headlines) for each in children(child(item, "contentSet"), "inlineXML", "inlineData")
    ]
    body, nitf, said_above = next((each for each in bodies if each[0]), ("", None, ""))
    item_class = _code(child(item_meta, "itemClass"))
    if not body and item_class not in _TEXT_CLASSES:
        raise NoArticle(f"The item is of class {item_class[:60]!a} and holds no text.")
    notes = (said_above, *map(text_of, children(item_meta, "edNote", "ednote")))
    note = "\n\n".join(filter(None, notes))
    headline = first((*headlines, nitf_headline(nitf), line_of(child(item_meta, "title"))))
    dateline = first((line_of(child(content, "dateline")), nitf_dateline(nitf)))
    described = (each for each in children(content, "description") if _role(each) != "caption")
    summary = "\n\n".join(map(text_of, described))
    declared = child(item_meta, "pubStatus")
    status = status_of(first((attribute(declared, "qcode"), attribute(declared, "uri"))), field="pubStatus")
    fields: dict[str, JsonValue] = {
        "source": _source(item, item_meta, content),
        "title": headline,
        "text": article_text(
            with_dateline(body, dateline), status=status, summary=summary, note=note, headline=headline
        ),
        "external_id": attribute(item, "guid"),
        "version": attribute(item, "version"),
        "published_at": first(
            (line_of(child(item_meta, "firstCreated")), line_of(child(content, "contentCreated")))
        ),
        "updated_at": line_of(child(item_meta, "versionCreated")),
        "embargoed_until": _embargo(item_meta),
        "status": status,
        "signals": [each for each in map(_identified, children(item_meta, "signal")) if each],
        "language": first((attribute(child(content, "language"), "tag"), language_of(item))),
        "byline": _byline(content, nitf),
        "agency": _agency(item_meta, content),
        "slug": line_of(child(content, "slugline")),
        "genre": first(_named(each) for each in children(content, "genre")),
        "ed_note": note,
        "metadata": _metadata(item, item_meta, content, envelope),
    }
    return make_submission(fields, part, defaults)


def _check(item: Element, item_meta: Element | None) -> None:
    """What every item must have by the standard. Raises MissingField."""
    if attribute(item, "guid") is None:
        raise MissingField("The item has no guid.", field="guid", fix="Send the item's guid.")
    for name in ("itemClass", "provider", "versionCreated"):
        if child(item_meta, name) is None:
            fix = f"Send {name} in itemMeta, as NewsML-G2 has it."
            raise MissingField(f"itemMeta has no {name}.", field=name, fix=fix)


def _body(content: Element, headlines: Sequence[str]) -> tuple[str, Element | None, str]:
    """The text of one rendition, the NITF it stands in, and a note that stands above it."""
    if name_of(content) == "inlineXML":
        nitf = child(content, "nitf")
        if nitf is not None:
            return nitf_body(nitf), nitf, ""
        html = child(content, "html")
        text, note = _xhtml(content if html is None else child(html, "body"), headlines)
        return text, None, note
    text = "".join(content.itertext()).strip("\r\n")
    is_html = "html" in (attribute(content, "contenttype") or "") or _MARKUP.match(text)
    return (read_html(text).text if is_html else text), None, ""


def _xhtml(body: Element | None, headlines: Sequence[str]) -> tuple[str, str]:
    """The text of a body without what it says again of its item, and the note above it.

    That is a page header (dpa), or headlines and a note between rules (APA).
    """
    main = [each for each in (() if body is None else body) if name_of(each) != "header"]
    begins = next((n for n, each in enumerate(main) if name_of(each) not in _ABOVE), len(main))
    above, rest = main[:begins], main[begins:]
    kept, notes = list[str](), list[str]()
    for each in above:
        ruled = _RULED.fullmatch(text_of(each)) if name_of(each) == "pre" else None
        if ruled:
            notes.append("\n".join(map(str.strip, ruled[1].splitlines())))
        elif line_of(each) not in headlines:
            kept.append(text_of(each))
    text = "\n\n".join(filter(None, (*kept, *map(text_of, rest))))
    return (text, "\n\n".join(notes)) if text else (text_of(body), "")


def _headlines(content: Element | None) -> list[str | None]:
    """The headlines, the one without a role or with the main one first."""
    found = sorted(children(content, "headline"), key=lambda each: "sub" in _role(each))
    return [line_of(each) for each in found]


def _embargo(item_meta: Element | None) -> str | None:
    """The end of an embargo; an empty element is one without a known end."""
    embargoed = child(item_meta, "embargoed")
    return None if embargoed is None else line_of(embargoed) or UNTIL_FURTHER_NOTICE


def _source(item: Element, item_meta: Element | None, content: Element | None) -> str | None:
    parties = (
        *children(item_meta, "provider"),
        *children(content, "infoSource"),
        *children(child(item, "rightsInfo"), "copyrightHolder"),
    )
    return first(map(_party, parties))


def _agency(item_meta: Element | None, content: Element | None) -> str | None:
    sources = [each for each in children(content, "infoSource") if _role(each) in _CREDITED]
    origins = [_party(each) for each in sources if _role(each) == "origprov"]
    line = (line_of(child(content, "creditline")) or "").strip(" -–—")
    others = (*sources, *children(item_meta, "provider"))
    return agency_of((*origins, line), map(_party, others))


def _byline(content: Element | None, nitf: Element | None) -> str | None:
    """The byline; else creators by name: what has no space is a login or initials."""
    lines = filter(None, map(line_of, children(content, "by")))
    people = (line_of(child(each, "name")) or "" for each in children(content, "creator"))
    return first(("; ".join(lines), nitf_byline(nitf), "; ".join(name for name in people if " " in name)))


def _metadata(
    item: Element, item_meta: Element | None, content: Element | None, envelope: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    """What has no word of ours, by the standard's names; nothing of the item but its text is left out."""
    rest: dict[str, JsonValue] = {
        f"@{name.rpartition('}')[2]}": each for name, each in attributes_of(item).items()
    }
    for section in item:
        name = name_of(section)
        if section is item_meta or section is content or name == "rightsInfo":
            inner: dict[str, JsonValue] = {}
            for each in section:
                if name_of(each) not in _MAPPED or each.get("role"):
                    add(inner, name_of(each), as_json(each))
            add(rest, name, inner)
        elif name == "contentSet":
            for each in children(section, "remoteContent"):
                add(rest, "remoteContent", as_json(each))
        else:
            add(rest, name, as_json(section))
    terms = [each for part in children(item, "rightsInfo") for each in children(part, "usageTerms")]
    return {
        "alt_ids": [
            {"type": attribute(each, "type") or "", "value": line_of(each) or ""}
            for each in children(content, "altId")
        ],
        "info_sources": [as_json(each) for each in children(content, "infoSource")],
        "usage_terms": [line_of(each) or "" for each in terms],
        "newsml_g2": {**rest, **envelope},
    }


def _identified(element: Element) -> str | None:
    """How a concept is named: by qcode, URI or literal, else by its name."""
    names = (attribute(element, name) for name in ("qcode", "uri", "literal"))
    return first((*names, line_of(child(element, "name"))))


def _party(element: Element) -> str | None:
    """Who a party is, for people: literal, name, the code behind its scheme, URI."""
    code = _code(element)
    return first(
        (
            attribute(element, "literal"),
            line_of(child(element, "name")),
            code,
            attribute(element, "uri"),
            line_of(element),
        )
    )


def _named(element: Element) -> str | None:
    return first((line_of(child(element, "name")), _identified(element)))


def _code(element: Element | None) -> str:
    named = attribute(element, "qcode") or attribute(element, "uri") or ""
    return re.split("[:/]", named)[-1]


def _role(element: Element) -> str:
    return (attribute(element, "role") or "").rpartition(":")[2].lower()
