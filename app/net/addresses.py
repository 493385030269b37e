"""Which IP addresses an outbound request may reach: public ones, and what the operator allows.

The tables follow the IANA special-purpose registries (RFC 6890) and do not lean on ``is_global`` of the
standard library, whose answer changed between patch releases of one Python version.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_INSIDE_4 = {
    IPv4Network("0.0.0.0/8"): "this host",
    IPv4Network("10.0.0.0/8"): "private",
    IPv4Network("100.64.0.0/10"): "carrier-grade NAT",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("168.63.129.16/32"): "a cloud's metadata service",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("172.16.0.0/12"): "private",
    IPv4Network("192.0.0.0/24"): "protocol assignments",
    IPv4Network("192.0.2.0/24"): "documentation",
    IPv4Network("192.88.99.0/24"): "a 6to4 relay",
    IPv4Network("192.168.0.0/16"): "private",
    IPv4Network("198.18.0.0/15"): "benchmarking",
    IPv4Network("198.51.100.0/24"): "documentation",
    IPv4Network("203.0.113.0/24"): "documentation",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_INSIDE_6 = {
    IPv6Network("2001::/32"): "Teredo",
    IPv6Network("2001::/23"): "protocol assignments",
    IPv6Network("2001:db8::/32"): "documentation",
    IPv6Network("2002::/16"): "6to4",
    IPv6Network("3fff::/20"): "documentation",
}
_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052. Where a network has IPv6 only, every IPv4 site is behind it."""
_ISATAP = {0x0000_5EFE, 0x0200_5EFE}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator lets requests reach although it is inside: hosts by name, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def covers(self, host: str, address: Address) -> bool:
        """Whether this host or this address is allowed by name or by network."""
        return host.rstrip(".").lower() in self.hosts or any(
            address.version == network.version and address in network for network in self.networks
        )


def read_allowed(entries: Iterable[str]) -> Allowed:
    """The allow-list of these entries: networks (``10.0.0.0/8``), addresses or host names.

    Raises ValueError for what is none of them.
    """
    hosts, networks = set(), []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry))
        except ValueError:
            name = entry.rstrip(".").lower()
            if not name or not all(c.isalnum() or c in "-._" for c in name) or name[-1].isdigit():
                raise ValueError(
                    f"{entry!r} is no host name and no network such as 10.0.0.0/8 or 127.0.0.1/32"
                ) from None
            hosts.add(name)
    return Allowed(frozenset(hosts), tuple(networks))


def written_out(host: str) -> Address | None:
    """The address that a host is by itself, in every spelling that resolvers take; None for a name.

    IPv4 may be one number to four, each decimal, octal or hexadecimal (``inet_aton`` of POSIX).
    ``localhost`` and what is below it are never asked of a name server (RFC 6761, section 6.3).
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(name))
    except OSError:
        return None


def why_refused(host: str, address: Address, allowed: Allowed) -> str | None:
    """What kind of inside this address is, or None where it may be reached."""
    plain = _plain(address)
    if allowed.covers(host, plain):
        return None
    if isinstance(plain, IPv4Address):
        return next((kind for network, kind in _INSIDE_4.items() if plain in network), None)
    if plain not in _GLOBAL_UNICAST:
        return _outside_of_global(plain)
    if kind := next((kind for network, kind in _INSIDE_6.items() if plain in network), None):
        return kind
    if (int(plain) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return "ISATAP"
    return None


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for on the wire, else the address without its zone."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    bare = IPv6Address(int(address))
    return IPv4Address(int(bare) & 0xFFFF_FFFF) if bare in _NAT64 else bare


def _outside_of_global(address: IPv6Address) -> str:
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address in IPv6Network("fc00::/7"):
        return "private"
    return "reserved"
