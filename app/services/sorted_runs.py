"""Sorting more than fits into memory: sorted runs in a folder, merged when they are read.

A run holds what fits into ``most_bytes``; runs are merged before there are more of them than files should
be open. Equal keys cannot be: each names its archive and place.
"""

import heapq
import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple

_HEAD = struct.Struct("<dIQI")
_MOST_RUNS = 64


class SortKey(NamedTuple):
    """Where a record belongs: by its moment, in seconds since 1970, then by where it was read."""

    moment: float
    archive: int
    place: int


class SortedRuns:
    """Payloads in order of their keys, in files of a folder of its own."""

    def __init__(self, folder: Path, *, most_bytes: int = 64 * 1024 * 1024) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._held: list[tuple[SortKey, bytes]] = []
        self._size = 0
        self._made = 0

    def add(self, key: SortKey, payload: bytes) -> None:
        """Add one, in any order."""
        self._held.append((key, payload))
        self._size += len(payload) + 200  # what Python itself needs
        if self._size >= self._most_bytes:
            self._spill()

    def finish(self) -> None:
        """Nothing more is added; what was added is in the folder, and as many runs as can be read at once."""
        self._spill()
        while len(runs := self._runs()) > _MOST_RUNS:
            merged = runs[:_MOST_RUNS]
            self._write(_merged(merged))
            for path in merged:
                path.unlink()

    def read(self) -> Iterator[tuple[SortKey, bytes]]:
        """All of them, in order. May be read again, also by another process."""
        return _merged(self._runs())

    def _runs(self) -> list[Path]:
        return sorted(self._folder.glob("run-*"))

    def _spill(self) -> None:
        if self._held:
            self._held.sort(key=lambda each: each[0])
            self._write(self._held)
            self._held, self._size = [], 0

    def _write(self, entries: Iterable[tuple[SortKey, bytes]]) -> None:
        self._made += 1
        fresh = self._folder / "writing"
        with fresh.open("wb", buffering=1024 * 1024) as file:
            for key, payload in entries:
                file.write(_HEAD.pack(*key, len(payload)))
                file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self._folder / f"run-{self._made:06d}")


def _merged(paths: Iterable[Path]) -> Iterator[tuple[SortKey, bytes]]:
    with ExitStack() as opened:
        files = [opened.enter_context(path.open("rb", buffering=256 * 1024)) for path in paths]
        yield from heapq.merge(*map(_entries, files), key=lambda each: each[0])


def _entries(file: IO[bytes]) -> Iterator[tuple[SortKey, bytes]]:
    while head := file.read(_HEAD.size):
        moment, archive, place, size = _HEAD.unpack(head)
        yield SortKey(moment, archive, place), file.read(size)
