"""Which version speaks for a story: a total order over its members, whatever order they came in.

May be published and not withdrawn; an editor's pin, the latest of several; the latest declared revision
of the originating agency's line; origin over reprint; completeness; earliest known date; content, source.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.dedup.model import TagKind, WireTag

_LINE = {TagKind.CORRECTION: 2, TagKind.UPDATE: 2, TagKind.REFILE: 1, TagKind.REPEAT: 1, TagKind.ROUNDUP: 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the order looks at, of one version."""

    version: int
    pinned: int
    """Higher the later a person pinned it; 0 where nobody did."""
    usable: bool
    source: str
    agency: str | None
    tag: WireTag | None
    words: int
    published_at: float | None
    content: bytes


def rank(standing: Standing) -> tuple[bool, int, bool, int, float, int, float, bytes, str]:
    """The key of the order: the highest is canonical."""
    tag = standing.tag
    withdrawn = tag is not None and tag.kind is TagKind.WITHDRAWAL
    line = _LINE.get(tag.kind, 0) if tag is not None else 0
    published = standing.published_at
    return (
        standing.usable and not withdrawn,
        standing.pinned,
        is_origin(standing.source, standing.agency),
        line,
        published if line and published is not None else float("-inf"),
        standing.words,
        -published if published is not None else float("-inf"),
        standing.content,
        standing.source,
    )


def is_origin(source: str, agency: str | None) -> bool:
    """Whether the source is the agency it credits, by name."""
    return agency is not None and agency.casefold() in source.casefold()


def choose_canonical(standings: Iterable[Standing]) -> Standing:
    """The version that speaks for the story. Raises ValueError for a story without members."""
    return max(standings, key=rank)
