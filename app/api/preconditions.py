"""If-Match (RFC 9110, 13.1.1): whoever changes a story says in which state they read it.

Of a canonical's entity tag only the part before the dot is compared: the state of the story, whatever
page of its members was read with it.
"""

from collections.abc import Iterable
from typing import Annotated, TypeAlias

from fastapi import Depends, Header, Request

from app.api.problems import PreconditionRequired

_HEADER = "if-match"
_Named: TypeAlias = Annotated[
    str | None,
    Header(alias="If-Match", description="The canonical's ETag as you read it, or * for whatever it is now."),
]


def _named_states(request: Request, if_match: _Named = None) -> frozenset[str] | None:
    del if_match  # declared for the document; a field may be sent in several lines
    fields = request.headers.getlist(_HEADER)
    tags = [tag.strip() for field in fields for tag in field.split(",")]
    return None if not fields or tags == ["*"] else states_of(tags)


def _required_states(request: Request, if_match: _Named = None) -> frozenset[str] | None:
    if _HEADER not in request.headers:
        raise PreconditionRequired("The request has no If-Match.", field="If-Match")
    return _named_states(request, if_match)


States = Annotated[frozenset[str] | None, Depends(_named_states)]
"""The states that a request names; None where any will do."""
RequiredStates = Annotated[frozenset[str] | None, Depends(_required_states)]
"""The same of a request that has to name one (RFC 6585, 3); None for ``*``."""


def states_of(tags: Iterable[str]) -> frozenset[str]:
    """The states in entity tags. A weak one, and what is none, matches nothing."""
    strong = (tag[1:-1] for tag in tags if len(tag) > 1 and tag[0] == tag[-1] == '"')
    return frozenset(tag.partition(".")[0] for tag in strong)
