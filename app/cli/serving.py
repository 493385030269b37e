"""``wirefold serve`` and ``wirefold migrate``."""

import gc
import importlib
import os
import signal
import socket
import sys
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from app.cli.failing import Stop
from app.cli.opening import opened, read_settings
from app.cli.printing import print_json, screen

if TYPE_CHECKING:
    from app.services.context import Context

_APPLICATION = "app.main"
STRAGGLERS = 5_000
"""Versions that ``serve`` moves to its profile itself before it listens; half a minute at most."""
_WORKER_S = 60
"""A worker that does not answer for so long is replaced; on a busy machine it takes a while to import."""
_POLL_IDLE_S = 2.0
"""Between two looks for a feed that is due: one indexed query, also where there is no feed."""
_IDLE_S = 0.25
"""Between two looks at what there is to deliver."""
_KEEP_ALIVE_S = 75
"""For which a connection may be idle: longer than the 60 s of usual proxies and balancers, or one of them now
and then sends a request on a connection that is just being closed, and its caller is told 502."""
_GRACE_S = 25
"""For requests under way at SIGTERM; container runtimes kill after 30 s."""


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)
    app.command()(migrate)


def migrate(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make the database, or bring it to the program's schema. Does nothing where it has that."""
    from app.store import schema

    settings = read_settings()
    schema.migrate(settings.database_url)
    if as_json:
        print_json({"revision": schema.head_revision()})
    else:
        screen().print(f"The database has schema {schema.head_revision()}.")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [default: 127.0.0.1].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one [default: 8000].")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print where it listens as JSON.")] = False,
) -> None:
    """Migrate, then serve until SIGTERM or Ctrl-C. Finishes what it has accepted."""
    # Nearly all that is made while the program loads stays: looking through it for garbage is lost time.
    gc.disable()
    try:
        _serve(host, port, workers, as_json=as_json)
    finally:
        gc.enable()


def _serve(host: str | None, port: int | None, workers: int, *, as_json: bool) -> None:
    import uvicorn

    from app.bootstrap import calling_of, open_pulling
    from app.services.polling import poll_step
    from app.workers import loop
    from app.workers.deliverer import Deliverer
    from app.workers.tender import Tender

    with opened(migrate=True) as (settings, ctx):
        name = settings.host if host is None else host
        _refuse_open_door(ctx, name)
        _take_over(ctx)
        _tell_policies(ctx)
        listening = _listen(name, settings.port if port is None else port)
        address = _address(listening)
        tender = Tender(
            ctx,
            holder=f"{socket.gethostname()}:{os.getpid()}",
            idempotency_ttl=timedelta(hours=settings.idempotency_hours),
            retention_days=settings.retention_days,
            index_days=settings.index_days,
        )
        pulling = open_pulling(settings, ctx)
        deliverer = Deliverer(ctx, pulling.client, calling_of(settings), threads=settings.webhook_threads)
        delivering = loop.start(deliverer.step, name="deliver", idle_s=_IDLE_S)
        tending = loop.start(tender.step, name="tend", busy=lambda: tender.fed)
        polling = [
            loop.start(partial(poll_step, ctx, pulling), name=f"poll-{number}", idle_s=_POLL_IDLE_S)
            for number in range(settings.feed_workers)
        ]
        # uvicorn raises the signal once more when it has stopped; then the rest is to be closed.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        if as_json:
            print_json({"url": address, "workers": workers})
        else:
            screen().print(f"Wirefold listens on {address}")
        sys.stdout.flush()
        if workers == 1:
            # uvicorn would load it itself; here what it leaves in memory can be put aside for good.
            importlib.import_module(_APPLICATION)
        gc.freeze()
        gc.enable()
        try:
            uvicorn.run(
                f"{_APPLICATION}:create_app",
                factory=True,
                fd=listening.fileno(),
                workers=workers,
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=_GRACE_S,
                timeout_worker_healthcheck=_WORKER_S,
            )
        finally:
            for each in polling:
                each.stop_asked.set()
            delivering.stop(timeout_s=5)
            deliverer.finish(timeout_s=2)
            for each in (tending, *polling):
                each.stop(timeout_s=10)
            tender.close()
            listening.close()


def _leave(number: int, _frame: object) -> NoReturn:
    del number
    raise SystemExit(0)


def _refuse_open_door(ctx: "Context", host: str) -> None:
    from app.api.access import is_loopback
    from app.store import api_keys

    if is_loopback(host):
        return
    with ctx.store.read() as tx:
        if api_keys.count(tx) == 0:
            raise Stop(
                f"No API key exists, so {host} would let anyone in.",
                fix="Run `wirefold keys create NAME` first, or listen on 127.0.0.1.",
                name="no-key",
            )


def _take_over(ctx: "Context") -> None:
    """Finish a change of profile that is almost done; refuse to serve in the middle of one."""
    from app.services.refingerprint import left_to_move, move_step, served_otherwise

    left = left_to_move(ctx, most=STRAGGLERS + 1)
    if not left:
        return
    if served_otherwise(ctx):
        raise Stop(
            "Another version of the service still runs on this database, under another profile.",
            fix="Stop it; then start this one.",
            name="other-profile",
        )
    if left > STRAGGLERS:
        raise Stop(
            f"More than {STRAGGLERS} stored versions have no fingerprint of this program's profile yet.",
            fix="Run `wirefold refingerprint` (the version before may serve meanwhile), then serve.",
            name="other-profile",
        )
    while move_step(ctx):
        pass


def _tell_policies(ctx: "Context") -> None:
    """Leave word of the policies in force, which `doctor` compares with those of its own process."""
    from app.store import progress

    with ctx.store.write() as tx:
        progress.put_policies_in_force(tx, ctx.policies.digest)


_BACKLOG = 2048
"""Connections that may wait to be accepted; uvicorn's own default."""


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket. Bound here, so that the address is known and a taken port is told plainly."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        # Whoever reads the address may connect at once and waits while the program loads.
        listening.listen(_BACKLOG)
    except OSError as error:
        raise Stop(
            f"Cannot listen on {host} port {port}: {error.strerror}.",
            fix="Choose another with --host and --port.",
            name="address",
        ) from None
    listening.set_inheritable(True)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
