"""``wirefold links import``: what people said moves with an archive to another database."""

import json

from tests.api.conftest import article


def test_an_archive_moves_whole_with_what_people_said_of_it(cli, write, tmp_path):
    copies = [article(1, source=f"{name}.example", external_id="1") for name in ("a", "b", "c")]
    cli("ingest", write(copies, "articles.ndjson"))
    sides = [[{"source": "a.example", "external_id": "1"}], [{"source": "b.example", "external_id": "1"}]]
    word = {"kind": "cannot", "sides": sides, "why": "Two fires."}
    assert cli.json("links", "import", write([word], "said.ndjson"), "--dry-run")["said"] == 1
    assert cli.json("links", "import", write([word], "said.ndjson"))["said"] == 1
    moved = {}
    for what in ("submissions", "links"):
        moved[what] = str(tmp_path / f"{what}.ndjson")
        cli("export", what, "-o", moved[what])
    cli.environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'other.db'}"
    cli("ingest", moved["submissions"])
    assert len(cli("export", "canonicals").stdout.splitlines()) == 1
    told = cli.json("links", "import", moved["links"])
    assert (told["said"], told["known"], told["refused"]) == (1, 0, [])
    assert cli.json("links", "import", moved["links"])["known"] == 1
    exported = [json.loads(line) for line in cli("export", "articles").stdout.splitlines()]
    homes = {each["source"]: each["canonical_id"] for each in exported}
    assert homes["a.example"] != homes["b.example"]


def test_a_line_that_cannot_be_said_is_listed_and_stops_no_other(cli, write):
    cli("ingest", write([article(1, external_id="1"), article(2, external_id="2")], "articles.ndjson"))
    ends = [{"source": "gazette.example", "external_id": each} for each in ("1", "2")]
    good = {"kind": "must", "sides": [ends]}
    file = write(
        b"\n".join([b"no json", b'{"kind": "must", "sides": []}', json.dumps(good).encode()]), "l.ndjson"
    )
    done = cli("links", "import", file, "--why", "One vote.")
    assert done.exit_code == 1
    assert "1 said, 0 known, 0 ended, 2 refused." in done.output
    assert "line 1" in done.output
    assert cli("links", "import", write([good], "l.ndjson")).exit_code == 1  # no reason anywhere
