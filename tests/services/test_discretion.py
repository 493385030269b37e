"""A check by whoever may only send tells nothing about what waits under embargo or is withheld."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.dedup.model import Relation
from app.model import Status
from app.services.ingest import check
from app.store.sight import EVERYTHING
from tests.services.stories import BODY, NOON, submission

PLAIN: dict[str, object] = {}
HELD = [{"embargoed_until": NOON + timedelta(hours=2)}, {"status": Status.WITHHELD}]
NUMBERED = {"source": "wire.example", "external_id": "a1"}
GUESS = BODY.replace("3,700", "3,770")


@pytest.fixture
def ask(ctx):
    def of(**fields):
        return check(ctx, submission(**NUMBERED | fields))

    return of


@pytest.fixture(params=[BODY, GUESS], ids=["its text", "a guess at it"])
def text(request):
    return request.param


def told(answer):
    """An answer without the numbers that it was not given out under."""
    return replace(answer, decision=replace(answer.decision, version=0, position=0))


@pytest.mark.parametrize("held", HELD)
def test_an_article_that_waits_is_not_there(ask, post, held, text):
    post(**NUMBERED, **held)
    for status in (PLAIN, held):
        told = ask(text=text, **status)
        assert (told.article_id, told.version, told.canonical_id, told.replayed) == ("", 1, "", False)
        assert told.decision.relation is Relation.NEW
        assert told.decision.matched_id is None


@pytest.mark.parametrize("held", HELD)
def test_a_version_that_waits_is_not_there_but_the_ones_before_it_are(ctx, ask, post, held, text):
    first = post(**NUMBERED)
    before = [told(ask(text=text, **status)) for status in (PLAIN, held)]
    post(**NUMBERED, text=GUESS, **held)
    assert [told(ask(text=text, **status)) for status in (PLAIN, held)] == before
    assert ask(text=text).article_id == first.article_id


def test_it_is_there_once_it_was_released(ask, post, clock):
    post(**NUMBERED, status=Status.WITHHELD)
    usable = post(**NUMBERED)
    assert (ask().version, ask().replayed) == (usable.version, True)


def test_whoever_sees_it_is_told(ctx, post):
    held = post(**NUMBERED, embargoed_until=NOON + timedelta(hours=2))
    told = check(ctx, submission(**NUMBERED, text=GUESS), EVERYTHING)
    assert (told.article_id, told.version) == (held.article_id, 2)
