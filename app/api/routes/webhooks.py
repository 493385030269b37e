"""Webhooks: endpoints that are called when something happens, their secrets, tests, replays and log."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.access import Scope
from app.api.edge import MayAdminister, TheEdge, allow
from app.api.objects import CODES, read_object, takes
from app.api.openapi import problems
from app.api.rendering import json_response, next_link, tagged_response
from app.api.schemas.webhook import (
    DeliveryOut,
    DeliveryPage,
    ReplayIn,
    RotationIn,
    WebhookChange,
    WebhookIn,
    WebhookList,
    WebhookMade,
    WebhookOut,
)
from app.parsing.dates import read_moment
from app.services import webhooks
from app.services.webhooks import Stretch, Wish
from app.store.deliveries import DeliveryState

WebhookId = Annotated[str, Path(max_length=100)]
_NEVER_STORED = {"cache-control": "no-store"}
"""Of answers that show a secret."""

router = APIRouter(tags=["webhooks"], dependencies=[Depends(allow(Scope.ADMIN))])


@router.post(
    "/v1/webhooks",
    status_code=201,
    response_model=None,
    responses={
        201: {"model": WebhookMade, "description": "Made. `secret` is shown this once."},
        **problems(*CODES, "conflict"),
    },
    openapi_extra=takes(WebhookIn),
)
async def post_webhook(request: Request, edge: TheEdge, caller: MayAdminister) -> Response:
    """Have an endpoint called when something happens that it asks for."""
    sent = await read_object(request, WebhookIn, gzip_ratio=edge.limits.gzip_ratio)
    made = await run_in_threadpool(
        webhooks.create_webhook, edge.ctx, edge.pulling.client, _wish(sent), after=sent.after, by=caller.id
    )
    headers = _NEVER_STORED | {"location": f"/v1/webhooks/{made.row.id}"}
    return json_response(WebhookMade.of(made), 201, headers=headers)


@router.get(
    "/v1/webhooks",
    response_model=None,
    responses={200: {"model": WebhookList}, 304: {"description": "Unchanged."}, **problems()},
)
def get_webhooks(request: Request, edge: TheEdge) -> Response:
    """List all endpoints, oldest first."""
    return tagged_response(request, WebhookList.of(webhooks.list_webhooks(edge.ctx)))


@router.get(
    "/v1/webhooks/{webhook_id}",
    response_model=None,
    responses={200: {"model": WebhookOut}, 304: {"description": "Unchanged."}, **problems("not-found")},
)
def get_webhook(request: Request, edge: TheEdge, webhook_id: WebhookId) -> Response:
    """Read an endpoint: what it asks for, how far it is, and whether it answers."""
    return tagged_response(request, WebhookOut.of(webhooks.read_webhook(edge.ctx, webhook_id)))


@router.patch(
    "/v1/webhooks/{webhook_id}",
    response_model=None,
    responses={200: {"model": WebhookOut}, **problems(*CODES, "not-found")},
    openapi_extra=takes(WebhookChange),
)
async def patch_webhook(request: Request, edge: TheEdge, webhook_id: WebhookId) -> Response:
    """Change an endpoint. `"state": "enabled"` takes up what was paused or disabled where it stopped."""
    sent = await read_object(request, WebhookChange, gzip_ratio=edge.limits.gzip_ratio)
    changed = await run_in_threadpool(
        webhooks.change_webhook, edge.ctx, edge.pulling.client, webhook_id, _wish(sent)
    )
    return json_response(WebhookOut.of(changed))


@router.delete(
    "/v1/webhooks/{webhook_id}",
    status_code=204,
    response_model=None,
    responses={
        204: {"description": "Deleted, with what waited for it and its log."},
        **problems("not-found"),
    },
)
def delete_webhook(edge: TheEdge, webhook_id: WebhookId) -> Response:
    """Call an endpoint no more, and forget it."""
    webhooks.delete_webhook(edge.ctx, webhook_id)
    return Response(status_code=204)


@router.post(
    "/v1/webhooks/{webhook_id}/secret",
    response_model=None,
    responses={
        200: {"model": WebhookMade, "description": "`secret` is the new one, shown this once."},
        **problems(*CODES, "not-found"),
    },
    openapi_extra=takes(RotationIn, required=False),
)
async def post_secret(request: Request, edge: TheEdge, webhook_id: WebhookId) -> Response:
    """Give an endpoint a new secret. Until the overlap is over, both sign."""
    sent = await read_object(request, RotationIn, gzip_ratio=edge.limits.gzip_ratio)
    overlap = timedelta(hours=sent.overlap_hours)
    changed = await run_in_threadpool(webhooks.rotate_secret, edge.ctx, webhook_id, overlap=overlap)
    return json_response(WebhookMade.of(changed), headers=_NEVER_STORED)


@router.post(
    "/v1/webhooks/{webhook_id}/test",
    status_code=202,
    response_model=None,
    responses={
        202: {"model": DeliveryOut, "description": "It is sent within a second; the log tells how it went."},
        **problems("not-found"),
    },
)
def post_test(edge: TheEdge, webhook_id: WebhookId) -> Response:
    """Send an endpoint a `webhook.test`, once, also where it is paused."""
    return json_response(DeliveryOut.of(webhooks.send_test(edge.ctx, webhook_id)), 202)


@router.post(
    "/v1/webhooks/{webhook_id}/replay",
    status_code=202,
    response_model=None,
    responses={
        202: {"model": WebhookOut, "description": "`replay` is what is still to be sent."},
        **problems(*CODES, "not-found", "conflict", "bad-date"),
    },
    openapi_extra=takes(ReplayIn, required=False),
)
async def post_replay(request: Request, edge: TheEdge, webhook_id: WebhookId) -> Response:
    """Deliver again what an endpoint had before, in a range of times or positions; without one, all of it."""
    sent = await read_object(request, ReplayIn, gzip_ratio=edge.limits.gzip_ratio)
    stretch = Stretch(
        since=read_moment(sent.since, field="since"),
        until=read_moment(sent.until, field="until"),
        first=sent.first,
        last=sent.last,
    )
    return json_response(
        WebhookOut.of(await run_in_threadpool(webhooks.replay, edge.ctx, webhook_id, stretch)), 202
    )


@router.get(
    "/v1/webhooks/{webhook_id}/deliveries",
    response_model=None,
    responses={
        200: {"model": DeliveryPage},
        304: {"description": "Unchanged."},
        **problems("not-found", "invalid-parameter"),
    },
)
def get_deliveries(
    request: Request,
    edge: TheEdge,
    webhook_id: WebhookId,
    *,
    state: DeliveryState | None = None,
    cursor: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Read the log of an endpoint: its deliveries, the last first, with every attempt."""
    views, more = webhooks.list_deliveries(edge.ctx, webhook_id, state=state, before=cursor, limit=limit)
    page = DeliveryPage(
        deliveries=[DeliveryOut.of(each) for each in views], next=None if more is None else str(more)
    )
    return tagged_response(request, page, link=next_link(request, page.next) if page.next else None)


def _wish(sent: WebhookIn | WebhookChange) -> Wish:
    return Wish(
        url=sent.url,
        description=sent.description,
        types=sent.types,
        sources=sent.sources,
        agencies=sent.agencies,
        languages=sent.languages,
        unreleased=sent.unreleased,
        ordered=sent.ordered,
        paused=None if sent.state is None else sent.state == "paused",
    )
