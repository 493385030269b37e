"""A wire desk's stream of articles, grown from seed texts: deterministic, streamed, in constant memory.

    python benchmarks/performance/corpus.py --count 10000 [--data FOLDER] > articles.ndjson

Seeds lend paragraphs as moulds: function words, marks, days and months stay, every other word is cast
anew from a vocabulary of 40,000 invented words with Zipf's frequencies, so that two fresh stories share
as little as two of a real wire. Of all articles 35 % are copies: reprints with their outlet's furniture,
cuts, edits, rewordings, updates. Some fresh stories share a paragraph of background with an older one,
or fill a daily form in anew: they must not be joined. The truth stands in the external ID, STORY.NUMBER.
"""

import argparse
import json
import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

NEWSDESK = Path(__file__).resolve().parents[1] / "quality" / "newsdesk" / "articles.jsonl"
COPIES = 0.35
BIG = 0.004
"""One fresh story in 250 is big and draws a third of the copies while it is young."""
BACKGROUND, FORM = 0.05, 0.03
WINDOW = 2_000
"""Stories that may still be copied: at 13,000 fresh ones a day, some four hours."""
FIRST = datetime(2026, 2, 2, 6, tzinfo=UTC)
A_DAY = 20_000
VOCABULARY = 40_000
WORDS = (120, 1_200)
_DATELINE = re.compile(r"^[A-Z][^-–—]{2,60}\([^)]{2,40}\) [-–—] ")
LEAST = 18
_PIECE = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
_ONSETS = "b br c ch d dr f fl g gr h j k l m n p pl pr qu r s sh st t th tr v w".split()  # noqa: SIM905
_VOWELS = "a e i o u ai ea ou ie".split()  # noqa: SIM905
_CODAS = "n r l s t m nd rk st ck ng".split()  # noqa: SIM905
_ENDINGS = ("", "", "", "ed", "ing", "s", "er", "ly")
KEPT = frozenset(
    """
    a about after again against all also an and any are as at be because been before being between both
    but by can could did do does during each even every for from had has have he her here him his how i
    if in into is it its last later less like made many may more most much must near new next no not now
    of off on once one only or other our out over own per percent said same say says she since so some
    still such than that the their them then there these they this those three through to told too two
    under until up was we were what when where which while who whose will with within without would year
    years you monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb reporters people first week day days
    hours million
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
SYNONYMS = {
    "said": "stated", "after": "following", "told": "informed", "near": "close to", "people": "persons",
    "about": "some", "percent": "per cent", "million": "mn", "because": "since", "also": "too",
    "more": "further", "many": "numerous", "still": "yet", "during": "in", "before": "ahead of",
}  # fmt: skip
FURNITURE = (
    "Sign up for our morning newsletter",
    "Follow us on social media",
    "Read more: Ten walks for a frosty morning",
    "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
    "MOST READ THIS WEEK",
    "All rights reserved. Reproduction without written permission is not allowed.",
    "Support local journalism for the price of a coffee a week. You can cancel at any time.",
)


@dataclass(frozen=True, slots=True)
class Grown:
    """One article of the stream and what it is."""

    article: dict[str, str]
    story: int
    how: str


@dataclass(frozen=True, slots=True)
class Story:
    """What may be copied."""

    number: int
    title: str
    place: str
    agency: str
    paragraphs: tuple[str, ...]
    at: datetime


Mould = list[str]


def read_seeds(folder: Path | None = None) -> list[str]:
    """English texts written for this project, or those of a folder of NDJSON with a ``text`` in each line."""
    files = sorted(folder.rglob("*.*json*")) if folder else [NEWSDESK]
    texts: list[str] = []
    for file in files:
        with file.open(encoding="utf-8") as lines:
            articles = (json.loads(line) for line in lines if line.strip())
            texts += [each["text"] for each in articles if each.get("text") and _is_english(each)]
    return texts


def _is_english(article: dict[str, object]) -> bool:
    return article.get("language", "en") == "en"


def grow(seeds: Sequence[str], *, seed: int = 1) -> Iterator[Grown]:
    """An endless stream, the same for the same seeds and seed."""
    desk = _Desk(seeds, Random(seed))
    while True:
        yield desk.next()


class _Desk:
    """What the stream remembers: recent stories, its clock, its outlets."""

    def __init__(self, seeds: Sequence[str], random: Random) -> None:
        self.random = random
        parts = dict.fromkeys(_DATELINE.sub("", part) for text in seeds for part in text.split("\n\n"))
        self.moulds = [mould for part in parts if (mould := _mould(part))]
        if not self.moulds:
            raise ValueError("no seed has a paragraph of prose")
        self.words = _vocabulary()
        self.weights = list(accumulate(1 / (rank + 20) for rank in range(len(self.words))))
        self.names = [word.capitalize() for word in random.sample(self.words, 6_000)]
        self.recent: deque[Story] = deque(maxlen=WINDOW)
        self.big: deque[Story] = deque(maxlen=12)
        self.forms = [self._paragraphs(180) for _ in range(40)]
        self.at = FIRST
        self.number = self.stories = 0

    def next(self) -> Grown:
        self._tick()
        self.number += 1
        if len(self.recent) > 20 and self.random.random() < COPIES:
            return self._copy(self._choose())
        return self._fresh()

    def _tick(self) -> None:
        # A desk is three times as busy by day as by night.
        busy = 1.5 if 6 <= self.at.hour < 20 else 0.5
        self.at += timedelta(seconds=self.random.expovariate(busy * A_DAY / 86_400))

    def _choose(self) -> Story:
        if self.big and self.random.random() < 1 / 3:
            return self.random.choice(self.big)
        return self.recent[-1 - int(len(self.recent) * self.random.random() ** 3)]

    # -------------------------------------------------------------------------------------------- fresh
    def _fresh(self) -> Grown:
        chance, how = self.random.random(), "fresh"
        length = min(WORDS[1], max(WORDS[0], int(self.random.lognormvariate(5.95, 0.5))))
        if chance < FORM:
            how, paragraphs = "form", self._refilled(self.random.choice(self.forms))
        else:
            paragraphs = self._paragraphs(length)
            if chance < FORM + BACKGROUND and self.recent:
                how = "background"
                paragraphs.insert(len(paragraphs) // 2, self.random.choice(self._choose().paragraphs))
        self.stories += 1
        title = self._title(paragraphs)
        agency, place = f"Agency {self.random.randrange(8)}", self.random.choice(self.names)
        story = Story(self.stories, title, place, agency, tuple(paragraphs), self.at)
        self.recent.append(story)
        if self.random.random() < BIG:
            self.big.append(story)
        wire = self.random.random() < 0.4
        source = agency.lower().replace(" ", "-") if wire else self._outlet()
        text = "\n\n".join(paragraphs)
        return self._article(story, how, title, self._dateline(story) + text if wire else text, source)

    def _paragraphs(self, words: int) -> list[str]:
        cast = self.random.sample(self.names, 12)
        told: list[str] = []
        while words > 0:
            mould = self.random.choice(self.moulds)
            told.append(self._fill(mould, cast))
            words -= len(mould) // 2
        return told

    def _fill(self, mould: Mould, cast: Sequence[str]) -> str:
        """The mould's slots filled: \\0 a word, \\1 a name, \\2 and digits a number."""
        words = iter(self.random.choices(self.words, cum_weights=self.weights, k=len(mould)))
        told = []
        for piece in mould:
            kind = piece[0]
            if kind == "\0":
                told.append(next(words))
            elif kind == "\1":
                named = self.random.random() < 0.7
                told.append(cast[int(12 * self.random.random())] if named else next(words).capitalize())
            elif kind == "\2":
                told.append(str(self.random.randrange(10 ** min(6, len(piece) - 1))))
            else:
                told.append(piece)
        return "".join(told)

    def _refilled(self, form: Sequence[str]) -> list[str]:
        return [re.sub(r"\d+", lambda _: str(self.random.randrange(1_000)), part) for part in form]

    def _title(self, paragraphs: Sequence[str]) -> str:
        longest = re.findall(r"\w+", paragraphs[0])[:40]
        wanted = [word for word in longest if len(word) > 4] or longest
        return " ".join(wanted[: self.random.randrange(6, 11)]).capitalize()

    # -------------------------------------------------------------------------------------------- copies
    def _copy(self, story: Story) -> Grown:
        how = self.random.choices(("reprint", "cut", "edit", "reword", "update"), (45, 20, 18, 12, 5))[0]
        paragraphs = list(story.paragraphs)
        title = story.title if self.random.random() < 0.5 else self._title(paragraphs)
        source = self._outlet()
        if how == "cut" and len(paragraphs) > 2:
            paragraphs = paragraphs[: max(2, int(len(paragraphs) * self.random.uniform(0.35, 0.8)))]
        elif how == "edit":
            paragraphs = [self._worded(part, share=0.3, changed=0.02) for part in paragraphs]
        elif how == "reword":
            paragraphs = [self._worded(part, share=0.9, changed=0.1) for part in paragraphs]
        elif how == "update":
            source, title = story.agency.lower().replace(" ", "-"), f"UPDATE 1-{story.title}"
            paragraphs.insert(1, self._fill(self.random.choice(self.moulds), self.names[:12]))
        text = "\n\n".join(paragraphs)
        if how == "update" or self.random.random() < 0.6:
            text = self._dateline(story) + text
        if how != "update" and self.random.random() < 0.7:
            # An outlet prints the same under all it has.
            of = Random(source)
            text = "\n\n".join((f"By {story.agency}", text, *of.sample(FURNITURE, of.randrange(1, 4))))
        return self._article(story, how, title, text, source)

    def _worded(self, text: str, *, share: float, changed: float) -> str:
        told = []
        for piece in _PIECE.findall(text):
            roll = self.random.random()
            if piece in SYNONYMS and roll < share:
                told.append(SYNONYMS[piece])
            elif piece.islower() and piece not in KEPT and roll < changed:
                told.append(self.random.choice(self.words))
            else:
                told.append(piece)
        return "".join(told)

    def _outlet(self) -> str:
        return f"outlet-{int(400 * self.random.random() ** 2)}.example"

    def _dateline(self, story: Story) -> str:
        return f"{story.place.upper()}, {story.at:%b} {story.at.day} ({story.agency}) - "

    def _article(self, story: Story, how: str, title: str, text: str, source: str) -> Grown:
        published = self.at - timedelta(seconds=self.random.expovariate(1 / 240))
        article = {
            "source": source,
            "external_id": f"{story.number}.{self.number}",
            "url": f"https://{source.removesuffix('.example')}.example/news/{self.number}",
            "title": title,
            "text": text,
            "published_at": f"{published:%Y-%m-%dT%H:%M:%SZ}",
        }
        return Grown(article, story.number, how)


def copies(seeds: Sequence[str], count: int, *, seed: int = 1) -> list[dict[str, str]]:
    """One story, and ``count`` copies of it by as many outlets."""
    desk = _Desk(seeds, Random(seed))
    told = [desk._fresh()]  # noqa: SLF001 - the desk is this module's
    story = desk.recent[-1]
    for _ in range(count):
        desk._tick()  # noqa: SLF001
        desk.number += 1
        told.append(desk._copy(story))  # noqa: SLF001
    return [each.article for each in told]


def fresh(seeds: Sequence[str], words: int, *, seed: int = 1) -> str:
    """The text of one story of about so many words."""
    desk = _Desk(seeds, Random(seed))
    text = "\n\n".join(desk._paragraphs(2 * words))  # noqa: SLF001
    ends = [match.end() for match in re.finditer(r"\w+", text)]
    return text[: ends[words - 1]] + "."


def _mould(paragraph: str) -> Mould | None:
    pieces = _PIECE.findall(" ".join(paragraph.split()))
    # A paragraph of prose; the outlets' furniture comes later.
    if sum(piece.isalpha() for piece in pieces) < LEAST or paragraph.startswith("("):
        return None
    return [*(_slot(piece, first=at == 0) for at, piece in enumerate(pieces))]


def _slot(piece: str, *, first: bool) -> str:
    if piece.isdigit():
        return "\2" + piece
    if not piece.isalpha() or piece.lower() in KEPT or len(piece) == 1:
        return piece
    return "\1" if piece[0].isupper() or first else "\0"


@cache
def _vocabulary() -> list[str]:
    # A generator of its own: the words are the same for every seed.
    random = Random(0)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = random.choice((1, 1, 2, 2, 2, 2, 2, 3, 3))
        parts = [random.choice(_ONSETS) + random.choice(_VOWELS) for _ in range(syllables)]
        word = "".join(parts) + random.choice(_CODAS) + random.choice(_ENDINGS)
        if word not in KEPT:
            words[word] = None
    return list(words)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    stream = grow(read_seeds(options.data), seed=options.seed)
    for _ in range(options.count):
        sys.stdout.write(json.dumps(next(stream).article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
