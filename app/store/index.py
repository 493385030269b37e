"""Finding the versions that carry a key. Why it is built so: docs/decisions/0002-key-index.md.

The index is the sealed segments plus the unsealed end of the posting log. A process keeps that end, and
the first key and the filter of every block, in memory; blocks are read when a filter says so, and cached.

Every transaction has a view of its own, made by ``catch_up``: what is read in a read transaction is shared
with later ones at once, what is read or noted in a write transaction only once that has committed.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import sqlalchemy as sa

from app.model import PostingRow, VersionKey
from app.store import segments as sealed
from app.store.blocks import Entries, Filters, Keys, Numbers, may_hold, tidy
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


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """What is kept in memory of a live segment."""

    id: int
    last_seq: int
    first_keys: Keys
    filters: Filters


@dataclass(slots=True, eq=False)
class _View:
    """What one transaction sees: segments, the shared tail up to ``seq``, and rows of its own."""

    generation: int
    seq: int
    segments: tuple[_Segment, ...]
    tail: Tail
    seen: int
    """How many rows of ``tail`` count."""
    own: Tail = field(default_factory=Tail)


class Index:
    """The index of one profile, as one process sees it. Safe to share between threads."""

    def __init__(self, profile: str, *, shape: Shape | None = None, cache_bytes: int = 64 << 20) -> None:
        self.profile = profile
        self.shape = shape or Shape()
        self._lock = threading.Lock()
        self._newest: _View | None = None
        self._cache: OrderedDict[int, Entries] = OrderedDict()
        self._room = cache_bytes

    def catch_up(self, tx: Tx) -> None:
        """See what was committed before this transaction's snapshot. One statement if that is nothing."""
        view = self._view_of(tx)
        generation, last, rows = self._news(tx, view.seq)
        if generation < view.generation:
            # Another thread of this process has seen more than this older snapshot shows.
            view = _View(-1, 0, (), Tail(), 0)
            generation, last, rows = self._news(tx, 0)
        if generation != view.generation:
            view = self._reload(tx, view, generation)
            rows = [row for row in rows if row.seq > view.seq]
        if tx.writing:
            # They may be this transaction's own, and undone.
            view.own.extend(rows)
        else:
            with self._lock:
                view.tail.extend(rows)
        view.seq = max(view.seq, rows[-1].seq if rows else 0)
        # Other threads may have added rows to the tail that are newer than this snapshot.
        view.seen = view.tail.upto(last)
        tx.views[self] = view
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
        listed = keys.tolist()
        positions, versions = view.tail.find(listed, view.tail.upto(after), view.seen)
        found = [Entries(np.array(positions, np.uint64), np.array(versions, np.int64))]
        positions, versions = view.own.find(listed, view.own.upto(after), len(view.own.rows))
        found.append(Entries(np.array(positions, np.uint64), np.array(versions, np.int64)))
        found += self._sealed(tx, [each for each in view.segments if each.last_seq > after], keys)
        merged = tidy(
            np.concatenate([each.keys for each in found]),
            np.concatenate([each.versions for each in found]),
            cap=self.shape.cap,
        )
        return merged.keys.astype(np.int64), merged.versions

    def note(self, tx: Tx, rows: Sequence[PostingRow]) -> None:
        """Let later look-ups of this transaction find rows that it is going to append.

        Nothing is to be undone on rollback: they are shared only once the transaction has committed.
        """
        if self not in tx.views:
            self.catch_up(tx)
        view = self._view_of(tx)
        mine = [row for row in rows if row.profile == self.profile]
        view.own.extend(mine)
        if tx.writing and mine:
            view.seq = max(view.seq, mine[-1].seq)

    def seal_step(self, tx: Tx) -> bool:
        """Seal the oldest rows of the log if there are enough of them; whether there were."""
        return sealed.seal_step(tx, self.profile, self.shape)

    def merge_step(self, tx: Tx) -> bool:
        """Do a little of what there is to merge or to delete; whether there was anything."""
        return sealed.merge_step(tx, self.profile, self.shape)

    def drop_profile(self, tx: Tx) -> None:
        """Take this profile out of the index."""
        sealed.drop_profile(tx, self.profile)

    def _view_of(self, tx: Tx) -> _View:
        view = tx.views.get(self)
        if isinstance(view, _View):
            return view
        if tx.writing:
            tx.after_commit.append(lambda: self._commit(tx))
        newest = self._newest
        return _View(-1, 0, (), Tail(), 0) if newest is None else replace(newest, own=Tail())

    def _reload(self, tx: Tx, view: _View, generation: int) -> _View:
        """The view with the segments of now, and without the rows that those hold."""
        segments = self._load_segments(tx, view.segments)
        sealed_seq = max((each.last_seq for each in segments), default=0)
        with self._lock:
            tail = view.tail.after(sealed_seq)
        own = view.own.after(sealed_seq)
        return _View(generation, max(view.seq, sealed_seq), segments, tail, len(tail.rows), own)

    def _commit(self, tx: Tx) -> None:
        view = tx.views.get(self)
        if isinstance(view, _View):
            with self._lock:
                view.tail.extend(view.own.rows)
                view.seen = view.tail.upto(view.seq)
            self._share(view)

    def _share(self, view: _View) -> None:
        with self._lock:
            newest = self._newest
            if newest is None or (view.generation, view.seq) > (newest.generation, newest.seq):
                self._newest = replace(view, own=Tail())

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
        return tuple(have.get(row.id) or _load(tx, row.id, row.last_seq) for row in rows)

    def _sealed(self, tx: Tx, among: Iterable[_Segment], keys: Keys) -> list[Entries]:
        wanted: list[Numbers] = []
        asked: list[Numbers] = []
        for each in among:
            block = np.searchsorted(each.first_keys, keys, side="right").astype(np.int64) - 1
            passed = np.flatnonzero(may_hold(each.filters, block, keys))
            wanted.append(block[passed] + (each.id << BLOCK_SHIFT))
            asked.append(passed)
        if not wanted:
            return []
        ids, position = np.concatenate(wanted), np.concatenate(asked)
        order = np.argsort(ids, kind="stable")
        ids, position = ids[order], position[order]
        different, starts = np.unique(ids, return_index=True)
        blocks = self._blocks(tx, different.tolist())
        parts = np.split(position, starts[1:])
        return [_pick(blocks[id_], keys, part) for id_, part in zip(different.tolist(), parts, strict=False)]

    def _blocks(self, tx: Tx, ids: Sequence[int]) -> dict[int, Entries]:
        found: dict[int, Entries] = {}
        with self._lock:
            for id_ in ids:
                if (entries := self._cache.get(id_)) is not None:
                    self._cache.move_to_end(id_)
                    found[id_] = entries
        fetched = read_blocks(tx, [id_ for id_ in ids if id_ not in found])
        if not tx.blocks_written:
            self._remember(fetched)
        return found | fetched

    def _remember(self, blocks: dict[int, Entries]) -> None:
        with self._lock:
            for id_, entries in blocks.items():
                if id_ not in self._cache:
                    self._cache[id_] = entries
                    self._room -= entries.keys.nbytes + entries.versions.nbytes
            while self._room < 0 and self._cache:
                _, entries = self._cache.popitem(last=False)
                self._room += entries.keys.nbytes + entries.versions.nbytes


def _load(tx: Tx, id_: int, last_seq: int) -> _Segment:
    its = segment_block.c.id.between(id_ << BLOCK_SHIFT, (id_ + 1 << BLOCK_SHIFT) - 1)
    columns = (
        sa.select(segment_block.c.first_key, segment_block.c.filter).where(its).order_by(segment_block.c.id)
    )
    rows = tx.connection.execute(columns).all()
    filters = np.frombuffer(b"".join(row.filter for row in rows), np.uint8)
    return _Segment(
        id=id_,
        last_seq=last_seq,
        first_keys=np.array([row.first_key for row in rows], np.int64).view(np.uint64),
        filters=filters.reshape(len(rows), -1) if rows else filters,
    )


def _pick(block: Entries, keys: Keys, positions: Numbers) -> Entries:
    """The entries of a block whose key stands at one of these positions."""
    asked = keys[positions]
    start = np.searchsorted(block.keys, asked, side="left")
    count = np.searchsorted(block.keys, asked, side="right") - start
    place = np.repeat(start - np.cumsum(count) + count, count) + np.arange(count.sum())
    return Entries(np.repeat(positions, count).astype(np.uint64), block.versions[place])
