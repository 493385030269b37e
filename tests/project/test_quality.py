"""The quality report runs from end to end on the set that comes with the project."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUALITY = ROOT / "benchmarks" / "quality"
NEWSDESK = QUALITY / "newsdesk"


def run(script: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("quality") / "quality.md"
    # Embeddings cost a third of a second an article: they are for whoever asks for the whole report.
    run(QUALITY / "report.py", "--output", str(path), "--embed-most", "0")
    return path


@pytest.mark.slow
def test_the_report_has_a_row_for_every_method_and_a_picture(report):
    text = report.read_text("utf-8")
    for method in ("Wirefold", "datasketch, words", "containment", "headline trigrams"):
        assert f"| {method} |" in text
    for part in ("## Pairs", "## Stories", "## Repeats inside a page", "## Where a peer is better, or level"):
        assert part in text
    assert report.with_suffix(".svg").read_text("utf-8").count("<polyline") >= 4


@pytest.mark.slow
def test_wirefold_leads_on_the_set_that_comes_with_it(report):
    lines = report.read_text("utf-8").split("## In short")[1].split("## Methods")[0].splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| ")]
    figures = {row[1]: float(row[2].split("/")[0]) for row in rows if "/" in row[2] and row[2][0] == "."}
    assert max(figures, key=figures.__getitem__).startswith("Wirefold")
    assert figures["Wirefold, whole service, as shipped"] > 0.9


def test_the_set_is_what_its_script_makes(tmp_path):
    names = ("articles.jsonl", "pairs.jsonl", "runs.jsonl")
    code = f"import sys; sys.path.insert(0, {str(NEWSDESK)!r}); import make_set; from pathlib import Path"
    code += f"; make_set.OUT = Path({str(tmp_path)!r}); make_set.main()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert [n for n in names if (tmp_path / n).read_bytes() != (NEWSDESK / n).read_bytes()] == []


def records(name):
    return [json.loads(line) for line in (NEWSDESK / f"{name}.jsonl").read_text("utf-8").splitlines()]


def test_every_labelled_pair_names_articles_of_the_set():
    articles = {article["uid"] for article in records("articles")}
    pairs = records("pairs")
    assert {pair[side] for pair in pairs for side in "ab"} <= articles
    assert len(articles) >= 120


def test_every_labelled_run_is_printed_twice():
    runs = [(page["text"], page["run"]) for page in records("runs") if page["run"]]
    assert runs
    assert [run for text, run in runs if text[slice(*run["first"])] != text[slice(*run["again"])]] == []
