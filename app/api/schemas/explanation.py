"""Why two articles are, or are not, one story, as it is answered."""

from dataclasses import asdict
from typing import Self

from pydantic import BaseModel, Field

from app.api.schemas.article import SpanOut
from app.dedup.differences import Difference, DifferenceKind
from app.dedup.model import Comparison, Relation, RevisionKind
from app.model import LinkKind
from app.services.explain import MOST_SHOWN, Explanation, Side


class SideOut(BaseModel):
    """One of the two articles, by the version that was compared."""

    article_id: str
    version: int
    source: str
    title: str
    canonical_id: str
    words: int
    furniture: list[SpanOut] = Field(
        description="Stretches left out because they come back under other stories of the source."
    )

    @classmethod
    def of(cls, side: Side) -> Self:
        """The side as answered."""
        spans = [SpanOut(start=span.start, end=span.end) for span in side.furniture]
        return cls(**asdict(side) | {"furniture": spans})


class VerdictOut(BaseModel):
    """What the comparison says of the pair now."""

    relation: Relation
    revision_kind: RevisionKind | None
    probability: float
    rule: str
    reasons: list[str]


class MeasuresOut(BaseModel):
    """Exact measures of the pair; shares lie between 0 and 1, null is unknown."""

    jaccard: float
    containment_a: float
    containment_b: float
    aligned_a: float
    aligned_b: float
    lead_a: float
    lead_b: float
    title_likeness: float
    words_a: int
    words_b: int
    longest_run: int
    numbers_agree: int
    numbers_differ: int
    names_differ: int
    negations_differ: int
    dates_differ: int
    numbers_shared: float | None
    names_shared: float | None
    names_alike: float | None
    words_shared: float
    opening_shared: float
    headline_in_text: float | None
    hours_apart: float | None
    same_source: bool
    same_agency: bool | None
    same_slug: bool | None
    same_place: bool | None

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        """The measures as answered."""
        values = {name: getattr(comparison, name) for name in cls.model_fields}
        return cls(**{name: round(v, 4) if isinstance(v, float) else v for name, v in values.items()})


class ContributionOut(BaseModel):
    """What one signal adds to the log-odds that the two are one story."""

    signal: str
    value: float
    weight: float
    contribution: float


class AlignedOut(BaseModel):
    """A stretch that stands in both texts."""

    a: SpanOut
    b: SpanOut
    words: int


class DifferenceOut(BaseModel):
    """A fact that differs, as each text has it."""

    kind: DifferenceKind
    a: str
    b: str
    at_a: SpanOut | None
    at_b: SpanOut | None

    @classmethod
    def of(cls, found: Difference) -> Self:
        """The difference as answered."""
        return cls(
            kind=found.kind,
            a=found.a,
            b=found.b,
            at_a=SpanOut.of(found.at_a) if found.at_a else None,
            at_b=SpanOut.of(found.at_b) if found.at_b else None,
        )


class TurnOut(BaseModel):
    """One measure that, alone, would have turned the verdict."""

    measure: str
    value: float
    needed: float
    words: str


class EdgeOut(BaseModel):
    """What was stored of the pair when it was last compared on arrival."""

    relation: Relation
    revision_kind: RevisionKind | None
    weight: float = Field(description="Log-odds that the two are one story.")
    jaccard: float
    containment: float
    position: int


class PersonSaidOut(BaseModel):
    """What a person said of the two."""

    link_id: str
    kind: LinkKind
    by: str
    why: str


class ExplanationOut(BaseModel):
    """Everything that speaks for and against. `a` is the later arrival, in whatever order they were named."""

    a: SideOut
    b: SideOut
    same_story: bool = Field(description="Whether they are in one story now.")
    verdict: VerdictOut
    measures: MeasuresOut
    intercept: float
    contributions: list[ContributionOut] = Field(
        description="Strongest first; with the intercept they add up to the log-odds."
    )
    join_at: float
    spans: list[AlignedOut]
    differences: list[DifferenceOut]
    truncated: bool = Field(
        description=f"Whether there are more spans or differences than shown: the first {MOST_SHOWN} of each."
    )
    turns: list[TurnOut] = Field(description="Single changes, nearest first, that would turn the verdict.")
    stored: EdgeOut | None
    said: list[PersonSaidOut] = Field(description="By people; it counts, whatever else speaks against it.")
    profile: str
    policy: str

    @classmethod
    def of(cls, told: Explanation) -> Self:
        """The explanation as answered."""
        decision, edge = told.decision, told.edge
        return cls(
            a=SideOut.of(told.a),
            b=SideOut.of(told.b),
            same_story=told.same_story,
            verdict=VerdictOut(
                relation=decision.relation,
                revision_kind=decision.revision_kind,
                probability=round(decision.probability, 4),
                rule=decision.rule,
                reasons=list(decision.reasons),
            ),
            measures=MeasuresOut.of(told.comparison),
            intercept=told.intercept,
            contributions=[ContributionOut(**asdict(each)) for each in told.contributions],
            join_at=told.join_at,
            spans=[AlignedOut(a=SpanOut.of(s.a), b=SpanOut.of(s.b), words=s.words) for s in told.spans],
            differences=[DifferenceOut.of(each) for each in told.differences],
            truncated=told.truncated,
            turns=[
                TurnOut(measure=each.measure, value=each.value, needed=each.needed, words=each.words)
                for each in told.turns
            ],
            stored=None
            if edge is None
            else EdgeOut(
                relation=edge.relation,
                revision_kind=edge.revision_kind,
                weight=edge.weight,
                jaccard=edge.jaccard,
                containment=edge.containment,
                position=edge.position,
            ),
            said=[PersonSaidOut(**asdict(each)) for each in told.said],
            profile=told.profile,
            policy=told.policy,
        )
