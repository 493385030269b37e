"""Query parameters that a route does not know are refused: one that is misspelt would filter nothing.

So is one that stands twice where the route takes one value: one of the two would be passed over. Which it
knows is read off the OpenAPI document, so that what is described and what is taken are the same.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from fastapi import FastAPI, Request

from app.api.problems import InvalidParameter

_NAMED = 12
_LONGEST = 100


async def refuse_unknown(request: Request) -> None:
    """Raise InvalidParameter where the query has a parameter that the route does not take, or not twice."""
    if not request.scope["query_string"]:
        return
    path = getattr(request.scope.get("route"), "path_format", "")
    known = _known(request.app).get((request.method.lower(), path), {})
    for name in request.query_params:
        if name not in known:
            raise InvalidParameter(
                f"There is no parameter {name[:_LONGEST]!a} here.",
                field=name[:_LONGEST],
                fix=instead_of(name, known),
            )
        if not known[name] and len(request.query_params.getlist(name)) > 1:
            raise InvalidParameter(f"{name} stands twice.", field=name, fix="Send it once.")


def instead_of(name: str, known: Collection[str]) -> str:
    """What to send in place of a name that is not known."""
    near = get_close_matches(name[:_LONGEST], known, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    if not known:
        return "Leave it out; there are none."
    told = sorted(known)
    more = ", …" if len(told) > _NAMED else ""
    return f"Leave it out; there are {', '.join(told[:_NAMED])}{more}."


def _known(app: FastAPI) -> Mapping[tuple[str, str], Mapping[str, bool]]:
    """Each route's query parameters, by method and path: their names, and whether one may stand twice."""
    found: Mapping[tuple[str, str], Mapping[str, bool]] | None = getattr(app.state, "query_names", None)
    if found is None:
        found = app.state.query_names = {
            (method, path): {
                each["name"]: _takes_several(each["schema"])
                for each in operation.get("parameters", ())
                if each["in"] == "query"
            }
            for path, item in app.openapi()["paths"].items()
            for method, operation in item.items()
        }
    return found


def _takes_several(schema: Mapping[str, Any]) -> bool:
    return any(each.get("type") == "array" for each in schema.get("anyOf", (schema,)))
