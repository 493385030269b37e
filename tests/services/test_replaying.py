"""An archive judged again under another policy: what would change is told, and nothing is touched."""

from dataclasses import replace

import pytest

from app.dedup.policy import LOOSE, STANDARD, STRICT, Policies, PolicyName
from app.model import Status
from app.services import replaying
from app.services.explain import explain
from app.services.rejudging import Asked
from app.services.replayed import Effect, Regrouping
from app.services.replaying import asked, replay_all
from app.store.sight import EVERYTHING, PUBLIC, Sight
from tests.services.stories import BODY, HEADLINE, MONDAY, NOON, PARAGRAPHS, STRANGERS, TUESDAY

NEVER = Policies(replace(STRICT, join_at=1.0))
ALWAYS = Policies(replace(LOOSE, join_at=1e-9))
CUT = "\n\n".join(PARAGRAPHS[:3])


@pytest.fixture
def replayed(ctx):
    def of(policies, **asked_for):
        pages = list(replay_all(ctx, Asked(policies, **asked_for)))
        return [c for page in pages for c in page.pair_changes], [
            c for page in pages for c in page.story_changes
        ]

    return of


@pytest.fixture
def rows(ctx):
    """All that is stored, to see whether it was touched."""

    def read():
        with ctx.store.read() as tx:
            return {
                name: sorted(map(repr, tx.connection.exec_driver_sql(f"SELECT * FROM {name}")))
                for name in ("article", "story", "membership", "edge", "decision", "change", "counter")
            }

    return read


def test_under_the_policy_of_arrival_nothing_changes(replayed, post):
    post()
    post(source="herald.example")
    post(source="courier.example", text=CUT)
    post(title="Oslund shares", text=MONDAY)
    post(title="Oslund shares", text=TUESDAY, source="herald.example")
    assert replayed(Policies()) == ([], [])


def test_a_story_that_a_stricter_policy_would_split_is_named_with_its_parts(replayed, rows, post):
    first, copy = post(), post(source="herald.example", text=CUT)
    before = rows()
    (pair,), (story,) = replayed(NEVER)
    assert rows() == before
    assert pair.effect is Effect.PART
    assert (pair.a.article_id, pair.b.article_id) == (copy.article_id, first.article_id)
    assert pair.was.joins
    assert not pair.decision.relation.joins
    assert pair.policy == NEVER.default.id
    assert story.effect is Regrouping.SPLIT
    assert [group.canonical_id for group in story.before] == [first.canonical_id]
    assert [(group.canonical_id, group.articles) for group in story.after] == [
        (first.canonical_id, (first.article_id,)),
        (None, (copy.article_id,)),
    ]


def test_stories_that_a_looser_policy_would_merge_keep_the_elder_s_id(replayed, post):
    first = post(title="Oslund shares", text=MONDAY)
    second = post(title="Oslund shares", text=TUESDAY, source="herald.example")
    assert first.canonical_id != second.canonical_id
    (pair,), (story,) = replayed(ALWAYS)
    assert (pair.effect, story.effect) == (Effect.JOIN, Regrouping.MERGE)
    assert {group.canonical_id for group in story.before} == {first.canonical_id, second.canonical_id}
    assert [group.canonical_id for group in story.after] == [first.canonical_id]


def test_a_relation_that_would_be_named_otherwise_changes_no_story(replayed, post):
    post()
    post(source="herald.example", text=CUT)
    uncut = Policies(replace(STANDARD, cut=0.01))
    (pair,), stories = replayed(uncut)
    assert pair.effect is Effect.RENAME
    assert pair.was != pair.decision.relation
    assert stories == []


def test_each_changed_pair_is_told_once_however_the_archive_is_paged(ctx, post):
    for source in ("gazette", "herald", "courier", "mirror"):
        post(source=f"{source}.example", text=BODY + f" Printed by the {source}.")
        post(source=f"{source}.example", title="Oslund shares", text=MONDAY.replace("398", str(len(source))))
    told: set[tuple[object, ...]] = set()
    for limit in (1, 2, 50):
        pages = [replaying.replay(ctx, Asked(NEVER), limit=limit)]
        while pages[-1].more is not None:
            pages.append(replaying.replay(ctx, Asked(NEVER), after=pages[-1].more, limit=limit))
        pairs = [(c.a.key, c.b.key) for page in pages for c in page.pair_changes]
        assert len(pairs) == len(set(pairs))
        told.add((tuple(sorted(pairs)), tuple(repr(c) for page in pages for c in page.story_changes)))
        assert sum(page.stories for page in pages) == 2
    assert len(told) == 1
    assert told != {((), ())}


def test_for_one_source_only_its_pairs_are_judged_again(ctx, replayed, post):
    post()
    post(source="herald.example", text=CUT)
    post(source="courier.example", text=CUT)
    pairs, _ = replayed(Policies(STANDARD, {"courier.example": NEVER.default}), source="courier.example")
    assert pairs
    assert all("courier.example" in {pair.a.source, pair.b.source} for pair in pairs)
    what = asked(ctx, PolicyName.STRICT, source="courier.example")
    assert what.policies == Policies(STANDARD, {"courier.example": STRICT})


def test_a_policy_for_all_leaves_sources_their_own(ctx):
    own = replace(ctx, policies=Policies(STANDARD, {"courier.example": STRICT}))
    assert asked(own, PolicyName.LOOSE).policies == Policies(LOOSE, {"courier.example": STRICT})


def test_pairs_are_chosen_by_when_the_later_one_arrived(clock, replayed, post):
    post()
    clock.pass_(days=1)
    noon = clock.now
    post(source="herald.example", text=CUT)
    clock.pass_(days=1)
    post(source="courier.example", text=CUT)
    sources = {pair.a.source for pair in replayed(NEVER, since=noon, until=clock.now)[0]}
    assert sources == {"herald.example"}
    assert {pair.a.source for pair in replayed(NEVER, since=clock.now)[0]} == {"courier.example"}
    assert replayed(NEVER, until=noon) == ([], [])


def test_what_is_withheld_since_is_left_out(ctx, post):
    post()
    post(source="herald.example", external_id="1", text=CUT)
    post(source="herald.example", external_id="1", text=CUT, status=Status.WITHHELD, version="2")
    pages = list(replay_all(ctx, Asked(NEVER)))
    assert [change for page in pages for change in page.pair_changes] == []
    assert [change for page in pages for change in page.story_changes] == []
    assert sum(page.left_out for page in pages) > 0


def test_what_is_under_embargo_is_not_there_to_be_judged(replayed, post):
    post()
    post(source="herald.example", text=CUT, embargoed_until=NOON.replace(year=2030))
    assert replayed(NEVER) == ([], [])


@pytest.mark.parametrize("held", [{"embargoed_until": NOON.replace(year=2030)}, {"status": Status.WITHHELD}])
def test_what_is_not_seen_is_not_counted_either(ctx, post, held):
    """Whoever asked twice could tell when something came that was not to be told of."""
    post(source="wire.example", external_id="1")
    post(source="herald.example", text=CUT)

    def told(sight):
        return [
            (page.stories, page.pairs, page.left_out, page.cut, page.pair_changes, page.story_changes)
            for page in replay_all(ctx, Asked(NEVER), sight)
        ]

    own = Sight(sources=("wire.example",))
    before = told(PUBLIC)
    assert told(own) == before
    post(source="wire.example", title="Oslund shares", text=MONDAY, **held)
    post(source="wire.example", text=CUT.replace("3,700", "3,770"), **held)
    post(
        source="wire.example",
        external_id="1",
        text=CUT.replace("3,700", "3,770"),
        version="2",
        **held | {"status": Status.USABLE, "embargoed_until": NOON.replace(year=2030)},
    )
    assert told(PUBLIC) == before
    assert [sum(page[0] for page in told(sight)) for sight in (PUBLIC, own, EVERYTHING)] == [1, 3, 3]


def test_strangers_are_looked_at_and_nothing_is_said_of_them(ctx, post):
    for number, text in enumerate(STRANGERS):
        post(title=f"Matter {number}", text=text)
    (page,) = replay_all(ctx, Asked(ALWAYS))
    assert (page.stories, page.pair_changes, page.story_changes) == (len(STRANGERS), (), ())


def test_a_verdict_is_that_of_an_explanation(ctx, replayed, post):
    one, other = post(), post(source="herald.example", text=f"{HEADLINE}\n\n{CUT}")
    (pair,), _ = replayed(NEVER)
    told = explain(replace(ctx, policies=NEVER), one.article_id, other.article_id)
    assert pair.decision == told.decision


def test_each_pair_is_counted_once_also_where_it_lies_between_two_stories(ctx, post):
    post(title="Oslund shares", text=MONDAY)
    post(title="Oslund shares", text=TUESDAY, source="herald.example")
    for limit in (1, 2):
        pages = [replaying.replay(ctx, Asked(Policies()), limit=limit)]
        while pages[-1].more is not None:
            pages.append(replaying.replay(ctx, Asked(Policies()), after=pages[-1].more, limit=limit))
        assert sum(page.pairs for page in pages) == 1
