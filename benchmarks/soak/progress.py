"""How much is to be done, and what is done of it: kept in a file, so that a soak goes on where it stopped."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.soak.report import commit
from benchmarks.soak.serving import ROOT

FOLDER = ROOT / "build" / "soak"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done, races and kills on each database."""

    name: str
    races: int
    kills: int
    bodies: int
    examples: int
    minutes: float = math.inf
    """For the races on one database, and for its kills: what is not done then is left."""


SAMPLE = Size("sample", races=600, kills=10, bodies=4_000, examples=20, minutes=2)
FULL = Size("full", races=10_000, kills=100, bodies=1_000_000, examples=2_000)


class Progress:
    """What came out so far. ``state`` is what the report is made of."""

    def __init__(self, place: Path, state: dict[str, Any]) -> None:
        self._place = place
        self.state = state

    @classmethod
    def of(
        cls, size: Size, seed: int, *, afresh: bool, again: bool = True, folder: Path = FOLDER
    ) -> "Progress":
        """What is done of this size and seed; nothing where it is to begin afresh, or again after its end."""
        place = folder / f"{size.name}-{seed}.json"
        state = json.loads(place.read_text("utf-8")) if place.exists() and not afresh else {}
        progress = cls(place, state)
        if not state or (again and state["finished"]):
            progress.bodies.unlink(missing_ok=True)
            asked = {name: count for name, count in asdict(size).items() if isinstance(count, int)}
            progress.state = {
                "seed": seed,
                "asked": asked,
                "commits": [],
                "finished": False,
                "hardships": [],
                "races": {},
                "kills": {},
            }
        return progress

    @property
    def seed(self) -> int:
        """What everything is drawn from."""
        return int(self.state["seed"])

    @property
    def bodies(self) -> Path:
        """Where hostile bodies are kept that were tried."""
        return self._place.with_suffix(".bodies")

    def save(self, what: str) -> None:
        """Keep what is done, and say what was done last."""
        if (now := commit()) not in self.state["commits"]:
            self.state["commits"].append(now)
        self._place.parent.mkdir(parents=True, exist_ok=True)
        aside = self._place.with_suffix(".new")
        aside.write_text(json.dumps(self.state, indent=1), "utf-8")
        aside.replace(self._place)
        print(what, flush=True)

    def finish(self) -> None:
        """Nothing is left: who asks again begins afresh."""
        self.state["finished"] = True
        self.save("done")

    def wrong(self) -> bool:
        """Whether anything came out otherwise than promised."""
        state = self.state
        return (
            bool(state.get("promises", {}).get("broken") or state.get("bodies", {}).get("faults"))
            or any(kind.startswith("wrong") for each in state["races"].values() for kind in each["tally"])
            or any(each["wrong"] for each in state["kills"].values())
            or any(each["wrong"] for each in state["hardships"])
        )
