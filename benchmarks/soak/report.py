"""The figures as JSON, and docs/reliability.md made of them."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.soak import fuzz, machine
from benchmarks.soak.serving import ROOT

PAGE, FIGURES = ROOT / "docs" / "reliability.md", ROOT / "docs" / "reliability.json"

_HEAD = """# Reliability

What is promised: one story has one canonical ID, whatever races; an ID once given answers for ever; what was acknowledged
survives whatever happens to the process, the database and the disk; nothing is ever half-done. This page says what was
done to the service to break that, how often, and what came out. `wirefold verify --deep` is the judge after every kill
and every hardship: it holds stories, redirects, the change feed, the index, every text and every fingerprint against
each other.

Measured by `make {target}` on {date}, commit {at}: {machine}. The figures are in [reliability.json](reliability.json).
{left}Everything is drawn from seed {seed}. A seed gives the same stories, requests, pauses and moments; how processes then
interleave is up to the machine.
"""
_LEFT = """This run is not at its end: {races:,} races and {kills:,} kills on each database, {examples:,} runs of the state
machine and {bodies:,} hostile bodies were asked for, and each table says what was done of it.
"""
_RACES = """## Races

Two servers, one of them with two workers, on one database are sent the printings of a story at the same time, some fifty
stories at once: the same text several times (*same*), with house edits (*near*), in full and cut (*chained*), as versions of
one article (*versions*); and three stories are merged in a circle, each into the next (*merges*). Afterwards every process
must tell one canonical for each story, every canonical ID that any answer gave must lead to it, no version may be lost,
and the change feed may have no gap.

| database | races | same | near | chained | versions | merges | wrong | a second |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
_KILLS = """## Kills

The server, with its workers and drafting processes, gets SIGKILL up to two seconds after the first of a stream of
articles was acknowledged. Then `verify --deep` must find nothing, and a new server must have every article that was ever
acknowledged on this database, each story under one canonical.

| database | kills | acknowledged before them | lost or wrong | restart to ready, median | longest |
| --- | --- | --- | --- | --- | --- |
"""
_HARDSHIPS = """## Hardships

| what | promised | came out | wrong |
| --- | --- | --- | --- |
"""
_TAIL = """## Run it

`make soak` takes a sample of at most twenty minutes; `make soak-full` runs 10,000 races and 100 kills on each database and a
million hostile bodies, and goes on where it was interrupted (its state is in `build/soak`). PostgreSQL comes from pip. Filling a disk needs the right
to mount a tmpfs, setting the clock back needs `apt-get install faketime`; without them these are skipped and say so.
"""


def machine_name() -> str:
    """What it ran on."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def commit() -> str:
    """The commit that is checked out."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return (
        subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        or "unknown"
    )


def write(state: dict[str, Any], *, target: str, page: Path = PAGE, figures: Path = FIGURES) -> None:
    """Write both."""
    told = {
        "target": target,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": machine_name(),
        **state,
    }
    figures.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    page.write_text(render(told), "utf-8")


def render(told: dict[str, Any]) -> str:
    """The page of these figures."""
    left = "" if told["finished"] else _LEFT.format_map(told["asked"])
    head = _HEAD.format_map({**told, "at": ", ".join(told["commits"]), "left": left})
    return "\n".join(
        [
            head,
            _HARDSHIPS + "".join(_hardship_row(each) for each in told["hardships"]),
            _RACES + "".join(_race_row(name, each) for name, each in told["races"].items()),
            *([_KILLS + _kill_rows(told["kills"])] if told["kills"] else []),
            *([machine.rendered(told["promises"])] if "promises" in told else []),
            *([fuzz.rendered(told["bodies"])] if "bodies" in told else []),
            _TAIL,
        ]
    )


def _race_row(name: str, each: dict[str, Any]) -> str:
    tally = each["tally"]
    wrongs = [f"{count} × {kind.removeprefix('wrong: ')}" for kind, count in tally.items() if _is_wrong(kind)]
    kinds = [tally.get(kind, 0) for kind in ("same", "near", "chained", "versions", "merges")]
    return _row(
        name, each["done"], *kinds, "; ".join(wrongs) or 0, f"{each['done'] / max(each['took_s'], 1e-9):.1f}"
    )


def _is_wrong(kind: str) -> bool:
    return kind.startswith("wrong: ")


def _kill_rows(told: dict[str, Any]) -> str:
    return "".join(_kill_row(name, each) for name, each in told.items())


def _kill_row(name: str, each: dict[str, Any]) -> str:
    restarts = sorted(each["restart_s"]) or [0.0]
    median, longest = restarts[len(restarts) // 2], restarts[-1]
    wrong = "; ".join(each["wrong"]) or 0
    return _row(name, each["done"], each["acknowledged"], wrong, f"{median:.1f} s", f"{longest:.1f} s")


def _hardship_row(each: dict[str, Any]) -> str:
    came_out = each["came_out"].replace("|", "\\|")
    return _row(each["name"], each["promise"], came_out, "; ".join(each["wrong"]) or "nothing")


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |\n"
