"""Links on their way in, one a line as ``wirefold export links`` writes them, and what came of each."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.objects import checked
from app.api.schemas.feed import ProblemOut
from app.api.schemas.orders import MOST_WHY
from app.errors import MissingField
from app.model import LinkKind
from app.parsing.json_text import read_json
from app.services.importing_links import Imported, NamedArticle, Outcome, SaidElsewhere

MOST_LINES = 1_000
MOST_ARTICLES = 10_000
Name = Annotated[str, StringConstraints(min_length=1, max_length=8_192)]
Position = Annotated[int, Field(ge=0, le=2**63 - 1)]


class NamedArticleIn(BaseModel):
    """An article: by ID where this database has it, else by the publisher's own ID, else by address."""

    model_config = ConfigDict(extra="forbid")

    article_id: Name | None = None
    source: Name | None = None
    external_id: Name | None = None
    url: Name | None = None


class LinkLine(BaseModel):
    """What a person said of articles, on one line."""

    model_config = ConfigDict(extra="forbid")

    kind: LinkKind
    sides: list[Annotated[list[NamedArticleIn], Field(max_length=MOST_ARTICLES)]] = Field(
        min_length=1, max_length=100, description="Of a must one side; of a cannot two or more."
    )
    why: Annotated[str, StringConstraints(max_length=MOST_WHY)] = Field(
        default="", description="The reason; where it is missing, the query's `why`."
    )
    by: Annotated[str, StringConstraints(max_length=1_000)] | None = Field(
        default=None, description="Who said it first; kept in the log."
    )
    until: Position | None = Field(
        default=None, description="Not null where it counts no more: then it is passed over."
    )
    link_id: Name | None = None
    audit_id: Name | None = None
    since: Position | None = None

    def said(self) -> SaidElsewhere:
        """The link as the use case takes it."""
        return SaidElsewhere(
            kind=self.kind,
            sides=[[NamedArticle(**dict(each)) for each in side] for side in self.sides],
            by=self.by,
            link_id=self.link_id,
            counts=self.until is None,
        )


class ImportedLinkOut(BaseModel):
    """What came of one line."""

    line: int = Field(description="Counted from 1, empty lines left out.")
    status: int
    outcome: Outcome | None = Field(
        default=None, description="said, known already, or ended where it was said."
    )
    audit_id: str | None = None
    links: list[str] = Field(default=[], description="IDs of the links that count now because of it.")
    left: list[str] = []
    problem: ProblemOut | None = None

    @classmethod
    def of(cls, line: int, imported: Imported) -> Self:
        """The outcome as answered."""
        curated = imported.curated
        return cls(
            line=line,
            status=200,
            outcome=imported.outcome,
            audit_id=curated.audit_id or None if curated else None,
            links=[each.row.id for each in curated.added if each.row.id] if curated else [],
            left=list(curated.left) if curated else [],
        )


class LinkImportOut(BaseModel):
    """What came of each line, in order."""

    dry_run: bool
    results: list[ImportedLinkOut]


def read_link_line(raw: bytes, *, why: str | None) -> tuple[SaidElsewhere, str]:
    """A line and its reason. Raises MalformedJson, WrongType, MissingField, InvalidValue."""
    line = checked(read_json(raw), LinkLine)
    reason = line.why.strip() or (why or "").strip()
    if not reason:
        raise MissingField("why is missing.", field="why", fix="Send why in the line or in the query.")
    return line.said(), reason
