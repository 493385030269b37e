"""Idempotency-Key: a request repeated under its key gets the first one's answer and is not carried out again.

Only answers below 400 are remembered: after a failure the same request may be tried again. A key whose
request died with its process is free again after a minute; carrying it out twice is harmless, because a
submission that is stored already is a replay.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import Caller
from app.api.edge import Edge
from app.api.problems import InvalidParameter, KeyInUse, KeyReused
from app.store import idempotency

HEADER = "idempotency-key"
ABANDONED_AFTER = timedelta(minutes=1)
_KEY = re.compile(r"^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one request's answer is remembered."""

    scope: str
    key: str
    digest: bytes


def key_of(request: Request) -> str | None:
    """The key a request carries; raises where it is none."""
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.match(key):
        raise InvalidParameter(
            "The Idempotency-Key is empty, too long or has other than printable ASCII characters.",
            field="Idempotency-Key",
            fix="Send 1 to 255 printable ASCII characters, such as a UUID.",
        )
    return key


class Passing(Response):
    """An answer that is not to be remembered: asked again, it may be another."""


async def once(
    edge: Edge, caller: Caller, key: str, digest: bytes, carry_out: Callable[[], Awaitable[Response]]
) -> Response:
    """Carry a request out, or answer what was answered under its key."""
    slot = Slot(caller.id, key, digest)
    remembered = await run_in_threadpool(_take, edge, slot)
    if remembered is not None:
        return remembered
    try:
        response = await carry_out()
    except BaseException:
        await run_in_threadpool(_release, edge, slot)
        raise
    if response.status_code < 400 and not isinstance(response, Passing):
        await run_in_threadpool(_complete, edge, slot, response)
    else:
        await run_in_threadpool(_release, edge, slot)
    return response


def _take(edge: Edge, slot: Slot) -> Response | None:
    now = edge.ctx.now()
    with edge.ctx.store.write() as tx:
        idempotency.prune(tx, before=now - timedelta(hours=edge.idempotency_hours))
        found = idempotency.find(tx, slot.scope, slot.key)
        if found is not None and found.status is None and now - found.created_at > ABANDONED_AFTER:
            idempotency.release(tx, slot.scope, slot.key)
            found = None
        if found is None:
            idempotency.reserve(tx, slot.scope, slot.key, request_digest=slot.digest, now=now)
            return None
    if found.request_digest != slot.digest:
        raise KeyReused("Another request was sent with this Idempotency-Key.", fix="Use a new key.")
    if found.status is None:
        raise KeyInUse("The first request with this key is not answered yet.", retry_after_s=1)
    headers = {"idempotent-replayed": "true"}
    return Response(found.body or b"", found.status, headers, "application/json")


def _complete(edge: Edge, slot: Slot, response: Response) -> None:
    with edge.ctx.store.write() as tx:
        idempotency.complete(tx, slot.scope, slot.key, status=response.status_code, body=bytes(response.body))


def _release(edge: Edge, slot: Slot) -> None:
    with edge.ctx.store.write() as tx:
        idempotency.release(tx, slot.scope, slot.key)
