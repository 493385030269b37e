"""The soak's own code, on a small scale: its page tells its figures, and it goes on where it stopped."""

import json

from benchmarks.soak import report
from benchmarks.soak.clients import gone
from benchmarks.soak.databases import Sqlite
from benchmarks.soak.progress import SAMPLE, Progress

TOLD = {
    "races": {
        "SQLite": {"done": 3, "took_s": 1.5, "tally": {"same": 2, "wrong: near: several canonicals": 1}}
    },
    "kills": {"SQLite": {"done": 2, "acknowledged": 90, "restart_s": [2.0, 1.5], "wrong": []}},
    "hardships": [{"name": "disk full", "promise": "507", "came_out": "9 × 507", "wrong": []}],
}


def test_the_page_is_made_of_the_figures_beside_it():
    assert report.PAGE.read_text("utf-8") == report.render(json.loads(report.FIGURES.read_text("utf-8")))


def test_what_came_out_wrong_is_told_and_what_is_left_to_do(tmp_path):
    page, figures = tmp_path / "page.md", tmp_path / "figures.json"
    progress = Progress.of(SAMPLE, 1, afresh=False, folder=tmp_path)
    progress.state |= TOLD
    report.write(progress.state, target="soak", page=page, figures=figures)
    told = page.read_text("utf-8")
    assert "| SQLite | 3 | 2 | 0 | 0 | 0 | 0 | 1 × near: several canonicals | 2.0 |" in told
    assert "| SQLite | 2 | 90 | 0 | 2.0 s | 2.0 s |" in told
    assert "| disk full | 507 | 9 × 507 | nothing |" in told
    assert "This run is not at its end" in told
    assert progress.wrong()


def test_it_goes_on_where_it_stopped_until_all_is_done(tmp_path):
    first = Progress.of(SAMPLE, 1, afresh=False, folder=tmp_path)
    first.state |= TOLD
    first.save("something")
    again = Progress.of(SAMPLE, 1, afresh=False, folder=tmp_path)
    assert again.state["races"] == TOLD["races"]
    assert Progress.of(SAMPLE, 1, afresh=True, folder=tmp_path).state["races"] == {}
    again.finish()
    assert Progress.of(SAMPLE, 1, afresh=False, again=False, folder=tmp_path).state == again.state
    assert Progress.of(SAMPLE, 1, afresh=False, folder=tmp_path).state["races"] == {}


def test_clients_that_go_away_leave_nothing_behind(tmp_path):
    _, wrong = gone(Sqlite(tmp_path), 30)
    assert wrong == []
