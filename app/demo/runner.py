"""The demonstration: a real service on a free port and a scratch database, told the scenes over HTTP."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import app
from app.demo.articles import SCENES

_READY_S = 120.0
"""A ceiling for a busy machine; a few seconds are usual."""
_COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")


@dataclass(frozen=True, slots=True)
class Told:
    """One scene, and what the service answered."""

    about: str
    source: str
    title: str
    canonical_id: str
    relation: str
    revision_kind: str | None
    reasons: Sequence[str]
    repeats: Sequence[str]
    related: Sequence[str]
    as_expected: bool


def run() -> list[Told]:
    """Send all scenes, in order, and give what was answered."""
    with tempfile.TemporaryDirectory(prefix="wirefold-demo-") as folder, _service(Path(folder)) as address:
        return list(_tell(address))


def _tell(address: str) -> Iterator[Told]:
    given: dict[str, str] = {}
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        for scene in SCENES:
            answer = client.post("/v1/articles", json=dict(scene.item)).raise_for_status().json()
            story, decision = answer["canonical_id"], answer["decision"]
            fresh = story not in given.values()
            yield Told(
                about=scene.about,
                source=scene.item["source"],
                title=scene.item["title"],
                canonical_id=story,
                relation=decision["relation"],
                revision_kind=decision["revision_kind"],
                reasons=decision["reasons"],
                repeats=[repeat["kind"] for repeat in answer["repeats"]],
                related=[f"{other['relation']} of {other['canonical_id']}" for other in answer["related"]],
                as_expected=fresh if scene.same_as is None else given.get(scene.same_as) == story,
            )
            given[scene.about] = story


@contextmanager
def _service(folder: Path) -> Iterator[str]:
    """A service of its own process, stopped in good order at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.upper().startswith("WIREFOLD_")}
    environment = clean | {
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "WIREFOLD_LOG_LEVEL": "warning",
        # The very package that runs this, wherever it was found.
        "PYTHONPATH": str(Path(app.__file__).resolve().parent.parent),
    }
    command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "log"
    with log.open("wb") as sink:
        service = subprocess.Popen(command, env=environment, stdout=sink, stderr=sink)  # noqa: S603 - our own
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, service, log)
            yield address
        finally:
            service.terminate()
            try:
                service.wait(10)
            except subprocess.TimeoutExpired:
                service.kill()
                service.wait()


def _await(address: str, service: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until and service.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=2, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise OSError(f"the service did not start: {log.read_text('utf-8', 'replace').strip()[-500:]}")


def show(told: Sequence[Told], console: Console) -> None:
    """One row a scene; what is one story has one colour."""
    stories = {each.canonical_id: None for each in told}
    letters = {story: chr(ord("A") + place) for place, story in enumerate(stories)}
    for each in told:
        letter = letters[each.canonical_id]
        colour = _COLOURS[(ord(letter) - ord("A")) % len(_COLOURS)]
        rows = Table.grid(padding=(0, 2))
        kind = f"{each.relation}, {each.revision_kind}" if each.revision_kind else each.relation
        mark = "" if each.as_expected else "  [bold red]unexpected[/]"
        rows.add_row(f"[bold {colour}]{letter}[/]", f"[bold {colour}]{kind}[/]{mark}  {escape(each.about)}")
        rows.add_row("", f"[dim]{escape(each.source)}:[/] {escape(each.title)}")
        for reason in each.reasons[:3] if each.relation != "new" else ():
            rows.add_row("", f"[dim]· {escape(reason)}[/]")
        if each.repeats:
            rows.add_row("", f"[dim]· prints its {' and its '.join(each.repeats)} again; kept once[/]")
        for other in each.related:
            relation, _, story = other.partition(" of ")
            rows.add_row("", f"[dim]· {relation}: linked to {letters.get(story, story)}, not joined[/]")
        console.print(rows)
    listed = ", ".join(f"{letter} = {story}" for story, letter in letters.items())
    console.print(f"\n{len(told)} articles are {len(stories)} stories: [dim]{listed}[/]")
