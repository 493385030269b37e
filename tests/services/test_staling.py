"""Who still prints what the origin corrected or withdrew, told as stories."""

from datetime import timedelta

import pytest

from app.errors import Conflict, NotFound
from app.model import ArticleKey, LinkKind, Status
from app.services import staling
from app.services.acting import Order
from app.services.auditing import AuditFilters, list_audit
from app.services.curating import link_articles
from app.services.following import read_page
from app.services.ingest import ingest
from app.services.ledger import Ledger
from app.services.placing import regroup
from app.services.reading import read_article
from app.services.rederiving import rederive_step
from app.services.releasing import release_due
from app.services.stale_list import dismiss_stale, list_stale, read_stale
from app.services.staling import stale_step
from app.services.undoing import undo
from app.store import ingesting
from app.store.reading import changes_after
from app.store.sight import EVERYTHING, PUBLIC, Sight
from app.store.stale_copies import StaleFilters, StaleReason, StaleState
from tests.services.stories import BODY, HEADLINE, NOON, PARAGRAPHS, STRANGERS, submission
from tests.store.said import say

WIRE = {"source": "reuters.com", "agency": "Reuters", "external_id": "w1"}
CORRECTED = BODY.replace("3,700", "3,770")
OUTLETS = ("gazette", "herald", "times", "post", "courier")


@pytest.fixture
def settle(ctx):
    def run():
        steps = 0
        while stale_step(ctx):
            steps += 1
            assert steps < 200
        return steps

    return run


@pytest.fixture
def listed(ctx, settle):
    """Entries of the list once all is looked at: who, what they say, what they should say."""

    def read(state=StaleState.OPEN, **filters):
        settle()
        views, _ = list_stale(ctx, StaleFilters(state=state, **filters), before=None, limit=100)
        return {
            view.copy.source.removesuffix(".example"): [(each.old, each.new) for each in view.passages]
            for view in views
        }

    return read


@pytest.fixture
def told(ctx):
    def read(*kinds):
        with ctx.store.read() as tx:
            return [change for change in changes_after(tx, 0, limit=5_000) if change.type in kinds]

    return read


@pytest.fixture
def wire(post):
    """A wire story with five outlets' copies; one of them left the paragraph with the number out."""
    first = post(**WIRE)
    for outlet in OUTLETS[:4]:
        post(source=f"{outlet}.example", external_id="c", text=f"{BODY}\n\nRead on in {outlet}.")
    post(source="courier.example", external_id="c", text="\n\n".join(PARAGRAPHS[:3]))
    return first


def correct(post, **fields):
    return post(**WIRE, title=f"CORRECTED-{HEADLINE}", **{"text": CORRECTED, **fields})


def test_every_copy_that_has_the_old_number_is_listed_with_its_passage(ctx, post, wire, listed, told):
    assert listed() == {}
    corrected = correct(post)
    assert listed() == {outlet: [("3,700", "3,770")] for outlet in OUTLETS[:4]}
    view = list_stale(ctx, StaleFilters(source="herald.example"), before=None, limit=9)[0][0]
    (passage,) = view.passages
    assert passage.text.startswith("The council will spend 3,700 crowns")
    sent = f"{BODY}\n\nRead on in herald."
    assert passage.old_span is not None
    assert sent[slice(*passage.span)] == passage.text
    assert sent[slice(*passage.old_span)] == "3,700"
    assert view.correction is not None
    assert (view.correction.article_id, view.correction.version.number) == (
        wire.article_id,
        corrected.version,
    )
    assert (view.row.reason, view.row.state) == (StaleReason.CORRECTION, StaleState.OPEN)
    assert view.canonical_id == wire.canonical_id
    events = told("copy.stale")
    assert {event.payload["source"] for event in events} == {f"{outlet}.example" for outlet in OUTLETS[:4]}
    assert {event.payload["stale_id"] for event in events} >= {view.row.id}
    assert {event.payload["correction_version"] for event in events} == {2}


def test_a_copy_that_takes_the_correction_over_is_stale_no_more(ctx, post, wire, listed, told):
    correct(post)
    listed()
    post(source="herald.example", external_id="c", text=CORRECTED)
    assert listed().keys() == {"gazette", "times", "post"}
    (event,) = told("copy.refreshed")
    assert (event.payload["source"], event.payload["outcome"], event.payload["version"]) == (
        "herald.example",
        "refreshed",
        2,
    )
    assert listed(StaleState.RESOLVED).keys() == {"herald"}
    assert read_stale(ctx, event.payload["stale_id"]).row.closed == event.position


def test_a_copy_that_arrives_late_with_the_old_number_is_stale_at_once(post, wire, listed):
    correct(post)
    listed()
    post(source="late.example", text=BODY)
    assert listed()["late"] == [("3,700", "3,770")]
    post(source="fresh.example", text=CORRECTED)
    assert "fresh" not in listed()


def test_an_original_that_arrives_after_its_correction_is_understood(post, listed):
    post(**WIRE, title=f"CORRECTED-{HEADLINE}", text=CORRECTED, version="2")
    post(source="herald.example")
    assert listed() == {}
    post(**WIRE, version="1")
    assert listed() == {"herald": [("3,700", "3,770")]}


def test_a_number_that_only_a_copy_changed_is_its_own(post, wire, listed):
    post(source="gazette.example", external_id="c", title=f"CORRECTED-{HEADLINE}", text=CORRECTED)
    assert listed() == {}


def test_an_update_with_newer_facts_makes_no_copy_stale(post, wire, listed):
    newer = BODY.replace("14 cracked", "19 cracked") + "\n\n" + STRANGERS[0]
    told = post(**WIRE, title=f"UPDATE 1-{HEADLINE}", text=newer)
    assert told.decision.revision_kind == "update"
    assert listed() == {}
    correct(post, text=newer.replace("3,700", "3,770"))
    assert set(map(tuple, listed().values())) == {(("3,700", "3,770"),)}


def test_a_second_correction_is_told_in_its_words_and_an_update_repeats_nothing(post, wire, listed, told):
    correct(post)
    listed()
    before = len(told("copy.stale"))
    post(**WIRE, title=f"UPDATE 2-{HEADLINE}", text=f"{CORRECTED}\n\n{STRANGERS[0]}")
    assert listed()["gazette"] == [("3,700", "3,770")]
    assert len(told("copy.stale")) == before
    correct(post, text=BODY.replace("3,700", "3,707"))
    assert listed()["gazette"] == [("3,700", "3,707")]
    assert {event.payload["outcome"] for event in told("copy.refreshed")} == {"superseded"}


def test_a_kill_makes_every_copy_stale_as_a_whole_until_it_is_withdrawn_too(post, wire, listed, told):
    post(**WIRE, status=Status.CANCELED)
    assert listed() == {outlet: [] for outlet in OUTLETS}
    assert listed(reason=StaleReason.WITHDRAWAL).keys() == set(OUTLETS)
    post(source="post.example", external_id="c", text=f"{BODY}\n\nRead on in post.", status=Status.CANCELED)
    assert listed().keys() == set(OUTLETS) - {"post"}
    assert [event.payload["outcome"] for event in told("copy.refreshed")] == ["withdrawn"]


def test_a_notice_of_its_own_withdraws_and_a_restored_story_stands_again(post, wire, listed, told):
    post(
        source="reuters.com",
        agency="Reuters",
        external_id="kill",
        title=f"STORY WITHDRAWN-{HEADLINE}",
        text=f'The Nov. 3 story headlined "{HEADLINE}" is wrong and is withdrawn. There will be no substitute.',
        published_at=NOON + timedelta(hours=1),
    )
    assert listed().keys() == set(OUTLETS)
    post(
        **WIRE,
        text=f"{BODY}\n\nThe inquiry has begun.",
        updated_at=NOON + timedelta(hours=2),
    )
    assert listed() == {}
    assert {event.payload["outcome"] for event in told("copy.refreshed")} == {"restored"}


def test_a_person_may_dismiss_an_entry_and_the_same_correction_does_not_bring_it_back(
    ctx, post, wire, listed, told
):
    correct(post)
    listed()
    view = list_stale(ctx, StaleFilters(source="times.example"), before=None, limit=9)[0][0]
    done = dismiss_stale(ctx, view.row.id, by="desk", why="Quoted as an error on purpose.")
    assert (done.row.state, done.row.by) == (StaleState.DISMISSED, "desk")
    assert dismiss_stale(ctx, view.row.id, by="other", why="again").row == done.row
    post(source="times.example", external_id="c", text=f"{BODY}\n\nRead on in the times.")
    assert "times" not in listed()
    assert [event.payload["why"] for event in told("copy.dismissed")] == ["Quoted as an error on purpose."]
    correct(post, text=CORRECTED.replace("260 people", "240 people"))
    assert listed()["times"] == [("260", "240"), ("3,700", "3,770")]
    post(source="herald.example", external_id="c", text=CORRECTED.replace("260 people", "240 people"))
    listed()
    refreshed = list_stale(
        ctx, StaleFilters(source="herald.example", state=StaleState.RESOLVED), before=None, limit=9
    )[0][0]
    with pytest.raises(Conflict):
        dismiss_stale(ctx, refreshed.row.id, by="desk", why="late")
    with pytest.raises(NotFound):
        dismiss_stale(ctx, "stl_nobody", by="desk", why="what?")


def test_a_dismissal_stands_in_the_log_and_is_taken_back_there(ctx, post, wire, listed):
    correct(post)
    listed()
    view = list_stale(ctx, StaleFilters(source="times.example"), before=None, limit=9)[0][0]
    dismiss_stale(ctx, view.row.id, by="desk", why="Quoted as an error.")
    (entry,), _ = list_audit(ctx, AuditFilters(action="dismiss"), before=None, limit=9)
    assert (entry.row.by, entry.row.why) == ("desk", "Quoted as an error.")
    assert entry.row.asked == {"stale_id": view.row.id, "article_id": view.copy.article_id}
    dismiss_stale(ctx, view.row.id, by="desk", why="again")
    assert len(list_audit(ctx, AuditFilters(), before=None, limit=9)[0]) == 1
    order = Order(by="chief", why="It is no quotation.")
    undo(ctx, order, entry.row.id)
    assert listed()["times"] == [("3,700", "3,770")]
    assert read_stale(ctx, view.row.id).row.outcome == "undone"
    with pytest.raises(Conflict, match="dismissed no more"):
        undo(ctx, order, entry.row.id)


@pytest.mark.parametrize(
    "held",
    [
        {"status": Status.WITHHELD},
        {"status": Status.WITHHELD, "embargoed_until": NOON + timedelta(hours=9)},
        {"status": Status.CANCELED, "embargoed_until": NOON + timedelta(hours=9)},
    ],
)
def test_whoever_prints_a_story_is_told_of_a_withdrawal_that_may_not_be_shown(ctx, post, wire, listed, held):
    taken_back = post(**WIRE, title="The sealed verdict", text=f"{BODY}\n\nSealed.", **held)
    assert listed() == {outlet: [] for outlet in OUTLETS}
    for sight in (PUBLIC, Sight(sources=("herald.example",))):
        told = [row for row in read_page(ctx, 0, limit=999, sight=sight).rows if row.type == "copy.stale"]
        assert {row.payload["source"] for row in told} == {f"{outlet}.example" for outlet in OUTLETS}
        assert {row.payload["correction_version"] for row in told} == {None}
        assert {row.payload["correction_article_id"] for row in told} == {wire.article_id}
        views, _ = list_stale(ctx, StaleFilters(), before=None, limit=9, sight=sight)
        assert {view.correction for view in views} == {None}
        assert read_stale(ctx, views[0].row.id, sight).row.reason is StaleReason.WITHDRAWAL
        assert "ealed" not in repr((told, views))
    view = list_stale(ctx, StaleFilters(), before=None, limit=1, sight=EVERYTHING)[0][0]
    assert view.correction is not None
    assert view.correction.version.number == taken_back.version
    rows = read_page(ctx, 0, limit=999, sight=EVERYTHING).rows
    assert {row.payload["correction_version"] for row in rows if row.type == "copy.stale"} == {
        taken_back.version
    }


def test_a_cancellation_under_embargo_counts_at_once_and_its_end_changes_nothing(
    ctx, post, wire, listed, clock
):
    told = post(**WIRE, status=Status.CANCELED, embargoed_until=clock.now + timedelta(hours=1))
    assert read_article(ctx, wire.article_id, EVERYTHING).current.version.number == told.version
    stale = listed()
    clock.pass_(hours=2)
    release_due(ctx)
    assert listed() == stale
    assert list_stale(ctx, StaleFilters(), before=None, limit=1)[0][0].correction is not None


def test_what_was_never_out_and_is_taken_back_leads_nobody_to_it(ctx, post, listed, told, clock):
    until = clock.now + timedelta(hours=1)
    held = post(**WIRE, embargoed_until=until)
    post(source="herald.example")
    post(**WIRE, embargoed_until=until, status=Status.CANCELED)
    order = Order(by="eve", why="the same?", sight=EVERYTHING)
    other = next(row for row in told("article.ingested") if row.payload["source"] == "herald.example")
    with pytest.raises(Conflict, match="embargo"):
        link_articles(ctx, order, LinkKind.MUST, [held.article_id, other.payload["article_id"]])
    assert listed() == {}
    clock.pass_(hours=2)
    release_due(ctx)
    assert listed() == {"herald": []}


def test_a_copy_that_leaves_the_story_is_stale_no_more(ctx, post, wire, listed, told):
    correct(post)
    listed()
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        others = [ArticleKey(key) for key in range(1, 7) if key != 3]
        say(tx, LinkKind.CANNOT, others, [ArticleKey(3)], since=ledger.next_position())
        ledger.load_articles([ArticleKey(1)])
        regroup(ledger, [ledger.articles[ArticleKey(1)].founder], why="a person said so")
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)
    assert "herald" not in listed()
    assert [event.payload["outcome"] for event in told("copy.refreshed")] == ["left"]


def test_a_correction_under_embargo_counts_from_its_release_on(ctx, post, wire, listed, clock):
    correct(post, embargoed_until=clock.now + timedelta(hours=1))
    assert listed() == {}
    clock.pass_(hours=2)
    release_due(ctx)
    assert listed().keys() == set(OUTLETS[:4])


def test_without_an_agency_the_one_who_published_first_is_the_origin(post, listed):
    post(source="herald.example", published_at=NOON + timedelta(hours=1))
    post(source="first.example", external_id="1", published_at=NOON)
    post(
        source="first.example",
        external_id="1",
        published_at=NOON,
        title=f"CORRECTED-{HEADLINE}",
        text=CORRECTED,
    )
    assert listed() == {"herald": [("3,700", "3,770")]}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
@pytest.mark.parametrize("between", [True, False])
def test_the_order_of_arrivals_does_not_matter(ctx, listed, settle, order, between):
    steps = [
        submission(**WIRE, version="1"),
        submission(**WIRE, version="2", title=f"CORRECTED-{HEADLINE}", text=CORRECTED),
        submission(source="herald.example"),
        submission(source="fresh.example", text=CORRECTED),
    ]
    for place in order:
        ingest(ctx, [steps[place]])
        if between:
            settle()
    assert listed() == {"herald": [("3,700", "3,770")]}


def test_many_copies_are_looked_at_a_few_at_a_time(ctx, post, monkeypatch, settle, listed):
    monkeypatch.setattr(staling, "LOOKED_AT", 3)
    post(**WIRE)
    for number in range(8):
        post(source=f"s{number}.example")
    correct(post)
    assert settle() >= 4
    assert len(listed()) == 8
    first, more = list_stale(ctx, StaleFilters(), before=None, limit=5)
    rest, end = list_stale(ctx, StaleFilters(), before=more, limit=5)
    assert (len(first), len(rest), end) == (5, 3, None)


def test_the_list_is_narrowed_to_a_story(ctx, post, wire, listed):
    correct(post)
    listed()
    other = post(source="comet.example", title="Comet", text=STRANGERS[0])

    def of(canonical_id):
        return len(list_stale(ctx, StaleFilters(), canonical_id=canonical_id, before=None, limit=99)[0])

    assert (of(wire.canonical_id), of(other.canonical_id)) == (4, 0)
    with pytest.raises(NotFound):
        of("can_nobody")


def test_nothing_to_do_is_nothing_done(post, settle, told):
    for number, text in enumerate(STRANGERS):
        post(title=f"Story {number}", text=text)
    assert settle() == 1
    assert settle() == 0
    assert told("copy.stale", "copy.refreshed") == []


def all_changes(ctx):
    return read_page(ctx, 0, limit=1_000).rows


RECURRING = "Market stalls of Velden and what they cost today"


def market_report(post, day, text, **fields):
    """The wire's report of a day, under the headline it has every day."""
    return post(source="reuters.com", agency="Reuters", external_id=day, title=RECURRING, text=text, **fields)


@pytest.mark.parametrize("killed", ["KILL", STRANGERS[1]])
def test_a_kill_takes_back_its_own_article_and_no_other_of_its_headline(ctx, post, listed, killed):
    days = []
    for day, text in (("monday", STRANGERS[0]), ("tuesday", STRANGERS[1])):
        told = market_report(post, day, text, published_at=None)
        post(source=f"{day}.example", external_id="c", title=RECURRING, text=text, published_at=None)
        days.append(told.canonical_id)
    kill = market_report(post, "tuesday", killed, published_at=None, status=Status.CANCELED)
    wednesday = market_report(post, "wednesday", STRANGERS[2], published_at=None)
    while rederive_step(ctx):
        pass
    assert listed() == {"tuesday": []}
    assert kill.canonical_id == days[1]
    assert wednesday.canonical_id not in days
    assert {"canonical.merged", "canonical.split", "review.needed"}.isdisjoint(
        each.type for each in all_changes(ctx)
    )


@pytest.mark.parametrize("printed", [0, 1], ids=["alone", "with a copy"])
def test_a_notice_takes_back_the_last_of_several_of_its_headline_and_joins_none(ctx, post, listed, printed):
    told = []
    for day, text in enumerate(STRANGERS):
        at = NOON + timedelta(days=day)
        told.append(market_report(post, f"day {day}", text, published_at=at))
        if printed:
            post(source=f"{day}.example", external_id="c", title=RECURRING, text=text, published_at=at)
        if day == 1:
            kill = market_report(
                post, "notice", "Kill this at once.", published_at=at, status=Status.CANCELED
            )
    while rederive_step(ctx):
        pass
    assert listed() == ({"1": []} if printed else {})
    assert len({each.canonical_id for each in told}) == 3
    assert kill.canonical_id == told[1].canonical_id
    assert {"canonical.merged", "canonical.split"}.isdisjoint(each.type for each in all_changes(ctx))


def test_undated_reports_of_one_headline_are_not_made_one_by_a_notice(ctx, post):
    told = [
        market_report(post, f"day {day}", text, published_at=None) for day, text in enumerate(STRANGERS[:2])
    ]
    market_report(post, "notice", "Kill this at once.", published_at=None, status=Status.CANCELED)
    told.append(market_report(post, "day 3", STRANGERS[2], published_at=None))
    while rederive_step(ctx):
        pass
    assert len({read_article(ctx, each.article_id, EVERYTHING).story.founder for each in told}) == 3


def test_two_kills_in_the_same_words_take_back_the_story_that_each_names(ctx, post):
    words = "Editors, please kill this story at once, a corrected version will follow."
    told = []
    for title, text in (("Buses stand still in Ostra for days", STRANGERS[1]), (RECURRING, STRANGERS[0])):
        named = {"source": "reuters.com", "agency": "Reuters", "title": title}
        first = post(**named, external_id=f"{title} 1", text=text)
        kill = post(**named, external_id=f"{title} 2", text=words, status=Status.CANCELED)
        told.append((first.canonical_id, kill.canonical_id))
    while rederive_step(ctx):
        pass
    assert [len(set(each)) for each in told] == [1, 1]
    assert told[0] != told[1]
    assert {"canonical.merged", "canonical.split"}.isdisjoint(each.type for each in all_changes(ctx))
