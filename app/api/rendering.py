"""Answers to bytes: JSON that carries any text we were sent, entity tags, problems.

orjson writes almost everything; it refuses lone surrogates, which are legal in JSON as escapes and do come
in. Such an answer is written again by the standard library, in ASCII.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.api.problems import MEDIA_TYPE, headers_of, problem_of
from app.errors import WirefoldError

REQUEST_ID = "request_id"
"""Where in a request's scope its ID stands."""
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def to_json(value: object) -> bytes:
    """One JSON text."""
    plain = value.model_dump() if isinstance(value, BaseModel) else value
    try:
        return orjson.dumps(plain, default=_plain, option=_OPTIONS)
    except TypeError:
        return json.dumps(plain, default=_plain, separators=(",", ":")).encode()


def json_response(value: object, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """An answer."""
    return Response(to_json(value), status, headers, "application/json")


def problem_response(request: Request, error: WirefoldError, *, allow: str | None = None) -> Response:
    """A failure as an answer."""
    headers = headers_of(error)
    if allow:
        headers["allow"] = allow
    body = to_json(problem_of(error, request_id=request.scope.get(REQUEST_ID)))
    return Response(body, error.status, headers, MEDIA_TYPE)


def tagged_response(
    request: Request,
    value: object,
    *,
    raw: Mapping[str, bytes] | None = None,
    link: str | None = None,
    kind: str = "application/json",
    cache: str = "no-cache",
    state: str = "",
) -> Response:
    """An answer with a strong entity tag, or 304 where the caller has it already.

    ``raw`` members are JSON texts as received and are answered to the byte. ``cache`` is the Cache-Control
    field, ``state`` what the tag says of more than the body.
    """
    body = to_json(value)
    for name, text in (raw or {}).items():
        body = b"%b,%b:%b}" % (body[:-1], to_json(name), text)
    headers = {"cache-control": cache, "link": link} if link else {"cache-control": cache}
    return tagged_bytes(request, body, kind, headers, state=state)


def tagged_bytes(
    request: Request, body: bytes, kind: str, headers: Mapping[str, str], *, state: str = ""
) -> Response:
    """Bytes of any media type with a strong entity tag, or 304 where the caller has them already."""
    tag = entity_tag(body, state)
    tagged = {"etag": tag, **headers}
    if _has(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=tagged)
    return Response(body, 200, tagged, kind)


def entity_tag(body: bytes, state: str = "") -> str:
    """A strong entity tag (RFC 9110, 8.8.3): of this body, and of the state that it shows a part of."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return f'"{state}.{digest}"' if state else f'"{digest}"'


def next_link(request: Request, cursor: str) -> str:
    """The Link header field that leads to the next page (RFC 8288)."""
    url = request.url.include_query_params(cursor=cursor)
    return f'<{url.path}?{url.query}>; rel="next"'


def _has(field: str | None, tag: str) -> bool:
    """RFC 9110, 13.1.2: If-None-Match compares weakly, so a tag made weak on the way counts."""
    if field is None:
        return False
    return field.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in field.split(",")}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
