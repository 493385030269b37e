"""What can go wrong, as exceptions.

WirefoldError
├── Problem             the service answered with a problem (RFC 9457): act on ``code``
│   ├── Refused         the request is not acceptable as it is; sent again it will be refused again
│   ├── NotAllowed      the key is missing, unknown, or may not do this
│   ├── NotFound        there is nothing of that ID
│   ├── Conflicting     another request stands against it
│   ├── LimitReached    asked too often, or the day's quota is used up
│   └── Unavailable     a passing state of the service
├── Unreachable         no answer came, or none in time
├── UnexpectedAnswer    something else than Wirefold answered
└── BadSignature        a webhook that the service did not send, or not lately
"""

from collections.abc import Mapping

import httpx

_IN_FLIGHT = "idempotency-key-in-use"


class WirefoldError(Exception):
    """Any failure of this package."""


class Unreachable(WirefoldError):
    """No answer came, or none in time. Whether the request was carried out is not known."""


class UnexpectedAnswer(WirefoldError):
    """The answer is none of Wirefold's: a proxy's page, or another program's."""


class BadSignature(WirefoldError):
    """A webhook that is not to be believed."""


class Problem(WirefoldError):
    """A problem as the service told it; its docs/errors.md has a section for every ``code``."""

    def __init__(self, document: Mapping[str, object], *, retry_after_s: float | None = None) -> None:
        self.status = _number(document, "status") or 0
        self.code = _text(document, "code") or "unknown"
        self.title = _text(document, "title") or ""
        self.detail = _text(document, "detail") or self.title
        self.field = _text(document, "field")
        """The field, parameter or header field at fault."""
        self.fix = _text(document, "fix")
        """What can be done about it, for people."""
        self.position = _number(document, "position")
        """The byte at which JSON stopped being JSON."""
        self.request_id = _text(document, "request_id")
        """Stands in the service's log."""
        self.retry_after_s = retry_after_s
        """How long the service asked to be left alone."""
        super().__init__(f"{self.code}: {self.detail}" + (f" {self.fix}" if self.fix else ""))

    @property
    def passes(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status in {429, 502, 503, 504, 507} or self.code == _IN_FLIGHT

    def __reduce__(self) -> tuple[object, ...]:
        """Problems cross processes: multiprocessing pickles what its workers raise."""
        document = {
            name: getattr(self, name)
            for name in ("status", "code", "title", "detail", "field", "fix", "position", "request_id")
        }
        return (_again, (type(self), document, self.retry_after_s))


class Refused(Problem):
    """The request is not acceptable as it is."""


class NotAllowed(Problem):
    """The key is missing, unknown, or may not do this."""


class NotFound(Problem):
    """There is nothing of that ID."""


class Conflicting(Problem):
    """Another request, or the state of things, stands against it."""


class LimitReached(Problem):
    """Asked too often, or the day's quota is used up."""


class Unavailable(Problem):
    """The service cannot answer now: overloaded, stopping, without its database, or faulty."""


_BY_STATUS: Mapping[int, type[Problem]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflicting,
    412: Conflicting,
    428: Conflicting,
    429: LimitReached,
}


def problem_of(document: Mapping[str, object], *, retry_after_s: float | None = None) -> Problem:
    """A problem document as the exception for its status."""
    status = _number(document, "status") or 0
    kind = _BY_STATUS.get(status) or (Unavailable if status >= 500 else Refused)
    return kind(document, retry_after_s=retry_after_s)


def problem_answered(response: httpx.Response) -> Problem:
    """The problem of an answer that is no success, also of one that a proxy made in its own words."""
    document: dict[str, object] = {"status": response.status_code, "title": response.reason_phrase}
    try:
        told = response.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        document |= told
    document.setdefault("request_id", response.headers.get("x-request-id"))
    return problem_of(document, retry_after_s=_seconds(response.headers.get("retry-after")))


def _again(kind: type[Problem], document: Mapping[str, object], retry_after_s: float | None) -> Problem:
    return kind(document, retry_after_s=retry_after_s)


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds, which is how the service says it; a date (a proxy's) counts as unsaid."""
    return float(value) if value and value.isascii() and value.isdigit() else None


def _text(document: Mapping[str, object], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) else None


def _number(document: Mapping[str, object], name: str) -> int | None:
    value = document.get(name)
    return value if isinstance(value, int) else None
