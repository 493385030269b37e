"""The end of an embargo: the version takes part as if it had arrived then."""

from datetime import timedelta

import pytest

from app.dedup.model import Relation
from app.model import Status
from app.services.explain import explain
from app.services.ingest import check
from app.services.reading import read_article
from app.services.releasing import release_due
from app.store.reading import changes_after
from tests.services.stories import BODY, HEADLINE, NOON, STRANGERS, submission

DUE = NOON + timedelta(hours=6)


@pytest.fixture
def types(ctx):
    def of():
        with ctx.store.read() as tx:
            return [change.type for change in changes_after(tx, 0, limit=1_000)]

    return of


def test_before_it_is_due_nobody_meets_it_and_nothing_is_released(ctx, post):
    post(embargoed_until=DUE)
    assert release_due(ctx) == 0
    assert check(ctx, submission(source="herald.example")).decision.relation is Relation.NEW


def test_once_due_it_is_met_by_what_comes_later(ctx, post, clock, types):
    held = post(embargoed_until=DUE)
    clock.pass_(hours=7)
    assert release_due(ctx) == 1
    copy = post(source="herald.example")
    assert copy.canonical_id == held.canonical_id
    assert copy.decision.relation is Relation.COPY
    assert types().count("article.released") == 1


def test_it_joins_the_copies_that_were_published_meanwhile(ctx, post, clock, types):
    held = post(source="reuters.com", embargoed_until=DUE)
    leaked = post(source="herald.example", text=BODY + "\n\nRead more: Ten markets to see")
    assert leaked.canonical_id != held.canonical_id
    clock.pass_(hours=7)
    release_due(ctx)
    stories = {read_article(ctx, each.article_id).story.id for each in (held, leaked)}
    assert len(stories) == 1
    assert "canonical.merged" in types()
    assert explain(ctx, held.article_id, leaked.article_id).edge is not None


def test_two_copies_due_at_the_same_moment_become_one_story(ctx, post, clock):
    one = post(embargoed_until=DUE)
    other = post(source="herald.example", embargoed_until=DUE)
    assert one.canonical_id != other.canonical_id
    clock.pass_(hours=7)
    assert release_due(ctx) == 2
    assert len({read_article(ctx, each.article_id).story.id for each in (one, other)}) == 1


def test_a_stranger_that_is_released_stays_by_itself(ctx, post, clock, types):
    post()
    held = post(source="herald.example", title="Comet splits", text=STRANGERS[0], embargoed_until=DUE)
    clock.pass_(hours=7)
    release_due(ctx)
    assert read_article(ctx, held.article_id).story.id == held.canonical_id
    assert "canonical.merged" not in types()


def test_from_its_release_it_may_speak_for_its_story(ctx, post, clock):
    held = post(source="reuters.com", agency="Reuters", embargoed_until=DUE)
    post(source="herald.example", agency="Reuters", text=BODY[: len(BODY) * 4 // 5])
    clock.pass_(hours=7)
    release_due(ctx)
    article = read_article(ctx, held.article_id)
    assert article.story.canonical == article.current.version.key


def test_the_decision_of_its_arrival_stays_as_it_was(ctx, post, clock):
    held = post(embargoed_until=DUE)
    post(source="herald.example")
    clock.pass_(hours=7)
    release_due(ctx)
    assert read_article(ctx, held.article_id).current.decision == held.decision


def test_what_is_withheld_is_not_released_by_the_passing_of_time(ctx, post, clock):
    post(embargoed_until=DUE, status=Status.WITHHELD)
    clock.pass_(hours=7)
    assert release_due(ctx) == 0
    assert check(ctx, submission(source="herald.example")).decision.relation is Relation.NEW


def test_it_is_released_once_only_and_few_at_a_time(ctx, post, clock):
    for number, text in enumerate(STRANGERS):
        post(title=f"{HEADLINE} {number}", text=text, external_id=str(number), embargoed_until=DUE)
    clock.pass_(hours=7)
    assert [release_due(ctx, most=2), release_due(ctx, most=2), release_due(ctx, most=2)] == [2, 1, 0]


def test_another_process_that_has_compared_it_before_learns_that_it_was_released(
    ctx, open_context, post, clock
):
    held = post(source="reuters.com", agency="Reuters", external_id="1", embargoed_until=DUE)
    other = open_context()
    check(other, submission(source="reuters.com", external_id="1", text=BODY + "\n\nMore to follow."))
    clock.pass_(hours=7)
    release_due(ctx)
    told = check(other, submission(source="herald.example"))
    assert told.canonical_id == held.canonical_id


def test_an_embargo_that_was_put_off_holds_the_version_before_it_as_well(ctx, post, clock, types):
    post(external_id="a1", embargoed_until=DUE)
    post(external_id="a1", embargoed_until=DUE + timedelta(hours=6))
    clock.pass_(hours=7)
    assert release_due(ctx) == 0
    assert check(ctx, submission(source="herald.example")).decision.relation is Relation.NEW
    clock.pass_(hours=6)
    assert release_due(ctx) == 2
    assert types().count("article.released") == 2


def test_an_article_that_was_withheld_meanwhile_is_not_released_by_time(ctx, post, clock):
    post(external_id="a1", embargoed_until=DUE)
    post(external_id="a1", status=Status.WITHHELD)
    clock.pass_(hours=7)
    assert release_due(ctx) == 0
    assert check(ctx, submission(source="herald.example")).decision.relation is Relation.NEW
