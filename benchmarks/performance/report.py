"""The speed report: stages, the service as it grows, and what a user would pick instead, in one run.

    python benchmarks/performance/report.py [--full] [--data FOLDER] [--output docs/performance.md]

Figures are kept in ``build/performance``: a full run that was stopped goes on where it was. A sample
begins anew each time. The page and its JSON are written after every figure.
"""

import argparse
import json
import shutil
from pathlib import Path

import comparing
import corpus
import service
import stages
import writing
from figures import Figures, say

PROFILED = 1_000
SINGLES_A_SECOND = 1_000
"""Articles that are kept ready for the 32 clients of each alternative."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="up to a million articles; hours")
    parser.add_argument("--again", action="store_true", help="forget what a full run has measured and stored")
    parser.add_argument(
        "--only", choices=("stages", "sqlite", "postgres", "rest"), help="measure this part alone"
    )
    parser.add_argument(
        "--data", type=Path, help="seeds of yours: a folder of NDJSON with a text in each line"
    )
    parser.add_argument("--output", type=Path, default=Path("docs/performance.md"))
    parser.add_argument("--work", type=Path, default=Path("build/performance"))
    parser.add_argument(
        "--scale", type=float, default=1.0, help="a share of the sample: 0.1 tries the program"
    )
    parser.add_argument("--rewrite", action="store_true", help="measure nothing: the page from its JSON")
    options = parser.parse_args()
    if options.rewrite:
        rewrite(options.output)
        return
    plan = service.FULL if options.full else service.scaled(service.SAMPLE, options.scale)
    folder: Path = options.work.resolve() / ("full" if options.full else "sample")
    if options.again or not options.full:
        shutil.rmtree(folder, ignore_errors=True)
    seeds = corpus.read_seeds(options.data)
    figures = Figures(folder / "figures.json", lambda of: save(options.output, of, full=options.full))
    articles = service.Corpus(folder / "articles.ndjson", seeds)
    run(plan, figures, folder, articles, only=options.only)
    say(f"Written: {options.output}")


def run(
    plan: service.Plan, figures: Figures, folder: Path, articles: service.Corpus, *, only: str | None = None
) -> None:
    """Everything that is not known yet, what is quick first."""
    if only in {None, "stages"}:
        figures.once("stages", lambda: stages.measure(list(articles.seeds)))
    if only in {None, "rest"}:
        figures.once("profile", lambda: service.profile(articles.lines(0, min(PROFILED, plan.compared))))
        figures.once("copies", lambda: service.copy_costs(articles.seeds, plan.copies))
        lines = articles.lines(0, plan.compared)
        run_s = plan.run_s / 2
        following = articles.lines(plan.compared, round(SINGLES_A_SECOND * run_s))
        figures.once("compared", lambda: comparing.measure(lines, following, run_s=run_s))
    for name in ("sqlite", "postgres"):
        if only in {None, name}:
            service.measure(name, plan, figures, folder / name, articles)


def save(output: Path, figures: Figures, *, full: bool) -> None:
    """The page and its figures, as far as they are known."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(writing.write(figures, full=full), "utf-8")
    kept = {"full": full, "figures": figures.kept()}
    output.with_suffix(".json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def rewrite(output: Path) -> None:
    """The page anew from the figures beside it: its words or its tables were changed."""
    kept = json.loads(output.with_suffix(".json").read_text("utf-8"))
    output.write_text(writing.write(Figures(output, known=kept["figures"]), full=kept["full"]), "utf-8")


if __name__ == "__main__":
    main()
