"""One feed of a site on loopback, and the worker that polls it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.net.client import Client, Limits
from app.services import feeds
from app.services.context import Context
from app.services.feeds import Wish
from app.services.following import read_page
from app.services.polling import poll_step
from app.services.pulling import Manners, Pulling
from app.services.visiting import Visitor
from app.store.feeds import FeedRow
from tests.net.site import Site, answer

LIMITS = Limits(timeout_s=0.5, idle_s=0.3, body_bytes=200_000)


@dataclass
class Desk:
    """A feed at ``/feed`` of the site. The clock is the test's."""

    ctx: Context
    clock: Any
    site: Site
    client: Client
    visitor: Visitor
    manners: Manners
    feed_id: str = ""

    def add(self, path: str = "/feed", **wish: Any) -> FeedRow:
        row = feeds.add_feed(
            self.ctx, Wish(self.site.url(path), **({"source": "gazette.example"} | wish)), by="t"
        )
        self.feed_id = row.id
        return row

    def poll(self, *bodies: bytes, **headers: Any) -> FeedRow:
        """Serve a document, let the feed be due, and poll it once."""
        for body in bodies:
            self.site.pages["/feed"] = answer(body, **headers)
        self.clock.now = max(self.clock.now + timedelta(minutes=10), self.feed().due_at)
        assert self.step()
        return self.feed()

    def step(self) -> bool:
        """Poll whatever is due now; whether anything was."""
        pulling = Pulling(self.client, self.visitor, self.manners)
        return poll_step(self.ctx, pulling, chance=lambda: 0.0)

    def feed(self) -> FeedRow:
        return feeds.get_feed(self.ctx, self.feed_id)

    def articles(self) -> list[tuple[Any, Any]]:
        """IDs and versions that came, in order."""
        return [
            (change.payload["article_id"], change.payload["version"])
            for change in read_page(self.ctx, 0, limit=1000).rows
            if change.type == "article.ingested"
        ]
