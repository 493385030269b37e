"""An archive that was damaged by hand is found out, and put right where that can be done."""

import pytest
import sqlalchemy as sa

from app.model import ArticleKey, LinkKind
from app.services.deleting import delete_articles
from app.services.reading import read_article
from app.services.verifying import verify
from app.store.index import Index
from app.store.segments import Shape
from app.store.tables import (
    article,
    change,
    counter,
    decision,
    edge,
    fingerprint,
    membership,
    page,
    posting,
    segment_block,
    story,
)
from tests.services.stories import NOON, STRANGERS
from tests.store.said import say

DERIVED = {
    "current-version": article.update().where(article.c.key == 2).values(current=1),
    "open-membership": membership.update().where(membership.c.article == 2).values(until=9),
    "story-of-article": article.update().where(article.c.key == 2).values(founder=3),
    "member-count": story.update().where(story.c.founder == 1).values(members=7),
    "canonical-version": story.update().where(story.c.founder == 1).values(canonical=3),
    "edge-ends": edge.update().where(edge.c.version_a == 2).values(a=3),
    "redirect": story.update().where(story.c.founder == 3).values(members=0, canonical=None),
    "counters": counter.update().where(counter.c.name.in_(["version", "article"])).values(value=1),
    "fingerprint": fingerprint.delete().where(fingerprint.c.version == 3),
    "index": posting.delete().where(posting.c.version == 3),
    "fingerprint-of-text": fingerprint.update().where(fingerprint.c.version == 3).values(digest=b"other"),
}
RECORDS = {
    "page": page.delete().where(page.c.version == 2),
    "decision": decision.delete().where(decision.c.version == 2),
    "change-feed": change.delete().where(change.c.position == 3),
    "text": page.update().where(page.c.version == 2).values(text=b"no page at all", raw=b"nor this"),
}


@pytest.fixture
def archive(post):
    """A story of two and a stranger."""
    return [post(), post(source="herald.example"), post(title="Comet", text=STRANGERS[0])]


@pytest.fixture
def damage(store):
    def carry_out(*statements):
        with store.engine.begin() as connection:
            if store.dialect == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for statement in statements:
                connection.execute(statement)

    return carry_out


def wrong(ctx, **how):
    return {each.name for each in verify(ctx, deep=True, **how) if not each.sound}


def test_a_sound_archive_is_found_sound_and_is_not_written_to(ctx, archive, post, store):
    post(title="Later", text=STRANGERS[1], embargoed_until=NOON.replace(year=2030))
    with store.read() as tx:
        before = tx.connection.execute(sa.select(change)).all()
    assert wrong(ctx) == set()
    assert wrong(ctx, repair=True) == set()
    with store.read() as tx:
        assert tx.connection.execute(sa.select(change)).all() == before


@pytest.mark.parametrize("name", DERIVED)
def test_what_follows_from_records_is_found_and_mended(open_context, archive, damage, name):
    damage(DERIVED[name])
    ctx = open_context()
    found = {each.name: each for each in verify(ctx, deep=True) if not each.sound}
    assert name in found
    assert found[name].named
    assert wrong(ctx, repair=True) == set()
    assert wrong(open_context()) == set()
    for told in archive[:2]:
        assert read_article(ctx, told.article_id).story.id == archive[0].canonical_id


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_that_is_gone_is_told_and_not_made_up(open_context, archive, damage, name):
    damage(RECORDS[name])
    found = {each.name: each for each in verify(open_context(), deep=True, repair=True)}
    assert not found[name].sound
    assert found[name].named


def test_articles_that_are_not_where_a_person_said_are_found(ctx, archive, store):
    with store.write() as tx:
        say(tx, LinkKind.MUST, 1, 2)
        say(tx, LinkKind.CANNOT, [1, 2], [3], since=2)
    assert wrong(ctx) == set()
    with store.write() as tx:
        say(tx, LinkKind.CANNOT, 1, 2, since=3)
        say(tx, LinkKind.MUST, 2, 3, since=4)
    (found,) = (each for each in verify(ctx) if not each.sound)
    assert (found.name, found.named) == ("link", ("lnk_3_1", "lnk_4_2"))


def test_an_index_that_lost_blocks_is_built_anew(open_context, post, damage):
    told = [post(title=f"Strange {n}", text=text) for n, text in enumerate(STRANGERS)]
    ctx = open_context()
    small = Index(ctx.profile.id, shape=Shape(seal=16, block=8))
    with ctx.store.write() as tx:
        assert small.seal_step(tx, NOON)
    damage(segment_block.delete().where(segment_block.c.id % 2 == 1))
    ctx = open_context()
    assert wrong(ctx) == {"segments"}
    list(verify(ctx, repair=True))
    assert wrong(open_context()) == set()
    again = post(title="Strange again", text=STRANGERS[0], source="other.example")
    assert again.canonical_id == told[0].canonical_id


def test_articles_that_were_deleted_and_never_left_their_story_leave_it(open_context, post, damage, clock):
    """Retention once deleted several of a story at once, and kept those beside its founder in it."""
    told = [post(source=f"s{n}.example") for n in range(3)]
    clock.pass_(minutes=1)
    ctx = open_context()
    delete_articles(ctx, [ArticleKey(1), ArticleKey(2)], by="wirefold", why="retention")
    of_second = sa.select(membership).where(membership.c.article == 2).order_by(membership.c.since)
    with ctx.store.read() as tx:
        left = tx.connection.execute(of_second).all()[-1]
    last = membership.c.article == 2, membership.c.since == left.since
    damage(
        membership.update().where(*last).values(until=None),
        article.update().where(article.c.key == 2).values(founder=left.founder),
        story.update().where(story.c.founder == left.founder).values(members=2, canonical=2),
    )
    assert {"membership-of-deleted", "member-count"} <= wrong(open_context())
    assert wrong(open_context(), repair=True) == set()
    assert wrong(open_context()) == set()
    kept = read_article(open_context(), told[2].article_id)
    assert (kept.story.members, kept.story.canonical) == (1, kept.current.version.key)
    with ctx.store.read() as tx:
        assert tx.connection.execute(of_second).all()[-1] == left
