"""Once the tender has settled, stories depend on the articles and not on their arrival."""

import itertools
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dedup import profile
from app.dedup.policy import Policies
from app.model import ArticleKey, Ingested, LinkKind, Submission, VersionKey
from app.services.context import Context
from app.services.ingest import ingest
from app.services.ledger import Ledger
from app.services.placing import regroup
from app.services.rederiving import rederive_step
from app.store import ingesting
from app.store.articles import load_stored
from app.store.engine import open_store
from app.store.index import Index
from app.store.reading import last_position
from tests.services.archives import archive, story
from tests.services.stories import NOON, submission
from tests.store.said import say


@pytest.fixture(scope="session")
def template(request):
    """A migrated file: every example of a law needs an empty database of its own."""
    return request.getfixturevalue("_sqlite_template")


def settle(ctx):
    """Rederive until nothing is left; how many entries of the change feed that took."""
    looked = 0
    while some := rederive_step(ctx):
        looked += some
        assert looked < 5_000
    return looked


def stories_of(ctx, taken):
    """The titles and sources in each story now, given what was taken in with its answers."""
    with ctx.store.read() as tx:
        count = ingesting.counters(tx).article
        founders = {
            row.id: row.founder
            for row in ingesting.load_articles(tx, [ArticleKey(key + 1) for key in range(count)]).values()
        }
    groups = defaultdict(set)
    for one, told in taken:
        groups[founders[told.article_id]].add((one.title, one.source))
    return {frozenset(group) for group in groups.values()}


def take_in(ctx, submissions: Sequence[Submission], size=1):
    taken = []
    for start in range(0, len(submissions), size):
        group = submissions[start : start + size]
        for one, told in zip(group, ingest(ctx, group), strict=True):
            assert isinstance(told, Ingested)
            taken.append((one, told))
    return taken


@given(
    seed=st.integers(0, 5),
    order=st.randoms(use_true_random=False),
    size=st.sampled_from([1, 7, 100]),
    settled_between=st.booleans(),
)
@settings(max_examples=12)
def test_any_order_and_any_batch_ends_in_the_same_stories(template, seed, order, size, settled_between):
    submissions = archive(seed)
    shuffled = [*submissions]
    order.shuffle(shuffled)
    half = len(shuffled) // 2
    parts = [shuffled[:half], shuffled[half:]] if settled_between else [shuffled]
    assert _stories(template, parts, size=size) == _stories_in_order(template, seed)


@cache
def _stories_in_order(template, seed):
    return _stories(template, [archive(seed)])


def _stories(template, parts, size=100):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wirefold.db"
        shutil.copy(template, path)
        store = open_store(f"sqlite:///{path}")
        numbers = itertools.count()
        ctx = Context(
            store=store,
            index=Index(profile.STANDARD.id),
            profile=profile.STANDARD,
            policies=Policies(),
            now=lambda: NOON,
            new_id=lambda prefix: f"{prefix}_{next(numbers):06d}",
        )
        taken = []
        for part in parts:
            taken += take_in(ctx, part, size)
            settle(ctx)
        stories = stories_of(ctx, taken)
        store.close()
        return stories


def test_a_second_look_changes_nothing_and_says_nothing(ctx):
    take_in(ctx, archive(1))
    assert settle(ctx) > 0
    with ctx.store.read() as tx:
        before = last_position(tx)
    assert settle(ctx) == 0
    with ctx.store.read() as tx:
        assert last_position(tx) == before


@pytest.mark.parametrize("roundup_comes", [0, 3, 6])
def test_a_roundup_of_three_stories_leaves_them_three(ctx, roundup_comes):
    stories = [story(number) for number in (3, 4, 5)]
    articles = [
        submission(source=f"{paper}{n}.example", title=f"{text[0][:30]} {n}", text="\n\n".join(text))
        for n, text in enumerate(stories)
        for paper in ("post", "times")
    ]
    leads = "\n\n".join(text[0] for text in stories)
    articles.insert(roundup_comes, submission(source="digest.example", title="Morning briefing", text=leads))
    taken = take_in(ctx, articles)
    settle(ctx)
    without = {
        frozenset(source for _, source in group if source != "digest.example")
        for group in stories_of(ctx, taken)
    }
    assert without - {frozenset()} == {frozenset({f"post{n}.example", f"times{n}.example"}) for n in range(3)}


def test_both_sides_of_a_parting_are_found_under_keys_of_their_own(ctx):
    """The copy added no keys: its story was met under them already."""
    take_in(ctx, [submission(), submission(source="herald.example")])
    with ctx.store.write() as tx:
        say(tx, LinkKind.CANNOT, 1, 2)
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        regroup(ledger, [ArticleKey(1)], why="a person said so")
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)
    settle(ctx)
    with ctx.store.read() as tx:
        keys = load_stored(tx, [VersionKey(1)], ctx.profile.id)[VersionKey(1)].print.keys
        ctx.index.catch_up(tx)
        places, holders = ctx.index.lookup(tx, keys)
    assert len(places) == 2 * len(keys)
    assert set(holders.tolist()) == {1, 2}
    assert settle(ctx) == 0


def test_nobody_under_embargo_takes_part(ctx):
    take_in(
        ctx,
        [submission(), submission(source="herald.example", embargoed_until=NOON + timedelta(days=9))],
    )
    settle(ctx)
    with ctx.store.read() as tx:
        assert ingesting.edges_among(tx, [ArticleKey(1), ArticleKey(2)]) == []
