"""Races: several processes on one database are sent the same stories at the same time, again and again.

A bout is many small races at once: which stories, in which printings, to which process, after which pause is
drawn from the seed. The processes' own threads and locks do the rest, so a seed gives the same schedule of
requests, not the same interleaving: that is why there are many.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from random import Random

import httpx

from benchmarks.soak.stories import KINDS, Item, printing, story

RACES_PER_BOUT = 50
_SPREAD_S = 0.4
"""Within which a bout's races begin …"""
_APART_S = 0.02
"""… and within which the requests of one race go off."""
_SETTLE_S = 300.0
_UNBOUNDED = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=None)
"""A bout has some 150 requests at once. A pool that makes room closes, now and then, a connection that was
just given to one of them (httpcore's issue 1110): on a starved machine one race of 300 lost an answer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a race's articles were told to be."""

    kind: str
    told: list[tuple[str, str]]
    """Article and canonical IDs, as answered."""
    refused: list[str]
    """What else was answered, which is nothing in a race that is right."""


async def bout(
    addresses: list[str], random: Random, *, first: int, count: int, cursor: str
) -> tuple[Counter[str], str]:
    """Run races; how many of each kind were right, or ``wrong: …`` and how, and the next cursor."""
    async with httpx.AsyncClient(timeout=120, trust_env=False, limits=_UNBOUNDED) as client:
        plans = [_plan(random, first + n) for n in range(count)]
        sent = await asyncio.gather(*(_race(client, addresses, random, kind, items) for kind, items in plans))
        cursor, told, gaps = await _follow(client, addresses[0], cursor)
        tally: Counter[str] = Counter(gaps)
        if not await _settled(client, addresses[0], int(cursor)):
            tally["wrong: background work did not settle"] += 1
        for each in sent:
            tally[await _judge(client, addresses, each, told)] += 1
        return tally, cursor


def _plan(random: Random, number: int) -> tuple[str, list[Item]]:
    kind = random.choice([*KINDS, "merges"])
    if kind == "merges":
        one_each = [number * 10 + 1_000_000 + n for n in range(3)]
        return kind, [printing(n, story(n), source="s0", external_id=str(n)) for n in one_each]
    return kind, KINDS[kind](random, number)


async def _race(
    client: httpx.AsyncClient, addresses: list[str], random: Random, kind: str, items: list[Item]
) -> Sent:
    begin = random.random() * _SPREAD_S
    pauses = [begin + random.choice([0, 0, random.random()]) * _APART_S for _ in items]
    places = [random.choice(addresses) for _ in range(2 * len(items))]

    told: list[tuple[str, str]] = []
    refused: list[str] = []

    async def send(item: Item, pause: float, place: str) -> None:
        await asyncio.sleep(pause)
        try:
            answer = await client.post(f"{place}/v1/articles", json=item)
        except httpx.TransportError as error:
            refused.append(type(error).__name__)
            return
        if not answer.is_success:
            refused.append(str(answer.json()["code"]))
            return
        article = answer.json()
        told.append((article["article_id"], article["canonical_id"]))

    await asyncio.gather(*map(send, items, pauses, places))
    if kind != "merges" or refused:
        return Sent(kind, told, refused)
    ids = [canonical for _, canonical in told]

    async def merge(here: int) -> None:
        body = {"others": [ids[(here + 1) % len(ids)]], "why": "A race."}
        place = places[len(items) + here]
        # Whichever comes last finds its story absorbed: then there is nothing left to merge.
        await client.post(
            f"{place}/v1/canonicals/{ids[here]}/merge",
            json=body,
            headers={"if-match": "*"},
            follow_redirects=True,
        )

    await asyncio.gather(*map(merge, range(len(ids))))
    return Sent(kind, told, refused)


async def _follow(
    client: httpx.AsyncClient, address: str, cursor: str
) -> tuple[str, Counter[str], Counter[str]]:
    """The feed to its end: the cursor there, how often each article was told of, and what is missing."""
    told: Counter[str] = Counter()
    gaps: Counter[str] = Counter()
    position = int(cursor)
    while True:
        page = (await client.get(f"{address}/v1/changes", params={"cursor": cursor, "limit": 1000})).json()
        for change in page["changes"]:
            position += 1
            if change["position"] != position:
                gaps["wrong: a gap in the change feed"] += 1
                position = change["position"]
            if change["type"] == "article.ingested":
                told[change["article_id"]] += 1
        if not page["changes"]:
            return cursor, told, gaps
        cursor = page["next"]


async def _settled(client: httpx.AsyncClient, address: str, position: int) -> bool:
    """Wait until background work has seen the feed up to a position; whether it has."""
    until = time.monotonic() + _SETTLE_S
    while time.monotonic() < until:
        if (await client.get(f"{address}/readyz")).json()["settled_position"] >= position:
            return True
        await asyncio.sleep(0.2)
    return False


async def _judge(client: httpx.AsyncClient, addresses: list[str], sent: Sent, told: Counter[str]) -> str:
    if sent.refused:
        return f"wrong: {sent.kind}: answered {sent.refused[0]}"
    articles = {article for article, _ in sent.told}
    stored = [
        (await client.get(f"{address}/v1/articles/{article}")).json()
        for article in sorted(articles)
        for address in addresses
    ]
    if len({each.get("canonical_id") for each in stored}) != 1:
        return f"wrong: {sent.kind}: several canonicals"
    (survivor,) = {each["canonical_id"] for each in stored}
    for given in {canonical for _, canonical in sent.told}:
        answer = await client.get(f"{addresses[0]}/v1/canonicals/{given}", follow_redirects=True)
        if not answer.is_success or answer.json()["canonical_id"] != survivor:
            return f"wrong: {sent.kind}: an ID that was given leads elsewhere"
    if any(told[article] < 1 for article in articles):
        return f"wrong: {sent.kind}: an article is not in the change feed"
    if sent.kind == "versions" and (len(articles) != 1 or len(stored[0]["versions"]) != len(sent.told)):
        return "wrong: versions: an update was lost"
    return sent.kind
