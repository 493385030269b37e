"""A submission as it is sent: its fields, their types and bounds, and what each refusal says.

One table is read by the reader and shown in the OpenAPI document. It is not pydantic's because that refuses
lone surrogates, which feeds do send, and takes ten times as long. Fields that are not listed are not refused:
feeds carry more than we know, and what was received is stored as received. An empty optional field counts as
absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.errors import InvalidValue, MissingField, TooLarge, WrongType
from app.model import Received, Status, Submission
from app.parsing.dates import read_deadline, read_moment
from app.parsing.json_text import MAX_DEPTH, JsonValue, read_json


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large one article may be. Bytes are counted after unpacking."""

    item_bytes: int = 48 * 1024 * 1024
    text_bytes: int = 10 * 1024 * 1024
    depth: int = MAX_DEPTH


class Kind(StrEnum):
    """What a field may hold beside null."""

    TEXT = "a string"
    LABEL = "a string or a whole number"
    DATE = "a string with a date"
    STATUS = "one of usable, withheld, canceled"
    OBJECT = "an object"
    TEXTS = "an array of strings"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a submission."""

    kind: Kind
    longest: int | None
    says: str


FIELDS: dict[str, Field] = {
    "source": Field(Kind.TEXT, 500, "Who printed it: a host name, or a name of yours. Must be there."),
    "title": Field(
        Kind.TEXT,
        10_000,
        "The headline. Where it is blank, that of the HTML, or a first line that reads like one.",
    ),
    "text": Field(
        Kind.TEXT,
        None,
        "The article as plain text, kept to the character; offsets count into it. This or `html` is needed.",
    ),
    "html": Field(Kind.TEXT, None, "Its markup; read where `text` is absent or blank."),
    "external_id": Field(Kind.LABEL, 2_000, "The publisher's own ID, unique within `source`."),
    "url": Field(Kind.TEXT, 8_192, "Where it was found."),
    "canonical_url": Field(Kind.TEXT, 8_192, "What the page names as its canonical address."),
    "published_at": Field(Kind.DATE, 64, "ISO 8601 or RFC 2822; UTC where it names no zone."),
    "updated_at": Field(Kind.DATE, 64, "When the publisher last changed it."),
    "version": Field(Kind.LABEL, 2_000, "The publisher's own version label."),
    "language": Field(Kind.TEXT, 100, "BCP 47 tag; told from the text where absent."),
    "byline": Field(Kind.TEXT, 2_000, "Who wrote it."),
    "agency": Field(Kind.TEXT, 2_000, "The agency credited; told from the text where absent."),
    "slug": Field(Kind.TEXT, 2_000, "The agency's keyword line."),
    "genre": Field(Kind.TEXT, 2_000, "News, analysis, market report …"),
    "ed_note": Field(Kind.TEXT, 20_000, "The desk's note to editors."),
    "signals": Field(
        Kind.TEXTS,
        200,
        "What the agency says this version is (IPTC signal): `sig:correction`, `sig:update`, `sig:kill` …",
    ),
    "status": Field(Kind.STATUS, None, "Whether it may be published (IPTC pubStatus)."),
    "embargoed_until": Field(Kind.DATE, 64, "Kept from other articles' look-ups until then."),
    "metadata": Field(Kind.OBJECT, None, "Anything else; stored as received."),
}
STATUSES = {status.value: status for status in Status}
_HELD: dict[Kind, type] = {Kind.OBJECT: dict, Kind.TEXTS: list}
"""What is no text, and how JSON reads it."""
Values: TypeAlias = dict[str, str | None]
MOST_TEXTS = 100


def read_submission(raw: bytes, bounds: Bounds, *, offset: int = 0) -> Submission:
    """The submission in one item's bytes. ``offset`` is where they begin in the body."""
    if len(raw) > bounds.item_bytes:
        fix = f"Send submissions of at most {bounds.item_bytes} bytes."
        raise TooLarge(f"The submission is over {bounds.item_bytes} bytes.", fix=fix)
    sent = read_json(raw, offset=offset, max_depth=bounds.depth)
    if not isinstance(sent, dict):
        raise WrongType("A submission is a JSON object.", fix="Send an object with source, title and text.")
    return submission_of(sent, raw, bounds)


def submission_of(
    sent: Mapping[str, JsonValue], raw: bytes, bounds: Bounds, *, received: Received | None = None
) -> Submission:
    """The submission that fields in our words make; ``raw`` is their JSON."""
    values = _values(sent)
    get = values.get
    source = get("source")
    if source is None:
        raise MissingField("source is missing.", field="source", fix="Send the name of who printed it.")
    if source.isspace():
        raise InvalidValue("source is blank.", field="source", fix="Send the name of who printed it.")
    for name in ("text", "html"):
        _check_size(name, get(name), bounds.text_bytes)
    return Submission(
        source=source,
        raw=raw,
        title=get("title") or "",
        text="" if sent.get("text") == "" else get("text"),
        html=get("html"),
        external_id=get("external_id"),
        url=get("url"),
        canonical_url=get("canonical_url"),
        published_at=read_moment(get("published_at"), field="published_at"),
        updated_at=read_moment(get("updated_at"), field="updated_at"),
        version=get("version"),
        language=get("language"),
        byline=get("byline"),
        agency=get("agency"),
        slug=get("slug"),
        genre=get("genre"),
        ed_note=get("ed_note"),
        signals=_texts("signals", sent.get("signals")),
        status=_status(get("status")),
        embargoed_until=read_deadline(get("embargoed_until"), field="embargoed_until"),
        received=received,
    )


def _values(sent: Mapping[str, JsonValue]) -> Values:
    """The strings of a submission by field; null and empty are None."""
    values: Values = {}
    for name, value in sent.items():
        field = FIELDS.get(name)
        if field is None or value is None:
            continue
        if isinstance(value, str) and field.kind not in _HELD:
            if field.longest is not None and len(value) > field.longest:
                fix = f"Send at most {field.longest} characters."
                raise InvalidValue(f"{name} is longer than {field.longest} characters.", field=name, fix=fix)
            values[name] = value or None
        elif isinstance(value, int) and field.kind is Kind.LABEL and not isinstance(value, bool):
            values[name] = str(value)
        elif not isinstance(value, _HELD.get(field.kind, ())):
            fix = f"Send {field.kind.value} as {name}, or leave it out."
            raise WrongType(f"{name} is {named(value)}, not {field.kind.value}.", field=name, fix=fix)
    return values


def _texts(name: str, value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    longest = FIELDS[name].longest or 0
    if len(value) > MOST_TEXTS:
        fix = f"Send at most {MOST_TEXTS}."
        raise InvalidValue(f"{name} has more than {MOST_TEXTS} strings.", field=name, fix=fix)
    for each in value:
        if not isinstance(each, str):
            fix = f"Send {Kind.TEXTS.value} as {name}, or leave it out."
            raise WrongType(f"{name} holds {named(each)}, not a string.", field=name, fix=fix)
        if len(each) > longest:
            fix = f"Send at most {longest} characters each."
            raise InvalidValue(f"{name} has a string longer than {longest} characters.", field=name, fix=fix)
    return tuple(str(each) for each in value if each)


def _check_size(name: str, text: str | None, limit: int) -> None:
    if text is None or len(text) * 4 <= limit:
        return
    if len(text) > limit or len(text.encode("utf-8", "surrogatepass")) > limit:
        fix = f"Send at most {limit} bytes of {name}."
        raise TooLarge(f"{name} is over {limit} bytes of UTF-8.", field=name, fix=fix)


def _status(value: str | None) -> Status:
    if value is None:
        return Status.USABLE
    if value not in STATUSES:
        raise InvalidValue("status is unknown.", field="status", fix=f"Send {Kind.STATUS.value}.")
    return STATUSES[value]


def named(value: JsonValue) -> str:
    """What JSON calls a value, for messages."""
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", int: "a number", float: "a number", list: "an array", dict: "an object"}
    return names.get(type(value), "null")


def check_fields(fields: Mapping[str, JsonValue]) -> None:
    """Raise InvalidSubmission where one of some fields is not as it must be, whatever else is missing."""
    values = _values(fields)
    for name, value in values.items():
        if FIELDS[name].kind is Kind.DATE:
            read_moment(value, field=name)
    _status(values.get("status"))
