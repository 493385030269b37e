"""Invented feeds: RSS documents of entries whose texts are unlike each other."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any, NamedTuple

SYLLABLES = ["ba", "do", "ki", "lu", "mer", "nos", "pal", "rik", "sta", "tov", "ven", "zul"]
MORNING = datetime(2026, 11, 3, 6, tzinfo=UTC)


class Item(NamedTuple):
    """One item; what is None is left out."""

    title: str
    body: str
    """Blank: none."""
    guid: str | None
    link: str | None
    published: datetime = MORNING


def words(seed: object, count: int) -> str:
    chance = random.Random(str(seed))
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(count))


def item(number: int = 0, **changes: Any) -> Item:
    """An item unlike those of other numbers, an hour younger than the one before."""
    made = Item(
        title=words(f"t{number}", 6).capitalize(),
        body=f"{words(number, 60).capitalize()}. {words(-1 - number, 60).capitalize()}.",
        guid=f"item-{number}",
        link=f"https://gazette.example/{number}",
        published=MORNING + timedelta(hours=number),
    )
    return made._replace(**changes)


def rss(*items: Item, channel: str = "") -> bytes:
    """A feed of these items, first the newest as feeds do."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        f'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Gazette</title>{channel}'
        f"{''.join(map(_item, items))}</channel></rss>"
    ).encode()


def _item(each: Item) -> str:
    parts = {
        "title": each.title,
        "description": f"<p>{each.body}</p>" if each.body else None,
        "guid": each.guid,
        "link": each.link,
        "pubDate": format_datetime(each.published),
    }
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inside}</item>"
