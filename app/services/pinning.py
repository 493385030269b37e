"""Which version speaks for a story, chosen by a person.

A pin hangs on an article and counts in whatever story that is in: of several in one story the latest. It
goes with the article, or with one version of it. What is withheld, cancelled or withdrawn never speaks
while another may, pinned or not.
"""

from app.errors import Conflict, InvalidValue, NotFound
from app.services.acting import Act, Action, Curated, Order, carry_out
from app.services.appointing import choose_again, standing_among
from app.services.context import Context
from app.services.curating import States
from app.store import ingesting
from app.store.deriving import find_articles
from app.store.pins import PinRow, add_pin, end_pin
from app.store.states import pins_in


def pin(
    ctx: Context,
    order: Order,
    canonical_id: str,
    article_id: str,
    *,
    version: int | None = None,
    states: States = None,
) -> Curated:
    """Let an article, or one version of it, speak for its story. Takes the place of an earlier pin there.

    Raises NotFound, Conflict where it may not be published, StaleCanonical, InvalidValue.
    """

    def do(act: Act) -> None:
        ledger, tx = act.ledger, act.tx
        story = act.story(canonical_id, states)
        inside = act.look_at([story.founder])[story.founder]
        key = find_articles(tx, [article_id]).get(article_id)
        if key is None or key not in inside or act.hidden([article_id]):
            raise InvalidValue(
                f"{article_id} is not in that story.", field="article_id", fix="Name a member."
            )
        chosen = None
        if version is not None:
            numbers = {row.number: row.key for row in ingesting.versions_of(tx, [key])[key]}
            if version not in numbers:
                raise InvalidValue(f"It has no version {version}.", field="version", fix="Name one it has.")
            chosen = numbers[version]
        current = ledger.articles[key].current
        stands = current in standing_among(ledger, ledger.members([story.founder]).values())
        if not stands or not ledger.standing(chosen or current).usable:
            raise Conflict(
                f"{article_id} is withheld, cancelled, withdrawn or under embargo.",
                fix="Pin what may be published.",
            )
        for each in pins_in(tx, story):
            drop(act, each)
        put(act, PinRow(key, act.since, chosen, order.by, order.why))
        choose_again(ledger, story.founder)

    asked = {"canonical_id": canonical_id, "article_id": article_id, "version": version}
    return carry_out(ctx, order, Action.PIN, asked, do)


def unpin(ctx: Context, order: Order, canonical_id: str, *, states: States = None) -> Curated:
    """Let the rules choose who speaks for a story. Raises NotFound where nothing is pinned, Conflict."""

    def do(act: Act) -> None:
        story = act.story(canonical_id, states)
        act.look_at([story.founder])
        pins = pins_in(act.tx, story)
        if not pins:
            raise NotFound(f"Nothing is pinned in {story.id}.", fix="There is nothing to take back.")
        for each in pins:
            drop(act, each)
        choose_again(act.ledger, story.founder)

    return carry_out(ctx, order, Action.UNPIN, {"canonical_id": canonical_id}, do)


def put(act: Act, row: PinRow) -> None:
    """Let a pin count. The story's choice is made afterwards."""
    add_pin(act.tx, row)
    act.ledger.load_articles([row.article])
    act.ledger.pins[row.article] = row
    act.pinned.append(row)


def drop(act: Act, row: PinRow) -> None:
    """Let a pin count no more. The story's choice is made afterwards."""
    end_pin(act.tx, row, until=act.since)
    act.ledger.load_articles([row.article])
    act.ledger.pins.pop(row.article, None)
    act.unpinned.append(row)
