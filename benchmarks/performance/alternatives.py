"""What a user would build instead: a small FastAPI service over one of three stores.

    python benchmarks/performance/alternatives.py memory
    python benchmarks/performance/alternatives.py redis PORT
    python benchmarks/performance/alternatives.py trigrams URL

POST /articles takes one article and answers which earlier one it matches best, and how well; POST
/articles/batch takes NDJSON. Each store is used as its documentation shows: datasketch's MinHashLSH of
five-word runs in memory or on Redis, PostgreSQL's pg_trgm over headline and opening with its GIN index.
"""

import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import uvicorn
from datasketch import MinHash, MinHashLSH
from fastapi import FastAPI, Request
from recipes import PERMUTATIONS, runs

HOST = "127.0.0.1"
THRESHOLD = 0.5
"""Below what its users set, so that the best setting can be found afterwards."""
OPENING = 400
"""Letters of headline and text that pg_trgm is given: over whole texts a look-up takes seconds."""
Article = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """The best earlier article, None where nothing is like it."""

    match: str | None
    score: float


Take = Callable[[Article], Match]
NOTHING = Match(None, 0.0)


def signature(article: Article) -> MinHash:
    """Of the five-word runs of headline and text."""
    made = MinHash(num_perm=PERMUTATIONS)
    made.update_batch([each.encode() for each in set(runs(f"{article['title']}\n{article['text']}"))])
    return made


def in_memory() -> Take:
    """MinHashLSH, and the signatures beside it to rank what it returns."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    known: dict[str, MinHash] = {}

    def take(article: Article) -> Match:
        own, key = signature(article), article["external_id"]
        best = max(((own.jaccard(known[each]), each) for each in index.query(own)), default=None)
        if key not in known:
            index.insert(key, own)
            known[key] = own
        return Match(best[1], best[0]) if best else NOTHING

    return take


def on_redis(port: int) -> Take:
    """The same with datasketch's Redis storage, the signatures in Redis too."""
    import redis  # noqa: PLC0415 - only where it is installed

    index = MinHashLSH(
        threshold=THRESHOLD,
        num_perm=PERMUTATIONS,
        storage_config={"type": "redis", "basename": b"bench", "redis": {"host": HOST, "port": port}},
    )
    client = redis.Redis(host=HOST, port=port)

    def take(article: Article) -> Match:
        own, key = signature(article), article["external_id"]
        scored = []
        for each in index.query(own):
            stored = client.get(f"signature:{each}")
            if isinstance(stored, bytes):
                scored.append((_alike(own, stored), each))
        best = max(scored, default=None)
        if key not in index:
            index.insert(key, own)
            client.set(f"signature:{key}", own.hashvalues.tobytes())
        return Match(best[1], best[0]) if best else NOTHING

    return take


def _alike(own: MinHash, stored: bytes) -> float:
    return float(np.mean(own.hashvalues == np.frombuffer(stored, dtype=own.hashvalues.dtype)))


def by_trigrams(url: str) -> Take:
    """One table, one GIN index, ``%`` and ``similarity`` as pg_trgm's manual shows."""
    import psycopg  # noqa: PLC0415 - the others do without

    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("CREATE TABLE IF NOT EXISTS article (key text PRIMARY KEY, opening text NOT NULL)")
    connection.execute("CREATE INDEX IF NOT EXISTS opening ON article USING gin (opening gin_trgm_ops)")
    connection.execute("SELECT set_limit(%s::real)", (THRESHOLD,))

    def take(article: Article) -> Match:
        opening = f"{article['title']}\n{article['text']}"[:OPENING]
        found = connection.execute(
            "SELECT key, similarity(opening, %(own)s) AS alike FROM article WHERE opening %% %(own)s"
            " ORDER BY alike DESC LIMIT 1",
            {"own": opening},
        ).fetchone()
        connection.execute(
            "INSERT INTO article VALUES (%s, %s) ON CONFLICT DO NOTHING", (article["external_id"], opening)
        )
        return Match(found[0], found[1]) if found else NOTHING

    return take


def create_app(take: Take) -> FastAPI:
    """The service. One thread: the index is not made for several."""
    app = FastAPI()

    @app.get("/readyz")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    @app.post("/articles")
    async def one(request: Request) -> Match:
        return take(orjson.loads(await request.body()))

    @app.post("/articles/batch")
    async def many(request: Request) -> dict[str, list[Match]]:
        return {"results": [take(orjson.loads(line)) for line in (await request.body()).splitlines() if line]}

    return app


def main() -> None:
    kind, *where = sys.argv[1:]
    stores: dict[str, Callable[[], Take]] = {
        "memory": in_memory,
        "redis": lambda: on_redis(int(where[0])),
        "trigrams": lambda: by_trigrams(where[0]),
    }
    app = create_app(stores[kind]())
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    main()
