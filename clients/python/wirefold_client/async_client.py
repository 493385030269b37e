"""The client for programs with asyncio: the methods of ``Client``, to be awaited."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from wirefold_client import calls, flows
from wirefold_client.calls import Call, Sendable
from wirefold_client.events import Event
from wirefold_client.flows import Chunk, Chunking, Flow, Following, Membership, Outcome, Pause, Retries
from wirefold_client.models import Answer, Article, Canonical, Checked, ItemOutcome, Member, Result, Story
from wirefold_client.options import CHUNK_BYTES, CHUNK_ITEMS, TIMEOUT_S, WAIT_S, options, request_of

T = TypeVar("T")


class AsyncClient:
    """Speaks to one Wirefold service. Close it, or use it in an ``async with``.

    Every method raises ``Problem`` where the service refuses, and ``Unreachable`` where no answer comes, when
    it has sent the request again as ``retries`` say.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout_s: float = TIMEOUT_S,
        retries: Retries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(**options(url, key, timeout_s), transport=transport)
        self._retries = retries or Retries()

    async def submit(self, article: Sendable, *, idempotency_key: str | None = None) -> Answer:
        """Send an article; it is stored when this returns.

        Sent again under a key of yours, also by another process, the answer is the first one.
        """
        return await self._ask(calls.submit(article, idempotency_key=idempotency_key))

    async def submit_batch(
        self,
        articles: Iterable[Sendable] | AsyncIterable[Sendable],
        *,
        chunk_items: int = CHUNK_ITEMS,
        chunk_bytes: int = CHUNK_BYTES,
    ) -> AsyncIterator[Result]:
        """Send any number of articles and give what became of each, in order.

        Articles are taken from the iterable as they are sent, ``chunk_items`` at a time at most, so it may be
        endless; results come when a chunk is stored. A bad article is a result with a Problem and stops
        nothing.
        """
        chunking = Chunking(most_items=chunk_items, most_bytes=chunk_bytes)
        async for article in _each(articles):
            if chunk := chunking.add(article):
                for result in await self._send(chunk):
                    yield result
        if chunk := chunking.rest():
            for result in await self._send(chunk):
                yield result

    async def submit_document(
        self, document: bytes, media_type: str, *, idempotency_key: str | None = None, **fields: str
    ) -> Sequence[ItemOutcome]:
        """Send NewsML-G2, ninjs, NITF, RSS, a page or whatever docs/formats.md lists; an outcome per article.

        ``fields`` are what the document cannot say, such as ``source``, or ``format`` where its type is
        ambiguous.
        """
        return await self._ask(
            calls.submit_document(document, media_type, fields, idempotency_key=idempotency_key)
        )

    async def check(self, article: Sendable) -> Checked:
        """What the service would say of an article. Nothing is stored."""
        return await self._ask(calls.check(article))

    async def article(self, article_id: str) -> Article:
        """A stored article."""
        return await self._ask(calls.article(article_id))

    async def canonical(self, canonical_id: str) -> Canonical:
        """A story. Where it was absorbed by another, that one, and ``absorbed`` says so."""
        return await self._ask(calls.canonical(canonical_id))

    async def members(self, canonical_id: str) -> AsyncIterator[Member]:
        """All articles of a story, in order of arrival."""
        membership = Membership(canonical_id)
        while not membership.ended:
            for member in membership.take(await self._ask(membership.call())):
                yield member

    async def stories(self, **filters: str) -> AsyncIterator[Story]:
        """Stories, the last founded first, by the parameters of ``GET /v1/canonicals``."""
        cursor: str | None = ""
        while cursor is not None:
            page = await self._ask(calls.stories(filters, cursor))
            for story in page.entries:
                yield story
            cursor = page.next

    async def find_url(self, url: str) -> list[Story]:
        """The stories that were printed at an address. Trackers in it do not matter."""
        return [each async for each in self.stories(url=url)]

    async def find_external_id(self, source: str, external_id: str) -> list[Story]:
        """The story of a publisher's own ID."""
        return [each async for each in self.stories(source=source, external_id=external_id)]

    def changes(self, cursor: str = "0", **filters: Sequence[str]) -> "AsyncChanges":
        """What happened behind a cursor so far. Filters: ``type``, ``source``, ``agency``, ``language``."""
        return AsyncChanges(self, Following(cursor, filters, wait_s=0))

    def follow(
        self, cursor: str = "0", *, wait_s: float = WAIT_S, **filters: Sequence[str]
    ) -> "AsyncChanges":
        """What happened behind a cursor and what happens from now on. Ends only by an exception.

        After one, go on with the cursor of what is given; nothing is missed.
        """
        return AsyncChanges(self, Following(cursor, filters, wait_s=wait_s))

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _send(self, chunk: Chunk) -> list[Result]:
        return await self._run(flows.exchange_chunk(chunk, self._retries))

    async def _ask(self, call: Call[T]) -> T:
        return await self._run(flows.exchange(call, self._retries))

    async def _run(self, flow: Flow[T]) -> T:
        outcome: Outcome = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as over:
                answer: T = over.value
                return answer
            outcome = await self._take(step)

    async def _take(self, step: Call[Any] | Pause) -> Outcome:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return None
        try:
            return await self._http.send(request_of(self._http, step))
        except httpx.TransportError as error:
            return error


class AsyncChanges(AsyncIterator[Event]):
    """Events in order. Handle one, then store ``cursor``: behind it is what was not handled yet."""

    def __init__(self, client: AsyncClient, following: Following) -> None:
        self._client = client
        self._following = following

    @property
    def cursor(self) -> str:
        """Where to go on once every event that was given has been handled."""
        return self._following.cursor

    async def __anext__(self) -> Event:
        while (event := self._following.pop()) is None:
            if self._following.ended:
                self._following.again()
                raise StopAsyncIteration
            self._following.take(await self._client._ask(self._following.call()))  # noqa: SLF001 - one module
        return event


async def _each(articles: Iterable[Sendable] | AsyncIterable[Sendable]) -> AsyncIterator[Sendable]:
    if isinstance(articles, AsyncIterable):
        async for article in articles:
            yield article
    else:
        for article in articles:
            yield article
