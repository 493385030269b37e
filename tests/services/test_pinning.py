"""A person chooses which version speaks for a story."""

from dataclasses import replace

import pytest

from app.errors import Conflict, InvalidValue, NotFound, StaleCanonical
from app.model import Status
from app.services.acting import Order
from app.services.curating import merge, split
from app.services.pinning import pin, unpin
from app.services.reading import read_story
from app.services.views import StoryPage
from tests.services.stories import BODY, HEADLINE, STRANGERS

ANN = Order(by="ann", why="the agency's own")


@pytest.fixture
def page(ctx, home):
    def of(article):
        read = read_story(ctx, home(article), limit=9)
        assert isinstance(read, StoryPage)
        return read

    return of


@pytest.fixture
def speaks(page):
    """The article and the version that speak for the story of an article."""

    def of(article):
        chosen = page(article).view.chosen
        return chosen.article.id, chosen.version.number

    return of


def other_than(speaking, articles):
    return next(each for each in articles if each != speaking[0])


def test_a_pinned_article_speaks_whatever_arrives_until_it_is_unpinned(post, ctx, copies, home, speaks, page):
    before = speaks(copies[0])
    chosen = other_than(before, copies)
    told = pin(ctx, ANN, home(chosen), chosen)
    assert speaks(chosen) == (chosen, 1)
    post(source="reuters.com", agency="Reuters", text=BODY + "\n\nMore than all the others have.")
    assert speaks(chosen) == (chosen, 1)
    assert told.stories[0].pinned is not None
    pinned = page(chosen).pinned
    assert (pinned.article_id, pinned.version, pinned.by, pinned.why) == (chosen, None, ANN.by, ANN.why)
    assert [each.article.id for each in page(chosen).members if each.is_canonical] == [chosen]
    unpin(ctx, ANN, home(chosen))
    assert speaks(chosen) != (chosen, 1)
    assert page(chosen).pinned is None


def test_a_pin_goes_with_the_article_or_with_one_version_of_it(post, ctx, home, speaks, page):
    first = post(external_id="1").article_id
    post(source="herald.example", text=BODY + "\n\nAnd more, so that it is the longest.")
    pin(ctx, ANN, home(first), first)
    post(external_id="1", text=BODY + "\n\nRevised.")
    assert speaks(first) == (first, 2)
    pin(ctx, ANN, home(first), first, version=1)
    assert speaks(first) == (first, 1)
    post(external_id="1", text=BODY + "\n\nRevised again.")
    assert speaks(first) == (first, 1)
    assert [each.article.id for each in page(first).members if each.is_canonical] == [first]
    assert page(first).pinned.version == 1
    unpin(ctx, ANN, home(first))
    assert speaks(first) != (first, 1)


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.CANCELED])
@pytest.mark.parametrize("version", [None, 1])
def test_what_is_taken_back_never_speaks_though_it_is_pinned(post, ctx, home, speaks, status, version):
    first = post(external_id="1").article_id
    other = post(source="herald.example").article_id
    pin(ctx, ANN, home(first), first, version=version)
    post(external_id="1", status=status)
    assert speaks(first)[0] == other
    with pytest.raises(Conflict):
        pin(ctx, ANN, home(first), first, version=version)
    post(external_id="1", text=BODY + "\n\nBack again.")
    assert speaks(first) == (first, version or 3)


def test_the_latest_of_two_pins_that_a_merge_brings_together_speaks(post, ctx, home, speaks):
    one, other = (
        post(source=f"s{n}.example", title=f"{HEADLINE} {n}", text=STRANGERS[n]).article_id for n in (0, 1)
    )
    pin(ctx, ANN, home(other), other)
    pin(ctx, ANN, home(one), one)
    merge(ctx, ANN, home(one), [home(other)])
    assert speaks(one) == (one, 1)
    split(ctx, replace(ANN, overrule=True), home(one), [[one]])
    assert (speaks(one), speaks(other)) == ((one, 1), (other, 1))


def test_a_pin_takes_the_place_of_the_one_before_it(ctx, copies, home, speaks, page):
    pin(ctx, ANN, home(copies[1]), copies[1])
    pin(ctx, Order(by="bob", why="better"), home(copies[1]), copies[2])
    assert speaks(copies[0]) == (copies[2], 1)
    assert page(copies[0]).pinned.by == "bob"
    unpin(ctx, ANN, home(copies[0]))
    assert page(copies[0]).pinned is None
    with pytest.raises(NotFound):
        unpin(ctx, ANN, home(copies[0]))


def test_only_a_member_and_a_version_that_there_is_can_be_pinned(post, ctx, copies, home):
    stranger = post(title="A comet", text=STRANGERS[0]).article_id
    for article, version, field in (
        (stranger, None, "article_id"),
        (copies[0], 7, "version"),
        ("\x00", None, "article_id"),
    ):
        with pytest.raises(InvalidValue) as refused:
            pin(ctx, ANN, home(copies[0]), article, version=version)
        assert refused.value.field == field


def test_the_state_of_a_story_changes_with_its_pin(ctx, copies, home, page):
    states = [page(copies[0]).state]
    for chosen in (copies[1], copies[2]):
        pin(ctx, ANN, home(chosen), chosen, states={states[-1]})
        states.append(page(copies[0]).state)
    with pytest.raises(StaleCanonical):
        unpin(ctx, ANN, home(copies[0]), states={states[0]})
    assert len(set(states)) == 3
