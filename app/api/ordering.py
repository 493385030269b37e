"""What the routes of people's decisions share: who orders, the reason, a rehearsal, once for one key."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.access import Caller
from app.api.edge import Edge, MayCurate, TheEdge
from app.api.idempotency import key_of, once
from app.api.objects import json_body
from app.api.openapi import Responses, problems
from app.api.rendering import json_response
from app.api.schemas.curation import CurationOut
from app.api.schemas.orders import MOST_WHY, OrderIn, read_order
from app.services.acting import Curated, Order
from app.services.context import Context

MOST_BYTES = 1024 * 1024
Reason = Annotated[
    str, Query(alias="why", min_length=1, max_length=MOST_WHY, pattern=r"\S", description="The reason.")
]
STATE = ("stale-canonical", "precondition-required")
_ALWAYS = (
    "not-found",
    "conflict",
    "invalid-parameter",
    "storage-full",
    "idempotency-key-in-use",
    "idempotency-key-reused",
)
_T = TypeVar("_T", bound=OrderIn)


@dataclass(frozen=True, slots=True)
class Ordering:
    """A request of somebody who may curate."""

    request: Request
    edge: Edge
    caller: Caller
    dry_run: bool

    @property
    def ctx(self) -> Context:
        """What the use case is given."""
        return self.edge.ctx

    async def read(self, kind: type[_T], act: Callable[[Order, _T], Curated]) -> Response:
        """Carry out the order in the body."""
        ratio, says = self.edge.limits.gzip_ratio, "An order is sent as JSON."
        raw = await json_body(self.request, gzip_ratio=ratio, says=says, most_bytes=MOST_BYTES)
        sent = read_order(raw, kind)
        order = self._order(sent.why, overrule=sent.overrule)
        return await self._once(raw, lambda: act(order, sent))

    async def plain(self, why: str, act: Callable[[Order], Curated]) -> Response:
        """Carry out an order that has no body."""
        order = self._order(why, overrule=False)
        return await self._once(b"", lambda: act(order))

    def _order(self, why: str, *, overrule: bool) -> Order:
        caller = self.caller
        return Order(by=caller.id, why=why, overrule=overrule, dry_run=self.dry_run, sight=caller.sight)

    async def _once(self, raw: bytes, act: Callable[[], Curated]) -> Response:
        async def carry_out() -> Response:
            return json_response(CurationOut.of(await run_in_threadpool(act)))

        request = self.request
        key = key_of(request)
        if key is None:
            return await carry_out()
        state = ",".join(request.headers.getlist("if-match"))
        asked = f"{request.method} {request.url.path}?{request.url.query}\n{state}\n"
        digest = hashlib.sha256(asked.encode() + raw).digest()
        return await once(self.edge, self.caller, key, digest, carry_out)


def _ordering(
    request: Request,
    edge: TheEdge,
    caller: MayCurate,
    *,
    dry_run: Annotated[bool, Query(description="Only tell what would come of it.")] = False,
) -> Ordering:
    return Ordering(request, edge, caller, dry_run)


Orders = Annotated[Ordering, Depends(_ordering)]


def outcomes(*codes: str) -> Responses:
    """The answers of a route that carries out orders."""
    told = {"model": CurationOut, "description": "What came of it, or would: the stories as they are then."}
    return {200: told, **problems(*_ALWAYS, *codes)}
