"""What another policy would change, as it is answered."""

from typing import Self

from pydantic import BaseModel, Field

from app.api.schemas.pair import PairSideOut
from app.dedup.model import Relation, RevisionKind
from app.services.replayed import Effect, Group, PairChange, Regrouping, Replayed, StoryChange


class FoundOut(BaseModel):
    """What a pair was found to be."""

    relation: Relation
    revision_kind: RevisionKind | None


class WouldBeOut(FoundOut):
    """What a pair would be found to be, and why."""

    probability: float = Field(description="That the two are one story.")
    rule: str
    reasons: list[str]
    policy: str = Field(description="The one that would decide: the stricter of the two sources'.")


class PairChangeOut(BaseModel):
    """A pair that would be judged otherwise. `a` is the later arrival."""

    effect: Effect
    a: PairSideOut
    b: PairSideOut
    stored: FoundOut
    would_be: WouldBeOut
    explain: str = Field(description="Where the pair is explained, by the policies in force.")

    @classmethod
    def of(cls, change: PairChange) -> Self:
        """The change as answered."""
        told = change.decision
        return cls(
            effect=change.effect,
            a=PairSideOut.of(change.a),
            b=PairSideOut.of(change.b),
            stored=FoundOut(relation=change.was, revision_kind=change.was_kind),
            would_be=WouldBeOut(
                relation=told.relation,
                revision_kind=told.revision_kind,
                probability=round(told.probability, 4),
                rule=told.rule,
                reasons=list(told.reasons),
                policy=change.policy,
            ),
            explain=f"/v1/explain?a={change.a.article_id}&b={change.b.article_id}",
        )


class GroupOut(BaseModel):
    """Articles of one story."""

    canonical_id: str | None = Field(description="Null where the story would get a new ID.")
    article_ids: list[str]

    @classmethod
    def of(cls, group: Group) -> Self:
        """The group as answered."""
        return cls(canonical_id=group.canonical_id, article_ids=list(group.articles))


class StoryChangeOut(BaseModel):
    """Stories whose articles would be grouped otherwise."""

    effect: Regrouping
    before: list[GroupOut]
    after: list[GroupOut]

    @classmethod
    def of(cls, change: StoryChange) -> Self:
        """The change as answered."""
        return cls(
            effect=change.effect,
            before=[GroupOut.of(each) for each in change.before],
            after=[GroupOut.of(each) for each in change.after],
        )


class LookedAtOut(BaseModel):
    """How much a page of a replay is about."""

    stories: int
    pairs: int = Field(description="Pairs that were judged again.")
    left_out: int = Field(description="Pairs withheld, or without a fingerprint of the program's profile.")
    cut: int = Field(description="Groups of connected stories too large to be derived whole.")


class ReplayPage(BaseModel):
    """What would change among some stories, in order of founding. A page may be empty and have a `next`."""

    policy: str
    looked_at: LookedAtOut
    pairs: list[PairChangeOut]
    stories: list[StoryChangeOut]
    next: str | None

    @classmethod
    def of(cls, policy: str, page: Replayed) -> Self:
        """The page as answered."""
        return cls(
            policy=policy,
            looked_at=LookedAtOut(
                stories=page.stories, pairs=page.pairs, left_out=page.left_out, cut=page.cut
            ),
            pairs=[PairChangeOut.of(each) for each in page.pair_changes],
            stories=[StoryChangeOut.of(each) for each in page.story_changes],
            next=None if page.more is None else str(page.more),
        )
