"""What comes back under different stories of a source stops counting, and earlier mistakes are mended."""

import pytest

from app.dedup.align import shingles
from app.dedup.arrays import distinct
from app.dedup.furniture import WIDTH
from app.dedup.words import tokenise
from app.errors import InvalidValue, NotFound
from app.events import EventType
from app.model import FurnitureState, VersionKey
from app.services.explain import explain
from app.services.following import read_page
from app.services.furnishing import add_furniture, list_furniture, reject_furniture
from app.services.learning import MOST_PASSAGES, STEP, Lesson, keep_lesson, learn_step
from app.services.ledger import Ledger
from app.services.mending import mend_step
from app.store import furniture, ingesting
from tests.services.stories import NOON

BLOCK = (
    "The Oslund Courier belongs to its readers in the harbour district, who meet in the reading room on the "
    "first Tuesday of each month to talk over what the paper should look into next. Nobody who owns a share "
    "may own a second one, and the chair is drawn by lot in the spring from all who came to three meetings. "
    "The presses stand in the cellar of the old customs house, where they may be seen at work on any evening "
    "but Saturday by whoever rings the bell at the side door and wipes their boots."
)
STORIES = (
    (
        "A ferry ran aground off Pellam in thick fog and forty passengers were brought ashore by lifeboat. The "
        "master, Jon Aas, had steered by an old chart, and divers were looking for a hole in her side."
    ),
    (
        "Bus drivers in Ostra voted to return to work after the company offered a second driver at night. Talks "
        "on Sunday shifts go on, said Maud Lind for the union, and the strike fund is nearly empty."
    ),
    (
        "The novelist Ines Carvalhal has won the Tessera prize for a book that is told by a lighthouse. Most of "
        "it was written in a kitchen in Faro while her roof was being mended, she told the jury."
    ),
    (
        "Two foxes have made their den under the stage of the open air theatre, so rehearsals were moved. A vet, "
        "Piet Haan, hopes that the cubs will leave by themselves before the first night of Lear."
    ),
    (
        "Engineers found cracked piles under the eastern quay of Velden and closed the old fish market. Stalls "
        "will stand on the western pier from February, according to Mira Stolz of the council."
    ),
    (
        "Astronomers saw a comet split in two as it rounded the sun, the fourth such sight on record. Field "
        "glasses will show the larger part above Mount Orrin until the moon is full, said Lea Voss."
    ),
)
BELLS = (
    "Bells rang in the upper town of Karst for an hour before anyone found the boy who had climbed the tower "
    "to see his house from above. Nobody was cross with Emil for long, said the sexton, least of all the dog."
)


@pytest.fixture
def pages(post):
    """Six stories of one source with the same block under each, as they were answered on arrival."""
    return [
        post(source="courier.example", external_id=str(n), title=story[:40], text=f"{story}\n\n{BLOCK}")
        for n, story in enumerate(STORIES)
    ]


def settle(ctx):
    steps = 0
    while learn_step(ctx) | mend_step(ctx):
        steps += 1
        assert steps < 200


def stories_now(ctx, told):
    with ctx.store.read() as tx:
        keys = [
            row.article
            for row in ingesting.load_versions(
                tx, [VersionKey(key) for key in range(1, len(told) + 1)]
            ).values()
        ]
        rows = ingesting.load_articles(tx, keys)
        return [rows[key].founder for key in sorted(rows)]


def test_a_block_is_learned_shown_and_told_of(ctx, pages):
    settle(ctx)
    (row,) = list_furniture(ctx, "courier.example")
    assert row.state is FurnitureState.LEARNED
    assert row.text == BLOCK.rstrip(".")
    assert len(set(row.pages)) > 3
    (told,) = [
        each for each in read_page(ctx, 0, limit=1000).rows if each.type == EventType.FURNITURE_CHANGED
    ]
    assert (told.payload["source"], told.payload["furniture_id"]) == ("courier.example", row.id)


def test_stories_that_furniture_had_glued_together_come_apart(ctx, pages):
    assert len(set(stories_now(ctx, pages))) < len(STORIES), "the block must have joined some of them"
    settle(ctx)
    assert len(set(stories_now(ctx, pages))) == len(STORIES)
    assert EventType.CANONICAL_SPLIT in {each.type for each in read_page(ctx, 0, limit=1000).rows}


def test_what_arrives_afterwards_is_judged_without_the_block(ctx, pages, post):
    settle(ctx)
    late = post(source="courier.example", title="Bells", text=f"{BELLS}\n\n{BLOCK}")
    assert late.decision.furniture == "learned-1"
    assert not late.decision.relation.joins
    copy = post(source="herald.example", title="Comet", text=STORIES[5])
    assert stories_now(ctx, [*pages, late, copy])[-1] == stories_now(ctx, pages)[5]


def test_an_explanation_shows_what_was_left_out(ctx, pages):
    settle(ctx)
    told = explain(ctx, pages[0].article_id, pages[1].article_id)
    ((start, end),) = told.a.furniture
    assert f"{STORIES[1]}\n\n{BLOCK}"[start:end] == BLOCK.rstrip(".")
    assert told.comparison.longest_run == 0


def test_another_process_that_starts_later_knows_it_too(ctx, pages, open_context):
    settle(ctx)
    other = open_context()
    with other.store.read() as tx:
        known = other.masks.load(tx, furniture.version(tx), ["courier.example", "herald.example"])
    assert len(known["courier.example"].shingles) > 50
    assert len(known["herald.example"].shingles) == 0


def test_a_process_that_knew_the_version_before_hears_of_the_new_one(ctx, pages, open_context):
    other = open_context()
    with other.store.read() as tx:
        assert (
            len(other.masks.load(tx, furniture.version(tx), ["courier.example"])["courier.example"].shingles)
            == 0
        )
    settle(ctx)
    with other.store.read() as tx:
        assert (
            len(other.masks.load(tx, furniture.version(tx), ["courier.example"])["courier.example"].shingles)
            > 0
        )


def test_a_block_once_rejected_counts_no_more_and_is_not_learned_again(ctx, pages, post):
    settle(ctx)
    apart = stories_now(ctx, pages)
    (row,) = list_furniture(ctx, "courier.example")
    told = reject_furniture(ctx, "courier.example", row.id, by="oda", why="it is the story")
    assert (told.state, told.by, told.why) == (FurnitureState.REJECTED, "oda", "it is the story")
    settle(ctx)
    assert len(set(stories_now(ctx, pages))) < len(set(apart))
    for n, story in enumerate(STORIES):
        post(source="courier.example", external_id=f"again {n}", text=f"{story[::-1]}\n\n{BLOCK}", title="")
    settle(ctx)
    assert [each.state for each in list_furniture(ctx, "courier.example")] == [FurnitureState.REJECTED]


def test_a_passage_that_a_person_adds_counts_at_once(ctx, post):
    add_furniture(ctx, "courier.example", BLOCK, by="oda", why="under every page")
    first = post(
        source="courier.example", external_id="1", title="", text=f"{STORIES[0]}\n\n{STORIES[3]}\n\n{BLOCK}"
    )
    second = post(
        source="courier.example", external_id="2", title="", text=f"{STORIES[1]}\n\n{STORIES[2]}\n\n{BLOCK}"
    )
    assert second.canonical_id != first.canonical_id
    assert second.decision.relation == "new"


def test_a_passage_too_short_to_be_known_again_is_refused(ctx):
    with pytest.raises(InvalidValue) as told:
        add_furniture(ctx, "courier.example", "Read more here", by="oda", why="everywhere")
    assert told.value.field == "text"


def test_only_what_a_source_has_can_be_rejected(ctx, pages):
    settle(ctx)
    (row,) = list_furniture(ctx, "courier.example")
    with pytest.raises(NotFound):
        reject_furniture(ctx, "herald.example", row.id, by="oda", why="not ours")


def test_what_waits_under_embargo_teaches_nothing(ctx, post, clock):
    for n, story in enumerate(STORIES):
        post(
            source="courier.example",
            external_id=str(n),
            text=f"{story}\n\n{BLOCK}",
            embargoed_until=NOON.replace(year=2027),
        )
    settle(ctx)
    assert list_furniture(ctx, "courier.example") == []


def test_a_source_has_room_for_so_many_learned_passages_and_the_oldest_goes(ctx, pages):
    with ctx.store.read() as tx:
        assert furniture.load(tx, ["courier.example"]) == {}
    settle(ctx)
    (first,) = list_furniture(ctx, "courier.example")
    for n in range(MOST_PASSAGES):
        learn(ctx, f"passage number {n} of a long and {n} winding tale told at the {n} harbour gate")
    rows = list_furniture(ctx, "courier.example")
    assert len(rows) == MOST_PASSAGES
    assert first.id not in {row.id for row in rows}


def learn(ctx, text):
    words = tokenise(text)
    lesson = Lesson("courier.example", text, len(words), distinct(shingles(words.hash, WIDTH)), ())
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        keep_lesson(ledger, lesson)
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)


def test_learning_goes_on_where_it_stopped(ctx, post, open_context):
    for n in range(STEP + 1):
        post(source=f"s{n}.example", text=f"{STORIES[n % 6]} Item {n}.")
    assert learn_step(ctx)
    other = open_context()
    assert learn_step(other)
    assert not learn_step(other)
    assert not learn_step(ctx)
