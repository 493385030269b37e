"""The doctor finds nothing where nothing is wrong, and names what is."""

from dataclasses import replace

import pytest

from app.dedup import profile
from app.dedup.policy import STRICT, Policies
from app.services.doctor import Level, examine
from app.services.refingerprint import move_step
from app.store.engine import open_store
from app.store.index import Index
from app.store.progress import put_policies_in_force
from tests.services.stories import NOON, STRANGERS


@pytest.fixture
def levels(ctx, store_url):
    def of(context=ctx, url=store_url):
        return {finding.name: finding.level for finding in examine(context, url)}

    return of


def test_a_sound_database_is_found_sound(levels, post):
    post()
    post(source="herald.example")
    post(title="Comet", text=STRANGERS[0], embargoed_until=NOON.replace(year=2030))
    found = levels()
    assert Level.BAD not in found.values()
    assert {
        "comparing",
        "disk",
        "schema",
        "archive",
        "change feed",
        "stories",
        "index",
        "policies",
        "profile",
        "keys",
    } <= found.keys()


def test_a_database_without_a_schema_is_told_to_migrate(ctx, levels, empty_url):
    empty = open_store(empty_url)
    try:
        found = examine(replace(ctx, store=empty), empty_url)
    finally:
        empty.close()
    assert (found[-1].name, found[-1].level) == ("schema", Level.BAD)
    assert "migrate" in str(found[-1].fix)


def test_versions_of_another_profile_are_found_and_the_move_cures_them(ctx, levels, post):
    post()
    newer = replace(profile.STANDARD, sample_rate=8)
    moved = replace(ctx, profile=newer, index=Index(newer.id))
    assert levels(moved)["profile"] is Level.BAD
    while move_step(moved):
        pass
    assert levels(moved)["profile"] is Level.OK


def test_an_index_that_lost_its_entries_is_found(ctx, levels, post):
    post()
    with ctx.store.write() as tx:
        ctx.index.drop_profile(tx)
    assert levels(replace(ctx, index=Index(ctx.profile.id)))["index"] is Level.BAD


def test_a_folder_that_is_not_there_is_named(levels, tmp_path):
    assert levels(url=f"sqlite:///{tmp_path / 'nowhere' / 'w.db'}")["disk"] is Level.BAD


def test_a_process_that_judges_by_other_policies_than_the_service_is_noted(ctx, levels, post):
    post()
    assert levels()["policies"] is Level.OK
    with ctx.store.write() as tx:
        put_policies_in_force(tx, ctx.policies.digest)
    assert levels()["policies"] is Level.OK
    assert levels(replace(ctx, policies=Policies(STRICT)))["policies"] is Level.NOTE
