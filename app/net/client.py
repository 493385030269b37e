"""The one HTTP client for addresses that others chose: feeds, pages, webhooks.

Below it is httpcore, the engine of httpx, without what httpx adds by itself: there are no cookies, no
proxies or passwords from the environment, no redirects but those followed here, and one connection for
each request. HTTP/1.1 (RFC 9112).
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import httpcore
import httpx

from app.net.addresses import Allowed
from app.net.dialling import Dialler, Resolver, resolve
from app.net.faults import Fault, FetchFailed
from app.net.target import follow, port_of, read_target
from app.net.unpacking import ACCEPTED, unpack
from app.net.watch import Watch

_HEAD_BYTES = 64 * 1024
_FRAMING_BYTES = 256 * 1024
"""What head and chunk sizes may add to a body on the wire."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one request, its redirects included."""

    timeout_s: float = 30.0
    """From the first look-up to the last byte."""
    idle_s: float = 10.0
    """The longest silence: while connecting, and between two pieces of the answer."""
    body_bytes: int = 20 * 1024 * 1024
    """Of the body, on the wire and unpacked."""
    ratio: int = 200
    """How many times its size a compressed body may unpack to."""
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name; what came several times is joined by commas."""
    url: str
    """The address that answered."""
    moved_to: str | None
    """Where the address asked for has moved for good: the end of the permanent redirects (301, 308) it
    began with. None where there were none."""
    body: bytes
    """Unpacked."""

    @property
    def redirect(self) -> str | None:
        """What its Location says, where it is a redirect that has one; ``target.follow`` reads it."""
        return self.headers.get("location") if self.status in _REDIRECTS else None


class Client:
    """Fetches and posts under the guard. Holds no connection and no state; share it between threads."""

    def __init__(
        self,
        *,
        allowed: Allowed | None = None,
        contact: str = "",
        resolver: Resolver = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``contact`` is where a publisher may ask whose requests these are: a page or a mail address."""
        self._allowed = allowed or Allowed()
        self._resolver = resolver
        self._tls = tls or ssl.create_default_context()
        self._agent = _product() + (f" (+{contact})" if contact else "")

    def fetch(
        self, address: str, *, headers: Mapping[str, str] | None = None, limits: Limits | None = None
    ) -> Fetched:
        """GET an address, following redirects: each hop is checked as the first one was.

        Raises FetchFailed, whose ``fault`` says why. Answers of any status are returned.
        """
        bounds = limits or Limits()
        watch = _watch(bounds)
        sent = {"Accept": "*/*", **(headers or {}), "Accept-Encoding": ACCEPTED}
        target = read_target(address)
        seen, moved_to, permanent = {str(target)}, None, True
        while True:
            answer = self._ask("GET", target, headers=sent, limits=bounds, watch=watch)
            location = answer.redirect
            if location is None:
                return Fetched(answer.status, answer.headers, str(target), moved_to, answer.body)
            target = follow(target, location)
            permanent = permanent and answer.status in _PERMANENT
            moved_to = str(target) if permanent else moved_to
            if str(target) in seen:
                raise FetchFailed(f"{address} leads back to {target}.", Fault.REDIRECT_LOOP)
            if len(seen) > bounds.redirects:
                raise FetchFailed(
                    f"{address} leads on more than {bounds.redirects} times.", Fault.TOO_MANY_REDIRECTS
                )
            seen.add(str(target))

    def fetch_once(self, address: str, *, limits: Limits | None = None) -> Fetched:
        """GET an address and follow nothing: ``redirect`` says where it leads. Raises FetchFailed."""
        bounds = limits or Limits()
        sent = {"Accept": "*/*", "Accept-Encoding": ACCEPTED}
        return self._ask("GET", read_target(address), headers=sent, limits=bounds, watch=_watch(bounds))

    def post(
        self,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        timeout_s: float = 20.0,
        keep_bytes: int = 16 * 1024,
    ) -> Fetched:
        """POST a body and follow nothing. Of the answer's body the first ``keep_bytes`` are read.

        Raises FetchFailed; a redirect is an answer like any other.
        """
        bounds = Limits(timeout_s=timeout_s, idle_s=timeout_s)
        sent = {"Accept": "*/*", **headers, "Accept-Encoding": "identity"}
        return self._ask(
            "POST",
            read_target(address),
            headers=sent,
            limits=bounds,
            watch=_watch(bounds),
            content=body,
            keep_bytes=keep_bytes,
        )

    def look_at(self, address: str, *, timeout_s: float = 5.0) -> bool:
        """Whether an address leads inside, where the operator lets requests go. Asks nothing of it.

        Raises FetchFailed where a request would be refused. A name that leads nowhere now may later: false.
        """
        target = read_target(address)
        watch = _watch(Limits(timeout_s=timeout_s, idle_s=timeout_s))
        try:
            found = Dialler(allowed=self._allowed, resolver=self._resolver, watch=watch).checked(
                target.host, port_of(target)
            )
        except FetchFailed as error:
            if error.fault is not Fault.DNS:
                raise
            return False
        return all(self._allowed.covers(target.host, each) for each in found)

    def _ask(
        self,
        method: str,
        url: httpx.URL,
        *,
        headers: Mapping[str, str],
        limits: Limits,
        watch: Watch,
        content: bytes | None = None,
        keep_bytes: int | None = None,
    ) -> Fetched:
        dialler = Dialler(allowed=self._allowed, resolver=self._resolver, watch=watch)
        sent = {**headers, "Host": url.netloc.decode(), "User-Agent": self._agent, "Connection": "close"}
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=port_of(url), target=url.raw_path
        )
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self._tls, network_backend=dialler, max_keepalive_connections=0
                ) as pool,
                pool.stream(method, target, headers=_encoded(sent), content=content) as response,
            ):
                received = _headers(response)
                if keep_bytes is not None:
                    body = _beginning(response, keep_bytes)
                elif response.status in _REDIRECTS:
                    body = b""
                else:
                    body = unpack(
                        response.iter_stream(),
                        received.get("content-encoding", ""),
                        most_bytes=limits.body_bytes,
                        most_ratio=limits.ratio,
                    )
                return Fetched(response.status, received, str(url), None, body)
        except httpcore.LocalProtocolError as error:
            raise FetchFailed(f"The request cannot be made: {error}.", Fault.BAD_ADDRESS) from error
        except httpcore.RemoteProtocolError as error:
            raise FetchFailed(f"{url.host} answered amiss: {error}.", Fault.BAD_HTTP) from error


def _product() -> str:
    """Name and version for User-Agent (RFC 9110, section 10.1.5)."""
    try:
        return f"Wirefold/{version('wirefold')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "Wirefold/dev"


def _watch(limits: Limits) -> Watch:
    return Watch(
        timeout_s=limits.timeout_s, idle_s=limits.idle_s, most_bytes=limits.body_bytes + _FRAMING_BYTES
    )


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    # The client's own come last and win, whatever their case.
    merged = {name.lower(): value for name, value in headers.items()}
    return [(name.encode("latin-1"), value.encode("latin-1", "ignore")) for name, value in merged.items()]


def _headers(response: httpcore.Response) -> dict[str, str]:
    if sum(len(name) + len(value) for name, value in response.headers) > _HEAD_BYTES:
        raise FetchFailed(f"The answer's headers are over {_HEAD_BYTES} bytes.", Fault.TOO_LARGE)
    joined: dict[str, str] = {}
    for name, value in response.headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def _beginning(response: httpcore.Response, most_bytes: int) -> bytes:
    kept = b""
    for piece in response.iter_stream():
        kept += piece
        if len(kept) >= most_bytes:
            break
    return kept[:most_bytes]
