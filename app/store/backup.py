"""A copy of an SQLite database that is whole, made while others write, and putting one back.

Through SQLite's backup API in one read transaction (sqlite.org/backup.html): a copy in steps would begin
again with every commit of another process.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.errors import StorageFull, StorageUnavailable
from app.store.columns import EPOCH, MICROSECOND
from app.store.leases import LONGEST

_LOG_FILES = ("-wal", "-shm")
_NOT_OURS = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}


class BadBackup(Exception):
    """A file is no sound database of ours."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    path: Path
    size: int
    """Bytes."""
    revision: str
    """Of the schema."""
    articles: int
    position: int
    """The last of the change feed."""


def copy_database(source: Path, target: Path) -> Copied:
    """Copy a database in use to a file of its own. Nothing stands under the name until it is whole and sound.

    Raises BadBackup where the source is no sound database of ours, StorageFull where there is no room.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _named():
            with (
                closing(sqlite3.connect(_read_only(source), uri=True)) as reads,
                closing(sqlite3.connect(partial)) as writes,
            ):
                reads.backup(writes)
                # One file without a log beside it, which can be carried away.
                writes.execute("PRAGMA journal_mode = DELETE")
            copied = look_into(partial)
            _sync(partial)
            partial.replace(target)
            _sync(target.parent)
    finally:
        for leftover in (partial, *_logs_of(partial)):
            leftover.unlink(missing_ok=True)
    return replace(copied, path=target)


def look_into(path: Path) -> Copied:
    """What a file holds. Raises BadBackup where it is no sound database of ours."""
    if not path.is_file():
        raise BadBackup(f"There is no file {path}.")
    with _named(), closing(sqlite3.connect(_read_only(path), uri=True)) as reads:
        try:
            found = [line for (line,) in reads.execute("PRAGMA quick_check(1)") if line != "ok"]
            if found:
                raise BadBackup(f"{path} is damaged: {found[0]}.")
            (revision,) = reads.execute("SELECT version_num FROM alembic_version").fetchone()
            (articles,) = reads.execute("SELECT count(*) FROM article").fetchone()
            (position,) = reads.execute("SELECT coalesce(max(position), 0) FROM change").fetchone()
        except (sqlite3.DatabaseError, TypeError) as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOTADB) not in _NOT_OURS:
                raise
            raise BadBackup(f"{path} is no database of this service.") from error
    return Copied(path, path.stat().st_size, revision, articles, position)


def lease_holders(path: Path, prefix: str, now: datetime) -> list[str]:
    """Who holds a lease whose name begins so. Of a file that cannot be read, nobody."""
    held = "SELECT holder FROM lease WHERE substr(name, 1, ?) = ? AND until > ? AND until <= ?"
    from_, to = ((each - EPOCH) // MICROSECOND for each in (now, now + LONGEST))
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as reads:
            rows = reads.execute(held, (len(prefix), prefix, from_, to))
            return [holder for (holder,) in rows]
    except sqlite3.DatabaseError:
        return []


def set_aside(path: Path, now: datetime) -> Path:
    """Give a database and its log another name beside where it was. Nobody may have it open."""
    aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}")
    for log, moved in zip(_logs_of(path), _logs_of(aside), strict=True):
        if log.exists():
            log.replace(moved)
    path.replace(aside)
    return aside


def _logs_of(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in _LOG_FILES]


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


@contextmanager
def _named() -> Iterator[None]:
    """Failures that somebody can do something about, by their names."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            raise StorageFull("There is no room for the copy.", retry_after_s=60) from error
        raise StorageUnavailable(f"The file cannot be used: {error}.", retry_after_s=1) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
