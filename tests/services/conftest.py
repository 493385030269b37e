"""A context over a real database, with a clock and IDs that a test can foretell."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.dedup import profile
from app.dedup.policy import Policies
from app.model import Ingested
from app.net.addresses import read_allowed
from app.net.client import Client
from app.services.context import Context
from app.services.ingest import ingest
from app.services.pulling import Manners
from app.services.reading import read_article
from app.services.rederiving import rederive_step
from app.services.visiting import Visitor
from app.store.engine import Store
from app.store.index import Index
from tests.net.site import Site, open_site
from tests.services.feed_desk import LIMITS, Desk
from tests.services.stories import BODY, submission

PAPERS = ("gazette", "herald", "courier", "mirror")


@dataclass
class Clock:
    """Time that passes only when told to."""

    now: datetime = field(default=datetime(2026, 11, 3, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_context(store: Store, clock: Clock) -> Callable[[], Context]:
    """Contexts over one database, each as a process of its own would have it."""
    numbers = itertools.count()

    def make() -> Context:
        return Context(
            store=store,
            index=Index(profile.STANDARD.id),
            profile=profile.STANDARD,
            policies=Policies(),
            now=clock,
            outbound=read_allowed(["127.0.0.1"]),
            new_id=lambda prefix: f"{prefix}_{next(numbers):06d}",
        )

    return make


@pytest.fixture
def ctx(open_context: Callable[[], Context]) -> Context:
    return open_context()


@pytest.fixture
def post(ctx: Context) -> Callable[..., Ingested]:
    """Take in one article, given as the fields of a submission."""

    def take_in(**fields: object) -> Ingested:
        result = ingest(ctx, [submission(**fields)])[0]
        assert isinstance(result, Ingested), result
        return result

    return take_in


@pytest.fixture
def copies(post):
    """Four papers' copies of one story, as the machine joins them."""
    made = [post(source=f"{paper}.example", text=f"{BODY}\n\nPrinted by the {paper}.") for paper in PAPERS]
    assert len({each.canonical_id for each in made}) == 1
    return [each.article_id for each in made]


@pytest.fixture
def stories(ctx):
    """Which of these articles are together now, as positions."""

    def read(*articles):
        ids = [read_article(ctx, each).story.id for each in articles]
        return [[place for place, id_ in enumerate(ids) if id_ == one] for one in dict.fromkeys(ids)]

    return read


@pytest.fixture
def home(ctx):
    def read(article):
        return read_article(ctx, article).story.id

    return read


@pytest.fixture
def settle(ctx):
    def until_nothing_is_left():
        while rederive_step(ctx):
            pass

    return until_nothing_is_left


@pytest.fixture
def count_statements(store: Store) -> Callable[[str, Callable[[], object]], int]:
    """How many statements that read a table something takes."""

    def count(table: str, run: Callable[[], object]) -> int:
        read: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if f"FROM {table}" in " ".join(statement.split()):
                read.append(statement)

        sa.event.listen(store.engine, "before_cursor_execute", note)
        try:
            run()
        finally:
            sa.event.remove(store.engine, "before_cursor_execute", note)
        return len(read)

    return count


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as opened:
        yield opened


@pytest.fixture
def desk(ctx: Context, clock: Clock, site: Site) -> Desk:
    """A feed of the site, not yet fetched."""
    client = Client(allowed=ctx.outbound)
    visitor = Visitor(ctx, client, gap_s=0.0, wait=lambda seconds: None)
    desk = Desk(ctx, clock, site, client, visitor, Manners(limits=LIMITS))
    desk.add()
    return desk
