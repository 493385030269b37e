"""Everything comes out once, in order, with what was concluded of it."""

from app.dedup.model import Relation
from app.model import LinkKind
from app.services import exporting
from app.services.acting import Order
from app.services.curating import detach, link_articles
from app.services.exporting import export_articles, export_canonicals, export_links, position
from app.services.undoing import undo
from tests.services.stories import BODY, STRANGERS


def test_every_article_comes_out_with_its_canonical_and_its_decision(ctx, post):
    first = post()
    post(source="herald.example", url="https://herald.example/a")
    post(title="Comet", text=STRANGERS[0])
    rows = list(export_articles(ctx))
    assert [row.decision.relation for row in rows] == [Relation.NEW, Relation.COPY, Relation.NEW]
    assert [row.canonical_id == first.canonical_id for row in rows] == [True, True, False]
    assert rows[1].decision.matched_article_id == first.article_id
    assert rows[1].url == "https://herald.example/a"
    assert [row.clean_text for row in rows] == [None, None, None]


def test_with_text_the_clean_text_comes_along(ctx, post):
    post(text=BODY + "\n\n(Reporting by Ana Petrova; Editing by John Smith)")
    (row,) = export_articles(ctx, with_text=True)
    assert (row.clean_text or "").strip() == BODY


def test_canonicals_come_out_by_the_version_that_speaks_for_them(ctx, post):
    first = post()
    post(source="herald.example", text=BODY[:500])
    (row,) = export_canonicals(ctx)
    assert (row.canonical_id, row.article_id, row.members) == (first.canonical_id, first.article_id, 2)


def test_what_people_said_comes_out_by_names_that_another_database_knows(ctx, post, monkeypatch):
    monkeypatch.setattr(exporting, "PAGE", 1)
    first, second = post(external_id="a1"), post(source="herald.example")
    order = Order(by="ann", why="two events")
    told = detach(ctx, order, second.article_id)
    undo(ctx, order, told.audit_id)
    merged = link_articles(ctx, order, LinkKind.MUST, [first.article_id, second.article_id])
    must, cannot = export_links(ctx)
    assert (must.kind, must.until, must.audit_id) == (LinkKind.MUST, None, merged.audit_id)
    assert [[end.article_id for end in side] for side in must.sides] == [
        [first.article_id, second.article_id]
    ]
    assert [(end.source, end.external_id) for side in cannot.sides for end in side] == [
        ("gazette.example", "a1"),
        ("herald.example", None),
    ]
    assert cannot.until is not None
    assert {end.url for side in cannot.sides for end in side} == {None}


def test_pages_neither_repeat_nor_lose_a_row(ctx, post, monkeypatch):
    monkeypatch.setattr(exporting, "PAGE", 2)
    for number in range(5):
        post(external_id=str(number), source=f"outlet{number}.example")
    assert len({row.article_id for row in export_articles(ctx)}) == 5


def test_an_empty_database_exports_nothing(ctx):
    assert list(export_articles(ctx)) == []
    assert list(export_canonicals(ctx)) == []
    assert position(ctx) == 0
