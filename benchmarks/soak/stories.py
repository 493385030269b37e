"""Invented stories, each in words of its own, and what outlets make of them."""

from random import Random

from tests.services.stories import PARAGRAPHS

Item = dict[str, str]


def story(number: int) -> list[str]:
    """The paragraphs of a story that shares its words with no other."""
    return [" ".join(f"{word}{number}" for word in paragraph.split()) for paragraph in PARAGRAPHS]


def printing(number: int, paragraphs: list[str], *, source: str, external_id: str) -> Item:
    """One outlet's printing of some paragraphs."""
    return {
        "source": source,
        "external_id": external_id,
        "title": f"Ward{number} closes its market",
        "text": "\n\n".join(paragraphs),
        "published_at": "2026-11-03T12:00:00Z",
    }


def same(random: Random, number: int) -> list[Item]:
    """The same text from several outlets, one of which sends it twice."""
    outlets = random.randint(2, 4)
    items = [printing(number, story(number), source=f"s{n}", external_id=str(number)) for n in range(outlets)]
    return [*items, items[0]]


def near(random: Random, number: int) -> list[Item]:
    """House edits: a word changed here, a line of the outlet's own added there."""
    items = []
    for outlet in range(random.randint(2, 4)):
        paragraphs = story(number)
        words = paragraphs[random.randrange(5)].split()
        words[random.randrange(len(words))] = f"edited{outlet}x{number}"
        paragraphs[random.randrange(5)] += f" Read more in paper{outlet}."
        items.append(printing(number, paragraphs, source=f"s{outlet}", external_id=str(number)))
    return items


def chained(random: Random, number: int) -> list[Item]:
    """In full, cut, and the cut with a line of its own."""
    full = story(number)
    cut, other = full[:3], [*full[:3], f"Reporting{number} by Ada{number} in Ward{number}."]
    items = [
        printing(number, paragraphs, source=f"s{n}", external_id=str(number))
        for n, paragraphs in enumerate([full, cut, other])
    ]
    random.shuffle(items)
    return items


def versions(random: Random, number: int) -> list[Item]:
    """Versions of one article that overtake each other."""
    items = []
    for version in range(1, random.randint(2, 4) + 1):
        paragraphs = story(number)
        paragraphs[4] += f" Corrected{number} for the {version} time{number}."
        item = printing(number, paragraphs, source="s0", external_id=str(number))
        items.append(item | {"version": str(version)})
    return items


KINDS = {"same": same, "near": near, "chained": chained, "versions": versions}
