"""The report as Markdown: what was reached and what not, and every table that it follows from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from figures import Figures

Row = Sequence[object]
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
MB, KB = 1e6, 1e3


def write(figures: Figures, *, full: bool) -> str:
    """The whole page, as far as it is measured."""
    known = figures.all()
    parts = [
        (
            "# Performance\n\nHow fast Wirefold decides, and what it costs as the archive grows, beside what others use."
            " Written by `make bench` and `make bench-full` (benchmarks/performance); do not edit."
            " The figures are also in [performance.json](performance.json)."
        ),
        _machine(figures, full=full),
        "## Reached, and not\n\n" + _table(("reach", "target", "measured", ""), _reaches(known)),
    ]
    if stages := known.get("stages"):
        parts += _stages(stages)
    if marks := {name: _marks(known, name) for name in DATABASES if _marks(known, name)}:
        parts.append(_service(marks, known))
    if compared := known.get("compared"):
        parts.append(_compared(compared))
    if known.get("profile"):
        parts.append(_profile(known["profile"]))
    parts.append(TRIED)
    return "\n\n".join(parts) + "\n"


def _machine(figures: Figures, *, full: bool) -> str:
    machines = figures.machines()
    if not machines:
        return ""
    last = machines[-1]
    commits = " ".join(dict.fromkeys(each["commit"] for each in machines))
    dates = sorted(each["date"] for each in machines)
    return (
        f"{last['processor']}, {last['cores']} cores, {last['memory_gb']} GB, {last['system']}; Python"
        f" {last['python']}, NumPy {last['numpy']}, datasketch {last['datasketch']}. Commit {commits}."
        f" From {dates[0]} to {dates[-1]}, by `make {'bench-full' if full else 'bench'}`. The load generator and the"
        " database run on the same cores."
    )


# ---------------------------------------------------------------------------------------------- reaches
def _reaches(known: Mapping[str, Any]) -> Iterator[Row]:
    if stages := known.get("stages"):
        yield from _core_reaches(stages)
    for name, called in DATABASES.items():
        marks = _marks(known, name)
        if marks:
            yield from service_reaches(called, marks)
    if copies := known.get("copies"):
        early, late = copies["early_cpu_ms"], copies["late_cpu_ms"]
        yield _reach(
            "the last copy of one story, against the early ones",
            "no more", f"{late:.1f} ms CPU against {early:.1f}", late <= 1.1 * early, late / early, REASONS["copies"],
        )  # fmt: skip


def _core_reaches(stages: Mapping[str, Any]) -> Iterator[Row]:
    us = {each["what"]: each["us"] for each in (*stages["stages"], *stages["signatures"])}
    core, batch = us["core"], us["datasketch, update_batch"]
    yield _reach(
        "core (clean, repeats, fingerprint) against datasketch's `update_batch`",
        "< 1", f"{core / batch:.2f}", core < batch, core / batch, REASONS["core"],
    )  # fmt: skip
    faster = us["datasketch, update"] / us["Wirefold, signature"]
    yield _reach(
        "signature against datasketch's `update`", "≥ 8× faster", f"{faster:.0f}×", faster >= 8, 8 / faster
    )
    yield _reach("signature equal to datasketch's, value for value", "yes", "yes", stages["equal"], 1)
    compare = us["compare, a candidate"]
    yield _reach(
        "comparing one candidate",
        "≤ 25 µs",
        f"{compare:.0f} µs",
        compare <= 25,
        compare / 25,
        REASONS["compare"],
    )
    for each in stages["linear"]:
        yield _reach(
            f"nothing quadratic: {each['what']}", "≤ 3× linear", f"{each['ratio']:.2f}×", each["ratio"] <= 3,
            each["ratio"] / 3,
        )  # fmt: skip


def service_reaches(called: str, marks: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """A row a reach of the service on one database."""
    first, last = marks[0], marks[-1]
    at = f"{called}, {last['stored']:,} stored: "
    batch, single = last["batch_per_second"], last["single"]["per_second"]
    cpu = last["batch_cpu_ms"]
    rate = f"An article takes {cpu:.1f} ms of CPU: a core does {1e3 / cpu:.0f}/s at best. See the profile."
    yield _reach(at + "batch", "≥ 2,000/s", f"{batch:.0f}/s", batch >= 2_000, 2_000 / batch, rate)
    yield _reach(
        at + "single, 32 clients",
        "≥ 1,000/s",
        f"{single:.0f}/s",
        single >= 1_000,
        1_000 / single,
        rate,
    )
    p99 = last["open"]["p99_ms"]
    yield _reach(
        at + "p99 at 70 % load", "≤ 100 ms", f"{p99:.0f} ms", p99 <= 100, p99 / 100, REASONS["latency"]
    )
    if len(marks) > 1:
        growth = last["batch_cpu_ms"] / first["batch_cpu_ms"]
        yield _reach(
            f"{called}: CPU an article, {first['stored']:,} → {last['stored']:,} stored", "≤ 1.5×", f"{growth:.2f}×",
            growth <= 1.5, growth / 1.5, REASONS["growth"],
        )  # fmt: skip
    largest = max(each["largest_mb"] for each in marks)
    yield _reach(
        f"{called}: memory of the largest process",
        "≤ 400 MB",
        f"{largest:.0f} MB",
        largest <= 400,
        largest / 400,
        REASONS["memory"],
    )
    beside = _beside(last)
    yield _reach(
        at + "bytes on disk an article, besides its text", "≤ 6 KB", f"{beside / KB:.1f} KB", beside <= 6_000,
        beside / 6_000, REASONS["disk"],
    )  # fmt: skip


def _reach(what: str, target: str, measured: str, met: bool, distance: float, reason: str = "") -> Row:  # noqa: FBT001
    return what, target, measured, "met" if met else f"{distance:.1f} times too much. {reason}".strip()


REASONS = {
    "core": "The stages below say where it goes.",
    "compare": "It aligns every word and counts what differs.",
    "latency": "An article waits for the group before it, and judging and storing a group hold one interpreter.",
    "growth": "",
    "memory": "Taking in alone has 178 MB after 1,000 articles, then 19 KB an article, 8 of them for versions compared"
    " lately, of which 6,000 are kept; the cached blocks of the index and pages of the database come to it.",
    "disk": "The page as received, its passages, words and decision are kept, so that everything can be explained,"
    " undone and judged again.",
    "copies": "",
}


def _beside(mark: Mapping[str, Any]) -> float:
    return float(mark["disk_bytes"] - mark["text_bytes"]) / float(mark["stored"])


# ----------------------------------------------------------------------------------------------- stages
def _stages(stages: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"## One article\n\nAn invented report of {stages['words']} words ({stages['bytes']:,} bytes). Medians of nine"
        " runs, µs of CPU time, all threads together.\n\n"
        + _table(("stage", "µs", ""), _us(stages["stages"]))
    )
    yield "### Signatures\n\n128 permutations each.\n\n" + _table(
        ("method", "µs", ""), _us(stages["signatures"])
    )
    yield "### Two texts\n\nThe report and an edited copy of it.\n\n" + _table(
        ("method", "µs", ""), _us(stages["pairs"])
    )
    limit, shingles = stages["limit"], stages["shingles"]
    adds = 128 * shingles
    compute = adds / limit["multiply_adds_per_us"]
    moved = stages["bytes"] / limit["copied_gb_s"] / 1e3
    sign = next(each["us"] for each in stages["signatures"] if each["what"] == "Wirefold, signature")
    core = next(each["us"] for each in stages["stages"] if each["what"] == "core")
    yield (
        "### The physical limit\n\n"
        f"One core copies {limit['copied_gb_s']:.1f} GB/s of what no cache holds and does"
        f" {limit['multiply_adds_per_us']:.0f} 32-bit multiply-adds a µs through NumPy. Reading and writing the"
        f" article's {stages['bytes']:,} bytes once takes {moved:.2f} µs. Its {shingles} shingles times 128"
        f" permutations are {adds:,} multiply-adds: {compute:.0f} µs, and as much again for the minima. The signature"
        f" takes {sign:.0f} µs, {sign / compute:.1f} times the multiply-adds alone; the core {core:.0f} µs."
    )
    rows = [
        (each["what"], f"{each['words']:,}", f"{each['ms']:.0f}", f"{each['ratio']:.2f}")
        for each in stages["linear"]
    ]
    yield (
        "### Long texts\n\nCleaned, fingerprinted and compared with itself, against ten times what a text a tenth as"
        " long takes.\n\n" + _table(("text", "words", "ms", "times linear"), rows)
    )


def _us(rows: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    for each in rows:
        yield each["what"], "–" if each["us"] is None else f"{each['us']:,.0f}", each["note"]


# ---------------------------------------------------------------------------------------------- service
def _marks(known: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    marks = [value for key, value in known.items() if key.startswith(f"{name}/")]
    return sorted(marks, key=lambda each: each["stored"])


def _service(marks: Mapping[str, Sequence[Mapping[str, Any]]], known: Mapping[str, Any]) -> str:
    rows = [
        (
            DATABASES[name], f"{each['stored']:,}", f"{each['batch_per_second']:.0f}", f"{each['batch_cpu_ms']:.1f}",
            f"{each['single']['per_second']:.0f}", f"{each['open']['rate']:.0f}", f"{each['open']['p50_ms']:.0f}",
            f"{each['open']['p99_ms']:.0f}", f"{each['open']['p999_ms']:.0f}", f"{each['largest_mb']:.0f}",
            f"{each['together_mb']:.0f}", f"{_beside(each) / KB:.1f}", f"{each['restart_s']:.1f}",
            f"{each['single']['failed'] + each['open']['failed']}",
        )
        for name, of in marks.items()
        for each in of
    ]  # fmt: skip
    head = (
        "database", "stored", "batch /s", "CPU ms an article", "single /s", "open loop /s", "p50 ms", "p99 ms",
        "p99.9 ms", "largest process MB", "together MB", "KB an article besides its text", "restart s", "failed",
    )  # fmt: skip
    told = (
        "## The service\n\n`wirefold serve` as it comes, over HTTP, on an article stream grown from texts of ours: 35 %"
        " copies of all kinds, new pages of furniture, daily forms, shared background (benchmarks/performance/corpus.py)."
        " *Batch* is one client posting lists of 500; *single* 32 clients, each asking again when it is answered"
        " (wrk); the *open loop* sends at 70 % of that rate whatever is under way, and counts latency from the moment a"
        " request was due. CPU is of all processes, database included. *Together* counts shared memory once.\n\n"
        + _table(head, rows)
    )
    if copies := known.get("copies"):
        told += (
            f"\n\nOne story posted again and again on SQLite: copies 20–40 take {copies['early_ms']:.1f} ms and"
            f" {copies['early_cpu_ms']:.1f} ms of CPU each, the last twenty of some 500 {copies['late_ms']:.1f} and"
            f" {copies['late_cpu_ms']:.1f}."
        )
    return told


def _compared(compared: Sequence[Mapping[str, Any]]) -> str:
    rows: list[Row] = []
    for each in compared:
        if each["missing"]:
            rows.append((each["name"], f"not measured: {each['missing']}", *[""] * 8))
            continue
        rates = each["rates"]
        threshold = "as shipped" if each["threshold"] is None else f"{each['threshold']:.2f}"
        rows.append(
            (
                each["name"], f"{each['batch_per_second']:.0f}", f"{each['single_per_second']:.0f}",
                f"{each['cpu_ms']:.1f}", threshold, f"{rates['precision']:.3f}", f"{rates['recall']:.3f}",
                f"{each['together_mb']:.0f}", f"{each['restart_s']:.1f}", f"{100 * each['known_after']:.0f} %",
            )
        )  # fmt: skip
    head = (
        "", "batch /s", "single /s", "CPU ms an article", "likeness from", "precision", "recall", "memory MB",
        "restart s", "known after it",
    )  # fmt: skip
    return (
        "## What a user would pick instead\n\nThe same articles in the same run, through a small FastAPI service over"
        " each store as its documentation shows it (benchmarks/performance/alternatives.py). An alternative is taken at"
        " the likeness with the most recall that is as precise as Wirefold over all pairs of articles; where there is"
        " none, at its most precise. They answer with one earlier article: no cleaning, no repeats inside a page, no"
        " revisions, no stories that merge, no change feed. *Known after it* is the share of stored articles that a"
        " restarted service recognises.\n\n" + _table(head, rows)
    )


def _profile(shares: Mapping[str, float]) -> str:
    rows = [(f"`{name}`" if "/" in name else name, f"{100 * share:.1f} %") for name, share in shares.items()][
        :25
    ]
    return (
        "## Where the time goes\n\nCPU by module of ours, sampled by py-spy over all processes of a server that takes in"
        " lists. What a library does counts for the module that called it.\n\n"
        + _table(("module", "share"), rows)
    )


TRIED = """## What was tried

| tried | what it did |
| --- | --- |
| waiting a few milliseconds for company before a group is stored | an idle service is slower, and a busy one is grouped already: [decision 5](decisions/0005-sync-core-async-edge.md) |
| a row a key in a B-tree | 1,341 articles a second at 100,000 stored and 699, falling, at 300,000: each insert dirties a page. Sorted segments instead: [decision 2](decisions/0002-key-index.md) |
| blocks of 1,024 keys instead of 4,096; 12 bits a key and five probes instead of 10 and four | 178 and 185 µs against 182: nothing |
| a dictionary of keys for the index's unsealed end | a third of all time; sorted runs instead |
| looking words up in two sorted lists | 80 µs an article; a table of lower halves in front takes 10 |
| ranking every shingle to find repeats | 640 µs; ranking those that repeat takes 360 |
| `np.isin` to look members up | 2.86 ms an article, against 2.58 by sorted arrays |
| comparing in C instead of NumPy, `-march=native` for it | 19 µs a pair for 506; nothing more: [decision 12](decisions/0012-compiled-comparing.md) |
| SQLAlchemy's executemany | 30 µs a row, 30 rows an article; the driver with SQLAlchemy's statement, and an array a column on PostgreSQL, instead |
| 64 MiB of SQLite's pages in each connection instead of 16 | nothing is faster, and eight connections in turn each fill up |
| drafting in other processes | worth it for lists; unpacking a draft costs the storing process 0.6 ms |"""


def _table(head: Sequence[str], rows: "Sequence[Row] | Iterator[Row]") -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)
