"""Article bodies against hand-made ones: ours (read_html, then the service's clean) beside trafilatura's.

    PYTHONPATH=. python benchmarks/extraction.py DATA [--pages]

DATA is a folder with ground-truth.json ({id: {"articleBody", "url"}}) and html/ID.html.gz, as
scrapinghub/article-extraction-benchmark has them. Words are compared as bags, case apart: micro over all
words, macro over pages. The address of a page is not given to the extractor.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from app.dedup.clean import clean, clean_text
from app.dedup.model import Page
from app.parsing.encodings import decode
from app.parsing.html import read_html

WORD = re.compile(r"\w+")


def ours_as_extracted(page: str) -> str:
    return read_html(page).text


def ours(page: str) -> str:
    read = read_html(page)
    return clean_text(
        read.text, clean(Page(text=read.text, title=read.title, byline=read.hints.byline)).removed
    )


def peer(page: str) -> str:
    return trafilatura.extract(page) or ""


def unpack(path: Path) -> str:
    return decode(gzip.decompress(path.read_bytes())).text


def printed_twice(text: str, gold: str) -> int:
    """Lines of eight words and more beyond the times that the hand-made body has them."""
    lines = Counter(" ".join(WORD.findall(line.lower())) for line in text.split("\n"))
    whole = " ".join(WORD.findall(gold.lower()))
    return sum(max(0, n - max(1, whole.count(line))) for line, n in lines.items() if line.count(" ") >= 7)


def shares(found: str, gold: str) -> tuple[int, int, int]:
    """Words in both, found, and wanted."""
    a, b = Counter(WORD.findall(found.lower())), Counter(WORD.findall(gold.lower()))
    return (a & b).total(), a.total(), b.total()


def f1(shared: int, found: int, wanted: int) -> float:
    return 2 * shared / (found + wanted) if found + wanted else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", action="store_true", help="a line for each page on which we fall behind")
    options = parser.parse_args()
    gold = json.loads((options.data / "ground-truth.json").read_text())
    pages = {
        key: decode(gzip.decompress((options.data / "html" / f"{key}.html.gz").read_bytes())).text
        for key in gold
    }
    extractors: dict[str, Callable[[str], str]] = {
        "ours, cleaned": ours,
        "ours, as extracted": ours_as_extracted,
        "trafilatura, default": peer,
    }
    by_name: dict[str, dict[str, tuple[int, int, int]]] = {}
    print(f"{len(gold)} pages  {'':<10}   micro F1  precision  recall   macro F1   ms a page")
    for name, extract in extractors.items():
        extract(next(iter(pages.values())))
        began = time.perf_counter()
        texts = {key: extract(page) for key, page in pages.items()}
        took_ms = (time.perf_counter() - began) * 1000 / len(pages)
        of_page = {key: shares(text, gold[key]["articleBody"]) for key, text in texts.items()}
        shared, found, wanted = (sum(column) for column in zip(*of_page.values(), strict=True))
        macro = sum(f1(*each) for each in of_page.values()) / len(of_page)
        print(
            f"{name:<24} {f1(shared, found, wanted):10.4f} {shared / found:10.4f} {shared / wanted:8.4f}"
            f" {macro:10.4f} {took_ms:10.1f}"
        )
        by_name[name] = of_page
    for name, extract in (
        ("trafilatura, default", peer),
        ("ours, as extracted", ours_as_extracted),
        ("ours, cleaned", ours),
    ):
        twice = {key: printed_twice(extract(page), gold[key]["articleBody"]) for key, page in pages.items()}
        print(f"lines printed twice that the hand-made body has once, {name}: {sum(twice.values())}")
    if options.pages:
        for key in gold:
            mine, theirs = f1(*by_name["ours, cleaned"][key]), f1(*by_name["trafilatura, default"][key])
            if mine < theirs - 0.01:
                print(f"{mine:.3f} {theirs:.3f} {gold[key]['url']}")


if __name__ == "__main__":
    main()
