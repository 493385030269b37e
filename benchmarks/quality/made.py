"""Pairs made from labelled texts, of two kinds that collections hardly hold.

From each set some texts are taken again, under their own or another headline, by the same source or
another: with one figure changed, within two days, as one story; with nearly all figures changed and
another day named, at any time, as two.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from reading import LabelledSet, Record, prepare

from app.dedup.compare import compare
from app.dedup.evidence import signals

KINDS = ("corrected", "refilled")
MADE = 150
"""Texts of each set that are taken again, each way."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = re.compile("|".join(DAYS))
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,]?\d{3})*(?:[.,]\d+)?(?!\w)", re.ASCII)


def another(number: str, chance: random.Random) -> str:
    """The number with one digit changed."""
    at = chance.choice([at for at, digit in enumerate(number) if digit.isdigit()])
    return number[:at] + str((int(number[at]) + chance.randrange(1, 10)) % 10) + number[at + 1 :]


def corrected(text: str, chance: random.Random) -> str | None:
    """The text with one number changed; None where it has none."""
    numbers = list(NUMBER.finditer(text))
    if not numbers:
        return None
    number = chance.choice(numbers)
    return text[: number.start()] + another(number.group(), chance) + text[number.end() :]


def refilled(text: str, chance: random.Random) -> str | None:
    """The text as a form filled in for another day; None where it has too few numbers for one."""
    if len(NUMBER.findall(text)) < max(3, len(text.split()) / 25):
        return None
    text = DAY.sub(lambda _: chance.choice(DAYS), text)
    return NUMBER.sub(
        lambda number: another(number.group(), chance) if chance.random() < 0.9 else number.group(), text
    )


def made_pairs(labelled: LabelledSet, kind: str) -> Iterator[tuple[Record, dict[str, float]]]:
    """Texts of a set beside themselves, corrected (one story) or refilled (two)."""
    chance = random.Random(7)
    articles = sorted(labelled.articles.values(), key=lambda article: article["uid"])
    chance.shuffle(articles)
    made = 0
    for article in articles:
        text = (corrected if kind == "corrected" else refilled)(article["text"], chance)
        if text is None or not 25 <= len(text.split()) <= 900:
            continue
        headline = article.get("title") if chance.random() < 0.67 else articles[0].get("title")
        own_desk = chance.random() < 0.3
        days = chance.uniform(0, 72) if kind == "refilled" else chance.uniform(0, 12 if own_desk else 40)
        hours = chance.choice([None, chance.uniform(0, 12), days])
        b = prepare(article)
        a = prepare(article | {"text": text, "title": headline or ""})
        published = (
            None if hours is None or b.facts.published_at is None else b.facts.published_at + 3600 * hours
        )
        facts_a = replace(b.facts, source=b.facts.source if own_desk else "another", published_at=published)
        label = "revision" if kind == "corrected" else "template"
        pair = {"a": article["uid"], "b": f"{article['uid']} {kind}", "label": label}
        yield pair, signals(compare(a.outline, b.outline, facts_a, b.facts))
        made += 1
        if made == MADE:
            return
