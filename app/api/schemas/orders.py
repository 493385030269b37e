"""What people order: bodies of requests that change stories, read strictly."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.api.parameters import instead_of
from app.errors import InvalidValue, MissingField, WirefoldError, WrongType
from app.model import LinkKind
from app.parsing.json_text import read_json

MOST_WHY = 2_000
MOST_IDS = 10_000
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Why = Annotated[
    str,
    Field(description="The reason. It stands in the log, on the change feed and in the memberships."),
    StringConstraints(min_length=1, max_length=MOST_WHY, pattern=r"\S"),
]
Overrule = Annotated[
    bool, Field(description="Take back what people said before, as far as it speaks against this.")
]


class OrderIn(BaseModel):
    """What every order has."""

    model_config = ConfigDict(extra="forbid", strict=True)

    why: Why
    overrule: Overrule = False


_T = TypeVar("_T", bound=OrderIn)


class MergeIn(OrderIn):
    """Stories that are one."""

    others: list[Id] = Field(min_length=1, max_length=100, description="Canonical IDs.")
    etags: dict[Id, str] = Field(
        default_factory=dict, description="ETags of some of the others: refused where they changed since."
    )


class SplitIn(OrderIn):
    """Articles that are stories of their own."""

    groups: list[Annotated[list[Id], Field(min_length=1, max_length=MOST_IDS)]] = Field(
        min_length=1, max_length=100, description="Article IDs; each group becomes a story of its own."
    )


class DetachIn(OrderIn):
    """Why an article does not belong where it is."""


class PinIn(OrderIn):
    """What is to speak for a story."""

    article_id: Id
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="One version for good; left out, whatever version the article has."
    )


class LinkIn(OrderIn):
    """What two or more articles, or stories, are to each other. Give `articles` or `canonicals`."""

    kind: Annotated[LinkKind, Field(strict=False, description="must: one story. cannot: never one story.")]
    articles: list[Id] | None = Field(default=None, min_length=2, max_length=100)
    canonicals: list[Id] | None = Field(default=None, min_length=2, max_length=100)


class UndoIn(OrderIn):
    """Why something is taken back."""


class AnswerIn(OrderIn):
    """Whether the two of a doubtful pair are one story."""

    same_story: bool


def read_order(raw: bytes, kind: type[_T]) -> _T:
    """The order in a body's bytes. Raises MalformedJson, WrongType, MissingField, InvalidValue."""
    sent = read_json(raw)
    if not isinstance(sent, dict):
        raise WrongType("The body is no JSON object.", fix=f"Send an object with {_names(kind)}.")
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        raise _refusal(error.errors()[0], kind) from error


def order_body(kind: type[OrderIn], example: dict[str, Any]) -> dict[str, Any]:
    """The request body of a route that takes an order, for the OpenAPI document."""
    schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example}},
        }
    }


def _refusal(first: Any, kind: type[OrderIn]) -> WirefoldError:  # noqa: ANN401 - pydantic's own
    place = ".".join(str(each) for each in first["loc"])[:100]
    name = str(first["loc"][0])[:100] if first["loc"] else ""
    said = f"{place}: {first['msg']}."
    if first["type"] == "missing":
        return MissingField(f"{place} is missing.", field=name, fix=f"Send {name}.")
    if first["type"] == "extra_forbidden":
        fix = instead_of(name, kind.model_fields)
        return InvalidValue(f"There is no field {place}.", field=name, fix=fix)
    if first["type"].endswith("_type"):
        return WrongType(said, field=name, fix=f"See {name} in /openapi.json.")
    return InvalidValue(said, field=name, fix=f"See {name} in /openapi.json.")


def _names(kind: type[OrderIn]) -> str:
    return ", ".join(kind.model_fields)
