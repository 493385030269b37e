"""What a consumer of the change feed knows who does no more than read it."""

from collections.abc import Iterable
from typing import Any


class Replica:
    """The present, put together from what was told: where each article is, and what speaks for each story."""

    def __init__(self) -> None:
        self.position = 0
        self.homes: dict[str, str] = {}
        self.speaks: dict[str, str | None] = {}
        self.canonicals: set[str] = set()

    def read(self, changes: Iterable[dict[str, Any]]) -> None:
        """Take in what came next. A position that is missing or out of order is refused."""
        for change in changes:
            assert change["position"] == self.position + 1, "the feed has a gap"
            self.position += 1
            self._apply(change)

    def _apply(self, change: dict[str, Any]) -> None:
        article, home = change.get("article_id", ""), change.get("canonical_id")
        if home is not None:
            self.canonicals.add(home)
        match change["type"]:
            case "article.ingested" | "article.released" if home is not None:
                self.homes[article] = home
            case "article.deleted":
                self.homes.pop(article, None)
            case "canonical.created":
                self.homes[article] = change["canonical_id"]
                self.speaks[change["canonical_id"]] = article
            case "canonical.version_changed":
                self.speaks[change["canonical_id"]] = article
            case "canonical.withdrawn":
                self.speaks[change["canonical_id"]] = None
            case "canonical.merged":
                self.canonicals.add(change["into"])
                for each, where in self.homes.items():
                    if where == home:
                        self.homes[each] = change["into"]
            case "canonical.split":
                self.canonicals.add(change["into"])
                self.homes |= dict.fromkeys(change["article_ids"], change["into"])
