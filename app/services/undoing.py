"""Taking back what a person did: their words end, those they took back count again, the stories follow.

Nothing is turned back in time: what came since stays. An undo does what is still possible and says what
is not; it is in the log like everything else, and can be undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.dedup.links import contradiction
from app.errors import Conflict
from app.model import ArticleKey, Position
from app.services.acting import Act, Action, Curated, Order, carry_out
from app.services.appointing import choose_again
from app.services.auditing import seen_audit
from app.services.context import Context
from app.services.curating import groups_before
from app.services.pinning import drop, put
from app.services.saying import add, say, standing_links, take_back
from app.store import stale_copies
from app.store.audits import AuditRow
from app.store.deriving import find_articles
from app.store.links import LinkRow, load_links, load_remainders
from app.store.pins import PinRow, load_pin, pins_of
from app.store.stale_copies import Outcome

_NAMED = 5


def undo(ctx: Context, order: Order, audit_id: str) -> Curated:
    """Take back an entry of the log. Raises NotFound, Conflict where nothing of it is left to take back."""

    def do(act: Act) -> None:
        row = seen_audit(act.tx, audit_id, order.sight)
        act.undoes = row.id
        _look_at_all(act, row)
        links = _undo_links(act, row)
        pins = _undo_pins(act, row)
        reopened = _undo_dismissals(act, row)
        if not links and not pins and not reopened:
            said = " ".join(act.left) or "It changed nothing."
            raise Conflict(f"Nothing is left to undo. {said}", fix="Read the log for what came since.")
        if links:
            act.regroup(kept=groups_before(act, row.before, row.after))
            _tell_places(act, row.before)
        for article in sorted(pins):
            choose_again(act.ledger, act.ledger.articles[article].founder)

    return carry_out(ctx, order, Action.UNDO, {"audit_id": audit_id}, do)


def _look_at_all(act: Act, row: AuditRow) -> None:
    ids = [article for told in row.before for article in told["articles"]]
    keys = find_articles(act.tx, ids)
    act.ledger.load_articles(keys.values())
    act.look_at({act.ledger.articles[key].founder for key in keys.values()})


def _undo_links(act: Act, row: AuditRow) -> bool:
    """End the links that came with an entry, let those count that it ended; whether anything was done."""
    came = load_links(act.tx, row.did["links_added"])
    for each in came:
        standing = [part for part in (each, *load_remainders(act.tx, [each.id])) if part.until is None]
        take_back(act, standing)
        if standing != [each]:
            part = "in part" if standing else "already"
            act.left.append(f"{each.id} was taken back {part}.")
    for each in load_links(act.tx, row.did["links_ended"]):
        _say_again(act, each)
    return bool(act.added or act.ended)


def _say_again(act: Act, row: LinkRow) -> None:
    known = standing_links(act.tx, row.said.articles)
    if any(each.said == row.said for each in known):
        act.left.append(f"What {row.id} said is said already.")
        return
    if act.order.overrule:
        say(act, [row.said])
        return
    places = contradiction([*(each.said for each in known), row.said])
    if places is None:
        add(act, [row.said])
        return
    against = ", ".join(known[place].id for place in places if place < len(known))
    act.left.append(f"What {row.id} said is not said again: {against} speaks against it.")


def _undo_pins(act: Act, row: AuditRow) -> set[ArticleKey]:
    """Articles whose pin changed back."""
    changed: set[ArticleKey] = set()
    for pin in _pins(act, row.did["pins_added"]):
        if pin.until is None:
            drop(act, pin)
            changed.add(pin.article)
        else:
            act.left.append(f"The pin on {act.ledger.article_id(pin.article)} was taken back already.")
    for pin in _pins(act, row.did["pins_ended"]):
        rivals = _pins_beside(act, pin.article)
        if rivals:
            own, others = act.ledger.article_id(pin.article), sorted(map(act.ledger.article_id, rivals))
            act.left.append(f"The pin on {own} does not come back: {', '.join(others)} is pinned since.")
        else:
            put(act, PinRow(pin.article, act.since, pin.version, act.order.by, act.order.why))
            changed.add(pin.article)
    return changed


def _undo_dismissals(act: Act, row: AuditRow) -> bool:
    """Have stale copies looked at again that were dismissed; whether there were any."""
    reopened: set[ArticleKey] = set()
    for id_ in row.did.get("dismissed", ()):
        entry = stale_copies.stale_of_id(act.tx, id_)
        if entry is None or entry.outcome is not Outcome.DISMISSED:
            act.left.append(f"{id_} is dismissed no more.")
        else:
            stale_copies.close_row(act.tx, replace(entry, outcome=Outcome.UNDONE))
            reopened.add(entry.article)
    stale_copies.add_due(act.tx, reopened, act.since)
    return bool(reopened)


def _pins(act: Act, told: Sequence[Sequence[Any]]) -> list[PinRow]:
    """These pins, but for those whose article was deleted since."""
    keys = find_articles(act.tx, [article for article, _ in told])
    act.ledger.load_articles(keys.values())
    act.left += [f"{article} was deleted." for article, _ in told if article not in keys]
    found = (load_pin(act.tx, keys[article], Position(since)) for article, since in told if article in keys)
    return [each for each in found if each is not None]


def _pins_beside(act: Act, article: ArticleKey) -> set[ArticleKey]:
    """Pinned articles of the story that an article is in, but for those this undo put there."""
    inside = act.ledger.members([act.ledger.articles[article].founder])
    return pins_of(act.tx, inside).keys() - {each.article for each in act.pinned}


def _tell_places(act: Act, before: Sequence[Mapping[str, Any]]) -> None:
    """Say of the stories as they were before which are not so again."""
    ledger = act.ledger
    for told in before:
        keys = find_articles(act.tx, told["articles"])
        now = {id_: ledger.stories[ledger.articles[key].founder].id for id_, key in keys.items()}
        hidden = act.hidden(keys)
        away = sorted(each for each in now.keys() - hidden if now[each] != told["canonical_id"])
        if away:
            named = ", ".join(f"{id_} in {now[id_]}" for id_ in away[:_NAMED])
            more = f" and {len(away) - _NAMED} more" if len(away) > _NAMED else ""
            act.left.append(f"Not in {told['canonical_id']} again: {named}{more}.")
