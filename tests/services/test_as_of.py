"""What was said at an earlier time, told from what is stored and from the change feed alone."""

import random
from datetime import timedelta

import pytest

from app.errors import Gone, NotFound, NotYet
from app.model import ArticleKey, LinkKind, Position, Status
from app.services.acting import Order
from app.services.as_of import article_as_of, story_as_of
from app.services.deleting import delete_article
from app.services.ingest import ingest
from app.services.ledger import Ledger
from app.services.pinning import pin
from app.services.placing import regroup
from app.services.reading import read_article, read_story
from app.services.rederiving import rederive_step
from app.services.releasing import release_due
from app.services.views import Moved
from app.store import ingesting
from app.store.reading import changes_after, last_position
from app.store.sight import EVERYTHING, PUBLIC
from tests.services.archives import archive, story
from tests.services.stories import BODY, PARAGRAPHS, STRANGERS, submission
from tests.store.said import say


def keep_apart(tx, a, b, since):
    say(tx, LinkKind.CANNOT, [a], [b], since=since, id_=f"lnk_{since}_{a}_{b}")


@pytest.fixture
def now(ctx):
    """The last position of the change feed."""

    def read():
        with ctx.store.read() as tx:
            return last_position(tx)

    return read


@pytest.fixture
def story_at(ctx):
    def read(canonical_id, asked, sight=EVERYTHING, limit=50, after=0):
        page, _ = story_as_of(ctx, canonical_id, asked, sight=sight, limit=limit, after=after)
        return page

    return read


@pytest.fixture
def article_at(ctx):
    def read(article_id, asked, sight=EVERYTHING):
        return article_as_of(ctx, article_id, asked, sight=sight)[0]

    return read


def sources(page):
    return [member.version.facts.source for member in page.members]


def said_of(page):
    """What there is to say of a story but for relations, which are judged anew as time goes by."""
    chosen = page.view.chosen
    return (
        page.view.story.id,
        chosen and (chosen.article.id, chosen.version.number),
        page.view.story.members,
        page.sources,
        [(each.article.id, each.version.number, each.is_canonical) for each in page.members],
        page.more,
    )


def test_a_story_is_answered_as_it_stood_after_each_step(post, clock, now, story_at):
    first = post(source="wire.example", external_id="w1")
    one = now()
    clock.pass_(hours=1)
    post(source="herald.example")
    two = now()
    clock.pass_(hours=1)
    post(source="wire.example", external_id="w1", text=BODY.replace("260", "240"))
    three = now()
    pages = [story_at(first.canonical_id, position) for position in (one, two, three)]
    assert [sources(page) for page in pages] == [
        ["wire.example"],
        ["wire.example", "herald.example"],
        ["wire.example", "herald.example"],
    ]
    assert [page.members[0].version.number for page in pages] == [1, 1, 2]
    assert [page.view.story.members for page in pages] == [1, 2, 2]
    assert pages[0].view.story.last_seen < pages[1].view.story.last_seen


def test_a_time_means_the_last_position_at_or_before_it(ctx, post, clock, now):
    first = post()
    at, one = clock.now, now()
    clock.pass_(hours=1)
    post(source="herald.example")
    for moment, position in ((at, one), (at + timedelta(minutes=59), one), (clock.now, now())):
        _, found = story_as_of(ctx, first.canonical_id, moment, sight=EVERYTHING, limit=9)
        assert found.position == position
    settled = [
        story_as_of(ctx, first.canonical_id, moment, sight=EVERYTHING, limit=9)[1].settled
        for moment in (at, clock.now, one, now())
    ]
    assert settled == [True, False, True, True]


def test_before_it_came_it_is_said_since_when_it_is_there(ctx, post, clock, now):
    post(title="Comet", text=STRANGERS[0])
    before, at = now(), clock.now
    clock.pass_(hours=1)
    told = post()
    for ask in (
        lambda when: story_as_of(ctx, told.canonical_id, when, sight=EVERYTHING, limit=9),
        lambda when: article_as_of(ctx, told.article_id, when, sight=EVERYTHING),
    ):
        for when in (before, at, Position(0)):
            with pytest.raises(NotYet, match=rf"since 2026-11-03T13:00:00.000000Z, position {before + 1}"):
                ask(when)
    with pytest.raises(NotYet, match="the last one is"):
        story_as_of(ctx, told.canonical_id, Position(now() + 1), sight=EVERYTHING, limit=9)
    with pytest.raises(NotFound, match="no canonical"):
        story_as_of(ctx, "can_nobody", now(), sight=EVERYTHING, limit=9)
    with pytest.raises(NotFound, match="no article"):
        article_as_of(ctx, "art_nobody", now(), sight=EVERYTHING)


def test_an_id_that_was_absorbed_later_answers_as_itself_before(post, now, story_at, article_at):
    head, tail = "\n\n".join(PARAGRAPHS[:2]), "\n\n".join(PARAGRAPHS[2:])
    one = post(source="a.example", text=head, title="Velden votes on its market")
    two = post(source="b.example", text=tail, title="Traders of Velden in the dark")
    assert one.canonical_id != two.canonical_id
    apart = now()
    post(source="c.example")
    moved = story_at(two.canonical_id, now())
    assert moved == Moved(one.canonical_id)
    page = story_at(two.canonical_id, apart)
    assert (page.view.story.id, sources(page)) == (two.canonical_id, ["b.example"])
    assert article_at(two.article_id, apart).story.id == two.canonical_id
    assert article_at(two.article_id, now()).story.id == one.canonical_id


def test_the_id_of_a_founder_that_was_deleted_leads_where_it_leads_now(ctx, post, now, story_at):
    posted = [post(source=f"{name}.example") for name in "abc"]
    for each in posted[:2]:
        delete_article(ctx, each.article_id, by="ann", why="asked")
    led = read_story(ctx, posted[0].canonical_id, limit=9)
    assert isinstance(led, Moved)
    assert story_at(posted[0].canonical_id, now()) == led
    delete_article(ctx, posted[2].article_id, by="ann", why="asked")
    with pytest.raises(Gone):
        story_at(posted[0].canonical_id, now())


def test_of_an_article_with_an_older_version_pinned_the_past_says_what_is_said_now(ctx, post, now, story_at):
    first = post(source="wire.example", external_id="w1")
    post(source="herald.example")
    post(source="wire.example", external_id="w1", text=BODY.replace("260", "240"))
    pin(ctx, Order(by="ann", why="the first"), first.canonical_id, first.article_id, version=1)
    told = [story_at(first.canonical_id, now()), read_story(ctx, first.canonical_id, limit=9)]
    for page in told:
        assert [(each.article.source, each.is_canonical) for each in page.members] == [
            ("wire.example", True),
            ("herald.example", False),
        ]


def test_a_part_that_split_off_is_there_since_the_split(ctx, post, now, story_at):
    first, other = post(), post(source="herald.example")
    together = now()
    with ctx.store.write() as tx:
        keep_apart(tx, ArticleKey(1), ArticleKey(2), since=Position(1))
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        regroup(ledger, [ArticleKey(1)], why="a person said so")
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)
    own = read_article(ctx, other.article_id).story.id
    assert own != first.canonical_id
    with pytest.raises(NotYet):
        story_at(own, together)
    assert sources(story_at(first.canonical_id, together)) == ["gazette.example", "herald.example"]
    assert sources(story_at(first.canonical_id, now())) == ["gazette.example"]
    assert sources(story_at(own, now())) == ["herald.example"]


def test_a_version_under_embargo_is_shown_from_its_release_on(ctx, post, clock, now, story_at, article_at):
    first = post(external_id="a1")
    due = clock.now + timedelta(hours=1)
    post(external_id="a1", text=BODY.replace("260", "240"), embargoed_until=due)
    held = post(source="herald.example", title="Comet", text=STRANGERS[0], embargoed_until=due)
    waiting = now()
    clock.pass_(hours=2)
    assert release_due(ctx) == 2
    assert article_at(first.article_id, waiting, PUBLIC).current.version.number == 1
    assert [row.number for row in article_at(first.article_id, waiting, PUBLIC).versions] == [1]
    assert [row.number for row in article_at(first.article_id, waiting).versions] == [1, 2]
    assert article_at(first.article_id, now(), PUBLIC).current.version.number == 2
    with pytest.raises(NotYet):
        article_at(held.article_id, waiting, PUBLIC)
    with pytest.raises(NotFound):
        story_at(held.canonical_id, waiting, PUBLIC)
    assert sources(story_at(held.canonical_id, waiting)) == ["herald.example"]
    assert sources(story_at(held.canonical_id, now(), PUBLIC)) == ["herald.example"]


def test_what_is_withheld_still_is_not_shown_for_any_time(ctx, post, now, story_at, article_at):
    held = post(status=Status.WITHHELD)
    for when in (now(), Position(0)):
        with pytest.raises(NotFound):
            article_at(held.article_id, when, PUBLIC)
        with pytest.raises(NotFound):
            story_at(held.canonical_id, when, PUBLIC)


def test_members_of_then_are_paged(post, now, story_at):
    first = post()
    for number in range(4):
        post(source=f"s{number}.example")
    then = now()
    post(source="late.example")
    page = story_at(first.canonical_id, then, limit=3)
    rest = story_at(first.canonical_id, then, limit=3, after=page.more)
    assert sources(page) + sources(rest) == ["gazette.example", *(f"s{n}.example" for n in range(4))]
    assert rest.more is None


def test_a_relation_of_then_is_the_one_concluded_on_arrival(post, now, story_at, article_at):
    first = post()
    copy = post(source="herald.example")
    page = story_at(first.canonical_id, now())
    told = {each.version.facts.source: each.relation for each in page.members}
    canonical = page.view.chosen.version.facts.source
    (other,) = told.keys() - {canonical}
    assert told[canonical] is None
    assert told[other].relation is copy.decision.relation
    assert {article_at(each.article_id, now()).relation for each in (first, copy)} == {None, told[other]}


MOVES = {"canonical.merged", "canonical.split"}


class Replayed:
    """Where every article is and what speaks for every story, by the change feed alone."""

    def __init__(self):
        self.articles = {}
        self.speaks = {}
        self.into = {}

    def read(self, change):
        said, kind = change.payload, change.type
        if kind == "article.ingested":
            self.articles.setdefault(said["article_id"], said["canonical_id"])
            self.speaks.setdefault(said["canonical_id"], (said["article_id"], said["version"]))
        elif kind == "canonical.created":
            self.speaks[said["canonical_id"]] = self.speaks.get(said["canonical_id"], (said["article_id"], 1))
        elif kind == "canonical.version_changed":
            self.speaks[said["canonical_id"]] = (said["article_id"], said["version"])
        elif kind == "canonical.withdrawn":
            self.speaks[said["canonical_id"]] = None
        elif kind == "canonical.merged":
            for article, where in self.articles.items():
                if where == said["canonical_id"]:
                    self.articles[article] = said["into"]
            self.into[said["canonical_id"]] = said["into"]
        elif kind == "canonical.split":
            self.articles |= dict.fromkeys(said["article_ids"], said["into"])


def live(ctx, seed):
    """Articles that come in any order, are revised and withdrawn; stories that merge and come apart again."""
    draw = random.Random(seed)
    steps = draw.sample(archive(seed), 9)
    for number in range(2):
        paragraphs = story(700 + 12 * seed + number)
        parts = (paragraphs[:3], paragraphs[2:], paragraphs)
        for name, part in zip(("head", "tail", "whole"), parts, strict=True):
            steps.append(story_submission(f"{name}{number}.example", f"{name} of {number}", part))
        wire = f"wire{number}.example"
        changed = [paragraphs[0].replace("called it", "named it"), *paragraphs[1:]]
        steps.append(story_submission(wire, "wire", paragraphs, external_id="w"))
        steps.append(story_submission(wire, "wire", changed, external_id="w"))
        steps.append(story_submission(wire, "wire", changed, external_id="w", status=Status.CANCELED))
    for start in range(0, len(steps), 5):
        ingest(ctx, steps[start : start + 5])
        if draw.random() < 0.4:
            part_some(ctx, draw)
        while draw.random() < 0.5 and rederive_step(ctx):
            pass


def story_submission(source, title, paragraphs, **fields):
    return submission(
        source=source, title=f"{title} {paragraphs[0][:30]}", text="\n\n".join(paragraphs), **fields
    )


def part_some(ctx, draw):
    """A person says that two articles of one story are not one."""
    with ctx.store.write() as tx:
        ledger = Ledger(ctx, tx, ctx.now(), ingesting.counters(tx))
        ledger.load_articles([ArticleKey(key) for key in range(1, ledger.counters.article + 1)])
        together = [(a, b) for a in ledger.articles for b in ledger.articles if a < b]
        pairs = [(a, b) for a, b in together if ledger.articles[a].founder == ledger.articles[b].founder]
        if not pairs:
            return
        a, b = draw.choice(pairs)
        keep_apart(tx, a, b, since=ledger.next_position())
        regroup(ledger, [ledger.articles[a].founder], why="a person said so")
        ingesting.append(tx, ledger.batch)
        ingesting.save_counters(tx, ledger.counters)


def test_replaying_the_feed_up_to_a_position_says_what_was_said_then(ctx, story_at, article_at):
    live(ctx, seed=5)
    with ctx.store.read() as tx:
        changes = changes_after(tx, 0, limit=10_000)
    kinds = {change.type for change in changes}
    assert kinds >= MOVES | {"story.withdrawn", "canonical.version_changed"}
    replayed = Replayed()
    for change in changes:
        replayed.read(change)
        if change.position % 15 == 0 or change.type in MOVES:
            agrees(replayed, change.position, story_at, article_at)
    for canonical in {*replayed.articles.values(), *replayed.into}:
        then, today = story_at(canonical, changes[-1].position), read_story(ctx, canonical, limit=50)
        assert then == today if isinstance(today, Moved) else said_of(then) == said_of(today)


def agrees(replayed, position, story_at, article_at):
    for canonical in set(replayed.articles.values()):
        page = story_at(canonical, position)
        inside = {article for article, where in replayed.articles.items() if where == canonical}
        assert {member.article.id for member in page.members} == inside
        chosen = page.view.chosen
        speaks = None if chosen is None or chosen.version.withdrawn else chosen
        assert (speaks and (speaks.article.id, speaks.version.number)) == replayed.speaks[canonical]
    for article, where in replayed.articles.items():
        assert article_at(article, position).story.id == where
