"""Sealing the posting log into segments and merging those, in small steps under the ingest lock.

A segment is *building* while a merge fills it, *live* while it is read, *dead* until its blocks are
deleted. Whatever changes which segments are live raises the ``generation`` counter; that is how other
processes notice. Steps keep their progress in the segment's row, so any process can take the next one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Row

from app.store.blocks import Entries, build_filter, cut, pack, tidy, unpack
from app.store.engine import Tx
from app.store.progress import count_on
from app.store.statements import insert
from app.store.tables import posting, segment, segment_block, version

BLOCK_SHIFT = 20
"""A block's ID is its segment's, shifted, plus its number."""
BUILDING, LIVE, DEAD = "building", "live", "dead"


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the index. The defaults are measured: docs/decisions/0002-key-index.md."""

    cap: int = 201
    """Versions kept of one key, newest first."""
    block: int = 4_096
    """Entries of a block."""
    seal: int = 32_768
    """Entries of the log that make a segment."""
    fan: int = 4
    """Segments merged into one."""
    top: int = 5
    """Level that is not merged further: 32 million entries."""
    stride: int = 4
    """Blocks read of each input in one step of a merge."""
    sweep: int = 64
    """Blocks of dead segments deleted in one step."""
    span: timedelta | None = None
    """The longest time that a merged segment may hold: what is dropped by age is dropped whole."""


def seal_step(tx: Tx, profile: str, shape: Shape, now: datetime) -> bool:
    """Seal the oldest rows of the log if there are enough of them; whether there were."""
    mine = posting.c.profile == profile
    size = sa.func.coalesce(sa.func.sum(sa.func.length(posting.c["keys"])), 0)
    waiting, entries = tx.connection.execute(sa.select(sa.func.count(), size).where(mine)).one()
    if entries < shape.seal * 8 and waiting < shape.seal:
        return False
    log = sa.select(posting.c.seq, posting.c.version, posting.c["keys"]).where(mine).order_by(posting.c.seq)
    taken: list[Row[int, int, bytes]] = []
    total = 0
    for row in tx.connection.execute(log.limit(shape.seal)):
        taken.append(row)
        total += len(row.keys) // 8
        if total >= shape.seal:
            break
    keys = np.frombuffer(b"".join(row.keys for row in taken), "<u8")
    versions = np.repeat(
        np.array([row.version for row in taken], np.int64), [len(row.keys) // 8 for row in taken]
    )
    sealed = tidy(keys, versions, cap=shape.cap)
    new = count_on(tx, "segment")
    blocks = _write_blocks(tx, new, 0, sealed, shape)
    row_values = {
        "id": new,
        "profile": profile,
        "level": 0,
        "first_seq": taken[0].seq,
        "last_seq": taken[-1].seq,
        "entries": len(sealed),
        "blocks": blocks,
        "state": LIVE,
        "since": _last_until(tx, profile) or now,
        "until": now,
        "last_version": tx.connection.execute(sa.select(sa.func.max(version.c.key))).scalar() or 0,
    }
    insert(tx, segment, [row_values])
    tx.connection.execute(posting.delete().where(mine, posting.c.seq <= taken[-1].seq))
    count_on(tx, "generation")
    return True


def merge_step(tx: Tx, profile: str, shape: Shape) -> bool:
    """Do a little of what there is to merge or to delete; whether there was anything."""
    if _sweep(tx, shape):
        return True
    mine = sa.select(segment).where(segment.c.profile == profile).order_by(segment.c.first_seq)
    rows = tx.connection.execute(mine).all()
    if building := [row for row in rows if row.state == BUILDING]:
        _advance(tx, building[0], shape)
        return True
    for level in range(shape.top):
        if inputs := _mergeable([row for row in rows if row.level == level and row.state == LIVE], shape):
            _begin(tx, profile, inputs)
            return True
    return False


def erase(tx: Tx, profile: str, shape: Shape, keys: NDArray[np.uint64], versions: Collection[int]) -> bool:
    """Take entries of these versions out of all blocks that hold one of the keys; whether there were any.

    A block may be left empty: its first key is then that of the next one, so that no look-up comes to it.
    """
    gone = np.fromiter(versions, dtype=np.int64)
    found = False
    for row in tx.connection.execute(sa.select(segment).where(segment.c.profile == profile)).all():
        taken = _erase_in(tx, row.id, shape, np.unique(keys), gone)
        if taken:
            values = {"entries": row.entries - taken, "erased": row.erased + 1}
            tx.connection.execute(segment.update().where(segment.c.id == row.id).values(values))
            found = True
    return found


def bump_generation(tx: Tx) -> None:
    """Have every process look anew at what the index holds."""
    count_on(tx, "generation")


def _erase_in(tx: Tx, id_: int, shape: Shape, keys: NDArray[np.uint64], versions: NDArray[np.int64]) -> int:
    """Take entries out of one segment; how many."""
    its = segment_block.c.id.between(id_ << BLOCK_SHIFT, (id_ + 1 << BLOCK_SHIFT) - 1)
    firsts = tx.connection.execute(
        sa.select(segment_block.c.id, segment_block.c.first_key).where(its).order_by(segment_block.c.id)
    ).all()
    if not firsts:
        return 0
    starts = np.array([row.first_key for row in firsts], np.int64).view(np.uint64)
    numbers = np.unique(starts.searchsorted(keys, side="right") - 1)
    blocks = read_blocks(tx, [firsts[number].id for number in numbers.tolist() if number >= 0])
    taken = 0
    for block_id, block in blocks.items():
        kept = ~(np.isin(block.versions, versions) & np.isin(block.keys, keys))
        if kept.all():
            continue
        taken += int(np.count_nonzero(~kept))
        number = next(place for place, row in enumerate(firsts) if row.id == block_id)
        behind = starts[number + 1] if number + 1 < len(starts) else np.uint64(2**64 - 1)
        _rewrite(tx, block_id, Entries(block.keys[kept], block.versions[kept]), behind, shape)
    return taken


def _rewrite(tx: Tx, block_id: int, entries: Entries, behind: np.uint64, shape: Shape) -> None:
    first = entries.keys[:1] if len(entries) else np.array([behind], np.uint64)
    packed_keys, packed_versions = pack(entries)
    values = {
        "first_key": int(first.view(np.int64)[0]),
        "filter": build_filter(entries.keys, shape.block),
        "keys": packed_keys,
        "versions": packed_versions,
    }
    tx.connection.execute(segment_block.update().where(segment_block.c.id == block_id).values(values))
    tx.blocks_written = True


def drop_profile(tx: Tx, profile: str) -> None:
    """Take a profile out of the index. Steps of any profile's merging delete what is left of it."""
    tx.connection.execute(posting.delete().where(posting.c.profile == profile))
    tx.connection.execute(segment.update().where(segment.c.profile == profile).values(state=DEAD, merge=None))
    count_on(tx, "generation")


def read_blocks(tx: Tx, ids: Collection[int]) -> dict[int, Entries]:
    """Blocks by ID."""
    columns = (segment_block.c.id, segment_block.c["keys"], segment_block.c.versions)
    found: dict[int, Entries] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        some = sa.select(*columns).where(segment_block.c.id.in_(wanted[start : start + 500]))
        found.update((row.id, unpack(row.keys, row.versions)) for row in tx.connection.execute(some))
    return found


def _mergeable(rows: list[Row[*tuple[Any, ...]]], shape: Shape) -> list[Row[*tuple[Any, ...]]]:
    """The oldest neighbours of one level that make a segment of a span that may be; none where none do."""
    for start in range(len(rows) - shape.fan + 1):
        some = rows[start : start + shape.fan]
        if shape.span is None or some[-1].until - some[0].since <= shape.span:
            return some
    return []


def _last_until(tx: Tx, profile: str) -> datetime | None:
    mine = sa.select(segment.c.until).where(segment.c.profile == profile)
    return tx.connection.execute(mine.order_by(segment.c.last_seq.desc()).limit(1)).scalar()


def _begin(tx: Tx, profile: str, inputs: list[Row[*tuple[Any, ...]]]) -> None:
    plan = {"inputs": [row.id for row in inputs], "next": [0 for _ in inputs], "upto": None}
    values = {
        "id": count_on(tx, "segment"),
        "profile": profile,
        "level": inputs[0].level + 1,
        "first_seq": inputs[0].first_seq,
        "last_seq": inputs[-1].last_seq,
        "entries": 0,
        "blocks": 0,
        "state": BUILDING,
        "since": inputs[0].since,
        "until": inputs[-1].until,
        "last_version": inputs[-1].last_version,
        "merge": plan,
    }
    insert(tx, segment, [values])


def _advance(tx: Tx, row: Row[*tuple[Any, ...]], shape: Shape) -> None:
    """Merge the entries up to the first end of what is read of each input."""
    inputs, nexts, upto = row.merge["inputs"], row.merge["next"], row.merge["upto"]
    sizes = dict(
        tx.connection.execute(sa.select(segment.c.id, segment.c.blocks).where(segment.c.id.in_(inputs))).all()
    )
    read = {
        id_: [(id_ << BLOCK_SHIFT) + n for n in range(start, min(start + shape.stride, sizes[id_]))]
        for id_, start in zip(inputs, nexts, strict=True)
    }
    blocks = read_blocks(tx, [block for numbers in read.values() for block in numbers])
    lasts = {id_: _lasts([blocks[block] for block in read[id_]], upto or 0) for id_ in inputs}
    ends = [
        lasts[id_][-1] for id_, start in zip(inputs, nexts, strict=True) if start + shape.stride < sizes[id_]
    ]
    bound = min(ends) if ends else None
    merged = _between(blocks.values(), upto, bound, shape)
    added = _write_blocks(tx, row.id, row.blocks, merged, shape)
    values: dict[str, object] = {"blocks": row.blocks + added, "entries": row.entries + len(merged)}
    if bound is None:
        dead = segment.update().where(segment.c.id.in_(inputs)).values(state=DEAD)
        tx.connection.execute(dead)
        values |= {"state": LIVE, "merge": None}
        count_on(tx, "generation")
    else:
        done = [sum(last <= bound for last in lasts[id_]) for id_ in inputs]
        ahead = [start + count for start, count in zip(nexts, done, strict=True)]
        values["merge"] = {"inputs": inputs, "next": ahead, "upto": bound}
    tx.connection.execute(segment.update().where(segment.c.id == row.id).values(values))


def _lasts(blocks: Iterable[Entries], before: int) -> list[int]:
    """The last key up to and with each block, of which some may be empty."""
    found = []
    for block in blocks:
        before = int(block.keys[-1]) if len(block) else before
        found.append(before)
    return found


def _between(blocks: Iterable[Entries], upto: int | None, bound: int | None, shape: Shape) -> Entries:
    keys, versions = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for block in blocks:
        start = 0 if upto is None else np.searchsorted(block.keys, np.uint64(upto), side="right")
        end = len(block) if bound is None else np.searchsorted(block.keys, np.uint64(bound), side="right")
        keys.append(block.keys[start:end])
        versions.append(block.versions[start:end])
    return tidy(np.concatenate(keys), np.concatenate(versions), cap=shape.cap)


def _write_blocks(tx: Tx, into: int, first: int, entries: Entries, shape: Shape) -> int:
    """Add blocks to a segment; how many."""
    rows = []
    for number, block in enumerate(cut(entries, shape.block), start=first):
        keys, versions = pack(block)
        values = {
            "id": (into << BLOCK_SHIFT) + number,
            "first_key": int(block.keys[:1].view(np.int64)[0]),
            "filter": build_filter(block.keys, shape.block),
            "keys": keys,
            "versions": versions,
        }
        rows.append(values)
    insert(tx, segment_block, rows)
    tx.blocks_written = True
    return len(rows)


def _sweep(tx: Tx, shape: Shape) -> bool:
    dead = tx.connection.execute(sa.select(segment.c.id).where(segment.c.state == DEAD).limit(1)).scalar()
    if dead is None:
        return False
    its = segment_block.c.id.between(dead << BLOCK_SHIFT, (dead + 1 << BLOCK_SHIFT) - 1)
    some = sa.select(segment_block.c.id).where(its).order_by(segment_block.c.id).limit(shape.sweep)
    if ids := tx.connection.execute(some).scalars().all():
        tx.connection.execute(segment_block.delete().where(segment_block.c.id.in_(ids)))
    if len(ids) < shape.sweep:
        tx.connection.execute(segment.delete().where(segment.c.id == dead))
    return True
