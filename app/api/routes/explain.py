"""Why two articles are, or are not, one story."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.edge import MayRead, TheEdge
from app.api.openapi import problems
from app.api.rendering import tagged_response
from app.api.schemas.explanation import ExplanationOut
from app.model import ArticleId
from app.services.explain import explain

router = APIRouter(tags=["explain"])

Id = Annotated[str, Query(min_length=1, max_length=100, description="An article ID.")]


@router.get(
    "/v1/explain",
    response_model=None,
    responses={
        200: {"model": ExplanationOut},
        304: {"description": "Unchanged."},
        **problems("not-found", "gone", "invalid-parameter"),
    },
)
def get_explanation(request: Request, edge: TheEdge, caller: MayRead, a: Id, b: Id) -> Response:
    """Compare two articles now and say what decides, where it stands, and what would turn it."""
    told = explain(edge.ctx, ArticleId(a), ArticleId(b), caller.sight)
    return tagged_response(request, ExplanationOut.of(told))
