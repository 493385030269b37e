"""Which profiles a database holds fingerprints and index entries of, for moving from one to the next."""

from datetime import datetime

import sqlalchemy as sa

from app.model import VersionKey
from app.store import leases
from app.store.engine import Tx
from app.store.segments import DEAD
from app.store.tables import fingerprint, lease, page, posting, segment, version


def unmoved(tx: Tx, profile: str, *, after: int, limit: int) -> list[VersionKey]:
    """Versions behind ``after`` without a fingerprint of the profile, oldest first; none of deleted ones."""
    has = sa.and_(fingerprint.c.version == version.c.key, fingerprint.c.profile == profile)
    missing = (
        sa.select(version.c.key)
        .outerjoin_from(version, fingerprint, has)
        .where(version.c.key > after, fingerprint.c.version.is_(None))
        .where(sa.exists().where(page.c.version == version.c.key))
    )
    return list(tx.connection.execute(missing.order_by(version.c.key).limit(limit)).scalars())


def others_indexed(tx: Tx, profile: str) -> list[str]:
    """Other profiles that have entries in the index."""
    logged = sa.select(posting.c.profile).where(posting.c.profile != profile)
    sealed = sa.select(segment.c.profile).where(segment.c.profile != profile, segment.c.state != DEAD)
    return sorted(tx.connection.execute(logged.union(sealed)).scalars())


def forget_others(tx: Tx, profile: str, *, after: int, upto: int) -> None:
    """Delete other profiles' fingerprints of the versions behind ``after`` and up to ``upto``."""
    some = (fingerprint.c.version > after) & (fingerprint.c.version <= upto)
    tx.connection.execute(fingerprint.delete().where(some, fingerprint.c.profile != profile))


def leases_held(tx: Tx, prefix: str, now: datetime) -> list[str]:
    """Names of the leases with this prefix that somebody holds."""
    names = sa.select(lease.c.name).where(
        lease.c.name.startswith(prefix, autoescape=True), leases.is_held(now)
    )
    return sorted(tx.connection.execute(names).scalars())
