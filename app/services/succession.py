"""How the versions of one article follow each other: which is the older, and which is only sent again.

A retry that comes late and a publisher's return to what stood before can be the same bytes. The rule,
with its reasons, is in docs/concepts.md, "Articles and versions".
"""

import re

from app.model import Status, VersionRow
from app.services.drafting import Draft
from app.services.ledger import Ledger


def find_replayed(ledger: Ledger, draft: Draft) -> VersionRow | None:
    """The stored version that a submission is a replay of; None where it says something new."""
    holder = ledger.identities.get(draft.replay)
    if holder is None:
        return None
    versions = ledger.versions[holder]
    same = next(row for row in reversed(versions) if row.content == draft.content)
    current = next(row for row in versions if row.key == ledger.articles[holder].current)
    passed_on = ledger.identities.get(draft.identity) != holder
    if same is current or waits(same) or passed_on:
        return same
    older = says_older(same, current)
    if older is None:
        # Undated, a text that stood before is taken for a retry. A status that did is acted upon.
        older = same.status is current.status
    return same if older else None


def waits(row: VersionRow) -> bool:
    """Whether a version is under embargo: until that ends, the version before it speaks.

    What takes the article back does not wait, only its words do.
    """
    return not row.released and row.status is Status.USABLE


def is_older(row: VersionRow, current: VersionRow) -> bool:
    """Whether a version comes before another: by what the two say themselves, else by arrival."""
    told = says_older(row, current)
    return row.number < current.number if told is None else told


def says_older(row: VersionRow, other: VersionRow) -> bool | None:
    """Whether a version says itself that it comes before another: by its label, then its date of change.

    None where the two do not tell.
    """
    if row.declared is not None and other.declared is not None:
        mine, its = _label(row.declared), _label(other.declared)
        if mine != its:
            return mine < its
    if row.updated_at is not None and other.updated_at is not None and row.updated_at != other.updated_at:
        return row.updated_at < other.updated_at
    return None


def _label(declared: str) -> list[tuple[int, int, str]]:
    """A version label in the order people count in: 1.9 before 1.10, v9 before v10."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", declared)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
