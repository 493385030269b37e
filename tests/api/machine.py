"""A tiny model of what the service promises, and a machine that tries to catch it breaking its word.

The machine calls the real application, over a real database, in any order that Hypothesis thinks of. The
model knows nothing of likeness: which articles are one story is the service's to say. It knows what was
answered, what people said, what was taken back, what is not out yet, and what the change feed told.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.errors import Gone
from app.main import create_app
from app.services.reading import read_article
from app.services.verifying import verify
from app.settings import Settings
from app.store.sight import EVERYTHING
from app.workers.tender import Tender
from tests.api.conftest import JSON, Client, raw
from tests.api.replica import Replica
from tests.api.wire_texts import identified, printings
from tests.services.stories import NOON

Databases = Callable[[], AbstractContextManager[str]]
"""Gives the URL of a migrated database that is nobody else's."""
MOST_STEPS = 2_000
BAD: tuple[dict[str, Any], ...] = (
    {"source": "gazette.example"},
    {"text": "Nobody says whose this is."},
    {"source": "gazette.example", "text": 7},
    {"source": "gazette.example", "text": "A date that is none.", "published_at": "soon"},
)
Fields = dict[str, Any]


@cache
def described() -> Fields:
    """The OpenAPI document as it is kept beside the code."""
    kept: Fields = json.loads(
        (Path(__file__).resolve().parents[2] / "docs" / "openapi.json").read_text("utf-8")
    )
    return kept


class Clock:
    """Stands in for ``datetime`` where the service asks for the time."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self, zone: tzinfo) -> datetime:
        """A moment later than the one before."""
        self.time += timedelta(milliseconds=1)
        return self.time.astimezone(zone)


@dataclass
class Known:
    """What is promised of one article."""

    source: str
    deleted: bool = False
    out_at: datetime | None = None
    """Under embargo since it came, and nobody else's business until then; None where it is out."""
    fields: Fields = field(default_factory=dict)


class Promises(RuleBasedStateMachine):
    """The service under trial, and what it has promised so far."""

    databases: ClassVar[Databases]
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.clock = Clock()
        self.articles: dict[str, Known] = {}
        self.canonicals: set[str] = set()
        self.links: dict[str, Fields] = {}
        self.answered: dict[str, tuple[Fields, bytes]] = {}
        self.replica = Replica()
        self.opened = False
        self.turn = 0

    # ------------------------------------------------------------------------------------------ calling
    def open(self) -> None:
        app = create_app(
            Settings(database_url=self.url, log_level="error", draft_processes=0, longest_wait_s=0)
        )
        app.openapi_schema = described()  # making it takes as long as the rest of an example
        self.ctx, self.queue = app.state.edge.ctx, app.state.edge.queue
        self.client = Client(app, self.runner)
        self.opened = True

    def close(self) -> None:
        if self.opened:
            self.opened = False
            self.queue.close()
            self.ctx.store.close()

    def call(
        self, method: str, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request, as the administrator unless another key is given. The service never fails."""
        sent = JSON | {"authorization": f"Bearer {key or self.admin}"} if self.admin else {**JSON}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.request(method, path, content=None if body is None else raw(body), headers=sent)
        assert answer.status_code < 500, answer.text
        return answer

    def ask(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    admin: str = ""
    stranger: str = ""

    @initialize(first=st.lists(printings(), min_size=2, max_size=4))
    def begin(self, first: list[Fields]) -> None:
        # Not when the machine is made: Hypothesis may drop it before it would be torn down.
        self.stack.enter_context(mock.patch("app.bootstrap.datetime", self.clock))
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.url = self.stack.enter_context(type(self).databases())
        self.open()
        self.admin = self.call("POST", "/v1/keys", {"name": "a", "scopes": ["admin"]}).json()["key"]
        told = self.call(
            "POST", "/v1/keys", {"name": "s", "scopes": ["read", "ingest"], "sources": ["far.example"]}
        )
        self.stranger = told.json()["key"]
        for fields in first:
            self.take_in(fields)

    # --------------------------------------------------------------------------------------- taking in
    @rule(fields=printings())
    def post(self, fields: Fields) -> None:
        self.take_in(fields)

    @rule(fields=identified())
    def post_under_an_id(self, fields: Fields) -> None:
        self.take_in(fields)

    @rule(fields=printings(), hours=st.integers(1, 5))
    def post_under_embargo(self, fields: Fields, hours: int) -> None:
        until = self.clock.time + timedelta(hours=hours)
        told = self.take_in(fields | {"embargoed_until": until.isoformat()})
        if told["version"] == 1 and not told["replayed"]:
            self.articles[told["article_id"]].out_at = until

    @precondition(lambda self: self.articles)
    @rule(place=st.integers(0, 99), hours=st.integers(1, 9), status=st.sampled_from(("usable", "canceled")))
    def send_a_later_version(self, place: int, hours: int, status: str) -> None:
        before = self.known(place).fields
        if "external_id" not in before or before.get("version"):
            return
        when = self.clock.time + timedelta(hours=hours)
        title = before["title"].removeprefix("CORRECTED-")
        self.take_in(
            before | {"title": f"CORRECTED-{title}", "updated_at": when.isoformat(), "status": status}
        )

    @precondition(lambda self: self.articles)
    @rule(place=st.integers(0, 99))
    def send_again(self, place: int) -> None:
        known = self.known(place)
        if known.deleted or known.fields.get("external_id"):
            return
        told = self.take_in(known.fields)
        assert told["replayed"], "what is stored is taken in again"

    @rule(batch=st.lists(printings() | identified() | st.sampled_from(BAD), min_size=2, max_size=5))
    def post_a_batch(self, batch: list[Fields]) -> None:
        results = self.call("POST", "/v1/articles/batch", batch).json()["results"]
        assert len(results) == len(batch)
        for fields, result in zip(batch, results, strict=True):
            if fields in BAD:
                assert result["status"] == 422, result
            else:
                self.learn(fields, result["status"], result["article"])

    @rule(fields=printings(), key=st.sampled_from(("k1", "k2", "k3")))
    def post_with_a_key(self, fields: Fields, key: str) -> None:
        answer = self.call("POST", "/v1/articles", fields, idempotency_key=key)
        if key not in self.answered:
            self.answered[key] = fields, answer.content
            self.learn(fields, answer.status_code, answer.json())
        elif self.answered[key][0] == fields:
            assert answer.content == self.answered[key][1]
        else:
            assert answer.status_code == 422, answer.text

    @precondition(lambda self: self.answered)
    @rule(key=st.sampled_from(("k1", "k2", "k3")))
    def repeat_a_request(self, key: str) -> None:
        if key in self.answered:
            fields, before = self.answered[key]
            answer = self.call("POST", "/v1/articles", fields, idempotency_key=key)
            assert (answer.content, answer.headers["idempotent-replayed"]) == (before, "true")

    @rule(fields=printings())
    def check(self, fields: Fields) -> None:
        end = self.end()
        told = self.call("POST", "/v1/check", fields)
        assert told.status_code == 200, told.text
        assert self.end() == end, "a check is stored"
        seen = self.call("POST", "/v1/check", fields, key=self.stranger).text
        assert [each for each in self.secret() if each in seen] == []

    def take_in(self, fields: Fields) -> Fields:
        answer = self.call("POST", "/v1/articles", fields)
        assert answer.status_code in {200, 201}, answer.text
        return self.learn(fields, answer.status_code, answer.json())

    def learn(self, fields: Fields, status: int, told: Fields) -> Fields:
        assert status in {200, 201}, told
        article_id = told["article_id"]
        known = self.articles.setdefault(article_id, Known(fields["source"]))
        assert not known.deleted, "a deleted article is answered with"
        assert known.source == fields["source"]
        known.fields = fields
        if "embargoed_until" not in fields:
            known.out_at = None
        self.canonicals.add(told["canonical_id"])
        self.read_version(article_id, told["version"], fields)
        return told | {"replayed": status == 200}

    def read_version(self, article_id: str, number: int, fields: Fields) -> None:
        """What was acknowledged is there, to the character, and cleaning takes nothing away for good."""
        page = self.ask(f"/v1/articles/{article_id}/versions/{number}")
        text = page["text"]
        assert text == fields.get("text", text)
        kept, rebuilt, end = [], [], 0
        for span in page["removed"]:
            assert end <= span["start"] < span["end"] <= len(text)
            kept.append(text[end : span["start"]])
            rebuilt += [kept[-1], text[span["start"] : span["end"]]]
            end = span["end"]
        kept.append(text[end:])
        assert page["clean_text"] == "".join(kept)
        assert text == "".join([*rebuilt, kept[-1]])
        for repeat in page["repeats"]:
            assert text[repeat["removed"]["start"] : repeat["removed"]["end"]].strip()

    # ------------------------------------------------------------------------------------------- people
    @precondition(lambda self: len(self.articles) > 1)
    @rule(
        a=st.integers(0, 99),
        b=st.integers(0, 99),
        kind=st.sampled_from(("must", "cannot")),
        overrule=st.booleans(),
    )
    def link(self, a: int, b: int, kind: str, *, overrule: bool) -> None:
        ids = [self.nth(a), self.nth(b)]
        self.order("POST", "/v1/links", {"kind": kind, "articles": ids, "overrule": overrule})

    @precondition(lambda self: len(self.canonicals) > 1)
    @rule(a=st.integers(0, 99), b=st.integers(0, 99))
    def merge(self, a: int, b: int) -> None:
        one, other = (
            sorted(self.canonicals)[a % len(self.canonicals)],
            sorted(self.canonicals)[b % len(self.canonicals)],
        )
        self.order("POST", f"/v1/canonicals/{one}/merge", {"others": [other]}, if_match="*")

    @precondition(lambda self: self.articles)
    @rule(place=st.integers(0, 99))
    def detach(self, place: int) -> None:
        self.order("POST", f"/v1/articles/{self.nth(place)}/detach", {})

    @precondition(lambda self: self.articles)
    @rule(place=st.integers(0, 99))
    def pin(self, place: int) -> None:
        home = self.home(self.nth(place))
        if home is not None:
            self.order("PUT", f"/v1/canonicals/{home}/pin", {"article_id": self.nth(place)}, if_match="*")

    @precondition(lambda self: self.links)
    @rule(place=st.integers(0, 99))
    def unlink(self, place: int) -> None:
        self.order("DELETE", f"/v1/links/{sorted(self.links)[place % len(self.links)]}?why=test", None)

    @precondition(lambda self: len(self.articles) > 1)
    @rule(a=st.integers(0, 99), b=st.integers(0, 99), kind=st.sampled_from(("must", "cannot")))
    def link_and_undo(self, a: int, b: int, kind: str) -> None:
        before = self.homes()
        done = self.order("POST", "/v1/links", {"kind": kind, "articles": [self.nth(a), self.nth(b)]})
        if done is not None:
            undone = self.order("POST", f"/v1/audit/{done['audit_id']}/undo", {})
            assert undone is not None
            assert undone["left"] == []
            assert self.homes() == before, "an undo does not restore"

    def order(self, method: str, path: str, body: Fields | None, **headers: str) -> Fields | None:
        """What a person wants; None where it is refused, as it may be."""
        answer = self.call(method, path, None if body is None else body | {"why": "test"}, **headers)
        if answer.status_code >= 400:
            assert answer.status_code in {404, 409, 410, 412, 422}, answer.text
            return None
        told: Fields = answer.json()
        for ended in told["links_ended"]:
            self.links.pop(ended["link_id"], None)
        for added in told["links_added"]:
            self.links[added["link_id"]] = added
        return told

    # ------------------------------------------------------------------------------------------ the rest
    @precondition(lambda self: len(self.articles) > 2)
    @rule(place=st.integers(0, 99))
    def delete(self, place: int) -> None:
        article_id = self.nth(place)
        known = self.articles[article_id]
        answer = self.call("DELETE", f"/v1/articles/{article_id}?why=test")
        assert answer.status_code == (410 if known.deleted else 200), answer.text
        known.deleted = True
        # Answers that name it are forgotten with it.
        self.answered = {
            key: told for key, told in self.answered.items() if article_id.encode() not in told[1]
        }

    @rule(hours=st.integers(1, 6))
    def time_passes(self, hours: int) -> None:
        self.clock.time += timedelta(hours=hours)

    @rule()
    def reopen(self) -> None:
        self.close()
        self.open()

    @rule()
    def tend(self) -> None:
        due = [
            each for each, known in self.articles.items() if known.out_at and known.out_at <= self.clock.time
        ]
        self.settle()
        for each in due:
            self.articles[each].out_at = None
            status = self.call("GET", f"/v1/articles/{each}", key=self.stranger).status_code
            assert status == (410 if self.articles[each].deleted else 200), "what is out is held back"
        end = self.end()
        self.settle()
        assert self.end() == end, "it settles twice"
        self.follow()
        self.ids_of(self.articles, self.canonicals)
        self.is_as_the_feed_says()

    def settle(self) -> None:
        tender = Tender(self.ctx, holder="machine", idempotency_ttl=timedelta(hours=24))
        for _ in range(MOST_STEPS):
            if not tender.step():
                return
        raise AssertionError("it does not settle")

    # ---------------------------------------------------------------------------------------- promises
    @invariant()
    def follow(self) -> None:
        """Every position once, in order; strangers are told of nothing that is not out."""
        self.replica.read(self.ask(f"/v1/changes?cursor={self.replica.position}&limit=1000")["changes"])
        self.canonicals |= self.replica.canonicals
        seen = (
            self.call("GET", "/v1/changes?limit=1000&cursor=0", key=self.stranger).text
            if self.stranger
            else ""
        )
        assert [each for each in self.secret() if each in seen] == []

    @invariant()
    def ids_answer(self) -> None:
        """A few after every step, in turn; all of them once it has settled."""
        self.turn += 1
        self.ids_of(self.articles, self.canonicals, every=1 + len(self.articles) // 3)

    def ids_of(self, articles: Iterable[str], canonicals: Iterable[str], *, every: int = 1) -> None:
        for article_id in sorted(articles)[self.turn % every :: every]:
            known = self.articles[article_id]
            status = self.call("GET", f"/v1/articles/{article_id}").status_code
            assert status == (410 if known.deleted else 200)
            if article_id in self.secret():
                assert self.call("GET", f"/v1/articles/{article_id}", key=self.stranger).status_code == 404
        for canonical_id in sorted(canonicals)[self.turn % every :: every]:
            self.survivor(canonical_id)

    @precondition(lambda self: self.links)
    @invariant()
    def people_are_heeded(self) -> None:
        homes = self.homes()
        for link in self.links.values():
            sides = [{homes[each] for each in side if each in homes} for side in link["sides"]]
            if link["kind"] == "must":
                assert len(set().union(*sides)) <= 1, link
            else:
                assert len(set().union(*sides)) == sum(map(len, sides)), link

    def teardown(self) -> None:
        with self.stack:
            try:
                if self.opened and self.admin:
                    self.end_well()
            finally:
                self.close()

    def end_well(self) -> None:
        self.tend()
        assert [each for each in verify(self.ctx, deep=True) if not each.sound] == []
        type(self).counts["runs"] += 1
        type(self).counts["articles"] += len(self.articles)
        type(self).counts["changes"] += self.replica.position

    def is_as_the_feed_says(self) -> None:
        """Whoever followed the feed knows where every article is and what speaks for every story."""
        homes = self.homes()
        assert {each: home for each, home in self.replica.homes.items() if each in homes} == homes
        for home in set(homes.values()):
            story = self.ask(f"/v1/canonicals/{home}")
            chosen = story["canonical"]
            assert (None if chosen is None else chosen["article_id"]) == self.replica.speaks.get(home), story
            assert chosen is None or chosen["status"] == "usable"

    def survivor(self, canonical_id: str) -> str | None:
        """Where an ID leads; None where all of its articles were deleted."""
        for _ in range(len(self.canonicals) + 1):
            answer = self.call("GET", f"/v1/canonicals/{canonical_id}?limit=1")
            if answer.status_code == 200:
                chosen = answer.json()["canonical"]
                assert chosen is None or chosen["status"] == "usable", "what was taken back speaks"
                return canonical_id
            if answer.status_code == 410:
                return None
            assert answer.status_code == 308, answer.text
            canonical_id = answer.headers["location"].partition("?")[0].rpartition("/")[2]
        raise AssertionError("an ID leads round in a circle")

    def home(self, article_id: str) -> str | None:
        """Not by HTTP, which would take a run's whole time."""
        try:
            return read_article(self.ctx, article_id, EVERYTHING).story.id
        except Gone:
            return None

    def homes(self) -> dict[str, str]:
        found = {each: self.home(each) for each in self.articles}
        return {each: home for each, home in found.items() if home is not None}

    def secret(self) -> list[str]:
        """Articles that nobody else may hear of yet."""
        return [
            each
            for each, known in self.articles.items()
            if known.out_at is not None and known.out_at > self.clock.time and not known.deleted
        ]

    def nth(self, place: int) -> str:
        return sorted(self.articles)[place % len(self.articles)]

    def known(self, place: int) -> Known:
        return self.articles[self.nth(place)]

    def end(self) -> int:
        return int(self.ask("/v1/changes?cursor=end")["next"])
