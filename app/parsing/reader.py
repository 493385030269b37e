"""What every format's reader is given, and how it makes a submission of what it has read.

A reader turns one body into the words of the contract (``FIELDS``) and hands them to ``make_submission``,
which holds them to the bounds and messages of JSON, writes them down as the JSON that is stored, and keeps
what came beside it. What a format says that has no word of ours goes to ``metadata``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.errors import TooLarge, WirefoldError
from app.model import Received, Submission
from app.parsing.json_text import JsonValue, check_depth, write_json
from app.parsing.submission import FIELDS, Bounds, submission_of

Parsed: TypeAlias = Submission | WirefoldError
"""An article of a body, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is known of a body beside its bytes."""

    format: str
    """The format's name, stored with what came."""
    media_type: str = ""
    """Content-Type as sent."""
    charset: str | None = None
    """The charset that Content-Type names: it goes before what the body says of itself (RFC 7303)."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """From the query. ``source`` overrules the body, the others fill what it leaves out."""
    bounds: Bounds = field(default_factory=Bounds)
    offset: int = 0
    """Where in the request's body the bytes begin, for messages."""


Reader: TypeAlias = Callable[[bytes, Defaults], Submission | list[Parsed]]
"""One article's submission, or, of a format or document that holds several, one outcome each in order.

Raises WirefoldError where the body as a whole cannot be read.
"""


def make_submission(fields: Mapping[str, JsonValue], body: bytes, defaults: Defaults) -> Submission:
    """The submission that ``fields`` make. ``body`` is the article's own part of what came.

    Fields that are None or empty are left out. Raises InvalidSubmission and TooLarge as for JSON.
    """
    said = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
    said = {**defaults.fields, **said}
    if "source" in defaults.fields:
        said["source"] = defaults.fields["source"]
    ordered: dict[str, JsonValue] = {name: said[name] for name in FIELDS if name in said}
    check_depth(ordered, defaults.bounds.depth)
    raw = write_json(ordered)
    if len(raw) > defaults.bounds.item_bytes:
        most = defaults.bounds.item_bytes
        raise TooLarge(f"The article is over {most} bytes as JSON.", fix=f"Send at most {most} bytes.")
    received = Received(defaults.format, defaults.media_type, body)
    return submission_of(ordered, raw, defaults.bounds, received=received)
