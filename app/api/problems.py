"""Problem documents (RFC 9457), and the failures that only the HTTP edge knows.

Every failure is a ``WirefoldError`` with a stable code; docs/errors.md has a section for each. A problem's
``type`` leads to that section.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from app.errors import Conflict, Contradiction, MalformedJson, WirefoldError
from app.net.faults import FetchFailed

MEDIA_TYPE = "application/problem+json"
DOCUMENTATION = "/docs/errors.md"

Problem: TypeAlias = dict[str, str | int | list[str]]


class InvalidParameter(WirefoldError):
    """A parameter of the request cannot be used."""

    code = "invalid-parameter"
    status = 422
    remedy = "Correct the parameter; /openapi.json describes it."


class BrokenBody(WirefoldError):
    """The body is not what its headers say."""

    code = "broken-body"
    status = 400
    remedy = "Send the whole body, as its header fields say; what was stored before is answered as a replay."


class BodyTooDense(WirefoldError):
    """The compressed body unpacks to far more than it should."""

    code = "suspicious-compression"
    status = 413
    remedy = "Send it uncompressed."


class TooManyItems(WirefoldError):
    """The batch has more items than one request may carry."""

    code = "too-many-items"
    status = 413
    remedy = "Send the rest in another batch."


class UnsupportedMedia(WirefoldError):
    """The body is of a media type or encoding that is not read here."""

    code = "unsupported-media-type"
    status = 415
    remedy = "Send application/json in UTF-8, plain or gzipped."


class Unauthenticated(WirefoldError):
    """The request needs a valid API key."""

    code = "unauthenticated"
    status = 401
    remedy = "Send Authorization: Bearer <key>."


class Forbidden(WirefoldError):
    """The API key does not allow this."""

    code = "forbidden"
    status = 403
    remedy = "Use or make a key with the scope."


class SourceForbidden(WirefoldError):
    """The API key is bound to other sources."""

    code = "source-forbidden"
    status = 403
    remedy = "Send with a key for that source."


class RateLimited(WirefoldError):
    """The API key has asked too often."""

    code = "rate-limited"
    status = 429
    remedy = "Send the same again after Retry-After, and ask no oftener than RateLimit-Policy says."

    def __init__(
        self, detail: str, *, fields: Mapping[str, str] | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)
        self.fields = fields or {}


class QuotaExceeded(WirefoldError):
    """The API key has sent its articles for the day."""

    code = "quota-exceeded"
    status = 429
    remedy = "Send it again tomorrow (UTC), or with a key that may send more."


class TooManyGuesses(WirefoldError):
    """Too many wrong API keys came from one address."""

    code = "too-many-guesses"
    status = 429
    remedy = "Send a valid key after Retry-After."


class CrossSite(WirefoldError):
    """The request came from a page of another site."""

    code = "cross-site"
    status = 403
    remedy = "Name the origin in WIREFOLD_CORS_ORIGINS."


class NoSuchPage(WirefoldError):
    """There is no such address."""

    code = "no-such-page"
    status = 404
    remedy = "See /openapi.json for the addresses."


class MethodNotAllowed(WirefoldError):
    """The address does not take this method."""

    code = "method-not-allowed"
    status = 405
    remedy = "Use a method that Allow names."


class KeyInUse(Conflict):
    """The request with this Idempotency-Key is still under way."""

    code = "idempotency-key-in-use"
    remedy = "Wait for the first request's answer; ask again after Retry-After."


class PreconditionRequired(WirefoldError):
    """The request must name the state it is about."""

    code = "precondition-required"
    status = 428
    remedy = "Read the canonical, then send its ETag as If-Match; * stands for whatever state it is in."


class KeyReused(WirefoldError):
    """The Idempotency-Key was used for another request."""

    code = "idempotency-key-reused"
    status = 422
    remedy = "Use a new key for another request."


class Internal(WirefoldError):
    """Something went wrong inside the service."""


def problem_of(error: WirefoldError, *, request_id: str | None = None) -> Problem:
    """The problem document of a failure."""
    problem: Problem = {
        "type": f"{DOCUMENTATION}#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if isinstance(error, MalformedJson):
        problem["position"] = error.position
    if isinstance(error, Contradiction):
        problem["links"] = error.links
    if isinstance(error, FetchFailed):
        problem["kind"] = error.fault
    problem["fix"] = error.fix
    optional = {"field": error.field, "request_id": request_id}
    return problem | {name: value for name, value in optional.items() if value is not None}


def headers_of(error: WirefoldError) -> dict[str, str]:
    """The header fields that go with a failure."""
    headers = {"cache-control": "no-store"}
    if isinstance(error, BrokenBody):
        # Where the next request begins cannot be known any more.
        headers["connection"] = "close"
    if error.retry_after_s is not None:
        headers["retry-after"] = str(max(1, round(error.retry_after_s)))
    if isinstance(error, RateLimited):
        headers |= error.fields
    if error.status == Unauthenticated.status:
        headers["www-authenticate"] = 'Bearer realm="wirefold"'
    return headers


def all_errors() -> list[type[WirefoldError]]:
    """Every failure a caller can meet."""

    def walk(error: type[WirefoldError]) -> Iterator[type[WirefoldError]]:
        for child in error.__subclasses__():
            yield child
            yield from walk(child)

    return sorted(set(walk(WirefoldError)) - {Internal} | {Internal}, key=lambda e: (e.status, e.code))
