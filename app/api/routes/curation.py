"""What people decide of stories: merge, split, detach, and which version speaks."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.objects import CODES
from app.api.ordering import STATE, Orders, Reason, outcomes
from app.api.preconditions import RequiredStates, States, states_of
from app.api.schemas.orders import DetachIn, MergeIn, PinIn, SplitIn, order_body
from app.services import curating, pinning
from app.services.acting import Curated, Order

router = APIRouter(tags=["curation"])

PublicId = Annotated[str, Path(max_length=100)]


@router.post(
    "/v1/canonicals/{canonical_id}/merge",
    response_model=None,
    responses=outcomes(*CODES, *STATE, "contradiction"),
    openapi_extra=order_body(MergeIn, {"others": ["can_…"], "why": "Both tell of the same vote."}),
)
async def post_merge(orders: Orders, canonical_id: PublicId, states: RequiredStates) -> Response:
    """Say that stories are one. They stay one whatever arrives; the eldest's ID leads on."""

    def act(order: Order, sent: MergeIn) -> Curated:
        others = {id_: states_of([tag]) for id_, tag in sent.etags.items()}
        return curating.merge(
            orders.ctx, order, canonical_id, sent.others, states=states, other_states=others
        )

    return await orders.read(MergeIn, act)


@router.post(
    "/v1/canonicals/{canonical_id}/split",
    response_model=None,
    responses=outcomes(*CODES, *STATE, "contradiction"),
    openapi_extra=order_body(SplitIn, {"groups": [["art_…", "art_…"]], "why": "Another day's report."}),
)
async def post_split(orders: Orders, canonical_id: PublicId, states: RequiredStates) -> Response:
    """Take groups of articles out of a story. They stay apart from it and each other whatever arrives."""

    def act(order: Order, sent: SplitIn) -> Curated:
        return curating.split(orders.ctx, order, canonical_id, sent.groups, states=states)

    return await orders.read(SplitIn, act)


@router.post(
    "/v1/articles/{article_id}/detach",
    response_model=None,
    responses=outcomes(*CODES, "stale-canonical", "contradiction"),
    openapi_extra=order_body(DetachIn, {"why": "A roundup, not this story."}),
)
async def post_detach(orders: Orders, article_id: PublicId, states: States) -> Response:
    """Take one article out of its story for good. If-Match, where it is sent, names that story's state."""

    def act(order: Order, sent: DetachIn) -> Curated:
        del sent
        return curating.detach(orders.ctx, order, article_id, states=states)

    return await orders.read(DetachIn, act)


@router.put(
    "/v1/canonicals/{canonical_id}/pin",
    response_model=None,
    responses=outcomes(*CODES, *STATE),
    openapi_extra=order_body(PinIn, {"article_id": "art_…", "why": "The agency's own."}),
)
async def put_pin(orders: Orders, canonical_id: PublicId, states: RequiredStates) -> Response:
    """Let an article, or one version of it, speak for a story, in place of what was pinned before."""

    def act(order: Order, sent: PinIn) -> Curated:
        return pinning.pin(
            orders.ctx, order, canonical_id, sent.article_id, version=sent.version, states=states
        )

    return await orders.read(PinIn, act)


@router.delete("/v1/canonicals/{canonical_id}/pin", response_model=None, responses=outcomes(*STATE))
async def delete_pin(orders: Orders, canonical_id: PublicId, states: RequiredStates, why: Reason) -> Response:
    """Let the rules choose again who speaks for a story."""
    return await orders.plain(
        why, lambda order: pinning.unpin(orders.ctx, order, canonical_id, states=states)
    )
