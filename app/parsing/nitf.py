"""NITF 2 and 3, as AP, PA, AAP, EFE, NTB, CP and others send it, alone or inside NewsML.

Elements are known by name with or without NITF's namespace. docs/formats.md has the table of words.
"""

from app.errors import InvalidValue, MalformedXml
from app.model import Submission
from app.parsing.json_text import JsonValue
from app.parsing.reader import Defaults, make_submission
from app.parsing.wire import (
    UNTIL_FURTHER_NOTICE,
    agency_of,
    article_text,
    embargo_of,
    first,
    known_date,
    status_of,
    with_dateline,
)
from app.parsing.xml import Element, attribute, child, children, language_of, name_of, parse_xml
from app.parsing.xml_kept import add, as_json
from app.parsing.xml_text import line_of, text_of

_TAKEN_BACK = frozenset({"withheld", "canceled"})


def read_nitf(data: bytes, defaults: Defaults) -> Submission:
    """The article of an NITF document."""
    root = parse_xml(data, charset=defaults.charset)
    if name_of(root) != "nitf":
        raise InvalidValue(
            f"The root element is {name_of(root)[:60]!a}, not nitf.",
            field="format",
            fix="Send NITF, or name the format that this is.",
        )
    head, body_head = child(root, "head"), child(root, "body", "body.head")
    docdata = child(head, "docdata")
    headline = first((nitf_headline(root), line_of(child(head, "title"))))
    note = "\n".join(filter(None, map(_message, children(docdata, "ed-msg"))))
    body = with_dateline(nitf_body(root), nitf_dateline(root))
    status = _status(docdata)
    fields: dict[str, JsonValue] = {
        **_identity(docdata),
        "status": status,
        **_parties(docdata, body_head),
        **_times(docdata),
        "title": headline,
        "text": article_text(
            body,
            status=status,
            summary=text_of(child(body_head, "abstract")),
            note=note,
            headline=headline,
        ),
        "language": first((attribute(root, "baselang"), language_of(root), language_of(child(root, "body")))),
        "byline": nitf_byline(root),
        "slug": first((_meta(head, "slugline"), _meta(head, "anpa-keyword"), _keyword(docdata))),
        "genre": _genre(child(head, "tobject")),
        "ed_note": note,
        "metadata": _rest(root),
    }
    return make_submission(fields, data, defaults)


def nitf_headline(root: Element | None) -> str | None:
    """The main headline."""
    hedline = child(root, "body", "body.head", "hedline")
    return first((line_of(child(hedline, "hl1")), line_of(hedline)))


def nitf_byline(root: Element | None) -> str | None:
    """Who wrote it; a title or an organisation behind the name belongs to it."""
    found = children(child(root, "body", "body.head"), "byline")
    lines = [" ".join(" ".join(each.itertext()).split()) for each in found]
    return "; ".join(line for line in lines if line) or None


def nitf_dateline(root: Element | None) -> str | None:
    """The dateline that is kept apart from the text."""
    dateline = child(root, "body", "body.head", "dateline")
    location = child(dateline, "location")
    if location is None:
        return None if child(dateline, "story.date") is not None else line_of(dateline)
    return ", ".join(filter(None, map(line_of, location))) if len(location) else line_of(location)


def nitf_body(root: Element) -> str:
    """The text of the body, without media."""
    body = child(root, "body")
    parts = [text_of(each) for each in children(body, "body.content", "body.end")]
    return "\n\n".join(part for part in parts if part)


def nitf_text(markup: str) -> tuple[str, str | None]:
    """The text and the byline of NITF that stands in a string: a document, or its paragraphs alone."""
    data = markup.encode("utf-8", "surrogatepass")
    try:
        root = parse_xml(data, charset="utf-8")
    except MalformedXml:
        root = parse_xml(b"<body.content>%b</body.content>" % data, charset="utf-8")
    if name_of(root) != "nitf":
        return text_of(root), None
    return with_dateline(nitf_body(root), nitf_dateline(root)), nitf_byline(root)


def _identity(docdata: Element | None) -> dict[str, JsonValue]:
    """ID and version. A document that takes another back stands under that one's ID."""
    doc_id, key = child(docdata, "doc-id"), child(docdata, "du-key")
    own, name = attribute(doc_id, "id-string"), attribute(key, "key")
    if own and name and own.startswith(name):
        own = name  # the ID is the key with the version behind it (NTB)
    status = attribute(docdata, "management-status")
    meant = attribute(docdata, "management-doc-idref")
    counts = [attribute(key, "generation"), attribute(key, "version")]
    return {
        "external_id": meant if meant and (status or "").lower() in _TAKEN_BACK else (own or name),
        "version": ".".join(count for count in counts if count),
    }


def _status(docdata: Element | None) -> str | None:
    """Whether it may be published; that of an embargoed document is its embargo."""
    status = attribute(docdata, "management-status")
    return None if (status or "").lower() == "embargoed" else status_of(status, field="management-status")


def _parties(docdata: Element | None, body_head: Element | None) -> dict[str, JsonValue]:
    distributor = line_of(child(body_head, "distributor"))
    registered = attribute(child(docdata, "doc-id"), "regsrc")
    sources = [attribute(each, "src-name") for part in children(docdata, "del-list") for each in part]
    holder = attribute(child(docdata, "doc.copyright"), "holder")
    rights = child(docdata, "doc.rights")
    owner = first((attribute(rights, "agent"), attribute(rights, "owner")))
    return {
        "source": first((registered, distributor, *sources, holder, owner)),
        "agency": agency_of((distributor, *sources), (registered, holder, owner)),
    }


def _times(docdata: Element | None) -> dict[str, JsonValue]:
    issued = known_date(attribute(child(docdata, "date.issue"), "norm"))
    released = known_date(attribute(child(docdata, "date.release"), "norm"))
    embargoed = (attribute(docdata, "management-status") or "").lower() == "embargoed"
    return {
        "published_at": issued,
        "updated_at": known_date(attribute(child(docdata, "revision-history"), "norm")),
        "embargoed_until": embargo_of(released, after=issued)
        or (UNTIL_FURTHER_NOTICE if embargoed else None),
    }


def _message(part: Element) -> str | None:
    return first((attribute(part, "info"), line_of(part)))


def _meta(head: Element | None, name: str) -> str | None:
    found = (each for each in children(head, "meta") if attribute(each, "name") == name)
    return first(attribute(each, "content") for each in found)


def _keyword(docdata: Element | None) -> str | None:
    """The dynamic use key, else the first keyword."""
    listed = children(child(docdata, "key-list"), "keyword")
    words = [first((attribute(each, "key"), line_of(each))) for each in listed]
    return first((attribute(child(docdata, "du-key"), "key"), *words))


def _genre(tobject: Element | None) -> str | None:
    kinds = [attribute(each, "tobject.property.type") for each in children(tobject, "tobject.property")]
    return first((*kinds, attribute(tobject, "tobject.type")))


def _rest(root: Element) -> dict[str, JsonValue]:
    """All of head and of the body's head, and the media of the body, by NITF's names."""
    told: dict[str, JsonValue] = {}
    for part in (child(root, "head"), child(root, "body", "body.head")):
        for each in () if part is None else part:
            add(told, name_of(each), as_json(each))
    for media in root.iter("{*}media"):
        add(told, "media", as_json(media))
    docdata = child(root, "head", "docdata")
    rights = [*children(docdata, "doc.rights"), *children(child(root, "body", "body.head"), "rights")]
    expires = known_date(attribute(child(docdata, "date.expire"), "norm"))
    return {
        "usage_terms": [as_json(each) for each in rights],
        "expires": expires or "",
        "nitf": told,
    }
