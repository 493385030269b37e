"""Parquet rows as JSON of the contract, and Zstandard streams: what the extra ``parquet`` (pyarrow) reads."""

import importlib
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BufferedReader, RawIOBase
from typing import IO, Any

from app.errors import InvalidSubmission, TooLarge
from app.parsing.archive_records import Kind, Record, UnreadableArchive, broken
from app.parsing.json_text import JsonValue, write_json

_ROWS = 200
"""Rows that are held at once, beside the pages they are unpacked from."""
_BUFFER = 1024 * 1024


def read_rows(file: BufferedReader, most_bytes: int) -> Iterator[Record]:
    """One record a row: an object of its columns by name, without those that are null.

    Timestamps are written in ISO 8601, bytes as UTF-8 text. A row that cannot be is broken.
    """
    parquet = _load("pyarrow.parquet", "Parquet")
    try:
        rows = parquet.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
    except _errors() as error:
        yield broken(1, InvalidSubmission(f"The Parquet file cannot be read: {error}."))
        return
    place = 0
    try:
        for batch in rows.iter_batches(batch_size=_ROWS, use_threads=False):
            whole = _without_nanoseconds(batch)
            for number in range(batch.num_rows):
                place += 1
                yield _row(whole, number, place, most_bytes)
    except _errors() as error:
        yield broken(place + 1, InvalidSubmission(f"The Parquet file breaks off here: {error}."))


def unpack_zstandard(file: BufferedReader) -> IO[bytes]:
    """The stream in a Zstandard file of one or several frames (RFC 8878)."""
    arrow = _load("pyarrow", "Zstandard")
    return BufferedReader(_Unpacked(arrow.CompressedInputStream(arrow.PythonFile(file, "r"), "zstd")))


class _Unpacked(RawIOBase):
    """What BufferedReader asks of a stream below it."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - the package has no types
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever may be written to
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _row(batch: Any, number: int, place: int, most_bytes: int) -> Record:  # noqa: ANN401
    try:
        (row,) = batch.slice(number, 1).to_pylist()
        raw = write_json({name: _plain(value) for name, value in row.items() if value is not None})
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:  # those of Arrow are such, too
        return broken(place, InvalidSubmission(f"The row cannot be read: {error}."))
    if len(raw) > most_bytes:
        return broken(place, TooLarge(f"The row is over {most_bytes} bytes as JSON."))
    return Record(Kind.ARTICLE, place, raw)


def _without_nanoseconds(batch: Any) -> Any:  # noqa: ANN401
    """Python's own times know microseconds; those of pandas are not wanted for them."""
    arrow = _load("pyarrow", "Parquet")
    for number, field in enumerate(batch.schema):
        if arrow.types.is_timestamp(field.type) and field.type.unit == "ns":
            fine = batch.column(number).cast(arrow.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(number, field.name, fine)
    return batch


def _plain(value: object) -> JsonValue:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str | int) or value is None:
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)


def _errors() -> tuple[type[Exception], ...]:
    arrow = _load("pyarrow", "Parquet")
    return (arrow.ArrowException, OSError)


def _load(module: str, what: str) -> Any:  # noqa: ANN401 - the package has no types
    """A part of pyarrow, which only those need who have such archives."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UnreadableArchive(
            f"{what} is read with pyarrow, which is not installed.",
            fix="Install it: pip install 'wirefold[parquet]'.",
        ) from None
