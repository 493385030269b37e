"""The life of an article's versions: what is only sent again, and what is said anew."""

import threading
from datetime import timedelta

import pytest

from app.model import ArticleKey, Status
from app.services.ingest import check, ingest
from app.store import ingesting
from app.store.reading import changes_after
from tests.services.stories import BODY, NOON, STRANGERS, submission

REVISED = BODY.replace("14 cracked", "19 cracked")
ID = {"external_id": "a1"}


def told(answer):
    """What a caller sees of the version answered with."""
    return (answer.version, answer.replayed)


def current_of(ctx, article_id):
    """Number, status and text of the version that speaks for an article."""
    with ctx.store.read() as tx:
        keys = [ArticleKey(key) for key in range(1, ingesting.counters(tx).article + 1)]
        article = next(a for a in ingesting.load_articles(tx, keys).values() if a.id == article_id)
        row = ingesting.load_versions(tx, [article.current])[article.current]
        return row.number, row.status, ingesting.load_pages(tx, [row.key])[row.key].text


# ---------------------------------------------------------------------------------- status
def test_a_restored_article_is_a_new_version_and_speaks_again(post, ctx):
    first = post(**ID)
    assert told(post(**ID, status=Status.CANCELED)) == (2, False)
    restored = post(**ID)
    assert told(restored) == (3, False)
    assert restored.is_canonical
    assert current_of(ctx, first.article_id)[:2] == (3, Status.USABLE)


def test_an_article_cancelled_a_second_time_is_cancelled(post, ctx):
    first = post(**ID)
    for status in (Status.CANCELED, Status.USABLE, Status.CANCELED):
        post(**ID, status=status)
    assert current_of(ctx, first.article_id)[:2] == (4, Status.CANCELED)
    with ctx.store.read() as tx:
        types = [change.type for change in changes_after(tx, 0, limit=100)]
    assert types.count("story.withdrawn") == 2


def test_a_withheld_article_may_be_released_and_withheld_again(post, ctx):
    first = post(**ID, status=Status.WITHHELD)
    assert told(post(**ID)) == (2, False)
    assert told(post(**ID, status=Status.WITHHELD)) == (3, False)
    assert current_of(ctx, first.article_id)[1] is Status.WITHHELD


def test_what_was_sent_last_is_a_replay_of_itself_however_often_it_stood_before(post):
    post(**ID)
    post(**ID, status=Status.CANCELED)
    post(**ID)
    assert told(post(**ID)) == (3, True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"version": "1"}, {"version": "2"}),
        ({"updated_at": NOON}, {"updated_at": NOON + timedelta(minutes=1)}),
    ],
)
def test_a_late_retry_that_dates_itself_does_not_bring_a_cancelled_article_back(post, ctx, before, after):
    first = post(**ID, **before)
    post(**ID, **after, status=Status.CANCELED)
    assert told(post(**ID, **before)) == (1, True)
    assert current_of(ctx, first.article_id)[1] is Status.CANCELED


# ------------------------------------------------------------------------------------ text
def test_an_undated_text_that_stood_before_is_taken_for_a_retry(post, ctx):
    first = post(**ID)
    post(**ID, text=REVISED)
    assert told(post(**ID)) == (1, True)
    assert current_of(ctx, first.article_id)[2] == REVISED


def test_a_text_taken_back_under_a_later_date_is_a_new_version(post, ctx):
    first = post(**ID, updated_at=NOON)
    post(**ID, updated_at=NOON + timedelta(hours=1), text=REVISED)
    assert told(post(**ID, updated_at=NOON + timedelta(hours=2))) == (3, False)
    assert current_of(ctx, first.article_id)[2] == BODY


def test_a_label_that_counts_back_up_is_acted_upon(post, ctx):
    """The label says that it is newer than what speaks now, although it stood before."""
    first = post(**ID, version="2")
    post(**ID, text=REVISED)
    post(**ID, version="1", text=REVISED)
    assert told(post(**ID, version="2")) == (4, False)
    assert current_of(ctx, first.article_id)[2] == BODY


def test_an_older_version_that_came_late_is_a_replay_when_it_comes_again(post):
    post(**ID, version="2")
    assert told(post(**ID, version="1", text=REVISED)) == (2, False)
    assert told(post(**ID, version="1", text=REVISED)) == (2, True)


def test_a_chain_of_undated_revisions_sent_again_stores_nothing(post):
    chain = [BODY, REVISED, REVISED.replace("260 people", "240 people")]
    for text in chain:
        post(**ID, text=text)
    assert [told(post(**ID, text=text)) for text in chain] == [(1, True), (2, True), (3, True)]


# --------------------------------------------------------------------------- embargo, identity
def test_a_version_under_embargo_is_a_replay_while_it_waits(post, clock):
    later = {"text": REVISED, "embargoed_until": clock() + timedelta(hours=2)}
    post(**ID)
    assert told(post(**ID, **later)) == (2, False)
    assert told(post(**ID, **later)) == (2, True)
    assert told(post(**ID)) == (1, True)


def test_once_its_id_is_another_storys_an_article_is_history(post):
    first = post(**ID)
    post(**ID, status=Status.CANCELED)
    other = post(**ID, title="Comet splits in two", text=STRANGERS[0])
    again = post(**ID)
    assert (again.article_id, *told(again)) == (first.article_id, 1, True)
    assert told(post(**ID, title="Comet splits in two", text=STRANGERS[0])) == (other.version, True)


# ---------------------------------------------------------------------- lists, checks, processes
def test_a_list_that_cancels_and_restores_ends_restored(ctx):
    statuses = [Status.USABLE, Status.CANCELED, Status.CANCELED, Status.USABLE, Status.USABLE]
    answers = ingest(ctx, [submission(**ID, status=status) for status in statuses])
    assert [told(each) for each in answers] == [(1, False), (2, False), (2, True), (3, False), (3, True)]


def test_check_tells_a_retry_from_a_new_version_as_well(post, ctx):
    post(**ID)
    post(**ID, status=Status.CANCELED)
    assert told(check(ctx, submission(**ID, status=Status.CANCELED))) == (2, True)
    assert told(check(ctx, submission(**ID))) == (3, False)


def test_processes_that_restore_an_article_at_once_make_one_version(post, open_context):
    post(**ID)
    post(**ID, status=Status.CANCELED)
    contexts = [open_context() for _ in range(4)]
    line = threading.Barrier(len(contexts))
    answers = []

    def send(ctx):
        line.wait()
        answers.extend(ingest(ctx, [submission(**ID)]))

    senders = [threading.Thread(target=send, args=[ctx]) for ctx in contexts]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(told(each) for each in answers) == [(3, False), (3, True), (3, True), (3, True)]


def test_what_was_sent_is_looked_up_in_one_statement_however_long_the_list(post, ctx, count_statements):
    post(**ID)
    few = count_statements("identity", lambda: ingest(ctx, [submission(**ID)]))
    many = count_statements("identity", lambda: ingest(ctx, [submission(**ID)] * 40))
    assert few == many == 1
