"""The time that a request asks for, and how long the answer about it may be kept."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from app.api.problems import InvalidParameter
from app.model import Position
from app.parsing.dates import read_moment
from app.services.as_of import Moment

AsOf = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=64,
        description="What was said then: a position of the change feed, or a time. Now where left out.",
        examples=["1042", "2026-03-03T12:00:00Z"],
    ),
]
_LONGEST = 18
_SETTLED = "private, max-age=86400, immutable"
"""A day, not for ever: a text that is deleted on request must leave the caches, too. And nobody else's
cache: what may be shown depends on who asks."""


def read_as_of(value: str | None) -> Position | datetime | None:
    """The position or time that ``as_of`` names; none is now. Raises InvalidParameter, BadDate."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        if len(value) > _LONGEST:
            raise InvalidParameter("as_of is no position.", field="as_of", fix="Send a number from the feed.")
        return Position(int(value))
    moment = read_moment(value, field="as_of")
    if moment is None:
        raise InvalidParameter(
            "as_of is neither a position nor a time.",
            field="as_of",
            fix="Send a position of the change feed, or an ISO 8601 time from 1600 to 9000.",
        )
    return moment


def cache_of(moment: Moment | None) -> str:
    """The Cache-Control field of an answer about that time."""
    return "no-cache" if moment is None or not moment.settled else _SETTLED
