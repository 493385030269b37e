"""The end of an embargo: a stored version takes part from now on, as a late arrival.

It is judged against what stands now, put into the story it belongs to, indexed and told of. The
decision of its arrival stays as it was. Canonical IDs follow the usual rule: where two stories turn
out to be one, the elder founder's ID survives.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.events import EventType
from app.model import Position, Stored, VersionKey, VersionRow
from app.services.appointing import choose_again
from app.services.context import Context
from app.services.doubting import note_doubt
from app.services.ingest import find, judge_all
from app.services.ledger import Ledger
from app.services.matching import Judged
from app.services.placing import regroup, stories_met
from app.services.posting import post
from app.services.recording import ALARMS, record_edges
from app.services.succession import is_older
from app.store import embargoes

MOST = 8
"""Versions released in one transaction: each costs some 5 ms under the ingest lock."""


def release_due(ctx: Context, *, most: int = MOST) -> int:
    """Release versions whose embargo has ended; how many. None of them is lost if this fails."""
    with ctx.store.read() as tx:
        if not embargoes.load_due(tx, ctx.now(), limit=1):
            return 0
    with ctx.store.write() as tx:
        ledger = Ledger.open(ctx, tx)
        due = embargoes.load_due(tx, ledger.now, limit=most)
        released = {key: _release(ledger, key) for key in due}
        ledger.keep()
        embargoes.mark_released(tx, released)
    ctx.recall.keep([ledger.stored[key] for key in due])
    return len(due)


def _release(ledger: Ledger, key: VersionKey) -> Position:
    """Let one take part; the position from which it does: of the first entry that tells of it."""
    position = ledger.next_position()
    ledger.load_stored([key])
    stored = ledger.stored[key]
    row = replace(stored.version, released=True)
    ledger.stored[key] = Stored(row, stored.print)
    ledger.load_articles([row.article])
    judged = _judge(ledger, ledger.stored[key])
    record_edges(ledger, row, judged)
    _become_current(ledger, row, position)
    founder = ledger.articles[row.article].founder
    met = [each for each in stories_met(ledger, judged, of=row.article) if each != founder]
    if met:
        regroup(ledger, [founder, *met], why=f"{ledger.articles[row.article].id} was released")
    elif ledger.articles[row.article].current == key:
        choose_again(ledger, founder)
    post(ledger, row, stored.print)
    _tell(ledger, row, judged if met else [])
    note_doubt(ledger, row, judged)
    return position


def _become_current(ledger: Ledger, row: VersionRow, position: Position) -> None:
    """Let the version speak for its article, unless a later one does already."""
    article = ledger.articles[row.article]
    ledger.load_stored([article.current])
    if article.current != row.key and not is_older(row, ledger.stored[article.current].version):
        ledger.make_current(row.article, row.key, position)


def _judge(ledger: Ledger, stored: Stored) -> list[Judged]:
    """The version beside what others have published, as if it arrived now."""
    found = find(ledger.ctx, ledger.tx, [stored])
    ledger.ctx.observe_candidates(len(found[0].versions))
    pairs = judge_all(ledger.ctx, ledger.tx, [stored], found, furniture=ledger.counters.furniture)[0]
    # As the ledger has them: those released a moment ago, in this transaction, count too.
    known = [replace(pair, other=ledger.stored.get(pair.other.version.key, pair.other)) for pair in pairs]
    others = [
        pair
        for pair in known
        if pair.other.version.article != stored.version.article and pair.other.version.released
    ]
    for pair in others:
        ledger.stored.setdefault(pair.other.version.key, pair.other)
    ledger.load_articles({pair.other.version.article for pair in others})
    return others


def _tell(ledger: Ledger, row: VersionRow, judged: Sequence[Judged]) -> None:
    """Say what is out now, and what of it nobody may miss: its arrival said nothing of that."""
    article = ledger.articles[row.article]
    story = ledger.stories[article.founder].id
    ledger.emit(EventType.ARTICLE_RELEASED, article_id=article.id, version=row.number, canonical_id=story)
    joined = [pair.decision for pair in judged if pair.decision.relation.joins]
    surest = max(joined, key=lambda decision: decision.probability, default=None)
    declared = ledger.decision(row.key).revision_kind or (surest.revision_kind if surest else None)
    if declared in ALARMS:
        ledger.emit(ALARMS[declared], canonical_id=story, article_id=article.id, version=row.number)
