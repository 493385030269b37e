"""A real service, and a real server whose answers a test has written down."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.serving import serving
from wirefold_client import Client, Retries

QUICK = Retries(attempts=4, first_s=0.01, longest_s=5)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on an empty database."""
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


@pytest.fixture
def client(service: str) -> Iterator[Client]:
    with Client(service) as client:
        yield client


@dataclass(frozen=True)
class Said:
    """An answer: sent whole, or not at all where the status is 0."""

    status: int
    document: object = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Scripted:
    """The address of a server, and what it has heard."""

    url: str
    heard: list[Heard]


@pytest.fixture
def script() -> Iterator[Callable[[Sequence[Said]], Scripted]]:
    """Starts a server that gives the answers one after the other, and the last for ever."""
    servers: list[ThreadingHTTPServer] = []

    def start(answers: Sequence[Said]) -> Scripted:
        heard: list[Heard] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                heard.append(Heard(self.command, self.path, headers, self.rfile.read(length)))
                said = answers[min(len(heard), len(answers)) - 1]
                self.close_connection = True
                if not said.status:
                    return
                body = json.dumps(said.document).encode()
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = handle_one  # noqa: N815 - the names of http.server

            def log_message(self, *_args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return Scripted(f"http://127.0.0.1:{server.server_address[1]}", heard)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
