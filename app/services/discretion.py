"""What must not be told to whom it is not for: texts under embargo or withheld, and all that leads to them.

Whoever does not see a version (``store.sight``) is answered as if it were not stored. Lists and look-ups
leave it out by a condition in SQL; here is what is left: checks, whose submission may name another's
identity, and entries of the change feed, which keep their positions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.dedup.model import Relation
from app.events import EventType
from app.model import ArticleId, ChangeRow, DecisionRow, Ingested, VersionRow
from app.services.context import Context
from app.services.drafting import Draft
from app.services.ledger import Ledger
from app.store import reading
from app.store.engine import Tx
from app.store.sight import Sight
from app.store.stale_copies import StaleReason
from app.store.unseen import Unseen, load_unseen


def forget_unseen(ledger: Ledger, draft: Draft, sight: Sight) -> None:
    """Leave the articles that the draft's identity leads to as if only what is seen had ever come."""

    def shown_of(rows: Sequence[VersionRow]) -> list[VersionRow]:
        return [row for row in rows if sight.sees(row)]

    for key in (draft.identity, draft.replay):
        owner = ledger.identities.get(key)
        if owner is None:
            continue
        shown = shown_of(ledger.versions[owner])
        ledger.versions[owner] = shown
        if not shown or (key == draft.replay and draft.content not in {row.content for row in shown}):
            del ledger.identities[key]
        if not shown:
            continue
        article = ledger.articles[owner]
        if article.current not in {row.key for row in shown}:
            last = shown[-1].key
            ledger.articles[owner] = replace(article, current=last)
            ledger.load_stored([last])
            story = ledger.stories[article.founder]
            if story.canonical == article.current:
                ledger.stories[article.founder] = replace(story, canonical=last)


def without_match(decision: DecisionRow) -> DecisionRow:
    """A decision without what it was compared with: that text may not be told of, nor how like it this is."""
    return replace(
        decision,
        relation=Relation.NEW,
        revision_kind=None,
        matched=None,
        matched_id=None,
        jaccard=0.0,
        containment=0.0,
        probability=0.0,
        rule="nothing-alike",
        reasons=("nothing stored is like it",),
        signals={},
    )


def answer_for(ctx: Context, told: Ingested, source: str, sight: Sight) -> Ingested:
    """An answer to a submission of ``source`` as its sender may have it.

    A version is judged beside the one before it under its identity, which may be under embargo. Whoever
    may send for the source but not read what waits is not told what differs.
    """
    before = told.decision.matched
    if sight.covers(source) or before is None or told.decision.matched_id != told.article_id:
        return told
    with ctx.store.read() as tx:
        row = reading.load_versions(tx, [before]).get(before)
    if row is not None and sight.sees(row):
        return told
    return replace(told, decision=without_match(told.decision))


def disclose(tx: Tx, rows: Sequence[ChangeRow], sight: Sight) -> Sequence[ChangeRow]:
    """Entries of the change feed for somebody: one that names what is not seen keeps its position alone."""
    if sight.everything or not rows:
        return rows
    named = {id_ for row in rows for id_ in ids_in(row.payload)}
    unseen = load_unseen(tx, named, sight)
    if not unseen:
        return rows
    return [_disclosed(row, unseen) for row in rows]


def _disclosed(row: ChangeRow, unseen: Unseen) -> ChangeRow:
    payload = dict(row.payload)
    if row.type == EventType.COPY_STALE and payload["reason"] == StaleReason.WITHDRAWAL:
        _leave_out_unseen_withdrawal(payload, unseen)
    several = payload.get("article_ids")
    if isinstance(several, list):
        shown = [id_ for id_ in several if id_ not in unseen.ids]
        payload["article_ids"] = shown
        if several and not shown:
            return _empty(row)
    if unseen.ids.intersection(ids_in(payload)) or unseen.versions.intersection(_versions(payload)):
        return _empty(row)
    return replace(row, payload=payload)


def _leave_out_unseen_withdrawal(payload: dict[str, object], unseen: Unseen) -> None:
    """Whoever prints a story is told that it was taken back, though what takes it back may not be shown."""
    by, number = payload["correction_article_id"], payload["correction_version"]
    if (by, number) in unseen.versions:
        payload["correction_version"] = None
        payload["correction_article_id"] = None if by in unseen.ids else by


def _empty(row: ChangeRow) -> ChangeRow:
    return replace(row, type=EventType.UNDISCLOSED, payload={})


def _versions(payload: Mapping[str, object]) -> Iterator[tuple[ArticleId, int]]:
    """The versions that an entry names: ``x_article_id`` with ``x_version``, or both without x."""
    for name, value in payload.items():
        if name.endswith("article_id"):
            number = payload.get(f"{name.removesuffix('article_id')}version")
            if isinstance(value, str) and isinstance(number, int):
                yield ArticleId(value), number


def ids_in(value: object) -> Iterator[str]:
    """Every article's and canonical's ID in a value, however deep."""
    if isinstance(value, str):
        if value.startswith(("art_", "can_")):
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from ids_in(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from ids_in(each)
