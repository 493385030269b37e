"""The other commands: what they print, what they refuse, and with which code they end."""

import json
import re

import pytest
from typer.main import get_command

from app.cli import app
from app.cli.failing import Code
from app.demo.articles import SCENES
from tests.cli.conftest import ROOT

ITEMS = [dict(scene.item) for scene in SCENES]


@pytest.fixture
def filled(cli, write):
    """A database with the articles of the demonstration; gives the exported articles."""
    cli.json("ingest", write(ITEMS))
    return [json.loads(line) for line in cli("export").stdout.splitlines()]


def test_explain_shows_what_differs_and_what_would_have_turned_the_verdict(cli, filled):
    first, corrected = filled[0], filled[5]
    told = cli.json("explain", first["article_id"], corrected["article_id"])
    assert {(each["b"], each["a"]) for each in told["differences"]} == {("214", "241")}
    assert told["spans"][0]["a"].keys() == {"start", "end"}
    shown = cli("explain", first["article_id"], corrected["article_id"]).stdout
    assert re.search(r"number\s+214\s+241", shown)
    assert "one story" in shown


def test_explain_of_an_unknown_article_ends_with_3(cli, filled):
    done = cli("explain", filled[0]["article_id"], "art_nothing", "--json")
    assert done.exit_code == 3
    assert json.loads(done.stderr)["error"]["code"] == "not-found"


def test_export_writes_every_article_once_and_canonicals_by_their_version(cli, filled, tmp_path):
    assert [row["source"] for row in filled] == [item["source"] for item in ITEMS]
    assert filled[1]["decision"]["relation"] == "copy"
    cli("export", "canonicals", "--output", str(tmp_path / "out"))
    rows = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert {row["canonical_id"] for row in rows} == {row["canonical_id"] for row in filled}


def test_doctor_finds_a_fresh_database_sound_and_a_missing_one_not(cli, filled):
    assert cli.json("doctor")["ok"]
    assert cli("doctor").exit_code == 0
    cli.database.unlink()
    done = cli("doctor", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stderr)["error"]["code"] == "no-database"
    assert not cli.database.exists()


def test_refingerprint_has_nothing_to_do_where_the_profile_is_the_programs(cli, filled):
    assert cli.json("refingerprint")["moved"] == 0
    assert "0 versions moved" in cli("refingerprint").stdout


def test_migrate_may_be_run_again(cli):
    assert cli.json("migrate") == cli.json("migrate")


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(cli):
    made = cli.json("keys", "create", "newsroom", "--scope", "read")
    listed = cli("keys", "list").stdout
    assert made["id"] in listed
    assert made["key"] not in listed
    assert made["key"].encode() not in cli.database.read_bytes()
    assert cli("keys", "revoke", made["id"]).exit_code == 0
    assert cli("keys", "revoke", made["id"]).exit_code == 3


def test_the_first_key_makes_the_database(cli):
    assert "wf_" in cli("keys", "create", "newsroom").stdout


@pytest.mark.parametrize(
    "args",
    [
        ("keys", "create", "x", "--scope", "root"),
        ("keys", "create", " "),
        ("export", "x"),
        ("export", "submissions", "--with-text"),
    ],
)
def test_a_wrong_argument_ends_with_2(cli, args):
    assert cli(*args).exit_code == 2


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "mysql://x/y"), ("WIREFOLD_PORT", "many"), ("WIREFOLD_PROT", "1")]
)
def test_a_wrong_setting_ends_with_4_and_is_named(cli, name, value):
    cli.environment[name] = value
    done = cli("doctor", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stderr)["error"]["code"] == "settings"


def test_a_database_that_cannot_be_opened_ends_with_5(cli, tmp_path):
    cli.environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'w.db'}"
    assert cli("migrate").exit_code == 5


def test_commands_that_only_look_leave_no_empty_database_behind(cli):
    for command in (("keys", "list"), ("export",), ("explain", "a", "b"), ("check", "-")):
        assert cli(*command, input="{}").exit_code == 4
    assert not cli.database.exists()


def test_every_command_and_exit_code_is_in_the_documentation():
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    group = get_command(app)
    assert getattr(group, "commands", {})
    for name, command in getattr(group, "commands", {}).items():
        names = [f"{name} {inner}" for inner in getattr(command, "commands", ())] or [name]
        for each in names:
            assert f"wirefold {each}" in text, each
        for inner in getattr(command, "commands", {"": command}).values():
            for parameter in inner.params:
                for option in parameter.opts:
                    assert not option.startswith("--") or option == "--help" or f"`{option}" in text, option
    for code in Code:
        assert f"| {code.value} |" in text
