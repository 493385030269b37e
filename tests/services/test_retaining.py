"""Texts go when their source's days are over, and no others."""

from datetime import timedelta

import pytest

from app.errors import Gone
from app.services.administering import list_administration
from app.services.reading import read_article
from app.services.retaining import Retaining, put_retention, read_retention
from app.services.verifying import verify
from app.store import ingesting, retention
from app.store.sight import EVERYTHING
from tests.services.stories import NOON, STRANGERS


def run(ctx, default_days=0):
    retaining = Retaining(ctx, default_days=default_days)
    while retaining.step():
        pass
    return retaining


def is_gone(ctx, told):
    try:
        read_article(ctx, told.article_id, EVERYTHING)
    except Gone as gone:
        return "retention" in gone.detail
    return False


def test_texts_go_after_the_days_of_their_source_or_of_the_setting(ctx, post, clock):
    sources = ("short.example", "ever.example", "other.example")
    told = [post(source=each, title=each, text=text) for each, text in zip(sources, STRANGERS, strict=True)]
    for source, days in zip(sources, (10, 0, None), strict=True):
        put_retention(ctx, source, days, default_days=0, by="admin", why="licence")
    clock.pass_(days=11)
    run(ctx)
    assert [is_gone(ctx, each) for each in told] == [True, False, False]
    run(ctx, default_days=12)
    assert not is_gone(ctx, told[2])
    clock.pass_(days=2)
    run(ctx, default_days=12)
    assert [is_gone(ctx, each) for each in told] == [True, False, True]
    assert read_retention(ctx, "other.example", default_days=12).kept_days == 12
    assert read_retention(ctx, "ever.example", default_days=12).kept_days == 0
    entries, _ = list_administration(ctx, before=None, limit=9)
    assert {each.action for each in entries} == {"article.deleted", "source.retention"}


def test_an_article_that_is_revised_or_waits_is_kept(ctx, post, clock):
    fields = {"source": "a.example", "external_id": "1"}
    revised = post(**fields)
    waits = post(source="b.example", title="x", text=STRANGERS[0], embargoed_until=NOON + timedelta(days=30))
    clock.pass_(days=8)
    post(**fields, text=STRANGERS[1], title="Quite another thing")
    newer = post(source="a.example", external_id="2", text=STRANGERS[2], title="z")
    clock.pass_(days=4)
    run(ctx, default_days=10)
    assert [is_gone(ctx, each) for each in (waits, newer)] == [False, False]
    assert is_gone(ctx, revised)


def test_a_pass_begins_every_hour(ctx, post, clock):
    retaining = run(ctx, default_days=1)
    told = post()
    clock.pass_(days=2)
    assert retaining.due
    assert retaining.step()
    assert is_gone(ctx, told)
    assert not retaining.step()
    assert not retaining.due
    with pytest.raises(Gone):
        read_article(ctx, told.article_id)


def test_thousands_of_sources_may_have_days_of_their_own(ctx, post, clock):
    told = [post(source=f"s{n}.example", title=f"{n}", text=STRANGERS[n]) for n in (1, 2)]
    with ctx.store.write() as tx:
        for n in range(2, 2_000):
            retention.put(tx, f"s{n}.example", 10)
    clock.pass_(days=11)
    run(ctx)
    assert [is_gone(ctx, each) for each in told] == [False, True]


def test_a_story_of_several_sources_goes_member_by_member(ctx, post, clock):
    told = [post(source=f"s{n}.example") for n in range(4)]
    assert len({each.canonical_id for each in told}) == 1
    put_retention(ctx, "s1.example", 0, default_days=0, by="admin", why="licence")
    clock.pass_(days=11)
    run(ctx, default_days=10)
    assert [is_gone(ctx, each) for each in told] == [True, False, True, True]
    left = read_article(ctx, told[1].article_id)
    assert (left.story.members, left.story.canonical) == (1, left.current.version.key)
    assert [each for each in verify(ctx, deep=True) if not each.sound] == []
    with ctx.store.read() as tx:
        members = ingesting.load_members(tx, [left.story.founder])[left.story.founder]
    assert [key for key, _ in members] == [left.current.article.key]
