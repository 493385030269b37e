"""The programs of the speed report, on samples small enough for every run."""

import importlib
import itertools
import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from types import SimpleNamespace

import pytest

PERFORMANCE = Path(__file__).resolve().parents[2] / "benchmarks" / "performance"
MODULES = ("corpus", "figures", "load", "comparing", "servers", "service", "writing", "machine")


@pytest.fixture(scope="module")
def programs():
    """The scripts, imported by name as they import each other; other benchmarks have some of these names."""
    before = {name: sys.modules.pop(name) for name in MODULES if name in sys.modules}
    sys.path.insert(0, str(PERFORMANCE))
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})
    sys.path.remove(str(PERFORMANCE))
    for name in MODULES:
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture(scope="module")
def grown(programs):
    return list(itertools.islice(programs.corpus.grow(programs.corpus.read_seeds()), 700))


def test_the_corpus_is_the_same_every_time(programs, grown):
    again = itertools.islice(programs.corpus.grow(programs.corpus.read_seeds()), 100)
    assert [each.article for each in again] == [each.article for each in grown[:100]]


def test_a_third_of_the_corpus_are_copies_of_all_kinds(grown):
    how = Counter(each.how for each in grown)
    copies = sum(how[kind] for kind in ("reprint", "cut", "edit", "reword", "update"))
    assert 0.3 < copies / len(grown) < 0.4
    assert {"fresh", "background", "form", "reprint", "cut", "edit", "reword", "update"} == set(how)


def test_each_story_of_the_corpus_begins_with_a_fresh_article(grown):
    first: dict[int, str] = {}
    for each in grown:
        first.setdefault(each.story, each.how)
    assert set(first.values()) <= {"fresh", "background", "form"}
    assert [each.article["external_id"].partition(".")[0] for each in grown] == [
        str(each.story) for each in grown
    ]


def test_two_fresh_stories_share_next_to_nothing(programs, grown):
    def runs(text):
        words = text.split()
        return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}

    fresh = [runs(each.article["text"]) for each in grown if each.how == "fresh"][:40]
    shared = [len(a & b) / min(len(a), len(b)) for a, b in itertools.combinations(fresh, 2)]
    assert sum(shared) / len(shared) < 0.01


def test_a_corpus_that_was_cut_off_goes_on_as_it_would_have(programs, grown, tmp_path):
    path = tmp_path / "articles.ndjson"
    seeds = programs.corpus.read_seeds()
    programs.service.Corpus(path, seeds).lines(0, 20)
    with path.open("a") as file:
        file.write('{"source": "half a li')
    lines = programs.service.Corpus(path, seeds).lines(10, 20)
    assert [json.loads(line) for line in lines] == [each.article for each in grown[10:30]]


def test_a_figure_that_is_known_is_not_measured_again(programs, tmp_path):
    path = tmp_path / "figures.json"
    programs.figures.Figures(path).once("one", lambda: {"us": 1})
    assert programs.figures.Figures(path).once("one", lambda: pytest.fail("measured again")) == {"us": 1}


def test_the_open_loop_counts_from_when_a_request_was_due(programs):
    taking = threading.Lock()

    class OneAtATime(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            with taking:
                time.sleep(0.02)
            self.wfile.write(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}")

    # Its end waits for every thread's: one that stayed would take time from all tests that come after.
    with ThreadingTCPServer(("127.0.0.1", 0), OneAtATime) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1/articles"
        told = programs.load.open_loop(url, ["{}"] * 12, rate=1_000, run_s=0.012)
        server.shutdown()
    assert (told["requests"], told["failed"]) == (12, 0)
    # The twelfth was due almost with the first and waited for eleven others.
    assert told["worst_ms"] >= 200


def test_precision_and_recall_are_of_pairs(programs):
    rates = programs.comparing.rates_of("aaabb", "xxyyy")
    assert rates == {"precision": 0.5, "recall": 0.5}


def test_an_answer_below_the_threshold_is_a_story_of_its_own(programs):
    answers = [
        {"match": None, "score": 0.0}, {"match": "1", "score": 0.9}, {"match": "2", "score": 0.6},
    ]  # fmt: skip
    assert programs.comparing.followed("123", answers, 0.5) == ["1", "1", "1"]
    assert programs.comparing.followed("123", answers, 0.8) == ["1", "1", "3"]


def test_stacks_are_told_by_the_module_of_ours_that_is_innermost(programs):
    stacks = [
        "main (wirefold:1);ingest (app/services/ingest.py:30);find (numpy/core.py:1) 3",
        "run (uvicorn/main.py:3) 1",
    ]
    assert programs.service.by_module(stacks) == {
        "app/services/ingest.py": 0.75,
        "interpreter, uvicorn, waiting": 0.25,
    }


def test_the_page_is_what_is_written_of_its_figures(programs, tmp_path):
    docs = PERFORMANCE.parents[1] / "docs"
    kept = json.loads((docs / "performance.json").read_text("utf-8"))
    figures = programs.figures.Figures(tmp_path / "none.json", known=kept["figures"])
    page = programs.writing.write(figures, full=kept["full"])
    assert page == (docs / "performance.md").read_text("utf-8"), "run `make bench ARGS=--rewrite`"


def test_the_page_says_what_was_reached_and_by_how_much_not(programs):
    mark = {
        "stored": 1_000, "batch_per_second": 100.0, "batch_cpu_ms": 8.0, "single": {"per_second": 1_500.0},
        "open": {"p99_ms": 90.0}, "largest_mb": 200.0, "disk_bytes": 9_000_000, "text_bytes": 4_000_000,
    }  # fmt: skip
    batch, single, latency, memory, disk = (
        row[3] for row in programs.writing.service_reaches("SQLite", [mark])
    )
    assert batch.startswith("20.0 times too much")
    assert {single, latency, memory, disk} == {"met"}
