"""The soak: hardships, races, kills, promises, hostile bodies; and docs/reliability.md of what came out.

    python -m benchmarks.soak             # a sample of 20 minutes at most
    python -m benchmarks.soak --full      # 10,000 races and 100 kills on each database, a million bodies
    python -m benchmarks.soak --full --report-only    # the page of what is done of it so far

Resumable: what is done is kept in build/soak, by size and seed, until all of it is done, and not done again.
Ends with 1 where anything came out wrong.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from random import Random

from benchmarks.soak import fuzz, machine, report
from benchmarks.soak.databases import Database, databases
from benchmarks.soak.hardships import hardships
from benchmarks.soak.kills import kill_once
from benchmarks.soak.load import Log
from benchmarks.soak.progress import FULL, SAMPLE, Progress, Size
from benchmarks.soak.races import RACES_PER_BOUT, bout
from benchmarks.soak.serving import serving

BOUTS_PER_DATABASE = 20
KILLS_PER_DATABASE = 10


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--full", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--afresh", action="store_true", help="forget what was done before")
    options.add_argument("--report-only", action="store_true", help="do nothing, write what was done so far")
    asked = options.parse_args()
    size = FULL if asked.full else SAMPLE
    progress = Progress.of(size, asked.seed, afresh=asked.afresh, again=not asked.report_only)
    if not asked.report_only:
        # Servers that were started are stopped on the way out.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        _soak(progress, size)
        progress.finish()
    report.write(progress.state, target="soak-full" if asked.full else "soak")
    raise SystemExit(1 if progress.wrong() else 0)


def _soak(progress: Progress, size: Size) -> None:
    with databases() as (sqlite, postgresql):
        for hardship in hardships(sqlite, postgresql):
            if hardship.name not in {each["name"] for each in progress.state["hardships"]}:
                progress.state["hardships"].append(asdict(hardship.outcome()))
                progress.save(f"{progress.state['hardships'][-1]}")
        both = [each for each in (sqlite, postgresql) if each is not None]
        for database in both:
            _race(database, progress, size)
        for database in both:
            _kill(database, progress, size)
    if "promises" not in progress.state:
        progress.state["promises"] = machine.run(size.examples, seed=progress.seed)
        progress.save(f"promises: {progress.state['promises']}")
    if "bodies" not in progress.state:
        progress.state["bodies"] = fuzz.run(size.bodies, progress.seed, state=progress.bodies)
        progress.save(f"{size.bodies} bodies, {progress.state['bodies']['faults']}")


def _race(database: Database, progress: Progress, size: Size) -> None:
    told = progress.state["races"].setdefault(database.name, {"done": 0, "took_s": 0.0, "tally": {}})
    until = _deadline(size)
    while told["done"] < size.races and time.monotonic() < until:
        url, cursor = database.fresh(), "0"
        with serving(url, workers=2) as first, serving(url) as second:
            for count in _bouts(size.races - told["done"]):
                random = Random(f"{progress.seed} races {database.name} {told['done']}")
                began = time.monotonic()
                addresses = [first.address, second.address]
                tally, cursor = asyncio.run(
                    bout(addresses, random, first=told["done"], count=count, cursor=cursor)
                )
                told["took_s"] += time.monotonic() - began
                told["done"] += count
                told["tally"] = dict(Counter(told["tally"]) + tally)
                progress.save(f"{database.name}: {told['done']} races, {told['tally']}")
                if time.monotonic() > until:
                    break


def _bouts(left: int) -> Iterator[int]:
    """Of how many races each bout on one database is, where so many are left altogether."""
    for before in range(0, min(left, BOUTS_PER_DATABASE * RACES_PER_BOUT), RACES_PER_BOUT):
        yield min(RACES_PER_BOUT, left - before)


def _kill(database: Database, progress: Progress, size: Size) -> None:
    told = progress.state["kills"].setdefault(
        database.name, {"done": 0, "acknowledged": 0, "restart_s": [], "wrong": []}
    )
    url, log, until = "", Log(), _deadline(size)
    while told["done"] < size.kills and time.monotonic() < until:
        if not url or told["done"] % KILLS_PER_DATABASE == 0:
            url, log = database.fresh(), Log()
        kill = kill_once(url, Random(f"{progress.seed} kills {database.name} {told['done']}"), log)
        told["done"] += 1
        told["acknowledged"] += kill.acknowledged
        told["restart_s"].append(round(kill.restart_s, 2))
        told["wrong"] += kill.wrong
        progress.save(f"{database.name}: kill {told['done']}, {kill}")


def _deadline(size: Size) -> float:
    """Until when a part of the soak may begin more of what it does, on one database."""
    return time.monotonic() + 60 * size.minutes


if __name__ == "__main__":
    main()
