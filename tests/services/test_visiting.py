"""The pages that entries link to, fetched for a feed that asks for them."""

from dataclasses import replace

import pytest

from app.services import feeds
from app.services.reading import read_article
from app.store import polling
from tests.net.site import answer, redirect
from tests.services.feed_documents import item, rss, words

ROBOTS = "/robots.txt"


@pytest.fixture(autouse=True)
def _wants_pages(desk):
    feeds.change_feed(desk.ctx, desk.feed_id, replace(feeds.wish_of(desk.feed()), fetch_page=True))
    desk.site.pages[ROBOTS] = answer("User-agent: *\nDisallow: /closed\n")


def page(number, **headers):
    paragraphs = "".join(f"<p>{words(f'{number}.{n}', 60)}</p>" for n in range(4))
    return answer(
        f"<!doctype html><html><head><title>x</title></head><body><article>{paragraphs}</article></body></html>",
        **({"Content_Type": "text/html"} | headers),
    )


def brief(desk, number, path=None, **changes):
    """An entry of one sentence that links to the site."""
    link = desk.site.url(path or f"/page/{number}")
    return item(number, body=words(f"b{number}", 8), link=link, **changes)


def text_of(desk, article_id):
    return read_article(desk.ctx, article_id).current.page.text


def seen(desk):
    with desk.ctx.store.read() as tx:
        return {each.guid: each for each in polling.load_entries(tx, desk.feed_id)}


def test_the_page_is_the_article_and_the_entry_stays_as_it_came(desk):
    desk.site.pages["/page/1"] = page(1)
    row = desk.poll(rss(brief(desk, 1)))
    assert (row.articles_new, row.failures) == (1, 0)
    ((article, _),) = desk.articles()
    assert words("1.2", 60) in text_of(desk, article)
    assert [each.path for each in desk.site.requests] == ["/feed", ROBOTS, "/page/1"]


def test_a_page_is_fetched_once_and_again_when_its_entry_changes(desk):
    desk.site.pages["/page/1"] = page(1)
    desk.poll(rss(brief(desk, 1)))
    desk.poll(rss(brief(desk, 1), channel="<ttl>1</ttl>"))
    assert len(desk.site.asked("/page/1")) == 1
    desk.poll(rss(brief(desk, 1, title="Corrected: " + item(1).title)))
    assert len(desk.site.asked("/page/1")) == 2
    assert len(desk.site.asked(ROBOTS)) == 1


def test_what_robots_txt_closes_is_not_asked_for(desk):
    desk.site.pages["/closed/1"] = page(1)
    row = desk.poll(rss(brief(desk, 1, "/closed/1")))
    assert row.articles_new == 1
    assert desk.site.asked("/closed/1") == []
    ((article, _),) = desk.articles()
    assert words("b1", 8) in text_of(desk, article)


def test_while_robots_txt_cannot_be_had_no_page_is_asked_for(desk):
    desk.site.pages[ROBOTS] = answer("oops", 503)
    desk.site.pages["/page/1"] = page(1)
    assert desk.poll(rss(brief(desk, 1))).articles_new == 0
    assert desk.site.asked("/page/1") == []


def test_a_page_that_does_not_come_is_tried_three_times(desk):
    desk.site.pages["/page/1"] = answer("oops", 500)
    document = rss(brief(desk, 1), item(0, link=None))
    polled = [desk.poll(document, ETag='"1"') for _ in range(3)]
    assert [row.articles_new for row in polled] == [1, 1, 2]
    assert [row.etag for row in polled] == [None, None, '"1"']
    assert (polled[0].due_at - polled[0].fetched_at).total_seconds() == 60
    assert desk.poll(document).articles_new == 2
    assert len(desk.site.asked("/page/1")) == 3


@pytest.mark.parametrize(
    "behaviour",
    [
        answer("not here", 404),
        answer("%PDF-1.7", Content_Type="application/pdf"),
        redirect("http://169.254.169.254/"),
        answer("<html><body><p>We value your privacy</p></body></html>", Content_Type="text/html"),
    ],
    ids=["gone", "pdf", "inside", "wall"],
)
def test_where_no_page_is_to_be_had_the_entry_is_the_article(desk, behaviour):
    desk.site.pages["/page/1"] = behaviour
    assert desk.poll(rss(brief(desk, 1))).articles_new == 1
    ((article, _),) = desk.articles()
    assert words("b1", 8) in text_of(desk, article)


def test_a_link_inside_is_not_followed(desk):
    body = rss(item(1, link="http://10.0.0.1/"), item(2, link="http://[fd00:ec2::254]/latest"))
    desk.manners = replace(desk.manners, most_pages=5)
    assert desk.poll(body).articles_new == 2


@pytest.fixture
def elsewhere(desk):
    """Another host of the same site, by its name: where links that are counted lead first."""
    desk.client._allowed = type(desk.client._allowed)(frozenset({"localhost", "127.0.0.1"}))

    def url(path):
        return desk.site.url(path).replace("127.0.0.1", "localhost")

    return url


def asked_of(desk, path):
    """Which hosts were asked for a path, in order."""
    return [each.headers["host"].partition(":")[0] for each in desk.site.asked(path)]


def test_where_a_redirect_leads_is_asked_as_if_the_link_led_there(desk, elsewhere):
    desk.site.pages |= {"/out": redirect(elsewhere("/page/1")), "/page/1": page(1)}
    assert desk.poll(rss(brief(desk, 1, "/out"))).articles_new == 1
    ((article, _),) = desk.articles()
    assert words("1.2", 60) in text_of(desk, article)
    assert asked_of(desk, ROBOTS) == ["127.0.0.1", "localhost"]
    assert asked_of(desk, "/page/1") == ["localhost"]
    with desk.ctx.store.write() as tx:
        assert polling.claim_host(tx, "localhost", desk.clock.now, desk.clock.now)


def test_a_redirect_leads_nowhere_that_robots_txt_closes(desk, elsewhere):
    desk.site.pages |= {"/out": redirect(elsewhere("/closed/1")), "/closed/1": page(1)}
    assert desk.poll(rss(brief(desk, 1, "/out"))).articles_new == 1
    assert asked_of(desk, "/closed/1") == []
    desk.site.pages |= {"/in": redirect("/closed/1")}
    assert desk.poll(rss(brief(desk, 2, "/in"))).articles_new == 2
    assert asked_of(desk, "/closed/1") == []


def test_a_redirect_to_a_host_that_another_worker_asks_is_left_for_later(desk, elsewhere):
    desk.site.pages |= {"/out": redirect(elsewhere("/page/1")), "/page/1": page(1)}
    now = desk.clock.now
    with desk.ctx.store.write() as tx:
        assert polling.claim_host(tx, "localhost", now, now.replace(hour=23))
    assert desk.poll(rss(brief(desk, 1, "/out"))).articles_new == 0
    assert asked_of(desk, "/page/1") == []
    desk.clock.pass_(days=1)
    assert desk.poll().articles_new == 1


def test_redirects_end(desk):
    desk.site.pages |= {f"/out/{n}": redirect(f"/out/{n + 1}") for n in range(9)}
    assert desk.poll(rss(brief(desk, 1, "/out/0"))).articles_new == 0
    assert seen(desk)["item-1"].tries == 1
    assert len([each for each in desk.site.requests if each.path.startswith("/out/")]) == 6


def test_rules_that_another_host_keeps_are_asked_for_there(desk, elsewhere):
    desk.site.pages |= {
        ROBOTS: redirect(elsewhere("/rules.txt")),
        "/rules.txt": answer("User-agent: *\nDisallow: /closed\n"),
        "/closed/1": page(1),
        "/page/1": page(1),
    }
    assert desk.poll(rss(brief(desk, 1), brief(desk, 2, "/closed/1"))).articles_new == 2
    assert (asked_of(desk, "/page/1"), asked_of(desk, "/closed/1")) == (["127.0.0.1"], [])
    assert asked_of(desk, "/rules.txt") == ["localhost"]


def test_pages_that_are_left_come_with_the_next_polls(desk):
    desk.manners = replace(desk.manners, most_pages=2)
    entries = [brief(desk, n) for n in range(5)]
    desk.site.pages |= {f"/page/{n}": page(n) for n in range(5)}
    polled = [desk.poll(rss(*entries)).articles_new for _ in range(3)]
    assert polled == [2, 4, 5]
    assert all(len(desk.site.asked(f"/page/{n}")) == 1 for n in range(5))


def test_a_page_says_its_own_encoding(desk):
    markup = f"<html><head><meta charset=utf-8></head><body><article><p>Übersee {words(1, 80)}</p></article></body></html>"
    desk.site.pages["/page/1"] = answer(
        markup.encode("latin-1"), Content_Type="text/html; charset=iso-8859-1"
    )
    desk.poll(rss(brief(desk, 1)))
    ((article, _),) = desk.articles()
    assert "Übersee" in text_of(desk, article)


def test_a_host_that_another_worker_asks_is_left_for_later(desk):
    desk.site.pages["/page/1"] = page(1)
    entry = brief(desk, 1)._replace(link=desk.site.url("/page/1").replace("127.0.0.1", "localhost"))
    desk.client._allowed = type(desk.client._allowed)(frozenset({"localhost", "127.0.0.1"}))
    now = desk.clock.now
    with desk.ctx.store.write() as tx:
        assert polling.claim_host(tx, "localhost", now, now.replace(hour=23))
    assert desk.poll(rss(entry)).articles_new == 0
    assert seen(desk)["item-1"].tries == 0
    desk.clock.pass_(days=1)
    assert desk.poll().articles_new == 1
