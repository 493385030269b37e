"""Why an outbound request came to nothing: one exception, with a stable kind for each cause."""

from enum import StrEnum

from app.errors import WirefoldError


class Fault(StrEnum):
    """The causes; stored, counted and shown by these names."""

    BAD_ADDRESS = "bad-address"
    """No address to fetch: scheme, host, port, or a password in it."""
    BLOCKED_ADDRESS = "blocked-address"
    """The name leads to an address inside, which is not allowed."""
    DNS = "dns"
    """The name leads nowhere, or did not in time."""
    CONNECTION = "connection"
    """Refused, reset, or no way there."""
    TLS = "tls"
    """The certificate or the protocol does not hold."""
    TIMEOUT = "timeout"
    """Silent for too long, or not done at the deadline."""
    TOO_LARGE = "too-large"
    """Headers, body or unpacked body over the limit."""
    BAD_HTTP = "bad-http"
    """No HTTP, or a body shorter than was said."""
    BAD_ENCODING = "bad-encoding"
    """Content-Encoding is unknown or the compressed data is broken."""
    REDIRECT_LOOP = "redirect-loop"
    """Led back to where it came from."""
    TOO_MANY_REDIRECTS = "too-many-redirects"
    """Led on too often."""
    BAD_REDIRECT = "bad-redirect"
    """No usable Location, or from https to http."""


class FetchFailed(WirefoldError):
    """An address could not be fetched."""

    code = "fetch-failed"
    status = 422
    remedy = "Open the address in a browser; docs/feeds.md lists the kinds of failure."

    def __init__(
        self,
        detail: str,
        fault: Fault = Fault.CONNECTION,
        *,
        field: str | None = None,
        fix: str | None = None,
    ) -> None:
        super().__init__(detail, field=field, fix=fix)
        self.fault = fault
