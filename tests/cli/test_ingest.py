"""Files of submissions: taken in whole, told what joined what, and taken up again where they broke off."""

import gzip
import json
import time

import pytest

from app.cli import taking_in
from app.demo.articles import SCENES
from tests.cli.conftest import Cli

ITEMS = [dict(scene.item) for scene in SCENES]
PATIENCE_S = 240
"""A process takes seconds to import, and minutes where many are busy."""
BAD = {"source": "gazette.example", "title": "No text"}


@pytest.mark.parametrize("shape", ["lines", "array", "gzipped lines", "array over many lines"])
def test_every_shape_of_file_is_read(cli, write, shape):
    lines = "\n".join(json.dumps(item) for item in ITEMS).encode()
    content = {
        "lines": lines,
        "array": json.dumps(ITEMS).encode(),
        "gzipped lines": gzip.compress(lines),
        "array over many lines": b"\xef\xbb\xbf" + json.dumps(ITEMS, indent=2).encode(),
    }[shape]
    report = cli.json("ingest", write(content))
    assert (report["stored"], report["refused"]) == (len(ITEMS), 0)
    assert report["relations"]["copy"] >= 2
    assert report["canonicals"] == sum(scene.same_as is None for scene in SCENES)


def test_one_object_over_several_lines_is_one_article(cli, write):
    assert cli.json("ingest", write(ITEMS[0], "one.json"))["stored"] == 1


def test_standard_input_is_read_under_the_name_of_a_dash(cli):
    assert cli.json("ingest", "-", input=json.dumps(ITEMS[0]))["stored"] == 1


def test_an_empty_file_holds_nothing(cli, write):
    assert cli.json("ingest", write(b""))["items"] == 0


def test_taking_a_file_in_again_stores_nothing_twice(cli, write):
    file = write(ITEMS)
    cli.json("ingest", file)
    again = cli.json("ingest", file)
    assert (again["stored"], again["replayed"]) == (0, len(ITEMS))


def test_what_joined_what_is_told(cli, write):
    report = cli.json("ingest", write(ITEMS[:2]))
    (joined,) = report["joined"]
    assert (joined["relation"], joined["source"]) == ("copy", "harbour-gazette.example")
    told = cli("ingest", write(ITEMS[2:3], "more.ndjson"))
    assert "excerpt" in told.stdout
    assert joined["canonical_id"] in told.stdout


def test_a_bad_item_is_refused_alone_and_the_exit_code_says_so(cli, write):
    done = cli("ingest", write([ITEMS[0], BAD, ITEMS[-1]]), "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (report["stored"], report["refused"]) == (2, 1)
    assert (report["refusals"][0]["item"], report["refusals"][0]["code"]) == (2, "missing-field")


def test_the_answers_can_be_written_to_a_file(cli, write, tmp_path):
    cli("ingest", write([ITEMS[0], BAD]), "--results", str(tmp_path / "out"))
    first, second = map(json.loads, (tmp_path / "out").read_text().splitlines())
    assert first["article"]["decision"]["relation"] == "new"
    assert second["error"]["code"] == "missing-field"


def test_an_interrupted_file_is_taken_up_where_it_broke_off(cli, write, tmp_path, monkeypatch):
    cli.environment["WIREFOLD_BATCH_GROUP"] = "2"
    file = write(ITEMS)
    groups = taking_in._groups

    def three_groups(*args, **options):
        for number, group in enumerate(groups(*args, **options)):
            if number == 3:
                raise KeyboardInterrupt
            yield group

    monkeypatch.setattr(taking_in, "_groups", three_groups)
    assert cli("ingest", file).exit_code == 130
    monkeypatch.undo()
    report = cli.json("ingest", file, "--resume")
    assert (report["skipped"], report["stored"]) == (6, len(ITEMS) - 6)
    assert list(tmp_path.glob("*resume*")) == []


@pytest.mark.slow
def test_a_process_killed_in_the_middle_of_a_file_is_taken_up_without_loss(cli, write, tmp_path):
    cli.environment["WIREFOLD_BATCH_GROUP"] = "5"
    items = [ITEMS[0] | {"source": f"s{n}.example", "external_id": str(n)} for n in range(200)]
    file, bookmark = write(items), tmp_path / "articles.ndjson.wirefold-resume"
    process = cli.start("ingest", file)
    until = time.monotonic() + PATIENCE_S
    while not bookmark.exists() and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    noted = json.loads(bookmark.read_text())["items"]
    assert 5 <= noted < len(items)
    report = cli.json("ingest", file, "--resume")
    assert (report["skipped"], report["stored"] + report["replayed"]) == (noted, len(items) - noted)
    # Of the group that was stored but not noted any more.
    assert report["replayed"] in {0, 5}
    rows = [json.loads(line) for line in cli("export").stdout.splitlines()]
    assert [row["external_id"] for row in rows] == [str(n) for n in range(len(items))]
    assert {row["version"] for row in rows} == {1}
    assert not bookmark.exists()


@pytest.mark.slow
def test_what_one_database_exports_another_takes_in_through_a_pipe(cli, write, tmp_path):
    changed = ITEMS[0] | {"text": ITEMS[0]["text"].replace("214", "216")}
    sent = [*ITEMS, changed, changed | {"status": "canceled"}, changed]
    assert cli.json("ingest", write(sent))["stored"] == len(sent)
    (tmp_path / "other").mkdir()
    other = Cli(tmp_path / "other")
    exporting = cli.start("export", "submissions")
    taking = other.start("ingest", "-", "--json", stdin=exporting.stdout)
    told, complaint = taking.communicate(timeout=PATIENCE_S)
    exporting.communicate(timeout=PATIENCE_S)
    assert (exporting.returncode, taking.returncode) == (0, 0), complaint
    assert json.loads(told)["stored"] == len(sent)
    one, two = ([json.loads(line) for line in each("export").stdout.splitlines()] for each in (cli, other))
    for key in ("source", "external_id", "version", "status", "is_canonical", "title"):
        assert [row[key] for row in one] == [row[key] for row in two], key
    assert numbered(row["canonical_id"] for row in one) == numbered(row["canonical_id"] for row in two)
    assert cli("export", "submissions").stdout == other("export", "submissions").stdout


def numbered(values):
    """Each value by the place at which it was met first."""
    known: dict[str, int] = {}
    return [known.setdefault(value, len(known)) for value in values]


def test_a_file_that_was_changed_is_not_resumed_in_the_middle(cli, write, tmp_path):
    (tmp_path / "articles.ndjson.wirefold-resume").write_text('{"of":"another","items":3}')
    assert cli.json("ingest", write(ITEMS), "--resume")["skipped"] == 0


def test_a_gzip_file_that_breaks_off_is_told_and_what_came_before_stays(cli, write):
    cli.environment["WIREFOLD_BATCH_GROUP"] = "1"
    whole = gzip.compress(b"\n".join(json.dumps(item).encode() for item in ITEMS * 40), compresslevel=0)
    done = cli("ingest", write(whole[:-2000]), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stderr)["error"]["code"] == "broken-file"
    assert "Traceback" not in done.output


def test_check_says_what_would_be_answered_and_stores_nothing(cli, write):
    cli.json("ingest", write(ITEMS[:1]))
    told = cli.json("check", write(ITEMS[1:2], "check.ndjson"))
    assert told["decision"]["relation"] == "copy"
    assert len(cli("export").stdout.splitlines()) == 1
    assert "None" not in cli("check", write(ITEMS[:1], "stored.ndjson")).stdout
    assert cli.json("ingest", write(ITEMS[1:2]))["stored"] == 1
    assert "copy" in cli("check", write(ITEMS[2:4], "more.ndjson")).stdout


def test_a_file_that_is_not_there_is_named(cli):
    done = cli("ingest", "nowhere.ndjson")
    assert done.exit_code == 4
    assert "nowhere.ndjson" in done.stderr
