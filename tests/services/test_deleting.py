"""After a deletion the text is nowhere, and everything else stands."""

import sqlite3
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.dedup.furniture import passage_shingles
from app.dedup.model import Relation
from app.errors import Gone, NotFound
from app.events import EventType
from app.model import FurnitureRow, FurnitureState, Ingested
from app.services.deleting import delete_article, forget_deleted
from app.services.explain import explain
from app.services.exporting import export_articles, export_submissions
from app.services.finding import Filters, find_by_external_id, find_by_url, list_stories
from app.services.following import read_page
from app.services.furnishing import list_furniture, put_furniture
from app.services.ingest import check, ingest
from app.services.ledger import Ledger
from app.services.reading import read_article, read_story, read_version
from app.services.rederiving import rederive_step
from app.services.refingerprint import left_to_move
from app.services.releasing import release_due
from app.services.verifying import verify
from app.services.views import Moved, StoryPage
from app.store import examining, ingesting, reading
from app.store.index import Index
from app.store.segments import Shape
from app.store.sight import EVERYTHING
from app.store.tables import metadata
from tests.services.stories import BODY, HEADLINE, NOON, PARAGRAPHS, STRANGERS, submission

ODD = "Quillfeather zanderbank muskrovia tolled 8,431 brindlecorns"
TEXT = f"{PARAGRAPHS[0]}\n\n{ODD} at the quay, the clerk said.\n\n" + "\n\n".join(PARAGRAPHS[1:])
MINE = {
    "source": "wire.example",
    "external_id": "oddguid77",
    "url": "https://wire.example/oddurl77",
    "slug": "ODDSLUG",
}
WORDS = (
    "quillfeather",
    "zanderbank",
    "muskrovia",
    "8,431",
    "brindlecorns",
    "oddheadline",
    "oddslug",
    "oddguid77",
)


def dump(store):
    """Every value of every table, unpacked where it is packed."""
    found = []
    with store.read() as tx:
        for table in metadata.sorted_tables:
            for row in tx.connection.execute(sa.select(table)):
                found += [unpacked(each) if isinstance(each, bytes) else str(each).encode() for each in row]
    return b"\n".join(found).lower()


def unpacked(value):
    for bits in (zlib.MAX_WBITS, 16 + zlib.MAX_WBITS):
        try:
            return zlib.decompress(value, bits)
        except zlib.error:
            continue
    return value


def left_of_it(store):
    held = dump(store)
    return [word for word in WORDS if word.encode() in held]


def settle(ctx):
    while rederive_step(ctx):
        pass


def delete(ctx, told):
    return delete_article(ctx, told.article_id, by="admin", why="asked for")


def taken_in(ctx, **fields):
    (told,) = ingest(ctx, [submission(**fields)])
    assert isinstance(told, Ingested)
    return told


def sound(ctx):
    return [each for each in verify(ctx, deep=True) if not each.sound]


def test_not_a_word_of_it_is_left_in_any_table(ctx, store, post):
    post(source="gazette.example")
    mine = post(**MINE, title="Oddheadline of the quay", text=TEXT)
    post(**MINE, title="Oddheadline of the quay", text=f"{TEXT}\n\nMore brindlecorns came.")
    post(source="herald.example", text=TEXT.replace("8,431", "8,413"), title=HEADLINE)
    assert set(left_of_it(store)) == set(WORDS)
    told = delete(ctx, mine)
    assert told.versions == 2
    copy = {"quillfeather", "zanderbank", "muskrovia", "brindlecorns"}
    assert set(left_of_it(store)) <= copy
    (other,), _ = list_stories(ctx, Filters(source="herald.example"), before=None, limit=9)
    assert other.chosen
    with store.read() as tx:
        member = reading.members_after(tx, other.story.founder, 0, limit=9)
        copies = [row for row in reading.load_articles(tx, member).values() if row.source == "herald.example"]
    delete_article(ctx, copies[0].id, by="admin", why="asked for")
    assert left_of_it(store) == []
    assert sound(ctx) == []


def test_sqlite_keeps_no_byte_of_it_once_vacuumed(ctx, store, store_url, post):
    if store.dialect != "sqlite":
        pytest.skip("PostgreSQL's files are not ours to read")
    post(source="gazette.example")
    delete(ctx, post(**MINE, title="Oddheadline of the quay", text=TEXT))
    path = Path(make_url(store_url).database or "")
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("VACUUM")
    database.close()
    held = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*")).lower()
    assert [word for word in ("oddheadline", "oddslug", "oddguid77") if word.encode() in held] == []


def test_its_id_says_when_and_why_it_is_gone(ctx, post):
    other = post(source="gazette.example")
    mine = post(**MINE)
    delete(ctx, mine)
    for ask in (
        lambda: read_article(ctx, mine.article_id),
        lambda: read_version(ctx, mine.article_id, 1),
        lambda: explain(ctx, mine.article_id, other.article_id),
        lambda: delete(ctx, mine),
    ):
        with pytest.raises(Gone, match="2026-11-03T12:00:00Z: asked for"):
            ask()
    with pytest.raises(NotFound):
        delete_article(ctx, "art_nothing", by="admin", why="x")
    (entry,) = [each for each in read_page(ctx, 0, limit=99).rows if each.type == EventType.ARTICLE_DELETED]
    assert entry.payload == {"article_id": mine.article_id, "canonical_id": other.canonical_id}


def test_what_was_never_out_is_gone_for_those_who_saw_it_alone(ctx, post):
    held = post(**MINE, embargoed_until=NOON + timedelta(hours=2))
    delete(ctx, held)
    with pytest.raises(NotFound):
        read_article(ctx, held.article_id)
    with pytest.raises(Gone):
        read_article(ctx, held.article_id, EVERYTHING)


@pytest.mark.parametrize("mine", [0, 1, 2], ids=["the founder", "the second", "the last"])
def test_the_others_stay_together_and_one_of_them_speaks(ctx, post, mine):
    sources = ["a.example", "b.example", "c.example"]
    posted = [post(source=each, url=f"https://{each}/x", external_id=each) for each in sources]
    assert len({each.canonical_id for each in posted}) == 1
    told = delete(ctx, posted[mine])
    page = read_story(ctx, posted[0].canonical_id, limit=9)
    if mine == 0:
        assert isinstance(page, Moved)
        page = read_story(ctx, page.survivor, limit=9)
    assert isinstance(page, StoryPage)
    assert (page.view.story.id, page.view.story.members, page.sources) == (told.canonical_id, 2, 2)
    assert {member.article.source for member in page.members} == set(sources) - {sources[mine]}
    assert page.view.chosen
    assert page.view.chosen.article.source != sources[mine]
    assert find_by_url(ctx, f"https://{sources[mine]}/x") == []
    assert find_by_external_id(ctx, sources[mine], sources[mine]) == []
    with ctx.store.read() as tx:
        assert examining.miscounted_stories(tx, limit=9) == []
    settle(ctx)
    settled = read_story(ctx, page.view.story.id, limit=9)
    assert isinstance(settled, StoryPage)
    assert settled.view.story.members == 2
    late = post(source="d.example")
    assert late.canonical_id == page.view.story.id
    assert sound(ctx) == []


def test_ids_lead_on_when_founder_after_founder_is_deleted(ctx, post):
    posted = [post(source=f"{name}.example") for name in "abcd"]
    for each in posted[:3]:
        delete(ctx, each)
        settle(ctx)
    moved = read_story(ctx, posted[0].canonical_id, limit=9)
    assert isinstance(moved, Moved)
    page = read_story(ctx, moved.survivor, limit=9)
    assert isinstance(page, StoryPage)
    assert [member.article.id for member in page.members] == [posted[3].article_id]
    delete(ctx, posted[3])
    with pytest.raises(Gone):
        read_story(ctx, posted[0].canonical_id, limit=9)
    assert list_stories(ctx, Filters(), before=None, limit=9)[0] == []
    assert sound(ctx) == []


def test_sent_again_it_is_a_new_article(ctx, post):
    mine = post(**MINE)
    delete(ctx, mine)
    again = post(**MINE)
    assert not again.replayed
    assert again.article_id != mine.article_id
    assert again.decision.relation is Relation.NEW
    assert again.version == 1


def test_nothing_is_compared_with_it_any_more(ctx, open_context, post):
    other = open_context()
    mine = post(**MINE)
    check(other, submission(source="herald.example"))  # remembers it
    delete(ctx, mine)
    for context in (ctx, other):
        assert check(context, submission(source="herald.example")).decision.relation is Relation.NEW
    told = taken_in(other, source="herald.example")
    assert told.decision.matched_id is None
    assert forget_deleted(other, 0) == 1
    assert not other.recall._kept


def test_sealed_entries_of_it_are_taken_out_and_those_of_others_stay(open_context, store, post):
    ctx = open_context()
    tiny = Index(ctx.profile.id, shape=Shape(block=8, seal=16, fan=2, stride=1))
    ctx = replace(ctx, index=tiny)
    texts = [BODY, *STRANGERS]
    posted = [taken_in(ctx, source=f"{n}.example", title=t[:30], text=t) for n, t in enumerate(texts)]
    reader = replace(open_context(), index=Index(ctx.profile.id, shape=tiny.shape))
    for number, text in enumerate(texts):
        told = check(reader, submission(source="x.example", title=text[:30], text=text))
        assert told.decision.matched_id == posted[number].article_id
    with store.write() as tx:
        while tiny.seal_step(tx, NOON):
            pass
    check(reader, submission(source="x.example", text=texts[0]))
    delete(ctx, posted[0])
    assert check(reader, submission(source="x.example", text=texts[0])).decision.matched_id is None
    with store.write() as tx:
        while tiny.merge_step(tx):
            pass
    for context in (ctx, reader):
        for number, text in list(enumerate(texts))[1:]:
            told = check(context, submission(source="x.example", title=text[:30], text=text))
            assert told.decision.matched_id == posted[number].article_id
    with store.read() as tx:
        keys = np.frombuffer(
            b"".join(tx.connection.execute(sa.text("SELECT keys FROM segment_block")).scalars()), "<u8"
        )
        versions = tx.connection.execute(sa.text("SELECT count(*) FROM posting WHERE version = 1")).scalar()
    assert versions == 0
    assert len(keys)


def test_furniture_that_only_it_carried_is_emptied(ctx, store, post):
    mine, other = post(**MINE), post(source="wire.example", title="Comet", text=STRANGERS[0])
    with store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        for id_, pages in (("fur_1", (mine.article_id,)), ("fur_2", (mine.article_id, other.article_id))):
            text = f"{id_} read the oddheadline of the morning in our letter every day of the week"
            put_furniture(
                ledger,
                FurnitureRow(
                    id_,
                    "wire.example",
                    FurnitureState.LEARNED,
                    text,
                    15,
                    passage_shingles(text),
                    pages,
                    0,
                    ctx.now(),
                    "w",
                    "y",
                ),
            )
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)
    delete(ctx, mine)
    first, second = sorted(list_furniture(ctx, "wire.example"), key=lambda row: row.id)
    assert (first.text, len(first.shingles), first.pages) == ("", 0, ())
    assert second.pages == (other.article_id,)
    assert second.text


def test_articles_that_are_gone_are_in_no_walk(ctx, post):
    mine = post(**MINE)
    delete(ctx, mine)
    assert list(export_articles(ctx, with_text=True)) == []
    assert list(export_submissions(ctx)) == []
    assert left_to_move(ctx, most=9) == 0


def test_what_waited_for_its_embargo_is_not_released_and_the_rest_is(ctx, store, post, clock):
    until = clock() + timedelta(hours=1)
    waits = post(source="a.example", external_id="1", embargoed_until=until)
    partly = post(source="b.example", external_id="2", title="Comet", text=STRANGERS[0])
    post(
        source="b.example",
        external_id="2",
        title="Comet",
        text=f"{STRANGERS[0]} More.",
        embargoed_until=until,
    )
    stays = post(source="c.example", title="Harvest", text=STRANGERS[1], embargoed_until=until)
    delete(ctx, waits)
    delete(ctx, partly)
    clock.pass_(hours=2)
    assert release_due(ctx) == 1
    assert read_article(ctx, stays.article_id).current.version.released
    assert not sound(ctx)
    assert post(source="a.example", external_id="1").article_id != waits.article_id
