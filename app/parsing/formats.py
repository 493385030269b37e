"""The formats that are read, by media type and by the name that ``?format=`` takes.

Nothing is guessed from the bytes: ``application/xml`` says no more than that it is XML, so it needs the name.
"""

from dataclasses import dataclass

from app.model import Submission
from app.parsing.reader import Defaults, Reader
from app.parsing.submission import read_submission


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, the media types that mean it, and its reader."""

    name: str
    says: str
    read: Reader
    media_types: tuple[str, ...] = ()
    is_json: bool = False
    """Its articles are JSON objects, so that a batch of them is NDJSON or a JSON array."""


def _read_contract(data: bytes, defaults: Defaults) -> Submission:
    return read_submission(data, defaults.bounds, offset=defaults.offset)


JSON = Format("json", "JSON of the contract", _read_contract, ("application/json", "text/json"), is_json=True)
FORMATS: dict[str, Format] = {each.name: each for each in (JSON,)}
_BY_MEDIA_TYPE = {kind: each for each in FORMATS.values() for kind in each.media_types}


def format_named(name: str) -> Format | None:
    """The format of that name."""
    return FORMATS.get(name)


def format_of(media_type: str) -> Format | None:
    """The format that a media type (lower case, without parameters) means."""
    found = _BY_MEDIA_TYPE.get(media_type)
    if found is None and media_type.startswith("application/") and media_type.endswith("+json"):
        return JSON
    return found
