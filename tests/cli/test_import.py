"""Archives are taken in whole, oldest first, once, whatever happens on the way."""

import gzip
import json
import os
import random
import signal
import time
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from app.cli import importing
from app.demo.articles import SCENES

ITEMS = [dict(scene.item) for scene in SCENES]
BAD = {"source": "gazette.example", "title": "No text"}
PATIENCE_S = 240
PAGE = """<html><head><title>Pier to reopen in May</title>
<meta property="article:published_time" content="{date}"></head><body><article><h1>Pier to reopen in May</h1>
{text}</article></body></html>"""
WARC = "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-01T00:00:00Z\r\n\
Content-Type: application/http\r\nContent-Length: {length}\r\n\r\n"


@pytest.fixture(autouse=True)
def _no_processes(cli, monkeypatch, tmp_path):
    """Drafting beside takes seconds to begin; one test below has it. Sorting is done in the test's folder."""
    cli.environment["WIREFOLD_DRAFT_PROCESSES"] = "0"
    (tmp_path / "work").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))


def exported(cli):
    return [json.loads(line) for line in cli("export").stdout.splitlines()]


def fresh(number):
    """An article that is like no other of these."""
    words = random.Random(number)
    text = " ".join("".join(words.choices("abcdefghij", k=7)) for _ in range(60))
    return {"source": "a.example", "external_id": str(number), "title": f"Article {number}", "text": text}


def warc(*pages):
    """Uncompressed records: a request and a response for each (url, html)."""
    parts = []
    for url, html in pages:
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html.encode()
        for kind, block in (("request", b"GET / HTTP/1.1\r\n\r\n"), ("response", response)):
            head = WARC.format(kind=kind, url=url, length=len(block))
            parts.append(head.encode() + block + b"\r\n\r\n")
    return b"".join(parts)


def test_archives_of_every_kind_are_taken_in_together(cli, write, tmp_path):
    lines = write(gzip.compress("\n".join(map(json.dumps, ITEMS[:3])).encode()), "a.ndjson.gz")
    rows = tmp_path / "b.parquet"
    parquet.write_table(pa.Table.from_pylist(ITEMS[3:]), rows)
    text = "".join(f"<p>{sentence}.</p>" for sentence in str(ITEMS[0]["text"]).split(". "))
    pages = write(warc(("https://news.example/pier", PAGE.format(date="2026-02-01", text=text))), "c.warc")
    report = cli.json("import", lines, str(rows), pages)
    assert (report["records"], report["stored"], report["rejected"]) == (len(ITEMS) + 1, len(ITEMS) + 1, 0)
    assert report["others"] == {"request": 1}
    assert "news.example" in {row["source"] for row in exported(cli)}


def test_the_oldest_is_taken_in_first_whichever_archive_it_is_in(cli, write):
    days: dict[str, list[int | None]] = {"first.ndjson": [3, None, 1], "second.ndjson": [2, 4]}
    number = 0
    for name, found in days.items():
        items = []
        for day in found:
            number += 1
            date = {"published_at": f"2026-02-0{day}T08:00:00Z"} if day else {}
            items.append({**fresh(number), "title": f"Day {day}", **date})
        write(items, name)
    folder = Path(write([], "none.ndjson")).parent
    cli.json("import", *(str(folder / name) for name in days))
    # What has no date stays behind what it stood behind.
    assert [row["title"] for row in exported(cli)] == ["Day 1", "Day 2", "Day 3", "Day None", "Day 4"]


def test_archives_in_order_already_are_taken_in_as_they_are_read(cli, write):
    items = [{**fresh(day), "published_at": f"2026-02-0{day}"} for day in (2, 1)]
    assert cli.json("import", "--as-read", write(items))["stored"] == 2
    assert [row["title"] for row in exported(cli)] == ["Article 2", "Article 1"]


def test_an_archive_with_names_of_its_own_is_understood(cli, write):
    theirs = [{"headline": "Pier", "body": fresh(1)["text"], "day": "2026-02-01"}]
    options = ["--field", "title=headline", "--field", "text=body", "--field", "published_at=day"]
    assert cli.json("import", write(theirs), *options, "--source", "archive.example")["stored"] == 1
    (row,) = exported(cli)
    assert (row["source"], row["title"]) == ("archive.example", "Pier")
    assert cli("import", write(theirs), "--field", "headline=title").exit_code == 2


def test_bad_records_are_listed_with_line_and_reason_and_sink_nothing(cli, write):
    file = write(
        b"\n".join(
            [json.dumps(ITEMS[0]).encode(), b"{", json.dumps(BAD).encode(), json.dumps(ITEMS[1]).encode()]
        )
    )
    done = cli("import", file, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["stored"], report["rejected"]) == (1, 2, 2)
    listed = [json.loads(line) for line in Path(f"{file}.rejects.ndjson").read_text().splitlines()]
    assert [(row["archive"], row["place"], row["code"]) for row in listed] == [
        (file, 2, "malformed-json"), (file, 3, "missing-field"),
    ]  # fmt: skip
    assert all(row["detail"] and row["fix"] for row in listed)


def test_the_counts_are_told_as_a_table(cli, write):
    told = cli("import", write([ITEMS[0], ITEMS[1], BAD])).stdout
    assert "stored: new" in told
    assert "stored: copy" in told
    assert "rejects.ndjson" in told


def test_what_is_done_is_not_done_again_unless_asked_for(cli, write):
    file = write(ITEMS)
    assert cli.json("import", file)["stored"] == len(ITEMS)
    again = cli.json("import", file)
    assert (again["stored"], again["known"], again["earlier"]) == (0, 0, len(ITEMS))
    anew = cli.json("import", file, "--restart")
    assert (anew["stored"], anew["known"], anew["earlier"]) == (0, len(ITEMS), 0)


def test_an_interrupted_import_goes_on_and_lists_nothing_twice(cli, write, tmp_path, monkeypatch):
    cli.environment["WIREFOLD_BATCH_GROUP"] = "2"
    monkeypatch.setattr(importing, "_MARK_EVERY_S", 0)
    file = write([*ITEMS[:3], BAD, *ITEMS[3:]])
    note, noted = importing_note(), []

    def break_off(ctx, name, records, **more):
        noted.append(records)
        if len(noted) == 2:
            raise KeyboardInterrupt  # before the mark is moved on: the second group is met again
        if len(noted) < 2:
            note(ctx, name, records, **more)

    monkeypatch.setattr("app.services.importing.note", break_off)
    assert cli("import", file).exit_code == 130
    monkeypatch.setattr("app.services.importing.note", note)
    done = cli("import", file, "--json")
    report = json.loads(done.stdout)
    assert report["earlier"] == 2
    assert report["records"] == len(ITEMS) + 1
    assert len(exported(cli)) == len(ITEMS)
    listed = Path(f"{file}.rejects.ndjson").read_text().splitlines()
    assert [json.loads(line)["place"] for line in listed] == [4]
    assert list((tmp_path / "work").iterdir()) == []


def importing_note():
    from app.services import importing as service  # noqa: PLC0415

    return service.note


def test_a_folder_that_others_may_write_to_is_not_sorted_in(cli, write, tmp_path):
    file = write(ITEMS)
    folder = importing._folder(tmp_path / "work", name_of(file))
    folder.chmod(0o777)
    done = cli("import", file)
    assert done.exit_code == 4
    assert "--work" in done.stderr


def name_of(file):
    from app.services.archived import Wording  # noqa: PLC0415

    return importing._name_of([Path(file)], Wording(), as_read=False)


def test_a_json_array_is_refused_by_name(cli, write):
    file = write([ITEMS[0]]).replace(".ndjson", ".json")
    Path(file).write_text(json.dumps(ITEMS))
    done = cli("import", file)
    assert done.exit_code == 4
    assert "wirefold ingest" in done.stderr


@pytest.mark.slow
def test_killed_at_random_moments_it_takes_nothing_twice_and_loses_nothing(cli, write):
    """Killed with -9 while it sorts or takes in, then left alone; with a process that drafts."""
    cli.environment |= {
        "WIREFOLD_DRAFT_PROCESSES": "1",
        "WIREFOLD_BATCH_GROUP": "5",
        "TMPDIR": str(Path(write([])).parent),
    }
    items = [{**fresh(n), "published_at": f"2026-02-{1 + n % 28:02d}"} for n in range(100)]
    # A further version of some: taken in again, the first must not become a third.
    items += [{**fresh(n), "title": f"Later {n}", "updated_at": "2026-03-01"} for n in range(20)]
    file = write(items)
    enough = random.Random(os.environ.get("PYTEST_RANDOMLY_SEED", "1")).randrange(60)
    started = cli.start("import", file)
    until = time.monotonic() + PATIENCE_S
    while started.poll() is None and count(cli) <= enough and time.monotonic() < until:
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    report = cli.json("import", file)
    assert report["records"] == len(items)
    rows = exported(cli)
    assert len(rows) == len({row["external_id"] for row in rows}) == 100
    assert sorted(row["version"] for row in rows) == [1] * 80 + [2] * 20


def count(cli):
    """Articles in the database, 0 while there is none."""
    import sqlite3  # noqa: PLC0415

    if not cli.database.exists():
        return 0
    try:
        database = sqlite3.connect(f"file:{cli.database}?mode=ro", uri=True)
        try:
            return database.execute("SELECT count(*) FROM article").fetchone()[0]
        finally:
            database.close()
    except sqlite3.OperationalError:
        return 0
