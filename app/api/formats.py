"""How a request says what its body is: Content-Type or ``?format=``, and fields in the query.

``?format=`` goes before Content-Type, for senders that cannot set the one or whose format has no media type
of its own. Bodies of other formats than the contract's JSON may leave ``source`` and the like to the query.
"""

from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from app.api.body import LINES, content_type, expect_utf8
from app.api.limits import Limits
from app.api.problems import InvalidParameter, UnsupportedMedia
from app.errors import WirefoldError
from app.model import Submission
from app.parsing.formats import FORMATS, JSON, Format, format_of
from app.parsing.reader import Defaults, Parsed
from app.parsing.submission import FIELDS, check_fields

NDJSON = "ndjson"
PARAMETER = "format"
QUERY_FIELDS = tuple(name for name in FIELDS if name not in {"text", "html", "signals", "metadata"})
_OF_ONE = ("external_id", "url", "canonical_url", "title", "version")
"""Fields that name one article: of a body of several they would make all of them one."""
_XML = frozenset({"application/xml", "text/xml"})
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What a body is and what is known beside it."""

    format: Format
    in_lines: bool
    """One JSON text a line."""
    defaults: Defaults

    def read(self, body: bytes, *, offset: int = 0) -> Submission | list[Parsed]:
        """The article or the articles of a body, or of one item of a batch that begins at ``offset``."""
        defaults = replace(self.defaults, offset=offset) if offset else self.defaults
        read = self.format.read(body, defaults)
        if isinstance(read, list):
            self.refuse_fields_of_one()
        return read

    def read_item(self, body: bytes, *, offset: int) -> list[Parsed]:
        """As ``read``, where what is wrong with the item is its outcome."""
        try:
            read = self.read(body, offset=offset)
        except WirefoldError as error:
            return [error]
        return read if isinstance(read, list) else [read]

    def refuse_fields_of_one(self) -> None:
        """Raise where the query names what belongs to one article, and the body holds several."""
        for name in _OF_ONE:
            if name in self.defaults.fields:
                raise InvalidParameter(
                    f"{name} belongs to one article; the body may hold several.",
                    field=name,
                    fix=f"Leave {name} out of the query.",
                )


def how_sent(request: Request, limits: Limits) -> Sent:
    """What the request says of its body. Raises UnsupportedMedia, InvalidParameter, InvalidSubmission."""
    kind, charset = content_type(request)
    name = request.query_params.get(PARAMETER)
    found = _format(kind, name)
    if found.is_json:
        expect_utf8(charset)
    fields = {name: value for name in QUERY_FIELDS if (value := request.query_params.get(name))}
    if found is JSON and fields:
        name = next(iter(fields))
        raise InvalidParameter(
            f"{name} stands in the query, but JSON carries it itself.",
            field=name,
            fix=f"Send {name} as a member of the JSON.",
        )
    check_fields(fields)
    media_type = request.headers.get("content-type", "")[:_LONGEST]
    defaults = Defaults(found.name, media_type, charset, fields, limits.bounds)
    return Sent(found, found.is_json and (kind in LINES or name == NDJSON), defaults)


def _format(kind: str, name: str | None) -> Format:
    if name is not None:
        found = JSON if name == NDJSON else FORMATS.get(name)
        told = f"The format {name[:40]!a} is not read here."
    else:
        found = JSON if kind in LINES else format_of(kind)
        told = f"{kind} is not read here." if kind else "The request has no Content-Type."
        if kind in _XML:
            told = f"{kind} does not say which XML it is."
    if found is None:
        raise UnsupportedMedia(told, fix=f"Send one of these: {readable()}.")
    return found


def readable() -> str:
    """What is read, for people: each format's name with the media types that mean it."""
    named = [f"{each.name} ({', '.join(each.media_types) or 'by name only'})" for each in FORMATS.values()]
    return f"?format= {', '.join([*named, 'ndjson (application/x-ndjson)'])}"


def query_parameters() -> list[dict[str, Any]]:
    """The query of a route that takes articles, for the OpenAPI document."""
    names: dict[str, Any] = {
        "name": PARAMETER,
        "in": "query",
        "description": "What the body is; goes before Content-Type.",
        "schema": {"type": "string", "enum": [*FORMATS, NDJSON]},
    }
    fields = [
        {
            "name": name,
            "in": "query",
            "description": f"{FIELDS[name].says} Of a body that is not JSON of the contract.",
            "schema": {"type": "string", "maxLength": FIELDS[name].longest or 100},
        }
        for name in QUERY_FIELDS
    ]
    return [names, *fields]
