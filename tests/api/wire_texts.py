"""Strategies that write what a wire desk receives: stories of ours as copies, cuts, reprints, corrections, quotations."""

import re
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.parsing import wires
from tests.services import archives, stories

BASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (stories.HEADLINE, stories.PARAGRAPHS),
    (wires.HEADLINE, wires.STORY),
    *((each.split(",")[0][:70], (each,)) for each in stories.STRANGERS),
    ("Shares on the Oslund exchange", (stories.MONDAY,)),
    ("Shares on the Oslund exchange", (stories.TUESDAY,)),
    *(
        (" ".join(paragraphs[0].split()[:6]), tuple(paragraphs))
        for paragraphs in map(archives.story, range(3))
    ),
)
PAPERS = ("gazette.example", "herald.example", "courier.example", "mirror.example", "wire.example")
LETTER = "Sign up to our morning letter and get the stories of the day before your coffee is cold."
NOTE = "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)"
_REWORDED = (
    ("said", "told reporters"),
    ("voted", "decided"),
    ("council", "authority"),
    ("after", "once"),
    ("people", "residents"),
    ("spring", "April"),
    ("found", "discovered"),
)
Fields = dict[str, Any]


def _reprinted(title: str, body: list[str], odd: int) -> Fields:
    """A page of an aggregator: the headline twice, the lead above the body, links and notes around it."""
    standfirst = body[0].split(". ")[0] + "."
    page = [title, standfirst, "By Staff Writer", *body, NOTE, "Read more: all of today's news", LETTER]
    return {"title": title, "text": "\n\n".join(page[odd % 2 :])}


def _wired(title: str, body: list[str], odd: int) -> Fields:
    lead = f"PORT ELSA, Nov 3 (Reuters) - {body[0]}"
    signed = "(Reporting by Tobias Renn; Editing by Ann Ebb)"
    return {"title": title, "text": "\n\n".join([lead, *body[1:], signed]), "agency": "Reuters"}


def _cut(title: str, body: list[str], odd: int) -> Fields:
    kept = (
        body[: 1 + odd % len(body)]
        if len(body) > 1
        else [". ".join(body[0].split(". ")[:2]).rstrip(".") + "."]
    )
    return {"title": f"In brief: {title}", "text": "\n\n".join(kept)}


def _corrected(title: str, body: list[str], odd: int) -> Fields:
    changed = [re.sub(r"\d+", lambda number: str(int(number[0]) + 1 + odd), each, count=1) for each in body]
    note = "(Corrects figure in first paragraph)"
    return {"title": f"CORRECTED-{title}", "text": "\n\n".join([note, *changed]), "ed_note": note}


def _updated(title: str, body: list[str], odd: int) -> Fields:
    more = archives.story(900 + odd % 3)[0]
    return {"title": f"UPDATE {1 + odd % 2}-{title}", "text": "\n\n".join([body[0], more, *body[1:]])}


def _reworded(title: str, body: list[str], odd: int) -> Fields:
    text = "\n\n".join(body)
    for old, new in _REWORDED[odd % 3 :: 2]:
        text = text.replace(old, new)
    return {"title": title.replace(" to ", " will "), "text": text.replace('"', "\u201d")}


def _quoting(title: str, body: list[str], odd: int) -> Fields:
    """Another story that prints a paragraph of this one."""
    own = archives.story(700 + odd % 4)
    return {"title": " ".join(own[0].split()[:5]), "text": "\n\n".join([*own[:2], body[0], own[2]])}


def _as_html(title: str, body: list[str], odd: int) -> Fields:
    return {"title": title, "html": wires.html_of(body)}


def _plain(title: str, body: list[str], odd: int) -> Fields:
    return {"title": title, "text": "\n\n".join(body)}


PRINTINGS = (
    _plain, _plain, _reprinted, _reprinted, _wired, _cut, _corrected, _updated, _reworded, _quoting, _as_html,
)  # fmt: skip


@st.composite
def printings(draw: st.DrawFn, papers: tuple[str, ...] = PAPERS) -> Fields:
    """The fields of one article, without an ID of its own: a story of ours as one paper prints it."""
    title, paragraphs = draw(st.sampled_from(BASES))
    print_ = draw(st.sampled_from(PRINTINGS))
    fields = print_(title, list(paragraphs), draw(st.integers(0, 9))) | {
        "source": draw(st.sampled_from(papers))
    }
    hours = draw(st.none() | st.integers(-30, 30))
    if hours is not None:
        fields["published_at"] = (stories.NOON + timedelta(hours=hours)).isoformat()
    return fields


@st.composite
def identified(draw: st.DrawFn) -> Fields:
    """An article under one of few IDs, so that versions meet, and IDs are used again for other stories."""
    fields = draw(printings())
    fields["external_id"] = f"id-{draw(st.integers(0, 3))}"
    if draw(st.booleans()):
        fields["version"] = draw(st.integers(1, 4))
    if draw(st.integers(0, 4)) == 0:
        fields["status"] = draw(st.sampled_from(("canceled", "withheld", "usable")))
    return fields
