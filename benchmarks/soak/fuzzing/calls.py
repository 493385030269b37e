"""Requests to every route of the contract: paths, queries, header fields and bodies as hostile callers send them."""

import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

from app.parsing.formats import FORMATS
from benchmarks.soak.fuzzing.damage import ODD
from benchmarks.soak.fuzzing.extremes import packed
from benchmarks.soak.fuzzing.seeds import SEEDS

ROOT = Path(__file__).resolve().parents[3]
Chance = random.Random

BODIES: dict[str, Any] = {
    "/v1/canonicals/{canonical_id}/merge": {"others": ["<elsewhere>"], "why": "x", "overrule": True},
    "/v1/canonicals/{canonical_id}/split": {"groups": [["<article>"]], "why": "x"},
    "/v1/canonicals/{canonical_id}/pin": {"article_id": "<article>", "why": "x"},
    "/v1/articles/{article_id}/detach": {"why": "x", "overrule": False},
    "/v1/links": {"kind": "cannot", "articles": ["<article>", "<other>"], "why": "x"},
    "/v1/audit/{audit_id}/undo": {"why": "x"},
    "/v1/review/{position}": {"same_story": True, "why": "x"},
    "/v1/stale/{stale_id}/dismiss": {"why": "x"},
    "/v1/sources/{source}/furniture": {"text": "Sign up to our evening letter and get the stories first.", "why": "x"},
    "/v1/sources/{source}/retention": {"days": 9},
    "/v1/keys": {"name": "a", "scopes": ["read"], "sources": ["*.example"], "expires_at": "2999-01-01T00:00:00Z"},
    "/v1/keys/{key_id}/rotate": {"overlap_hours": 1},
    "/v1/webhooks": {"url": "https://93.184.215.14/hook", "types": ["article.ingested"], "sources": ["a"], "ordered": True},
    "/v1/webhooks/{webhook_id}": {"ordered": True, "url": "https://93.184.215.14/other"},
    "/v1/webhooks/{webhook_id}/secret": {"overlap_hours": 1},
    "/v1/webhooks/{webhook_id}/replay": {"since": "2026-03-03T00:00:00Z", "until": "2026-03-04T00:00:00Z"},
    "/v1/feeds": {"url": "https://gazette.example/feed", "source": "gazette.example", "every_s": 600, "identity": "auto"},
    "/v1/feeds/{feed_id}": {"source": "gazette.example", "fetch_page": True},
}  # fmt: skip
"""What the routes take as JSON; others are sent a reason. In ``<>``: IDs of what is stored."""
_LEFT_OUT = {"POST /v1/feeds/test", "GET /metrics"}
"""The one asks other machines, the other has its own reader."""
_TAKING_IN = ("/v1/articles", "/v1/articles", "/v1/check", "/v1/articles/batch", "/v1/articles/batch")
_TYPES = (
    *(kind for each in FORMATS.values() for kind in each.media_types), "application/x-ndjson", "application/xml",
    "application/json; charset=utf-16", "application/problem+json", 'text/html; charset="koi8-r"', "text/plain;charset=",
    "text/html; charset=utf-7", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ";", "x" * 400, "",
)  # fmt: skip
_FORMATS = (*FORMATS, "ndjson", "", "xml", "JSON", "json\0", "x" * 300)
_VALUES = (
    "", "0", "1", "-1", "2", "1000", "1001", "99999999999999999999", "9223372036854775807", "9223372036854775808", "1e3",
    "1.5", "nan", "inf", "true", "null", "2026-03-03", "2026-03-03T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "2026-03-03T00:00:00+23:59", "gazette.example", "https://gazette.example/news/pier", "en", "x" * 5000, "\0", "\ud800", "\u202e",
    "../../etc/passwd", "%", "a,b", "*", "canonical.created", "copy", "loose", "<article>", "<other>", "<story>", "art_", "' OR 1=1 --",
    "MTA", "MTA=", "bnVsbA", "W10", "eyJhIjoxfQ", "Infinity", "１２", "٣", "+1", " 1", "1_000", "0x1",
)  # fmt: skip
_HEADERS: dict[str, tuple[str, ...]] = {
    "if-match": ("*", '"x"', 'W/"x"', '"', "", "x, y", '"a", "b"' * 50),
    "if-none-match": ("*", '"x"', "W/", ","),
    "idempotency-key": ("k", "k", "", "x" * 256, "é", "a b", "\x7f"),
    "last-event-id": ("0", "-1", "x", "99999999999999999999", "9223372036854775808"),
    "accept": ("application/x-ndjson", "*/*", "", "text/html;q=x", "application/x-ndjson;q=0"),
    "accept-encoding": ("gzip", "br", "gzip;q=0", "*"),
    "content-length": ("0", "-1", "x", "99999999999", "1e3", "٣"),
    "content-encoding": ("gzip", "deflate", "br", "gzip, gzip", "", "GZIP", "identity"),
    "x-request-id": ("a", "x" * 200, "é", "a b"),
    "x-forwarded-for": ("127.0.0.1", "::1", "x"),
    "forwarded": ("for=127.0.0.1", "="),
    "authorization": ("Bearer x", "Bearer", "Basic eDp5", "", "Bearer \xff", "bearer " + "x" * 9000),
    "origin": ("null", "https://x.example", "é"),
    "expect": ("100-continue",),
    "host": ("", "x", "[::1", "127.0.0.1:99999"),
}

_KNOWN = {
    "{article_id}": "<article>",
    "{canonical_id}": "<story>",
    "{audit_id}": "<audit>",
    "{link_id}": "<link>",
    "{webhook_id}": "<webhook>",
    "{feed_id}": "<feed>",
    "{key_id}": "<key>",
    "{furniture_id}": "<furniture>",
    "{source}": "gazette.example",
    "{number}": "1",
    "{position}": "1",
}
"""What stands in a path where it is to lead somewhere."""
_NEEDED = {
    "/v1/explain": [("a", "<article>"), ("b", "<other>")],
    "/v1/replay": [("policy", "loose")],
}
"""What a query must have."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with names of stored things still in it."""

    target: str
    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def draw(chance: Chance) -> Call:
    """A request: half of them bring articles, the others go to any route."""
    return _taking_in(chance) if chance.random() < 0.5 else _any_route(chance)


def _taking_in(chance: Chance) -> Call:
    path = chance.choice(_TAKING_IN)
    name = chance.choice([each for each in SEEDS if each in FORMATS or each in {"ndjson", "array"}])
    kind = FORMATS["json" if name in {"ndjson", "array"} else name]
    query: list[tuple[str, str]] = []
    headers = _headers(chance)
    if name == "ndjson":
        headers["content-type"] = "application/x-ndjson"
    elif kind.media_types and chance.random() < 0.7:
        headers["content-type"] = kind.media_types[0]
    else:
        query.append(("format", kind.name))
    if chance.random() < 0.1:
        headers["content-type"] = chance.choice(_TYPES)
    if chance.random() < 0.1:
        query.append(("format", chance.choice(_FORMATS)))
    if not kind.is_json and chance.random() < 0.7:
        query.append(("source", "gazette.example"))
    query += _query(chance, "POST", path, often=0.05)
    body = chance.choice(SEEDS[name])
    if chance.random() < 0.1:
        headers["content-encoding"] = "gzip"
        body = packed(body, chance)
    return Call(f"POST {path}", "POST", path, _written(query, chance), tuple(headers.items()), body)


def _any_route(chance: Chance) -> Call:
    method, template = chance.choice(sorted(_routes()))
    path = "/".join(_segment(each, chance) for each in template.split("/"))
    target = f"{method} {template}"
    if chance.random() < 0.02:
        target = "other addresses and methods"
        path += chance.choice(("", "/", "//", "/..", "%00", "/é"))
        method = chance.choice(("PUT", "HEAD", "TRACE", "X" * 99))
    headers = _headers(chance)
    if chance.random() < 0.8:
        headers["if-match"] = "*"
    body = b""
    if method not in {"GET", "DELETE"}:
        headers.setdefault(
            "content-type", "application/xml" if template.endswith("opml") else "application/json"
        )
        body = (
            chance.choice(SEEDS["opml"])
            if template.endswith("opml")
            else json.dumps(BODIES.get(template, {"why": "x"})).encode()
        )
    query = _query(chance, method, template, often=0.15)
    return Call(target, method, path, _written(query, chance), tuple(headers.items()), body)


def _segment(segment: str, chance: Chance) -> str:
    if not segment.startswith("{"):
        return segment
    if segment in _KNOWN and chance.random() < 0.7:
        return _KNOWN[segment]
    return quote(chance.choice(_VALUES)[:3000].encode("utf-8", "surrogatepass"), safe="<>") or "x"


def _query(chance: Chance, method: str, template: str, *, often: float) -> list[tuple[str, str]]:
    names = _routes().get((method, template), ())
    found = [(name, chance.choice(_VALUES)) for name in names if chance.random() < often]
    if chance.random() < 0.8:
        found += _NEEDED.get(template, [])
    if method == "DELETE" and chance.random() < 0.7:
        found.append(("why", "x"))
    return found


def _written(query: list[tuple[str, str]], chance: Chance) -> str:
    pairs = [
        f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'), safe='<>')}" for name, value in query
    ]
    if chance.random() < 0.03:
        pairs.append(
            chance.choice(
                (
                    quote_from_bytes(chance.choice(ODD)[:500]),
                    "&&&=",
                    "a" * 3000,
                    "%",
                    "%zz=%ff",
                    "limit=1&limit=2",
                )
            )
        )
    return "&".join(pairs)


def _headers(chance: Chance) -> dict[str, str]:
    found = {}
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
        name = chance.choice(sorted(_HEADERS))
        found[name] = chance.choice(_HEADERS[name])
    return found


@cache
def described() -> dict[str, Any]:
    """The OpenAPI document."""
    kept: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    return kept


@cache
def _routes() -> dict[tuple[str, str], tuple[str, ...]]:
    """Method and path of every route of the contract, with the names its query takes."""
    return {
        (method.upper(), path): tuple(
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        )
        for path, operations in described()["paths"].items()
        for method, operation in operations.items()
        if f"{method.upper()} {path}" not in _LEFT_OUT
    }
