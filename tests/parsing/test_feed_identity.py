from datetime import UTC, datetime

import pytest

from app.errors import InvalidValue
from app.parsing.feed_entries import FeedEntry
from app.parsing.feed_identity import (
    IdentityField,
    choose_identity,
    external_id,
    read_identity,
    write_identity,
)

GUID, URL, TITLE = IdentityField.GUID, IdentityField.URL, IdentityField.TITLE


def entry(guid=None, url=None, title="Pier reopens after two years", **more):
    return FeedEntry(raw=b"", guid=guid, url=url, title=title, **more)


def test_a_guid_is_the_identity():
    assert external_id(entry("tag:1", "https://a.example/1")) == "tag:1"


@pytest.mark.parametrize(
    "guid",
    [
        "http://www.a.example/1",
        "https://a.example/1#3",
        "https://a.example/1?utm_source=rss",
        "https://a.example/1/",
    ],
)
def test_a_guid_that_is_the_address_in_another_spelling_counts_as_the_address(guid):
    # A large broadcaster adds a number behind # with each revision: every revision was a new entry to readers.
    assert external_id(entry(guid, "https://a.example/1")) is None


def test_an_entry_without_guid_is_known_by_its_address_else_by_headline_and_date():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert external_id(entry(url="https://a.example/1")) is None
    dated = external_id(entry(published_at=at))
    assert dated
    assert dated.startswith("title+published:")
    assert dated == external_id(entry(title="PIER reopens: after two years", published_at=at))
    assert external_id(entry()) is None


def test_chosen_fields_decide_alone():
    one = entry("tag:1", "https://a.example/1")
    assert external_id(one, (URL,)) is None
    assert external_id(one, (GUID,)) == "tag:1"
    both = external_id(one, (GUID, URL))
    assert both != external_id(entry("tag:1", "https://a.example/2"), (GUID, URL))
    assert both == external_id(entry("tag:1", "http://www.a.example/1?utm_medium=x"), (GUID, URL))


def test_an_entry_that_lacks_the_chosen_field_falls_back():
    assert external_id(entry("tag:1"), (URL,)) == "tag:1"
    assert external_id(entry(url="https://a.example/1"), (GUID,)) is None


def test_a_guid_longer_than_an_id_may_be_is_digested():
    assert len(external_id(entry("x" * 5000)) or "") < 50


@pytest.mark.parametrize("text", ["auto", "guid", "url+title", "guid+url+published+content"])
def test_fields_are_written_as_they_are_read(text):
    assert write_identity(read_identity(text)) == text


def test_an_unknown_field_is_refused_with_those_that_are_known():
    with pytest.raises(InvalidValue) as refused:
        read_identity("guid+mood")
    assert "published" in str(refused.value.fix)


def test_good_guids_are_left_alone():
    entries = [entry(f"tag:{n}", f"https://a.example/{n}", f"Story number {n} of today") for n in range(5)]
    assert choose_identity(entries, entries).fields == ()


def test_one_guid_for_all_is_noticed():
    entries = [entry("feed", f"https://a.example/{n}", f"Story {n}") for n in range(5)]
    assert choose_identity(entries).fields == (URL,)
    entries = [entry("feed", "https://a.example/", f"Story {n}") for n in range(5)]
    assert choose_identity(entries).fields == (URL, TITLE)


def test_some_guids_for_several_articles_are_noticed():
    entries = [
        entry("a", "https://a.example/1"),
        entry("a", "https://a.example/2"),
        entry("b", "https://a.example/3"),
    ]
    assert choose_identity(entries).fields == (URL,)


def test_guids_made_of_headlines_are_noticed():
    titles = ["Pier reopens after storm", "Council votes on tram line", "Rain expected all week"]
    entries = [
        entry("urn:" + title.lower().replace(" ", "-"), f"https://a.example/{n}", title)
        for n, title in enumerate(titles)
    ]
    assert choose_identity(entries).fields == (URL,)


def test_an_address_that_comes_back_under_another_guid_is_noticed():
    before = [entry("pier-opens", "https://a.example/1")]
    assert choose_identity([entry("pier-reopens", "https://a.example/1?utm_source=x")], before).fields == (
        URL,
    )


def test_a_guid_used_again_is_noticed_and_a_moved_article_is_not_that():
    before = [entry("1", "https://a.example/1", "Pier reopens after storm")]
    other = [entry("1", "https://a.example/2", "Council votes on tram")]
    moved = [entry("1", "https://a.example/new/1", "Pier reopens after the storm")]
    assert choose_identity(other, before).fields == (GUID, URL)
    assert choose_identity(moved, before).fields == ()
