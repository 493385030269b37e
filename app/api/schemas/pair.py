"""One version of a pair of articles, as lists of pairs tell it."""

from typing import Self

from pydantic import BaseModel, Field

from app.services import replayed, reviewing


class PairSideOut(BaseModel):
    """One version of a pair."""

    article_id: str
    version: int
    source: str
    title: str
    canonical_id: str = Field(description="Of the story that the article is in now.")

    @classmethod
    def of(cls, side: replayed.Side | reviewing.ReviewSide) -> Self:
        """The side as answered."""
        return cls(
            article_id=side.article_id,
            version=side.version,
            source=side.source,
            title=side.title,
            canonical_id=side.canonical_id,
        )
