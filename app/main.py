"""The ASGI application: routes, middleware, one renderer of errors, and the service's lifetime."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType

import anyio.to_thread
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match

from app.api.access import KeyRing
from app.api.edge import Edge, edge_of
from app.api.logs import configure_logs
from app.api.middleware import HeadAsGet, RequestLine
from app.api.openapi import describe
from app.api.pace import Guesses, Pace
from app.api.parameters import refuse_unknown
from app.api.problems import InvalidParameter, MethodNotAllowed, NoSuchPage
from app.api.quota import Quota
from app.api.rendering import problem_response
from app.api.room import Room
from app.api.routes import (
    articles,
    audit,
    canonicals,
    changes,
    curation,
    explain,
    feeds,
    furniture,
    health,
    keys,
    link_import,
    links,
    replay,
    retention,
    review,
    stale,
    taking_in,
    webhooks,
)
from app.api.watching import Watcher
from app.bootstrap import Service, limits_of, open_pulling, open_service
from app.errors import WirefoldError
from app.services.drafting import warm_up
from app.settings import Settings, load_settings
from app.workers import loop
from app.workers.forgetting import FORGET_EVERY_S, Forgetting

CONTRACT = "1.0.0"
"""Of the HTTP contract, not of the program."""
_ABOUT = """Recognises what has been printed before, inside one page and across outlets, and answers with a
stable canonical ID and one clean version per story. Errors are RFC 9457 problem documents."""

_MAY_SEND = [
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "x-request-id",
]
_MAY_READ = [
    "etag",
    "link",
    "location",
    "retry-after",
    "x-request-id",
    "idempotent-replayed",
    "ratelimit",
    "ratelimit-policy",
]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of these settings, or of the environment's. Opens the database, migrates nothing."""
    chosen = settings or load_settings()
    configure_logs(style=chosen.log_format, level=chosen.log_level)
    service = open_service(chosen)
    watcher = Watcher(service.ctx, most=chosen.followers)
    app = FastAPI(
        title="Wirefold",
        version=CONTRACT,
        summary="Copies of news stories, recognised.",
        description=_ABOUT,
        lifespan=_lifespan(service, watcher, threads=chosen.database_pool),
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    app.state.edge = Edge(
        ctx=service.ctx,
        queue=service.queue,
        limits=limits_of(chosen),
        room=Room(),
        keys=KeyRing(service.ctx.store, service.ctx.now),
        pace=Pace(default=chosen.requests_per_minute),
        guesses=Guesses(),
        quota=Quota(service.ctx.store, service.ctx.now),
        articles_per_day=chosen.articles_per_day,
        retention_days=chosen.retention_days,
        metrics=service.metrics,
        pulling=open_pulling(chosen, service.ctx),
        watcher=watcher,
        longest_wait_s=chosen.longest_wait_s,
        origins=chosen.cors_origins,
        idempotency_hours=chosen.idempotency_hours,
    )
    for resource in (
        taking_in,
        articles,
        canonicals,
        curation,
        link_import,
        links,
        audit,
        changes,
        feeds,
        explain,
        replay,
        review,
        stale,
        furniture,
        keys,
        retention,
        webhooks,
        health,
    ):
        app.include_router(resource.router, dependencies=[Depends(refuse_unknown)])
    _render_errors(app)
    describe(app)
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=chosen.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_MAY_SEND,
            expose_headers=_MAY_READ,
        )
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestLine, metrics=service.metrics)
    return app


def _lifespan(
    service: Service, watcher: Watcher, *, threads: int
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # A read holds a connection; more readers than connections would only wait inside the pool.
        anyio.to_thread.current_default_thread_limiter().total_tokens = max(1, threads - 1)
        threading.Thread(target=warm_up, args=[service.ctx.profile], name="warm-up", daemon=True).start()
        forgetting = loop.start(Forgetting(service.ctx).step, name="forget", idle_s=FORGET_EVERY_S)
        _stop_at_signals(watcher)
        yield
        forgetting.stop()
        watcher.stop()
        await anyio.to_thread.run_sync(service.close)

    return lifespan


def _stop_at_signals(watcher: Watcher) -> None:
    """Let those who follow go at the signal itself: the server tells of its end only once all have gone."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, before: object = before) -> None:
            # Not here: the interrupted code may hold the lock.
            loop.call_soon_threadsafe(watcher.stop)
            if callable(before):
                before(number, frame)

        signal.signal(number, stop)


def _methods_at(request: Request) -> list[str]:
    """The methods that an address takes, of all its routes: Starlette names those of the first alone."""
    asked = {**request.scope, "path_params": {}}
    routes = request.app.router.routes
    taken = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ["GET", "HEAD", *taken[1:]] if "GET" in taken else taken


def _render_errors(app: FastAPI) -> None:
    @app.exception_handler(WirefoldError)
    async def render(request: Request, error: WirefoldError) -> Response:
        edge_of(request).metrics.count_failure(error)
        return problem_response(request, error)

    @app.exception_handler(RequestValidationError)
    async def render_parameter(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        name = str(first["loc"][-1])
        fix = f"See {name} in /openapi.json."
        return problem_response(request, InvalidParameter(f"{name}: {first['msg']}.", field=name, fix=fix))

    @app.exception_handler(HTTPException)
    async def render_routing(request: Request, error: HTTPException) -> Response:
        if error.status_code == MethodNotAllowed.status:
            allow = ", ".join(_methods_at(request))
            refusal = MethodNotAllowed(f"{request.method} is not taken here.", fix=f"Use {allow}.")
            return problem_response(request, refusal, allow=allow)
        return problem_response(request, NoSuchPage("Nothing is served at this address."))
