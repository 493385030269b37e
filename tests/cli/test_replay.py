"""``wirefold replay`` on a file: the table, the lines of JSON, the page, and the code it ends with."""

import base64
import hashlib
import json
import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser

import pytest

from tests.services.stories import BODY, HEADLINE, MONDAY, TUESDAY

HOSTILE = "<script>alert('x')</script> & \u202e <img src=x onerror=y>"


def item(source, text, title=HEADLINE):
    return {"source": source, "title": title, "text": text, "published_at": "2026-11-03T12:00:00Z"}


@pytest.fixture
def filled(cli, write):
    """A copy that every policy joins, and a form filled in again that hardly any does."""
    items = [
        item("gazette.example", BODY),
        item("herald.example", BODY),
        item("gazette.example", MONDAY, title="Oslund shares"),
        item("herald.example", TUESDAY, title="Oslund shares"),
    ]
    cli.json("ingest", write(items))


@pytest.fixture
def changed(cli, write):
    """A pair that was joined whatever it is like: the policies of a test may not depend on weights."""
    cli.json("ingest", write([item("gazette.example", f"{HOSTILE}\n\n{BODY}", title=HOSTILE)]))
    cli.json("ingest", write([item("herald.example", BODY.replace("3,700", "3,770"))]))
    with_changed_verdict = "UPDATE edge SET relation = 'template', revision_kind = NULL"
    with closing(sqlite3.connect(cli.database, isolation_level=None)) as database:
        assert database.execute(with_changed_verdict).rowcount == 1


class Elements(HTMLParser):
    """Which elements and attributes a page has, and what is marked in it."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open, self.marked = [], set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if "mark" in self.open:
            self.marked += data


def test_where_nothing_would_change_it_says_so_and_ends_with_0(cli, filled):
    done = cli("replay", "--policy", "standard")
    assert done.exit_code == 0
    assert "Nothing would change." in done.stdout
    told = cli.json("replay", "--policy", "standard")
    assert told["looked_at"]["pairs"] >= 2
    assert (told["policy"], told["pairs"], told["stories"]) == ("standard-1", {}, {})


def test_what_would_change_is_listed_and_it_ends_with_1(cli, changed):
    done = cli("replay", "--policy", "standard")
    assert done.exit_code == 1
    assert re.search(r"join +template +revision", done.stdout)
    lines = [json.loads(line) for line in cli("replay", "--policy", "standard", "--json").stdout.splitlines()]
    (pair,) = [line["pair"] for line in lines if "pair" in line]
    assert (pair["effect"], pair["stored"]["relation"]) == ("join", "template")
    assert pair["would_be"]["policy"] == "standard-1"
    assert lines[-1]["pairs"] == {"join": 1}


def test_the_page_shows_both_texts_marked_and_lets_nothing_of_them_act(cli, changed, tmp_path):
    page = tmp_path / "replay.html"
    cli("replay", "--policy", "standard", "--html", str(page))
    html = page.read_text("utf-8")
    seen = Elements()
    seen.feed(html)
    assert seen.tags.count("mark") >= 2
    assert "The harbour council of Velden" in seen.marked
    assert not {"script", "img", "link", "iframe"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on") or name in {"style", "src", "href"}]
    assert "<strong>3,770</strong>" in html
    assert "<strong>3,700</strong>" in html
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html
    assert "viewport" in html
    assert "prefers-color-scheme: dark" in html


def test_no_more_is_shown_than_was_asked_for_but_all_is_counted(cli, changed, tmp_path):
    page = tmp_path / "replay.html"
    done = cli("replay", "--policy", "standard", "--most", "0", "--html", str(page))
    assert done.exit_code == 1
    assert "<article>" not in page.read_text("utf-8")
    assert re.search(r"join +1", done.stdout)


def test_a_policy_that_does_not_exist_is_a_mistake_of_the_command_line(cli, filled):
    assert cli("replay", "--policy", "lax").exit_code == 2
