"""Reading while stories change: IDs that come back to life, members paged while some come and go."""

import pytest

from app.model import ArticleKey, LinkKind
from app.services.ledger import Ledger
from app.services.placing import regroup
from app.services.reading import read_story
from app.services.views import Moved, StoryPage
from app.store import ingesting
from tests.services.stories import PARAGRAPHS
from tests.store.said import say

HEAD = {"source": "a", "text": "\n\n".join(PARAGRAPHS[:2]), "title": "Velden votes on its market"}
TAIL = {"source": "b", "text": "\n\n".join(PARAGRAPHS[2:]), "title": "Traders of Velden in the dark"}


@pytest.fixture
def part(ctx):
    """Lets a person say that articles of one story do not belong with another, and derives it anew."""

    def apart(one, *others):
        with ctx.store.write() as tx:
            ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
            say(tx, LinkKind.CANNOT, one, others, since=ledger.next_position())
            ledger.load_articles([ArticleKey(one)])
            regroup(ledger, [ledger.articles[ArticleKey(one)].founder], why="a person said so")
            ingesting.append(tx, ledger.batch)
            ingesting.save_counters(tx, ledger.counters)

    return apart


def page_of(ctx, canonical_id, after=0, limit=2):
    page = read_story(ctx, canonical_id, after=after, limit=limit)
    assert isinstance(page, StoryPage)
    return page


def keys_of(page):
    return [member.article.key for member in page.members]


def test_an_absorbed_id_comes_back_to_life_when_its_founder_is_split_off(post, ctx, part):
    one, other = post(**HEAD), post(**TAIL)
    post(source="c")
    assert read_story(ctx, other.canonical_id, limit=9) == Moved(one.canonical_id)
    part(1, 2)
    apart = [page_of(ctx, told.canonical_id, limit=9) for told in (one, other)]
    assert sorted(key for page in apart for key in keys_of(page)) == [1, 2, 3]
    assert [page.view.story.id for page in apart] == [one.canonical_id, other.canonical_id]


def test_members_that_join_between_two_pages_stand_on_a_later_one(post, ctx):
    story = post(source="s0").canonical_id
    for n in (1, 2):
        post(source=f"s{n}")
    first = page_of(ctx, story)
    post(source="s3")
    second = page_of(ctx, story, after=first.more)
    assert keys_of(first) + keys_of(second) == [1, 2, 3, 4]
    assert second.more is None


def test_a_member_that_the_cursor_names_may_leave_without_a_page_slipping(post, ctx, part):
    story = post(source="s0").canonical_id
    for n in range(1, 5):
        post(source=f"s{n}")
    first = page_of(ctx, story)
    assert first.more == 2
    part(2, 1, 3, 4, 5)
    second = page_of(ctx, story, after=first.more)
    assert keys_of(first) + keys_of(second) == [1, 2, 3, 4]
    assert keys_of(page_of(ctx, story, limit=9)) == [1, 3, 4, 5]


def test_pages_of_a_story_that_is_merged_away_meanwhile_go_on_behind_the_redirect(post, ctx):
    one, other = post(**HEAD), post(**TAIL)
    post(**TAIL | {"source": "d"})
    first = page_of(ctx, other.canonical_id, limit=1)
    assert keys_of(first) == [2]
    post(source="c")
    moved = read_story(ctx, other.canonical_id, after=first.more, limit=1)
    assert moved == Moved(one.canonical_id)
    rest = page_of(ctx, moved.survivor, after=first.more, limit=9)
    assert keys_of(rest) == [3, 4]
