"""What becomes of an article, told as stories. Each runs on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from app.dedup.model import Relation, RevisionKind
from app.errors import InvalidSubmission
from app.model import ArticleKey, Ingested, LinkKind, Status
from app.services import ledger, matching
from app.services.ingest import check
from app.services.ingest import ingest as answer_all
from app.services.releasing import release_due
from app.store import ingesting
from app.store.reading import changes_after
from tests.services.stories import (
    BODY,
    HEADLINE,
    MONDAY,
    NOON,
    PARAGRAPHS,
    STRANGERS,
    TUESDAY,
    submission,
)
from tests.store.said import say


def ingest(ctx, submissions):
    """The answers to a list in which nothing is refused."""
    answers = answer_all(ctx, submissions)
    assert all(isinstance(each, Ingested) for each in answers)
    return cast("list[Ingested]", answers)


def changes(ctx):
    with ctx.store.read() as tx:
        return changes_after(tx, 0, limit=10_000)


def types(ctx):
    return [change.type for change in changes(ctx)]


def canonical_of(ctx, article_id):
    """The canonical ID an article answers with now, read afresh."""
    with ctx.store.read() as tx:
        keys = [ArticleKey(key) for key in range(1, ingesting.counters(tx).article + 1)]
        article = next(a for a in ingesting.load_articles(tx, keys).values() if a.id == article_id)
        return ingesting.load_stories(tx, [article.founder])[article.founder].id


# --------------------------------------------------------------------------------------- relations
def test_the_first_article_founds_a_story_and_speaks_for_it(post):
    told = post()
    assert told.decision.relation is Relation.NEW
    assert told.is_canonical
    assert not told.replayed


def test_another_outlets_printing_with_dateline_sign_off_and_other_headline_is_a_copy(post):
    first = post()
    text = f"VELDEN, Nov 3 (Reuters) - {BODY}\n\n(Reporting by Ana Petrova; Editing by John Smith)"
    told = post(source="herald.example", title="Fish traders of Velden lose their hall", text=text)
    assert told.canonical_id == first.canonical_id
    assert told.decision.relation is Relation.COPY
    assert told.decision.matched_id == first.article_id
    assert told.agency == "Reuters"


def test_a_cut_to_the_first_paragraphs_is_an_excerpt(post):
    first = post()
    told = post(source="herald.example", text="\n\n".join(PARAGRAPHS[:3]))
    assert told.canonical_id == first.canonical_id
    assert told.decision.relation is Relation.EXCERPT


def test_the_full_text_of_a_stored_brief_is_an_excerpt_too(post):
    brief = post(source="herald.example", text="\n\n".join(PARAGRAPHS[:3]))
    told = post()
    assert told.canonical_id == brief.canonical_id
    assert told.decision.relation is Relation.EXCERPT
    assert told.is_canonical


def test_a_changed_number_is_a_correction_that_names_it(post):
    first = post()
    told = post(source="herald.example", text=BODY.replace("3,700", "3,770"))
    assert told.canonical_id == first.canonical_id
    assert told.decision.relation is Relation.REVISION
    assert told.decision.revision_kind is RevisionKind.CORRECTION
    assert any("3,700" in reason and "3,770" in reason for reason in told.decision.reasons)


def test_a_lost_not_is_never_a_silent_copy(post):
    post()
    told = post(source="herald.example", text=BODY.replace("had not been told", "had been told"))
    assert told.decision.relation is Relation.REVISION
    assert told.decision.revision_kind is RevisionKind.CORRECTION


def test_yesterdays_form_filled_in_again_is_a_template_with_a_story_of_its_own(post):
    monday = post(title="Oslund shares close higher", text=MONDAY)
    told = post(
        title="Oslund shares close lower",
        text=TUESDAY,
        published_at=NOON + timedelta(days=1),
        external_id="t",
    )
    assert told.canonical_id != monday.canonical_id
    assert told.decision.relation is Relation.TEMPLATE
    assert [(r.canonical_id, r.relation) for r in told.decision.related] == [
        (monday.canonical_id, Relation.TEMPLATE)
    ]


def test_strangers_share_nothing(post):
    told = [post(title=text[:30], text=text, source=f"s{n}") for n, text in enumerate(STRANGERS)]
    assert len({each.canonical_id for each in told}) == len(STRANGERS)
    assert {each.decision.relation for each in told} == {Relation.NEW}
    assert all(each.decision.related == () for each in told)


def test_a_page_with_one_shared_paragraph_is_linked_and_kept_apart(post):
    first = post()
    told = post(
        source="herald.example",
        title="Buses stand still in Ostra for a third day",
        text=f"{STRANGERS[1]}\n\n{STRANGERS[0]}\n\n{PARAGRAPHS[4]}\n\n{STRANGERS[2]}",
    )
    assert told.canonical_id != first.canonical_id
    assert told.decision.relation is Relation.PASSAGES
    assert told.decision.related[0].canonical_id == first.canonical_id


def test_a_withdrawal_that_quotes_the_headline_finds_its_story(post, ctx):
    first = post(source="wire.example")
    told = post(
        source="wire.example",
        title=f"STORY WITHDRAWN-{HEADLINE}",
        text=f'The Nov. 3 story headlined "{HEADLINE}" is wrong and is withdrawn. There will be no substitute.',
        external_id="w",
    )
    assert told.canonical_id == first.canonical_id
    assert told.decision.revision_kind is RevisionKind.WITHDRAWAL
    assert not told.is_canonical
    assert "story.withdrawn" in types(ctx)


def test_what_was_killed_without_a_word_of_it_and_comes_back_is_the_same_article(post, ctx):
    named = {"source": "wire.example", "external_id": "w1"}
    first = post(**named)
    post(**named, title="Mandatory kill", text="Editors, kill this at once.", status=Status.CANCELED)
    back = post(**named, title=f"{HEADLINE}, again", text=f"{BODY}\n\nMore follows.")
    assert (back.article_id, back.version, back.canonical_id) == (first.article_id, 3, first.canonical_id)
    assert back.is_canonical
    assert back.decision.matched_id == first.article_id
    other = post(**named, title="Another story", text=STRANGERS[0])
    assert other.article_id != first.article_id


def test_another_story_under_the_id_of_one_that_was_killed_is_a_new_article(post):
    named = {"source": "wire.example", "external_id": "w1"}
    first = post(**named)
    post(**named, title="Mandatory kill", text="Editors, kill this at once.", status=Status.CANCELED)
    assert post(**named, title="Another story", text=STRANGERS[0]).article_id != first.article_id


def test_texts_of_only_furniture_never_meet(post):
    stub = "Subscribe to continue reading. Already a subscriber? Sign in to your account."
    one = post(source="a", title="One thing", text=stub)
    other = post(source="b", title="Another thing", text=stub)
    assert one.canonical_id != other.canonical_id


# ---------------------------------------------------------------------------------------- identity
def test_the_same_submission_again_is_a_replay_and_says_nothing_new(post, ctx):
    first = post(external_id="a1")
    before = types(ctx)
    again = post(external_id="a1")
    assert again.replayed
    assert (again.article_id, again.version, again.canonical_id) == (first.article_id, 1, first.canonical_id)
    assert again.decision == first.decision
    assert types(ctx) == before


def test_changed_text_under_the_same_id_is_a_new_version_judged_as_a_revision(post):
    first = post(external_id="a1")
    told = post(external_id="a1", text=BODY.replace("14 cracked", "19 cracked"))
    assert (told.article_id, told.version) == (first.article_id, 2)
    assert told.decision.relation is Relation.REVISION
    assert told.decision.matched_id == first.article_id
    assert told.is_canonical


def test_an_id_used_again_for_another_story_makes_a_new_article_that_owns_it_from_then_on(post):
    first = post(external_id="a1")
    told = post(external_id="a1", title="Comet splits in two", text=STRANGERS[0])
    assert told.article_id != first.article_id
    assert told.canonical_id != first.canonical_id
    again = post(external_id="a1", title="Comet splits in two", text=STRANGERS[0])
    assert again.replayed
    assert again.article_id == told.article_id


def test_a_replay_is_one_whoever_owns_the_id_now(post):
    one = {"external_id": "a1"}
    other = {"external_id": "a1", "title": "Comet splits in two", "text": STRANGERS[0]}
    first, second = post(**one), post(**other)
    for fields, told in ((one, first), (other, second), (one, first)):
        again = post(**fields)
        assert (again.replayed, again.article_id, again.version) == (True, told.article_id, told.version)


def test_version_labels_count_as_people_count(post):
    post(external_id="a1", version="1.9")
    assert post(external_id="a1", version="1.10", text=BODY.replace("260 people", "240 people")).is_canonical


def test_an_older_version_is_kept_as_history_and_does_not_become_current(post):
    post(external_id="a1", version="2")
    told = post(external_id="a1", version="1", text=BODY.replace("260 people", "240 people"))
    assert told.version == 2
    assert not told.is_canonical


def test_a_copy_of_a_superseded_version_still_finds_the_story(post):
    first = post(external_id="a1", text="\n\n".join(PARAGRAPHS))
    post(external_id="a1", text="\n\n".join(reversed(PARAGRAPHS[:2])) + "\n\n" + STRANGERS[0])
    told = post(source="herald.example", text="\n\n".join(PARAGRAPHS))
    assert told.canonical_id == first.canonical_id


def test_without_an_external_id_the_url_is_the_identity(post):
    first = post(url="https://www.gazette.example/velden?utm_source=rss")
    told = post(url="http://gazette.example/velden/", text=BODY + "\n\nThe vote was eleven to four.")
    assert (told.article_id, told.version) == (first.article_id, 2)


# ---------------------------------------------------------------------------------- groups and order
def test_copies_in_one_list_meet_each_other(ctx):
    told = ingest(ctx, [submission(source=f"s{n}") for n in range(5)])
    assert len({each.canonical_id for each in told}) == 1
    assert [each.decision.relation for each in told] == [Relation.NEW] + [Relation.COPY] * 4


def test_a_replay_inside_one_list_is_a_replay(ctx):
    told = ingest(ctx, [submission(external_id="a"), submission(external_id="a")])
    assert [each.replayed for each in told] == [False, True]


def test_a_list_of_forms_compares_each_with_few_others(ctx, monkeypatch):
    """Unbounded, a hundred of one form would be 4,950 comparisons under the lock."""
    compared = []

    def counting(one, others, policies, furniture, judge=matching.judge):
        judged = judge(one, others, policies, furniture)
        compared.append(len(judged))
        return judged

    monkeypatch.setattr(ledger, "judge", counting)
    forms = [TUESDAY.replace("455", str(n)).replace("1,199", f"1,{n}") for n in range(200, 300)]
    told = ingest(ctx, [submission(source=f"s{n}", text=text, title=str(n)) for n, text in enumerate(forms)])
    assert len(told) == len(forms)
    assert max(compared) <= matching.MOST_CANDIDATES


def test_one_bad_item_does_not_touch_its_neighbours(ctx):
    items = [submission(source="a"), submission(source="b", text=" \n "), submission(source="c")]
    first, bad, last = answer_all(ctx, items)
    assert isinstance(first, Ingested)
    assert isinstance(bad, InvalidSubmission)
    assert isinstance(last, Ingested)
    assert first.canonical_id == last.canonical_id


def test_a_late_article_that_shows_two_stories_to_be_one_merges_them(post, ctx):
    head, tail = "\n\n".join(PARAGRAPHS[:2]), "\n\n".join(PARAGRAPHS[2:])
    one = post(source="a", text=head, title="Velden votes on its market")
    other = post(source="b", text=tail, title="Traders of Velden in the dark")
    assert one.canonical_id != other.canonical_id
    post(source="c")
    assert canonical_of(ctx, one.article_id) == canonical_of(ctx, other.article_id) == one.canonical_id
    merged = [change for change in changes(ctx) if change.type == "canonical.merged"]
    assert [(m.payload["canonical_id"], m.payload["into"]) for m in merged] == [
        (other.canonical_id, one.canonical_id)
    ]


def test_a_story_that_was_met_and_stays_apart_is_named_as_related(post, ctx):
    head, tail = "\n\n".join(PARAGRAPHS[:2]), "\n\n".join(PARAGRAPHS[2:])
    one = post(source="a", text=head, title="Velden votes on its market")
    other = post(source="b", text=tail, title="Traders of Velden in the dark")
    with ctx.store.write() as tx:
        say(tx, LinkKind.CANNOT, 1, 2)
    told = post(source="c")
    apart = {one.canonical_id, other.canonical_id} - {told.canonical_id}
    assert told.canonical_id == canonical_of(ctx, told.article_id)
    assert [(each.canonical_id, each.relation) for each in told.decision.related] == [
        (apart.pop(), Relation.PASSAGES)
    ]
    assert post(source="c").decision == told.decision


def test_stories_that_were_merged_are_not_named_as_related(post):
    head, tail = "\n\n".join(PARAGRAPHS[:2]), "\n\n".join(PARAGRAPHS[2:])
    post(source="a", text=head, title="Velden votes on its market")
    post(source="b", text=tail, title="Traders of Velden in the dark")
    assert post(source="c").decision.related == ()


def test_the_change_feed_counts_up_without_a_gap(post, ctx):
    for n, text in enumerate((*STRANGERS, BODY, BODY)):
        post(source=f"s{n}", text=text, title=f"Headline number {n} of them all")
    assert [change.position for change in changes(ctx)] == list(range(1, len(changes(ctx)) + 1))


def test_two_processes_that_take_in_the_same_story_at_once_leave_one_canonical(open_context):
    """The second looked before the first had stored: it must look again under the lock."""
    one, other = open_context(), open_context()
    first = ingest(one, [submission(source="a")])[0]

    class Late:
        """A store whose snapshot was taken before the first article came."""

        def __init__(self, store):
            self.store = store

        def read(self):
            return self.store.read()

        def write(self):
            ingest(one, [submission(source="b", title="Another printing of the same")])
            return self.store.write()

    second = ingest(replace(other, store=cast("Any", Late(other.store))), [submission(source="c")])[0]
    assert second.canonical_id == first.canonical_id
    assert canonical_of(one, second.article_id) == first.canonical_id


def test_an_article_released_while_another_was_compared_is_met(post, ctx, open_context, clock):
    held = post(source="wire.example", embargoed_until=clock() + timedelta(hours=2))
    clock.pass_(hours=3)
    other = open_context()

    class Late:
        """A store whose snapshot was taken before the embargo's release."""

        def __init__(self, store):
            self.store = store

        def read(self):
            return self.store.read()

        def write(self):
            release_due(ctx)
            return self.store.write()

    told = ingest(replace(other, store=cast("Any", Late(other.store))), [submission(source="c")])[0]
    assert told.canonical_id == held.canonical_id


@pytest.mark.parametrize("count", [40])
def test_a_further_copy_adds_no_keys_to_the_index(post, ctx, count):
    post(source="first")
    with ctx.store.read() as tx:
        before = ingesting.counters(tx).posting
    for n in range(count):
        post(source=f"s{n}")
    with ctx.store.read() as tx:
        assert ingesting.counters(tx).posting == before


# -------------------------------------------------------------------------------- check and embargo
def test_check_answers_like_ingest_and_stores_nothing(post, ctx):
    first = post()
    before = len(changes(ctx))
    told = check(ctx, submission(source="herald.example"))
    assert told.canonical_id == first.canonical_id
    assert told.decision.relation is Relation.COPY
    assert len(changes(ctx)) == before


def test_an_embargoed_article_is_met_by_nobody_until_it_is_due(post, ctx, clock):
    held = post(source="wire.example", embargoed_until=clock() + timedelta(hours=2))
    told = post(source="herald.example")
    assert told.canonical_id != held.canonical_id
    assert check(ctx, submission(source="c")).canonical_id == told.canonical_id


def test_an_embargoed_revision_is_told_to_nobody_and_does_not_speak_yet(post, ctx, clock):
    first = post(source="wire.example", external_id="a1")
    held = post(
        source="wire.example",
        external_id="a1",
        text=BODY.replace("3,700", "3,770"),
        embargoed_until=clock() + timedelta(hours=2),
    )
    assert (held.article_id, held.version) == (first.article_id, 2)
    assert not held.is_canonical
    told = check(ctx, submission(source="c", text=BODY.replace("3,700", "3,770")))
    assert told.decision.revision_kind is RevisionKind.CORRECTION
    assert told.decision.jaccard < 1


def test_a_cancelled_article_no_longer_speaks_for_its_story(post):
    first = post(source="wire.example", external_id="a1")
    copy = post(source="herald.example", text=BODY + "\n\nThe vote was eleven to four.")
    told = post(source="wire.example", external_id="a1", status=Status.CANCELED)
    assert told.canonical_id == first.canonical_id == copy.canonical_id
    assert told.decision.revision_kind is RevisionKind.WITHDRAWAL
    assert not told.is_canonical
