"""How far an import is, on standard error: a bar for people, a line now and then for a log."""

import time
from typing import Self

from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from app.cli.printing import errors

_LINE_EVERY_S = 10.0


class Progress:
    """Told again and again how far it is; shows it when that is due."""

    def __init__(self) -> None:
        console = errors()
        self._lines = not console.is_terminal
        self._bar = Bar(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(), console=console, transient=True, disable=self._lines,
        )  # fmt: skip
        self._console = console
        self._task = self._bar.add_task("", total=None, told="")
        self._total: int | None = None
        self._first = 0
        self._began = self._told = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def sorting(self, records: int) -> None:
        """So many records are read, to be put in order."""
        self._tell("reading", records, f"{records:,} records read")

    def taking_in(self, total: int | None, before: int) -> None:
        """From now on they are taken in: so many in all, where that is known, some of them earlier."""
        self._total, self._first, self._began = total, before, time.monotonic()

    def taken(self, records: int) -> None:
        """So many are done, those of earlier runs included."""
        spent = time.monotonic() - self._began
        rate = (records - self._first) / max(spent, 1e-3)
        of = "" if self._total is None else f" of {self._total:,}"
        left = (
            ""
            if self._total is None or not rate
            else f", {(self._total - records) / rate / 60:,.0f} min left"
        )
        told = f"{records:,}{of} taken in, {rate:,.0f} a second"
        self._tell("taking in", records, told + (left if self._lines else ""))

    def _tell(self, what: str, done: int, told: str) -> None:
        self._bar.update(self._task, description=what, completed=done, total=self._total, told=told)
        if self._lines and time.monotonic() - self._told > _LINE_EVERY_S:
            self._told = time.monotonic()
            self._console.print(told, highlight=False)
