"""Every route asked as owner, with other keys and without: what it answers, and that it tells nobody else.

A route without a row here fails ``test_every_route_has_a_row``: add one with the scope it needs and, where it
can be asked about an article, one about ``{held}``, which is under embargo.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from tests.api.conftest import JSON, Client, article, raw

SOURCE = "wire.example"
SECRETS = ("zanderbank", "8,431", "muskrovia", "quillfeather", "secretslug", "secretplace")
"""Words of texts, titles, slugs and addresses that are not out."""
CALLERS: dict[str, dict[str, Any] | None] = {
    "nobody": None,
    "sender": {"scopes": ["ingest"]},
    "stranger": {"scopes": ["ingest", "read"]},
    "neighbour": {"scopes": ["ingest", "read"], "sources": ["gazette.example", f"*.{SOURCE}"]},
    "curator": {"scopes": ["curate"]},
    "owner": {"scopes": ["ingest", "read"], "sources": [SOURCE]},
    "admin": {"scopes": ["admin"]},
}
SEES = {"owner", "admin"}
ASKED = [
    *(("sqlite", caller) for caller in CALLERS),
    *(pytest.param("postgres", caller, marks=pytest.mark.postgres) for caller in ("stranger", "owner")),
]
"""On PostgreSQL by those between whom SQL decides: one who sees all of a source, and one who does not."""
WEBHOOK = {"url": "https://93.184.215.14/hook"}
"""Outside, so that it is taken; nothing delivers here."""
OPEN, READ, INGEST, ASK, CURATE, ADMIN = "", "read", "ingest", "ingest read", "curate", "admin"


def held(number: int, **fields: Any) -> dict[str, Any]:
    """A submission that is not to be told of, and unlike others."""
    words = article(1_000 + number)["text"]
    return {
        "source": SOURCE,
        "external_id": f"held-{number}",
        "url": f"https://{SOURCE}/secretplace/{number}",
        "title": "Zanderbank of muskrovia",
        "slug": "SECRETSLUG",
        "text": f"{words}\n\nQuillfeather of the zanderbank counted 8,431 boats in muskrovia.",
        "embargoed_until": "2999-01-01T00:00:00Z",
    } | fields


def guess(number: int) -> dict[str, Any]:
    """What somebody sends who guesses at it."""
    words = article(1_000 + number)["text"]
    text = f"{words}\n\nSomebody at the bank counted 8,413 boats in the north."
    return held(number, title="A guess", text=text, slug="x", url=None, embargoed_until=None)


class World(dict[str, Any]):
    """An archive with texts that are not out, and keys; what a row wants to use up is made when asked for."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self._count = 100
        self.held_by: dict[str, str | None] = {"nobody": None}
        for name in ("admin", *CALLERS):
            if terms := CALLERS[name]:
                self.held_by[name] = self.ok("POST", "/v1/keys", {"name": name} | terms)["key"]
        public = self.ok(
            "POST", "/v1/articles", article(1, external_id="p1", url="https://gazette.example/p1")
        )
        waits = self.ok("POST", "/v1/articles", held(1))
        partly = article(2, source=SOURCE, external_id="partly")
        first = self.ok("POST", "/v1/articles", partly)
        later = {"text": f"{partly['text']}\n\nQuillfeather of the zanderbank counted 8,431."}
        self.ok("POST", "/v1/articles", partly | later | {"embargoed_until": "2999-01-01T00:00:00Z"})
        withheld = self.ok("POST", "/v1/articles", held(2, status="withheld", embargoed_until=None))
        passage = {"text": "Sign up to our morning letter and get the stories of the day first.", "why": "w"}
        furniture = self.ok("POST", f"/v1/sources/{SOURCE}/furniture", passage)
        self.update(
            public=public["article_id"],
            story=public["canonical_id"],
            held=waits["article_id"],
            held_story=waits["canonical_id"],
            withheld=withheld["article_id"],
            partly=first["article_id"],
            partly_story=first["canonical_id"],
            furniture=furniture["id"],
            source=SOURCE,
        )
        self["webhook"] = self.ok("POST", "/v1/webhooks", WEBHOOK)["id"]
        self.ids = [
            waits["article_id"],
            waits["canonical_id"],
            withheld["article_id"],
            withheld["canonical_id"],
        ]

    def __missing__(self, name: str) -> str:
        self._count += 1
        if name == "victim":
            return str(self.ok("POST", "/v1/articles", article(self._count))["article_id"])
        if name == "victim_key":
            return str(self.ok("POST", "/v1/keys", {"name": "victim", "scopes": ["read"]})["id"])
        if name == "victim_webhook":
            return str(self.ok("POST", "/v1/webhooks", WEBHOOK)["id"])
        raise KeyError(name)

    def fresh(self, make: Callable[[int], Any]) -> Any:
        self._count += 1
        return make(self._count)

    def ok(self, method: str, path: str, body: object) -> Any:
        answer = self.call(method, path, self.held_by.get("admin"), body)
        assert answer.is_success, answer.text
        return answer.json()

    def call(self, method: str, path: str, key: str | None, body: object = None) -> Any:
        headers = JSON | {"if-match": "*"} | ({"authorization": f"Bearer {key}"} if key else {})
        return self.client.request(method, path, content=None if body is None else raw(body), headers=headers)


@dataclass(frozen=True)
class Row:
    """One way to ask a route."""

    route: str
    scope: str
    path: str = ""
    body: object = None
    """Sent as JSON; a function is given the world."""
    good: int = 200
    """For whoever may ask and sees all."""
    unseen: int | None = None
    """For whoever may ask and does not see what is not out, where that differs."""
    neighbour: int | None = None
    """For a key that is bound to other sources, where that differs."""
    tells: str | None = None
    """What of it the owner is told."""

    def status(self, caller: str) -> int:
        if self.scope == OPEN:
            return self.good
        terms = CALLERS[caller]
        if terms is None:
            return 401
        if caller != "admin" and not set(self.scope.split()) & set(terms["scopes"]):
            return 403
        if caller == "neighbour" and self.neighbour is not None:
            return self.neighbour
        return self.good if caller in SEES or self.unseen is None else self.unseen


def send_guess(world: World) -> Any:
    """An embargoed article of its own for every try, since the guess becomes its next version."""
    number = world.fresh(int)
    world.ok("POST", "/v1/articles", held(number))
    return guess(number)


def send_text(world: World) -> Any:
    return article(world.fresh(int), source=SOURCE)


ROWS = [
    Row("GET /healthz", OPEN),
    Row("GET /readyz", OPEN),
    Row("GET /openapi.json", OPEN),
    Row("GET /docs/errors.md", OPEN),
    Row("GET /metrics", READ),
    Row("POST /v1/articles", INGEST, body=send_text, good=201, neighbour=403),
    Row("POST /v1/articles", INGEST, body=send_guess, good=201, neighbour=403),
    Row("POST /v1/articles/batch", INGEST, body=lambda world: [send_text(world), send_guess(world)]),
    Row("POST /v1/check", ASK, body=guess(1)),
    Row("POST /v1/check", ASK, body=guess(2)),
    Row("GET /v1/articles/{article_id}", READ, "/v1/articles/{public}"),
    Row("GET /v1/articles/{article_id}", READ, "/v1/articles/{held}", unseen=404, tells="zanderbank"),
    Row("GET /v1/articles/{article_id}", READ, "/v1/articles/{withheld}", unseen=404, tells="zanderbank"),
    Row("GET /v1/articles/{article_id}", READ, "/v1/articles/{partly}"),
    Row("GET /v1/articles/{article_id}", READ, "/v1/articles/{partly}?as_of=9999999", good=404),
    Row("GET /v1/articles/{article_id}", READ, "/v1/articles/{held}?as_of=4", unseen=404),
    Row("DELETE /v1/articles/{article_id}", ADMIN, "/v1/articles/{victim}?why=test"),
    Row("DELETE /v1/articles/{article_id}", ADMIN, "/v1/articles/art_0?why=test", good=404),
    Row("GET /v1/articles/{article_id}/versions/{number}", READ, "/v1/articles/{held}/versions/1", unseen=404, tells="zanderbank"),
    Row("GET /v1/articles/{article_id}/versions/{number}", READ, "/v1/articles/{partly}/versions/2", unseen=404, tells="8,431"),
    Row("GET /v1/articles/{article_id}/versions/{number}/received", READ, "/v1/articles/{held}/versions/1/received", unseen=404, tells="zanderbank"),
    Row("GET /v1/articles/{article_id}/versions/{number}/received", READ, "/v1/articles/{partly}/versions/2/received", unseen=404, tells="8,431"),
    Row("GET /v1/canonicals", READ),
    Row("GET /v1/canonicals", READ, "/v1/canonicals?source={source}", tells="secretplace"),
    Row("GET /v1/canonicals", READ, "/v1/canonicals?url=https://{source}/secretplace/1"),
    Row("GET /v1/canonicals", READ, "/v1/canonicals?source={source}&external_id=held-1", tells="muskrovia"),
    Row("GET /v1/canonicals/{canonical_id}", READ, "/v1/canonicals/{story}"),
    Row("GET /v1/canonicals/{canonical_id}", READ, "/v1/canonicals/{held_story}", unseen=404, tells="muskrovia"),
    Row("GET /v1/canonicals/{canonical_id}", READ, "/v1/canonicals/{partly_story}"),
    Row("GET /v1/canonicals/{canonical_id}/members", READ, "/v1/canonicals/{held_story}/members", unseen=404, tells="muskrovia"),
    Row("GET /v1/changes", READ, "/v1/changes?limit=1000", tells="art_"),
    Row("GET /v1/changes", READ, "/v1/changes?source={source}"),
    Row("GET /v1/explain", READ, "/v1/explain?a={held}&b={public}", unseen=404, tells="muskrovia"),
    Row("GET /v1/explain", READ, "/v1/explain?a={partly}&b={public}"),
    Row("GET /v1/replay", READ, "/v1/replay?policy=loose"),
    Row("GET /v1/review", READ),
    Row("GET /v1/sources/{source:path}/furniture", READ, "/v1/sources/{source}/furniture"),
    Row(
        "POST /v1/sources/{source:path}/furniture",
        CURATE,
        "/v1/sources/{source}/furniture",
        {"text": "Read more of this in our evening letter, which is sent at six each day.", "why": "x"},
        good=201,
    ),
    Row("DELETE /v1/sources/{source:path}/furniture/{furniture_id}", CURATE, "/v1/sources/{source}/furniture/{furniture}?why=x"),
    Row("GET /v1/keys", ADMIN),
    Row("POST /v1/keys", ADMIN, body={"name": "more", "scopes": ["admin"]}, good=201),
    Row("POST /v1/keys/{key_id}/rotate", ADMIN, "/v1/keys/{victim_key}/rotate"),
    Row("DELETE /v1/keys/{key_id}", ADMIN, "/v1/keys/{victim_key}"),
    Row("GET /v1/administration", ADMIN),
    Row("GET /v1/sources/{source:path}/retention", ADMIN, "/v1/sources/{source}/retention"),
    Row("PUT /v1/sources/{source:path}/retention", ADMIN, "/v1/sources/nobody.example/retention", {"days": 9}),
    Row("POST /v1/canonicals/{canonical_id}/merge", CURATE, "/v1/canonicals/{story}/merge?dry_run=true", {"others": ["{held_story}"], "why": "x"}, good=409, unseen=404),
    Row("POST /v1/canonicals/{canonical_id}/split", CURATE, "/v1/canonicals/{held_story}/split?dry_run=true", {"groups": [["{held}"]], "why": "x"}, good=422, unseen=404),
    Row("POST /v1/articles/{article_id}/detach", CURATE, "/v1/articles/{held}/detach?dry_run=true", {"why": "x"}, good=409, unseen=404),
    Row("PUT /v1/canonicals/{canonical_id}/pin", CURATE, "/v1/canonicals/{held_story}/pin?dry_run=true", {"article_id": "{held}", "why": "x"}, good=409, unseen=404),
    Row("DELETE /v1/canonicals/{canonical_id}/pin", CURATE, "/v1/canonicals/{held_story}/pin?why=x&dry_run=true", good=404),
    Row("POST /v1/links", CURATE, "/v1/links?dry_run=true", {"kind": "cannot", "articles": ["{held}", "{public}"], "why": "x"}, unseen=404),
    Row("GET /v1/links", READ + " " + CURATE, "/v1/links?article_id={held}", unseen=404),
    Row("POST /v1/links/import", CURATE, "/v1/links/import", {"kind": "must"}, good=415),
    Row("DELETE /v1/links/{link_id}", CURATE, "/v1/links/lnk_0?why=x", good=404),
    Row("GET /v1/audit", CURATE),
    Row("GET /v1/audit/{audit_id}", CURATE, "/v1/audit/aud_0", good=404),
    Row("POST /v1/audit/{audit_id}/undo", CURATE, "/v1/audit/aud_0/undo", {"why": "x"}, good=404),
    Row("POST /v1/review/{position}", CURATE, "/v1/review/1", {"same_story": True, "why": "x"}, good=404),
    Row("GET /v1/stale", READ, "/v1/stale"),
    Row("GET /v1/stale/{stale_id}", READ, "/v1/stale/stl_0", good=404),
    Row("POST /v1/stale/{stale_id}/dismiss", CURATE, "/v1/stale/stl_0/dismiss", {"why": "x"}, good=404),
    Row("GET /v1/feeds", READ),
    Row("POST /v1/feeds", CURATE, body={"url": "ftp://x.example/rss", "source": "x.example"}, good=422),
    Row("POST /v1/feeds/test", CURATE, body={"url": "ftp://x.example/rss"}, good=422),
    Row("GET /v1/feeds/opml", CURATE),
    Row("POST /v1/feeds/opml", CURATE, body={}, good=422),
    Row("GET /v1/feeds/{feed_id}", READ, "/v1/feeds/fed_0", good=404),
    Row("PATCH /v1/feeds/{feed_id}", CURATE, "/v1/feeds/fed_0", {"source": "x.example"}, good=404),
    Row("DELETE /v1/feeds/{feed_id}", CURATE, "/v1/feeds/fed_0", good=404),
    Row("POST /v1/feeds/{feed_id}/pause", CURATE, "/v1/feeds/fed_0/pause", good=404),
    Row("POST /v1/feeds/{feed_id}/resume", CURATE, "/v1/feeds/fed_0/resume", good=404),
    Row("GET /v1/webhooks", ADMIN),
    Row("POST /v1/webhooks", ADMIN, body={"url": "https://93.184.215.14/hook"}, good=201),
    Row("GET /v1/webhooks/{webhook_id}", ADMIN, "/v1/webhooks/{webhook}"),
    Row("PATCH /v1/webhooks/{webhook_id}", ADMIN, "/v1/webhooks/{webhook}", {"ordered": True}),
    Row("DELETE /v1/webhooks/{webhook_id}", ADMIN, "/v1/webhooks/{victim_webhook}", good=204),
    Row("POST /v1/webhooks/{webhook_id}/secret", ADMIN, "/v1/webhooks/{webhook}/secret", {}),
    Row("POST /v1/webhooks/{webhook_id}/test", ADMIN, "/v1/webhooks/{webhook}/test", good=202),
    Row("POST /v1/webhooks/{webhook_id}/replay", ADMIN, "/v1/webhooks/{victim_webhook}/replay", {}, good=202),
    Row("GET /v1/webhooks/{webhook_id}/deliveries", ADMIN, "/v1/webhooks/{webhook}/deliveries"),
]  # fmt: skip


@pytest.fixture(scope="module")
def world(shared_url) -> Iterator[World]:
    app = create_app(Settings(database_url=shared_url, log_level="error", draft_processes=0))
    with asyncio.Runner() as runner:
        yield World(Client(app, runner))
    app.state.edge.queue.close()
    app.state.edge.ctx.store.close()


def filled(body: Any, world: World) -> Any:
    """A body with the world's IDs in the places of their names."""
    if isinstance(body, str):
        return world[body[1:-1]] if body.startswith("{") and body.endswith("}") else body
    if isinstance(body, list):
        return [filled(each, world) for each in body]
    return {name: filled(each, world) for name, each in body.items()} if isinstance(body, dict) else body


def routes_of(routes: Any) -> Iterator[str]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner.routes)
        else:
            yield from (f"{method} {route.path}" for method in route.methods - {"HEAD"})


def test_every_route_has_a_row(world):
    assert sorted(set(routes_of(world.client.app.routes))) == sorted({row.route for row in ROWS})


@pytest.mark.parametrize(("shared_url", "caller"), ASKED, indirect=["shared_url"], scope="module")
@pytest.mark.parametrize("row", ROWS, ids=[f"{n}: {row.route}" for n, row in enumerate(ROWS)])
def test_a_route_answers_whom_it_is_for_and_tells_nobody_else(world, row, caller):
    method, template = row.route.split()
    path = (row.path or template).format_map(world)
    body = filled(row.body(world) if callable(row.body) else row.body, world)
    answer = world.call(method, path, world.held_by[caller], body)
    assert answer.status_code == row.status(caller), answer.text[:500]
    said = f"{answer.text}\n{answer.headers}".lower()
    if caller in SEES:
        assert row.tells is None or not answer.is_success or row.tells in said
        return
    asked = f"{path} {body}".lower()
    assert [each for each in (*SECRETS, *world.ids) if each in said and each not in asked] == []


def test_a_tag_tells_a_stranger_nothing_either(world):
    """The same answer, so the same tag, whether something waits or not."""
    path = f"/v1/articles/{world['partly']}"
    told = {name: world.call("GET", path, world.held_by[name]) for name in ("stranger", "owner")}
    assert (
        told["stranger"].headers["etag"] == world.call("GET", path, world.held_by["stranger"]).headers["etag"]
    )
    assert [each["version"] for each in told["stranger"].json()["versions"]] == [1]
    assert [each["version"] for each in told["owner"].json()["versions"]] == [1, 2]
    assert told["stranger"].headers["etag"] != told["owner"].headers["etag"]


def test_while_no_key_exists_a_program_on_this_machine_sees_all(client):
    waits = client.post("/v1/articles", content=raw(held(1)), headers=JSON).json()
    assert "zanderbank" in client.get(f"/v1/articles/{waits['article_id']}").text
