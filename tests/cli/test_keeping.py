"""Backups taken and put back, and an archive looked through: what the operator sees."""

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.demo.articles import SCENES

ITEMS = [dict(scene.item) for scene in SCENES]


@pytest.fixture
def filled(cli, write):
    cli.json("ingest", write(ITEMS))
    return cli


def exported(cli):
    return cli("export").stdout


def test_a_backup_put_back_answers_as_before(filled, tmp_path):
    before, file = exported(filled), tmp_path / "backup.db"
    told = filled.json("backup", str(file))
    assert told["articles"] == len(ITEMS)
    assert told["bytes"] == file.stat().st_size
    assert [each.name for each in tmp_path.glob("*backup*")] == ["backup.db"]
    filled.database.unlink()
    assert filled.json("restore", str(file))["position"] == told["position"]
    assert exported(filled) == before


def test_a_backup_is_whole_while_others_write(filled, write, tmp_path):
    filled.environment |= {"WIREFOLD_BATCH_GROUP": "5"}
    more = [{"source": "s.example", "title": f"Item {n}", "text": f"Item {n} of many."} for n in range(150)]
    writer = filled.start("ingest", write(more, "more.ndjson"))
    copies: list[Path] = []
    with closing(sqlite3.connect(filled.database)) as reader:
        while reader.execute("SELECT count(*) FROM article").fetchone() == (len(ITEMS),):
            assert writer.poll() is None
            time.sleep(0.01)
    while writer.poll() is None:
        copies.append(tmp_path / f"{len(copies)}.db")
        filled.json("backup", str(copies[-1]))
    writer.communicate()
    assert writer.returncode == 0
    for path in copies:
        with closing(sqlite3.connect(path)) as copy:
            last, entries = copy.execute("SELECT max(position), count(*) FROM change").fetchone()
            articles, pages = copy.execute(
                "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM page)"
            ).fetchone()
        assert (last, articles) == (entries, pages)


def test_a_file_that_is_there_is_not_overwritten_unless_told(filled, tmp_path):
    file = tmp_path / "backup.db"
    file.write_text("something dear")
    assert filled("backup", str(file)).exit_code == 4
    assert file.read_text() == "something dear"
    filled.json("backup", str(file), "--force")
    assert filled("restore", str(file)).exit_code == 4
    told = filled.json("restore", str(file), "--replace")
    assert sqlite3.connect(told["set_aside"]).execute("SELECT count(*) FROM article").fetchone() == (
        len(ITEMS),
    )


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_backup_is_refused_and_the_database_stays(filled, tmp_path, content):
    before, file = exported(filled), tmp_path / "other.db"
    file.write_bytes(content)
    done = filled("restore", str(file), "--replace", "--json")
    assert (done.exit_code, json.loads(done.stderr)["error"]["code"]) == (4, "damaged")
    assert filled("restore", str(tmp_path / "nowhere.db"), "--replace").exit_code == 4
    assert exported(filled) == before


def test_a_backup_of_a_later_schema_is_refused(filled, tmp_path):
    file = tmp_path / "backup.db"
    filled.json("backup", str(file))
    with sqlite3.connect(file) as later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
    done = filled("restore", str(file), "--replace", "--json")
    assert (done.exit_code, json.loads(done.stderr)["error"]["code"]) == (4, "schema")


def test_a_database_in_service_is_not_replaced(filled, tmp_path):
    filled.json("backup", str(tmp_path / "backup.db"))
    with sqlite3.connect(filled.database) as held:
        until = (datetime.now(UTC) + timedelta(minutes=1)).timestamp()
        held.execute("INSERT INTO lease VALUES ('tend words', 'host:1', ?)", [int(until * 1e6)])
    done = filled("restore", str(tmp_path / "backup.db"), "--replace", "--json")
    assert (done.exit_code, json.loads(done.stderr)["error"]["code"]) == (4, "running")


def test_a_backup_is_of_the_current_schema_or_an_older_one_and_never_of_a_missing_database(cli, tmp_path):
    assert cli("backup", str(tmp_path / "backup.db")).exit_code == 4
    assert not cli.database.exists()


def test_verify_finds_a_sound_archive_sound_and_a_damaged_one_not_until_it_is_mended(filled):
    sound = [json.loads(line) for line in filled("verify", "--deep", "--json").stdout.splitlines()]
    assert all(each["sound"] and not each["wrong"] for each in sound)
    with sqlite3.connect(filled.database) as hand:
        hand.execute("UPDATE story SET members = members + 1")
    assert filled("verify").exit_code == 1
    assert "member-count" in filled("verify").stdout
    assert filled("verify", "--repair").exit_code == 0
    assert filled("verify").exit_code == 0
