"""What people say of articles, as it is kept: links, pins and the log."""

from typing import Any

import pytest

from app.dedup.links import Said
from app.model import LinkKind
from app.store import audits, ingesting
from app.store import links as plain_links
from app.store import pins as plain_pins
from app.store.audits import AuditFilters, AuditRow
from tests.store import rows
from tests.store.said import say

links: Any = plain_links  # keys are plain numbers here
pins: Any = plain_pins


@pytest.fixture
def tx(store):
    """A database with five articles, of which 1 and 2 are one story, 4 and 5 another."""
    with store.write() as tx:
        homes = {1: None, 2: 1, 3: None, 4: None, 5: 4}
        ingesting.append(tx, rows.together(*(rows.newcomer(n, founder=home) for n, home in homes.items())))
        yield tx


def test_of_a_link_only_what_it_says_of_the_articles_asked_about_counts(tx):
    say(tx, LinkKind.CANNOT, [1, 2], [4, 5], since=1)
    say(tx, LinkKind.MUST, 1, 2, 3, since=2)
    assert set(links.said_among(tx, [1, 4, 3])) == {
        Said(False, (frozenset({1}), frozenset({4}))),
        Said(True, (frozenset({1, 3}),)),
    }
    assert links.said_among(tx, [1, 5]) == [Said(False, (frozenset({1}), frozenset({5})))]
    assert links.said_among(tx, [4, 5]) == []


def test_links_of_an_article_are_read_whole_and_oldest_first(tx):
    first = say(tx, LinkKind.CANNOT, [1, 2], [4, 5], since=1)
    second = say(tx, LinkKind.MUST, 1, 2, 3, since=2)
    assert links.links_of(tx, [2]) == [first, second]
    assert links.links_of(tx, [5]) == [first]
    links.end_links(tx, [first.id], until=3)
    assert links.links_of(tx, [5]) == []
    assert links.said_among(tx, [1, 4]) == []
    (ended,) = links.load_links(tx, [first.id])
    assert (ended.said, ended.until) == (first.said, 3)


def test_links_are_listed_latest_first_a_page_at_a_time(tx):
    made = [
        say(tx, LinkKind.CANNOT, 1, other, since=other, id_=f"lnk_{other}", by=f"p{other}")
        for other in (3, 4)
    ]
    made.append(say(tx, LinkKind.MUST, 1, 2, since=5, id_="lnk_5"))

    def listed(before=None, limit=9, **filters):
        return [
            row.id for row in links.list_links(tx, links.LinkFilters(**filters), before=before, limit=limit)
        ]

    assert listed(limit=2) == ["lnk_5", "lnk_4"]
    assert listed(before="lnk_4") == ["lnk_3"]
    assert listed(kind=LinkKind.MUST) == ["lnk_5"]
    assert listed(by="p3") == ["lnk_3"]
    assert listed(article=2) == ["lnk_5"]
    links.end_links(tx, ["lnk_4"], until=6)
    assert listed() == ["lnk_5", "lnk_3"]
    assert listed(ended=True) == ["lnk_5", "lnk_4", "lnk_3"]


def test_stories_are_kept_apart_where_a_link_has_articles_of_both_on_different_sides(tx):
    say(tx, LinkKind.CANNOT, [1, 3], [5])
    say(tx, LinkKind.MUST, 1, 2, since=2)
    assert links.founders_kept_apart(tx, [1, 3, 4]) == {(1, 4), (3, 4)}
    assert links.founders_kept_apart(tx, [1, 3]) == set()


def test_a_pin_counts_until_it_is_ended_and_stays_readable(tx):
    row = pins.PinRow(2, 7, None, "ann", "the agency's own")
    pins.add_pin(tx, row)
    assert pins.pins_of(tx, [1, 2, 3]) == {2: row}
    pins.end_pin(tx, row, until=8)
    assert pins.pins_of(tx, [2]) == {}
    ended = pins.load_pin(tx, 2, 7)
    assert ended is not None
    assert ended.until == 8
    assert pins.load_pin(tx, 2, 6) is None


def test_the_log_is_read_latest_first_and_by_who_what_and_when(tx):
    def entry(position, action="merge", **more):
        told = {"by": "ann", "why": "one\x00event", "undoes": None} | more
        return AuditRow(
            position, f"aud_{position}", rows.NOW, told["by"], action, told["why"], told["undoes"],
            {"others": ["can_2"]}, {"links_added": []}, [{"canonical_id": "can_1"}], [],
        )  # fmt: skip

    made = [entry(1), entry(2, "split", by="bob"), entry(3, "undo", undoes="aud_1")]
    for each in made:
        audits.add_audit(tx, each)

    def listed(before=None, limit=9, **filters):
        return audits.audits_before(tx, AuditFilters(**filters), before=before, limit=limit)

    assert listed() == made[::-1]
    assert listed(before=3, limit=1) == [made[1]]
    assert listed(by="bob") == [made[1]]
    assert listed(action="merge") == [made[0]]
    assert listed(undoes="aud_1") == [made[2]]
    assert listed(until=rows.NOW) == []
    assert listed(since=rows.NOW) == made[::-1]
    assert audits.load_audit(tx, "aud_2") == made[1]
    assert audits.load_audit(tx, "aud_9") is None
