"""What reading gives: articles, versions and stories as somebody sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.model import ArticleId, ArticleRow, CanonicalId, DecisionRow, PageRow, StoryRow, VersionRow
from app.store.reading import Compared
from app.store.received import ReceivedRow
from app.store.stale_copies import StaleRow


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with everything that was stored of it."""

    article: ArticleRow
    version: VersionRow
    page: PageRow
    decision: DecisionRow
    received: ReceivedRow | None
    """What it came as; none where that is ``page.raw``."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article now: its current version, all versions, and its place in its story."""

    current: VersionView
    versions: Sequence[VersionRow]
    story: StoryRow
    relation: Compared | None
    """To the story's canonical version; none where it is that, or the two were never compared."""
    withdrawn_by: ArticleId | None = None
    """The notice of its own source that takes it back; none where it stands."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article as one of its story's members."""

    article: ArticleRow
    version: VersionRow
    url: str | None
    is_canonical: bool
    relation: Compared | None
    withdrawn_by: ArticleId | None = None
    """The notice of its own source that takes it back; none where it stands."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version that speaks for a story."""

    article: ArticleRow
    version: VersionRow
    url: str | None


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story, without its members."""

    story: StoryRow
    chosen: Chosen | None


@dataclass(frozen=True, slots=True)
class Pinned:
    """What a person wants to speak for a story."""

    article_id: ArticleId
    version: int | None
    """None where whatever version the article has may speak."""
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story with some of its members."""

    view: StoryView
    sources: int
    members: Sequence[Member]
    more: int | None
    """The key behind which the next members follow."""
    pinned: Pinned | None = None
    stale: StaleRow | None = None
    """Where what speaks still says what its origin corrected or took back. Not told of the past."""
    state: str = ""
    """Changes with the members, their versions, the choice and the pins. The past has none."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A canonical ID whose story is another's now."""

    survivor: CanonicalId
