"""Webhooks against real receivers: signed, retried, in order where asked, and never lost or held up."""

import base64
import hashlib
import hmac
import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from app.errors import Conflict, InvalidValue
from app.events import EventType
from app.net.addresses import read_allowed
from app.net.client import Client
from app.net.signing import shown
from app.services import fanning_out
from app.services.delivering import Calling, claim_due, prune
from app.services.fanning_out import fan_out
from app.services.following import last_position, read_page
from app.services.releasing import release_due
from app.services.retrying import DELAYS_S, due_again
from app.services.stock import take_stock
from app.services.webhooks import (
    Stretch,
    Wish,
    change_webhook,
    create_webhook,
    delete_webhook,
    list_deliveries,
    read_webhook,
    replay,
    rotate_secret,
    send_test,
)
from app.store.deliveries import DeliveryState
from app.store.webhooks import WebhookState
from app.workers.deliverer import Deliverer
from tests.net.site import answer, open_site, redirect
from tests.services.stories import STRANGERS

EVENTS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"
PATIENCE_S = 30
QUICK = Calling(timeout_s=5)


@pytest.fixture(autouse=True)
def _today(clock):
    """The verifying library refuses what was not signed within five minutes of the real time."""
    clock.now = datetime.now(UTC)


@pytest.fixture
def site():
    with open_site() as opened:
        opened.pages["/hook"] = answer()
        yield opened


@pytest.fixture
def client():
    return Client(allowed=read_allowed(["127.0.0.1/32"]))


@pytest.fixture
def hook(ctx, client, site):
    """Make an endpoint of the site."""

    def make(path="/hook", after=None, **wish):
        return create_webhook(ctx, client, Wish(url=site.url(path), **wish), after=after, by="oda").row

    return make


@pytest.fixture
def hire(ctx, client):
    def deliverer(calling=QUICK, threads=8, **changed):
        return Deliverer(replace(ctx, **changed), client, calling, threads=threads)

    return deliverer


@pytest.fixture
def deliver(hire):
    """Deliver until nothing is due."""

    def run(calling=QUICK, threads=8):
        deliverer = hire(calling, threads)
        while deliverer.step():
            pass
        assert deliverer.finish(timeout_s=PATIENCE_S)

    return run


@pytest.fixture
def news(post):
    """Take in an article unlike the others; two entries of the feed, ingested and created."""

    def take_in(number, **fields):
        text = " ".join(f"{word}{number}" for word in STRANGERS[number % 3].split())
        return post(external_id=str(number), title=f"News {number}", text=text, **fields)

    return take_in


def log_of(ctx, row, **options):
    """The deliveries to an endpoint, the first first."""
    views, _ = list_deliveries(ctx, row.id, **({"state": None, "before": None, "limit": 200} | options))
    return list(reversed(views))


def bodies(site, path="/hook"):
    return [json.loads(each.body) for each in site.asked(path)]


def positions(site, path="/hook"):
    return [body["data"]["position"] for body in bodies(site, path)]


def entries(ctx):
    return read_page(ctx, 0, limit=1_000).rows


# ------------------------------------------------------------------------------------- what is delivered
def test_what_happens_is_delivered_and_the_library_verifies_it(ctx, hook, news, deliver, site):
    row = hook()
    news(1)
    deliver()
    assert sorted(positions(site)) == [entry.position for entry in entries(ctx)]
    for request in site.asked("/hook"):
        told = Webhook(shown(row.secret)).verify(request.body, request.headers)
        entry = entries(ctx)[told["data"]["position"] - 1]
        assert told["type"] == entry.type
        assert datetime.fromisoformat(told["timestamp"]) == entry.at
        assert told["data"] == {**entry.payload, "position": entry.position}
        assert request.headers["content-type"] == "application/json"
        assert (request.method, "content-length" in request.headers) == ("POST", True)
    assert [view.row.state for view in log_of(ctx, row)] == [DeliveryState.DELIVERED] * len(entries(ctx))


def test_what_is_signed_is_what_the_standard_says(hook, news, deliver, site):
    row = hook()
    news(1)
    deliver()
    for request in site.asked("/hook"):
        headers = request.headers
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
        mac = base64.b64encode(hmac.new(row.secret, content, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{mac}"


def test_the_documented_receiver_verifies_what_is_sent_and_nothing_else(hook, news, deliver, site):
    """The example of docs/events.md, as it stands there."""
    (example,) = re.findall(
        r"^```python\n(.*?)^```$", EVENTS_PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    names: dict[str, Any] = {}
    exec(compile(example, str(EVENTS_PAGE), "exec"), names)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    (request,) = site.requests
    event = names["verify"](shown(row.secret), request.headers, request.body)
    assert event["type"] == "article.ingested"
    old = request.headers | {"webhook-timestamp": "1700000000"}
    for headers, body, secret in (
        (request.headers, request.body + b" ", row.secret),
        (request.headers, request.body, b"another" * 5),
        (request.headers | {"webhook-id": "evt_0"}, request.body, row.secret),
        (old, request.body, row.secret),
    ):
        with pytest.raises(ValueError, match=r"not|old"):
            names["verify"](shown(secret), headers, body)


def test_the_documented_schedule_is_the_one_in_force():
    told = re.findall(r"^\| \d+ \| (\d+) (s|min|h) \|", EVENTS_PAGE.read_text("utf-8"), re.MULTILINE)
    seconds = {"s": 1, "min": 60, "h": 3_600}
    assert [int(count) * seconds[unit] for count, unit in told] == list(DELAYS_S)


def test_text_that_no_encoding_has_is_delivered(hook, post, deliver, site):
    row = hook()
    post(source="odd \ud800\u0000.example")
    deliver()
    told = [Webhook(row.secret).verify(each.body, each.headers) for each in site.asked("/hook")]
    assert "odd \ud800\u0000.example" in {each["data"].get("source") for each in told}


def test_an_endpoint_hears_of_what_comes_after_it_was_made(ctx, hook, news, deliver, site):
    news(1)
    before = last_position(ctx)
    hook()
    news(2)
    deliver()
    assert sorted(positions(site)) == list(range(before + 1, last_position(ctx) + 1))


def test_an_endpoint_may_begin_at_an_earlier_position(ctx, hook, news, deliver, site):
    news(1)
    hook(after=1)
    deliver()
    assert sorted(positions(site)) == list(range(2, last_position(ctx) + 1))


def test_a_filter_of_an_endpoint_is_that_of_the_feed(ctx, hook, news, deliver, site):
    hook(
        types=["article.ingested"], sources=["a.example", "b.example"], agencies=["Wire"], languages=["en-GB"]
    )
    news(1, source="a.example", agency="Wire", language="en")
    news(2, source="b.example", agency="Wire", language="sv")
    news(3, source="b.example", agency="Other", language="en")
    news(4, source="c.example", agency="Wire", language="en")
    deliver()
    assert [(body["type"], body["data"]["source"]) for body in bodies(site)] == [
        ("article.ingested", "a.example")
    ]


def test_what_is_not_out_is_told_only_where_it_is_asked_for(ctx, hook, news, deliver, site, clock):
    site.pages["/all"] = answer()
    hook(types=["article.ingested", "article.released"])
    hook("/all", unreleased=True)
    news(1, embargoed_until=clock() + timedelta(hours=1))
    deliver()
    assert bodies(site) == []
    assert "article.ingested" in {body["type"] for body in bodies(site, "/all")}
    clock.pass_(hours=2)
    release_due(ctx)
    deliver()
    assert [body["type"] for body in bodies(site)] == ["article.released"]


def test_the_feed_is_fanned_out_once_however_many_do_it(ctx, open_context, hook, news):
    row = hook()
    for number in range(6):
        news(number)
    threads = [
        threading.Thread(target=lambda: all(iter(lambda: fan_out(open_context()), False))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [view.row.position for view in log_of(ctx, row)] == [entry.position for entry in entries(ctx)]


def test_an_endpoint_with_much_waiting_is_left_where_it_is_and_misses_nothing(
    ctx, hook, news, deliver, site, clock, monkeypatch
):
    monkeypatch.setattr(fanning_out, "BACKLOG", 3)
    row = hook()
    site.pages["/hook"] = answer(status=503)
    for number in range(4):
        news(number)
    deliver()
    assert read_webhook(ctx, row.id).waiting == 3
    assert read_webhook(ctx, row.id).row.cursor == 3
    site.pages["/hook"] = answer()
    clock.pass_(minutes=1)
    deliver()
    assert set(positions(site)) == {entry.position for entry in entries(ctx)}
    assert read_webhook(ctx, row.id).waiting == 0


# --------------------------------------------------------------------------------------------- retries
def test_the_schedule_is_the_published_one_and_after_the_last_a_delivery_has_failed(
    ctx, hook, news, deliver, site, clock
):
    site.pages["/hook"] = answer("not now", status=500)
    row = hook(types=["article.ingested"])
    never = replace(QUICK, disable_after=timedelta(days=50))
    news(1)
    deliver(never)
    for number, delay in enumerate(DELAYS_S[1:], start=2):
        clock.pass_(seconds=delay - 1)
        deliver(never)
        assert len(site.asked("/hook")) == number - 1
        clock.pass_(seconds=1)
        deliver(never)
        assert len(site.asked("/hook")) == number
    (view,) = log_of(ctx, row)
    assert (view.row.state, view.row.attempts) == (DeliveryState.FAILED, 10)
    assert [(each.number, each.status, each.answer) for each in view.attempts] == [
        (number, 500, b"not now") for number in range(1, 11)
    ]
    assert len({each.headers["webhook-id"] for each in site.asked("/hook")}) == 1
    assert len({each.headers["webhook-timestamp"] for each in site.asked("/hook")}) == 10
    clock.pass_(days=30)
    deliver(never)
    assert len(site.asked("/hook")) == 10


def test_chance_delays_by_a_tenth_at_most_and_a_receiver_by_a_day(clock):
    now = clock()
    assert due_again(2, now, chance=1) == now + timedelta(seconds=330)
    assert due_again(1, now, chance=0, retry_after_s=3_600) == now + timedelta(hours=1)
    assert due_again(1, now, chance=0, retry_after_s=10**9) == now + timedelta(days=1)
    assert due_again(10, now, chance=0) is None


def test_retry_after_is_honoured(ctx, hook, news, deliver, site, clock):
    site.pages["/hook"] = answer(status=429, Retry_After="1000")
    hook(types=["article.ingested"])
    news(1)
    deliver()
    clock.pass_(seconds=999)
    deliver()
    assert len(site.asked("/hook")) == 1
    clock.pass_(seconds=1)
    deliver()
    assert len(site.asked("/hook")) == 2


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(ctx, hook, news, deliver, site, status):
    site.pages["/hook"] = answer(status=status)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    assert log_of(ctx, row)[0].row.state is DeliveryState.DELIVERED


def test_a_redirect_is_not_followed_and_no_success(ctx, hook, news, deliver, site):
    site.pages["/hook"] = redirect(site.url("/elsewhere"), 307)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    assert site.asked("/elsewhere") == []
    (view,) = log_of(ctx, row)
    assert (view.row.state, view.attempts[0].status) == (DeliveryState.WAITING, 307)


def test_whoever_does_not_answer_in_time_is_tried_again(ctx, hook, news, deliver, site):
    site.pages["/hook"] = lambda connection, request: connection.gone.wait()
    row = hook(types=["article.ingested"])
    news(1)
    deliver(replace(QUICK, timeout_s=0.2))
    (view,) = log_of(ctx, row)
    assert (view.row.state, view.attempts[0].fault) == (DeliveryState.WAITING, "timeout")


def test_of_a_long_answer_the_first_bytes_are_kept(ctx, hook, news, deliver, site):
    site.pages["/hook"] = answer("x" * 100_000, status=500)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    assert log_of(ctx, row)[0].attempts[0].answer == b"x" * 1_024


# ------------------------------------------------------------------------------------ endpoints that fail
def test_what_was_delivered_and_what_waits_is_counted(ctx, hook, news, deliver, site, clock):
    site.pages["/gone"] = answer(status=410)
    hook(types=["article.ingested"])
    news(1)
    deliver()
    site.pages["/hook"] = answer(status=500)
    news(2)
    deliver()
    clock.pass_(seconds=60)
    stock = take_stock(ctx)
    assert (stock.deliveries_waiting, stock.endpoints_disabled) == (1, 0)
    assert 60 <= stock.delivery_waiting_for_s < 70
    site.pages["/hook"] = answer()
    gone = hook("/gone", types=["article.ingested"])
    send_test(ctx, gone.id)
    news(3)
    deliver()
    stock = take_stock(ctx)
    assert (stock.deliveries_waiting, stock.delivery_waiting_for_s, stock.endpoints_disabled) == (0, 0.0, 1)
    assert {tally.value: number for tally, number in stock.done.items() if number} == {
        "attempts.delivered": 3,
        "attempts.failed": 2,
        "attempts.again": 1,
        "deliveries.dead": 1,
    }


def test_gone_disables_an_endpoint_at_once_and_the_feed_says_so(ctx, hook, news, deliver, site, clock):
    site.pages["/hook"] = answer(status=410)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    news(2)
    deliver()
    assert len(site.asked("/hook")) == 1
    now = read_webhook(ctx, row.id).row
    assert (now.state, now.why) == (WebhookState.DISABLED, "It answered 410 Gone.")
    (told,) = [entry.payload for entry in entries(ctx) if entry.type == EventType.WEBHOOK_DISABLED]
    assert told == {"webhook_id": row.id, "reason": "It answered 410 Gone."}


def test_an_endpoint_that_fails_for_days_is_disabled_and_takes_up_where_it_stopped(
    ctx, hook, news, deliver, client, site, clock
):
    site.pages["/hook"] = answer(status=500)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    for _ in range(6):
        clock.pass_(days=1)
        deliver()
    now = read_webhook(ctx, row.id).row
    assert now.state is WebhookState.DISABLED
    assert "Nothing was delivered since" in (now.why or "")
    assert EventType.WEBHOOK_DISABLED in {entry.type for entry in entries(ctx)}
    news(2)
    site.pages["/hook"] = answer()
    asked = len(site.asked("/hook"))
    deliver()
    assert len(site.asked("/hook")) == asked
    changed = change_webhook(ctx, client, row.id, Wish(paused=False)).row
    assert (changed.state, changed.failing_since) == (WebhookState.ENABLED, None)
    deliver()
    ingested = [entry for entry in entries(ctx) if entry.type == EventType.ARTICLE_INGESTED]
    assert sorted(positions(site)[asked:]) == [entry.position for entry in ingested]


def test_a_success_forgets_the_failures_before_it(ctx, hook, news, deliver, site, clock):
    site.pages["/hook"] = answer(status=500)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    failing = read_webhook(ctx, row.id).row
    assert (failing.failing_since, failing.slow) == (clock(), True)
    site.pages["/hook"] = answer()
    clock.pass_(seconds=5)
    deliver()
    well = read_webhook(ctx, row.id).row
    assert (well.failing_since, well.slow) == (None, False)


def test_a_paused_endpoint_gets_afterwards_what_happened_meanwhile(ctx, hook, news, deliver, client, site):
    row = hook(types=["article.ingested"], paused=True)
    news(1)
    deliver()
    assert site.requests == []
    change_webhook(ctx, client, row.id, Wish(paused=False))
    deliver()
    assert len(site.requests) == 1


def test_addresses_inside_are_refused_when_made_and_again_at_each_delivery(ctx, hook, news, site):
    stranger = Client()
    for url in (site.url("/hook"), "https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/x"):
        with pytest.raises(InvalidValue) as refused:
            create_webhook(ctx, stranger, Wish(url=url), after=None, by="oda")
        assert refused.value.field == "url"
    row = hook(types=["article.ingested"])
    news(1)
    deliverer = Deliverer(ctx, stranger, QUICK, threads=2)
    while deliverer.step():
        pass
    assert deliverer.finish(timeout_s=PATIENCE_S)
    assert site.requests == []
    assert log_of(ctx, row)[0].attempts[0].fault == "blocked-address"


@pytest.mark.parametrize(
    "url",
    ["http://news.example/hook", "https://oda:pass@news.example/hook", "ftp://news.example", "hook", ""],
)
def test_what_is_no_https_address_is_refused(ctx, url):
    client = Client(resolver=lambda host, port: ["93.184.215.14"])
    with pytest.raises(InvalidValue):
        create_webhook(ctx, client, Wish(url=url), after=None, by="oda")
    made = create_webhook(ctx, client, Wish(url="https://news.example/hook"), after=None, by="oda")
    assert made.row.url == "https://news.example/hook"


# ----------------------------------------------------------------------------------------------- secrets
def test_after_a_rotation_both_secrets_verify_until_the_overlap_is_over(
    ctx, hook, news, deliver, site, clock
):
    before = hook(types=["article.ingested"])
    after = rotate_secret(ctx, before.id, overlap=timedelta(seconds=90)).row
    assert after.secret != before.secret
    news(1)
    deliver()
    request = site.asked("/hook")[-1]
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    for secret in (after.secret, before.secret):
        Webhook(shown(secret)).verify(request.body, request.headers)
    clock.pass_(seconds=90)
    news(2)
    deliver()
    request = site.asked("/hook")[-1]
    assert len(request.headers["webhook-signature"].split(" ")) == 1
    Webhook(shown(after.secret)).verify(request.body, request.headers)


def test_a_secret_is_not_in_what_is_printed_of_its_endpoint(ctx, hook):
    row = rotate_secret(ctx, hook().id, overlap=timedelta(hours=1)).row
    assert row.old_secret is not None
    for secret in (row.secret, row.old_secret):
        assert repr(secret) not in repr(row)


# ------------------------------------------------------------------------------------- order and slowness
def test_in_order_the_first_holds_the_line_until_it_is_delivered(ctx, hook, news, deliver, site, clock):
    site.pages["/hook"] = answer(status=500)
    hook(ordered=True)
    for number in range(3):
        news(number)
    deliver()
    assert positions(site) == [1]
    site.pages["/hook"] = answer()
    clock.pass_(seconds=5)
    deliver()
    assert positions(site) == [1, *(entry.position for entry in entries(ctx))]


def test_without_order_one_that_fails_holds_up_no_other(ctx, hook, news, deliver, site):
    def refuse_first(connection, request):
        status = 500 if json.loads(request.body)["data"]["position"] == 1 else 200
        answer(status=status)(connection, request)

    site.pages["/hook"] = refuse_first
    row = hook()
    for number in range(3):
        news(number)
    deliver()
    assert sorted(positions(site)) == [entry.position for entry in entries(ctx)]
    states = [view.row.state for view in log_of(ctx, row)]
    assert states == [DeliveryState.WAITING] + [DeliveryState.DELIVERED] * (len(states) - 1)


def test_a_slow_endpoint_holds_up_no_other(ctx, hook, news, hire, site):
    """It may have all threads but half once, until it is known to be slow; then others find theirs at once."""
    release = threading.Event()

    def wait(connection, request):
        release.wait(PATIENCE_S)
        answer()(connection, request)

    site.pages["/slow"], site.pages["/quick"] = wait, answer()
    hook("/slow")
    hook("/quick")
    deliverer = hire(replace(QUICK, timeout_s=PATIENCE_S, at_once=2), threads=4)
    for number in range(10):
        news(number)
    end = last_position(ctx)
    while len(site.asked("/quick")) < end:
        deliverer.step()
    assert len(site.asked("/slow")) == 2
    release.set()
    while deliverer.step():
        pass
    assert deliverer.finish(timeout_s=PATIENCE_S)
    assert sorted(positions(site, "/slow")) == sorted(positions(site, "/quick")) == list(range(1, end + 1))


def test_endpoints_known_to_be_slow_share_half_of_the_threads(ctx, hook, news, deliver, site, clock):
    site.pages["/down"] = answer(status=500)
    for _ in range(6):
        hook("/down", types=["article.ingested"])
    news(1)
    deliver()
    hook("/hook", types=["article.ingested"])
    news(2)
    clock.pass_(days=1)
    claims = []
    while fan_out(ctx):
        pass
    claims = claim_due(ctx, QUICK, room=4, room_for_slow=2)
    assert sorted(claim.webhook.slow for claim in claims) == [False, True, True]


# ------------------------------------------------------------------------------------------- nothing lost
def test_what_was_claimed_by_one_that_died_is_sent_by_another_under_the_same_id(
    ctx, hook, news, deliver, site, clock
):
    row = hook(types=["article.ingested"])
    news(1)
    assert fan_out(ctx)
    (abandoned,) = claim_due(ctx, QUICK, room=4, room_for_slow=1)
    deliver()
    assert site.requests == []
    clock.now = abandoned.until
    deliver()
    (request,) = site.requests
    assert request.headers["webhook-id"] == abandoned.delivery.message
    (view,) = log_of(ctx, row)
    assert [each.number for each in view.attempts] == [2]


def test_what_was_committed_before_anybody_fanned_it_out_is_delivered(
    hook, news, deliver, open_context, site
):
    hook(types=["article.ingested"])
    news(1)
    open_context()  # the process that took it in is gone
    deliver()
    assert len(site.requests) == 1


def test_several_deliverers_share_the_work_and_send_nothing_twice(
    ctx, open_context, hook, news, client, site
):
    hook()
    for number in range(8):
        news(number)
    deliverers = [Deliverer(open_context(), client, QUICK, threads=4) for _ in range(3)]
    threads = [threading.Thread(target=lambda one=one: all(iter(one.step, False))) for one in deliverers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in deliverers:
        assert one.finish(timeout_s=PATIENCE_S)
    assert sorted(positions(site)) == [entry.position for entry in entries(ctx)]


def test_a_deleted_endpoint_is_called_no_more_and_leaves_nothing(ctx, hook, news, deliver, site):
    site.pages["/hook"] = answer(status=500)
    row = hook()
    news(1)
    deliver()
    asked = len(site.requests)
    delete_webhook(ctx, row.id)
    news(2)
    deliver()
    assert len(site.requests) == asked


# --------------------------------------------------------------------------------------- tests and replays
def test_a_test_is_sent_once_also_to_a_paused_endpoint(ctx, hook, deliver, site, clock):
    site.pages["/hook"] = answer(status=500)
    row = hook(paused=True)
    sent = send_test(ctx, row.id)
    deliver()
    clock.pass_(days=2)
    deliver()
    (request,) = site.requests
    told = json.loads(request.body)
    assert (told["type"], told["data"]) == ("webhook.test", {"webhook_id": row.id})
    assert request.headers["webhook-id"] == sent.row.message
    assert log_of(ctx, row)[0].row.state is DeliveryState.FAILED


def test_a_test_does_not_wait_in_the_line_of_an_ordered_endpoint(ctx, hook, news, deliver, site):
    site.pages["/hook"] = answer(status=500)
    row = hook(ordered=True)
    news(1)
    deliver()
    send_test(ctx, row.id)
    deliver()
    assert [body["type"] for body in bodies(site)] == ["article.ingested", "webhook.test"]


def test_a_replay_of_positions_sends_the_same_messages_again(ctx, hook, news, deliver, site):
    row = hook()
    for number in range(3):
        news(number)
    deliver()
    before = {each.headers["webhook-id"]: each.body for each in site.requests}
    asked = len(site.requests)
    pending = replay(ctx, row.id, Stretch(first=2, last=4)).row
    assert (pending.replay_after, pending.replay_upto) == (1, 4)
    with pytest.raises(Conflict):
        replay(ctx, row.id, Stretch())
    deliver()
    again = site.requests[asked:]
    assert sorted(json.loads(each.body)["data"]["position"] for each in again) == [2, 3, 4]
    assert all(before[each.headers["webhook-id"]] == each.body for each in again)
    assert read_webhook(ctx, row.id).row.replay_upto is None


def test_a_replay_of_a_time_range_sends_what_happened_in_it(ctx, hook, news, deliver, site, clock):
    row = hook(types=["article.ingested"])
    times = []
    for number in range(4):
        clock.pass_(seconds=60)
        times.append(clock())
        news(number)
    deliver()
    asked = len(site.requests)
    replay(ctx, row.id, Stretch(since=times[1], until=times[2]))
    deliver()
    again = sorted(datetime.fromisoformat(body["timestamp"]) for body in bodies(site)[asked:])
    assert again == times[1:3]


def test_in_order_a_replay_goes_before_what_is_new(ctx, hook, news, deliver, site, monkeypatch):
    row = hook(ordered=True)
    news(1)
    deliver()
    end = last_position(ctx)
    replay(ctx, row.id, Stretch())
    news(2)
    monkeypatch.setattr(fanning_out, "STRETCH", 1)
    deliver()
    assert positions(site) == [*range(1, end + 1), *range(1, last_position(ctx) + 1)]


def test_there_is_nothing_to_replay_behind_what_was_delivered(ctx, hook, news):
    row = hook()
    news(1)
    for stretch in (
        Stretch(first=1),
        Stretch(first=3, last=2),
        Stretch(since=datetime(2200, 1, 1, tzinfo=UTC)),
    ):
        with pytest.raises(InvalidValue):
            replay(ctx, row.id, stretch)


def test_the_log_is_kept_for_days_and_for_so_many(ctx, hook, news, deliver, clock, monkeypatch):
    row = hook()
    for number in range(3):
        news(number)
    deliver()
    whole = len(log_of(ctx, row))
    monkeypatch.setattr("app.services.delivering._KEPT", 4)
    assert prune(ctx, QUICK)
    assert len(log_of(ctx, row)) == 4 < whole
    assert not prune(ctx, QUICK)
    clock.pass_(days=8)
    assert prune(ctx, QUICK)
    assert log_of(ctx, row) == []


def test_what_waits_is_not_pruned(ctx, hook, news, deliver, site, clock):
    site.pages["/hook"] = answer(status=500)
    row = hook(types=["article.ingested"])
    news(1)
    deliver()
    clock.pass_(days=30)
    prune(ctx, QUICK)
    assert [view.row.state for view in log_of(ctx, row)] == [DeliveryState.WAITING]
