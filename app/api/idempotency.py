"""Idempotency-Key: a request repeated under its key gets the first one's answer and is not carried out again.

Only answers below 400 are remembered: after a failure the same request may be tried again. While a request
is under way its process renews the claim, so that only the key of one that died with its process is free
again, after two minutes; carrying it out twice is harmless, because a submission that is stored already is a
replay.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import Caller
from app.api.edge import Edge
from app.api.problems import InvalidParameter, KeyInUse, KeyReused
from app.api.streaming import PackedResponse, pack
from app.errors import WirefoldError
from app.store import idempotency

HEADER = "idempotency-key"
ABANDONED_AFTER = timedelta(minutes=2)
RENEWED_EVERY_S = 10.0
"""Five renewals in a row may each wait in vain for a busy database before a claim looks abandoned."""
_KEY = re.compile(r"^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one request's answer is remembered."""

    scope: str
    key: str
    digest: bytes
    claimed_at: datetime


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


class Passing(PackedResponse):
    """An answer that is not to be remembered: asked again, it may be another."""


async def once(
    edge: Edge, caller: Caller, key: str, digest: bytes, carry_out: Callable[[], Awaitable[Response]]
) -> Response:
    """Carry a request out, or answer what was answered under its key."""
    slot = Slot(caller.id, key, digest, edge.ctx.now())
    remembered = await run_in_threadpool(_take, edge, slot)
    if remembered is not None:
        return remembered
    renewing = asyncio.create_task(_keep(edge, slot))
    try:
        response = await carry_out()
    except BaseException:
        await run_in_threadpool(_release, edge, slot)
        raise
    finally:
        renewing.cancel()
    if response.status_code < 400 and not isinstance(response, Passing):
        await run_in_threadpool(_complete, edge, slot, response)
    else:
        await run_in_threadpool(_release, edge, slot)
    return response


def _take(edge: Edge, slot: Slot) -> Response | None:
    now = slot.claimed_at
    with edge.ctx.store.write() as tx:
        idempotency.prune(tx, before=now - timedelta(hours=edge.idempotency_hours))
        found = idempotency.find(tx, slot.scope, slot.key)
        # Of the future, where the clock was set back since.
        if found is not None and found.status is None and abs(now - found.created_at) > ABANDONED_AFTER:
            idempotency.release(tx, slot.scope, slot.key)
            found = None
        if found is None:
            idempotency.reserve(tx, slot.scope, slot.key, request_digest=slot.digest, now=now)
            return None
    if found.request_digest != slot.digest:
        raise KeyReused("Another request was sent with this Idempotency-Key.", fix="Use a new key.")
    if found.status is None:
        raise KeyInUse("The first request with this key is not answered yet.", retry_after_s=1)
    return PackedResponse(found.body or pack(b""), found.status, {"idempotent-replayed": "true"})


async def _keep(edge: Edge, slot: Slot) -> None:
    """Renew a claim for as long as this process lives and the request is under way."""
    claimed_at: datetime | None = slot.claimed_at
    while claimed_at is not None:
        await asyncio.sleep(RENEWED_EVERY_S)
        # A database that is away for a moment is asked again.
        with contextlib.suppress(WirefoldError):
            claimed_at = await run_in_threadpool(_renew, edge, slot, claimed_at)


def _renew(edge: Edge, slot: Slot, claimed_at: datetime) -> datetime | None:
    now = edge.ctx.now()
    with edge.ctx.store.write() as tx:
        ours = idempotency.renew(tx, slot.scope, slot.key, claimed_at=claimed_at, now=now)
    return now if ours else None


def _complete(edge: Edge, slot: Slot, response: Response) -> None:
    packed = response.packed if isinstance(response, PackedResponse) else pack(bytes(response.body))
    with edge.ctx.store.write() as tx:
        idempotency.complete(tx, slot.scope, slot.key, status=response.status_code, body=packed)


def _release(edge: Edge, slot: Slot) -> None:
    with edge.ctx.store.write() as tx:
        idempotency.release(tx, slot.scope, slot.key)
