"""The review list as it is answered."""

from dataclasses import asdict
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.api.schemas.explanation import ContributionOut
from app.api.schemas.pair import PairSideOut
from app.dedup.model import Relation, RevisionKind
from app.model import ReviewReason
from app.services.reviewing import Doubt, Evidence


class EvidenceOut(BaseModel):
    """What the pair is found to be now, which may differ from what it was on arrival."""

    relation: Relation
    revision_kind: RevisionKind | None
    probability: float
    rule: str
    reasons: list[str]
    contributions: list[ContributionOut] = Field(description="The five strongest of the signals.")

    @classmethod
    def of(cls, found: Evidence) -> Self:
        """The evidence as answered."""
        told = found.decision
        return cls(
            relation=told.relation,
            revision_kind=told.revision_kind,
            probability=round(told.probability, 4),
            rule=told.rule,
            reasons=list(told.reasons),
            contributions=[ContributionOut(**asdict(each)) for each in found.contributions],
        )


class DoubtOut(BaseModel):
    """An arrival that a person should look at. `a` is the arrival, `b` what it was compared with."""

    position: int = Field(description="Of its `review.needed` in the change feed.")
    at: datetime
    reason: ReviewReason
    relation: Relation = Field(description="What the pair by itself was found to be.")
    probability: float = Field(description="That the two are one story, as found on arrival.")
    policy: str
    a: PairSideOut
    b: PairSideOut
    same_story: bool = Field(description="Whether they are in one story now.")
    evidence: EvidenceOut | None
    explain: str = Field(description="Where everything that speaks for and against is told.")

    @classmethod
    def of(cls, doubt: Doubt) -> Self:
        """The entry as answered."""
        row = doubt.row
        return cls(
            position=row.position,
            at=row.at,
            reason=row.reason,
            relation=row.relation,
            probability=round(row.probability, 4),
            policy=row.policy,
            a=PairSideOut.of(doubt.a),
            b=PairSideOut.of(doubt.b),
            same_story=doubt.a.canonical_id == doubt.b.canonical_id,
            evidence=None if doubt.evidence is None else EvidenceOut.of(doubt.evidence),
            explain=f"/v1/explain?a={doubt.a.article_id}&b={doubt.b.article_id}",
        )


class ReviewPage(BaseModel):
    """Some of the list, the latest first."""

    doubts: list[DoubtOut]
    next: str | None
