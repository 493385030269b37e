"""Archives of articles: NDJSON, Parquet and WARC, the first and the last also packed by gzip or Zstandard.

What an archive is, its first bytes say, not its name. A record that cannot be read is one outcome among the
others; where the archive itself breaks off, that is its last record.
"""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedReader
from typing import IO, cast

from app.errors import InvalidSubmission, WirefoldError
from app.parsing.archive_lines import read_lines
from app.parsing.archive_parquet import read_rows, unpack_zstandard
from app.parsing.archive_records import Record, UnreadableArchive, broken
from app.parsing.warc import read_warc
from app.parsing.warc_members import read_members

_GZIP = b"\x1f\x8b"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_PARQUET = b"PAR1"
_WARC = b"WARC/"
_BOM = b"\xef\xbb\xbf"
_PEEKED = 64
_FIX = "Import NDJSON, Parquet or WARC; gzip and Zstandard are unpacked on the way."


def read_archive(file: BufferedReader, *, most_bytes: int) -> Iterator[Record]:
    """The records of an archive, which is read once from its beginning; memory is bounded by ``most_bytes``.

    Raises UnreadableArchive where it is a JSON array, or what reads it is not installed.
    """
    last = 0
    try:
        for record in _records(file, most_bytes):
            last = record.place
            yield record
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield broken(last + 1, _breaks_off(error))
    except OSError as error:
        if error.errno is not None:  # the disk's fault
            raise
        yield broken(last + 1, _breaks_off(error))


def _records(file: BufferedReader, most_bytes: int) -> Iterator[Record]:
    head = file.peek(_PEEKED)[:_PEEKED]
    if head.startswith(_PARQUET):
        return read_rows(file, most_bytes)
    stream: IO[bytes] = file
    if head.startswith(_GZIP):
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    elif head.startswith(_ZSTANDARD):
        stream = unpack_zstandard(file)
    start = head if stream is file else cast(BufferedReader, stream).peek(_PEEKED)[:_PEEKED]
    if start.startswith(_WARC):
        if head.startswith(_GZIP):
            file.seek(0)
            return read_members(file, most_bytes)
        return read_warc(stream, most_bytes)
    if start.removeprefix(_BOM).lstrip().startswith(b"["):
        raise UnreadableArchive(
            "It is a JSON array, not NDJSON.",
            fix="Take it in with `wirefold ingest`, or write an object a line.",
        )
    return read_lines(stream, most_bytes)


def _breaks_off(error: BaseException) -> WirefoldError:
    return InvalidSubmission(f"The archive breaks off here: {error}.", fix=_FIX)
