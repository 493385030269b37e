"""Archives taken in: put in order of publication, drafted in processes of their own, stored group by group.

How many records of an archive's order are taken in is kept in the database. It may lag behind what is
stored, never run ahead of it: what is taken in again then is known by its identity and its content.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

import orjson
import structlog

from app.dedup.profile import Profile
from app.errors import StorageUnavailable, WirefoldError
from app.parsing.archive import read_archive
from app.parsing.archive_records import Kind, Record, UnreadableArchive, broken
from app.services import drafter
from app.services.archived import Wording, draft_records, published, unpacked
from app.services.context import Context
from app.services.drafting import Drafted
from app.services.ingest import Answer, take_in
from app.services.sorted_runs import SortedRuns, SortKey
from app.store.progress import mark, put_mark

_GROUP_BYTES = 4 * 1024 * 1024
_PATIENCE_S = 120.0
"""How long a database that is away or locked is waited for."""
_DONE = "sorted.json"
log = structlog.get_logger()


class Found(NamedTuple):
    """A record, and the number of its archive, from 0."""

    archive: int
    record: Record


@dataclass(slots=True)
class Reading:
    """What was met in the archives so far."""

    records: int = 0
    others: Counter[str] = field(default_factory=Counter)
    """Records that are no articles, by what they are."""


# ------------------------------------------------------------------------------------------- in which order
def as_read(archives: Sequence[Path], wording: Wording, reading: Reading) -> Iterator[Found]:
    """The articles and pages of the archives, one archive after the other; others are counted."""
    for number, path in enumerate(archives):
        with path.open("rb") as file:
            try:
                for record in read_archive(file, most_bytes=wording.bounds.item_bytes):
                    if record.kind is Kind.OTHER:
                        reading.others[record.said["what"]] += 1
                    else:
                        reading.records += 1
                        yield Found(number, record)
            except UnreadableArchive as error:
                raise UnreadableArchive(f"{path}: {error.detail}", fix=error.fix) from None


def sort(archives: Sequence[Path], wording: Wording, folder: Path, reading: Reading) -> Iterator[int]:
    """Put the archives' records in order of publication, in a folder; yields now and then how many they are.

    A record without a date stays behind the one that it was read behind. Where the folder holds the order
    already, from a run that was broken off later, nothing is read again.
    """
    done = folder / _DONE
    if done.exists():
        kept = orjson.loads(done.read_bytes())
        reading.records, reading.others = kept["records"], Counter(kept["others"])
        return
    for left in folder.iterdir():
        left.unlink()
    runs = SortedRuns(folder)
    moment, at = 0.0, -1
    for archive, record in as_read(archives, wording, reading):
        ready = _ready(record, wording)
        when = published(ready, wording) if ready.kind is not Kind.BROKEN else None
        moment = when.timestamp() if when else (moment if archive == at else 0.0)
        at = archive
        runs.add(SortKey(moment, archive, ready.place), _packed(ready))
        if reading.records % 1_000 == 0:
            yield reading.records
    runs.finish()
    done.write_bytes(orjson.dumps({"records": reading.records, "others": dict(reading.others)}))


def in_order(folder: Path) -> Iterator[Found]:
    """What ``sort`` has put into a folder, in order."""
    for key, packed in SortedRuns(folder).read():
        yield Found(key.archive, _unpacked(key.place, packed))


def _ready(record: Record, wording: Wording) -> Record:
    try:
        return unpacked(record, wording) if record.kind is Kind.PAGE else record
    except WirefoldError as error:
        return broken(record.place, error)


def _packed(record: Record) -> bytes:
    head = orjson.dumps([record.kind.value, dict(record.said)])
    return len(head).to_bytes(4, "little") + head + record.body


def _unpacked(place: int, packed: bytes) -> Record:
    end = 4 + int.from_bytes(packed[:4], "little")
    kind, said = orjson.loads(packed[4:end])
    return Record(Kind(kind), place, packed[end:], said)


# --------------------------------------------------------------------------------------------- taking them in
Group: TypeAlias = list[Found]


def groups(records: Iterable[Found], size: int) -> Iterator[Group]:
    """Records in groups that are stored together: of so many at most, fewer where they are large."""
    group: Group = []
    held = 0
    for found in records:
        group.append(found)
        held += len(found.record.body)
        if len(group) == size or held >= _GROUP_BYTES:
            yield group
            group, held = [], 0
    if group:
        yield group


def take_in_groups(
    ctx: Context, of: Iterable[Group], wording: Wording, *, processes: int
) -> Iterator[tuple[Group, list[Answer]]]:
    """Take groups in, in order, each in one transaction; the next ones are drafted meanwhile.

    Raises StorageFull, and StorageUnavailable where that lasts; what was yielded is stored.
    """
    for group, drafted in _drafted(ctx.profile, of, wording, processes):
        yield group, _stored(ctx, drafted)


def _drafted(
    profile: Profile, of: Iterable[Group], wording: Wording, processes: int
) -> Iterator[tuple[Group, list[Drafted]]]:
    if not processes:
        for group in of:
            yield group, draft_records([each.record for each in group], wording, profile)
        return
    executor = drafter.open_processes(profile, processes)
    ahead: deque[tuple[Group, Future[list[Drafted]]]] = deque()
    try:
        for group in of:
            ahead.append((group, executor.submit(_draft, [each.record for each in group], wording)))
            if len(ahead) > processes + 1:
                first, drafts = ahead.popleft()
                yield first, drafts.result()
        while ahead:
            first, drafts = ahead.popleft()
            yield first, drafts.result()
    except BrokenExecutor as error:
        raise WirefoldError(
            "A drafting process died.", fix="Look whether the machine ran out of memory, then run it again."
        ) from error
    finally:
        executor.shutdown(cancel_futures=True)


def _draft(records: Sequence[Record], wording: Wording) -> list[Drafted]:
    return draft_records(records, wording, drafter.own_profile())


def _stored(ctx: Context, drafted: Sequence[Drafted]) -> list[Answer]:
    """Take a group in. A fault of ours with one article is that article's answer; with all it is raised."""
    try:
        return _patiently(lambda: take_in(ctx, drafted))
    except WirefoldError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again below, unless only some are at fault
        log.warning("a group could not be taken in; one by one", articles=len(drafted), error=repr(error))
        whole = error
    answers: list[Answer] = []
    failed = 0
    for each in drafted:
        try:
            answers += _patiently(lambda each=each: take_in(ctx, [each]))  # type: ignore[misc]
        except WirefoldError:
            raise
        except Exception:
            log.exception("article could not be taken in")
            failed += 1
            answers.append(WirefoldError("The article could not be stored. This is a fault of the program."))
        if failed > 1 and failed == len(answers):
            raise whole
    return answers


def _patiently(store: Callable[[], list[Answer]]) -> list[Answer]:
    """Store, trying again while the database is away for a moment."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return store()
        except StorageUnavailable as error:
            if time.monotonic() > until:
                raise
            log.warning("waiting for the database", detail=error.detail)
            time.sleep(error.retry_after_s or 1.0)


# ---------------------------------------------------------------------------------------- how far it has come
class Begun(NamedTuple):
    """How far an import came in earlier runs."""

    records: int
    complete: bool


def taken_in(ctx: Context, name: str) -> Begun:
    """How far the import of that name has come."""
    with ctx.store.read() as tx:
        return Begun(mark(tx, f"import:{name}"), mark(tx, f"imported:{name}") > 0)


def note(ctx: Context, name: str, records: int, *, complete: bool = False) -> None:
    """Say how many of its records are taken in, and whether these are all."""
    with ctx.store.write() as tx:
        put_mark(tx, f"import:{name}", records)
        put_mark(tx, f"imported:{name}", int(complete))


def forget(ctx: Context, name: str) -> None:
    """Have it begin anew."""
    note(ctx, name, 0)
