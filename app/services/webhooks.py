"""Webhook endpoints: made, changed, tested and replayed. What they are sent is ``fanning_out``'s business."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.errors import Conflict, InvalidValue, NotFound
from app.events import EventType, Interest
from app.net.client import Client
from app.net.faults import Fault, FetchFailed
from app.net.signing import SECRET_BYTES
from app.services.context import Context
from app.services.messages import ping
from app.store import deliveries, feed, reading, webhooks
from app.store.deliveries import AttemptRow, DeliveryRow, DeliveryState
from app.store.engine import Tx
from app.store.webhooks import WebhookRow, WebhookState

MOST_WEBHOOKS = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of an endpoint. None of a thing leaves it as it is."""

    url: str | None = None
    description: str | None = None
    types: Collection[str] | None = None
    sources: Collection[str] | None = None
    agencies: Collection[str] | None = None
    languages: Collection[str] | None = None
    unreleased: bool | None = None
    ordered: bool | None = None
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class WebhookView:
    """An endpoint, and how many deliveries wait for it."""

    row: WebhookRow
    waiting: int


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery with its attempts."""

    row: DeliveryRow
    attempts: Sequence[AttemptRow]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the feed, by positions or by times; each end included, and open where it is none."""

    since: datetime | None = None
    until: datetime | None = None
    first: int | None = None
    last: int | None = None


def create_webhook(ctx: Context, client: Client, wish: Wish, *, after: int | None, by: str) -> WebhookView:
    """Make an endpoint with a fresh secret. It hears of what comes behind ``after``, else from now on."""
    url = _usable(client, wish.url or "")
    with ctx.store.write() as tx:
        if len(webhooks.load_all(tx)) >= MOST_WEBHOOKS:
            raise Conflict(f"There are {MOST_WEBHOOKS} webhooks already.", fix="Delete one.")
        end = reading.last_position(tx)
        row = WebhookRow(
            id=ctx.new_id("whk"),
            url=url,
            description=wish.description or "",
            interest=_interest(Interest(), wish),
            unreleased=bool(wish.unreleased),
            ordered=bool(wish.ordered),
            state=WebhookState.PAUSED if wish.paused else WebhookState.ENABLED,
            why=None,
            cursor=end if after is None else min(after, end),
            replay_after=None,
            replay_upto=None,
            failing_since=None,
            slow=False,
            secret=secrets.token_bytes(SECRET_BYTES),
            old_secret=None,
            old_secret_until=None,
            created_at=ctx.now(),
            created_by=by,
        )
        webhooks.add(tx, row)
    return WebhookView(row, 0)


def list_webhooks(ctx: Context) -> Sequence[WebhookView]:
    """Every endpoint, oldest first."""
    with ctx.store.read() as tx:
        waiting = deliveries.count_waiting(tx)
        return [WebhookView(row, waiting.get(row.id, 0)) for row in webhooks.load_all(tx)]


def read_webhook(ctx: Context, webhook_id: str) -> WebhookView:
    """One endpoint."""
    with ctx.store.read() as tx:
        return _view(tx, _load(tx, webhook_id))


def change_webhook(ctx: Context, client: Client, webhook_id: str, wish: Wish) -> WebhookView:
    """Change what is said. To enable an endpoint tries at once what waits for it."""
    url = None if wish.url is None else _usable(client, wish.url)
    with ctx.store.write() as tx:
        row = _load(tx, webhook_id)
        changed = replace(
            row,
            url=url or row.url,
            description=row.description if wish.description is None else wish.description,
            interest=_interest(row.interest, wish),
            unreleased=row.unreleased if wish.unreleased is None else wish.unreleased,
            ordered=row.ordered if wish.ordered is None else wish.ordered,
        )
        if wish.paused is True:
            changed = replace(changed, state=WebhookState.PAUSED, why=None)
        if wish.paused is False and row.state is not WebhookState.ENABLED:
            changed = replace(changed, state=WebhookState.ENABLED, why=None, failing_since=None, slow=False)
            deliveries.make_due(tx, row.id, ctx.now())
        webhooks.change(tx, changed)
        return _view(tx, changed)


def delete_webhook(ctx: Context, webhook_id: str) -> None:
    """Delete an endpoint with what waits for it and its log."""
    with ctx.store.write() as tx:
        if not webhooks.remove(tx, webhook_id):
            raise _unknown()


def rotate_secret(ctx: Context, webhook_id: str, *, overlap: timedelta) -> WebhookView:
    """Give an endpoint a fresh secret. For the overlap what it is sent is signed with the one before, too."""
    with ctx.store.write() as tx:
        row = _load(tx, webhook_id)
        keeps = overlap > timedelta(0)
        changed = replace(
            row,
            secret=secrets.token_bytes(SECRET_BYTES),
            old_secret=row.secret if keeps else None,
            old_secret_until=ctx.now() + overlap if keeps else None,
        )
        webhooks.change(tx, changed)
        return _view(tx, changed)


def send_test(ctx: Context, webhook_id: str) -> DeliveryView:
    """Put a test into an endpoint's deliveries. It is tried once, also where the endpoint is paused."""
    with ctx.store.write() as tx:
        row = _load(tx, webhook_id)
        message = ping(row.id, ctx.new_id("test"), ctx.now())
        (key,) = deliveries.add(tx, [message], now=ctx.now())
        return DeliveryView(deliveries.load(tx, [key])[key], [])


def replay(ctx: Context, webhook_id: str, stretch: Stretch) -> WebhookView:
    """Deliver a stretch of the feed again, of what was delivered up to now. One replay at a time."""
    with ctx.store.write() as tx:
        row = _load(tx, webhook_id)
        if row.replay_upto is not None:
            raise Conflict("A replay of this webhook is under way.", fix="Wait until `replay` is null.")
        after = 0 if stretch.first is None else stretch.first - 1
        if stretch.since is not None:
            after = max(after, feed.position_before(tx, stretch.since))
        upto = row.cursor if stretch.last is None else min(stretch.last, row.cursor)
        if stretch.until is not None:
            upto = min(upto, feed.position_before(tx, stretch.until + timedelta(microseconds=1)))
        if after >= upto:
            raise InvalidValue(
                "Nothing of the feed that this webhook has had lies in there.",
                fix="Name a stretch up to its `position`; what is behind that is still to come.",
            )
        changed = replace(row, replay_after=after, replay_upto=upto)
        webhooks.advance(tx, row, changed)
        return _view(tx, changed)


def list_deliveries(
    ctx: Context, webhook_id: str, *, state: DeliveryState | None, before: int | None, limit: int
) -> tuple[Sequence[DeliveryView], int | None]:
    """A page of an endpoint's deliveries, the last first, and the key below which the next ones follow."""
    with ctx.store.read() as tx:
        _load(tx, webhook_id)
        rows = deliveries.list_of(tx, webhook_id, state=state, before=before, limit=limit + 1)
        attempts = deliveries.attempts_of(tx, [row.key for row in rows[:limit]])
        views = [DeliveryView(row, attempts[row.key]) for row in rows[:limit]]
        return views, rows[limit - 1].key if len(rows) > limit else None


def _interest(before: Interest, wish: Wish) -> Interest:
    if EventType.UNDISCLOSED in (wish.types or ()):
        raise InvalidValue(
            "Of what may not be told no webhook is called: there is nothing to send.",
            field="types",
            fix="Leave undisclosed out. With unreleased: true the entries behind it are sent, of all types.",
        )
    return Interest.of(
        before.types if wish.types is None else wish.types,
        before.sources if wish.sources is None else wish.sources,
        before.agencies if wish.agencies is None else wish.agencies,
        before.languages if wish.languages is None else wish.languages,
    )


def _usable(client: Client, url: str) -> str:
    """The address, if it may be called: https to the outside, whatever is allowed inside."""
    try:
        inside = client.look_at(url)
    except FetchFailed as error:
        fix = (
            "Name the host in WIREFOLD_OUTBOUND_ALLOW if it is yours."
            if error.fault is Fault.BLOCKED_ADDRESS
            else "Send the whole address, as https://host/path."
        )
        raise InvalidValue(error.detail, field="url", fix=fix) from None
    if not inside and not url.strip().lower().startswith("https:"):
        raise InvalidValue("What is called outside is called by https.", field="url", fix="Send https://…")
    return url.strip()


def _load(tx: Tx, webhook_id: str) -> WebhookRow:
    row = webhooks.load(tx, webhook_id) if webhook_id.isascii() and webhook_id.isprintable() else None
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFound:
    return NotFound("There is no webhook of that ID.", fix="GET /v1/webhooks lists them.")


def _view(tx: Tx, row: WebhookRow) -> WebhookView:
    return WebhookView(row, deliveries.count_waiting(tx).get(row.id, 0))
