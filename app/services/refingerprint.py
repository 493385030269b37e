"""Moving a database to the program's profile, in small steps, while the service before it still runs.

A service writes and compares under one profile only, its own. So the move is done by the new
program beside the old one: it walks the versions in order of arrival and writes their fingerprint
and keys under the new profile. What arrives meanwhile under the old one has a higher number and is
picked up at the end of the walk. Then the old service is stopped and the new one started, which
first finishes what is left (``serve`` does) and only then listens. Writing new arrivals under both
profiles would need both cleaners in one program, and only to spare that last second. The stories
stay as they are: nothing is judged again.

The walk's mark is stored with each step, so it goes on where it was stopped. The old profile is
dropped once the move is complete and no service of that profile holds its lease any more: first its
fingerprints, then its keys, so that a move back never takes half an index for a whole one.
"""

from app.dedup.model import Fingerprint
from app.dedup.profile import Profile
from app.model import VersionKey
from app.services.context import Context
from app.services.ledger import Ledger
from app.services.posting import post
from app.services.reprint import print_again
from app.store import ingesting, profiles
from app.store.engine import Tx
from app.store.index import Index
from app.store.progress import mark, put_mark

STEP = 40
"""Versions of one step: some 0.2 s of cleaning outside the lock and 40 ms under it."""
_DROPPED = 2_000
"""Versions whose old fingerprints are deleted in one step."""
LEASE = "tend "
"""Whoever serves under a profile holds the lease of this name and the profile's."""


def lease_of(profile: Profile) -> str:
    """Name of the lease that a service of this profile holds while it runs."""
    return LEASE + profile.id


def left_to_move(ctx: Context, *, most: int) -> int:
    """How many versions lack a fingerprint of the program's profile, counted up to ``most``."""
    with ctx.store.read() as tx:
        return len(_unmoved(ctx, tx, limit=most))


def count_unmoved(ctx: Context) -> int:
    """How many versions the walk has before it, at most: some may turn out to be moved."""
    with ctx.store.read() as tx:
        return ingesting.counters(tx).version - mark(tx, _moved(ctx))


def served_otherwise(ctx: Context) -> bool:
    """Whether a service of another profile is running on this database."""
    with ctx.store.read() as tx:
        return _served_otherwise(ctx, tx)


def move_step(ctx: Context, *, most: int = STEP) -> int:
    """Move the next versions; how many. 0 means that every version has the program's profile."""
    with ctx.store.read() as tx:
        prints = _prints(ctx, tx, _unmoved(ctx, tx, limit=most))
    with ctx.store.write() as tx:
        # Again, under the lock: another process may have moved some, and more may have arrived.
        todo = [key for key in _unmoved(ctx, tx, limit=most) if key in prints]
        ledger = Ledger.open(ctx, tx)
        rows = ingesting.load_versions(tx, todo)
        ledger.load_articles({row.article for row in rows.values()})
        for key in todo:
            ledger.batch.fingerprints.append((key, prints[key]))
            if rows[key].released:
                post(ledger, rows[key], prints[key])
        ledger.keep()
        left = _unmoved(ctx, tx, limit=1)
        reached = left[0] - 1 if left else ledger.counters.version
        put_mark(tx, _moved(ctx), reached)
        return len(todo) or len(left)


def note_moved(ctx: Context, tx: Tx, upto: int) -> None:
    """Remember that all versions up to a number have the program's profile; nobody looks there again."""
    if mark(tx, _moved(ctx)) < upto:
        put_mark(tx, _moved(ctx), upto)


def drop_step(ctx: Context) -> bool:
    """Drop a little of other profiles; whether there was anything to drop that nobody needs."""
    with ctx.store.read() as tx:
        if not _droppable(ctx, tx):
            return False
    with ctx.store.write() as tx:
        others = _droppable(ctx, tx)
        if others:
            after, last = mark(tx, _forgotten(ctx)), ingesting.counters(tx).version
            profiles.forget_others(tx, ctx.profile.id, after=after, upto=after + _DROPPED)
            done = after + _DROPPED >= last
            put_mark(tx, _forgotten(ctx), 0 if done else after + _DROPPED)
            for each in others if done else ():
                Index(each).drop_profile(tx)
                put_mark(tx, f"moved {each}", 0)
        return bool(others)


def _droppable(ctx: Context, tx: Tx) -> list[str]:
    others = profiles.others_indexed(tx, ctx.profile.id)
    if not others or _served_otherwise(ctx, tx) or _unmoved(ctx, tx, limit=1):
        return []
    return others


def _served_otherwise(ctx: Context, tx: Tx) -> bool:
    return any(name != lease_of(ctx.profile) for name in profiles.leases_held(tx, LEASE, ctx.now()))


def _unmoved(ctx: Context, tx: Tx, *, limit: int) -> list[VersionKey]:
    return profiles.unmoved(tx, ctx.profile.id, after=mark(tx, _moved(ctx)), limit=limit)


def _prints(ctx: Context, tx: Tx, keys: list[VersionKey]) -> dict[VersionKey, Fingerprint]:
    rows, pages = ingesting.load_versions(tx, keys), ingesting.load_pages(tx, keys)
    return {key: print_again(rows[key], pages[key], ctx.profile) for key in keys}


def _moved(ctx: Context) -> str:
    return f"moved {ctx.profile.id}"


def _forgotten(ctx: Context) -> str:
    return f"forgotten but {ctx.profile.id}"
