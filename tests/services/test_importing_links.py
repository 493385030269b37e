"""What people said on another database is said here: once, in the log, and for good."""

from dataclasses import replace

import pytest

from app.api.schemas.link_import import read_link_line
from app.cli.printing import to_json
from app.errors import Conflict, Contradiction, InvalidValue, MissingField, NotFound
from app.model import LinkKind
from app.services.acting import Order
from app.services.auditing import AuditFilters, list_audit
from app.services.curating import link_articles
from app.services.exporting import export_links
from app.services.importing_links import NamedArticle, Outcome, SaidElsewhere, import_link
from app.services.linked import list_links
from app.services.undoing import undo
from app.store.sight import EVERYTHING
from tests.services.stories import BODY, STRANGERS

CHIEF = Order(by="chief", why="two events", sight=EVERYTHING)
MUST, CANNOT = LinkKind.MUST, LinkKind.CANNOT


def by_id(*ids):
    return [NamedArticle(article_id=each) for each in ids]


def said(kind, *sides, **fields):
    return SaidElsewhere(kind=kind, sides=sides, **fields)


@pytest.fixture
def say(ctx):
    def take_in(kind, *sides, order=CHIEF, **fields):
        return import_link(ctx, order, said(kind, *sides, **fields))

    return take_in


def logged(ctx):
    return [
        entry.row for entry in list_audit(ctx, AuditFilters(), before=None, limit=99, sight=EVERYTHING)[0]
    ]


def test_a_link_parts_a_story_and_is_in_the_log_with_who_said_it_first(
    ctx, copies, say, stories, settle, post
):
    told = say(CANNOT, by_id(*copies[:2]), by_id(*copies[2:]), by="ann", link_id="lnk_there")
    assert told.outcome is Outcome.SAID
    assert stories(*copies) == [[0, 1], [2, 3]]
    settle()
    post(source="late.example", text=BODY)
    settle()
    assert stories(*copies) == [[0, 1], [2, 3]]
    (row,) = logged(ctx)
    assert (row.by, row.why, row.action) == ("chief", "two events", "link")
    assert row.asked == {
        "kind": "cannot",
        "sides": [copies[:2], copies[2:]],
        "link_id": "lnk_there",
        "said_by": "ann",
    }
    undo(ctx, CHIEF, row.id)
    assert stories(*copies) == [[0, 1, 2, 3]]


def test_what_counts_already_is_not_said_twice_and_what_was_taken_back_not_at_all(ctx, copies, say):
    line = (CANNOT, by_id(*copies[:2]), by_id(*copies[2:]))
    told = say(*line)
    assert say(*line).outcome is Outcome.KNOWN
    assert say(CANNOT, *reversed(line[1:])).outcome is Outcome.KNOWN
    assert say(MUST, by_id(*copies[:2]), counts=False).outcome is Outcome.ENDED
    assert len(logged(ctx)) == len(list_links(ctx, limit=9)[0]) == 1
    undo(ctx, CHIEF, told.curated.audit_id)
    assert say(*line).outcome is Outcome.SAID


def test_articles_are_known_by_the_publisher_s_id_or_by_their_address(post, say, home):
    post(external_id="7", title="Comet", text=STRANGERS[0])
    post(
        source="herald.example", url="https://herald.example/b?utm_source=x", title="Flood", text=STRANGERS[1]
    )
    other = post(source="other.example", url="https://herald.example/b", title="Bees", text=STRANGERS[2])
    names = [
        NamedArticle(article_id="art_elsewhere", source="gazette.example", external_id="7"),
        NamedArticle(source="herald.example", url="http://www.herald.example/b"),
    ]
    told = say(MUST, names)
    (link,) = told.curated.added
    assert other.article_id not in link.sides[0]
    assert len({home(each) for each in link.sides[0]}) == 1


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (said(MUST, by_id("art_nobody", "art_neither")), NotFound),
        (said(MUST, [NamedArticle(), NamedArticle()]), NotFound),
        (
            said(MUST, [NamedArticle(url="https://a.example/"), NamedArticle(source="\0", url="no address")]),
            NotFound,
        ),
    ],
)
def test_an_article_that_is_not_here_is_said_so(ctx, line, error):
    with pytest.raises(error):
        import_link(ctx, CHIEF, line)


def test_a_link_that_says_nothing_is_refused(copies, say):
    for kind, sides in (
        (MUST, [by_id(copies[0])]),
        (MUST, [by_id(copies[0]), by_id(copies[1])]),
        (CANNOT, [by_id(*copies)]),
        (CANNOT, [by_id(copies[0]), []]),
        (CANNOT, [by_id(copies[0]), by_id(copies[0])]),
    ):
        with pytest.raises(InvalidValue):
            say(kind, *sides)


def test_an_address_of_several_articles_names_none_of_them(post, say):
    for number in range(2):
        post(
            url="https://gazette.example/live",
            external_id=str(number),
            title=f"{number}",
            text=STRANGERS[number],
        )
    last = post(title="Bees", text=STRANGERS[2])
    with pytest.raises(Conflict, match="several"):
        say(
            MUST,
            [
                NamedArticle(source="gazette.example", url="https://gazette.example/live"),
                *by_id(last.article_id),
            ],
        )


def test_what_contradicts_is_refused_unless_it_overrules_and_a_rehearsal_says_nothing(
    ctx, copies, say, stories
):
    link_articles(ctx, CHIEF, MUST, copies)
    line = (CANNOT, by_id(copies[0]), by_id(*copies[1:]))
    with pytest.raises(Contradiction):
        say(*line)
    rehearsed = say(*line, order=replace(CHIEF, overrule=True, dry_run=True))
    assert (rehearsed.outcome, rehearsed.curated.audit_id) == (Outcome.SAID, "")
    assert stories(*copies) == [[0, 1, 2, 3]]
    say(*line, order=replace(CHIEF, overrule=True))
    assert stories(*copies) == [[0], [1, 2, 3]]


def test_what_somebody_does_not_see_cannot_be_named_by_guessing(ctx, post, say, clock):
    held = post(external_id="h", embargoed_until=clock.now.replace(year=2030))
    out = post(source="herald.example", title="Comet", text=STRANGERS[0])
    guess = [NamedArticle(source="gazette.example", external_id="h"), *by_id(out.article_id)]
    with pytest.raises(NotFound):
        say(MUST, guess, order=Order(by="eve", why="is it there?"))
    with pytest.raises(Conflict, match="embargo"):
        say(MUST, guess)
    assert held.article_id


def test_an_export_is_read_as_it_was_written(ctx, copies):
    order = replace(CHIEF, why="two fires")
    link_articles(ctx, order, CANNOT, copies[:2])
    told = link_articles(ctx, order, MUST, copies[2:])
    undo(ctx, order, told.audit_id)
    lines = [to_json(each).encode() for each in export_links(ctx)]
    outcomes = [import_link(ctx, CHIEF, read_link_line(each, why=None)[0]).outcome for each in lines]
    assert outcomes == [Outcome.ENDED, Outcome.KNOWN]
    assert {read_link_line(each, why="else")[1] for each in lines} == {"two fires"}
    with pytest.raises(MissingField):
        read_link_line(b'{"kind": "must", "sides": [[]]}', why=" ")
