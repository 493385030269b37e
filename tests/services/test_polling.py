"""Feeds polled from a real server on loopback, well-behaved or not, on both databases."""

import gzip
import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from app.net.addresses import read_allowed
from app.net.client import Client
from app.services import feeds
from app.services.ingest import ingest
from app.store import polling
from tests.net.site import CERTIFICATE, answer, open_site, redirect
from tests.services.feed_desk import Desk
from tests.services.feed_documents import item, rss, words


# ----------------------------------------------------------------------------------------- new and updated
def test_entries_become_articles_the_oldest_first(desk):
    row = desk.poll(rss(item(2), item(1), item(0)))
    assert (row.articles_new, row.articles_updated, row.entries_refused) == (3, 0, 0)
    assert (row.title, row.status, row.failures, row.error_kind) == ("Gazette", 200, 0, None)
    with desk.ctx.store.read() as tx:
        seen = polling.load_entries(tx, row.id)
    order = [article for article, _ in desk.articles()]
    assert [each.article_id for each in sorted(seen, key=lambda each: str(each.published_at))] == order


def test_what_was_seen_before_costs_no_ingest(desk, count_statements):
    desk.poll(rss(item(1), item(0)))
    assert count_statements("posting", lambda: desk.poll(rss(item(1), item(0), channel="<ttl>5</ttl>"))) == 0
    assert len(desk.articles()) == 2


def test_markup_dates_and_trackers_are_no_news(desk):
    desk.poll(rss(item(0)))
    again = item(0, link="https://gazette.example/0?utm_source=rss", published=item(5).published)
    row = desk.poll(rss(again).replace(b"&lt;p&gt;", b"&lt;p class=&quot;b&quot;&gt;"))
    assert (row.articles_new, row.articles_updated) == (1, 0)


def test_a_changed_entry_is_a_new_version_of_its_article(desk):
    desk.poll(rss(item(0)))
    row = desk.poll(rss(item(0, body=item(0).body + " " + words("more", 12))))
    assert (row.articles_new, row.articles_updated) == (1, 1)
    ((first, one), (second, two)) = desk.articles()
    assert (first, one, two) == (second, 1, 2)


@pytest.mark.parametrize("fields", ["auto", "guid", "url"])
def test_another_headline_makes_no_second_article(desk, fields):
    feeds.change_feed(desk.ctx, desk.feed_id, replace(feeds.wish_of(desk.feed()), identity=fields))
    desk.poll(rss(item(0)))
    row = desk.poll(rss(item(0, title="Corrected: " + item(0).title)))
    assert (row.articles_new, row.articles_updated) == (1, 1)


def test_a_guid_used_again_for_another_story_is_a_new_article(desk):
    desk.poll(rss(item(0)))
    row = desk.poll(rss(item(7, guid="item-0")))
    assert row.articles_new == 2
    assert len({article for article, _ in desk.articles()}) == 2


def test_guids_that_change_with_every_fetch_make_no_second_articles(desk):
    desk.poll(rss(item(1, guid="a1"), item(0, guid="a0")))
    row = desk.poll(rss(item(1, guid="b1"), item(0, guid="b0")))
    row = desk.poll(rss(item(1, guid="c1"), item(0, guid="c0", title="Corrected: " + item(0).title)))
    assert (row.articles_new, row.articles_updated) == (2, 1)
    assert row.identity_used == "url"
    assert "another GUID" in row.identity_why
    assert row.identity == "auto"


def test_guids_that_are_all_the_same_are_seen_through_at_once(desk):
    row = desk.poll(rss(item(1, guid="x"), item(0, guid="x")))
    assert (row.articles_new, row.identity_used) == (2, "url")


def test_guids_made_of_the_headline_are_seen_through(desk):
    made = [item(n, guid=item(n).title.replace(" ", "-").lower()) for n in range(3)]
    assert desk.poll(rss(*made)).identity_used == "url"
    changed = made[0]._replace(title="Corrected " + made[0].title, guid="corrected-" + made[0].title)
    row = desk.poll(rss(changed, *made[1:]))
    assert (row.articles_new, row.articles_updated) == (3, 1)


def test_what_people_choose_goes_before_what_is_found(desk):
    feeds.change_feed(desk.ctx, desk.feed_id, replace(feeds.wish_of(desk.feed()), identity="url+title"))
    row = desk.poll(rss(item(1, guid="x"), item(0, guid="x")))
    assert (row.identity_used, row.identity_why) == ("url+title", "chosen by a person")


def test_another_choice_of_fields_knows_the_articles_again(desk):
    desk.poll(rss(item(1), item(0)))
    for fields in ["url", "guid+url", "title", "auto"]:
        feeds.change_feed(desk.ctx, desk.feed_id, replace(feeds.wish_of(desk.feed()), identity=fields))
        row = desk.poll()
        assert (row.identity_used, row.articles_new, row.articles_updated) == (fields, 2, 0)
    row = desk.poll(rss(item(1), item(0, body=item(0).body + " " + words("more", 12))))
    assert (row.articles_new, row.articles_updated) == (2, 1)


def test_of_one_entry_listed_twice_the_newer_counts(desk):
    older = item(
        0, published=item(0).published - timedelta(hours=1), body=item(0).body + " " + words("old", 9)
    )
    row = desk.poll(rss(older, item(0)))
    row = desk.poll(rss(older, item(0), item(1)))
    assert (row.articles_new, row.articles_updated) == (2, 0)


def test_an_entry_without_text_is_refused_once_and_shown(desk):
    row = desk.poll(rss(item(1, body=""), item(0)))
    row = desk.poll(rss(item(1, body=""), item(0), channel="<ttl>1</ttl>"))
    assert (row.articles_new, row.entries_refused, row.failures) == (1, 1, 0)
    assert "headline and no text" in row.refusal


# ------------------------------------------------------------------------------------------------ manners
def test_validators_are_sent_back_and_304_is_no_news(desk):
    desk.poll(rss(item(0)), ETag='"v1"', Last_Modified="Tue, 03 Nov 2026 06:00:00 GMT")
    desk.site.pages["/feed"] = answer(status=304)
    row = desk.poll()
    asked = desk.site.requests[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "Tue, 03 Nov 2026 06:00:00 GMT")
    assert (row.status, row.fetches, row.articles_new, row.etag) == (304, 2, 1, '"v1"')


def test_a_gzipped_feed_is_read(desk):
    assert desk.poll(gzip.compress(rss(item(0))), Content_Encoding="gzip").articles_new == 1


def test_nothing_is_asked_before_it_is_due(desk):
    desk.poll(rss(item(0)))
    assert not desk.step()
    assert len(desk.site.requests) == 1


def test_a_permanent_redirect_is_remembered_once_it_has_stayed(desk):
    desk.site.pages |= {"/new": answer(rss(item(0))), "/feed": redirect("/new", 301)}
    assert [desk.poll().url for _ in range(3)] == [desk.site.url("/feed")] * 2 + [desk.site.url("/new")]
    desk.poll()
    assert [each.path for each in desk.site.requests][-2:] == ["/new", "/new"]
    assert desk.feed().added_url == desk.site.url("/feed")


def test_a_passing_redirect_is_followed_and_forgotten(desk):
    desk.site.pages |= {"/new": answer(rss(item(0))), "/feed": redirect("/new", 302)}
    assert [desk.poll().url for _ in range(4)] == [desk.site.url("/feed")] * 4


def test_a_feed_that_moves_to_anothers_address_is_paused(desk):
    desk.add("/other")
    other = desk.feed_id
    feeds.pause_feed(desk.ctx, other)
    desk.feed_id = feeds.list_feeds(desk.ctx)[0].id
    desk.site.pages |= {"/other": answer(rss(item(0))), "/feed": redirect("/other", 308)}
    for _ in range(3):
        row = desk.poll()
    assert row.paused
    assert other in row.paused_why


def test_a_feed_that_is_gone_is_paused_with_the_reason(desk):
    desk.site.pages["/feed"] = answer("gone", 410)
    row = desk.poll()
    assert (row.paused, row.error_kind) == (True, "http-410")
    assert "410" in row.paused_why
    desk.clock.pass_(days=30)
    assert not desk.step()


def test_two_feeds_of_one_host_are_not_asked_at_once(desk):
    desk.poll(rss(item(0)))
    first = desk.feed()
    desk.add("/second")
    desk.clock.now = first.due_at
    with desk.ctx.store.write() as tx:
        until = desk.clock.now + timedelta(minutes=2)
        held = polling.claim_due(tx, "one", desk.clock.now, until=until, host_free_at=until)
    assert held is not None
    assert not desk.step()
    desk.clock.pass_(minutes=3)
    assert desk.step()
    assert not desk.step()  # the gap
    desk.clock.pass_(seconds=5)
    assert desk.step()


def test_a_feed_that_takes_long_is_held_and_its_host_with_it(desk, monkeypatch):
    claimed = []

    def slowly(ctx, submissions):
        desk.clock.pass_(seconds=100)
        with ctx.store.write() as tx:
            until = desk.clock.now + timedelta(minutes=2)
            claimed.append(polling.claim_due(tx, "other", desk.clock.now, until=until, host_free_at=until))
        return ingest(ctx, submissions)

    desk.poll(rss(item(0)))
    desk.add("/second")
    desk.clock.pass_(seconds=5)
    desk.site.pages["/second"] = answer(rss(*(item(n, body=words(f"w{n}", 12)) for n in range(1, 250))))
    monkeypatch.setattr("app.services.hauling.ingest", slowly)
    assert desk.step()
    assert claimed == [None, None, None]
    assert desk.feed().articles_new == 249


def test_a_feed_that_is_resumed_is_asked_at_once_although_its_host_was_put_off(desk):
    desk.site.pages["/feed"] = answer("slow down", 429, Retry_After="7200")
    assert failed(desk) == "http-429"
    feeds.resume_feed(desk.ctx, desk.feed_id)
    desk.site.pages["/feed"] = answer(rss(item(0)))
    assert desk.step()
    assert desk.feed().articles_new == 1


def test_a_feed_changed_while_it_is_polled_keeps_the_change(desk):
    def behave(connection, request):
        feeds.pause_feed(desk.ctx, desk.feed_id, why="Enough.")
        answer(rss(item(0)))(connection, request)

    desk.site.pages["/feed"] = behave
    row = desk.poll()
    assert (row.paused, row.paused_why, row.fetches) == (True, "Enough.", 0)


def test_one_feed_that_fails_does_not_stop_another(desk):
    desk.site.pages["/feed"] = answer("oops", 500)
    desk.poll()
    desk.site.pages["/second"] = answer(rss(item(0)))
    desk.add("/second")
    assert desk.poll().articles_new == 1


# ----------------------------------------------------------------------------------------------- misbehaviour
def failed(desk: Desk) -> str | None:
    row = desk.poll()
    assert (row.failures, row.articles_new, row.paused) == (1, 0, False)
    assert row.error
    assert row.due_at > desk.clock.now
    return row.error_kind


def test_a_slow_drip_fails_at_the_deadline(desk):
    desk.site.pages["/feed"] = lambda connection, request: (
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n<rss>"),
        connection.drip(b" "),
    )
    assert failed(desk) == "timeout"


def test_an_endless_body_fails_at_the_limit(desk):
    def behave(connection, request):
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not connection.gone.is_set():
            connection.send(b"<item>" * 10_000)

    desk.site.pages["/feed"] = behave
    assert failed(desk) == "too-large"


def test_a_redirect_loop_fails(desk):
    desk.site.pages |= {"/feed": redirect("/there"), "/there": redirect("/feed")}
    assert failed(desk) == "redirect-loop"


def test_a_wrong_length_fails(desk):
    desk.site.pages["/feed"] = answer(rss(item(0)), Content_Length="99999")
    assert failed(desk) == "bad-http"


def test_bad_gzip_fails(desk):
    desk.site.pages["/feed"] = answer(gzip.compress(rss(item(0)))[:-9], Content_Encoding="gzip")
    assert failed(desk) == "bad-encoding"


def test_a_charset_that_lies_is_seen_through(desk):
    body = rss(item(0, title="Das Rathaus von Übersee schließt")).replace(b"utf-8", b"iso-8859-1")
    row = desk.poll(body, Content_Type="application/rss+xml; charset=us-ascii")
    assert row.articles_new == 1
    with desk.ctx.store.read() as tx:
        assert [each.title for each in polling.load_entries(tx, row.id)] == [
            "Das Rathaus von Übersee schließt"
        ]


def test_errors_of_the_server_put_the_feed_off_for_longer_each_time(desk):
    desk.site.pages["/feed"] = answer("oops", 500)
    waits = []
    for _ in range(12):
        row = desk.poll()
        waits.append((row.due_at - desk.clock.now).total_seconds())
    assert row.error_kind == "http-500"
    assert waits[:4] == [300, 600, 1200, 2400]
    assert waits[-1] == 24 * 3600
    assert desk.poll(rss(item(0))).failures == 0


def test_retry_after_is_kept_and_spares_the_whole_host(desk):
    desk.site.pages["/feed"] = answer("slow down", 429, Retry_After="7200")
    assert failed(desk) == "http-429"
    row = desk.feed()
    assert (row.due_at - desk.clock.now).total_seconds() == 7200
    assert "retry after 7200 s" in row.error
    desk.add("/second")
    assert not desk.step()
    desk.clock.pass_(hours=2)
    assert desk.step()


def test_a_name_that_is_bent_inside_after_its_check_reaches_nothing(desk):
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])
    desk.client = Client(allowed=read_allowed(["127.0.0.2"]), resolver=lambda host, port: next(answers))
    desk.site.pages["/feed"] = answer(rss(item(0)))
    assert failed(desk) == "connection"
    assert desk.poll().error_kind == "blocked-address"
    assert desk.site.requests == []


def test_a_self_signed_certificate_fails(desk):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    with open_site(context) as secure:
        secure.pages["/feed"] = answer(rss(item(0)))
        desk.client = Client(allowed=read_allowed(["127.0.0.1", "::1"]))
        wish = replace(feeds.wish_of(desk.feed()), url=secure.url("/feed"))
        feeds.change_feed(desk.ctx, desk.feed_id, wish)
        assert failed(desk) == "tls"


def test_a_page_instead_of_a_feed_fails_and_names_the_feed_it_links_to(desk):
    page = (
        "<!doctype html><html><head><link rel=alternate type=application/rss+xml href=https://a.example/rss>"
        "</head><body><p>Hello</p></body></html>"
    )
    desk.site.pages["/feed"] = answer(page, Content_Type="text/html")
    assert failed(desk) == "not-a-feed"
    assert "https://a.example/rss" in desk.feed().error
