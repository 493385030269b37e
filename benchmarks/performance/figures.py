"""Figures kept as they are measured: what is there already is not measured again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from machine import Machine, describe


class Figures:
    """A JSON file of figures by name, each with the machine, the day and the commit."""

    def __init__(
        self,
        path: Path,
        saved: Callable[["Figures"], None] = lambda _: None,
        *,
        known: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self.path = path
        self._saved = saved
        self._kept: dict[str, dict[str, Any]] = known or {}
        if known is None and path.exists():
            self._kept = json.loads(path.read_text("utf-8"))

    def once(self, name: str, measure: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The figure of this name, measured if it is not known."""
        if name not in self._kept:
            say(f"{datetime.now(UTC):%H:%M:%S} {name}")
            self.put(name, measure())
        return self._kept[name]["value"]

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Keep a figure, in the place of what was known."""
        self._kept[name] = {"value": value, "machine": describe()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self._kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        fresh.replace(self.path)
        self._saved(self)

    def get(self, name: str, otherwise: Any = None) -> Any:  # noqa: ANN401
        """The figure, if it is known."""
        return self._kept[name]["value"] if name in self._kept else otherwise

    def all(self) -> dict[str, Any]:
        """Every figure by its name."""
        return {name: each["value"] for name, each in self._kept.items()}

    def kept(self) -> dict[str, Any]:
        """Every figure with where and when it was measured, as ``Figures`` reads them."""
        return self._kept

    def machines(self) -> list[Machine]:
        """Where and when they were measured, the first first."""
        return [each["machine"] for each in self._kept.values()]


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, flush=True)
