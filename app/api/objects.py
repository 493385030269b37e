"""Small JSON objects in requests: how they are described, read strictly, and checked against their model."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from app.api.body import media_type, read_body
from app.api.parameters import instead_of
from app.api.problems import UnsupportedMedia
from app.errors import InvalidValue, MissingField, WrongType
from app.parsing.json_text import read_json

MOST_BYTES = 64 * 1024
CODES = (
    "missing-field",
    "wrong-type",
    "invalid-value",
    "duplicate-key",
    "too-deep",
    "malformed-json",
    "too-large",
    "broken-body",
    "suspicious-compression",
    "unsupported-media-type",
)
"""Of the failures that reading an object may end in."""

_Model = TypeVar("_Model", bound=BaseModel)


def takes(
    model: type[BaseModel], example: dict[str, Any] | None = None, *, required: bool = True
) -> dict[str, Any]:
    """The body of a route that takes such an object, for the OpenAPI document."""
    content: dict[str, Any] = {"schema": model.model_json_schema()}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": required, "content": {"application/json": content}}}


async def json_body(request: Request, *, gzip_ratio: int, says: str, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a body that has to be JSON; ``says`` is what anything else is told."""
    if media_type(request) != "json":
        raise UnsupportedMedia(says, fix="Send application/json.")
    return await read_body(request, limit=most_bytes, gzip_ratio=gzip_ratio)


async def read_object(request: Request, model: type[_Model], *, gzip_ratio: int) -> _Model:
    """The object in a request's body. An empty body is an empty object."""
    raw = await read_body(request, limit=MOST_BYTES, gzip_ratio=gzip_ratio)
    if raw and media_type(request) != "json":
        raise UnsupportedMedia("An object is sent as JSON.", fix="Send application/json.")
    return checked(read_json(raw) if raw else {}, model)


def checked(value: object, model: type[_Model]) -> _Model:
    """The value as a model, or what is wrong with the first thing that is."""
    if not isinstance(value, dict):
        raise WrongType("The body is no JSON object.", fix="Send an object; /openapi.json describes it.")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(first["loc"][0])[:100] if first["loc"] else None
        kind, said = first["type"], f"{field or 'The object'}: {first['msg']}."
        fix = f"See {field or 'the object'} in /openapi.json."
        if kind == "extra_forbidden":
            told = f"There is no member {field}."
            raise InvalidValue(told, field=field, fix=instead_of(field or "", model.model_fields)) from None
        if kind == "missing":
            raise MissingField(f"{field} is missing.", field=field, fix=f"Send {field}.") from None
        if kind.endswith("_type"):
            raise WrongType(said, field=field, fix=fix) from None
        raise InvalidValue(said, field=field, fix=fix) from None
