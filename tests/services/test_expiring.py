"""What is old leaves the index in whole segments; what still lives stays findable, and all stays readable."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.services.expiring import expire_step, span_of
from app.services.ingest import ingest
from app.services.reading import read_article
from app.services.verifying import verify
from app.store import ingesting
from app.store.expiry import unindexed
from app.store.index import Index
from app.store.segments import DEAD, LIVE, Shape
from app.store.tables import segment
from tests.services.stories import BODY, HEADLINE, STRANGERS, submission
from tests.store.probes import counting

DAYS = 30
SMALL = Shape(seal=8, block=8, fan=2, span=span_of(DAYS))


@pytest.fixture
def archive(ctx):
    """A context whose index seals after every article or two."""
    return replace(ctx, index=Index(ctx.profile.id, shape=SMALL))


@pytest.fixture
def send(archive, clock):
    """Take in one article, and tend to the index as a service would."""

    def take_in(**fields):
        told = ingest(archive, [submission(**fields)])[0]
        tend(archive, clock)
        return told

    return take_in


def tend(ctx, clock):
    busy = True
    while busy:
        with ctx.store.write() as tx:
            busy = ctx.index.seal_step(tx, clock()) or ctx.index.merge_step(tx)
        busy = expire_step(ctx, days=DAYS) or busy


def live(ctx):
    with ctx.store.read() as tx:
        rows = tx.connection.execute(sa.select(segment).where(segment.c.state != DEAD)).all()
    return [row for row in rows if row.state == LIVE]


def test_what_is_old_is_found_no_more_and_stays_readable(send, archive, clock):
    first = send(title="Comet", text=STRANGERS[0])
    clock.pass_(days=DAYS + 1)
    send(title="Harvest", text=STRANGERS[1])
    again = send(title="Comet", text=STRANGERS[0], source="late.example")
    assert again.decision.relation == "new"
    assert again.canonical_id != first.canonical_id
    assert read_article(archive, first.article_id).story.id == first.canonical_id


def test_until_then_it_is_found(send, clock):
    first = send(title="Comet", text=STRANGERS[0])
    clock.pass_(days=DAYS - 1)
    send(title="Harvest", text=STRANGERS[1])
    assert send(title="Comet", text=STRANGERS[0], source="late.example").canonical_id == first.canonical_id


def test_a_story_that_still_gets_copies_stays_findable(send, clock):
    first = send(title=HEADLINE, text=BODY)
    for n in range(6):
        clock.pass_(days=DAYS - 10)
        send(title="Something else", text=f"{STRANGERS[n % 2]} Edition {n}.", source=f"other{n}.example")
        assert send(title=HEADLINE, text=BODY, source=f"s{n}.example").canonical_id == first.canonical_id


def test_no_segment_grows_beyond_its_span_and_the_index_stays_bounded(send, archive, clock):
    counts = []
    for n in range(40):
        clock.pass_(days=3)
        send(
            title=f"Notice {n}",
            text=f"Notice {n}: {STRANGERS[n % 2]} {n * n} {n * 7}",
            source=f"s{n}.example",
        )
        counts.append(sum(row.entries for row in live(archive)))
    assert all(row.until - row.since <= span_of(DAYS) for row in live(archive) if row.level)
    assert min(row.until for row in live(archive)) >= clock() - timedelta(days=DAYS) - span_of(DAYS)
    assert max(counts[20:]) <= 1.5 * max(counts[:20])


def test_an_index_that_let_go_of_the_old_is_sound(send, archive, clock):
    send(title="Comet", text=STRANGERS[0])
    clock.pass_(days=DAYS + 1)
    send(title="Harvest", text=STRANGERS[1])
    assert [each.name for each in verify(archive) if not each.sound] == []


def test_dropping_a_segment_does_not_walk_the_versions(send, archive, clock):
    send(title="Comet", text=STRANGERS[0])
    clock.pass_(days=DAYS + 1)
    with counting(archive.store) as statements:
        while expire_step(archive, days=DAYS):
            pass
    assert any("UPDATE segment" in each for each in statements)
    assert [each for each in statements if "FROM version" in each] == []


def test_what_was_posted_before_a_dropped_segment_ended_need_not_be_found(send, archive, clock):
    send(title="Comet", text=STRANGERS[0])
    send(title="Comet", text=STRANGERS[0], source="second.example")
    with archive.store.read() as tx:
        before = ingesting.counters(tx).version
    clock.pass_(days=DAYS + 1)
    tend(archive, clock)
    with archive.store.read() as tx:
        assert 0 < unindexed(tx) <= before
