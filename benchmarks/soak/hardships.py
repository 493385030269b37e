"""What machines and networks do to a service, once each: said, done, and judged."""

import shutil
import tempfile
from functools import partial
from pathlib import Path

import httpx

from benchmarks.soak import clients, disks, outages
from benchmarks.soak.databases import Database, Postgresql, Sqlite
from benchmarks.soak.load import Log, missing, sending
from benchmarks.soak.outcome import Hardship, Skipped, only, told, wait
from benchmarks.soak.serving import Server, serving, start, unsound

_DAY_S = 86_400
_REFUSES = "serve says so in one line and ends with 5"


def hardships(sqlite: Sqlite, postgresql: Postgresql | None) -> list[Hardship]:
    """All that can be had."""
    found = [
        Hardship(
            "disk full (SQLite)",
            "507 or 503, no corruption, and it goes on by itself once there is space",
            disks.disk_full,
        ),
        Hardship("read-only disk (SQLite)", _REFUSES, disks.read_only),
        Hardship(
            "clock set back a day under load, and a day more over a kill",
            "IDs stay unique, copies are joined, background work goes on",
            partial(clock_back, sqlite),
        ),
        Hardship(
            "slow header fields, slow bodies, never reading",
            "others are answered as before",
            partial(clients.slow, sqlite),
        ),
        Hardship(
            "clients that go away",
            "articles are stored whole or not at all, and nothing of the request stays",
            partial(clients.gone, sqlite),
        ),
        _stopped(sqlite),
    ]
    if postgresql is None:
        return found
    away = "503 while it is away, by itself back afterwards, nothing acknowledged lost"
    return [
        *found,
        _stopped(postgresql),
        Hardship("PostgreSQL stopped and started", away, partial(outages.restarted, postgresql)),
        Hardship(
            "connections to PostgreSQL cut under load",
            "503 to those it hit, nothing half-done, nothing acknowledged lost",
            partial(outages.cut, postgresql),
        ),
        Hardship(
            "first of two addresses of PostgreSQL lost",
            "503 at most, then it goes on by the other",
            partial(outages.failed_over, postgresql),
        ),
        Hardship("PostgreSQL away at the start", _REFUSES, partial(outages.away, postgresql)),
    ]


def clock_back(sqlite: Sqlite) -> tuple[str, list[str]]:
    """Set the clock back by a day under load; then kill the server, and go on yet another day earlier."""
    if shutil.which("faketime") is None:
        raise Skipped("faketime is not installed (apt-get install faketime)")
    url, log = sqlite.fresh(), Log()
    with tempfile.TemporaryDirectory() as folder:
        clock = Path(folder) / "clock"
        clock.write_text("+0", "ascii")
        # faketime's own argument would win over the file. Clocks that are set leave the monotonic one alone.
        prefix = ["faketime", "-f", "+0", "env", "-u", "FAKETIME", f"FAKETIME_TIMESTAMP_FILE={clock}"]
        prefix += ["FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
        server = start(url, prefix=prefix)
        try:
            _store_more(server, log)
            clock.write_text(f"-{_DAY_S}", "ascii")
            _store_more(server, log)
            server.kill()
            clock.write_text(f"-{2 * _DAY_S}", "ascii")
            server = start(url, prefix=prefix)
            _store_more(server, log)
            wait(lambda: _settled(server.address), "background work goes on")
            wrong = missing(server.address, log)
        finally:
            server.stop()
    if len(set(log.acknowledged.values())) != log.count:
        wrong.append("an ID was given twice")
    return told(log), wrong + only(log, 200, 201) + unsound(url)


def _store_more(server: Server, log: Log) -> None:
    before = log.count
    with sending(server.address, log, senders=4):
        wait(lambda: log.count >= before + 20, "20 articles are stored")


def _settled(address: str) -> bool:
    """Whether background work has come to the end of the change feed."""
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        cursor = client.get("/readyz").json()["settled_position"]
        return not client.get("/v1/changes", params={"cursor": cursor}).json()["changes"]


def _stopped(database: Database) -> Hardship:
    return Hardship(
        f"SIGTERM under load ({database.name})",
        "what was accepted is finished and answered, serve ends with 0",
        partial(stopped, database),
    )


def stopped(database: Database) -> tuple[str, list[str]]:
    """End it in good order under load; then look for what was acknowledged."""
    url, log = database.fresh(), Log()
    server = start(url)
    with sending(server.address, log):
        wait(lambda: log.count >= 60, "60 articles are stored")
        code = server.stop()
    wrong = [f"serve ended with {code}"] if code else []
    with serving(url) as again:
        wrong += missing(again.address, log)
    # Whoever comes after it has stopped finds nobody.
    return told(log), wrong + only(log, 200, 201, 503, 0) + unsound(url)
