"""The promises hold, whatever is done in whatever order; ``make soak`` tries far longer.

MACHINE_EXAMPLES and MACHINE_STEPS say how long, MACHINE_FIGURES names a file that gets counts of what was done.
"""

import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from app.bootstrap import open_context
from app.model import Ingested
from app.parsing.submission import Bounds, read_submission
from app.services.ingest import ingest
from app.services.reading import read_article
from app.settings import Settings
from app.workers.tender import Tender
from tests.api.conftest import raw
from tests.api.machine import Promises
from tests.api.wire_texts import Fields, printings
from tests.conftest import DATABASES, _database

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "2"))
STEPS = int(os.environ.get("MACHINE_STEPS", "8"))
PAPERS = tuple(f"paper{number}.example" for number in range(100))

Databases = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=DATABASES)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Gives the URL of a migrated database of either kind, as often as asked."""
    if request.param == "sqlite":
        template = request.getfixturevalue("_sqlite_template")

        @contextmanager
        def one() -> Iterator[str]:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "wirefold.db"
                shutil.copy(template, path)
                yield f"sqlite:///{path}"

    else:
        server = request.getfixturevalue("postgres_server")
        name = request.getfixturevalue("_postgres_template")

        @contextmanager
        def one() -> Iterator[str]:
            yield from _database(server, name)

    return one


def budget(databases: Databases) -> settings:
    """How much is tried. On PostgreSQL every example takes a database of a server: at most a third."""
    with databases() as url:
        examples = EXAMPLES if url.startswith("sqlite") else max(1, EXAMPLES // 3)
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=[each for each in Phase if each is not Phase.explain],
    )


def test_the_promises_hold_whatever_is_done_in_whatever_order(databases):
    counts: Counter[str] = Counter()
    machine = type("Machine", (Promises,), {"databases": staticmethod(databases), "counts": counts})
    run_state_machine_as_test(machine, settings=budget(databases))
    if figures := os.environ.get("MACHINE_FIGURES"):
        with Path(figures).open("a", encoding="utf-8") as file:
            file.write(json.dumps(counts) + "\n")


def test_the_order_of_arrival_does_not_change_which_articles_are_one_story(databases):
    @given(st.lists(printings(PAPERS), min_size=5, max_size=14), st.randoms(use_true_random=False))
    @budget(databases)
    def law(articles: list[Fields], chance: random.Random) -> None:
        # One source each: of one source's pages furniture is learned, which depends on what came before.
        articles = [each | {"source": PAPERS[number]} for number, each in enumerate(articles)]
        shuffled = articles.copy()
        chance.shuffle(shuffled)
        assert stories(databases, shuffled, at_once=chance.choice((1, 5, 20))) == stories(databases, articles)

    law()


def stories(databases: Databases, articles: list[Fields], *, at_once: int = 1) -> set[frozenset[str]]:
    """Which sources print the same story, once it has settled."""
    with databases() as url:
        ctx = open_context(Settings(database_url=url))
        try:
            made: dict[str, str] = {}
            for start in range(0, len(articles), at_once):
                group = [read_submission(raw(each), Bounds()) for each in articles[start : start + at_once]]
                for sent, told in zip(group, ingest(ctx, group), strict=True):
                    assert isinstance(told, Ingested)
                    made[told.article_id] = sent.source
            tender = Tender(ctx, holder="order", idempotency_ttl=timedelta(hours=1))
            while tender.step():
                pass
            homes: dict[str, set[str]] = {}
            for article_id, source in made.items():
                homes.setdefault(read_article(ctx, article_id).story.id, set()).add(source)
            return set(map(frozenset, homes.values()))
        finally:
            ctx.store.close()
