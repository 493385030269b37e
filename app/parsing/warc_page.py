"""The HTML page in a WARC response: the HTTP answer (RFC 9112) as it was recorded, taken apart."""

import re
from collections.abc import Mapping

from app.errors import InvalidSubmission
from app.parsing.archive_records import Kind, Record, broken, other

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 64 * 1024
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


def page_in(block: bytes, record: Mapping[str, str], place: int) -> Record:
    """The page of a response record with these fields; what is no page that was found is OTHER."""
    media_type = record.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in {"application/http", ""}:
        return other(place, "response that is not HTTP")
    end = _HEAD_END.search(block, 0, _LONGEST_HEAD)
    status = _STATUS.match(block)
    if end is None or status is None:
        return broken(place, InvalidSubmission("The response in the WARC record is not HTTP."))
    if status[1] != b"200":
        return other(place, "response that is no page: status " + status[1].decode()[0] + "xx")
    head = _fields(block[: end.start()])
    said = head.get("content-type") or record.get("warc-identified-payload-type", "")
    if said.partition(";")[0].strip().lower() not in _PAGES:
        return other(place, "response that is not HTML")
    body = block[end.end() :]
    if "chunked" in head.get("transfer-encoding", "").lower():
        body = _joined(body)
    charset = _CHARSET.search(said)
    found = {
        "url": record.get("warc-target-uri", "").strip("<>"),
        "crawled": record.get("warc-date", ""),
        "media_type": said,
        "charset": charset[1] if charset else "",
        "coding": _coding(head.get("content-encoding", ""), body),
    }
    return Record(Kind.PAGE, place, body, {name: value for name, value in found.items() if value})


def _fields(head: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in head.splitlines()[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        fields[name.strip().lower()] = value.strip()
    return fields


def _joined(body: bytes) -> bytes:
    """A chunked body in one piece; as it is where a crawler has joined it already and left the field."""
    parts, at = [], 0
    while size := _SIZE.match(body, at):
        length = int(size[1], 16)
        parts.append(body[size.end() : size.end() + length])
        if length == 0:
            return b"".join(parts)
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(parts) if parts else body


def _coding(named: str, body: bytes) -> str:
    """How the body is packed; nothing where a crawler has unpacked it already and left the field."""
    coding = named.strip().lower()
    if coding in {"gzip", "x-gzip"} and not body.startswith(b"\x1f\x8b"):
        return ""
    if coding in {"br", "deflate", "zstd"} and body.lstrip()[:1] == b"<":
        return ""
    return coding
