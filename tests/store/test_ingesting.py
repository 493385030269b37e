"""What a batch stores comes back as it was, on both databases."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from app.dedup.model import Fingerprint
from app.errors import StorageUnavailable
from app.model import ArticleId, Counters, FurnitureRow, FurnitureState, IdentityKey, Position, VersionKey
from app.store import embargoes as plain_embargoes
from app.store import ingesting
from app.store.tables import change, furniture, membership, metadata, url
from tests.store import rows
from tests.store.probes import counting, undone

db: Any = ingesting  # keys are plain numbers here
embargoes: Any = plain_embargoes

in_one_database = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def same_print(one: Fingerprint, other: Fingerprint) -> bool:
    arrays = ("words", "flags", "title", "signature", "lead_signature", "keys")
    return (one.profile, one.digest) == (other.profile, other.digest) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        and getattr(one, name).dtype == getattr(other, name).dtype
        for name in arrays
    )


@in_one_database
@given(rows.articles, rows.versions(), rows.fingerprints)
def test_articles_versions_and_fingerprints_come_back_as_they_went_in(store, article, version, print_):
    with undone(store) as tx:
        db.append(tx, rows.batch(articles=[article], versions=[version], fingerprints=[(1, print_)]))
        assert db.load_articles(tx, [1]) == {1: article}
        assert db.versions_of(tx, [1]) == {1: [version]}
        assert db.load_versions(tx, [1]) == {1: version}
        stored = db.load_stored(tx, [1], "p1")[1]
        assert stored.version == version
        assert same_print(stored.print, print_)


@in_one_database
@given(rows.pages)
def test_pages_come_back_as_they_went_in(store, page):
    with undone(store) as tx:
        db.append(tx, rows.batch(articles=[rows.article()], versions=[rows.version()], pages=[page]))
        assert db.load_pages(tx, [1]) == {1: page}


@in_one_database
@given(rows.stories, rows.edges, rows.decisions)
def test_stories_edges_and_decisions_come_back_as_they_went_in(store, story, edge, decision):
    with undone(store) as tx:
        batch = rows.batch(
            articles=[rows.article()],
            versions=[rows.version()],
            stories={1: story},
            edges=[edge],
            decisions=[decision],
        )
        db.append(tx, batch)
        assert db.load_stories(tx, [1]) == {1: story}
        assert db.edges_among(tx, [1, 2]) == [edge]
        assert db.load_decisions(tx, [1]) == {1: decision}


def test_a_text_that_the_received_json_carries_is_not_stored_twice(store):
    with store.write() as tx:
        db.append(tx, rows.newcomer())
        assert tx.connection.execute(sa.text("SELECT text FROM page")).scalar_one() is None
        assert db.load_pages(tx, [1])[1].text == "One two."


def test_a_text_that_differs_from_the_received_one_is_stored(store):
    page = rows.page(raw=b'{"text": "One\\r\\ntwo."}', text="One\ntwo.")
    with store.write() as tx:
        db.append(tx, replace(rows.newcomer(), pages=[page]))
        assert db.load_pages(tx, [1]) == {1: page}


def test_an_empty_database_counts_from_zero_and_counters_are_kept(store):
    with store.write() as tx:
        assert db.counters(tx) == Counters(0, 0, 0, 0, 0)
        db.save_counters(tx, Counters(article=3, version=4, position=9, posting=2, furniture=0))
    with store.write() as tx:
        db.save_counters(tx, Counters(article=4, version=5, position=2**40, posting=3, furniture=1))
    with store.read() as tx:
        assert db.counters(tx) == Counters(article=4, version=5, position=2**40, posting=3, furniture=1)


def test_lists_that_are_kept_as_json_come_back_however_long(store):
    pages = {f"fur_{n}": tuple(ArticleId(f"art_{each}") for each in range(n)) for n in (0, 1, 3)}
    found = {
        name: FurnitureRow(
            name, "a.example", FurnitureState.ADDED, "t", 1, np.array([7], "<u4"), each, 1, rows.NOW, "b", "w"
        )
        for name, each in pages.items()
    }
    with store.write() as tx:
        db.append(tx, rows.batch(furniture=found))
        kept = tx.connection.execute(sa.select(furniture.c.id, furniture.c.pages))
        assert {name: tuple(each) for name, each in kept} == pages


def test_an_identity_moves_to_the_newer_article(store):
    key = IdentityKey(b"i" * 16)
    with store.write() as tx:
        db.append(tx, rows.batch(articles=[rows.article(1)], identities={key: 1}))
    with store.write() as tx:
        db.append(tx, rows.batch(articles=[rows.article(2)], identities={key: 2}))
        assert db.find_identities(tx, [key, IdentityKey(b"x" * 16)]) == {key: 2}


def test_one_url_may_lead_to_several_articles_and_is_kept_once_for_each(store):
    with store.write() as tx:
        articles = [rows.article(1), rows.article(2)]
        db.append(tx, rows.batch(articles=articles, urls=[(b"u" * 16, 1), (b"u" * 16, 2), (b"u" * 16, 1)]))
        db.append(tx, rows.batch(urls=[(b"u" * 16, 2)]))
        assert sorted(tx.connection.execute(sa.select(url.c.article)).scalars()) == [1, 2]


def history(tx, article):
    columns = (membership.c.founder, membership.c.since, membership.c.until)
    found = sa.select(*columns).where(membership.c.article == article).order_by(membership.c.since)
    return [tuple(row) for row in tx.connection.execute(found)]


def test_a_move_closes_the_open_membership_and_takes_the_article_along(store):
    with store.write() as tx:
        db.append(tx, rows.together(rows.newcomer(1), rows.newcomer(2)))
        assert db.load_members(tx, [1, 2]) == {1: [(1, 1)], 2: [(2, 2)]}
    with store.write() as tx:
        db.append(tx, rows.batch(moves=[rows.move(2, 1, since=7)], stories={2: rows.story(2, members=0)}))
        assert history(tx, 2) == [(2, 2, 7), (1, 7, None)]
        assert db.load_articles(tx, [2])[2].founder == 1
        assert db.load_members(tx, [1, 2]) == {1: [(1, 1), (2, 2)], 2: []}


def test_an_article_that_moves_twice_in_one_batch_ends_where_it_moved_last(store):
    with store.write() as tx:
        batch = rows.together(rows.newcomer(1), rows.newcomer(2))
        batch.moves += [rows.move(2, 1, since=5), rows.move(2, 2, since=6)]
        db.append(tx, batch)
        assert history(tx, 2) == [(2, 2, 5), (1, 5, 6), (2, 6, None)]
        assert db.load_articles(tx, [2])[2].founder == 2


def test_the_current_version_follows_and_older_ones_stay(store):
    with store.write() as tx:
        db.append(tx, rows.newcomer(1))
        db.append(tx, rows.batch(versions=[rows.version(2, article=1, number=2)], currents={1: 2}))
        assert db.load_articles(tx, [1])[1].current == 2
        assert [row.key for row in db.versions_of(tx, [1])[1]] == [1, 2]
        assert db.load_members(tx, [1]) == {1: [(1, 2)]}


def test_a_fingerprint_of_another_profile_is_not_given_out(store):
    with store.write() as tx:
        db.append(tx, rows.newcomer(1))
        assert db.load_stored(tx, [1], "p2") == {}


def test_edges_are_given_only_where_both_ends_are_asked_for(store):
    with store.write() as tx:
        db.append(tx, rows.batch(edges=[rows.edge(2, 1), rows.edge(3, 2), rows.edge(3, 1)]))
        assert [(e.a, e.b) for e in db.edges_among(tx, [1, 2])] == [(2, 1)]
        assert [(e.a, e.b) for e in db.edges_among(tx, [1, 2, 3])] == [(2, 1), (3, 1), (3, 2)]


def test_a_pair_that_is_judged_again_has_one_edge(store):
    with store.write() as tx:
        db.append(tx, rows.batch(edges=[rows.edge(weight=1.0)]))
        db.append(tx, rows.batch(edges=[rows.edge(weight=2.0)]))
        assert [e.weight for e in db.edges_among(tx, [1, 2])] == [2.0]


def test_of_a_pair_that_one_batch_judges_twice_the_last_verdict_counts(store):
    with store.write() as tx:
        db.append(tx, rows.batch(edges=[rows.edge(weight=1.0), rows.edge(3, 1), rows.edge(weight=2.0)]))
        assert {(e.a, e.b): e.weight for e in db.edges_among(tx, [1, 2])} == {(2, 1): 2.0}


def test_more_keys_than_one_statement_takes_are_all_looked_up(store):
    with store.write() as tx:
        db.append(tx, rows.batch(articles=[rows.article(key) for key in range(1, 2502)]))
        assert len(db.load_articles(tx, range(1, 5000))) == 2501


def test_embargoed_versions_come_due_and_are_released_once(store):
    soon = rows.version(1, released=False, embargoed_until=rows.NOW)
    later = rows.version(2, released=False, embargoed_until=rows.NOW.replace(year=2027))
    with store.write() as tx:
        db.append(tx, rows.batch(articles=[rows.article(1), rows.article(2)], versions=[soon, later]))
        assert embargoes.load_due(tx, rows.NOW, limit=10) == [1]
        embargoes.mark_released(tx, {VersionKey(1): Position(1)})
        assert embargoes.load_due(tx, rows.NOW, limit=10) == []
        assert db.load_versions(tx, [1])[1].released


def test_a_batch_of_a_hundred_takes_as_many_statements_as_a_batch_of_two(store):
    counts = []
    for keys in (range(1, 3), range(101, 201)):
        first = keys[0]
        batch = rows.together(*(rows.newcomer(k, founder=None if k == first else first) for k in keys))
        with store.write() as tx, counting(store) as statements:
            db.append(tx, batch)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_a_rolled_back_batch_leaves_nothing(store):
    with undone(store) as tx:
        db.append(tx, rows.together(rows.newcomer(1), rows.newcomer(2, founder=1)))
        db.save_counters(tx, Counters(2, 2, 2, 2, 0))
    with store.read() as tx:
        for table in metadata.sorted_tables:
            assert tx.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0


def test_a_position_is_given_out_once(store):
    with store.write() as tx:
        db.append(tx, rows.batch(changes=[rows.change(1)]))
    with pytest.raises(sa.exc.IntegrityError), store.write() as tx:
        db.append(tx, rows.batch(changes=[rows.change(1, type="other")]))
    with store.read() as tx:
        assert tx.connection.execute(sa.select(change.c.type)).scalars().all() == ["article.stored"]


def test_a_connection_that_is_cut_while_a_batch_is_stored_is_told_as_such_and_leaves_nothing(store):
    if store.dialect == "sqlite":
        pytest.skip("SQLite has no connection to cut.")
    batch = rows.together(rows.newcomer(1), rows.newcomer(2, founder=1))

    def cut_and_append():
        with store.write() as tx, store.read() as other:
            own = tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            other.connection.exec_driver_sql(f"SELECT pg_terminate_backend({own}, 5000)")
            db.append(tx, batch)

    with pytest.raises(StorageUnavailable):
        cut_and_append()
    with store.write() as tx:
        db.append(tx, batch)
        assert len(db.load_articles(tx, [1, 2])) == 2
