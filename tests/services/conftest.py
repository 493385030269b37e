"""A context over a real database, with a clock and IDs that a test can foretell."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.dedup import profile
from app.dedup.policy import Policies
from app.model import Ingested
from app.services.context import Context
from app.services.ingest import ingest
from app.store.engine import Store
from app.store.index import Index
from tests.services.stories import submission


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
