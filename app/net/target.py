"""What may be asked for: the rules of an outbound address before anything is resolved."""

import re
from typing import TypeAlias

import httpx

from app.net.addresses import Address, Allowed, why_refused, written_out
from app.net.faults import Fault, FetchFailed

Target: TypeAlias = httpx.URL
"""An address that may be asked."""

_MOST_CHARACTERS = 8192
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]+")
# Ports of the well-known range that serve HTTP; above it, what browsers refuse ("bad ports" of the Fetch
# standard) and the databases and brokers that take an HTTP request for commands of theirs.
_WELL_KNOWN = {80, 81, 443, 591, 593, 832, 981}
_NOT_HTTP = {
    *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6697, 10080),
    *range(6665, 6670),
    *(1433, 1521, 2181, 2375, 2379, 3306, 5432, 5672, 6379, 9042, 9092, 9200, 11211, 27017),
}


def read_target(address: str) -> Target:
    """The address, its host in ASCII and without its fragment.

    Raises FetchFailed for other schemes than http and https, a user or password, and ports of other services.
    """
    if len(address) > _MOST_CHARACTERS:
        raise _bad(f"The address is longer than {_MOST_CHARACTERS} characters.")
    try:
        url = httpx.URL(address.strip())
        host = url.host  # raises where it is no IDNA (RFC 5891): "xn--" that stands for nothing
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise _bad(f"The address cannot be read: {error}.") from None
    if url.scheme not in {"http", "https"} or not host:
        raise _bad("The address does not begin with http:// or https:// and a host.")
    if not _HOST.fullmatch(url.raw_host.decode("ascii")):
        raise _bad("The address's host is no name and no IP address.")
    if url.userinfo:
        raise _bad("The address carries a user or a password.")
    if not served(port_of(url)):
        raise _bad(f"Port {port_of(url)} is not one of the web's.")
    return url.copy_with(fragment=None)


def refuse_inside(host: str, address: Address, allowed: Allowed) -> None:
    """Raise FetchFailed where requests to this host may not go to this address of it."""
    if kind := why_refused(host, address, allowed):
        raise FetchFailed(
            f"{host} leads to {address} ({kind}), where requests may not go.", Fault.BLOCKED_ADDRESS
        )


def refuse_written_out(target: Target, allowed: Allowed) -> None:
    """Raise FetchFailed where the host is an address inside: no look-up is needed to know that."""
    address = written_out(target.host)
    if address is not None:
        refuse_inside(target.host, address, allowed)


def follow(url: Target, location: str) -> Target:
    """Where a redirect leads. Raises FetchFailed where it may not lead."""
    try:
        there = str(url.join(location.strip()))
    except (httpx.InvalidURL, ValueError):
        raise FetchFailed("The redirect's Location cannot be read.", Fault.BAD_REDIRECT) from None
    target = read_target(there)
    if url.scheme == "https" and target.scheme == "http":
        raise FetchFailed(f"{url.host} leads from https back to http.", Fault.BAD_REDIRECT)
    return target


def port_of(url: httpx.URL) -> int:
    """The port a URL names or implies."""
    default = 443 if url.scheme == "https" else 80
    return default if url.port is None else url.port


def served(port: int) -> bool:
    """Whether web servers are found at that port."""
    return port in _WELL_KNOWN or (1024 <= port <= 65535 and port not in _NOT_HTTP)


def _bad(detail: str) -> FetchFailed:
    return FetchFailed(detail, Fault.BAD_ADDRESS)
