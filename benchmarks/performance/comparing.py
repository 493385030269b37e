"""Wirefold and what a user would build instead, on the same articles in the same run."""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import httpx
from load import closed_loop, lists, post_list
from servers import Server, redis, running, trigrams, wirefold

HERE = Path(__file__).resolve().parent
AGAIN = 100
"""Stored articles that are posted once more after a restart, under other names."""
GRID = tuple(step / 100 for step in range(50, 101))
"""Likenesses from which an alternative's answer may be taken."""


class Rates(TypedDict):
    """Of pairs of articles: called one story and are; are one story and called so."""

    precision: float
    recall: float


class Compared(TypedDict):
    """One way to do it. ``missing`` says what to install where it could not be measured."""

    name: str
    missing: str
    batch_per_second: float
    single_per_second: float
    cpu_ms: float
    together_mb: float
    rates: Rates
    threshold: float | None
    restart_s: float
    known_after: float


@dataclass(frozen=True, slots=True)
class Way:
    """How to start it, where to post, and what its answers call the same."""

    name: str
    missing: str
    start: Callable[[Path, ExitStack], Callable[[], Any] | None]
    one: str
    many: str


def measure(lines: Sequence[str], following: Sequence[str], *, run_s: float) -> list[Compared]:
    """Each way on these lines in lists, then on the following ones by 32 clients. Wirefold comes first."""
    told: list[Compared] = []
    for way in WAYS:
        least = told[0]["rates"]["precision"] if told else 0.0
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            start = way.start(Path(name), stack)
            told.append(
                _measure(way, start, lines, following, run_s, least)
                if start
                else _absent(way.name, way.missing)
            )
    return told


def _absent(name: str, missing: str) -> Compared:
    return {
        "name": name, "missing": missing, "batch_per_second": 0.0, "single_per_second": 0.0, "cpu_ms": 0.0,
        "together_mb": 0.0, "rates": {"precision": 0.0, "recall": 0.0}, "threshold": None, "restart_s": 0.0,
        "known_after": 0.0,
    }  # fmt: skip


def _measure(
    way: Way,
    start: Callable[[], Any],
    lines: Sequence[str],
    following: Sequence[str],
    run_s: float,
    least: float,
) -> Compared:
    with start() as server:
        before, began = server.usage().cpu_s, time.perf_counter()
        answers = _post(server, way, lines)
        took = time.perf_counter() - began
        cpu = server.usage().cpu_s - before
        single = closed_loop(server.url + way.one, following, run_s=run_s)
        together = server.usage().together_mb
    with start() as server:
        again = [_renamed(line) for line in lines[:: max(1, len(lines) // AGAIN)]]
        known = _known(way, answers, lines, _post(server, way, again))
        restart_s = server.ready_s
    truth = [_story(line) for line in lines]
    keys = [json.loads(line)["external_id"] for line in lines]
    threshold, rates = _best(truth, keys, answers, least)
    return {
        "name": way.name,
        "missing": "",
        "batch_per_second": len(lines) / took,
        "single_per_second": single["per_second"],
        "cpu_ms": 1e3 * cpu / len(lines),
        "together_mb": together,
        "rates": rates,
        "threshold": threshold,
        "restart_s": restart_s,
        "known_after": known,
    }


def _post(server: Server, way: Way, lines: Sequence[str]) -> list[Any]:
    with httpx.Client(trust_env=False) as client:
        return [each for part in lists(lines, 100) for each in post_list(client, server.url + way.many, part)]


def _story(line: str) -> str:
    return str(json.loads(line)["external_id"]).partition(".")[0]


def _renamed(line: str) -> str:
    article = json.loads(line)
    return json.dumps(
        article | {"external_id": f"{article['external_id']}.again", "url": f"{article['url']}?again"}
    )


def _known(way: Way, answers: Sequence[Any], lines: Sequence[str], again: Sequence[Any]) -> float:
    """Share of the articles posted once more that were recognised."""
    if way.name == WIREFOLD:
        stored = answers[:: max(1, len(lines) // AGAIN)]
        hits = [
            a["article"]["canonical_id"] == b["article"]["canonical_id"]
            for a, b in zip(stored, again, strict=True)
        ]
    else:
        hits = [each["match"] is not None and each["score"] > 0.95 for each in again]
    return sum(map(bool, hits)) / len(hits)


def _best(
    truth: Sequence[str], keys: Sequence[str], answers: Sequence[Any], least: float
) -> tuple[float | None, Rates]:
    """Wirefold's answers as they are; another's at the setting with most recall of those as precise.

    Where none is, at the most precise one.
    """
    if "article" in answers[0]:
        return None, rates_of(truth, [each["article"]["canonical_id"] for each in answers])
    tried = [(at, rates_of(truth, followed(keys, answers, at))) for at in GRID]
    precise = [each for each in tried if each[1]["precision"] >= least]
    if precise:
        return max(precise, key=lambda each: each[1]["recall"])
    return max(tried, key=lambda each: each[1]["precision"])


def followed(keys: Sequence[str], answers: Sequence[Any], threshold: float) -> list[str]:
    """The story of each article: that of its best match, if it is like enough, else its own."""
    story: dict[str, str] = {}
    for key, each in zip(keys, answers, strict=True):
        matched = each["match"] if each["score"] >= threshold else None
        story[key] = story.get(matched, key) if matched else key
    return [story[key] for key in keys]


def rates_of(truth: Sequence[str], called: Sequence[str]) -> Rates:
    """Precision and recall over all pairs of articles."""
    both = _pairs(Counter(zip(truth, called, strict=True)))
    return {
        "precision": both / max(1, _pairs(Counter(called))),
        "recall": both / max(1, _pairs(Counter(truth))),
    }


def _pairs(counts: "Counter[Any]") -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


# ------------------------------------------------------------------------------------------------- ways
WIREFOLD = "Wirefold, SQLite"


def _wirefold(folder: Path, stack: ExitStack) -> Callable[[], Any]:
    del stack
    return lambda: wirefold(folder, f"sqlite:///{folder / 'wirefold.db'}")


def _memory(folder: Path, stack: ExitStack) -> Callable[[], Any]:
    del stack
    return lambda: _alternative(folder, "memory")


def _redis(folder: Path, stack: ExitStack) -> Callable[[], Any] | None:
    try:
        import redis as client  # noqa: F401, PLC0415 - only where it is installed
    except ImportError:
        return None
    started = stack.enter_context(redis(folder))
    if started is None:
        return None
    port, process = started
    return lambda: _alternative(folder, "redis", str(port), beside=[process])


def _trigrams(folder: Path, stack: ExitStack) -> Callable[[], Any] | None:
    # A folder of its own: PostgreSQL may run as another user, who must be able to enter it.
    data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    started = stack.enter_context(trigrams(data))
    if started is None:
        return None
    url, process = started
    return lambda: _alternative(folder, "trigrams", url, beside=[process])


@contextmanager
def _alternative(folder: Path, *arguments: str, beside: Sequence[Any] = ()) -> Iterator[Server]:
    with running([sys.executable, HERE / "alternatives.py", *arguments], folder, beside=beside) as server:
        yield server


WAYS = (
    Way(WIREFOLD, "", _wirefold, "/v1/articles", "/v1/articles/batch"),
    Way("FastAPI, MinHashLSH in memory", "", _memory, "/articles", "/articles/batch"),
    Way(
        "FastAPI, MinHashLSH on Redis",
        "`apt-get install redis-server`",
        _redis,
        "/articles",
        "/articles/batch",
    ),
    Way("FastAPI, pg_trgm", "`apt-get install postgresql`", _trigrams, "/articles", "/articles/batch"),
)
