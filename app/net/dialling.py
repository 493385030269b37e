"""Connections to checked addresses only: the network backend under the HTTP client.

A name is resolved once, every address it leads to is checked, and the connection goes to one of these
very addresses. A name that answers differently the second time ("DNS rebinding") is never asked twice.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from app.net.addresses import Address, Allowed
from app.net.faults import Fault, FetchFailed
from app.net.target import refuse_inside
from app.net.watch import Watch

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to IP addresses as text. Raises OSError where there are none."""

_MOST_ADDRESSES = 8
_CHUNK = 64 * 1024


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver knows for a name, in the order it prefers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Dialler(httpcore.NetworkBackend):
    """Opens the connections of one request, under its watch."""

    def __init__(self, *, allowed: Allowed, resolver: Resolver, watch: Watch) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._watch = watch

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first checked address that answers."""
        del timeout, local_address, socket_options
        problem: OSError | None = None
        for address in self.checked(host, port):
            try:
                connected = socket.create_connection((str(address), port), self._watch.patience_s())
            except OSError as error:
                problem = error
                continue
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return WatchedStream(connected, self._watch)
        if isinstance(problem, TimeoutError):
            raise FetchFailed(f"{host} port {port} did not take the connection.", Fault.TIMEOUT)
        reason = problem.strerror if problem and problem.strerror else "no way there"
        raise FetchFailed(f"{host} port {port}: {reason}.", Fault.CONNECTION)

    def checked(self, host: str, port: int) -> list[Address]:
        """Every address of the name. One that leads inside condemns them all: its owner controls the rest."""
        addresses = self._looked_up(host, port)[:_MOST_ADDRESSES]
        for address in addresses:
            refuse_inside(host, address, self._allowed)
        return addresses

    def _looked_up(self, host: str, port: int) -> list[Address]:
        found: list[Sequence[str] | Exception] = []

        def look_up() -> None:
            try:
                found.append(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                found.append(error)

        # The system's resolver takes no timeout; a thread that it holds up is left behind.
        asking = threading.Thread(target=look_up, name="resolve", daemon=True)
        asking.start()
        asking.join(self._watch.patience_s())
        if not found:
            raise FetchFailed(f"The name {host} was not resolved in time.", Fault.DNS)
        answer = found[0]
        if isinstance(answer, Exception) or not answer:
            raise FetchFailed(f"The name {host} leads nowhere.", Fault.DNS)
        return [ipaddress.ip_address(text) for text in answer]


class WatchedStream(httpcore.NetworkStream):
    """A socket whose every wait ends at the deadline, and whose bytes are counted."""

    def __init__(self, connected: socket.socket, watch: Watch) -> None:
        self._socket = connected
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to so many bytes; none at the end of the stream."""
        del timeout
        self._socket.settimeout(self._watch.patience_s())
        try:
            data = self._socket.recv(min(max_bytes, _CHUNK))
        except OSError as error:
            raise self._named(error) from error
        self._watch.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        del timeout
        left = memoryview(buffer)
        while left:
            self._socket.settimeout(self._watch.patience_s())
            try:
                left = left[self._socket.send(left) :]
            except OSError as error:
                raise self._named(error) from error

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, whose certificate was verified to be the name's."""
        del timeout
        try:
            self._socket.settimeout(self._watch.patience_s())
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except ssl.CertificateError as error:
            self.close()
            message = getattr(error, "verify_message", "") or str(error)
            raise FetchFailed(
                f"The certificate of {server_hostname} does not hold: {message}.", Fault.TLS
            ) from error
        except OSError as error:
            self.close()
            raise self._named(error) from error
        return WatchedStream(wrapped, self._watch)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the signature is httpcore's
        """Nothing: there is one request a connection, and nobody asks how it fares."""
        del info

    def _named(self, error: OSError) -> FetchFailed:
        if isinstance(error, TimeoutError):
            return self._watch.silent()
        if isinstance(error, ssl.SSLError):
            return FetchFailed(f"TLS failed: {error.reason or error}.", Fault.TLS)
        return FetchFailed(f"The connection broke: {error.strerror or error}.", Fault.CONNECTION)
