"""Around every request: its ID, one log line, its time, and a problem for what nobody foresaw.

Never logged: bodies, article text, keys, query values.
"""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.metrics import Metrics
from app.api.problems import Internal
from app.api.rendering import REQUEST_ID, problem_response

log = structlog.get_logger("wirefold.http")

FIELDS = "wirefold.fields"
"""Where in a request's scope stands what gives its answer more header fields."""
AT_END = "wirefold.at_end"
"""Where in a request's scope stands the ExitStack that is closed when it is answered, or has failed."""
_ID = re.compile(r"^[A-Za-z0-9._~:/+=-]{1,128}$")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLine:
    """ASGI middleware; the outermost of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = scope[REQUEST_ID] = given if _ID.match(given) else uuid.uuid4().hex
        fields: list[Callable[[], Mapping[str, str]]] = []
        scope[FIELDS] = fields
        at_end = scope[AT_END] = ExitStack()
        began = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers["x-content-type-options"] = "nosniff"
                for told in fields:
                    for name, value in told().items():
                        headers[name] = f"{headers[name]}, {value}" if name in headers else value
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            log.exception("request failed", request_id=request_id, route=_route(scope))
            if status:
                raise
            hidden = Internal("The failure was logged under this request's ID.")
            await problem_response(Request(scope), hidden)(scope, receive, send_with_id)
        finally:
            at_end.close()
            self._tell(scope, request_id, status or 499, time.perf_counter() - began)

    def _tell(self, scope: Scope, request_id: str, status: int, took_s: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.requests.labels(method, route, str(status)).observe(took_s)
        tell = log.debug if route in _QUIET else log.info
        tell(
            "request",
            request_id=request_id,
            method=method,
            route=route,
            path=scope["path"],
            status=status,
            duration_ms=round(took_s * 1000, 2),
            client=scope["client"][0] if scope.get("client") else None,
        )


class HeadAsGet:
    """ASGI middleware: HEAD is answered like GET, without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        # A copy: the server must still see HEAD, else it misses the body that Content-Length speaks of.
        # What answers without end has to be told that nothing of it will be sent.
        as_get = {**scope, "method": "GET", "bare": True}

        async def send_bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        try:
            await self.app(as_get, receive, send_bare)
        finally:
            scope["route"] = as_get.get("route")


def _route(scope: Scope) -> str:
    """The template a request matched, so that IDs do not become labels."""
    return getattr(scope.get("route"), "path", None) or "unmatched"
