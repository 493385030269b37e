"""Writes the tables of docs/scaling.md from measured constants, and simulates what was not measured.

    python benchmarks/scaling/report.py

Reads constants.json (measuring.py) and imports.json (importing.py) beside it; measures nothing itself. A
table stands in the page between ``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.scaling.segments import blocks_asked, grow  # noqa: E402

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "scaling.md"
SIZES = (10**6, 10**7, 10**8, 10**9, 10**10)
ARRIVING = (20_000, 200_000, 2_000_000, 20_000_000)
"""Articles a day: a busy wire desk, a country's press, a large aggregator, more than there is."""
KEPT_DAYS = 30
RATE = 100
"""Articles a second at which reads are counted."""
LABELS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def main() -> None:
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")


def written(page: str) -> str:
    """The page with its tables made anew."""
    for name, text in tables().items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        page, count = marks.subn(rf"\g<1>{text}\g<2>", page)
        if count != 1:
            raise ValueError(f"docs/scaling.md has {count} places for the table {name}")
    return page


def tables() -> dict[str, str]:
    """Every table of the page, by name."""
    constants = json.loads((HERE / "constants.json").read_text("utf-8"))
    imports = json.loads((HERE / "imports.json").read_text("utf-8"))
    return {
        "run": _run(constants),
        "measured": _measured(constants),
        "index": _index(constants),
        "lock": _lock(constants),
        "retention": _retention(constants),
        "imports": _imports(imports),
    }


def _run(constants: dict[str, Any]) -> str:
    run = constants["run"]
    return (
        f"`{run['command']}` on {run['date']} at {run['commit']}, {run['machine']}. An article posts"
        f" {_entries(constants):.1f} entries; of the keys that a block does not hold, its filter lets"
        f" {constants['false_positives']:.2%} pass.\n"
    )


def _measured(constants: dict[str, Any]) -> str:
    rows = [
        (
            LABELS[name], f"{row['articles']:,}", row["keys"], row["keys_present"], row["entries_found"],
            row["candidates"], f"{row['taking_us']:,}", f"{row['lock_us']:,}", row["tending_us"],
        )
        for name in LABELS
        for row in constants[name]["growth"]
    ]  # fmt: skip
    head = (
        "database", "articles", "keys looked up", "of them present", "entries met", "versions compared",
        "µs to take in", "µs under the lock", "µs to seal and merge",
    )  # fmt: skip
    return _table(head, rows)


def _index(constants: dict[str, Any]) -> str:
    last = constants["sqlite"]["growth"][-1]
    rows = []
    for articles in SIZES:
        index = grow(articles, _entries(constants))
        asked = blocks_asked(
            last["keys"],
            index.segments,
            present=last["keys_present"] / last["keys"],
            false_positives=constants["false_positives"],
        )
        rows.append(
            (
                _count(articles), _count(index.entries), f"{index.segments:,} ({index.live[-1]:,})",
                f"{index.amplification:.1f}", _bytes(index.disk), _bytes(index.memory), f"{asked:,.0f}",
                f"{RATE * asked:,.0f}",
                *(_bytes(articles * _article_bytes(constants, name)) for name in LABELS),
            )
        )  # fmt: skip
    head = (
        "articles", "entries", "live segments (largest)", "times written", "index on disk",
        "filters in each process", "blocks read an article", f"a second, at {RATE} articles",
        *(f"{label} in all" for label in LABELS.values()),
    )  # fmt: skip
    return _table(head, rows)


def _lock(constants: dict[str, Any]) -> str:
    rows = []
    for name, label in LABELS.items():
        last = constants[name]["growth"][-1]
        held = last["lock_us"] + last["tending_us"]
        days = [f"{count * held / 1e6 / 86_400:,.1f}" for count in (10**6, 10**8, 10**10)]
        rows.append((label, f"{held:,}", f"{1e6 / held:,.0f}", *days))
    head = (
        "database",
        "µs under the lock",
        "articles a second at most",
        "days for 1 M",
        "for 100 M",
        "for 10 B",
    )
    return _table(head, rows)


def _retention(constants: dict[str, Any]) -> str:
    last = constants["sqlite"]["growth"][-1]
    rows = []
    for daily in ARRIVING:
        # Up to a quarter more is kept: segments go whole.
        index = grow(daily * KEPT_DAYS * 5 // 4, _entries(constants))
        asked = blocks_asked(
            last["keys"],
            index.segments,
            present=last["keys_present"] / last["keys"],
            false_positives=constants["false_positives"],
        )
        rows.append(
            (
                _count(daily), f"{daily / 86_400:,.1f}", _count(index.entries), f"{index.segments:,}",
                _bytes(index.disk), _bytes(index.memory), f"{asked:,.0f}",
            )
        )  # fmt: skip
    head = (
        "articles a day", "a second", "entries", "live segments", "index on disk", "filters in each process",
        "blocks read an article",
    )  # fmt: skip
    return _table(head, rows)


def _imports(imports: Sequence[dict[str, Any]]) -> str:
    rows = [
        (
            f"{run[name]['articles']:,}", LABELS[name], f"{run[name]['articles_a_second']:,}",
            f"{run[name]['processor_ms_an_article']:.1f}", f"{run[name]['bytes_an_article']:,}",
            f"{run[name]['megabytes_of_memory']:,}", run["date"], run["commit"],
        )
        for run in imports
        for name in LABELS
        if name in run
    ]  # fmt: skip
    head = (
        "articles", "database", "articles a second", "ms of processor an article", "bytes on disk an article",
        "MB of all processes", "date", "commit",
    )  # fmt: skip
    return _table(head, rows)


def _entries(constants: dict[str, Any]) -> float:
    return float(constants["sqlite"]["entries"] / constants["sqlite"]["articles"])


def _article_bytes(constants: dict[str, Any], name: str) -> int:
    return int(constants[name]["bytes"] // constants[name]["articles"])


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def _count(number: float) -> str:
    return _scaled(number, ((10**9, " B"), (10**6, " M"), (10**3, ",000")))


def _bytes(number: float) -> str:
    return _scaled(number, ((10**15, " PB"), (10**12, " TB"), (10**9, " GB"), (10**6, " MB")))


def _scaled(number: float, units: Sequence[tuple[int, str]]) -> str:
    size, unit = next((each for each in units if number >= each[0]), (1, ""))
    return (
        f"{number / size:,.1f}".removesuffix(".0") + unit
        if number < 10 * size
        else f"{number / size:,.0f}{unit}"
    )


if __name__ == "__main__":
    main()
