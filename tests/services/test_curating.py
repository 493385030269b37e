"""People decide: what they say of stories holds against the machine, in everything that comes later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.dedup.policy import LOOSE, Policies
from app.errors import Conflict, Contradiction, InvalidValue, NotFound, StaleCanonical
from app.model import Ingested, LinkKind, Status
from app.services.acting import Order
from app.services.curating import detach, keep_apart, link_articles, merge, split, unlink
from app.services.ingest import ingest
from app.services.reading import read_article, read_story
from app.services.rejudging import Asked
from app.services.releasing import release_due
from app.services.replaying import replay_all
from app.services.views import Moved, StoryPage
from app.store import audits
from app.store.audits import AuditFilters
from app.store.reading import changes_after
from app.store.sight import EVERYTHING
from tests.services.conftest import PAPERS
from tests.services.stories import BODY, HEADLINE, NOON, PARAGRAPHS, STRANGERS, submission

ANN = Order(by="ann", why="two events")


def changes(ctx, *types):
    with ctx.store.read() as tx:
        return [each for each in changes_after(tx, 0, limit=1_000) if each.type in types]


def log(ctx):
    with ctx.store.read() as tx:
        return audits.audits_before(tx, AuditFilters(), before=None, limit=100)


def state(ctx, canonical_id):
    page = read_story(ctx, canonical_id, limit=9)
    assert isinstance(page, StoryPage)
    return page.state


# ------------------------------------------------------------------------------------------------- split
def test_a_wrong_join_that_was_split_stays_split(ctx, post, copies, stories, settle):
    split(ctx, ANN, read_article(ctx, copies[0]).story.id, [copies[2:]])
    apart = [[0, 1], [2, 3]]
    assert stories(*copies) == apart
    settle()
    assert stories(*copies) == apart
    for paper in PAPERS:  # sent again, then revised
        post(source=f"{paper}.example", text=f"{BODY}\n\nPrinted by the {paper}.")
    settle()
    assert stories(*copies) == apart
    late = post(source="late.example").article_id
    settle()
    assert stories(*copies) == apart
    assert stories(*copies, late) in ([[0, 1, 4], [2, 3]], [[0, 1], [2, 3, 4]])
    everything = Policies(replace(LOOSE, join_at=1e-9))
    assert [page.story_changes for page in replay_all(ctx, Asked(everything))] == [()]


def test_new_versions_of_both_sides_stay_apart(ctx, post, stories, settle):
    one, other = (post(source=f"{name}.example", external_id="1").article_id for name in ("a", "b"))
    detach(ctx, ANN, other)
    for name in ("a", "b"):
        post(source=f"{name}.example", external_id="1", text=BODY + " More is to come.")
        settle()
    assert stories(one, other) == [[0], [1]]


def test_what_is_released_later_joins_one_side_only(ctx, post, clock, copies, stories, settle):
    held = post(source="held.example", embargoed_until=NOON + timedelta(hours=6)).article_id
    split(ctx, ANN, read_article(ctx, copies[0]).story.id, [copies[2:]])
    clock.pass_(hours=7)
    assert release_due(ctx) == 1
    settle()
    assert stories(*copies) == [[0, 1], [2, 3]]
    assert len(stories(*copies, held)) == 2


def test_whoever_is_split_off_says_so_on_the_feed_and_in_the_membership(ctx, copies, home):
    before = home(copies[0])
    told = split(ctx, ANN, before, [copies[2:]])
    assert home(copies[0]) == before
    (change,) = changes(ctx, "canonical.split")
    assert change.payload == {
        "canonical_id": before,
        "into": home(copies[2]),
        "article_ids": copies[2:],
        "reason": "two events",
    }
    (applied,) = changes(ctx, "curation.applied")
    assert applied.payload == {
        "audit_id": told.audit_id,
        "action": "split",
        "canonical_ids": [before, home(copies[2])],
        "by": "ann",
        "reason": "two events",
    }
    with ctx.store.read() as tx:
        rows = tx.connection.exec_driver_sql(
            'SELECT "by", why FROM membership WHERE until IS NULL ORDER BY article'
        ).all()
    assert [(bytes(row[0]), bytes(row[1])) for row in rows[2:]] == [(b"ann", b"two events")] * 2


def test_a_part_of_several_groups_and_the_rest_are_all_apart(ctx, copies, stories, settle):
    told = split(ctx, ANN, read_article(ctx, copies[0]).story.id, [[copies[3]], [copies[1], copies[2]]])
    settle()
    assert stories(*copies) == [[0], [1, 2], [3]]
    assert len(told.stories) == 3
    assert [link.row.kind for link in told.added] == [LinkKind.CANNOT, LinkKind.MUST]


def test_the_founder_s_id_goes_with_the_founder(ctx, copies, home):
    before = home(copies[0])
    split(ctx, ANN, before, [[copies[0]]])
    assert home(copies[0]) == before
    assert home(copies[1]) != before


@pytest.mark.parametrize(
    ("groups", "field"),
    [
        ([[0, 1, 2, 3]], "groups"),
        ([[0], [0, 1]], "groups"),
        ([[0, "stranger"]], "groups"),
    ],
)
def test_what_is_no_split_is_refused(ctx, post, copies, groups, field):
    ids: dict[object, str] = dict(enumerate(copies))
    ids["stranger"] = post(text=STRANGERS[0], title="A comet").article_id
    with pytest.raises(InvalidValue) as refused:
        split(ctx, ANN, read_article(ctx, copies[0]).story.id, [[ids[n] for n in group] for group in groups])
    assert refused.value.field == field
    assert log(ctx) == []


# ------------------------------------------------------------------------------------------------- merge
@pytest.fixture
def strangers(post):
    made = [
        post(source=f"s{n}.example", title=f"{HEADLINE} {n}", text=text) for n, text in enumerate(STRANGERS)
    ]
    return [each.article_id for each in made]


def test_merged_stories_are_one_under_the_eldest_founder_s_id_and_stay_so(
    ctx, strangers, home, stories, settle
):
    ids = [home(each) for each in strangers]
    told = merge(ctx, ANN, ids[1], [ids[0], ids[2]])
    assert [page.view.story.id for page in told.stories] == [ids[0]]
    assert [read_story(ctx, each, limit=9) for each in ids[1:]] == [Moved(ids[0])] * 2
    settle()
    assert stories(*strangers) == [[0, 1, 2]]
    assert {each.payload["canonical_id"] for each in changes(ctx, "canonical.merged")} == set(ids[1:])


def test_a_story_that_comes_apart_again_has_its_old_id(ctx, strangers, home):
    ids = [home(each) for each in strangers]
    merge(ctx, ANN, ids[0], ids[1:])
    split(ctx, replace(ANN, overrule=True), ids[0], [[strangers[1]]])
    assert [home(each) for each in strangers] == [ids[0], ids[1], ids[0]]
    assert all(read_story(ctx, each, limit=9) for each in ids)


def test_new_copies_of_both_go_into_the_merged_story(ctx, post, strangers, home, stories, settle):
    merge(ctx, ANN, home(strangers[0]), [home(strangers[1])])
    copies = [
        post(source=f"again{n}.example", title=f"{HEADLINE} {n}", text=STRANGERS[n]).article_id
        for n in (0, 1)
    ]
    settle()
    assert stories(*strangers[:2], *copies) == [[0, 1, 2, 3]]


def test_what_is_under_embargo_is_not_merged(ctx, post, strangers, home):
    held = post(source="held.example", embargoed_until=NOON + timedelta(hours=6))
    with pytest.raises(Conflict, match="embargo"):
        merge(ctx, replace(ANN, sight=EVERYTHING), home(strangers[0]), [held.canonical_id])
    with pytest.raises(NotFound):
        merge(ctx, ANN, home(strangers[0]), [held.canonical_id])
    with pytest.raises(NotFound):
        detach(ctx, ANN, held.article_id)


# ------------------------------------------------------------------------------- detach, link, keep apart
def test_a_detached_article_is_alone_and_stays_so(ctx, copies, stories, settle):
    detach(ctx, ANN, copies[1])
    settle()
    assert stories(*copies) == [[0, 2, 3], [1]]
    with pytest.raises(Conflict, match="alone"):
        detach(ctx, ANN, copies[1])


def test_different_stories_are_never_joined_however_alike_they_become(
    ctx, post, strangers, home, stories, settle
):
    keep_apart(ctx, ANN, [home(strangers[0]), home(strangers[1])])
    both = f"{STRANGERS[0]}\n\n{STRANGERS[1]}"
    for n in (0, 1):
        post(source=f"s{n}.example", title=f"{HEADLINE} {n}", text=both)
        post(source=f"new{n}.example", title=f"{HEADLINE} {n}", text=both)
        settle()
    assert stories(*strangers[:2]) == [[0], [1]]


def test_two_articles_that_are_different_come_apart_and_the_others_choose(ctx, copies, stories, settle):
    told = link_articles(ctx, ANN, LinkKind.CANNOT, [copies[0], copies[3]])
    settle()
    now = stories(*copies)
    assert len(now) == 2
    assert not any({0, 3} <= set(each) for each in now)
    assert len(told.stories) == 2


def test_two_articles_that_are_one_story_come_together(ctx, strangers, stories, settle):
    link_articles(ctx, ANN, LinkKind.MUST, strangers[:2])
    settle()
    assert stories(*strangers) == [[0, 1], [2]]


def test_a_link_that_is_taken_back_leaves_the_machine_s_judgement(ctx, copies, strangers, stories, settle):
    apart = detach(ctx, ANN, copies[1]).added[0].row
    unlink(ctx, ANN, apart.id)
    settle()
    assert stories(*copies) == [[0, 1, 2, 3]]
    together = link_articles(ctx, ANN, LinkKind.MUST, strangers[:2]).added[0].row
    unlink(ctx, ANN, together.id)
    settle()
    assert stories(*strangers) == [[0], [1], [2]]
    with pytest.raises(Conflict):
        unlink(ctx, ANN, together.id)
    with pytest.raises(NotFound):
        unlink(ctx, ANN, "lnk_none")


# -------------------------------------------------------------------------------------- people disagreeing
def test_what_speaks_against_an_earlier_word_is_refused_with_the_links_that_say_so(
    ctx, strangers, home, stories
):
    a, b, c = strangers
    first = link_articles(ctx, ANN, LinkKind.MUST, [a, b]).added[0].row
    second = link_articles(ctx, ANN, LinkKind.MUST, [b, c]).added[0].row
    with pytest.raises(Contradiction) as refused:
        link_articles(ctx, Order(by="bob", why="no"), LinkKind.CANNOT, [a, c])
    assert set(refused.value.links) == {first.id, second.id}
    with pytest.raises(Contradiction):
        detach(ctx, Order(by="bob", why="no"), b)
    assert stories(*strangers) == [[0, 1, 2]]
    assert len(log(ctx)) == 2


def test_stories_that_are_kept_apart_are_not_merged(ctx, strangers, home):
    ids = [home(each) for each in strangers]
    kept = keep_apart(ctx, ANN, ids[:2]).added[0].row
    with pytest.raises(Contradiction) as refused:
        merge(ctx, ANN, ids[0], ids[1:])
    assert refused.value.links == [kept.id]


def test_whoever_overrules_takes_back_no_more_than_has_to_be(ctx, strangers, post, home, stories, settle):
    fourth = post(source="s9.example", title="Form", text=PARAGRAPHS[0] + PARAGRAPHS[1]).article_id
    all_ = [*strangers, fourth]
    merge(ctx, ANN, home(all_[0]), [home(each) for each in all_[1:]])
    told = detach(ctx, Order(by="bob", why="not this one", overrule=True), all_[3])
    settle()
    assert stories(*all_) == [[0, 1, 2], [3]]
    assert len(told.ended) == 1
    (rest,) = [link.row for link in told.added if link.row.said.must]
    assert (rest.by, rest.why, len(rest.said.articles)) == ("ann", "two events", 3)


def test_whoever_overrules_a_no_leaves_the_others_apart(ctx, strangers, home, stories, settle):
    keep_apart(ctx, ANN, [home(each) for each in strangers])
    link_articles(ctx, Order(by="bob", why="one after all", overrule=True), LinkKind.MUST, strangers[:2])
    settle()
    assert stories(*strangers) == [[0, 1], [2]]


def test_chains_of_words_are_overruled_until_none_is_left(ctx, strangers, stories, settle):
    a, b, c = strangers
    link_articles(ctx, ANN, LinkKind.MUST, [a, b])
    link_articles(ctx, ANN, LinkKind.MUST, [b, c])
    link_articles(ctx, Order(by="bob", why="no", overrule=True), LinkKind.CANNOT, [a, c])
    settle()
    assert not any({0, 2} <= set(each) for each in stories(*strangers))


# --------------------------------------------------------------------------------------- states, rehearsals
def test_a_story_that_changed_since_it_was_read_is_left_alone(ctx, post, copies, home):
    read = state(ctx, home(copies[0]))
    post(source="fifth.example")
    with pytest.raises(StaleCanonical):
        split(ctx, ANN, home(copies[0]), [copies[2:]], states={read})
    assert log(ctx) == []
    split(ctx, ANN, home(copies[0]), [copies[2:]], states={"other", state(ctx, home(copies[0]))})


def test_an_absorbed_id_cannot_be_curated(ctx, strangers, home):
    ids = [home(each) for each in strangers]
    merge(ctx, ANN, ids[0], [ids[1]])
    with pytest.raises(Conflict, match=ids[0]):
        split(ctx, ANN, ids[1], [[strangers[1]]])
    with pytest.raises(NotFound):
        merge(ctx, ANN, "can_none", [ids[0]])
    with pytest.raises(InvalidValue):
        merge(ctx, ANN, ids[0], [ids[0]])


def test_a_rehearsal_tells_what_would_be_and_changes_nothing(ctx, copies, home, stories):
    with ctx.store.read() as tx:
        tables = ("article", "story", "membership", "link", "link_end", "change", "counter", "audit")
        before = {name: tx.connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables}
    told = split(ctx, replace(ANN, dry_run=True), home(copies[0]), [copies[2:]])
    assert told.audit_id == ""
    assert [(page.view.story.id, page.view.story.members) for page in told.stories] == [
        (home(copies[0]), 2),
        ("", 2),
    ]
    with ctx.store.read() as tx:
        assert {
            name: tx.connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables
        } == before
    assert stories(*copies) == [[0, 1, 2, 3]]


def test_the_log_keeps_who_why_and_what_stood_before_and_after(ctx, copies, home):
    before = home(copies[0])
    told = detach(ctx, ANN, copies[3])
    (row,) = log(ctx)
    assert (row.id, row.by, row.why, row.action) == (told.audit_id, "ann", "two events", "detach")
    assert row.asked == {"article_id": copies[3]}
    assert [each["articles"] for each in row.before] == [copies]
    assert [(each["canonical_id"], each["articles"]) for each in row.after] == [
        (before, copies[:3]),
        (home(copies[3]), copies[3:]),
    ]


def test_what_is_withheld_can_be_curated(ctx, post, copies, home, stories):
    post(source="mirror.example", text=f"{BODY}\n\nPrinted by the mirror.", status=Status.WITHHELD)
    detach(ctx, ANN, copies[3])
    assert stories(*copies) == [[0, 1, 2], [3]]


def test_a_story_too_large_to_be_derived_keeps_to_what_was_said(ctx, copies, stories, monkeypatch):
    monkeypatch.setattr("app.services.curating.MOST_TOGETHER", 2)
    monkeypatch.setattr("app.services.rederiving.MOST_TOGETHER", 2)
    link_articles(ctx, ANN, LinkKind.CANNOT, [copies[1], copies[2]])
    assert stories(*copies) == [[0, 1, 3], [2]]
    link_articles(ctx, replace(ANN, overrule=True), LinkKind.MUST, [copies[1], copies[2]])
    assert stories(*copies) == [[0, 1, 2, 3]]


def test_no_id_ever_dies(ctx, copies, strangers, home):
    """Whatever people do, every ID that was ever given out leads to a story."""
    merge(ctx, ANN, home(copies[0]), [home(strangers[0])])
    split(ctx, replace(ANN, overrule=True), home(copies[0]), [[copies[0], strangers[0]], [copies[2]]])
    merge(ctx, replace(ANN, overrule=True), home(copies[2]), [home(copies[3]), home(strangers[1])])
    detach(ctx, replace(ANN, overrule=True), copies[3])
    given = {each.payload["canonical_id"] for each in changes(ctx, "canonical.created")}
    assert len(given) > 4
    for id_ in given:
        page = read_story(ctx, id_, limit=9)
        while isinstance(page, Moved):
            page = read_story(ctx, page.survivor, limit=9)
        assert page.members


def test_two_in_one_group_of_arrivals_join_one_side_each_or_the_same(ctx, copies, stories, settle, home):
    split(ctx, ANN, home(copies[0]), [copies[2:]])
    made = ingest(ctx, [submission(source=f"late{n}.example") for n in range(3)])
    settle()
    assert stories(*copies) == [[0, 1], [2, 3]]
    late = [each.article_id for each in made if isinstance(each, Ingested)]
    assert len(stories(*copies, *late)) == 2
