"""What is not out is answered as if it were not stored, but to those who see it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.errors import NotFound
from app.events import EventType
from app.model import ArticleId, LinkKind, Status
from app.services.explain import explain
from app.services.finding import Filters, find_by_external_id, find_by_url, list_stories
from app.services.following import read_page
from app.services.ledger import Ledger
from app.services.placing import regroup
from app.services.reading import read_article, read_story, read_version
from app.services.releasing import release_due
from app.services.views import StoryPage
from app.store import ingesting, reading
from app.store.sight import EVERYTHING, PUBLIC, Sight, covers, seen
from app.store.tables import version
from tests.services.stories import BODY, NOON, STRANGERS
from tests.store.said import say

WIRE = {"source": "eu.wire.example", "external_id": "a1", "url": "https://eu.wire.example/one"}
DUE = NOON + timedelta(hours=2)
OWNERS = [EVERYTHING, Sight(sources=("eu.wire.example",)), Sight(sources=("x", "*.wire.example"))]
STRANGERS_TO_IT = [PUBLIC, Sight(sources=("*.eu.wire.example", "wire.example", "u.wire.example"))]
GUESS = BODY.replace("3,700", "3,770")


@pytest.mark.parametrize(
    ("pattern", "source", "covered"),
    [
        ("wire.example", "wire.example", True),
        ("wire.example", "eu.wire.example", False),
        ("*.wire.example", "eu.wire.example", True),
        ("*.wire.example", "a.b.wire.example", True),
        ("*.wire.example", "wire.example", False),
        ("*.wire.example", ".wire.example", False),
        ("*.wire.example", "badwire.example", False),
        ("*.wire.example", "WIRE.example", False),
        ("*.bücher.example", "de.bücher.example", True),
        ("*", "anything", False),
    ],
)
def test_a_pattern_covers_a_source_in_python_as_in_sql(store, post, pattern, source, covered):
    post(source=source, embargoed_until=DUE)
    sight = Sight(sources=(pattern,))
    with store.read() as tx:
        shown = tx.connection.execute(sa.select(version.c.key).where(seen(sight))).all()
    assert (covers((pattern,), source), bool(shown)) == (covered, covered)


@pytest.fixture(params=[{"embargoed_until": DUE}, {"status": Status.WITHHELD}], ids=["embargo", "withheld"])
def held(request, post):
    return post(**WIRE, title="Held back until the evening", **request.param)


@pytest.mark.parametrize("sight", STRANGERS_TO_IT)
def test_an_article_that_is_not_out_is_not_there(ctx, post, held, sight):
    other = post(source="gazette.example", title="Comet", text=STRANGERS[0])
    for ask in (
        lambda: read_article(ctx, held.article_id, sight),
        lambda: read_version(ctx, held.article_id, 1, sight),
        lambda: read_story(ctx, held.canonical_id, limit=9, sight=sight),
        lambda: explain(ctx, held.article_id, other.article_id, sight),
        lambda: explain(ctx, other.article_id, held.article_id, sight),
    ):
        with pytest.raises(NotFound) as refused:
            ask()
        assert "Held" not in refused.value.detail
    assert find_by_url(ctx, WIRE["url"], sight) == []
    assert find_by_external_id(ctx, WIRE["source"], WIRE["external_id"], sight) == []
    for filters in (Filters(), Filters(source=WIRE["source"]), Filters(min_members=1)):
        views, _ = list_stories(ctx, filters, before=None, limit=50, sight=sight)
        assert held.canonical_id not in {view.story.id for view in views}


@pytest.mark.parametrize("sight", OWNERS)
def test_its_owner_finds_it_everywhere(ctx, held, sight):
    assert read_article(ctx, held.article_id, sight).current.page.text == BODY
    assert read_version(ctx, held.article_id, 1, sight)[1]
    page = read_story(ctx, held.canonical_id, limit=9, sight=sight)
    assert isinstance(page, StoryPage)
    assert (page.sources, len(page.members)) == (1, 1)
    assert page.view.chosen
    (by_url,) = find_by_url(ctx, WIRE["url"], sight)
    (by_id,) = find_by_external_id(ctx, WIRE["source"], WIRE["external_id"], sight)
    (listed,), _ = list_stories(ctx, Filters(source=WIRE["source"]), before=None, limit=50, sight=sight)
    assert {view.story.id for view in (by_url, by_id, listed)} == {held.canonical_id}


@pytest.mark.parametrize("sight", STRANGERS_TO_IT)
def test_the_feed_keeps_the_positions_of_what_is_not_told(ctx, post, held, sight):
    post(source="gazette.example", title="Comet", text=STRANGERS[0])
    whole = read_page(ctx, 0, limit=100, sight=EVERYTHING).rows
    told = read_page(ctx, 0, limit=100, sight=sight).rows
    assert [each.position for each in told] == [each.position for each in whole]
    hidden = [each for each in told if each.type == EventType.UNDISCLOSED]
    assert len(hidden) > 1
    assert all(each.payload == {} for each in hidden)
    assert held.article_id not in str(told)
    assert held.canonical_id not in str(told)
    assert told[len(hidden) :] == whole[len(hidden) :]


@pytest.mark.parametrize("sight", STRANGERS_TO_IT)
def test_an_article_with_a_version_that_waits_is_as_before_it_came(ctx, post, sight):
    first = post(**WIRE)
    post(source="herald.example")

    def told():
        page = read_story(ctx, first.canonical_id, limit=9, sight=sight)
        views, _ = list_stories(ctx, Filters(language="en"), before=None, limit=9, sight=sight)
        found = find_by_url(ctx, WIRE["url"], sight)
        return read_article(ctx, first.article_id, sight), page, views, found

    before = told()
    moved = {"url": "https://eu.wire.example/elsewhere"}
    second = post(**WIRE | moved, title="Another headline", text=GUESS, embargoed_until=DUE)
    assert second.article_id == first.article_id
    assert told() == before
    assert find_by_url(ctx, moved["url"], sight) == []
    assert len(find_by_url(ctx, moved["url"], EVERYTHING)) == 1
    with pytest.raises(NotFound):
        read_version(ctx, first.article_id, 2, sight)
    feed = read_page(ctx, 0, limit=100, sight=sight).rows
    assert [each.type for each in feed if each.payload.get("article_id") == first.article_id].count(
        EventType.ARTICLE_INGESTED
    ) == 1


def test_what_was_taken_back_is_shown_as_it_was_and_speaks_for_nothing(ctx, post):
    first = post(**WIRE)
    post(**WIRE, text=GUESS, status=Status.WITHHELD)
    shown = read_article(ctx, first.article_id)
    assert (shown.current.version.number, [row.number for row in shown.versions]) == (1, [1])
    page = read_story(ctx, first.canonical_id, limit=9)
    assert isinstance(page, StoryPage)
    assert page.view.chosen is None
    assert [member.version.number for member in page.members] == [1]
    (listed,), _ = list_stories(ctx, Filters(source=WIRE["source"]), before=None, limit=9)
    assert listed.chosen is None


def test_a_decision_does_not_tell_of_the_version_that_waited(ctx, post):
    post(**WIRE, embargoed_until=DUE)
    told = post(**WIRE, text=GUESS)
    assert told.decision.matched_id == told.article_id
    view = read_article(ctx, told.article_id)
    assert view.current.decision.matched_id is None
    assert "3,700" not in str(view.current.decision)
    assert "3,700" in str(read_article(ctx, told.article_id, EVERYTHING).current.decision)


def test_counts_leave_out_members_that_are_not_out(ctx, post):
    shown = post(source="gazette.example")
    held = post(**WIRE, embargoed_until=DUE)
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        one, other = (reading.article_of_id(tx, each.article_id) for each in (shown, held))
        assert one
        assert other
        say(tx, LinkKind.MUST, one.key, other.key)
        ledger.load_articles([one.key, other.key])
        regroup(ledger, [one.founder, other.founder], why="linked by eva")
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)

    for sight, members in ((EVERYTHING, 2), (PUBLIC, 1)):
        page = read_story(ctx, shown.canonical_id, limit=9, sight=sight)
        assert isinstance(page, StoryPage)
        assert (page.view.story.members, page.sources, len(page.members)) == (members,) * 3
        views, _ = list_stories(ctx, Filters(min_members=2), before=None, limit=9, sight=sight)
        assert len(views) == members - 1
    with pytest.raises(NotFound):
        read_story(ctx, held.canonical_id, limit=9)
    assert held.canonical_id not in str(read_page(ctx, 0, limit=100).rows)


def test_it_is_there_for_all_once_it_is_out(ctx, post, clock):
    held = post(**WIRE, embargoed_until=DUE)
    clock.pass_(hours=3)
    release_due(ctx)
    assert read_article(ctx, ArticleId(held.article_id)).current.version.released
    assert EventType.ARTICLE_RELEASED in {each.type for each in read_page(ctx, 0, limit=100).rows}
    assert EventType.UNDISCLOSED not in {each.type for each in read_page(ctx, 0, limit=100).rows}
