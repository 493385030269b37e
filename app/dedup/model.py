"""The nouns of the core: frozen values that pass between its steps.

Owns no behaviour. Offsets are Unicode code points into the text as received; word
positions count the words of one array. Arrays are never written to after they are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint32]
Positions: TypeAlias = NDArray[np.int32]
Mask: TypeAlias = NDArray[np.bool_]


class Span(NamedTuple):
    """A half-open range ``[start, end)``."""

    start: int
    end: int


class WordFlag(IntFlag):
    """What a word is, beside its hash; one byte a word."""

    NUMBER = 1
    CAPITAL = 2
    IDEOGRAPH = 4
    PARAGRAPH = 8
    SENTENCE = 16
    NEGATION = 32
    CALENDAR = 64
    """The name of a day or a month."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of one text, in order: where each stands, its hash and its flags."""

    start: Positions
    end: Positions
    hash: Hashes
    flags: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.hash)


class Role(StrEnum):
    """What a passage is on its page."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    ADVISORY = "advisory"
    DATELINE = "dateline"
    BYLINE = "byline"
    TIMESTAMP = "timestamp"
    CREDIT = "credit"
    CAPTION = "caption"
    BODY = "body"
    SIGN_OFF = "sign_off"
    DISCLAIMER = "disclaimer"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text with a role."""

    role: Role
    span: Span


class RepeatKind(StrEnum):
    """Which page artefact a repeat is."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BLOCK = "block"
    PULLQUOTE = "pullquote"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Text printed twice: the printing taken out, the printing kept (none for furniture)."""

    kind: RepeatKind
    removed: Span
    kept: Span | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when a report was filed, as its first line says. Dates are ISO 8601."""

    place: str | None
    date: str | None


class TagKind(StrEnum):
    """What a wire tag, an advisory line or a status declares about a text."""

    ALERT = "alert"
    UPDATE = "update"
    CORRECTION = "correction"
    REFILE = "refile"
    REPEAT = "repeat"
    WITHDRAWAL = "withdrawal"
    BRIEF = "brief"
    ROUNDUP = "roundup"


@dataclass(frozen=True, slots=True)
class WireTag:
    """A wire tag with its number in the series (``UPDATE 2-`` is update, 2)."""

    kind: TagKind
    number: int | None = None


class Provenance(StrEnum):
    """What a disclaimer says of the text: the agency's own words, or worked on by a desk."""

    VERBATIM = "verbatim"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Page:
    """What cleaning is given: the frozen text of one version and what was said beside it."""

    text: str
    title: str = ""
    byline: str | None = None
    agency: str | None = None
    ed_note: str | None = None
    published_at: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """A page taken apart. Deleting ``removed`` from ``text`` gives the clean text."""

    text: str
    passages: tuple[Passage, ...]
    repeats: tuple[Repeat, ...]
    removed: tuple[Span, ...]
    words: Words
    body: Mask
    """Of ``words``: those that count as the story's text (body and standfirst, each once)."""
    title: Words
    """Words of the headline without its wire tag."""
    agency: str | None = None
    dateline: Dateline | None = None
    byline: str | None = None
    tag: WireTag | None = None
    quoted_headline: str | None = None
    """The headline that a withdrawal or correction notice quotes."""
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """Everything under which a text is found and measured; only one profile's ever meet."""

    profile: str
    words: Hashes
    flags: NDArray[np.uint8]
    title: Hashes
    signature: Hashes
    lead_signature: Hashes
    keys: NDArray[np.uint64]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an article beside its words. Times are Unix seconds; unknown is None."""

    source: str
    language: str | None = None
    published_at: float | None = None
    agency: str | None = None
    slug: str | None = None
    genre: str | None = None
    tag: WireTag | None = None
    place: str | None = None
    filed_on: str | None = None

    @property
    def withdraws(self) -> bool:
        """Whether a tag declares that a story is taken back."""
        return self.tag is not None and self.tag.kind is TagKind.WITHDRAWAL


class Run(NamedTuple):
    """Words ``[a_start, a_end)`` of one text stand at ``[b_start, b_end)`` of the other."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


class Comparison(NamedTuple):
    """Exact measures of two articles, a (the arriving one) and b (the stored one).

    Shares lie in [0, 1]. Numbers, names and negations are counted only where the two
    texts are aligned around them.
    """

    jaccard: float
    containment_a: float
    """Share of a's shingles that stand in b."""
    containment_b: float
    aligned_a: float
    """Share of a's words inside aligned runs."""
    aligned_b: float
    lead_a: float
    """Share of a's lead that stands anywhere in b."""
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
    """Share of the poorer text's distinct numbers that the other has, aligned or not."""
    names_shared: float | None
    names_alike: float | None
    """Share of all the names of both texts that stand in both; None where neither has one."""
    words_shared: float
    """Share of the poorer text's distinct words that the other has, in whatever order."""
    opening_shared: float
    """The same of the words of the two leads."""
    headline_in_text: float | None
    """Share of the longer text's headline words that the shorter text has; None without headline."""
    hours_apart: float | None
    same_source: bool
    same_agency: bool | None
    same_slug: bool | None
    same_place: bool | None
    runs: tuple[Run, ...] = ()
    substitutions: tuple[Run, ...] = ()

    @property
    def containment(self) -> float:
        """Share of the shorter text's shingles that stand in the longer."""
        return self.containment_a if self.words_a <= self.words_b else self.containment_b


class Relation(StrEnum):
    """What an arriving article is to a stored one."""

    NEW = "new"
    COPY = "copy"
    EXCERPT = "excerpt"
    REVISION = "revision"
    PASSAGES = "passages"
    TEMPLATE = "template"

    @property
    def joins(self) -> bool:
        """Whether two articles in this relation are one story."""
        return self in {Relation.COPY, Relation.EXCERPT, Relation.REVISION}


class RevisionKind(StrEnum):
    """How a revision revises."""

    UPDATE = "update"
    CORRECTION = "correction"
    REFILE = "refile"
    REPEAT = "repeat"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one pair, with the rule that gave it and reasons a person can check."""

    relation: Relation
    revision_kind: RevisionKind | None
    probability: float
    """That an editor would call the two one story."""
    rule: str
    reasons: tuple[str, ...]
    signals: Mapping[str, float] = field(default_factory=dict)
