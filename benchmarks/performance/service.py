"""The service on each database as the archive grows: rates, latencies, memory, disk, restart."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TypedDict

import corpus
import httpx
import psutil
from figures import Figures, say
from load import LIST, Closed, Open, closed_loop, lists, open_loop, post_list
from servers import Server, make_database, postgres, size_on_disk, wirefold

WARM = 400
"""Articles of a list after which a server that was just started has its drafting processes warm."""
ONE, MANY = "/v1/articles", "/v1/articles/batch"
SHARE = 0.7
"""Of the measured single rate, for the open loop."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    marks: tuple[int, ...]
    """Articles stored, at which it is measured."""
    batch: int
    run_s: float
    compared: int
    """Articles that the alternatives are given."""
    copies: int


SAMPLE = Plan(marks=(1_000, 10_000), batch=1_000, run_s=10, compared=2_000, copies=500)
FULL = Plan(marks=(10_000, 100_000, 1_000_000), batch=5_000, run_s=60, compared=20_000, copies=500)


def scaled(plan: Plan, share: float) -> Plan:
    """A smaller plan, for trying the program."""
    if share == 1:
        return plan
    return Plan(
        marks=tuple(max(100, round(mark * share)) for mark in plan.marks),
        batch=max(50, round(plan.batch * share)),
        run_s=max(1.0, plan.run_s * share),
        compared=max(100, round(plan.compared * share)),
        copies=max(60, round(plan.copies * share)),
    )


class Mark(TypedDict):
    """The service with so many articles stored."""

    stored: int
    batch_per_second: float
    batch_cpu_ms: float
    single: Closed
    open: Open
    largest_mb: float
    together_mb: float
    disk_bytes: int
    text_bytes: int
    restart_s: float


class Copies(TypedDict):
    """One story, copied again and again: what a copy costs early and late."""

    early_cpu_ms: float
    late_cpu_ms: float
    early_ms: float
    late_ms: float


class Corpus:
    """The grown articles in a file, made as far as they are asked for."""

    def __init__(self, path: Path, seeds: Sequence[str]) -> None:
        self.path, self.seeds = path, seeds
        self._count = 0
        self._stream: Iterator[corpus.Grown] | None = None

    def lines(self, start: int, count: int) -> list[str]:
        """So many lines from this one on."""
        return list(self.walk(start, count))

    def walk(self, start: int, count: int) -> Iterator[str]:
        """The same, one by one."""
        self._grow(start + count)
        with self.path.open(encoding="utf-8") as file:
            for line in islice(file, start, start + count):
                yield line.rstrip("\n")

    def _grow(self, count: int) -> None:
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._count = _whole_lines(self.path)
        if count <= self._count:
            return
        if count > self._count + 5_000:
            say(f"  growing {count - self._count:,} articles")
        if self._stream is None:
            # What a run before has written is passed over: the stream is the same every time.
            self._stream = islice(corpus.grow(self.seeds), self._count, None)
        with self.path.open("a", encoding="utf-8") as file:
            for each in islice(self._stream, count - self._count):
                file.write(json.dumps(each.article, ensure_ascii=False) + "\n")
        self._count = count


def _whole_lines(path: Path) -> int:
    """How many lines a file has; what a run that was killed left of one is cut off."""
    if not path.exists():
        return 0
    count = size = 0
    with path.open("rb+") as file:
        for line in file:
            if line.endswith(b"\n"):
                count, size = count + 1, size + len(line)
        file.truncate(size)
    return count


class Growing:
    """One database that is filled up to mark after mark, and how far it is."""

    def __init__(self, folder: Path, articles: Corpus, server: Server) -> None:
        self.articles, self.server = articles, server
        self._kept = folder / "position"
        self.position = int(self._kept.read_text("utf-8")) if self._kept.exists() else 0
        """Articles of the corpus that were sent. A list that is sent twice is replayed and counts once."""

    def advance(self, count: int) -> None:
        self.position += count
        self._kept.write_text(str(self.position), "utf-8")

    def fill(self, mark: int) -> None:
        """Post lists until so many were sent."""
        lines = self.articles.walk(self.position, max(0, mark - self.position))
        with httpx.Client(trust_env=False) as client:
            while (left := mark - self.position) > 0:
                part = list(islice(lines, min(left, LIST)))
                post_list(client, self.server.url + MANY, part)
                self.advance(len(part))

    def batch(self, count: int) -> tuple[float, float]:
        """Articles a second posted in lists, and CPU milliseconds an article, database and all."""
        lines = self.articles.lines(self.position, count)
        before, began = self.server.usage(), time.perf_counter()
        with httpx.Client(trust_env=False) as client:
            for part in lists(lines):
                post_list(client, self.server.url + MANY, part)
        took = time.perf_counter() - began
        cpu = self.server.usage().cpu_s - before.cpu_s
        self.advance(len(lines))
        return len(lines) / took, 1e3 * cpu / len(lines)

    def single(self, most: float, run_s: float) -> Closed:
        lines = self.articles.lines(self.position, round(most * run_s))
        told = closed_loop(self.server.url + ONE, lines, run_s=run_s)
        self.advance(told["sent"])
        return told

    def open(self, rate: float, run_s: float) -> Open:
        lines = self.articles.lines(self.position, round(rate * run_s))
        told = open_loop(self.server.url + ONE, lines, rate=rate, run_s=run_s)
        self.advance(told["requests"])
        return told


def measure(name: str, plan: Plan, figures: Figures, folder: Path, articles: Corpus) -> None:
    """Each mark on one database, ``sqlite`` or ``postgres``; what is known already is passed over."""
    marks = [mark for mark in plan.marks if figures.get(f"{name}/{mark}") is None]
    if not marks:
        return
    with database(name, folder) as (url, beside):
        for mark in marks:
            with wirefold(folder, url, beside=beside) as server:
                growing = Growing(folder, articles, server)
                say(f"  {name}: filling up to {mark:,}")
                growing.fill(mark)
                figures.once(f"{name}/{mark}", lambda at=growing: _mark(at, plan, url))  # type: ignore[misc]
            with wirefold(folder, url, beside=beside) as server:
                told = figures.get(f"{name}/{mark}")
                figures.put(f"{name}/{mark}", {**told, "restart_s": server.ready_s})


def _mark(growing: Growing, plan: Plan, url: str) -> Mark:
    growing.batch(WARM)
    rate, cpu_ms = growing.batch(plan.batch)
    # Singly nothing goes faster than in lists.
    single = growing.single(max(200.0, 1.5 * rate), plan.run_s)
    opened = growing.open(SHARE * single["per_second"], plan.run_s)
    usage = growing.server.usage()
    sent = growing.position
    return {
        "stored": sent,
        "batch_per_second": rate,
        "batch_cpu_ms": cpu_ms,
        "single": single,
        "open": opened,
        "largest_mb": usage.largest_mb,
        "together_mb": usage.together_mb,
        "disk_bytes": size_on_disk(url),
        "text_bytes": sum(len(json.loads(line)["text"].encode()) for line in growing.articles.walk(0, sent)),
        "restart_s": 0.0,
    }


@contextmanager
def database(name: str, folder: Path) -> Iterator[tuple[str, tuple[psutil.Process, ...]]]:
    """A database's URL, and the process that keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == "sqlite":
        yield f"sqlite:///{folder / 'wirefold.db'}", ()
        return
    with postgres(folder / "postgres") as (server, process):
        yield make_database(server, "wirefold"), (process,)


def copy_costs(seeds: Sequence[str], count: int) -> Copies:
    """One story and its copies, posted one by one to an empty SQLite database: the second 20, the last 20."""
    told = [json.dumps(each) for each in corpus.copies(seeds, count, seed=5)]
    windows: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name, httpx.Client(trust_env=False) as client:
        folder = Path(name)
        with wirefold(folder, f"sqlite:///{folder / 'copies.db'}") as server:
            for start in range(0, len(told) - 19, 20):
                before, taken = server.usage().cpu_s, []
                for line in told[start : start + 20]:
                    began = time.perf_counter()
                    client.post(
                        server.url + ONE,
                        content=line,
                        headers={"Content-Type": "application/json"},
                        timeout=60,
                    ).raise_for_status()
                    taken.append(time.perf_counter() - began)
                windows.append((50 * (server.usage().cpu_s - before), 1e3 * median(taken)))
    # The first twenty wake the program up.
    (early_cpu, early), (late_cpu, late) = windows[1], windows[-1]
    return {"early_cpu_ms": early_cpu, "late_cpu_ms": late_cpu, "early_ms": early, "late_ms": late}


# ------------------------------------------------------------------------------------------------ profile
def profile(lines: Sequence[str]) -> dict[str, float]:
    """Share of CPU time by module of ours, sampled by py-spy in a server that takes in lists.

    What a library does counts for the module that called it. Empty where py-spy cannot look.
    """
    spy = Path(sys.executable).with_name("py-spy")
    if not spy.exists():
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with wirefold(folder, f"sqlite:///{folder / 'profile.db'}") as server:
            with httpx.Client(trust_env=False) as client:
                post_list(client, server.url + MANY, lines[: len(lines) // 2])
                output = folder / "stacks"
                spying = subprocess.Popen(
                    [spy, "record", "--subprocesses", "--nonblocking", "-p", str(server.process.pid),
                     "-r", "100", "-d", "600", "-f", "raw", "-o", output],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                time.sleep(1)
                for part in lists(lines[len(lines) // 2 :], 100):
                    post_list(client, server.url + MANY, part)
                spying.send_signal(2)
                spying.wait(timeout=60)
            return by_module(output.read_text("utf-8").splitlines()) if output.exists() else {}


def by_module(stacks: Sequence[str]) -> dict[str, float]:
    """From py-spy's lines, ``frame;frame COUNT``, the share of each module of ours, largest first."""
    counts: dict[str, int] = {}
    for line in stacks:
        frames, _, count = line.rpartition(" ")
        own = [part for frame in frames.split(";") if (part := _module(frame))]
        where = own[-1] if own else "interpreter, uvicorn, waiting"
        counts[where] = counts.get(where, 0) + int(count)
    total = max(1, sum(counts.values()))
    return {name: count / total for name, count in sorted(counts.items(), key=lambda each: -each[1])}


def _module(frame: str) -> str | None:
    path = frame.partition("(")[2].partition(":")[0].removesuffix(")")
    parts = Path(path).parts
    return "/".join(parts[parts.index("app") :]) if "app" in parts else None
