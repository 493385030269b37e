"""Finding the versions that carry a key. Why it is built so: docs/decisions/0002-key-index.md.

The index is the sealed segments plus the unsealed end of the posting log. A process keeps that end, and
the first key and the filter of every block, in memory; blocks are read when a filter says so, and cached.

Every transaction has a view of its own, made by ``catch_up``: what is read in a read transaction is shared
with later ones at once, what is read or noted in a write transaction only once that has committed.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from app.model import PostingRow, VersionKey
from app.store import segments as sealed
from app.store.blocks import Entries, Filters, Keys, Numbers, may_hold, ranges, tidy
from app.store.engine import Tx
from app.store.segments import BLOCK_SHIFT, LIVE, Shape, read_blocks
from app.store.tables import counter, posting, segment, segment_block
from app.store.tail import Tail

# One statement, so that its parts cannot disagree; made once, because making it takes longer than running it.
_NEWS = sa.union_all(
    sa.select(
        sa.select(sa.func.max(counter.c.value)).where(counter.c.name == "generation").scalar_subquery(),
        sa.select(sa.func.max(posting.c.seq)).scalar_subquery(),
        sa.null(),
    ),
    sa.select(posting.c.seq, posting.c.version, posting.c["keys"]).where(
        posting.c.seq > sa.bindparam("seq", type_=sa.BigInteger),
        posting.c.profile == sa.bindparam("profile", type_=sa.Text),
    ),
)

_NONE = Entries(np.empty(0, np.uint64), np.empty(0, np.int64))
_ANY = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """What is kept in memory of a live segment."""

    id: int
    erased: int
    last_seq: int
    first_keys: Keys
    filters: Filters


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """What a transaction sees: all rows up to ``seq``, in segments or in the tail."""

    generation: int = -1
    seq: int = 0
    segments: tuple[_Segment, ...] = ()
    tail: Tail = field(default_factory=Tail)
    noted: Tail = field(default_factory=Tail)
    """In a read transaction, what was noted: not in the database, and not to be shared."""
    last: int = 0
    """Where the transaction's snapshot ends; the tail may go further."""


class Index:
    """The index of one profile, as one process sees it. Safe to share between threads."""

    def __init__(self, profile: str, *, shape: Shape | None = None, cache_bytes: int = 64 << 20) -> None:
        self.profile = profile
        self.shape = shape or Shape()
        self._lock = threading.Lock()
        self._newest = _View()
        self._cache: OrderedDict[tuple[int, int], Entries] = OrderedDict()
        """Blocks by ID, and by how often entries were taken out of their segment."""
        self._room = cache_bytes

    def catch_up(self, tx: Tx) -> None:
        """See what was committed before this transaction's snapshot. One statement if that is nothing."""
        view = self._view_of(tx)
        generation, last, rows = self._news(tx, view.seq)
        if generation != view.generation:
            # Segments came or went; or this snapshot is older than what another thread has seen.
            view = self._reload(tx, view, generation)
            _, last, rows = self._news(tx, view.seq)
        seq = rows[-1].seq if rows else view.seq
        if tx.writing:
            # Under the lock nothing is newer than the snapshot, except what this transaction noted itself.
            last = max(last, view.last)
        tx.views[self] = view = replace(view, seq=seq, tail=view.tail.add(rows), last=last)
        if not tx.writing:
            self._share(view)

    def lookup(self, tx: Tx, keys: Keys, *, after: int = 0) -> tuple[Numbers, Numbers]:
        """Who carries these keys: positions into ``keys``, and versions, ordered by both.

        Of a key with more than ``shape.cap`` versions the newest are given. With ``after``, what was posted
        up to that number may be left out: a cheap second look at what has come since.
        """
        if self not in tx.views:
            self.catch_up(tx)
        view = self._view_of(tx)
        found = view.tail.find(keys, after=after, upto=view.last)
        found += view.noted.find(keys, after=after, upto=_ANY)
        found += self._sealed(tx, [each for each in view.segments if each.last_seq > after], keys)
        merged = tidy(
            np.concatenate([_NONE.keys, *(each.keys for each in found)]),
            np.concatenate([_NONE.versions, *(each.versions for each in found)]),
            cap=self.shape.cap,
        )
        return merged.keys.astype(np.int64), merged.versions

    def note(self, tx: Tx, rows: Sequence[PostingRow]) -> None:
        """Let later look-ups of this transaction find rows, numbered behind all that is stored.

        A write transaction is going to append them: other transactions see them once it has committed, and
        after a rollback nobody does. Of a read transaction they are its own affair.
        """
        if self not in tx.views:
            self.catch_up(tx)
        view = self._view_of(tx)
        mine = [row for row in rows if row.profile == self.profile]
        if mine and tx.writing:
            seq = mine[-1].seq
            tx.views[self] = replace(view, tail=view.tail.add(mine), seq=seq, last=seq)
        elif mine:
            tx.views[self] = replace(view, noted=view.noted.add(mine))

    def seal_step(self, tx: Tx, now: datetime) -> bool:
        """Seal the oldest rows of the log if there are enough of them; whether there were."""
        return sealed.seal_step(tx, self.profile, self.shape, now)

    def merge_step(self, tx: Tx) -> bool:
        """Do a little of what there is to merge or to delete; whether there was anything."""
        return sealed.merge_step(tx, self.profile, self.shape)

    def erase(self, tx: Tx, keys: Keys, versions: Collection[int]) -> None:
        """Take entries of these versions out, of blocks that hold one of the keys; and their rows of the log.

        The log's rows must be gone already. Every process sees it with its next transaction.
        """
        sealed.erase(tx, self.profile, self.shape, keys, versions)
        sealed.bump_generation(tx)
        tx.views.pop(self, None)

    def forget_blocks(self) -> None:
        """Drop all blocks from memory: some of them may hold what was taken out since."""
        with self._lock:
            self._room += sum(each.keys.nbytes + each.versions.nbytes for each in self._cache.values())
            self._cache.clear()

    def drop_profile(self, tx: Tx) -> None:
        """Take this profile out of the index."""
        sealed.drop_profile(tx, self.profile)

    def _view_of(self, tx: Tx) -> _View:
        view = tx.views.get(self)
        if isinstance(view, _View):
            return view
        if tx.writing:
            tx.after_commit.append(lambda: self._commit(tx))
        return self._newest

    def _reload(self, tx: Tx, view: _View, generation: int) -> _View:
        """A view of the segments of this snapshot, before any rows."""
        segments = self._load_segments(tx, view.segments)
        seq = max((each.last_seq for each in segments), default=0)
        return _View(generation, seq=seq, segments=segments, noted=view.noted)

    def _commit(self, tx: Tx) -> None:
        view = tx.views.get(self)
        if isinstance(view, _View):
            self._share(view)

    def _share(self, view: _View) -> None:
        with self._lock:
            if (view.generation, view.seq) > (self._newest.generation, self._newest.seq):
                self._newest = replace(view, noted=Tail())

    def _news(self, tx: Tx, seq: int) -> tuple[int, int, list[PostingRow]]:
        """The generation, the log's last number, and this profile's rows behind ``seq``."""
        generation, last, news = 0, 0, []
        for first, second, keys in tx.connection.execute(_NEWS, {"seq": seq, "profile": self.profile}):
            if keys is None:
                generation, last = first or 0, second or 0
            else:
                news.append(PostingRow(first, self.profile, VersionKey(second), keys))
        return generation, last, sorted(news, key=lambda row: row.seq)

    def _load_segments(self, tx: Tx, known: Iterable[_Segment]) -> tuple[_Segment, ...]:
        have = {each.id: each for each in known}
        live = sa.select(segment).where(segment.c.profile == self.profile, segment.c.state == LIVE)
        rows = tx.connection.execute(live.order_by(segment.c.first_seq)).all()
        return tuple(
            kept
            if (kept := have.get(row.id)) is not None and kept.erased == row.erased
            else _load(tx, row.id, row.erased, row.last_seq)
            for row in rows
        )

    def _sealed(self, tx: Tx, among: Iterable[_Segment], keys: Keys) -> list[Entries]:
        wanted: list[Numbers] = []
        asked: list[Numbers] = []
        erased: dict[int, int] = {}
        for each in among:
            erased[each.id] = each.erased
            block = each.first_keys.searchsorted(keys, side="right") - 1
            passed = np.flatnonzero(may_hold(each.filters, block, keys))
            wanted.append(block[passed] + (each.id << BLOCK_SHIFT))
            asked.append(passed)
        if not any(map(len, wanted)):
            return []
        ids, position = np.concatenate(wanted), np.concatenate(asked)
        order = np.argsort(ids, kind="stable")
        ids, position = ids[order], position[order]
        different, starts = np.unique(ids, return_index=True)
        blocks = self._blocks(tx, [(erased[id_ >> BLOCK_SHIFT], id_) for id_ in different.tolist()])
        ends = [*starts[1:].tolist(), len(ids)]
        found = []
        for id_, start, end in zip(different.tolist(), starts.tolist(), ends, strict=True):
            which, places = ranges(blocks[id_].keys, keys[position[start:end]])
            if len(which):
                which = position[start:end][which]
                found.append(Entries(which.astype(np.uint64), blocks[id_].versions[places]))
        return found

    def _blocks(self, tx: Tx, wanted: Sequence[tuple[int, int]]) -> dict[int, Entries]:
        found: dict[int, Entries] = {}
        with self._lock:
            for name in wanted:
                if (entries := self._cache.get(name)) is not None:
                    self._cache.move_to_end(name)
                    found[name[1]] = entries
        missing = [name for name in wanted if name[1] not in found]
        fetched = read_blocks(tx, [id_ for _, id_ in missing])
        if not tx.blocks_written:
            self._remember({name: fetched[name[1]] for name in missing})
        return found | fetched

    def _remember(self, blocks: dict[tuple[int, int], Entries]) -> None:
        with self._lock:
            for name, entries in blocks.items():
                if name not in self._cache:
                    self._cache[name] = entries
                    self._room -= entries.keys.nbytes + entries.versions.nbytes
            while self._room < 0 and self._cache:
                _, entries = self._cache.popitem(last=False)
                self._room += entries.keys.nbytes + entries.versions.nbytes


def _load(tx: Tx, id_: int, erased: int, last_seq: int) -> _Segment:
    its = segment_block.c.id.between(id_ << BLOCK_SHIFT, (id_ + 1 << BLOCK_SHIFT) - 1)
    columns = (
        sa.select(segment_block.c.first_key, segment_block.c.filter).where(its).order_by(segment_block.c.id)
    )
    rows = tx.connection.execute(columns).all()
    filters = np.frombuffer(b"".join(row.filter for row in rows), np.uint8)
    return _Segment(
        id=id_,
        erased=erased,
        last_seq=last_seq,
        first_keys=np.array([row.first_key for row in rows], np.int64).view(np.uint64),
        filters=filters.reshape(len(rows), -1) if rows else filters,
    )
