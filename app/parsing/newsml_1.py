"""NewsML 1.x, as AFP, ANA and Business Wire send it: one or several NewsItems in a NewsML document.

Its successor is NewsML-G2, which shares none of its element names. docs/formats.md has the table of words.
"""

from app.errors import InvalidValue, MissingField, NoArticle, WirefoldError
from app.model import Submission
from app.parsing.html import read_html
from app.parsing.json_text import JsonValue
from app.parsing.nitf import nitf_body
from app.parsing.reader import Defaults, Parsed, make_submission
from app.parsing.wire import UNTIL_FURTHER_NOTICE, agency_of, article_text, first, status_of, with_dateline
from app.parsing.xml import Element, attribute, child, children, language_of, name_of, parse_xml
from app.parsing.xml_kept import add, as_json, parts_of
from app.parsing.xml_text import line_of, text_of

_ITEM = frozenset({"NewsItem"})
_SECTIONS = (
    *("NewsLines", "RightsMetadata", "AdministrativeMetadata", "DescriptiveMetadata"),
    *("Metadata", "TopicSet"),
)


def read_newsml_1(data: bytes, defaults: Defaults) -> Submission | list[Parsed]:
    """The article of a document with one NewsItem, or an outcome for each of several."""
    root = parse_xml(data, charset=defaults.charset)
    if root.tag != "NewsML":
        raise InvalidValue(
            f"The root element is {name_of(root)[:60]!a}, not NewsML.",
            field="format",
            fix="Send NewsML 1.x, or name the format that this is.",
        )
    items = children(root, "NewsItem")
    head = child(root, "NewsEnvelope")
    envelope: dict[str, JsonValue] = {} if head is None else {"NewsEnvelope": as_json(head)}
    if not items:
        raise NoArticle("The document carries no NewsItem.")
    if len(items) == 1:
        return _submission(items[0], data, defaults, envelope)
    read: list[Parsed] = []
    for item, part in zip(items, parts_of(data, root, items, _ITEM), strict=True):
        try:
            read.append(_submission(item, part, defaults, envelope))
        except WirefoldError as error:
            read.append(error)
    return read


def _submission(item: Element, part: bytes, defaults: Defaults, envelope: dict[str, JsonValue]) -> Submission:
    ids, management = child(item, "Identification", "NewsIdentifier"), child(item, "NewsManagement")
    public, revision = line_of(child(ids, "PublicIdentifier")), line_of(child(ids, "RevisionId"))
    if public is None:
        fix = "Send the item's Identification."
        raise MissingField("The item has no PublicIdentifier.", field="PublicIdentifier", fix=fix)
    provider, source = (
        attribute(child(_any(item, kind), "Party"), "FormalName") for kind in ("Provider", "Source")
    )
    sender, headline = line_of(child(ids, "ProviderId")), line_of(_any(item, "HeadLine"))
    note = "\n".join(filter(None, map(line_of, item.iter("Instruction", "EdNote"))))
    status = attribute(child(management, "Status"), "FormalName")
    embargoed = (status or "").lower() == "embargoed"
    told = status_of(None if embargoed else status, field="Status")
    body = with_dateline(_body(item), line_of(_any(item, "DateLine")))
    fields: dict[str, JsonValue] = {
        "source": first((provider, sender, source)),
        "title": headline,
        "text": article_text(
            body,
            status=told,
            summary=line_of(_any(item, "SubHeadLine")) or "",
            note=note,
            headline=headline,
        ),
        # The public ID ends in the revision; what stays the same over all of them stands before it.
        "external_id": public.removesuffix(f":{revision}") if revision else public,
        "version": revision,
        "published_at": line_of(child(management, "FirstCreated")),
        "updated_at": line_of(child(management, "ThisRevisionCreated")),
        "embargoed_until": _embargo(management) if embargoed else None,
        "status": told,
        "language": first((_named(item, "Language"), language_of(item))),
        "byline": line_of(_any(item, "ByLine")),
        "agency": agency_of((provider, line_of(_any(item, "CreditLine"))), (source, sender)),
        "slug": first((line_of(_any(item, "SlugLine")), line_of(child(item, "Identification", "NameLabel")))),
        "genre": _named(item, "Genre"),
        "ed_note": note,
        "metadata": {
            "usage_terms": [
                each for each in map(line_of, item.iter("UsageType", "Limitations", "CopyrightLine")) if each
            ],
            "newsml_1": {**_rest(item), **envelope},
        },
    }
    return make_submission(fields, part, defaults)


def _any(item: Element, name: str) -> Element | None:
    """The first element of that name: lines and metadata stand at any depth of components."""
    return next(item.iter(name), None)


def _named(item: Element, name: str) -> str | None:
    return attribute(_any(item, name), "FormalName")


def _body(item: Element) -> str:
    """The longest text among the contents: style sheets, captions and headlines come as contents too."""
    return max(map(_text, item.iter("ContentItem")), key=len, default="")


def _text(content: Element) -> str:
    kind = attribute(child(content, "MimeType"), "FormalName") or "text/plain"
    media = attribute(child(content, "MediaType"), "FormalName") or "Text"
    data = child(content, "DataContent")
    if data is None or media.lower() != "text" or not kind.startswith("text/") or kind == "text/css":
        return ""
    nitf, html = child(data, "nitf"), child(data, "html")
    if nitf is not None:
        return nitf_body(nitf)
    if html is not None:
        return text_of(child(html, "body"))
    if len(data):
        return text_of(data)
    told: str = (data.text or "").strip("\r\n")
    return read_html(told).text if told.lstrip().startswith("<") else told


def _embargo(management: Element | None) -> str:
    changes = children(management, "StatusWillChange")
    return first(line_of(child(each, "DateAndTime")) for each in changes) or UNTIL_FURTHER_NOTICE


def _rest(item: Element) -> dict[str, JsonValue]:
    """Everything but the texts, by NewsML's names."""
    told: dict[str, JsonValue] = {}
    for section in item:
        if name_of(section) != "NewsComponent":
            add(told, name_of(section), as_json(section))
    for name in _SECTIONS:
        for each in item.iter(name):
            add(told, name, as_json(each))
    return told
