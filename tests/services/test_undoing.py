"""Taking back what a person did, and what is left of it when other things came since."""

from dataclasses import replace

import pytest

from app.errors import Conflict, NotFound
from app.model import LinkKind
from app.services.acting import Order
from app.services.curating import detach, keep_apart, link_articles, merge, split, unlink
from app.services.deleting import delete_article
from app.services.pinning import pin, unpin
from app.services.reading import read_story
from app.services.undoing import undo
from app.services.views import StoryPage
from app.store import audits
from app.store.audits import AuditFilters
from tests.services.stories import HEADLINE, STRANGERS

ANN = Order(by="ann", why="two events")
BOB = Order(by="bob", why="it was a mistake")


@pytest.fixture
def strangers(post):
    return [
        post(source=f"s{n}.example", title=f"{HEADLINE} {n}", text=text).article_id
        for n, text in enumerate(STRANGERS)
    ]


def test_a_split_that_is_undone_leaves_one_story_with_its_id(ctx, copies, home, stories, settle):
    before = home(copies[0])
    told = split(ctx, ANN, before, [copies[2:]])
    settle()
    undone = undo(ctx, BOB, told.audit_id)
    settle()
    assert stories(*copies) == [[0, 1, 2, 3]]
    assert home(copies[0]) == before
    assert undone.left == []


def test_an_undo_can_be_undone_and_so_on(ctx, copies, home, stories, settle):
    told = split(ctx, ANN, home(copies[0]), [copies[2:]])
    split_id = home(copies[2])
    for _ in range(2):
        told = undo(ctx, BOB, told.audit_id)
        settle()
        assert stories(*copies) == [[0, 1, 2, 3]]
        told = undo(ctx, BOB, told.audit_id)
        settle()
        assert stories(*copies) == [[0, 1], [2, 3]]
        assert home(copies[2]) == split_id


def test_a_merge_that_is_undone_gives_the_ids_back(ctx, strangers, home, stories, settle):
    ids = [home(each) for each in strangers]
    told = merge(ctx, ANN, ids[0], ids[1:])
    settle()
    undo(ctx, BOB, told.audit_id)
    assert [home(each) for each in strangers] == ids
    settle()
    assert [home(each) for each in strangers] == ids


def test_what_joined_since_goes_where_the_evidence_says(ctx, post, strangers, home, settle):
    ids = [home(each) for each in strangers]
    told = merge(ctx, ANN, ids[0], [ids[1]])
    late = post(source="late.example", title=f"{HEADLINE} 1", text=STRANGERS[1]).article_id
    assert home(late) == ids[0]
    undo(ctx, BOB, told.audit_id)
    settle()
    assert home(late) == home(strangers[1]) == ids[1]


def test_a_detachment_and_a_link_can_be_undone(ctx, copies, strangers, stories, settle):
    for told, articles, together in (
        (detach(ctx, ANN, copies[1]), copies, [[0, 1, 2, 3]]),
        (link_articles(ctx, ANN, LinkKind.MUST, strangers[:2]), strangers, [[0], [1], [2]]),
    ):
        undo(ctx, BOB, told.audit_id)
        settle()
        assert stories(*articles) == together


def test_a_pin_can_be_undone_and_the_one_before_it_counts_again(ctx, copies, home):
    def pinned():
        page = read_story(ctx, home(copies[0]), limit=9)
        assert isinstance(page, StoryPage)
        return page.pinned and page.pinned.article_id

    first = pin(ctx, ANN, home(copies[0]), copies[1])
    second = pin(ctx, BOB, home(copies[0]), copies[2])
    undone = undo(ctx, BOB, second.audit_id)
    assert pinned() == copies[1]
    undo(ctx, BOB, undone.audit_id)
    assert pinned() == copies[2]
    taken = unpin(ctx, BOB, home(copies[0]))
    assert pinned() is None
    undo(ctx, BOB, taken.audit_id)
    assert pinned() == copies[2]
    with pytest.raises(Conflict, match="Nothing is left to undo"):
        undo(ctx, BOB, first.audit_id)


def test_a_pin_that_another_took_the_place_of_does_not_come_back(ctx, copies, home):
    pin(ctx, ANN, home(copies[0]), copies[1])
    taken = unpin(ctx, ANN, home(copies[0]))
    pin(ctx, BOB, home(copies[0]), copies[2])
    with pytest.raises(Conflict, match=copies[2]):
        undo(ctx, BOB, taken.audit_id)


def test_a_pin_whose_article_was_deleted_does_not_come_back(ctx, copies, home):
    pin(ctx, ANN, home(copies[0]), copies[1])
    second = pin(ctx, BOB, home(copies[0]), copies[2])
    delete_article(ctx, copies[1], by="ann", why="asked")
    undone = undo(ctx, BOB, second.audit_id)
    assert undone.left == [f"{copies[1]} was deleted."]
    page = read_story(ctx, home(copies[0]), limit=9)
    assert isinstance(page, StoryPage)
    assert page.pinned is None
    delete_article(ctx, copies[2], by="ann", why="asked")
    with pytest.raises(Conflict, match="was deleted"):
        undo(ctx, BOB, undone.audit_id)


def test_what_was_taken_back_already_cannot_be_undone_again(ctx, copies, strangers):
    told = detach(ctx, ANN, copies[1])
    undo(ctx, BOB, told.audit_id)
    with pytest.raises(Conflict, match="Nothing is left to undo"):
        undo(ctx, BOB, told.audit_id)
    told = link_articles(ctx, ANN, LinkKind.MUST, strangers[:2])
    unlink(ctx, ANN, told.added[0].row.id)
    with pytest.raises(Conflict, match=told.added[0].row.id):
        undo(ctx, BOB, told.audit_id)
    with pytest.raises(NotFound):
        undo(ctx, BOB, "aud_none")


def test_an_undo_does_what_is_still_possible_and_says_what_is_not(ctx, strangers, home, stories, settle):
    """Kept apart, then merged by overruling that; since, somebody detached one of them for good."""
    ids = [home(each) for each in strangers]
    keep_apart(ctx, ANN, ids[:2])
    merged = merge(ctx, replace(BOB, overrule=True), ids[0], ids[1:])
    detach(ctx, replace(ANN, overrule=True), strangers[2])
    undone = undo(ctx, BOB, merged.audit_id)
    settle()
    assert stories(*strangers) == [[0], [1], [2]]
    assert any("taken back in part" in each for each in undone.left)
    assert [link.row.kind for link in undone.added] == [LinkKind.CANNOT]


def test_what_a_later_word_speaks_against_is_not_said_again(ctx, strangers, home, stories, settle):
    bound = link_articles(ctx, ANN, LinkKind.MUST, strangers[:2])
    taken = unlink(ctx, ANN, bound.added[0].row.id)
    apart = keep_apart(ctx, BOB, [home(strangers[0]), home(strangers[1])]).added[0].row
    with pytest.raises(Conflict, match=apart.id):
        undo(ctx, BOB, taken.audit_id)
    undo(ctx, replace(BOB, overrule=True), taken.audit_id)
    settle()
    assert stories(*strangers) == [[0, 1], [2]]


def test_who_was_detached_since_stays_apart_and_is_told(ctx, copies, home, stories, settle):
    told = split(ctx, ANN, home(copies[0]), [copies[2:]])
    detach(ctx, replace(BOB, overrule=True), copies[3])
    undone = undo(ctx, BOB, told.audit_id)
    settle()
    assert not any({2, 3} <= set(each) for each in stories(*copies))
    assert any(copies[3] in each for each in undone.left)


def test_an_undo_is_in_the_log_and_can_be_rehearsed(ctx, copies, stories):
    told = detach(ctx, ANN, copies[1])
    undo(ctx, replace(BOB, dry_run=True), told.audit_id)
    assert stories(*copies) == [[0, 2, 3], [1]]
    undone = undo(ctx, BOB, told.audit_id)
    with ctx.store.read() as tx:
        first, _ = audits.audits_before(tx, AuditFilters(), before=None, limit=9)
    assert (first.id, first.undoes, first.by, first.action) == (undone.audit_id, told.audit_id, "bob", "undo")
