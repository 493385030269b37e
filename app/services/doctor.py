"""Is everything in order? A list of findings, each with what to do about it.

Reads only, and asks the index for what it should hold: versions picked evenly from the archive must
be found under their own keys, or their story under them.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.dedup.kernel import COMPILED
from app.errors import WirefoldError
from app.model import Stored
from app.services.context import Context
from app.services.refingerprint import left_to_move
from app.store import api_keys, examining, reading, schema
from app.store.articles import load_stored
from app.store.engine import Tx
from app.store.expiry import unindexed
from app.store.progress import policies_in_force, settled_position

SAMPLE = 100
_GIBIBYTE = 1 << 30
_LEAST_FREE = _GIBIBYTE // 4
_LITTLE_FREE = 2 * _GIBIBYTE
_LAGGING = 10_000


class Level(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Level
    says: str
    fix: str | None = None


def examine(ctx: Context, url: str) -> list[Finding]:
    """All findings, in order. Where the database or its schema is not there, the rest is not asked."""
    found = [_kernel(), _disk(url)]
    try:
        with ctx.store.read() as tx:
            revision = schema.current_revision(tx)
            if revision != schema.head_revision():
                said = "has no schema yet" if revision is None else f"has schema {revision}"
                bad = f"The database {said}, the program needs {schema.head_revision()}."
                return [*found, Finding("schema", Level.BAD, bad, "Run `wirefold migrate`.")]
            found.append(Finding("schema", Level.OK, f"Revision {revision}."))
            found += _archive(tx)
            found += _index(ctx, tx)
            found.append(_policies(ctx, tx))
    except WirefoldError as error:
        return [*found, Finding("database", Level.BAD, error.detail, "Check DATABASE_URL.")]
    found.append(_profile(ctx))
    return found


def _kernel() -> Finding:
    if COMPILED:
        return Finding("comparing", Level.OK, "Compiled.")
    fix = "Install a C compiler and Python's headers, and build again."
    return Finding("comparing", Level.NOTE, "Not compiled: taking in takes twice as long.", fix)


def _disk(url: str) -> Finding:
    path = examining.database_file(url)
    if path is None:
        return Finding("disk", Level.OK, "The database is a server's; its disk is not seen from here.")
    folder = path.absolute().parent
    if not folder.is_dir():
        return Finding("disk", Level.BAD, f"There is no folder {folder}.", "Make it, or change DATABASE_URL.")
    free = shutil.disk_usage(folder).free
    says = f"{free / _GIBIBYTE:.1f} GiB free."
    if free < _LEAST_FREE:
        return Finding("disk", Level.BAD, says, "Make room: articles are about to be refused.")
    return Finding("disk", Level.NOTE if free < _LITTLE_FREE else Level.OK, says)


def _archive(tx: Tx) -> Iterator[Finding]:
    problems = examining.problems_of_file(tx)
    if problems:
        fix = "Stop the service and restore a backup; the file is damaged."
        yield Finding("database", Level.BAD, "; ".join(problems), fix)
    census = examining.census(tx)
    says = f"{census.articles} articles in {census.versions} versions and {census.stories} stories."
    yield Finding("archive", Level.OK, says)
    gaps = census.last_position - census.changes
    if gaps:
        yield Finding("change feed", Level.BAD, f"{gaps} positions are missing.", "Restore a backup.")
    else:
        yield Finding("change feed", Level.OK, f"{census.changes} entries, without gaps.")
    wrong = examining.miscounted_stories(tx, limit=3)
    if wrong:
        says = f"Members are miscounted in {', '.join(wrong)} and maybe others."
        yield Finding("stories", Level.BAD, says, "Please report this.")
    else:
        yield Finding("stories", Level.OK, "Members and counts agree.")
    keys = api_keys.count(tx)
    says = f"{keys} API keys were made." if keys else "No API key exists: only this machine is served."
    yield Finding("keys", Level.OK if keys else Level.NOTE, says)


def _index(ctx: Context, tx: Tx) -> Iterator[Finding]:
    census = examining.census(tx)
    lag = reading.last_position(tx) - settled_position(tx)
    if lag > _LAGGING:
        says = f"Background work is {lag} changes behind."
        yield Finding("settling", Level.NOTE, says, "Is `wirefold serve` running? It tends to the index.")
    sample = load_stored(
        tx, examining.sample_released(tx, upto=census.last_version, most=SAMPLE), ctx.profile.id
    )
    left = unindexed(tx)
    indexed = [each for each in sample.values() if each.version.key > left and len(each.print.keys)]
    lost = [each for each in indexed if not is_found(ctx, tx, each)]
    says = (
        f"{census.segments} segments and {census.unsealed} unsealed rows; {len(sample)} versions looked up."
    )
    if lost:
        says = f"{len(lost)} of {len(sample)} versions are not found under their own keys."
        yield Finding("index", Level.BAD, says, "Please report this, with the output of `doctor --json`.")
    else:
        yield Finding("index", Level.OK, says)


def is_found(ctx: Context, tx: Tx, stored: Stored) -> bool:
    """Whether a version's keys lead to it or to another of its story (copies add no keys of their own)."""
    _, holders = ctx.index.lookup(tx, stored.print.keys)
    versions = reading.load_versions(tx, set(holders.tolist()))
    articles = reading.load_articles(
        tx, {stored.version.article, *(each.article for each in versions.values())}
    )
    founder = articles[stored.version.article].founder
    return any(articles[each.article].founder == founder for each in versions.values())


def _policies(ctx: Context, tx: Tx) -> Finding:
    own = len(ctx.policies.by_source)
    says = (
        f"{ctx.policies.default.id}, and others for {own} sources." if own else f"{ctx.policies.default.id}."
    )
    if policies_in_force(tx) in {0, ctx.policies.digest}:
        return Finding("policies", Level.OK, says)
    return Finding(
        "policies",
        Level.NOTE,
        f"Here {says} The service that began last judges otherwise.",
        "Give all processes the same WIREFOLD_POLICY and WIREFOLD_POLICY_OVERRIDES, or start it anew.",
    )


def _profile(ctx: Context) -> Finding:
    left = left_to_move(ctx, most=1_000)
    if left:
        says = (
            f"{'At least ' if left == 1_000 else ''}{left} versions have no fingerprint of {ctx.profile.id}."
        )
        return Finding("profile", Level.BAD, says, "Run `wirefold refingerprint`.")
    return Finding("profile", Level.OK, f"Everything is fingerprinted as {ctx.profile.id}.")
