"""The state machine of the promises (tests/api/machine.py) and the law of order, on both databases, for long.

    python benchmarks/soak/machine.py [--examples N] [--steps S] [--seed S]

Runs what the tests run, with a larger budget: so many runs on SQLite and a third of them on PostgreSQL, of
so many steps each. Prints figures as JSON; ends with 1 where a promise was broken, after Hypothesis has cut
the run down to the fewest steps that break it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/api/test_machine.py"
_SECTION = """## Promises

[Hypothesis](https://hypothesis.readthedocs.io) calls the service over HTTP in any order it thinks of:
posts stories as copies, reprints, cuts, corrections, updates and quotations, alone and in batches with
bad items, under IDs that come again, under embargo and keys that are repeated; links, merges, detaches,
pins, takes back; deletes; lets time pass; closes and opens the store. After every step a small model of
what was promised is held against what is answered: IDs answer for ever; the change feed has no gap, and
whoever only read it knows where each article is and what speaks for each story; what people said holds;
what was taken back never speaks; strangers hear of nothing that is not out; cleaning gives back the text
as it was received; an undo restores. At the end it settles once and not twice, and `verify --deep` finds
nothing. Beside it, shuffled orders of arrival must end in the same stories.

{runs} runs of up to {steps} steps on SQLite and PostgreSQL: {articles} articles, {changes} entries of
the feed. {wrong}
"""


def run(examples: int, steps: int = 30, *, seed: int = 1) -> dict[str, Any]:
    """Try the promises; the figures, and what was broken."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        asked = {
            "MACHINE_EXAMPLES": str(examples),
            "MACHINE_STEPS": str(steps),
            "MACHINE_FIGURES": str(figures),
        }
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--tb=short", f"--hypothesis-seed={seed}", TESTS],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **asked},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = figures.read_text("utf-8").splitlines() if figures.exists() else []
    counts: Counter[str] = sum((Counter(json.loads(line)) for line in lines), Counter())
    return {
        "seed": seed,
        "examples": examples,
        "steps": steps,
        **counts,
        "broken": "" if done.returncode == 0 else done.stdout[-20_000:],
        "took_s": round(time.perf_counter() - began, 1),
    }


def rendered(figures: dict[str, Any]) -> str:
    """The section on promises of docs/reliability.md."""
    wrong = f"Broken:\n\n```\n{figures['broken']}\n```" if figures["broken"] else "Nothing was broken."
    told = {name: f"{figures.get(name, 0):,}" for name in ("runs", "articles", "changes", "steps")}
    return _SECTION.format(**told, wrong=wrong)


def main() -> int:
    """Run from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--examples", type=int, default=60)
    arguments.add_argument("--steps", type=int, default=30)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    figures = run(given.examples, given.steps, seed=given.seed)
    print(json.dumps(figures, indent=2))
    return 1 if figures["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
