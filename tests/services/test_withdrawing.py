"""Notices: articles of their own that take back what their source has said."""

import itertools
from datetime import timedelta

import pytest

from app.errors import Conflict
from app.model import LinkKind, Status
from app.services.acting import Order
from app.services.as_of import article_as_of, story_as_of
from app.services.curating import detach, keep_apart, link_articles
from app.services.deleting import delete_article
from app.services.following import last_position, read_page
from app.services.ingest import check
from app.services.pinning import pin
from app.services.reading import read_article, read_story
from app.services.rederiving import rederive_step
from app.services.releasing import release_due
from app.services.stale_list import list_stale
from app.services.staling import stale_step
from app.services.undoing import undo
from app.services.views import StoryPage
from app.store.stale_copies import StaleFilters, StaleState
from tests.services.stories import BODY, HEADLINE, NOON, STRANGERS, submission

WIRE = {"source": "reuters.com", "agency": "Reuters"}
EVA = Order(by="eva", why="it is about another story")
NOTICE = f'The Nov. 3 story headlined "{HEADLINE}" is wrong and is withdrawn. There will be no substitute.'


@pytest.fixture
def story(post):
    """The wire's story."""
    return post(**WIRE, external_id="w1")


@pytest.fixture
def kill(post):
    """The wire takes it back, under an ID of its own."""

    def send(**fields):
        sent = {"external_id": "kill", "title": f"STORY WITHDRAWN-{HEADLINE}", "text": NOTICE}
        return post(**WIRE | sent | {"published_at": NOON + timedelta(hours=1)} | fields)

    return send


@pytest.fixture
def page(ctx):
    def read(canonical_id, at=None):
        found = (
            read_story(ctx, canonical_id, limit=9)
            if at is None
            else story_as_of(ctx, canonical_id, at, limit=9)[0]
        )
        assert isinstance(found, StoryPage)
        return found

    return read


@pytest.fixture
def speaks(page):
    """What speaks for a story now; None where nothing may be printed."""

    def read(canonical_id, at=None):
        chosen = page(canonical_id, at).view.chosen
        return None if chosen is None or chosen.version.withdrawn else chosen.article.id

    return read


@pytest.fixture
def withdrawn_by(ctx):
    def read(answer):
        return read_article(ctx, answer.article_id).withdrawn_by

    return read


def kinds(ctx):
    return [each.type for each in read_page(ctx, 0, limit=1_000).rows]


def test_what_a_notice_takes_back_speaks_for_nothing_any_more(ctx, story, kill, speaks, page, withdrawn_by):
    assert speaks(story.canonical_id) == story.article_id
    notice = kill()
    assert notice.canonical_id == story.canonical_id
    assert speaks(story.canonical_id) is None
    assert withdrawn_by(story) == notice.article_id
    assert withdrawn_by(notice) is None
    members = page(story.canonical_id).members
    assert [(each.article.id, each.withdrawn_by) for each in members] == [
        (story.article_id, notice.article_id),
        (notice.article_id, None),
    ]
    assert {"story.withdrawn", "canonical.withdrawn"} <= set(kinds(ctx))


def test_a_copy_speaks_in_its_place_and_is_listed_as_stale(ctx, post, story, kill, speaks, withdrawn_by):
    copy = post(source="herald.example", text=f"{BODY}\n\nPrinted by the herald.")
    kill()
    late = post(source="times.example", text=f"{BODY}\n\nPrinted by the times.")
    while stale_step(ctx):
        pass
    assert speaks(story.canonical_id) in {copy.article_id, late.article_id}
    assert withdrawn_by(copy) is None
    views, _ = list_stale(ctx, StaleFilters(state=StaleState.OPEN), before=None, limit=9)
    assert {view.copy.article_id for view in views} == {copy.article_id, late.article_id}


@pytest.mark.parametrize(
    "again",
    [
        {"text": f"{BODY}\n\nThe inquiry has begun.", "updated_at": NOON + timedelta(hours=2)},
        {"text": f"{BODY}\n\nThe inquiry has begun."},
    ],
    ids=["dated", "by arrival"],
)
def test_an_article_that_comes_back_stands_again(ctx, post, story, kill, speaks, withdrawn_by, again):
    copy = post(source="herald.example", text=f"{BODY}\n\nPrinted by the herald.")
    kill()
    back = post(**WIRE, external_id="w1", **again)
    assert back.article_id == story.article_id
    assert back.is_canonical
    assert speaks(story.canonical_id) == story.article_id
    assert withdrawn_by(story) is None
    while stale_step(ctx) or rederive_step(ctx):
        pass
    assert list_stale(ctx, StaleFilters(state=StaleState.OPEN), before=None, limit=9)[0] == []
    assert speaks(story.canonical_id) == story.article_id
    assert copy.canonical_id == story.canonical_id


def test_a_version_that_says_it_is_older_brings_nothing_back(post, story, kill, speaks, withdrawn_by):
    notice = kill()
    post(**WIRE, external_id="w1", text=f"{BODY}\n\nDraft.", updated_at=NOON - timedelta(hours=2))
    assert speaks(story.canonical_id) is None
    assert withdrawn_by(story) == notice.article_id


def test_all_that_the_source_said_before_is_taken_back_and_what_it_says_afterwards_stands(
    post, story, kill, speaks, withdrawn_by
):
    update = {"title": f"UPDATE 1-{HEADLINE}", "text": f"{BODY}\n\nPolice are looking into it."}
    second = post(**WIRE, external_id="w2", **update, published_at=NOON + timedelta(minutes=30))
    assert second.canonical_id == story.canonical_id
    notice = kill()
    assert [withdrawn_by(each) for each in (story, second)] == [notice.article_id] * 2
    third = post(
        **WIRE,
        external_id="w3",
        title=f"UPDATE 2-{HEADLINE}",
        text=f"{BODY}\n\nPolice have looked into it.",
        published_at=NOON + timedelta(hours=3),
    )
    assert third.canonical_id == story.canonical_id
    assert speaks(story.canonical_id) == third.article_id
    assert [withdrawn_by(each) for each in (story, second, third)] == [notice.article_id] * 2 + [None]


def test_a_notice_that_comes_first_takes_back_what_comes_late(post, kill, speaks, withdrawn_by):
    notice = kill()
    late = post(**WIRE, external_id="w1")
    assert late.canonical_id == notice.canonical_id
    assert not late.is_canonical
    assert speaks(late.canonical_id) is None
    assert withdrawn_by(late) == notice.article_id


def test_others_take_nothing_back_that_is_not_theirs(post, story, speaks, withdrawn_by):
    own = post(source="herald.example", text=f"{BODY}\n\nPrinted by the herald.", external_id="h1")
    notice = post(
        source="herald.example",
        external_id="h2",
        title=f"STORY WITHDRAWN-{HEADLINE}",
        text=NOTICE,
        published_at=NOON + timedelta(hours=1),
    )
    assert notice.canonical_id == story.canonical_id
    assert speaks(story.canonical_id) == story.article_id
    assert (withdrawn_by(story), withdrawn_by(own)) == (None, notice.article_id)


def test_a_pin_does_not_let_speak_what_is_taken_back(ctx, story, kill, speaks):
    pin(ctx, EVA, story.canonical_id, story.article_id)
    kill()
    assert speaks(story.canonical_id) is None
    with pytest.raises(Conflict):
        pin(ctx, EVA, story.canonical_id, story.article_id)


def test_whoever_leaves_the_story_of_a_notice_stands(ctx, post, story, kill, speaks, withdrawn_by):
    notice = kill()
    detach(ctx, EVA, notice.article_id)
    assert speaks(story.canonical_id) == story.article_id
    assert withdrawn_by(story) is None


def test_a_notice_that_is_deleted_takes_nothing_back(ctx, story, kill, speaks, withdrawn_by):
    notice = kill()
    delete_article(ctx, notice.article_id, by="eva", why="sent by mistake")
    assert speaks(story.canonical_id) == story.article_id
    assert withdrawn_by(story) is None


def test_the_past_is_told_as_it_was(ctx, story, kill, page, speaks):
    before = last_position(ctx)
    notice = kill()
    after = last_position(ctx)
    for position, by in ((before, None), (after, notice.article_id)):
        view, _ = article_as_of(ctx, story.article_id, position)
        assert view.withdrawn_by == by
        assert page(story.canonical_id, position).members[0].withdrawn_by == by
        assert speaks(story.canonical_id, position) == (None if by else story.article_id)


RECURRING = "Market stalls of Velden and what they cost today"


@pytest.fixture
def report(post):
    """The wire's report of a day, under the headline it has every day."""

    def send(day, **fields):
        sent = {"external_id": day, "title": RECURRING, "text": STRANGERS[len(day) % 3], "published_at": None}
        return post(**WIRE | sent | fields)

    return send


KILL = {"text": "Kill this at once.", "status": Status.CANCELED}


def test_of_several_that_a_notice_may_mean_none_is_taken_back_and_a_person_is_asked(
    ctx, post, report, speaks, withdrawn_by
):
    days = [report("a"), report("bb")]
    notice = report("notice", **KILL)
    later = report("ccc")
    while rederive_step(ctx) or stale_step(ctx):
        pass
    everything = [*days, notice, later]
    assert len({read_article(ctx, each.article_id).story.id for each in everything}) == 4
    assert [withdrawn_by(each) for each in everything] == [None] * 4
    assert [speaks(each.canonical_id) for each in (*days, later)] == [
        each.article_id for each in (*days, later)
    ]
    asked = [each.payload for each in read_page(ctx, 0, limit=99).rows if each.type == "review.needed"]
    assert [each["article_id"] for each in asked][:1] == [notice.article_id]
    assert asked[0]["matched_article_id"] in {each.article_id for each in days}
    assert {each.canonical_id for each in notice.decision.related} == {each.canonical_id for each in days}


def test_a_person_says_which_of_several_a_notice_means(ctx, report, speaks, withdrawn_by):
    days = [report("a"), report("bb")]
    notice = report("notice", **KILL)
    keep_apart(ctx, EVA, [days[0].canonical_id, notice.canonical_id])
    while rederive_step(ctx):
        pass
    link_articles(ctx, EVA, LinkKind.MUST, [days[1].article_id, notice.article_id])
    assert [withdrawn_by(each) for each in days] == [None, notice.article_id]
    assert speaks(days[1].canonical_id) is None


def test_what_comes_undated_after_a_notice_is_not_what_it_means(ctx, report, speaks, withdrawn_by):
    first = report("a")
    notice = report("notice", **KILL)
    later = report("bb")
    while rederive_step(ctx):
        pass
    assert notice.canonical_id == first.canonical_id
    assert later.canonical_id != first.canonical_id
    assert [withdrawn_by(each) for each in (first, later)] == [notice.article_id, None]


def test_a_notice_means_its_own_desk_s_report_rather_than_another_s(ctx, post, report, withdrawn_by):
    other = post(source="herald.example", title=RECURRING, text=STRANGERS[0], published_at=None)
    own = report("a")
    notice = report("notice", **KILL)
    assert notice.canonical_id == own.canonical_id != other.canonical_id
    assert withdrawn_by(own) == notice.article_id


AGAIN = {
    "resent": {"text": f"{NOTICE} Sent again.", "updated_at": NOON + timedelta(hours=2)},
    "in other words": {"text": f'Please kill "{HEADLINE}" at once.', "status": Status.CANCELED},
}


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN.keys())
def test_a_notice_that_comes_again_is_a_notice_still(ctx, post, story, kill, speaks, withdrawn_by, again):
    first = kill()
    before = last_position(ctx)
    second = kill(**again)
    assert (second.article_id, second.version) == (first.article_id, 2)
    later = post(
        **WIRE,
        external_id="w2",
        title=HEADLINE,
        text=STRANGERS[0],
        published_at=NOON + timedelta(hours=1, minutes=30),
    )
    while rederive_step(ctx) or stale_step(ctx):
        pass
    assert speaks(story.canonical_id) is None
    assert withdrawn_by(story) == first.article_id
    assert (second.canonical_id, later.canonical_id == story.canonical_id) == (story.canonical_id, False)
    view, _ = article_as_of(ctx, story.article_id, before)
    assert view.withdrawn_by == first.article_id


def test_a_notice_that_comes_again_finds_the_story_that_it_now_names(story, kill, speaks, withdrawn_by):
    nameless = kill(title="Mandatory kill", text="Editors, kill this at once.", status=Status.CANCELED)
    assert nameless.canonical_id != story.canonical_id
    named = kill(updated_at=NOON + timedelta(hours=2), status=Status.CANCELED)
    assert named.article_id == nameless.article_id
    assert named.canonical_id == story.canonical_id
    assert withdrawn_by(story) == named.article_id


def test_a_notice_that_is_taken_back_takes_nothing_back(ctx, story, kill, speaks, withdrawn_by):
    kill()
    kill(
        title=f"{HEADLINE}: notice withdrawn in error, story stands",
        text=f"{BODY}\n\nThe notice was sent in error.",
        updated_at=NOON + timedelta(hours=2),
    )
    assert withdrawn_by(story) is None
    assert speaks(story.canonical_id) is not None


def test_two_notices_in_the_same_words_stay_with_what_each_names_when_one_comes_again(post, withdrawn_by):
    words = "Editors, please kill this story at once, a corrected version will follow."
    told = []
    for title, text in (("Buses stand still in Ostra for days", STRANGERS[1]), (RECURRING, STRANGERS[0])):
        named = WIRE | {"title": title}
        first = post(**named, external_id=f"{title} 1", text=text)
        for version in ("1", "2"):
            kill = post(
                **named,
                external_id=f"{title} 2",
                text=f"{words} {version}",
                status=Status.CANCELED,
                version=version,
            )
            assert kill.canonical_id == first.canonical_id
        told.append(withdrawn_by(first))
    assert None not in told
    assert len(set(told)) == 2


def test_a_detached_notice_takes_back_again_when_that_is_undone(ctx, story, kill, speaks, withdrawn_by):
    notice = kill()
    told = detach(ctx, EVA, notice.article_id)
    assert speaks(story.canonical_id) == story.article_id
    undo(ctx, EVA, told.audit_id)
    assert speaks(story.canonical_id) is None
    assert withdrawn_by(story) == notice.article_id


def test_a_notice_under_embargo_takes_back_when_it_is_out_and_tells_nobody_before(
    ctx, story, kill, speaks, withdrawn_by, clock
):
    before = last_position(ctx)
    notice = kill(embargoed_until=clock.now + timedelta(hours=1))
    assert notice.canonical_id != story.canonical_id
    assert (speaks(story.canonical_id), withdrawn_by(story)) == (story.article_id, None)
    assert {each.type for each in read_page(ctx, before, limit=99).rows} == {"undisclosed"}
    clock.pass_(hours=2)
    release_due(ctx)
    assert (speaks(story.canonical_id), withdrawn_by(story)) == (None, notice.article_id)


def test_a_check_of_a_notice_stores_nothing(ctx, story, speaks):
    sent = {"external_id": "kill", "title": f"STORY WITHDRAWN-{HEADLINE}", "text": NOTICE}
    told = check(ctx, submission(**WIRE | sent))
    assert (told.canonical_id, told.is_canonical) == (story.canonical_id, False)
    assert speaks(story.canonical_id) == story.article_id


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_whatever_comes_first_the_same_is_taken_back(ctx, post, kill, page, order):
    sends = [
        lambda: post(**WIRE, external_id="w1"),
        lambda: post(source="herald.example", text=f"{BODY}\n\nPrinted by the herald."),
        kill,
    ]
    made = {place: sends[place]() for place in order}
    while rederive_step(ctx) or stale_step(ctx):
        pass
    (home,) = {read_article(ctx, each.article_id).story.id for each in made.values()}
    found = page(home)
    assert found.view.chosen.article.id == made[1].article_id
    taken = {each.article.id: each.withdrawn_by for each in found.members}
    assert taken == {
        made[0].article_id: made[2].article_id,
        made[1].article_id: None,
        made[2].article_id: None,
    }
