"""A record of an archive becomes a submission, by the reader of its kind; then a draft."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.dedup.profile import Profile
from app.errors import InvalidSubmission, WirefoldError
from app.model import Submission
from app.net.unpacking import unpack
from app.parsing.archive_records import Kind, Record
from app.parsing.dates import read_moment
from app.parsing.json_text import JsonValue, read_json, write_json
from app.parsing.page_format import published_of, read_posted_page
from app.parsing.reader import Defaults
from app.parsing.submission import Bounds, read_submission
from app.services.drafting import Drafted, draft_all

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wording:
    """How an archive says what we want to know."""

    bounds: Bounds = field(default_factory=Bounds)
    ratio: int = 200
    """How many times its size a packed page may unpack to."""
    source: str | None = None
    """Of articles that name none, and of pages, whatever their host."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Our names of fields, and what the archive calls them."""


def draft_records(records: Sequence[Record], wording: Wording, profile: Profile) -> list[Drafted]:
    """A draft of each record, or what is wrong with it, in order."""
    drafted: list[Drafted] = []
    for record in records:
        try:
            drafted += draft_all([read_record(record, wording)], profile)
        except WirefoldError as error:
            drafted.append(error)
        except Exception:
            log.exception("record could not be read", place=record.place)
            drafted.append(WirefoldError("The record could not be read. This is a fault of the program."))
    return drafted


def read_record(record: Record, wording: Wording) -> Submission:
    """The submission of an article or a page. Raises WirefoldError."""
    if record.kind is Kind.BROKEN:
        raise InvalidSubmission(record.said["detail"], fix=record.said["fix"])
    if record.kind is Kind.PAGE:
        return read_posted_page(unpacked(record, wording).body, _defaults(record, wording))
    if not wording.source and not wording.fields:
        return read_submission(record.body, wording.bounds)
    sent = read_json(record.body, max_depth=wording.bounds.depth)
    if isinstance(sent, dict):
        return read_submission(write_json(_renamed(sent, wording)), wording.bounds)
    return read_submission(record.body, wording.bounds)


def unpacked(record: Record, wording: Wording) -> Record:
    """A page without its content coding. Raises FetchFailed where it is damaged or over its bounds."""
    coding = record.said.get("coding")
    if not coding:
        return record
    body = unpack([record.body], coding, most_bytes=wording.bounds.item_bytes, most_ratio=wording.ratio)
    return record._replace(
        body=body, said={name: said for name, said in record.said.items() if name != "coding"}
    )


def published(record: Record, wording: Wording) -> datetime | None:
    """When a record says it was published; a page that does not say so, when it was crawled."""
    try:
        if record.kind is Kind.PAGE:
            return published_of(record.body, _defaults(record, wording)) or read_moment(
                record.said.get("crawled"), field="WARC-Date"
            )
        name = wording.fields.get("published_at", "published_at")
        sent = json.loads(record.body)
        value = sent.get(name) if isinstance(sent, dict) else None
        return read_moment(value, field=name) if isinstance(value, str) else None
    except (WirefoldError, ValueError, RecursionError):
        return None  # its reader says what is wrong with it


def _defaults(record: Record, wording: Wording) -> Defaults:
    fields = {"url": record.said["url"]} if "url" in record.said else {}
    if wording.source:
        fields["source"] = wording.source
    return Defaults(
        format="html",
        media_type=record.said.get("media_type", ""),
        charset=record.said.get("charset"),
        fields=fields,
        bounds=wording.bounds,
    )


def _renamed(sent: Mapping[str, JsonValue], wording: Wording) -> dict[str, JsonValue]:
    theirs = {their: our for our, their in wording.fields.items()}
    named = {theirs.get(name, name): value for name, value in sent.items() if name not in wording.fields}
    named |= {our: sent[their] for our, their in wording.fields.items() if their in sent}
    if wording.source and not named.get("source"):
        named["source"] = wording.source
    return named
