"""Invented articles, and submissions made of them."""

import json
from datetime import UTC, datetime

from app.model import Submission

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)

HEADLINE = "Velden to close its old fish market by spring"
PARAGRAPHS = (
    (
        "The harbour council of Velden voted on Monday to close the old fish market by the end of March, "
        "after engineers found 14 cracked piles under the eastern quay."
    ),
    (
        "Traders said they had not been told of the plan before it was put to the vote. About 260 people "
        "work in the hall, which opened in 1931 and was last repaired after the flood of 1962."
    ),
    (
        '"We were handed a letter at the door and nothing else," said Oda Brink, who has sold herring there '
        'for two decades. "Nobody asked us where the boats should land."'
    ),
    (
        "The council will spend 3,700 crowns on each temporary stall, its head Mira Stolz told reporters, and "
        "expects the first of them to stand on the western pier in February."
    ),
    (
        "An inquiry into the state of the quay is to report in May. Velden lands a third of the herring caught "
        "on this coast, and the market has set the price of it since before the war."
    ),
)
BODY = "\n\n".join(PARAGRAPHS)

STRANGERS = (
    (
        "Astronomers at the Pellam observatory have tracked a comet whose tail split in two as it rounded the "
        "sun, an event seen only four times since records began. The larger part should be bright enough to "
        "find with field glasses before dawn until the middle of next week, they said."
    ),
    (
        "A strike by bus drivers in Ostra entered its third day after talks on night shifts collapsed. The "
        "union wants a second driver on routes longer than nine hours; the company says that it cannot find "
        "them. Schools in the northern districts have moved lessons to the afternoon."
    ),
    (
        "The novelist Ines Carvalhal has won this year's Tessera prize for a book told by a lighthouse. The "
        "jury praised its patience and its jokes. Carvalhal, who worked as a pilot until she was fifty, said "
        "that she would spend the money on a roof and give the rest to the lifeboats."
    ),
)

FORM = (
    "Shares on the Oslund exchange closed {move} on {day}, with the benchmark OSX index {verb} {percent} "
    "percent to {points} points. Energy stocks {energy} as Brent crude {oil} to ${price} a barrel. Banks were "
    "mixed. Turnover was {turnover} million crowns, compared with a 30-day average of 410 million. The crown "
    "traded at {crown} per dollar."
)
MONDAY = FORM.format(
    move="higher", day="Monday", verb="rising", percent="0.4", points="1,212", energy="gained", oil="rose",
    price="81.20", turnover="398", crown="10.42",
)  # fmt: skip
TUESDAY = FORM.format(
    move="lower", day="Tuesday", verb="falling", percent="1.1", points="1,199", energy="slipped", oil="fell",
    price="79.85", turnover="455", crown="10.51",
)  # fmt: skip


def submission(**fields: object) -> Submission:
    """A submission with sensible defaults for what a test does not speak of."""
    known = {"source": "gazette.example", "title": HEADLINE, "text": BODY, "published_at": NOON, **fields}
    raw = json.dumps({name: str(value) for name, value in known.items()}).encode()
    return Submission(raw=raw, **known)  # type: ignore[arg-type]
