"""A web site on a real socket that behaves as each test wants, well or badly."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("self_signed.pem")
"""Self-signed, for localhost and wire.example. With its key, which guards nothing: tests alone use it."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[["Connection", Request], None]


class Connection:
    """What a behaviour writes to. ``gone`` is set when the site closes, so that no drip outlives its test."""

    def __init__(self, accepted: socket.socket, gone: threading.Event) -> None:
        self._accepted = accepted
        self.gone = gone

    def send(self, data: bytes) -> None:
        self._accepted.sendall(data)

    def drip(self, data: bytes, every_s: float = 0.02) -> None:
        """A byte at a time, for ever."""
        while not self.gone.is_set():
            for each in data:
                self.send(bytes([each]))
                self.gone.wait(every_s)


def answer(body: bytes | str = b"", status: int = 200, **headers: str) -> Behaviour:
    """A well-formed answer; underscores in header names stand for hyphens."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": str(len(data))} | {n.replace("_", "-"): v for n, v in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())

    def behave(connection: Connection, request: Request) -> None:
        connection.send(f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + data)

    return behave


def redirect(location: str, status: int = 302) -> Behaviour:
    return answer(status=status, Location=location)


def raw(data: bytes) -> Behaviour:
    return lambda connection, request: connection.send(data)


@dataclass
class Site:
    """Paths and how they behave; what was asked is in ``requests``."""

    address: str
    port: int
    pages: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return self.address + path

    def asked(self, path: str) -> list[Request]:
        return [each for each in self.requests if each.path == path]


@contextmanager
def open_site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    site = Site(f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}", port)
    gone = threading.Event()
    serving: list[threading.Thread] = []

    def serve_one(accepted: socket.socket) -> None:
        accepted.settimeout(10)
        try:
            with tls.wrap_socket(accepted, server_side=True) if tls else accepted as plain:
                request = _read(plain)
                if request is not None:
                    site.requests.append(request)
                    behave = site.pages.get(request.path, answer("not here", 404))
                    behave(Connection(plain, gone), request)
        except OSError:
            accepted.close()  # the client had enough

    def accept() -> None:
        while True:
            try:
                accepted, _ = listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=serve_one, args=(accepted,), daemon=True)
            thread.start()
            serving.append(thread)

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield site
    finally:
        gone.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in [accepting, *serving]:
            thread.join(10)


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    line, *fields = head.decode("latin-1").split("\r\n")
    method, path, _ = line.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(method, path, headers, body)
