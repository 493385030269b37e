"""What came of an import: a table of counts, and the file that lists what was refused."""

import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import orjson

from app.cli.printing import said, screen, table, to_json
from app.errors import WirefoldError
from app.parsing.archive_records import Kind
from app.services.importing import Found, Reading
from app.services.ingest import Answer

_TAIL = 8 * 1024 * 1024
"""Bytes at the end of a list begun earlier in which a refusal may stand that is met again."""


@dataclass(slots=True)
class Report:
    """What happened so far."""

    archives: Sequence[Path]
    before: int
    """Records taken in by earlier runs."""
    reading: Reading = field(default_factory=Reading)
    relations: Counter[str] = field(default_factory=Counter)
    known: int = 0
    rejected: int = 0
    taken: int = 0
    """Records of the archives' order that are done, those of earlier runs included."""
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.taken = self.before

    def take(self, answer: Answer) -> None:
        """Note what became of the next record."""
        self.taken += 1
        if isinstance(answer, WirefoldError):
            self.rejected += 1
        elif answer.replayed:
            self.known += 1
        else:
            self.relations[answer.decision.relation.value] += 1

    def as_json(self) -> dict[str, object]:
        """The report as one value."""
        return {
            "archives": [str(path) for path in self.archives],
            "records": self.taken,
            "earlier": self.before,
            "stored": self.relations.total(),
            "relations": dict(self.relations),
            "known": self.known,
            "rejected": self.rejected,
            "others": dict(self.reading.others),
            "seconds": round(time.monotonic() - self.began, 3),
        }

    def show(self, rejects: Path) -> None:
        """The report for people."""
        seconds = time.monotonic() - self.began
        rows = table("records", "what became of them")
        for count, what in [
            (self.before, "taken in by an earlier run"),
            *((count, f"stored: {name}") for name, count in self.relations.most_common()),
            (self.known, "known already"),
            (self.rejected, f"rejected, listed in {said(rejects)}"),
            *((count, f"no article: {said(what)}") for what, count in self.reading.others.most_common()),
        ]:
            if count:
                rows.add_row(f"{count:,}", what)
        done = self.taken - self.before
        screen().print(rows)
        screen().print(f"{done:,} records in {seconds:,.0f} s, {done / max(seconds, 1e-9):,.0f} a second.")


class Rejects:
    """The list of refused records, one JSON object a line. Made when there is the first."""

    def __init__(self, path: Path, archives: Sequence[Path], *, fresh: bool) -> None:
        self.path = path
        self._archives = archives
        self._fresh = fresh
        self._file: IO[bytes] | None = None
        self._listed: set[tuple[str, int]] = set()

    def __enter__(self) -> Self:
        if self._fresh:
            self.path.unlink(missing_ok=True)
        elif self.path.exists():
            self._listed = _listed_in(self.path)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def add(self, found: Found, error: WirefoldError) -> None:
        """List a record, unless a run that was broken off has listed it."""
        archive = str(self._archives[found.archive])
        if (archive, found.record.place) in self._listed:
            return
        self._file = self._file or self.path.open("ab")
        broken = found.record.kind is Kind.BROKEN
        line = {
            "archive": archive,
            "place": found.record.place,
            "code": found.record.said["code"] if broken else error.code,
            "detail": error.detail,
            "field": error.field,
            "fix": error.fix,
        }
        self._file.write(to_json(line).encode("utf-8", "surrogatepass") + b"\n")

    def flush(self) -> None:
        """What is listed is in the file."""
        if self._file:
            self._file.flush()
            os.fsync(self._file.fileno())


def _listed_in(path: Path) -> set[tuple[str, int]]:
    """What stands at the end of a list; a last line that was not finished is taken off."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
        whole = tail[: tail.rfind(b"\n") + 1]
        file.truncate(size - len(tail) + len(whole))
    lines = whole.splitlines()[1:] if size > _TAIL else whole.splitlines()
    rows = [orjson.loads(line) for line in lines]
    return {(row["archive"], row["place"]) for row in rows}
