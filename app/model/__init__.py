"""The service's nouns: what arrives, what is stored, and the rows that carry it.

Integers are internal keys, given out under the ingest lock and ascending; text IDs are public.
``Position`` numbers the change feed. A canonical ID belongs to the article that founded it, so a
story is named by its founder's key. All datetimes are aware and UTC.
"""

from app.model.arriving import Document, Received, Status, Submission
from app.model.articles import ArticleRow, Comparable, PageRow, PostingRow, Stored, VersionRow
from app.model.batches import Batch, Counters, Ingested
from app.model.judging import FurnitureRow, FurnitureState, ReviewReason, ReviewRow
from app.model.numbers import ArticleId, ArticleKey, CanonicalId, IdentityKey, Position, VersionKey
from app.model.stories import ChangeRow, DecisionRow, EdgeRow, LinkKind, MembershipRow, Related, StoryRow

__all__ = [
    "ArticleId",
    "ArticleKey",
    "ArticleRow",
    "Batch",
    "CanonicalId",
    "ChangeRow",
    "Comparable",
    "Counters",
    "DecisionRow",
    "Document",
    "EdgeRow",
    "FurnitureRow",
    "FurnitureState",
    "IdentityKey",
    "Ingested",
    "LinkKind",
    "MembershipRow",
    "PageRow",
    "Position",
    "PostingRow",
    "Received",
    "Related",
    "ReviewReason",
    "ReviewRow",
    "Status",
    "Stored",
    "StoryRow",
    "Submission",
    "VersionKey",
    "VersionRow",
]
