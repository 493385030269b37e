"""A replay as one HTML page that needs nothing else: changed pairs side by side, what differs marked.

Its policy of content forbids everything but its own style sheet, by digest. All text is escaped.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.console.marking import Piece, pieces, printable
from app.services.beside import Beside
from app.services.replayed import PairChange, Replayed, StoryChange

_PAGES = Environment(
    loader=PackageLoader("app.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["printable"] = printable


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the whole replay, also of what is not shown."""

    stories: int
    pairs: int
    left_out: int
    cut: int
    pair_effects: Counter[str]
    story_effects: Counter[str]

    def with_(self, page: Replayed) -> "Totals":
        """These and what a page adds."""
        return Totals(
            self.stories + page.stories,
            self.pairs + page.pairs,
            self.left_out + page.left_out,
            self.cut + page.cut,
            self.pair_effects + Counter(str(each.effect) for each in page.pair_changes),
            self.story_effects + Counter(str(each.effect) for each in page.story_changes),
        )


@dataclass(frozen=True, slots=True)
class _Shown:
    change: PairChange
    beside: Beside
    left: list[Piece]
    right: list[Piece]


def render(
    policy: str,
    totals: Totals,
    pairs: Sequence[PairChange],
    stories: Sequence[StoryChange],
    lay: Callable[[PairChange], Beside],
) -> Iterator[bytes]:
    """The page in pieces. ``lay`` is asked for one pair's texts at a time, when its turn has come."""
    # The digest is of the very characters between the tags; they are ours, and hold no mark-up.
    style = _source("replay.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = _PAGES.get_template("replay.html").generate(
        policy=policy,
        totals=totals,
        shown=_shown(pairs, lay),
        shown_count=len(pairs),
        stories=stories,
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=digest,
    )
    for piece in made:
        yield piece.encode("utf-8", "replace")


def _source(name: str) -> str:
    return _PAGES.loader.get_source(_PAGES, name)[0] if _PAGES.loader else ""


def _shown(pairs: Iterable[PairChange], lay: Callable[[PairChange], Beside]) -> Iterator[_Shown]:
    for change in pairs:
        beside = lay(change)
        yield _Shown(
            change,
            beside,
            left=pieces(
                beside.text_b,
                [span.b for span in beside.spans],
                [each.at_b for each in beside.differences if each.at_b],
            ),
            right=pieces(
                beside.text_a,
                [span.a for span in beside.spans],
                [each.at_a for each in beside.differences if each.at_a],
            ),
        )
