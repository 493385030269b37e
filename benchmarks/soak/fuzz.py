"""Hostile bodies for every parser and route: no 500, no undocumented error, no hang, memory within bounds.

    python benchmarks/soak/fuzz.py [--count N] [--seed S] [--processes P] [--state FILE] [--keep FOLDER]

Case ``n`` of a seed is the same on every machine, whoever runs it: blocks of cases are shared among
processes, and a run that was ended goes on where its ``--state`` says. What fails is cut down and written to
``--keep``, by default tests/parsing/hostile, whose cases the tests give to the same targets. Prints figures
as JSON; ends with 1 where something failed.
"""

import argparse
import json
import multiprocessing
import os
import queue
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.soak.fuzzing import trying  # noqa: E402
from benchmarks.soak.fuzzing.application import opened  # noqa: E402
from benchmarks.soak.fuzzing.cases import Case, case_of  # noqa: E402
from benchmarks.soak.fuzzing.seeds import SEEDS  # noqa: E402
from benchmarks.soak.fuzzing.shrinking import shrink  # noqa: E402

HOSTILE = ROOT / "tests" / "parsing" / "hostile"
BLOCK = 250
STUCK_S = 120.0
"""A case that answers in none of these seconds hangs where no clock of the process is looked at."""
Figures = dict[str, Any]
_SECTION = """## Hostile bodies

Articles that we wrote, in every format that is read, are damaged as networks and programs damage them
(bytes flipped, cut, doubled; other charsets than are said; broken gzip), reshaped by what they mean
(members renamed, said twice, of other types; elements moved, nested, copied), and sometimes made large
in one way: 100,000 attributes, levels, names or words. They are given to each parser, and what it reads
is cleaned and fingerprinted; and to every route of the API with odd paths, queries and header fields. An
answer below 500 with a documented code is right. So many seconds of a processor, and so much memory, may
one body cost: 2 s and 400 MB more.

{tried} bodies of seed {seed}; the dearest took {slowest_cpu_s} s of a processor, and no process had more
than {peak_mb} MB.
{wrong}

| given to | bodies | taken |
| --- | --- | --- |
{rows}

`python benchmarks/soak/fuzz.py --count N --seed S` does it again: a case follows from seed and number.
What fails is cut down and kept in `tests/parsing/hostile`, which every run of the tests tries.
"""


def run(
    count: int,
    seed: int = 1,
    *,
    processes: int | None = None,
    state: Path | None = None,
    keep: Path | None = HOSTILE,
) -> Figures:
    """Try the cases 0 to ``count`` of a seed; the figures, faults among them.

    ``state`` is a file of blocks that are done: those are not tried again, and their figures count.
    """
    began = time.perf_counter()
    done = _load(state, seed)
    wanted = [first for first in range(0, count, BLOCK) if first not in done]
    tried_now = sum(min(BLOCK, count - first) for first in wanted)
    for first, figures in _blocks(seed, count, wanted, processes or os.cpu_count() or 1):
        done[first] = figures
        if state is not None:
            with state.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"seed": seed, "first": first, "figures": figures}) + "\n")
    took_s = time.perf_counter() - began
    faults = [fault for first in sorted(done) for fault in done[first]["faults"]]
    if keep is not None and faults:
        _keep(faults, keep)
    return _summed(done, count, seed, faults) | {"tried_now": tried_now, "took_s": round(took_s, 1)}


def rendered(figures: Figures) -> str:
    """The section on hostile bodies of docs/reliability.md."""
    targets = figures["targets"]
    parsers = {name: each for name, each in targets.items() if name in SEEDS}
    routes = {name: each for name, each in targets.items() if name not in parsers}
    rows = [f"| {name} | {each['bodies']:,} | {each['taken']:,} |" for name, each in parsers.items()]
    rows.append(
        f"| {len(routes)} routes | {sum(each['bodies'] for each in routes.values()):,}"
        f" | {sum(each['taken'] for each in routes.values()):,} |"
    )
    wrong = "\n".join(f"- case {each['number']}: {each['fault']}" for each in figures["faults"])
    return _SECTION.format(
        **{name: figures[name] for name in ("seed", "slowest_cpu_s", "peak_mb")},
        tried=f"{figures['tried']:,}",
        rows="\n".join(rows),
        wrong=wrong or "Nothing was wrong.",
    )


def _blocks(seed: int, count: int, wanted: list[int], processes: int) -> Iterator[tuple[int, Figures]]:
    """The figures of each block, from processes that are replaced where one dies or hangs."""
    spawn = multiprocessing.get_context("spawn")
    waiting = list(reversed(wanted))
    workers = [Worker(spawn) for _ in range(min(processes, len(wanted)))]
    try:
        while waiting or any(each.first is not None for each in workers):
            for worker in workers:
                if worker.first is None and waiting:
                    worker.start(seed, first := waiting.pop(), min(count, first + BLOCK))
                if (found := worker.poll(seed)) is not None:
                    yield found
            time.sleep(0.02)
    finally:
        for worker in workers:
            worker.stop()


class Worker:
    """A process that tries one block after the other, and what is known of it from outside."""

    def __init__(self, spawn: SpawnContext) -> None:
        self._spawn = spawn
        self.first: int | None = None
        """The block under way."""
        self._last = 0
        self._lost: list[Figures] = []
        """Cases of the block that it does not come back from."""
        self._open()

    def start(self, seed: int, first: int, last: int) -> None:
        """Give it a block."""
        self.first, self._last = first, last
        self._seen, self._since = -1, time.monotonic()
        self._at.value = first
        self._orders.put((seed, first, last, ()))

    def poll(self, seed: int) -> tuple[int, Figures] | None:
        """A block's figures, once it is done. What kills or hangs the process is a fault, and passed over."""
        if self.first is None:
            return None
        try:
            first, figures = self._answers.get_nowait()
        except queue.Empty:
            self._look_after(seed)
            return None
        self.first = None
        figures["faults"] += self._lost
        self._lost = []
        return first, figures

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()

    def _look_after(self, seed: int) -> None:
        if self._at.value != self._seen:
            self._seen, self._since = self._at.value, time.monotonic()
        elif not self._process.is_alive() or time.monotonic() - self._since > STUCK_S:
            said = "hangs" if self._process.is_alive() else f"ends the process ({self._process.exitcode})"
            self._lost = [
                *self._lost,
                {"number": self._seen, "fault": said, "case": case_of(seed, self._seen).to_json()},
            ]
            self.stop()
            self._open()
            without = tuple(each["number"] for each in self._lost)
            self._orders.put((seed, self.first, self._last, without))

    def _open(self) -> None:
        self._orders: Any = self._spawn.Queue()
        self._answers: Any = self._spawn.Queue()
        self._at: Any = self._spawn.Value("q", -1)
        self._seen, self._since = -1, time.monotonic()
        self._process = self._spawn.Process(
            target=_work, args=(self._orders, self._answers, self._at), daemon=True
        )
        self._process.start()


def _work(orders: Any, answers: Any, at: Any) -> None:  # noqa: ANN401 - queues have no public type
    """The life of a process: blocks, each over an application of its own."""
    try_case_once()
    trying.bound_memory()
    while True:
        seed, first, last, without = orders.get()
        figures: Figures = {"outcomes": {}, "faults": [], "slowest_s": 0.0, "slowest": -1, "peak": 0}
        outcomes: dict[str, Counter[str]] = {}
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as application:
            for number in range(first, last):
                at.value = number
                if number in without:
                    continue
                case = case_of(seed, number)
                tried = trying.attempt(case, application)
                outcomes.setdefault(case.target, Counter())[tried.outcome or "fault"] += 1
                if tried.cpu_s > figures["slowest_s"]:
                    figures |= {"slowest_s": round(tried.cpu_s, 3), "slowest": number}
                figures["peak"] = tried.peak
                if tried.fault:
                    smaller = _smaller(case, tried.fault, application)
                    figures["faults"].append(
                        {"number": number, "fault": tried.fault, "case": smaller.to_json()}
                    )
        figures["outcomes"] = {target: dict(codes) for target, codes in outcomes.items()}
        answers.put((first, figures))


def try_case_once() -> None:
    """Load what is loaded late, so that no case is charged for it."""
    for number in range(40):
        case = case_of(0, number)
        if not case.method:
            trying.attempt(case, None)


def _smaller(case: Case, fault: str, application: Any) -> Case:  # noqa: ANN401 - of the module above
    """The case cut down to what still fails in the same way."""
    kind = fault.partition(":")[0]
    if kind in {"slow", "memory"}:  # smaller, it would pass
        return case

    def fails(body: bytes) -> bool:
        return trying.attempt(replace(case, body=body), application).fault.startswith(kind)

    return replace(case, body=shrink(case.body, fails)) if fails(case.body) else case


def _load(state: Path | None, seed: int) -> dict[int, Figures]:
    if state is None or not state.exists():
        return {}
    lines = [json.loads(line) for line in state.read_text("utf-8").splitlines()]
    return {line["first"]: line["figures"] for line in lines if line["seed"] == seed}


def _keep(faults: list[Figures], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for fault in faults:
        digest = blake2b(fault["case"].encode(), digest_size=5).hexdigest()
        (folder / f"{digest}.json").write_text(fault["case"] + "\n", encoding="utf-8")


def _summed(done: dict[int, Figures], count: int, seed: int, faults: list[Figures]) -> Figures:
    targets: dict[str, Counter[str]] = {}
    for figures in done.values():
        for target, codes in figures["outcomes"].items():
            targets.setdefault(target, Counter()).update(codes)
    slowest = max(done.values(), key=lambda figures: float(figures["slowest_s"]), default={})
    good = {
        target: sum(n for code, n in codes.items() if code == "read" or code < "4")
        for target, codes in targets.items()
    }
    return {
        "seed": seed,
        "count": count,
        "tried": sum(sum(codes.values()) for codes in targets.values()),
        "faults": [{"number": each["number"], "fault": each["fault"]} for each in faults],
        "slowest_cpu_s": slowest.get("slowest_s", 0.0),
        "slowest_case": slowest.get("slowest", -1),
        "peak_mb": max((figures["peak"] for figures in done.values()), default=0) // 1024**2,
        "targets": {
            target: {
                "bodies": sum(codes.values()),
                "taken": good[target],
                "refused_with": dict(codes.most_common()),
            }
            for target, codes in sorted(targets.items())
        },
    }


def main() -> int:
    """Run from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--count", type=int, default=5_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int)
    arguments.add_argument("--state", type=Path, help="go on where this file says")
    arguments.add_argument("--keep", type=Path, default=HOSTILE)
    given = arguments.parse_args()
    figures = run(given.count, given.seed, processes=given.processes, state=given.state, keep=given.keep)
    print(json.dumps(figures, indent=2))
    return 1 if figures["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
