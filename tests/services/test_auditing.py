"""The log and the links, as they are told to whom: what is not out is left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.errors import Contradiction, NotFound
from app.model import LinkKind
from app.services.acting import Order
from app.services.auditing import AuditFilters, list_audit, read_audit
from app.services.curating import keep_apart, link_articles, merge, unlink
from app.services.linked import list_links
from app.services.stale_list import StaleFilters, list_stale
from app.services.undoing import undo
from app.store.sight import EVERYTHING, PUBLIC, Sight
from tests.services.stories import NOON, STRANGERS

CHIEF = Order(by="chief", why="two events", sight=EVERYTHING)


@pytest.fixture
def kept(ctx, post):
    """A story that is out and one under embargo, kept apart by somebody who sees both."""
    out = post(title="A comet", text=STRANGERS[0])
    held = post(source="held.example", embargoed_until=NOON + timedelta(hours=6))
    told = keep_apart(ctx, CHIEF, [out.canonical_id, held.canonical_id])
    return out, held, told


def test_whoever_does_not_see_a_text_is_told_neither_of_its_article_nor_of_its_story(ctx, kept):
    out, held, told = kept
    (entry,), _ = list_audit(ctx, AuditFilters(), before=None, limit=9, sight=PUBLIC)
    assert entry.row.id == told.audit_id
    assert entry.row.asked == {"kind": "cannot"}
    assert [each["articles"] for each in entry.row.before] == [[out.article_id]]
    assert entry.row.why == ""
    assert held.article_id not in repr(entry)
    assert held.canonical_id not in repr(entry)
    (view,), _ = list_links(ctx, limit=9, sight=PUBLIC)
    assert view.sides == ((out.article_id,), ())
    assert view.row.why == ""
    with pytest.raises(NotFound):
        list_links(ctx, article_id=held.article_id, limit=9, sight=PUBLIC)


@pytest.mark.parametrize("sight", [EVERYTHING, Sight(sources=("held.example",))])
def test_whoever_sees_it_is_told_all(ctx, kept, sight):
    out, held, told = kept
    entry = read_audit(ctx, told.audit_id, sight)
    assert [each["articles"] for each in entry.row.after] == [[out.article_id], [held.article_id]]
    (view,), more = list_links(ctx, article_id=held.article_id, limit=9, sight=sight)
    assert view.sides == ((out.article_id,), (held.article_id,))
    assert more is None


def test_what_speaks_of_nothing_that_is_seen_is_as_if_it_were_not_stored(ctx, post):
    held = [
        post(source="held.example", text=text, embargoed_until=NOON + timedelta(hours=6)).canonical_id
        for text in STRANGERS[:2]
    ]
    told = keep_apart(ctx, CHIEF, held)
    assert list_audit(ctx, AuditFilters(), before=None, limit=9) == ([], None)
    stranger = Order(by="eve", why="what is it")
    with pytest.raises(NotFound):
        read_audit(ctx, told.audit_id)
    with pytest.raises(NotFound):
        undo(ctx, stranger, told.audit_id)
    with pytest.raises(NotFound):
        unlink(ctx, stranger, told.added[0].row.id)
    with pytest.raises(NotFound):
        list_stale(ctx, StaleFilters(), canonical_id=held[0], before=None, limit=9)
    assert undo(ctx, CHIEF, told.audit_id).ended


def test_a_contradiction_does_not_tell_why_of_what_is_not_seen(ctx, post, kept):
    out, held, _ = kept
    other = post(source="other.example", text=STRANGERS[1])
    secret = replace(CHIEF, why="the sealed verdict")
    link_articles(ctx, secret, LinkKind.CANNOT, [out.article_id, other.article_id, held.article_id])
    with pytest.raises(Contradiction, match="kept apart") as refused:
        merge(ctx, Order(by="eve", why="one"), out.canonical_id, [other.canonical_id])
    assert "sealed" not in str(refused.value)


def test_an_entry_names_the_last_one_that_took_it_back(ctx, kept):
    _, _, told = kept
    assert read_audit(ctx, told.audit_id).undone_by is None
    undone = undo(ctx, CHIEF, told.audit_id)
    assert read_audit(ctx, told.audit_id).undone_by == undone.audit_id
    assert read_audit(ctx, undone.audit_id).row.undoes == told.audit_id
    with pytest.raises(NotFound):
        read_audit(ctx, "aud_none")
