"""Which version speaks for a story: a total order over its members, whatever order they came in.

May be published and not withdrawn; an editor's pin, the latest of several; the latest declared revision
of the originating agency's line; origin over reprint; completeness; earliest known date; content, source.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.dedup.model import TagKind, WireTag
from app.dedup.phrases.agencies import aliases_of

_LINE = {TagKind.CORRECTION: 2, TagKind.UPDATE: 2, TagKind.REFILE: 1, TagKind.REPEAT: 1, TagKind.ROUNDUP: 2}
_WORD = re.compile(r"[^\W_]+")
_ENDS = ("news", "net", "agency", "press", "wire", "online", "live", "media")
"""What agencies put behind their name where they need an address."""
_MOST_WORDS = 6
"""Words of the longest name."""
_LONG_NAME = 6
"""Letters from which a name within a word is no chance: "thomsonreuters"."""


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


@lru_cache(maxsize=4096)
def is_origin(source: str, agency: str | None) -> bool:
    """Whether the source is the agency it credits, by name: whole words of it, not letters within one.

    "apnews.com" and "Associated Press" are AP, "japantimes.example" is not. Of a host name the last label
    does not count: it names a country.
    """
    if agency is None:
        return False
    names = {_squeezed(each) for each in (agency, *aliases_of(agency))} - {""}
    words = _WORD.findall(source.casefold())
    if "." in source and " " not in source:
        words = words[:-1] or words
    joined = {"".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, a + 1 + _MOST_WORDS)}
    if not names.isdisjoint(joined):
        return True
    long = tuple(name for name in names if len(name) >= _LONG_NAME)
    suffixed = {word.removesuffix(end) for word in words for end in _ENDS}
    return not names.isdisjoint(suffixed) or any(
        word.startswith(long) or word.endswith(long) for word in words
    )


def _squeezed(name: str) -> str:
    return "".join(_WORD.findall(name.casefold()))


def choose_canonical(standings: Iterable[Standing]) -> Standing:
    """The version that speaks for the story. Raises ValueError for a story without members."""
    return max(standings, key=rank)
