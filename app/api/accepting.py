"""Which of the forms that an answer may have the caller likes best: the Accept field (RFC 9110, 12.5.1)."""

from collections.abc import Collection, Iterable

from starlette.requests import Request

JSON = "application/json"
_ANY_JSON = frozenset({"*/*", "application/*"})


def preferred(request: Request, offered: Collection[str]) -> str:
    """The media type of ``offered`` with the highest quality, of equals the first that the field names.

    JSON where the field names none of them, or likes JSON better. A range with a star means JSON: who takes
    anything has not asked for a stream.
    """
    best, most = JSON, 0.0
    for each in ",".join(request.headers.getlist("accept")).split(","):
        kind, *parameters = (part.strip().lower() for part in each.split(";"))
        named = JSON if kind in _ANY_JSON else kind
        quality = _quality(parameters)
        if quality > most and (named == JSON or named in offered):
            best, most = named, quality
    return best


def _quality(parameters: Iterable[str]) -> float:
    """The weight of a range, 1 where it has none that can be read."""
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                break
    return 1.0
