"""Small invented archives in which it matters who comes first: copies, cuts, updates, roundups, forms."""

import random
from datetime import timedelta

from app.model import Submission
from tests.services.stories import FORM, NOON, submission

_PEOPLE = [
    "Brandt",
    "Okoye",
    "Lindqvist",
    "Marchetti",
    "Dubois",
    "Tanaka",
    "Novak",
    "Herrera",
    "Olsen",
    "Farouk",
    "Petrov",
    "Singh",
]
_PLACES = [
    "Velden",
    "Ostra",
    "Pellam",
    "Carrow",
    "Dunmere",
    "Astwick",
    "Holm",
    "Tarnby",
    "Lussac",
    "Ravik",
    "Montel",
    "Esker",
]
_ACTS = (
    "voted to close the {thing} after engineers found {n} faults in it",
    "will spend {n} million crowns on a new {thing} by the spring",
    "said that the {thing} had not been inspected for {n} years",
    "asked {n} neighbouring towns to share the cost of the {thing}",
    "rejected a plan to move the {thing} by a margin of {n} votes",
    "heard from {n} residents who want the {thing} kept open at night",
    "ordered an inquiry into the {thing} that is to report in {n} weeks",
    "told reporters that {n} jobs hang on the future of the {thing}",
    "agreed with the union on {n} more guards at the {thing}",
    "found that rain had ruined {n} records kept under the {thing}",
)
_THINGS = [
    "bridge",
    "market",
    "library",
    "tram",
    "harbour",
    "theatre",
    "reservoir",
    "quarry",
    "cannery",
    "museum",
    "stadium",
    "archive",
]


def story(number: int) -> list[str]:
    """The paragraphs of one story, none of whose sentences another has."""
    draw = random.Random(number)
    place, thing = _PLACES[number % 12], _THINGS[(5 * number) % 12]
    acts = draw.sample(_ACTS, 8)
    paragraphs = []
    for start in range(0, 8, 2):
        sentences = []
        for act in acts[start : start + 2]:
            who, whom = draw.sample(_PEOPLE, 2)
            said = act.format(thing=thing, n=draw.randint(3, 97))
            sentences.append(
                f"{who} of the {place} council, with {whom} in the chair, {said}, "
                f"and {draw.choice(_PEOPLE)} called it {draw.choice(('late', 'brave', 'careless', 'needed'))}."
            )
        paragraphs.append(" ".join(sentences))
    return paragraphs


def archive(seed: int) -> list[Submission]:
    """Some thirty articles: four stories in several versions each, pages made of two, two roundups, a daily form."""
    draw = random.Random(seed)
    stories = [story(12 * seed + number) for number in range(4)]
    found: list[Submission] = []

    def add(title: str, paragraphs: list[str], hours: float) -> None:
        found.append(
            submission(
                source=f"paper{len(found)}.example",
                title=title,
                text="\n\n".join(paragraphs),
                published_at=NOON + timedelta(hours=hours),
            )
        )

    for number, paragraphs in enumerate(stories):
        title = f"{' '.join(paragraphs[0].split()[:4])} {number}"
        for copy in range(draw.randint(1, 3)):
            add(title, paragraphs, copy)
        add(f"In brief: {title}", paragraphs[: draw.randint(1, 3)], 2)
        changed = paragraphs[0].replace(" after ", " days after ")
        add(f"UPDATE 1-{title}", [changed, *paragraphs[1:3], *story(900 + 12 * seed + number)[:1]], 5)
        add(f"UPDATE 2-{title}", [changed, *story(900 + 12 * seed + number)[:2], paragraphs[1]], 9)
    half = [*stories[0][:2], *stories[1][2:]]
    add("Two councils, two quarrels", half, 6)
    add("Two councils, two quarrels still", [*half, *stories[2][:1]], 7)
    for start in range(2):
        leads = [paragraphs[0] for paragraphs in stories[start : start + 3]]
        add(f"Morning briefing {start}", leads, 12)
    for day in range(4):
        form = FORM.format(
            move="higher", day=("Monday", "Tuesday", "Wednesday", "Thursday")[day], verb="rising",
            percent=f"0.{draw.randint(1, 9)}", points=f"1,2{draw.randint(10, 99)}", energy="gained",
            oil="rose", price=f"8{day}.20", turnover=str(draw.randint(300, 499)), crown=f"10.{40 + day}",
        )  # fmt: skip
        add("Shares on the Oslund exchange", [form], 24 * day)
    return found
