"""Following the change feed: nothing missed, nothing twice, and of filters the same answer everywhere."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from app.dedup import profile
from app.errors import CursorAhead
from app.events import EVERYTHING, EventType, Interest
from app.model import ChangeRow, Status
from app.services.following import Tail, last_position, read_page
from app.services.furnishing import add_furniture
from app.services.ingest import ingest
from app.services.ledger import Ledger
from app.store import ingesting
from app.store.index import Index
from app.store.sight import EVERYTHING as EVERYTHING_SEEN
from app.store.sight import PUBLIC, Sight
from tests.services.stories import BODY, NOON, PARAGRAPHS, STRANGERS, submission


def types(rows):
    return [row.type for row in rows]


def tell(ctx, type_, **payload):
    """Put an entry on the feed."""
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        ledger.emit(type_, **payload)
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)


def everything(ctx):
    return read_page(ctx, 0, limit=1_000).rows


@pytest.fixture
def told(ctx, post):
    """A feed of two stories in two languages from two sources, and of furniture of a third."""
    post(source="a.example", agency="Coastal News", language="en-GB")
    post(source="b.example", language="sv", title="Komet", text=STRANGERS[0])
    post(source="a.example", external_id="x", text=" ".join(PARAGRAPHS[:3]), title="First half")
    add_furniture(ctx, "c.example", STRANGERS[1], by="oda", why="a slip")
    return everything(ctx)


def test_pages_of_any_size_give_the_whole_feed_in_order(ctx, told):
    for limit in (1, 2, 3, len(told), 1_000):
        rows: list[ChangeRow] = []
        at, more = 0, True
        while more:
            page = read_page(ctx, at, limit=limit)
            rows, at, more = [*rows, *page.rows], page.next, page.more
        assert rows == list(told)
        assert [row.position for row in rows] == list(range(1, len(told) + 1))


def test_at_the_end_nothing_is_there_and_the_cursor_stands_still(ctx, told):
    end = last_position(ctx)
    assert read_page(ctx, end, limit=10) == replace(
        read_page(ctx, 0, limit=10), rows=[], next=end, more=False
    )


def test_a_cursor_behind_the_end_is_refused(ctx, told):
    with pytest.raises(CursorAhead):
        read_page(ctx, last_position(ctx) + 1, limit=10)


@pytest.mark.parametrize(
    ("interest", "passes"),
    [
        (Interest.of(types=["canonical.created"]), lambda row: row.type == "canonical.created"),
        (Interest.of(types=["story.withdrawn"]), lambda row: False),
        (Interest.of(languages=["SV-fi"]), lambda row: row.position in {3, 4}),
    ],
)
def test_a_filter_lets_pass_what_it_says_and_moves_the_cursor_to_the_end(ctx, told, interest, passes):
    page = read_page(ctx, 0, limit=1_000, interest=interest)
    assert [row.position for row in page.rows] == [row.position for row in told if passes(row)]
    assert (page.next, page.more) == (told[-1].position, False)


def test_a_filter_by_facts_knows_them_of_every_type_of_entry(ctx, told):
    by_source = read_page(ctx, 0, limit=100, interest=Interest.of(sources=["a.example"])).rows
    assert {"article.ingested", "canonical.created"} == set(types(by_source))
    assert {row.payload["article_id"] for row in by_source if "article_id" in row.payload}
    furniture = read_page(ctx, 0, limit=100, interest=Interest.of(sources=["c.example"])).rows
    assert types(furniture) == ["furniture.changed"]
    both = Interest.of(sources=["a.example", "b.example"], agencies=["Coastal News"], languages=["en"])
    assert {row.payload["article_id"] for row in read_page(ctx, 0, limit=100, interest=both).rows} == {
        told[0].payload["article_id"]
    }
    assert (
        read_page(ctx, 0, limit=100, interest=Interest.of(["article.ingested"], ["b.example"], ["X"])).rows
        == []
    )


def test_one_thing_must_have_all_that_is_asked_of_an_entry(ctx, post):
    first = post(source="a.example", text=BODY, language="en")
    absorbed = post(source="b.example", text=STRANGERS[0], language="de", title="Comet")
    tell(ctx, EventType.CANONICAL_MERGED, canonical_id=absorbed.canonical_id, into=first.canonical_id)
    for sources, languages, passes in (
        (["a.example"], ["en"], True),
        (["b.example"], ["de"], True),
        (["b.example"], ["en"], False),
        (["c.example"], [], False),
    ):
        interest = Interest.of(["canonical.merged"], sources, [], languages)
        assert bool(read_page(ctx, 0, limit=10, interest=interest).rows) is passes, (sources, languages)


def test_a_later_version_does_not_change_which_earlier_entries_pass(ctx, post, clock):
    post(external_id="1", language="en", agency="Coastal News", updated_at=NOON)
    english = Interest.of(languages=["en"])
    before = read_page(ctx, 0, limit=100, interest=english).rows
    clock.pass_(hours=1)
    post(external_id="1", language="sv", text=f"{BODY} And so on.", updated_at=NOON + timedelta(hours=1))
    assert read_page(ctx, 0, limit=100, interest=english).rows == before
    later = read_page(ctx, 0, limit=100, interest=Interest.of(languages=["sv"])).rows
    assert {row.position for row in later}.isdisjoint(row.position for row in before)
    assert later


def test_a_filter_does_not_tell_of_what_is_not_out(ctx, post, clock):
    tail = Tail(ctx)
    begin = tail.catch_up()
    post(source="a.example", language="en", embargoed_until=clock() + timedelta(hours=1))
    tail.catch_up()
    for interest in (Interest.of(sources=["a.example"]), Interest.of(["article.ingested"])):
        whole = read_page(ctx, 0, limit=10, interest=interest, sight=EVERYTHING_SEEN)
        assert whole.rows
        assert tail.page(begin, limit=10, interest=interest, sight=EVERYTHING_SEEN) == whole
        strangers = read_page(ctx, 0, limit=10, interest=interest)
        assert (strangers.rows, strangers.next) == ([], whole.next)
        assert tail.page(begin, limit=10, interest=interest, sight=PUBLIC) == strangers
    own = Sight(sources=("a.example",))
    assert tail.page(begin, limit=10, interest=EVERYTHING, sight=own) is None
    assert types(read_page(ctx, 0, limit=10, sight=own).rows)[0] == "article.ingested"


def test_the_shared_end_answers_as_the_database_does(ctx, post, told):
    tail = Tail(ctx, most=5)
    assert tail.page(0, limit=10, interest=EVERYTHING, sight=PUBLIC) is None
    begin = tail.catch_up()
    for number in range(4):
        post(source="a.example", external_id=f"n{number}", text=STRANGERS[number % 3], title=f"News {number}")
        tail.catch_up()
    end = last_position(ctx)
    assert tail.page(begin, limit=10, interest=EVERYTHING, sight=PUBLIC) is None, "it keeps five entries"
    for after in range(end - 5, end + 1):
        for interest in (EVERYTHING, Interest.of(["article.ingested"]), Interest.of(sources=["a.example"])):
            for limit in (1, 2, 10):
                shared = tail.page(after, limit=limit, interest=interest, sight=PUBLIC)
                stored = read_page(ctx, after, limit=limit, interest=interest)
                assert shared is not None
                assert (list(shared.rows), shared.next) == (list(stored.rows), stored.next)
    assert tail.page(end + 1, limit=10, interest=EVERYTHING, sight=PUBLIC) is None


def test_with_writers_at_once_a_reader_sees_every_position_once_and_in_order(ctx, store_url, open_stores):
    """Writers have connections and locks of their own, as other processes have."""
    writers, each = 4, 12
    finished = threading.Event()

    def write(number):
        own = replace(ctx, store=open_stores(store_url), index=Index(profile.STANDARD.id))
        for turn in range(each):
            text = " ".join(f"{word}{number}x{turn}" for word in STRANGERS[turn % 3].split())
            ingest(own, [submission(source=f"w{number}.example", external_id=str(turn), title="", text=text)])

    def write_all():
        threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        finished.set()

    own = replace(ctx, store=open_stores(store_url))
    tail, at, seen, from_tail = Tail(own), 0, [], []
    writing = threading.Thread(target=write_all)
    writing.start()
    tail_at = tail.catch_up()
    first_of_tail = tail_at
    while True:
        last_look = finished.is_set()
        page = read_page(own, at, limit=7)
        seen += [row.position for row in page.rows]
        at = page.next
        tail.catch_up()
        shared = tail.page(tail_at, limit=1_000, interest=EVERYTHING, sight=PUBLIC)
        assert shared is not None
        from_tail += [row.position for row in shared.rows]
        tail_at = shared.next
        if last_look and not page.more:
            break
    writing.join()
    end = last_position(ctx)
    assert seen == list(range(1, end + 1))
    assert from_tail == list(range(first_of_tail + 1, end + 1))
    told = [row for row in everything(ctx) if row.type == EventType.ARTICLE_INGESTED]
    assert len(told) == writers * each


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.CANCELED])
def test_of_a_story_that_begins_with_what_may_not_be_printed_the_feed_says_that_nothing_speaks(
    ctx, post, status
):
    def last():
        return types(read_page(ctx, 0, limit=1_000, sight=EVERYTHING_SEEN).rows)[-1]

    post(status=status)
    assert last() == EventType.CANONICAL_WITHDRAWN
    post(status=Status.USABLE)
    assert last() == EventType.CANONICAL_VERSION_CHANGED
