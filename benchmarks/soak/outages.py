"""PostgreSQL that goes away: stopped, cut off, gone before the start, and lost to another address."""

import time
from contextlib import closing

import sqlalchemy as sa

from benchmarks.soak.databases import Postgresql
from benchmarks.soak.forwarding import Forwarder
from benchmarks.soak.load import Log, missing, sending
from benchmarks.soak.outcome import only, told, wait
from benchmarks.soak.serving import refusal, serving, unsound

_CUTS = 60


def restarted(postgresql: Postgresql) -> tuple[str, list[str]]:
    """Stop PostgreSQL under load and start it again."""
    url, log = postgresql.fresh(), Log()
    with serving(url) as server:
        with sending(server.address, log):
            wait(lambda: log.count >= 60, "60 articles are stored")
            postgresql.stop()
            wait(lambda: log.statuses[503] >= 10, "the outage is told")
            postgresql.start()
            back, before = time.monotonic(), log.count
            wait(lambda: log.count > before + 20, "articles are stored again")
            took_s = time.monotonic() - back
        wrong = only(log, 200, 201, 503) + missing(server.address, log)
    return f"{told(log)}; 20 stored {took_s:.1f} s after it was back", wrong + unsound(url)


def cut(postgresql: Postgresql) -> tuple[str, list[str]]:
    """Cut the service's connections again and again, in whatever transaction they are."""
    url, log = postgresql.fresh(), Log()
    name = sa.make_url(url).database
    cut_all = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - ours
    with serving(url) as server:
        with sending(server.address, log):
            wait(lambda: log.count >= 20, "20 articles are stored")
            for _ in range(_CUTS):
                postgresql.administer(cut_all)
                time.sleep(0.1)
            before = log.count
            wait(lambda: log.count > before + 20, "articles are stored again")
        wrong = only(log, 200, 201, 503) + missing(server.address, log)
    return f"{_CUTS} cuts; {told(log)}", wrong + unsound(url)


def away(postgresql: Postgresql) -> tuple[str, list[str]]:
    """Start while PostgreSQL is away."""
    url = postgresql.fresh()
    postgresql.stop()
    try:
        return refusal(url)
    finally:
        postgresql.start()


def failed_over(postgresql: Postgresql) -> tuple[str, list[str]]:
    """Lose the first of two addresses under load."""
    url, log = postgresql.fresh(), Log()
    with closing(Forwarder(postgresql.socket)) as first, closing(Forwarder(postgresql.socket)) as second:
        either = (
            sa.make_url(url)
            .set(query={"host": (first.address, second.address), "target_session_attrs": "read-write"})
            .render_as_string(hide_password=False)
        )
        with serving(either) as server:
            with sending(server.address, log):
                wait(lambda: log.count >= 60, "60 articles are stored")
                first.close()
                lost, before = time.monotonic(), log.count
                wait(lambda: log.count > before + 20, "articles are stored by the other address")
                took_s = time.monotonic() - lost
            wrong = only(log, 200, 201, 503) + missing(server.address, log)
    return f"{told(log)}; 20 stored {took_s:.1f} s after it was lost", wrong + unsound(url)
