"""The OpenAPI document: what FastAPI cannot read off the code, said in one place."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.formats import query_parameters
from app.api.problems import MEDIA_TYPE, all_errors
from app.api.schemas.feed import ProblemOut
from app.api.schemas.submission import EXAMPLE, SCHEMA_NAME, submission_schema
from app.parsing.formats import FORMATS, JSON

_ANYWHERE = (
    "unauthenticated",
    "forbidden",
    "cross-site",
    "invalid-parameter",
    "rate-limited",
    "too-many-guesses",
    "internal",
    "storage-unavailable",
)
_REF = {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}
_PROBLEM = {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}
_EXAMPLES = {"article": {"summary": "An article from a news site", "value": EXAMPLE}}
Responses = dict[int | str, dict[str, Any]]


def one_submission() -> dict[str, Any]:
    """The query and the body of a route that takes one submission, or a document of another format."""
    content = {"application/json": {"schema": _REF, "examples": _EXAMPLES}, **_other_formats()}
    return {"parameters": query_parameters(), "requestBody": {"required": True, "content": content}}


def many_submissions() -> dict[str, Any]:
    """The query and the body of a route that takes a stream of submissions."""
    many = {"schema": {"type": "array", "items": _REF}, "example": [EXAMPLE]}
    lines = {"schema": {"type": "string", "description": "One submission a line."}}
    content = {"application/json": many, "application/x-ndjson": lines, **_other_formats()}
    return {"parameters": query_parameters(), "requestBody": {"required": True, "content": content}}


def _other_formats() -> dict[str, Any]:
    return {
        kind: {"schema": {"type": "string", "description": f"{each.says}."}}
        for each in FORMATS.values()
        if each is not JSON
        for kind in each.media_types
    }


def problems(*codes: str) -> Responses:
    """The failures of a route by their codes, beside those of all, grouped by status.

    Raises ValueError for a code of none.
    """
    return only(*codes, *_ANYWHERE)


def only(*codes: str) -> Responses:
    """The failures of a route that asks nobody who they are, by their codes, likewise."""
    by_status: Responses = {}
    errors = all_errors()
    if unknown := set(codes) - {error.code for error in errors}:
        raise ValueError(f"There is no error with the code {', '.join(sorted(unknown))}.")
    for error in errors:
        if error.code in codes:
            title = (error.__doc__ or "").strip().splitlines()[0]
            # Named, not given: a model in each of some 600 answers took a quarter of a second at every start.
            content = {MEDIA_TYPE: {"schema": _PROBLEM}}
            entry = by_status.setdefault(error.status, {"description": "", "content": content})
            entry["description"] = f"{entry['description']} `{error.code}`: {title}".strip()
    return by_status


def describe(app: FastAPI) -> None:
    """Let the application answer the completed document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            _complete(made)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})[SCHEMA_NAME] = submission_schema()
    components["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key. Not needed on loopback until the first one exists.",
        }
    }
    document["security"] = [{}, {"key": []}]
    for item in document["paths"].values():
        for operation in item.values():
            _use_problem_type(operation)


def _use_problem_type(operation: dict[str, Any]) -> None:
    """FastAPI's own failures are application/problem+json here, not the type of the route's answer."""
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if status >= "400" and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")
