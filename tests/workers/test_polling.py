"""Two processes on one database share its feeds: each due feed is fetched once."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.services import feeds
from app.services.feeds import Wish
from tests.net.site import answer, open_site
from tests.services.feed_documents import item, rss

ROOT = Path(__file__).resolve().parents[2]
FEEDS = 16
WORKER = """
import sys
from datetime import UTC, datetime
from uuid import uuid4
from app.dedup import profile
from app.dedup.policy import Policies
from app.net.addresses import read_allowed
from app.net.client import Client
from app.services.polling import poll_step
from app.services.pulling import Manners, Pulling
from app.services.visiting import Visitor
from app.services.context import Context
from app.store.engine import open_store
from app.store.index import Index

ctx = Context(
    store=open_store(sys.argv[1]),
    index=Index(profile.STANDARD.id),
    profile=profile.STANDARD,
    policies=Policies(),
    now=lambda: datetime.now(UTC),
    new_id=lambda prefix: f"{prefix}_{uuid4().hex}",
)
client = Client(allowed=read_allowed(["127.0.0.1"]), resolver=lambda host, port: ["127.0.0.1"])
pulling = Pulling(client, Visitor(ctx, client, gap_s=0.0), Manners())
print("ready", flush=True)
sys.stdin.readline()
while poll_step(ctx, pulling):
    print("polled", flush=True)
"""


def test_each_due_feed_is_fetched_once_by_two_processes(store_url, open_context):
    ctx = open_context()
    with open_site() as site:
        for n in range(FEEDS):
            site.pages[f"/{n}"] = answer(rss(item(n)))
            feeds.add_feed(ctx, Wish(f"http://host{n}.example:{site.port}/{n}"), by="test")
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORKER, store_url],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            for _ in range(2)
        ]
        try:
            for worker in workers:
                assert worker.stdout
                assert worker.stdout.readline() == "ready\n"
            for worker in workers:
                assert worker.stdin
                worker.stdin.write("go\n")
                worker.stdin.flush()
            told = [worker.communicate(timeout=60)[0] for worker in workers]
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
    assert sorted(each.path for each in site.requests) == sorted(f"/{n}" for n in range(FEEDS))
    assert [worker.returncode for worker in workers] == [0, 0]
    assert all(each.count("polled") > 0 for each in told), told
    rows = feeds.list_feeds(ctx)
    assert [(row.fetches, row.articles_new) for row in rows] == [(1, 1)] * FEEDS
    assert all(row.lease_holder is None and row.due_at > datetime.now(UTC) for row in rows)
