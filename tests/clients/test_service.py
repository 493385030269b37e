"""The client speaks to a real service: what is sent arrives, what is answered is read."""

import asyncio
import re
import threading
import uuid
from itertools import islice

import pytest

from tests.clients.conftest import QUICK
from wirefold_client import (
    Answer,
    ArticleIngested,
    AsyncClient,
    CanonicalCreated,
    Client,
    Event,
    NotFound,
    Problem,
    Refused,
    Skipped,
    Submission,
)

pytestmark = pytest.mark.slow

TEXT = (
    "Dockers at the terminal voted on Tuesday to end a strike of nineteen days after the harbour company offered"
    " new contracts, their union said.\n\nThe vote was close. Cranes start again on Friday, and the first of the"
    " ships that wait off the port is to be unloaded in the afternoon."
)


def story() -> str:
    """A story in words that no other has."""
    tag = uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    return re.sub(r"(\w+)", rf"\1{tag}", TEXT)


def test_an_article_is_sent_checked_found_and_read(client):
    text, source = story(), f"{uuid.uuid4().hex}.example"
    article = Submission(source=source, external_id="1", title="Dockers end strike", text=text)
    checked = client.check(article)
    assert (checked.article_id, checked.decision.relation, checked.text) == (None, "new", text)

    answer = client.submit(article)
    assert (answer.version, answer.is_canonical, answer.replayed) == (1, True, False)
    assert client.submit(article).replayed

    url = f"https://{source}/strike"
    copy = client.submit({"source": f"b.{source}", "url": url, "title": "Strike ends", "text": text})
    assert (copy.canonical_id, copy.decision.relation) == (answer.canonical_id, "copy")
    assert [each.canonical_id for each in client.find_external_id(source, "1")] == [answer.canonical_id]
    assert [each.member_count for each in client.find_url(url + "?utm_source=x")] == [2]
    assert client.find_external_id(source, "2") == []

    read = client.article(answer.article_id)
    assert (read.text, read.versions[0].version) == (text, 1)
    assert read.submission == {
        "source": source,
        "external_id": "1",
        "title": "Dockers end strike",
        "text": text,
    }
    canonical = client.canonical(answer.canonical_id)
    assert (canonical.asked_for, canonical.absorbed) == (answer.canonical_id, False)
    assert [each.article_id for each in canonical.members] == [answer.article_id, copy.article_id]
    assert list(client.members(answer.canonical_id)) == list(canonical.members)
    assert [each.canonical_id for each in client.stories(source=source)] == [answer.canonical_id]


def test_an_idempotency_key_of_ones_own_answers_what_was_answered_first(client):
    key, article = uuid.uuid4().hex, {"source": "k.example", "text": story()}
    first = client.submit(article, idempotency_key=key)
    assert client.submit(article, idempotency_key=key) == first
    with pytest.raises(Refused) as refused:
        client.submit(article | {"title": "Another"}, idempotency_key=key)
    assert refused.value.code == "idempotency-key-reused"


def test_a_batch_is_sent_in_chunks_as_it_is_read_and_a_bad_item_is_refused_alone(client):
    taken = []

    def articles():
        for number in range(7):
            taken.append(number)
            yield (
                {"source": "b.example", "external_id": uuid.uuid4().hex, "text": story()}
                if number != 4
                else {}
            )

    results = client.submit_batch(articles(), chunk_items=3)
    assert next(results).index == 0
    assert taken == [0, 1, 2]
    rest = list(results)
    assert [each.index for each in rest] == [1, 2, 3, 4, 5, 6]
    kinds = {each.index: type(each.outcome) for each in rest}
    assert {number for number, kind in kinds.items() if kind is Answer} == {1, 2, 3, 5, 6}
    refused = rest[3].outcome
    assert isinstance(refused, Refused)
    assert (refused.code, refused.field, bool(refused.fix)) == ("missing-field", "source", True)


def test_an_item_that_breaks_the_stream_of_a_batch_takes_no_other_along(client):
    huge = {"source": "b.example", "text": "word " * 2_500_000}
    articles = [{"source": "b.example", "text": story()}, huge, {"source": "b.example", "text": story()}]
    first, refused, last = (each.outcome for each in client.submit_batch(articles, chunk_bytes=10**8))
    assert isinstance(first, Answer)
    assert isinstance(refused, Problem)
    assert refused.code == "too-large"
    assert isinstance(last, Answer)


def test_a_document_of_another_format_is_answered_article_by_article(client):
    (answer,) = client.submit_document(
        f"<article><h1>Dockers end strike</h1><p>{story()}</p></article>".encode(),
        "text/html",
        source="h.example",
    )
    assert isinstance(answer, Answer)
    assert client.article(answer.article_id).title == "Dockers end strike"


def test_a_document_without_an_article_is_skipped(client):
    picture = b'{"uri": "urn:p:1", "type": "picture", "versioncreated": "2026-03-03T10:00:00Z"}'
    (outcome,) = client.submit_document(picture, "application/json", format="ninjs", source="h.example")
    assert isinstance(outcome, Skipped)
    assert outcome.code == "no-article"


def test_what_is_not_there_is_not_found_and_says_under_which_request(client):
    with pytest.raises(NotFound) as missing:
        client.article("art_01m87f12re8qyjqx7dtn0g1m0m")
    assert missing.value.code == "not-found"
    assert missing.value.request_id


def test_an_absorbed_story_leads_to_its_survivor_and_says_so(client):
    first, second = (
        client.submit({"source": f"{name}.example", "external_id": uuid.uuid4().hex, "text": story()})
        for name in "ab"
    )
    client._http.post(
        f"/v1/canonicals/{first.canonical_id}/merge",
        json={"others": [second.canonical_id], "why": "One strike."},
        headers={"if-match": "*"},
    ).raise_for_status()
    led = client.canonical(second.canonical_id)
    assert (led.canonical_id, led.asked_for, led.absorbed) == (first.canonical_id, second.canonical_id, True)
    assert {each.article_id for each in client.members(second.canonical_id)} == {
        first.article_id,
        second.article_id,
    }


def test_changes_end_where_the_feed_does_and_go_on_from_their_cursor(client):
    feed = client.changes("0")
    before = list(feed)
    assert [each.position for each in before] == list(range(1, len(before) + 1))
    answer = client.submit({"source": "c.example", "text": story()})
    ingested, created = list(feed)
    assert isinstance(ingested, ArticleIngested)
    assert (ingested.article_id, ingested.relation, ingested.source) == (
        answer.article_id,
        "new",
        "c.example",
    )
    assert isinstance(created, CanonicalCreated)
    assert created.data["canonical_id"] == answer.canonical_id
    assert list(client.changes(feed.cursor)) == []

    again = client.changes(str(ingested.position - 1), type=["canonical.created"], source=["c.example"])
    assert [each.position for each in again] == [created.position]
    assert again.cursor == feed.cursor


def test_who_follows_hears_of_what_comes_later(client, service):
    feed = client.follow("end", wait_s=10)
    sources = [f"{uuid.uuid4().hex}.example" for _ in range(2)]
    heard: list[Event] = []
    filtered = client.follow("0", wait_s=10, source=sources, type=["article.ingested"])
    listener = threading.Thread(target=lambda: heard.extend(islice(filtered, 2)))
    listener.start()
    with Client(service) as sender:
        for source in sources:
            sender.submit({"source": source, "text": story()})
    listener.join(30)
    assert [each.data["source"] for each in heard] == sources
    assert feed.cursor == "end"


def test_the_asynchronous_client_does_all_of_it(service):
    async def work() -> None:
        async with AsyncClient(service, retries=QUICK) as client:
            end = [event async for event in client.changes()]
            text = story()

            async def articles():
                for name in "abc":
                    yield {"source": f"{name}.async.example", "text": text}

            results = [each async for each in client.submit_batch(articles(), chunk_items=2)]
            assert [type(each.outcome) for each in results] == [Answer] * 3
            answer = await client.submit({"source": "d.async.example", "text": text})
            assert (
                await client.check({"source": "e.async.example", "text": text})
            ).decision.relation == "copy"
            assert (await client.canonical(answer.canonical_id)).member_count == 4
            assert len([each async for each in client.members(answer.canonical_id)]) == 4
            assert await client.find_url("https://nobody.example/") == []
            feed = client.follow(str(end[-1].position if end else 0), source=["d.async.example"])
            async for event in feed:
                assert isinstance(event, ArticleIngested)
                assert event.article_id == answer.article_id
                break
            with pytest.raises(NotFound):
                await client.article("art_01m87f12re8qyjqx7dtn0g1m0m")

    asyncio.run(work())
