"""The frame of everything a person decides: under the ingest lock, in the log, on the change feed.

An act says of which stories it is, changes what people have said or pinned, lets the stories be derived
again, and is kept with who, why, and what stood before and after. A rehearsal goes the same way and is
rolled back at the end.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.errors import Conflict, NotFound, StaleCanonical
from app.events import EventType
from app.model import ArticleKey, CanonicalId, Position, StoryRow
from app.services.context import Context
from app.services.ledger import Ledger
from app.services.linked import LinkView, views_of
from app.services.placing import regroup
from app.services.reading import story_page
from app.services.views import StoryPage
from app.store import reading
from app.store.audits import AuditRow, add_audit
from app.store.engine import Tx
from app.store.links import LinkRow
from app.store.pins import PinRow
from app.store.sight import PUBLIC, Sight
from app.store.states import state_of
from app.store.unseen import load_unseen

SHOWN = 50
"""Members of a story that the answer to an act shows."""


class Action(StrEnum):
    """What a person did."""

    MERGE = "merge"
    SPLIT = "split"
    DETACH = "detach"
    LINK = "link"
    UNLINK = "unlink"
    PIN = "pin"
    UNPIN = "unpin"
    DISMISS = "dismiss"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants something, and why."""

    by: str
    why: str
    overrule: bool = False
    """Whether what people said before may be taken back where it speaks against this."""
    dry_run: bool = False
    sight: Sight = PUBLIC
    """What the person sees of texts that are not out: the rest is as if it were not stored."""


@dataclass(frozen=True, slots=True)
class Curated:
    """What came of an order."""

    audit_id: str
    """Empty where it was only rehearsed."""
    action: Action
    stories: Sequence[StoryPage]
    """The stories it was about as they are now. One that a rehearsal founds has no ID."""
    added: Sequence[LinkView]
    ended: Sequence[LinkView]
    left: Sequence[str]
    """What was asked and could not be done, and why."""


@dataclass(slots=True)
class Act:
    """One order being carried out."""

    ledger: Ledger
    order: Order
    action: Action
    audit_id: str
    since: Position
    """From which position on it counts."""
    undoes: str | None = None
    articles: set[ArticleKey] = field(default_factory=set)
    before: list[dict[str, Any]] = field(default_factory=list)
    added: list[LinkRow] = field(default_factory=list)
    ended: list[LinkRow] = field(default_factory=list)
    pinned: list[PinRow] = field(default_factory=list)
    unpinned: list[PinRow] = field(default_factory=list)
    dismissed: list[str] = field(default_factory=list)
    """Entries of the list of stale copies."""
    left: list[str] = field(default_factory=list)

    @property
    def tx(self) -> Tx:
        """The transaction it is carried out in."""
        return self.ledger.tx

    def story(self, canonical_id: str, states: Collection[str] | None = None) -> StoryRow:
        """The story of an ID, which must be in one of these states where any are given.

        Raises NotFound, Conflict where it was absorbed, StaleCanonical.
        """
        story = reading.story_of_id(self.tx, canonical_id)
        if story is None or self.hidden([story.id]):
            raise NotFound(f"There is no canonical {canonical_id[:100]}.")
        if not story.members:
            self.ledger.load_articles([story.founder])
            now = self.ledger.stories[self.ledger.articles[story.founder].founder].id
            raise Conflict(f"{story.id} was absorbed by {now}.", fix=f"Read {now} and name that.")
        if states is not None and state_of(self.tx, story) not in states:
            raise StaleCanonical(
                f"{story.id} is not as it was when you read it.",
                fix=f"Read /v1/canonicals/{story.id} again, then send its ETag as If-Match.",
            )
        self.ledger.stories[story.founder] = story
        return story

    def hidden(self, ids: Collection[str]) -> set[str]:
        """Those of these articles and canonicals that the person does not see."""
        sight = self.order.sight
        return set() if sight.everything else load_unseen(self.tx, ids, sight).ids

    def look_at(self, founders: Iterable[ArticleKey]) -> dict[ArticleKey, list[ArticleKey]]:
        """Keep how these stories are before anything is done; their members."""
        members = _members(self.ledger, founders)
        self.before += _snapshot(self.ledger, members)
        self.articles.update(*members.values())
        return members

    def regroup(self, kept: Collection[Collection[ArticleKey]] = ()) -> None:
        """Derive the stories anew in which the articles are that were looked at."""
        self.ledger.load_articles(self.articles)
        founders = {self.ledger.articles[article].founder for article in self.articles}
        regroup(self.ledger, founders, why=self.order.why, by=self.order.by, kept=kept)


def carry_out(
    ctx: Context, order: Order, action: Action, asked: Mapping[str, Any], do: Callable[[Act], None]
) -> Curated:
    """Let something be done under the ingest lock, and keep it. ``asked`` is how the log tells of it."""
    with ctx.store.write() as tx:
        tx.discarded = order.dry_run
        ledger = Ledger.open(ctx, tx)
        act = Act(ledger, order, action, ctx.new_id("aud"), ledger.next_position())
        do(act)
        return _finish(act, asked)


def _finish(act: Act, asked: Mapping[str, Any]) -> Curated:
    ledger, tx, order = act.ledger, act.tx, act.order
    ledger.load_articles(act.articles)
    founders = sorted({ledger.articles[article].founder for article in act.articles})
    position = ledger.emit(
        EventType.CURATION_APPLIED,
        audit_id=act.audit_id,
        action=act.action.value,
        canonical_ids=[ledger.stories[founder].id for founder in founders],
        by=order.by,
        reason=order.why,
    )
    ledger.keep()
    row = AuditRow(
        position=position,
        id=act.audit_id,
        at=ledger.now,
        by=order.by,
        action=act.action.value,
        why=order.why,
        undoes=act.undoes,
        asked={**asked, **({"overrule": True} if order.overrule else {})},
        did={
            "links_added": [each.id for each in act.added],
            "links_ended": [each.id for each in act.ended],
            "pins_added": [[ledger.article_id(each.article), each.since] for each in act.pinned],
            "pins_ended": [[ledger.article_id(each.article), each.since] for each in act.unpinned],
            "dismissed": act.dismissed,
            "left": act.left,
        },
        before=act.before,
        after=_snapshot(ledger, _members(ledger, founders)),
    )
    add_audit(tx, row)
    stories = [ledger.stories[founder] for founder in founders]
    hidden = act.hidden([story.id for story in stories])
    pages = [
        story_page(ledger.ctx, tx, story, limit=SHOWN, sight=order.sight)
        for story in stories
        if story.id not in hidden
    ]
    if order.dry_run:
        pages = [_nameless(page) if page.view.story.founded_position >= act.since else page for page in pages]
    added = [replace(each, id="") for each in act.added] if order.dry_run else act.added
    return Curated(
        audit_id="" if order.dry_run else act.audit_id,
        action=act.action,
        stories=pages,
        added=views_of(tx, added, order.sight),
        ended=views_of(tx, act.ended, order.sight),
        left=act.left,
    )


def _nameless(page: StoryPage) -> StoryPage:
    """A story that a rehearsal founds gets another ID when it is done."""
    story = replace(page.view.story, id=CanonicalId(""))
    return replace(page, view=replace(page.view, story=story))


def _members(ledger: Ledger, founders: Iterable[ArticleKey]) -> dict[ArticleKey, list[ArticleKey]]:
    members: dict[ArticleKey, list[ArticleKey]] = {founder: [] for founder in sorted(set(founders))}
    inside = ledger.members(members)
    ledger.load_articles(inside)
    for article in sorted(inside):
        members[ledger.articles[article].founder].append(article)
    return members


def _snapshot(ledger: Ledger, members: Mapping[ArticleKey, Sequence[ArticleKey]]) -> list[dict[str, Any]]:
    told = []
    for founder, inside in members.items():
        story = ledger.stories[founder]
        pins = [ledger.pins[article] for article in inside if article in ledger.pins]
        pin = max(pins, key=lambda each: each.since, default=None)
        chosen = None
        if story.canonical is not None:
            ledger.load_stored([story.canonical])
            row = ledger.stored[story.canonical].version
            chosen = {"article_id": ledger.article_id(row.article), "version": row.number}
        told.append(
            {
                "canonical_id": story.id,
                "canonical": chosen,
                "pinned": None if pin is None else ledger.article_id(pin.article),
                "articles": [ledger.articles[article].id for article in inside],
            }
        )
    return told
