"""Every failure a caller can meet, with its stable code and HTTP status.

    WirefoldError
    ├── MalformedJson          400  not JSON; says at which byte
    ├── MalformedXml           400  not well-formed, or XML of a kind that is not read
    ├── TooLarge               413  an item, a text or a body is over its limit
    ├── InvalidSubmission      422  one item is not acceptable; names the field and the fix
    │   ├── MissingField            a field that must be there is not
    │   ├── WrongType               a field holds another JSON type
    │   ├── InvalidValue            a field holds what cannot be used
    │   ├── EmptyText               nothing that can be read
    │   ├── BadDate                 a date that cannot be read
    │   ├── DuplicateKey            one name twice in one JSON object
    │   ├── NoArticle               the document is of its format and holds no news text: skipped
    │   ├── TooDeep                 JSON nested deeper than the limit
    │   └── NotAFeed                neither RSS nor Atom nor JSON Feed
    ├── NotFound               404  no article, canonical or page of that ID
    ├── Gone               410  the article was deleted on request or by retention
    ├── NotYet                 404  what is asked for came later than the time it is asked for at
    ├── Conflict               409  it cannot be done as things stand
    │   └── Contradiction           people said otherwise of these articles; names the links
    ├── StaleCanonical         412  a story changed since it was read
    ├── FeedThere              409  another feed is asked for at that address
    ├── FeedChanged            412  a feed was changed since it was read
    ├── NoFeedThere            422  the address tried answers, but not with a document
    ├── Overloaded             503  the queue is full; try again after ``retry_after_s``
    ├── StorageUnavailable     503  the database cannot be reached or is locked
    ├── StorageFull            507  the disk is full; nothing of the request was stored
    └── SchemaMismatch         500  the database is of another schema than the program

Errors of the HTTP edge alone (media type, keys, broken streams) stand in ``app.api``, those of fetching in
``app.net.faults``.
"""

from collections.abc import Sequence
from typing import ClassVar


class WirefoldError(Exception):
    """Something a caller is told about. The docstring is the title of the problem."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    remedy: ClassVar[str] = "Report it, with what the log says under the request's ID."
    """What can be done about it where nothing closer is known: every problem names a fix."""

    def __init__(
        self,
        detail: str,
        *,
        field: str | None = None,
        fix: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.fix = fix or self.remedy
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled by what it holds: its arguments have names, which BaseException would forget."""
        return _restored, (type(self), self.args, self.__dict__)

    @property
    def title(self) -> str:
        """The first line of the class's docstring, without its full stop."""
        return (type(self).__doc__ or "").strip().splitlines()[0].rstrip(".")


def _restored(kind: type[WirefoldError], args: tuple[object, ...], held: dict[str, object]) -> WirefoldError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(held)
    return error


class InvalidSubmission(WirefoldError):
    """The submission cannot be accepted as it is."""

    code = "invalid-submission"
    status = 422
    remedy = "Correct the submission and send it again."


class MissingField(InvalidSubmission):
    """A field that must be there is missing."""

    code = "missing-field"


class WrongType(InvalidSubmission):
    """A field holds a value of the wrong type."""

    code = "wrong-type"


class InvalidValue(InvalidSubmission):
    """A field holds a value that cannot be used."""

    code = "invalid-value"


class EmptyText(InvalidSubmission):
    """The submission has no text that can be read."""

    code = "empty-text"


class BadDate(InvalidSubmission):
    """A date cannot be read."""

    code = "bad-date"


class DuplicateKey(InvalidSubmission):
    """One name stands twice in one JSON object."""

    code = "duplicate-key"


class TooDeep(InvalidSubmission):
    """The JSON is nested too deep."""

    code = "too-deep"


class NoArticle(InvalidSubmission):
    """The document is valid and holds no article: nothing is taken in, and sending it was no mistake."""

    code = "no-article"
    status = 200
    remedy = "Nothing is wrong; pictures, concepts and the like hold no text to take in."


class MalformedXml(WirefoldError):
    """The body is not XML that is read here."""

    code = "malformed-xml"
    status = 400
    remedy = "Send well-formed XML without entities of its own."


class NotAFeed(InvalidSubmission):
    """What was sent or fetched is not a feed."""

    code = "not-a-feed"
    remedy = "Send RSS, RDF, Atom or JSON Feed."


class MalformedJson(WirefoldError):
    """The body is not JSON."""

    code = "malformed-json"
    status = 400

    remedy = "Send UTF-8 JSON (RFC 8259)."

    def __init__(self, detail: str, *, position: int) -> None:
        super().__init__(f"{detail} at byte {position}.")
        self.position = position


class TooLarge(WirefoldError):
    """What was sent is over a limit."""

    code = "too-large"
    status = 413
    remedy = "Send less at once."


class NotFound(WirefoldError):
    """There is nothing under that ID."""

    code = "not-found"
    status = 404
    remedy = "Compare the ID with the change feed, or look the story up by url or external_id."


class NotYet(WirefoldError):
    """At that time it was not there yet."""

    code = "not-yet"
    status = 404
    remedy = "Ask for a later time or position, or leave as_of out for now."


class Gone(WirefoldError):
    """The text was deleted."""

    code = "gone"
    status = 410
    remedy = "Delete your copy as well. GET /v1/canonicals says what is left of its story."


class Conflict(WirefoldError):
    """The request conflicts with how things stand."""

    code = "conflict"
    status = 409
    remedy = "Send it again once the other request is answered."


class CursorAhead(WirefoldError):
    """The cursor lies behind the end of the change feed."""

    code = "cursor-ahead"
    status = 409
    remedy = "Go on at the position of the backup, if one was restored; cursor=end is what comes from now on."


class Contradiction(Conflict):
    """People said otherwise of these articles."""

    code = "contradiction"
    remedy = "Take back the links that are named, or send overrule: true."

    def __init__(self, detail: str, *, links: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.links = list(links)


class StaleCanonical(WirefoldError):
    """The story changed since it was read."""

    code = "stale-canonical"
    status = 412
    remedy = "Read the canonical again, then send its ETag as If-Match."


class FeedThere(WirefoldError):
    """Another feed is asked for at this address."""

    code = "feed-exists"
    status = 409
    remedy = "Change that feed, or remove it first."


class FeedChanged(WirefoldError):
    """The feed was changed since it was read."""

    code = "feed-changed"
    status = 412
    remedy = "Read the feed again and send the change with its new ETag."


class NoFeedThere(WirefoldError):
    """The address answers, but not with a feed."""

    code = "no-feed-there"
    status = 422
    remedy = "Open the address in a browser and look for the feed's own."


class Overloaded(WirefoldError):
    """More is waiting than can be taken in soon."""

    code = "overloaded"
    status = 503
    remedy = "Send the same again a little later; sending twice is harmless."


class StorageUnavailable(WirefoldError):
    """The database cannot be reached."""

    code = "storage-unavailable"
    status = 503
    remedy = "Send the same again a little later. Where it lasts, look after the database."


class StorageFull(WirefoldError):
    """The disk is full."""

    code = "storage-full"
    status = 507
    remedy = "Make room on the database's disk, then send the same again."


class SchemaMismatch(WirefoldError):
    """The database is of another schema than this program."""

    code = "schema-mismatch"
    status = 500
    remedy = "Run wirefold migrate."
