"""Reads the published test suites and the agencies' files of a data folder, and counts what becomes of them.

    python benchmarks/formats/suites.py DATA [--expect FILE] [--show]

DATA is a folder with `feeds/` in it (iptc_ninjs, newsml_g2, superdesk_io). A file of a should-pass suite
must be accepted: it becomes an article, or is skipped because it holds none. A file of a should-fail suite
must be refused; those that are accepted on purpose stand in docs/formats.md, by name.
`--expect` compares the agencies' files with expectations (benchmarks/formats/expected.json: path, format,
and per article what it must say; texts by length and digest). `--show` prints each outcome.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.dedup.clean import clean  # noqa: E402
from app.dedup.model import Page  # noqa: E402
from app.errors import NoArticle, WirefoldError  # noqa: E402
from app.model import Submission  # noqa: E402
from app.parsing.document import parse  # noqa: E402
from app.parsing.formats import FORMATS  # noqa: E402
from app.parsing.reader import Defaults, Parsed  # noqa: E402

SUITES = (
    ("ninjs", "ninjs", "iptc_ninjs/validation/test_suite", "*.json"),
    ("NewsML-G2", "newsml-g2", "newsml_g2/tests/unit_test_files", "*.xml"),
)


def outcomes(name: str, data: bytes, source: str) -> list[Parsed]:
    """What becomes of a file. The suites name no source; a sender would, in the query."""
    try:
        read = FORMATS[name].read(data, Defaults(name, fields={"source": source} if source else {}))
        found = read if isinstance(read, list) else [read]
        for each in found:
            if isinstance(each, Submission):
                parse(each)
    except WirefoldError as error:
        return [error]
    return found


def verdict(found: list[Parsed]) -> str:
    if any(isinstance(each, Submission) for each in found):
        return "article"
    return "skipped" if all(isinstance(each, NoArticle) for each in found) else "refused"


def reason(found: list[Parsed]) -> str:
    return "; ".join(f"{e.code}: {e.detail}" for e in found if isinstance(e, WirefoldError))


def run_suites(feeds: Path, *, show: bool) -> None:
    deliberate = (ROOT / "docs" / "formats.md").read_text("utf-8")
    for title, name, folder, pattern in SUITES:
        for kind in ("should_pass", "should_fail"):
            files = sorted((feeds / folder).glob(f"*/{kind}/{pattern}"))
            counts: Counter[str] = Counter()
            deviations = []
            for path in files:
                found = outcomes(name, path.read_bytes(), "suite.example")
                told = verdict(found)
                label = f"{path.parts[-3]}/{path.name}"
                counts[told] += 1
                if (kind == "should_pass" and told == "refused") or (
                    kind == "should_fail" and told != "refused"
                ):
                    on_purpose = f"`{label}`" in deliberate
                    counts["deviating on purpose" if on_purpose else "DEVIATING"] += 1
                    deviations.append(
                        f"    {'on purpose' if on_purpose else 'DEVIATES '} {label} {reason(found)}"
                    )
                elif show:
                    deviations.append(f"    {told:10} {label} {reason(found)}")
            told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
            print(f"{title} {kind}: {len(files)} files: {told}")
            print(*deviations, sep="\n", end="\n" if deviations else "")


def facts(each: Submission) -> dict[str, object]:
    """What is expected of an article: short fields as they are, texts by length and digest."""
    document = parse(each)
    cleaned = clean(
        Page(
            text=document.text,
            title=document.title,
            byline=each.byline,
            agency=each.agency,
            ed_note=each.ed_note,
            published_at=each.published_at.timestamp() if each.published_at else None,
        )
    )
    dateline = cleaned.dateline
    return {
        "headline": digest(document.title),
        "text": [len(document.text), digest(document.text)],
        "dateline": [dateline.place, dateline.date] if dateline else None,
        "agency": cleaned.agency,
        "source": each.source,
        "external_id": each.external_id,
        "version": each.version,
        "status": each.status.value,
        "embargoed_until": each.embargoed_until.isoformat() if each.embargoed_until else None,
        "published_at": each.published_at.isoformat() if each.published_at else None,
        "updated_at": each.updated_at.isoformat() if each.updated_at else None,
        "signals": list(each.signals),
        "slug": each.slug,
        "language": document.language,
    }


def passed_over(error: WirefoldError) -> dict[str, object]:
    return {"skipped" if isinstance(error, NoArticle) else "refused": error.code}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def differences(expected: dict[str, Any], found: dict[str, object]) -> Iterator[str]:
    for name, value in expected.items():
        if name not in {"missed", *expected.get("missed", ())} and found.get(name) != value:
            yield f"{name} is {found.get(name)!r}, expected {value!r}"


def run_expectations(feeds: Path, expectations: Path) -> None:
    expected = json.loads(expectations.read_text("utf-8"))
    counts: Counter[str] = Counter()
    for path, entry in sorted(expected.items()):
        found = outcomes(entry["format"], (feeds / path).read_bytes(), entry.get("query_source", ""))
        told = [facts(each) if isinstance(each, Submission) else passed_over(each) for each in found]
        wrong = (
            []
            if len(told) == len(entry["articles"])
            else [f"{len(told)} outcomes, {len(entry['articles'])} expected"]
        )
        for number, (want, have) in enumerate(zip(entry["articles"], told, strict=False), start=1):
            wrong += [f"item {number}: {each}" for each in differences(want, have)]
        counts["as expected" if not wrong else "WRONG"] += 1
        counts["articles"] += sum("headline" in each for each in told)
        for want in entry["articles"]:
            for name, why in want.get("missed", {}).items():
                counts["facts missed"] += 1
                print(f"    missed    {path}: {name} ({why})")
        if wrong:
            print(f"    {path}", *wrong, sep="\n        ")
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    print(f"agency files: {len(expected)}: {told}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--expect", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    feeds = options.data / "feeds"
    run_suites(feeds, show=options.show)
    if options.expect:
        run_expectations(feeds, options.expect)


if __name__ == "__main__":
    main()
