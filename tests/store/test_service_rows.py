"""Leases, idempotency keys and API keys."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.store import api_keys, idempotency, leases
from app.store.api_keys import ApiKeyRow
from app.store.idempotency import Remembered
from tests.store.rows import NOW

MINUTE = timedelta(minutes=1)


def test_a_lease_has_one_holder_until_it_runs_out_or_is_given_back(store):
    with store.write() as tx:
        assert leases.claim(tx, "tend", "a", NOW, MINUTE)
        assert not leases.claim(tx, "tend", "b", NOW, MINUTE)
        assert leases.claim(tx, "tend", "a", NOW + MINUTE / 2, MINUTE)
        assert not leases.claim(tx, "tend", "b", NOW + MINUTE, MINUTE)
        assert leases.claim(tx, "tend", "b", NOW + 2 * MINUTE, MINUTE)
        assert not leases.claim(tx, "tend", "a", NOW + 2 * MINUTE, MINUTE)
        leases.give_back(tx, "tend", "a")
        assert not leases.claim(tx, "tend", "a", NOW + 2 * MINUTE, MINUTE)
        leases.give_back(tx, "tend", "b")
        assert leases.claim(tx, "tend", "a", NOW + 2 * MINUTE, MINUTE)


def test_leases_of_different_names_do_not_meet(store):
    with store.write() as tx:
        assert leases.claim(tx, "tend", "a", NOW, MINUTE)
        assert leases.claim(tx, "poll", "b", NOW, MINUTE)


def test_of_many_that_claim_at_once_one_gets_the_lease(store):
    got = []

    def claim(holder):
        with store.write() as tx:
            got.append(leases.claim(tx, "tend", holder, NOW, MINUTE))

    threads = [threading.Thread(target=claim, args=(f"h{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_an_idempotency_key_is_taken_once_and_its_answer_remembered(store):
    with store.write() as tx:
        assert idempotency.find(tx, "key1", "abc\x00") is None
        assert idempotency.reserve(tx, "key1", "abc\x00", request_digest=b"d", now=NOW)
        assert not idempotency.reserve(tx, "key1", "abc\x00", request_digest=b"e", now=NOW)
        assert idempotency.reserve(tx, "key2", "abc\x00", request_digest=b"e", now=NOW)
        assert idempotency.find(tx, "key1", "abc\x00") == Remembered(b"d", None, None, NOW)
        idempotency.complete(tx, "key1", "abc\x00", status=201, body=b"{}")
        assert idempotency.find(tx, "key1", "abc\x00") == Remembered(b"d", 201, b"{}", NOW)


def test_an_idempotency_key_can_be_given_back_only_while_unanswered(store):
    with store.write() as tx:
        idempotency.reserve(tx, "s", "k", request_digest=b"d", now=NOW)
        idempotency.release(tx, "s", "k")
        assert idempotency.reserve(tx, "s", "k", request_digest=b"d", now=NOW)
        idempotency.complete(tx, "s", "k", status=200, body=b"")
        idempotency.release(tx, "s", "k")
        assert not idempotency.reserve(tx, "s", "k", request_digest=b"d", now=NOW)


def test_a_claim_is_renewed_only_by_whoever_has_it_and_until_it_is_answered(store):
    with store.write() as tx:
        idempotency.reserve(tx, "s", "k", request_digest=b"d", now=NOW)
        assert idempotency.renew(tx, "s", "k", claimed_at=NOW, now=NOW + MINUTE)
        assert not idempotency.renew(tx, "s", "k", claimed_at=NOW, now=NOW + 2 * MINUTE)
        assert idempotency.find(tx, "s", "k") == Remembered(b"d", None, None, NOW + MINUTE)
        idempotency.complete(tx, "s", "k", status=200, body=b"")
        assert not idempotency.renew(tx, "s", "k", claimed_at=NOW + MINUTE, now=NOW + 2 * MINUTE)


def test_old_idempotency_keys_are_forgotten(store):
    with store.write() as tx:
        idempotency.reserve(tx, "s", "old", request_digest=b"d", now=NOW)
        idempotency.reserve(tx, "s", "new", request_digest=b"d", now=NOW + MINUTE)
        assert idempotency.prune(tx, before=NOW + MINUTE) == 1
        assert idempotency.find(tx, "s", "old") is None
        assert idempotency.find(tx, "s", "new") is not None


def test_an_api_key_is_found_by_its_digest_until_and_after_it_is_revoked(store):
    row = ApiKeyRow("k1", "desk \ud800", b"h" * 32, ("read", "write"), NOW)
    with store.write() as tx:
        assert api_keys.count(tx) == 0
        api_keys.add(tx, row)
        assert api_keys.find_by_hash(tx, b"h" * 32) == row
        assert api_keys.find_by_hash(tx, b"x" * 32) is None
        api_keys.touch(tx, "k1", now=NOW)
        assert api_keys.revoke(tx, "k1", now=NOW)
        assert not api_keys.revoke(tx, "k1", now=NOW)
        found = api_keys.find_by_hash(tx, b"h" * 32)
        assert found is not None
        assert (found.last_used_at, found.revoked_at) == (NOW, NOW)
        assert list(api_keys.load_all(tx)) == [found]


def test_revoking_the_last_key_does_not_bring_back_the_time_before_the_first(store):
    with store.write() as tx:
        api_keys.add(tx, ApiKeyRow("k1", "desk", b"h", (), NOW))
        api_keys.revoke(tx, "k1", now=NOW)
        assert api_keys.count(tx) == 1


def test_two_api_keys_cannot_have_one_digest(store):
    with pytest.raises(sa.exc.IntegrityError), store.write() as tx:  # noqa: PT012
        api_keys.add(tx, ApiKeyRow("k1", "a", b"h", (), NOW))
        api_keys.add(tx, ApiKeyRow("k2", "b", b"h", (), NOW))
