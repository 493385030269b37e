"""Stored pairs follow what is furniture: whoever changes it, meanwhile or not, and how much of it there is."""

import itertools
import random

import numpy as np
import pytest
import sqlalchemy as sa

from app.dedup import profile
from app.dedup.furniture import WIDTH, passage_shingles
from app.events import EventType
from app.model import FurnitureState, Ingested, VersionKey
from app.services.beside import lay_beside
from app.services.following import read_page
from app.services.furnishing import add_furniture, list_furniture, reject_furniture
from app.services.ingest import ingest
from app.services.learning import MOST_PASSAGES, learn_step
from app.services.mending import mend_step
from app.services.rederiving import rederive_step
from app.store import furniture
from app.store.tables import edge, rejudge
from app.store.tables import furniture as furniture_table
from tests.services.stories import submission
from tests.services.test_learning import BLOCK, STORIES, learn, stories_now

COURIER = "courier.example"


def page(number, text, **fields):
    return submission(source=COURIER, external_id=str(number), title=text[:40], text=text, **fields)


def settle(ctx):
    steps = 0
    while learn_step(ctx) | mend_step(ctx) | (rederive_step(ctx) > 0):
        steps += 1
        assert steps < 200


def masked(ctx, source=COURIER):
    with ctx.store.read() as tx:
        return ctx.masks.load(tx, furniture.version(tx), [source])[source].shingles


def told(ctx, type_):
    return [each.payload for each in read_page(ctx, 0, limit=1000).rows if each.type == type_]


def due(ctx):
    with ctx.store.read() as tx:
        return set(tx.connection.execute(sa.select(rejudge.c.version)).scalars())


def test_the_index_leads_to_whoever_carries_a_passage():
    assert profile.STANDARD.body_width == WIDTH


def test_an_article_taken_in_while_something_becomes_furniture_is_judged_by_it(
    ctx, open_context, monkeypatch
):
    ingest(ctx, [page(0, f"{STORIES[0]}\n\n{BLOCK}")])
    another = open_context()
    looked, lookup = itertools.count(), ctx.index.lookup

    def while_it_looks(*args, **named):
        if next(looked) == 0:
            add_furniture(another, COURIER, BLOCK, by="oda", why="under every page")
        return lookup(*args, **named)

    monkeypatch.setattr(ctx.index, "lookup", while_it_looks)
    (late,) = ingest(ctx, [page(1, f"{STORIES[1]}\n\n{BLOCK}")])
    assert next(looked) > 1
    assert isinstance(late, Ingested)
    assert (late.decision.relation, late.decision.furniture) == ("new", "learned-1")
    with ctx.store.read() as tx:
        assert set(tx.connection.execute(sa.select(edge.c.relation)).scalars()) == {"new"}


def test_stories_glued_by_a_block_come_back_when_it_is_rejected_and_apart_when_it_is_added_again(ctx):
    answers = ingest(ctx, [page(n, f"{story}\n\n{BLOCK}") for n, story in enumerate(STORIES)])
    glued = stories_now(ctx, answers)
    assert len(set(glued)) < len(STORIES)
    settle(ctx)
    assert len(set(stories_now(ctx, answers))) == len(STORIES)
    (row,) = list_furniture(ctx, COURIER)
    reject_furniture(ctx, COURIER, row.id, by="oda", why="it is the story")
    settle(ctx)
    assert stories_now(ctx, answers) == glued
    add_furniture(ctx, COURIER, BLOCK, by="maud", why="it is not")
    settle(ctx)
    assert len(set(stories_now(ctx, answers))) == len(STORIES)


def test_a_pair_of_former_versions_is_judged_again_too(ctx):
    first = [page(n, f"{story}\n\n{BLOCK}") for n, story in enumerate(STORIES[:3])]
    answers = ingest(ctx, first)
    assert len(set(stories_now(ctx, answers))) < 3, "the block must have joined some of them"
    for n, story in enumerate(STORIES[:3]):
        ingest(ctx, [page(n, story)])
    add_furniture(ctx, COURIER, BLOCK, by="oda", why="under every page")
    assert due(ctx) >= {1, 2, 3}
    settle(ctx)
    assert len(set(stories_now(ctx, answers))) == 3


def test_a_pair_that_furniture_does_not_change_is_left_as_it_stands(ctx):
    ingest(ctx, [page(n, f"{STORIES[0]}\n\n{STORIES[1]}") for n in range(2)])
    with ctx.store.read() as tx:
        before = tx.connection.execute(sa.select(edge)).all()
    add_furniture(ctx, COURIER, STORIES[4], by="oda", why="a slip")
    settle(ctx)
    with ctx.store.read() as tx:
        assert tx.connection.execute(sa.select(edge)).all() == before


def test_hashes_of_another_tokeniser_are_made_again_from_the_text(ctx, open_context):
    row = add_furniture(ctx, COURIER, BLOCK, by="oda", why="under every page")
    with ctx.store.write() as tx:
        other = furniture_table.update().values(tokeniser="words-0", shingles=b"\1\0\0\0\2\0\0\0")
        tx.connection.execute(other)
    assert np.array_equal(masked(open_context()), row.shingles)
    assert np.array_equal(list_furniture(ctx, COURIER)[0].shingles, row.shingles)


def test_a_learned_passage_can_be_known_again_from_its_text_alone(ctx):
    ingest(ctx, [page(n, f"{story}\n\n{BLOCK}") for n, story in enumerate(STORIES)])
    settle(ctx)
    (row,) = list_furniture(ctx, COURIER)
    assert np.array_equal(passage_shingles(row.text), row.shingles)


def test_what_a_person_rejected_is_not_masked_by_a_longer_passage_learned_around_it(ctx):
    learn(ctx, BLOCK)
    (row,) = list_furniture(ctx, COURIER)
    reject_furniture(ctx, COURIER, row.id, by="oda", why="it is the story")
    longer = f"{STORIES[0]} {BLOCK}"
    learn(ctx, longer)
    known = set(masked(ctx).tolist())
    assert known
    assert not known & set(passage_shingles(BLOCK).tolist())


def test_what_makes_room_is_told_and_its_pages_are_judged_again(ctx):
    ingest(ctx, [page(n, f"{story}\n\n{BLOCK}") for n, story in enumerate(STORIES)])
    settle(ctx)
    (first,) = list_furniture(ctx, COURIER)
    for n in range(MOST_PASSAGES):
        learn(ctx, f"passage number {n} of a long and {n} winding tale told at the {n} harbour gate")
    assert len(due(ctx)) == len(STORIES)
    assert [
        each["state"] for each in told(ctx, EventType.FURNITURE_CHANGED) if each["furniture_id"] == first.id
    ] == [
        "learned",
        "forgotten",
    ]
    assert not set(masked(ctx).tolist()) & set(first.shingles.tolist())


@pytest.fixture
def crowded(ctx):
    """Pages of a source, each with the same 150 blocks between text of its own."""
    draw = random.Random(7)

    def some(count):
        return " ".join(
            "".join(draw.choices("abcdefghijklmnoprstuv", k=draw.randint(4, 8))) for _ in range(count)
        )

    blocks = [some(12) for _ in range(150)]
    pages = [". ".join(f"{block}. {some(18)}" for block in blocks) for _ in range(7)]
    ingest(
        ctx,
        [submission(source=COURIER, external_id=str(n), title=some(6), text=p) for n, p in enumerate(pages)],
    )
    return pages


def test_a_page_of_very_many_blocks_teaches_a_few_of_them_a_step(ctx, crowded):
    before = 0
    steps = 0
    while learn_step(ctx):
        steps += 1
        now = len(list_furniture(ctx, COURIER))
        assert now - before <= 20
        before = now
        assert steps < 20
    assert 0 < before <= MOST_PASSAGES
    while mend_step(ctx):
        pass
    assert {row.state for row in list_furniture(ctx, COURIER)} == {FurnitureState.LEARNED}


def test_copies_elsewhere_that_carry_the_block_along_stay_with_their_origins(ctx):
    pages = [f"{story}\n\n{BLOCK}" for story in STORIES]
    ingest(ctx, [page(n, text) for n, text in enumerate(pages)])
    settle(ctx)
    for n, text in enumerate(pages):
        ingest(ctx, [submission(source=f"copier{n}.example", title=text[:40], text=text)])
    settle(ctx)
    founders = stories_now(ctx, [*pages, *pages])
    assert len(set(founders)) == len(STORIES)
    assert founders[: len(STORIES)] == founders[len(STORIES) :]


def test_a_page_laid_beside_its_copy_shows_what_was_compared(ctx):
    text = f"{STORIES[0]}\n\n{BLOCK}"
    add_furniture(ctx, COURIER, BLOCK, by="oda", why="under every page")
    ingest(ctx, [page(0, text), submission(source="copier.example", title=text[:40], text=text)])
    (span,) = lay_beside(ctx, VersionKey(2), VersionKey(1)).spans
    assert text[slice(*span.a)] == text[slice(*span.b)] == STORIES[0].rstrip(".")
