"""What is said of feeds at a look: how fetches went, what they brought, what is due, whom we leave in peace."""

from datetime import timedelta

from app.services import feeds
from app.services.stock import take_stock
from app.store.tallies import Tally
from tests.net.site import answer
from tests.services.feed_documents import item, rss


def done(desk):
    return {tally.value: number for tally, number in take_stock(desk.ctx).done.items() if number}


def test_fetches_and_entries_are_counted_by_what_came_of_them(desk):
    assert done(desk) == {}
    desk.poll(rss(item(1), item(2)))
    desk.poll()
    changed = item(1, title="Corrected: " + item(1).title)
    desk.poll(rss(changed, item(2), item(3, title="", body="")))
    desk.site.pages["/feed"] = answer("oops", 500)
    desk.poll()
    assert done(desk) == {
        "feeds.changed": 2,
        "feeds.unchanged": 1,
        "feeds.failed": 1,
        "entries.new": 2,
        "entries.updated": 1,
        "entries.refused": 1,
    }
    feeds.remove_feed(desk.ctx, desk.feed_id)
    assert done(desk)["entries.new"] == 2


def test_feeds_that_are_due_and_late_are_counted_and_hosts_that_fail(desk):
    desk.poll(rss(item(1)))
    desk.clock.now = desk.feed().due_at - timedelta(seconds=1)
    assert take_stock(desk.ctx).feeds_due == 0
    desk.clock.pass_(seconds=61)
    stock = take_stock(desk.ctx)
    assert (stock.feeds_due, stock.feeds_late, stock.feed_due_for_s) == (1, 0, 60.0)
    desk.clock.pass_(minutes=5)
    assert take_stock(desk.ctx).feeds_late == 1
    desk.site.pages["/feed"] = answer("slow down", 503)
    desk.poll()
    stock = take_stock(desk.ctx)
    assert (stock.feeds_due, stock.feed_due_for_s, stock.hosts_backing_off) == (0, 0.0, 1)
    assert stock.done[Tally.FEEDS_FAILED] == 1
    desk.clock.pass_(hours=2)
    assert take_stock(desk.ctx).hosts_backing_off == 0
