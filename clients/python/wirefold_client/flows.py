"""What is sent after what: retries, redirects and batches, written once for both clients.

A flow is a generator. It yields a ``Call`` and is sent the response, or the exception that came in its place;
it yields a ``Pause`` and is sent None when it is over; it returns what was asked for. Whoever runs it
does the I/O.
"""

import random
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx

from wirefold_client import calls
from wirefold_client.calls import Call, Filter, Page, Sendable
from wirefold_client.events import Event
from wirefold_client.models import ItemOutcome, Member, Result, encode
from wirefold_client.problems import Problem, UnexpectedAnswer, Unreachable, WirefoldError, problem_answered

T = TypeVar("T")

MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Pause:
    """Rest for so long."""

    seconds: float


Outcome: TypeAlias = httpx.Response | httpx.TransportError | None
Flow: TypeAlias = Generator[Call[Any] | Pause, Outcome, T]


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is sent again that failed for a reason that passes, and after how long."""

    attempts: int = 6
    """In all, the first included."""
    first_s: float = 0.5
    """Before the second attempt; doubled each time, and each shorter by up to a half by chance."""
    longest_s: float = 30.0
    """The longest pause. Where the service asks for more (Retry-After), the failure is raised at once."""

    def pauses(self) -> Iterator[float]:
        """Seconds between the attempts."""
        for number in range(self.attempts - 1):
            yield min(self.longest_s, self.first_s * 2**number) * random.uniform(0.5, 1)  # noqa: S311 - no secret


def exchange(call: Call[T], retries: Retries) -> Flow[T]:
    """Send a call until it is answered.

    Raises Problem, Unreachable where no answer came, and UnexpectedAnswer.
    """
    pauses = retries.pauses()
    redirects = 0
    while True:
        outcome = yield call
        if isinstance(outcome, httpx.Response):
            if outcome.is_success:
                return call.read(outcome)
            if outcome.is_redirect and redirects < MOST_REDIRECTS:
                call = _led_on(call, outcome)
                redirects += 1
                continue
        failure, asked_s = _failure(outcome)
        pause_s = next(pauses, None)
        if pause_s is None or asked_s > retries.longest_s or not _passes(failure):
            raise failure
        yield Pause(max(pause_s, asked_s))


@dataclass(frozen=True, slots=True)
class Chunk:
    """Items of a batch that are sent together: the number of the first, the items, and their JSON."""

    first: int
    items: Sequence[Sendable]
    lines: Sequence[bytes]


class Chunking:
    """Puts items together until a chunk is full."""

    def __init__(self, *, most_items: int, most_bytes: int) -> None:
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._first = 0
        self._items: list[Sendable] = []
        self._lines: list[bytes] = []
        self._bytes = 0

    def add(self, item: Sendable) -> Chunk | None:
        """Takes an item in; gives a chunk that is to be sent."""
        line = encode(item)
        full = self.rest() if self._items and self._bytes + len(line) > self._most_bytes else None
        self._items.append(item)
        self._lines.append(line)
        self._bytes += len(line) + 1
        return full or (self.rest() if len(self._items) >= self._most_items else None)

    def rest(self) -> Chunk | None:
        """What is left over, if anything is."""
        if not self._items:
            return None
        chunk = Chunk(self._first, self._items, self._lines)
        self._first += len(self._items)
        self._items, self._lines, self._bytes = [], [], 0
        return chunk


def exchange_chunk(chunk: Chunk, retries: Retries) -> Flow[list[Result]]:
    """Send a chunk until each of its items has an outcome, in order.

    Items that were refused for a reason that passes are sent again; so are those that stand behind one that
    broke the stream (an item too large to be told from what follows it).
    """
    outcomes: dict[int, ItemOutcome] = {}
    left = list(range(len(chunk.lines)))
    pauses = retries.pauses()
    while left:
        answered = yield from exchange(calls.submit_lines([chunk.lines[each] for each in left]), retries)
        if not answered:
            raise UnexpectedAnswer("The batch was answered without a result.")
        outcomes.update(zip(left, answered, strict=False))
        passing = {each for each in left if each in outcomes and _is_passing(outcomes[each])}
        left = [each for each in left if each in passing or each not in outcomes]
        if passing:
            pause_s = next(pauses, None)
            if pause_s is None:
                left = [each for each in left if each not in passing]
            else:
                yield Pause(pause_s)
    return [Result(chunk.first + each, item, outcomes[each]) for each, item in enumerate(chunk.items)]


class Following:
    """A way through the change feed: where it is, and the entries that were read and not yet handed over."""

    def __init__(self, cursor: str, filters: Filter, *, wait_s: float) -> None:
        self.cursor = cursor
        """Where to go on once all that was handed over has been handled."""
        self._filters = filters
        self._wait_s = wait_s
        self._page: Page[Event] = Page((), cursor)
        self._at = 0

    @property
    def ended(self) -> bool:
        """Whether all there was has been handed over, and waiting for more was not asked for."""
        return self._page.ends and not self._wait_s

    def call(self) -> Call[Page[Event]]:
        """Asks for what comes next."""
        return calls.changes(self.cursor, self._filters, wait_s=self._wait_s)

    def take(self, page: Page[Event]) -> None:
        """Goes on to a page."""
        self._page, self._at = page, 0
        if not page.entries:
            self.cursor = page.next or self.cursor

    def pop(self) -> Event | None:
        """The next entry that was read."""
        if self._at == len(self._page.entries):
            return None
        event = self._page.entries[self._at]
        self._at += 1
        over = self._at == len(self._page.entries)
        self.cursor = (over and self._page.next) or str(event.position)
        return event

    def again(self) -> None:
        """Begins to look for more after an end."""
        self._page, self._at = Page((), self.cursor), 0


class Membership:
    """Pages of a story's articles, from the first to the last.

    Where a merge on the way leads to another story, that one's are read from the start, and those that came
    before do not come again.
    """

    def __init__(self, canonical_id: str) -> None:
        self._canonical_id = canonical_id
        self._cursor: str | None = None
        self._seen: set[str] = set()
        self.ended = False

    def call(self) -> Call[Page[Member]]:
        """Asks for the next page."""
        return calls.members(self._canonical_id, self._cursor)

    def take(self, page: Page[Member]) -> list[Member]:
        """Goes on behind a page; gives the members on it that are new."""
        self._canonical_id, self._cursor = page.of or self._canonical_id, page.next
        self.ended = page.next is None
        new = [each for each in page.entries if each.article_id not in self._seen]
        self._seen.update(each.article_id for each in new)
        return new


def _led_on(call: Call[T], response: httpx.Response) -> Call[T]:
    """The same call at the address of an absorbed story's survivor: on this service, whatever Location says.

    A page of members begins anew there, because members that came with the merge may stand before the cursor.
    """
    where = urlsplit(response.headers.get("location", ""))
    _, known, canonical = where.path.rpartition("/v1/canonicals/")
    if response.status_code != httpx.codes.PERMANENT_REDIRECT or not known:
        raise UnexpectedAnswer(
            f"{response.request.url} leads to {where.geturl() or 'nowhere'}: is that Wirefold?"
        )
    params = tuple((name, value) for name, value in parse_qsl(where.query) if name != "cursor")
    return replace(call, path=known + canonical, params=params)


def _failure(outcome: Outcome) -> tuple[WirefoldError, float]:
    """What went wrong, and how long the service asked to be left alone."""
    if isinstance(outcome, httpx.Response):
        problem = problem_answered(outcome)
        return problem, problem.retry_after_s or 0
    failure = Unreachable(f"No answer: {outcome or type(outcome).__name__}.")
    failure.__cause__ = outcome
    return failure, 0


def _passes(failure: WirefoldError) -> bool:
    return failure.passes if isinstance(failure, Problem) else isinstance(failure, Unreachable)


def _is_passing(outcome: ItemOutcome) -> bool:
    """Of an item. A day's quota (429) does not pass while anybody waits."""
    return isinstance(outcome, Problem) and outcome.passes and outcome.status != httpx.codes.TOO_MANY_REQUESTS
