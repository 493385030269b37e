"""Make the set: base texts written by hand become printings, revisions and pages, with their labels.

    python benchmarks/quality/newsdesk/make_set.py

Writes articles.jsonl, pairs.jsonl and runs.jsonl beside this file, the same bytes every time.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from filled import FORMS

HERE = OUT = Path(__file__).resolve().parent
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "ru", "ar", "zh", "ja")
OUTLETS: dict[str, list[dict[str, Any]]] = json.loads((HERE / "texts/outlets.json").read_text("utf-8"))
ECHO = "Port Elsa Echo"
DATELINE = {
    "en": "{PLACE}, {Mon} {d} ({agency}) - ",
    "es": "{Place}, {d} feb ({agency}) - ",
    "fr": "{Place}, {d} fév ({agency}) - ",
    "de": "{Place} ({agency}) - ",
    "pt": "{Place}, {d} fev ({agency}) - ",
    "it": "{PLACE}, {d} FEB ({agency}) - ",
    "ru": "{PLACE}, {d} фев ({agency}) - ",
    "ar": "{PLACE} ({agency}) - ",
    "zh": "{agency}{PLACE}{m}月{d}日电 ",
    "ja": "【{PLACE}＝{agency}】",
}
SIGN_OFF = {"en": "(Reporting by {agency} staff in {Place}; Editing by the night desk)", "de": "{code}"}
MONTHS = ("Jan", "Feb", "March")
ROUNDUPS = {
    "morning": ("en", "Monday's papers: what you need to know", ("rail-strike", "school-meals", "museum-theft")),
    "live": ("en", "Live: fire, count and trains - all news as it happens",
             ("harbour-fire", "election-count", "rail-strike/update")),
    "week": ("en", "The week in six minutes", ("mine-rescue", "rate-decision", "water-price")),
    "resumen": ("es", "Las noticias del día", ("puente", "aceite", "final-coro")),
    "ticker": ("de", "Newsticker: Alles Wichtige vom Tag", ("seilbahn", "bibliothek", "stahlwerk")),
}  # fmt: skip
STRANGERS = (
    ("harbour-fire", "warehouse-fire-inland"),
    ("rate-decision", "rate-other"),
    ("rail-strike", "sciopero-bus"),
    ("painkiller-recall", "grippe"),
    ("mine-rescue", "seilbahn"),
    ("museum-theft", "bibliothek"),
    ("comet", "water-price"),
    ("gaosu-guidao", "lao-shudian"),
    ("todai-saien", "yuki-matsuri"),
    ("mahattat-tahliya", "maarad-kutub"),
    ("ledokol", "metro-vystavka"),
    ("elevador", "incendio-mata"),
)
BACKGROUND = ("mine-rescue", "mine-inquiry", "mine-wages")


@dataclass(frozen=True)
class Base:
    """One hand-written text: a story, or a later take of it."""

    key: str
    language: str
    place: str
    at: datetime
    agency: str
    titles: tuple[str, ...]
    note: str
    paragraphs: tuple[str, ...]

    @property
    def story(self) -> str:
        return self.key.partition("/")[0]

    @property
    def take(self) -> str:
        return self.key.partition("/")[2]


@dataclass(frozen=True)
class Printing:
    """One article of the set."""

    uid: str
    story: str
    take: str
    form: str
    """wire, reprint, cut, page, roundup or form."""
    language: str
    source: str
    title: str
    text: str
    at: datetime

    def record(self) -> dict[str, str]:
        slug = self.uid.replace("/", "-")
        host = re.sub(r"[^a-z]+", "-", self.source.lower()).strip("-") or f"desk-{self.language}"
        return {
            "uid": f"newsdesk/{self.uid}",
            "source": self.source,
            "url": f"https://{host}.example/{slug}",
            "published_at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "title": self.title,
            "text": self.text,
            "language": self.language,
            "story": self.story if self.form != "roundup" else self.uid,
        }


def read(language: str) -> Iterator[Base]:
    """The base texts of one language; ``{2-4}`` stands for paragraphs of the story's first take."""
    first: dict[str, Base] = {}
    for block in (HERE / "texts" / f"{language}.txt").read_text("utf-8").split("== ")[1:]:
        key, *rest = block.strip().splitlines()
        heads = [line for line in rest if line[:2] in {"@ ", "# ", "! "}]
        place, at, agency = re.match(
            r"@ (.+) (\d{4}-\S+) (.+)", next(h for h in heads if h[0] == "@")
        ).groups()
        body = "\n".join(line for line in rest if line not in heads).strip().split("\n\n")
        paragraphs: list[str] = []
        for paragraph in body:
            span = re.fullmatch(r"\{(\d+)(?:-(\d+))?\}", paragraph)
            own = first[key.partition("/")[0]].paragraphs if span else ()
            paragraphs += own[int(span[1]) - 1 : int(span[2] or span[1])] if span else [paragraph]
        base = Base(
            key, language, place, datetime.fromisoformat(at), agency,
            tuple(h[2:] for h in heads if h[0] == "#"),
            next((h[2:] for h in heads if h[0] == "!"), ""),
            tuple(paragraphs),
        )  # fmt: skip
        first.setdefault(key, base)
        yield base


def filed(base: Base) -> str:
    """The dateline."""
    at = base.at
    return DATELINE[base.language].format(
        PLACE=base.place,
        Place=base.place.title(),
        agency=base.agency,
        d=at.day,
        m=at.month,
        Mon=MONTHS[at.month - 1],
    )


def wire(base: Base) -> Printing:
    """As the agency sent it."""
    sign_off = SIGN_OFF.get(base.language, "").format(
        agency=base.agency, Place=base.place.title(), code="nwa/xx/yy"
    )
    parts = [base.note, filed(base) + base.paragraphs[0], *base.paragraphs[1:], sign_off]
    return printing(base, "wire", base.agency, base.titles[0], parts, 0)


def printing(base: Base, form: str, source: str, title: str, parts: Sequence[str], minutes: int) -> Printing:
    text = "\n\n".join(part for part in parts if part)
    where = "wire" if form == "wire" else f"{form}-{source.replace(' ', '').lower()}"
    uid = f"{base.key.replace('/', '.')}/{where}"
    at = base.at + timedelta(minutes=minutes)
    return Printing(uid, base.story, base.take, form, base.language, source, title, text, at)


def reprint(base: Base, outlet: dict[str, Any], title: str, *, cut: bool) -> Printing:
    """Under the outlet's own headline, credit, edits and furniture; whole or cut from the end."""
    body = base.paragraphs[: -(-len(base.paragraphs) // 2)] if cut else base.paragraphs
    for old, new in outlet["edits"]:
        body = tuple(paragraph.replace(old, new) for paragraph in body)
    minutes = 95 if cut else 40
    parts = [credit(base, outlet, minutes), *body, *outlet["end"]]
    return printing(base, "cut" if cut else "reprint", outlet["name"], title, parts, minutes)


def credit(base: Base, outlet: dict[str, Any], minutes: int) -> str:
    stamp = base.at + timedelta(minutes=minutes)
    return outlet["by"].format(agency=base.agency, place=base.place.title(), stamp=f"{stamp:%d-%m-%Y %H:%M}")


def page(base: Base, outlet: dict[str, Any]) -> Printing:
    """An aggregator's page: headline twice, the opening as a standfirst, then all of it again."""
    title, opening = base.titles[0], base.paragraphs[0]
    parts = [
        title, title, opening, "Representative image", credit(base, outlet, 25),
        filed(base) + opening, *base.paragraphs[1:], *outlet["end"],
    ]  # fmt: skip
    return printing(base, "page", outlet["name"], title, parts, 25)


def printings(bases: Sequence[Base]) -> Iterator[Printing]:
    """Every article of the hand-written stories."""
    for base in bases:
        outlets = OUTLETS[base.language]
        yield wire(base)
        if base.take in {"withdrawal", "end"}:
            continue
        if base.key == "rate-decision":
            yield lost_not(base)
        if base.take:
            title = re.sub(r"^[A-ZÓÑ0-9. -]+ ?\d?(?: -|-|:) ?|^\d\. Lead: ", "", base.titles[0])
            yield reprint(base, outlets[0], title, cut=False)
            continue
        title, short = (*base.titles[1:], base.titles[0], base.titles[0])[:2]
        yield reprint(base, outlets[len(base.key) % min(3, len(outlets))], title, cut=False)
        yield reprint(base, outlets[(len(base.key) + 1) % min(3, len(outlets))], short, cut=True)
        if base.language == "en" and len(base.titles) > 1:
            yield page(base, outlets[3])


def lost_not(base: Base) -> Printing:
    """The take that the refile mends."""
    wrong = wire(base)
    text = wrong.text.replace("it would not cut before", "it would cut before")
    return Printing(
        "rate-decision.flawed/wire-two", base.story, "flawed", "wire", "en", "Meridian Press Two", wrong.title, text,
        base.at + timedelta(minutes=2),
    )  # fmt: skip


def roundups(by_key: dict[str, Base]) -> Iterator[Printing]:
    """Pages that open three stories each."""
    for name, (language, title, keys) in ROUNDUPS.items():
        outlet = OUTLETS[language][0]
        parts = []
        for key in keys:
            base = by_key[key]
            parts += [f"{base.at:%H:%M} {base.titles[-1]}", *base.paragraphs[:2]]
        at = max(by_key[key].at for key in keys) + timedelta(hours=3)
        yield Printing(
            f"roundup-{name}/{language}", name, "", "roundup", language, outlet["name"], title,
            "\n\n".join([*parts, *outlet["end"]]), at,
        )  # fmt: skip


def forms() -> Iterator[Printing]:
    """The daily templates, filled in by hand-made tables; some are printed by a second outlet too."""
    texts = {}
    for block in (HERE / "texts/forms.txt").read_text("utf-8").split("== ")[1:]:
        name, title, *body = block.strip().splitlines()
        texts[name] = title, "\n".join(body)
    for name, fillings in FORMS.items():
        title, body = texts[name]
        for number, filling in enumerate(fillings):
            source, at, copied = (
                filling["source"],
                datetime.fromisoformat(filling["at"]),
                filling.get("copied"),
            )
            head, text = title.format(**filling), body.format(**filling)
            story = f"{name}-{number}"
            yield Printing(f"{story}/wire", story, "", "form", "en", source, head, text, at)
            if copied:
                outlet = next(each for each in OUTLETS["en"] if each["name"] == copied)
                parts = [
                    outlet["by"].format(agency=source, place="Arvenne", stamp="today"),
                    text,
                    *outlet["end"],
                ]
                yield Printing(
                    f"{story}/copy", story, "", "form", "en", copied, filling["other_title"], "\n\n".join(parts),
                    at + timedelta(minutes=50),
                )  # fmt: skip


def pairs(of: Sequence[Printing]) -> Iterator[dict[str, Any]]:
    """Every pair of one story, and those of two that are easily taken for one."""
    stories: dict[str, list[Printing]] = defaultdict(list)
    sources: dict[str, list[Printing]] = defaultdict(list)
    for each in of:
        stories[each.story].append(each)
        sources[each.source].append(each)
    for printed in stories.values():
        for a, b in combinations(printed, 2):
            yield pair(a, b, relation(a, b), 2 if "end" in {a.take, b.take} else 1)
    for a, b in combinations((each for each in of if each.form == "form"), 2):
        if a.story != b.story and a.uid.split("-")[0] == b.uid.split("-")[0]:
            yield pair(a, b, "template")
    for each in (each for each in of if each.form == "roundup"):
        for key in ROUNDUPS[each.story][2]:
            yield from (pair(each, other, "passages") for other in stories[key.partition("/")[0]])
    for a, b in combinations(BACKGROUND, 2):
        yield from (pair(x, y, "passages") for x in stories[a] for y in stories[b])
    for a, b in STRANGERS:
        yield from (pair(x, y, "neg") for x in stories[a][:2] for y in stories[b][:2])
    for source, printed in sources.items():
        if any(source == outlet["name"] for outlets in OUTLETS.values() for outlet in outlets):
            told = [each for each in printed if each.form in {"reprint", "cut", "page"}]
            apart = [(a, b) for a, b in pairwise(told) if a.story != b.story]
            yield from (
                pair(a, b, "furniture") for a, b in apart if not {a.story, b.story} <= set(BACKGROUND)
            )


def relation(a: Printing, b: Printing) -> str:
    if a.take != b.take:
        return "revision"
    return "excerpt" if (a.form == "cut") != (b.form == "cut") else "copy"


def pair(a: Printing, b: Printing, label: str, conf: int = 1) -> dict[str, Any]:
    return {"a": f"newsdesk/{a.uid}", "b": f"newsdesk/{b.uid}", "label": label, "alt": None, "conf": conf,
            "lang": a.language}  # fmt: skip


def runs(bases: Sequence[Base]) -> Iterator[dict[str, Any]]:
    """Pages with text printed twice: by the page, by the writer, or not at all."""
    for base in bases:
        if base.take or len(base.paragraphs) < 4:
            continue
        outlet = OUTLETS[base.language][0]
        opening, quote = base.paragraphs[0], base.paragraphs[2]
        body = [filed(base) + opening, *base.paragraphs[1:]]
        yield run(base, "standfirst", [base.titles[0], opening, credit(base, outlet, 9), *body], opening)
        yield run(base, "pullquote", [*body[:4], quote, *body[4:], *outlet["end"]], quote)
        block = base.paragraphs[:2]
        yield run(base, "block", [*block, *block, *base.paragraphs[2:], *outlet["end"]], block[1])
        clean = [credit(base, outlet, 9), *base.paragraphs, *outlet["end"]]
        text = "\n\n".join(clean)
        yield record(base, "none", text, artefact=False, scope=[0, len(text)])
    for base in read("own"):
        marked = "\n\n".join(base.paragraphs)
        spans, text = [], ""
        for at, part in enumerate(re.split(r"\[\[|\]\]", marked)):
            if at % 2:
                spans.append([len(text), len(text) + len(part)])
            text += part
        yield record(base, "content", text, artefact=False, run={"first": spans[0], "again": spans[1]})


def run(base: Base, label: str, parts: Sequence[str], twice: str) -> dict[str, Any]:
    text = "\n\n".join(parts)
    first = text.index(twice)
    again = text.index(twice, first + 1)
    spans = {"first": [first, first + len(twice)], "again": [again, again + len(twice)]}
    return record(base, label, text, artefact=True, run=spans)


def record(base: Base, label: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    source = OUTLETS[base.language][0]["name"] if base.language in OUTLETS else base.agency
    return {"uid": f"newsdesk/runs/{base.key}/{label}", "source": source, "title": base.titles[0], "text": text,
            "label": label, "conf": 1, "run": None, "scope": None, **more}  # fmt: skip


def main() -> None:
    bases = [base for language in LANGUAGES for base in read(language)]
    printed = [*printings(bases), *roundups({base.key: base for base in bases}), *forms()]
    write("articles", [each.record() for each in printed])
    write(
        "pairs",
        list({(each["a"], each["b"]): each for each in reversed(list(pairs(printed)))}.values())[::-1],
    )
    write("runs", list(runs(bases)))


def write(name: str, records: Sequence[dict[str, Any]]) -> None:
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in records]
    (OUT / f"{name}.jsonl").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
