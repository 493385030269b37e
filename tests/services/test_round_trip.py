"""What was exported as received and is taken in again makes the same stories, from either database to either."""

import json
from collections import defaultdict
from dataclasses import replace

import pytest

from app.bootstrap import limits_of
from app.demo.articles import SCENES
from app.model import ArticleKey, Ingested
from app.parsing.submission import read_submission
from app.services import exporting
from app.services.exporting import export_submissions
from app.services.ingest import ingest
from app.services.masks import Masks
from app.services.recall import Recall
from app.services.releasing import release_due
from app.settings import Settings
from app.store import ingesting, schema
from app.store.index import Index
from tests.services.stories import BODY, HEADLINE, STRANGERS

LATER = "2026-11-03T14:00:00Z"
ONE = {"source": "gazette.example", "external_id": "a1", "title": HEADLINE, "text": BODY}
TWO = {"source": "herald.example", "url": "https://herald.example/velden?utm_source=x", "version": 2}
CHAIN = [
    ONE,
    TWO | {"title": HEADLINE, "text": BODY.replace("3,700", "3,770")},
    ONE | {"status": "canceled"},
    ONE,
    TWO | {"title": HEADLINE, "text": BODY, "version": 1},
    ONE | {"text": BODY.replace("14 cracked", "19 cracked"), "updated_at": "2026-11-03T12:30:00+01:00"},
    ONE
    | {"title": "Comet splits in two", "text": STRANGERS[0], "metadata": {"desk": ["sci\u2028ence", None]}},
    ONE | {"source": "wire.example", "embargoed_until": LATER},
    ONE | {"source": "held.example", "text": BODY.replace("260", "270"), "embargoed_until": "2099-01-01"},
    {"source": "held.example", "title": HEADLINE, "text": BODY, "status": "withheld"},
    {"source": "web.example", "html": f"<h1>{HEADLINE}</h1><p>{'</p><p>'.join(BODY.split(chr(10) * 2))}</p>"},
    {"source": "odd.example", "title": "\ud800 \x00", "text": STRANGERS[1] + "\r\n\u2028\ud83d"},
]
LIMITS = limits_of(Settings())


def take_in(ctx, lines, *, group):
    """Take lines in, so many at a time."""
    answers = []
    for start in range(0, len(lines), group):
        items = [read_submission(line, LIMITS.bounds) for line in lines[start : start + group]]
        answers += ingest(ctx, items)
    assert all(isinstance(each, Ingested) for each in answers)
    return answers


def known(ctx):
    """Everything that is known, without IDs and times of receipt: versions, what is current, stories."""
    with ctx.store.read() as tx:
        keys = [ArticleKey(key) for key in range(1, ingesting.counters(tx).article + 1)]
        articles = ingesting.load_articles(tx, keys)
        versions = {row.key: row for rows in ingesting.versions_of(tx, keys).values() for row in rows}
        pages = ingesting.load_pages(tx, list(versions))
        stories = ingesting.load_stories(tx, {row.founder for row in articles.values()})
    members = defaultdict(list)
    for key in sorted(keys):
        members[articles[key].founder].append(key)
    return {
        "versions": [
            (row.article, row.number, row.status, row.title, row.content, row.declared, row.released)
            for _, row in sorted(versions.items())
        ],
        "texts": [(pages[key].text, json.loads(pages[key].raw)) for key in sorted(pages)],
        "current": [articles[key].current for key in keys],
        "stories": {
            founder: (found, stories[founder].canonical, stories[founder].members)
            for founder, found in members.items()
        },
    }


@pytest.fixture
def empty_context(ctx, empty_url, open_stores):
    """A context over a second, empty database."""
    schema.migrate(empty_url)
    return replace(
        ctx, store=open_stores(empty_url), index=Index(ctx.profile.id), recall=Recall(), masks=Masks()
    )


@pytest.mark.parametrize("spaces", [None, 2])
def test_what_is_taken_in_again_makes_the_same_versions_and_stories(
    ctx, empty_context, clock, monkeypatch, spaces
):
    monkeypatch.setattr(exporting, "PAGE", 5)
    sent = [json.dumps(item, indent=spaces).encode() for item in (*(s.item for s in SCENES), *CHAIN)]
    told = take_in(ctx, sent, group=1)
    assert not any(each.replayed for each in told)
    clock.pass_(hours=3)
    assert release_due(ctx) == 1
    lines = list(export_submissions(ctx))
    assert not any(b"\n" in line for line in lines)
    assert [json.loads(line) for line in lines] == [json.loads(item) for item in sent]
    take_in(empty_context, lines, group=4)
    assert known(empty_context) == known(ctx)
    assert list(export_submissions(empty_context)) == lines


def test_a_page_holds_at_least_one_submission_and_no_more_than_its_bytes(ctx, monkeypatch):
    sent = [json.dumps(ONE | {"external_id": str(n)}).encode() for n in range(4)]
    take_in(ctx, sent, group=4)
    for most in (1, 1500, 10_000):
        monkeypatch.setattr(exporting, "PAGE_BYTES", most)
        assert list(export_submissions(ctx)) == sent


def test_an_export_ends_with_what_was_stored_when_it_began(ctx, monkeypatch):
    """Else one that is taken into its own database would never end."""
    monkeypatch.setattr(exporting, "PAGE", 1)
    take_in(ctx, [json.dumps(ONE | {"external_id": str(n)}).encode() for n in range(3)], group=3)
    count = 0
    for line in export_submissions(ctx):
        count += 1
        take_in(ctx, [line.replace(b"gazette", b"mirror%d" % count)], group=1)
    assert count == 3
