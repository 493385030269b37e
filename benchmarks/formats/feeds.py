"""Every RSS, RDF, Atom and JSON Feed in a folder through our reader, beside feedparser.

    PYTHONPATH=. python benchmarks/formats/feeds.py DATA [--files]

DATA is a folder of test suites and real feeds (mediacloud_rss, miniflux, rss_parser, superdesk_io …). A file
counts as a feed where its beginning has a feed's root element or version, or its name ends as feeds' do. What
is refused is listed with the reason.
"""

import argparse
import re
import time
from collections import Counter
from pathlib import Path

import feedparser

from app.errors import WirefoldError
from app.parsing.feed_document import FeedDocument, entry_submission, read_feed

ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|RDF|feed)[\s>]|jsonfeed\.org/version")
ENDINGS = {".rss", ".atom", ".rdf"}
SUITES_OF_FEEDS = ("reader/parser", "reader/encoding", "reader/xml", "rss_parser", "mediacloud")
FIELDS = ("title", "url", "guid", "published_at", "updated_at", "byline", "content_html", "summary_html")


def is_meant(path: Path, data: bytes) -> bool:
    if path.name in {"README", "LICENSE"}:
        return False
    of_suite = any(part in path.as_posix() for part in SUITES_OF_FEEDS)
    wide = data[:4000].replace(b"\0", b"")
    return path.suffix in ENDINGS or of_suite or ROOT.search(wide) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--files", action="store_true", help="a line for each file")
    options = parser.parse_args()
    read, entries, articles, theirs, exact = Counter[str](), 0, 0, 0, 0
    fields, problems = Counter[str](), Counter[str]()
    refused: list[str] = []
    fewer: list[str] = []
    ours_s = theirs_s = 0.0
    for path in sorted(each for each in options.data.rglob("*") if each.is_file()):
        data = path.read_bytes()
        if not is_meant(path, data):
            continue
        name = path.relative_to(options.data).as_posix()
        began = time.perf_counter()
        document: FeedDocument | None = None
        try:
            document = read_feed(data, address="https://feed.example/feed.xml")
        except WirefoldError as error:
            refused.append(f"{name}: {error.code}: {error.detail}")
        between = time.perf_counter()
        other = len(feedparser.parse(data).entries)
        ours_s, theirs_s = ours_s + between - began, theirs_s + time.perf_counter() - between
        theirs += other
        mine = len(document.entries) if document else 0
        if mine < other:
            fewer.append(f"{name}: {mine} of {other}")
        if document is None:
            continue
        read[document.flavour] += 1
        entries += mine
        for entry in document.entries:
            exact += entry.raw in data
            fields.update(each for each in FIELDS if getattr(entry, each))
            try:
                entry_submission(entry, source="feed.example")
                articles += 1
            except WirefoldError as error:
                problems[error.code] += 1
        if options.files:
            print(f"{name}: {document.flavour}, {mine} entries, feedparser {other}")
    print(f"feeds read: {read.total()} ({', '.join(f'{n} {flavour}' for flavour, n in read.items())})")
    print(f"entries: {entries} (feedparser: {theirs}), with bytes as they stand in the file: {exact}")
    print(f"submissions: {articles}, not: {dict(problems)}")
    print("fields: " + ", ".join(f"{each} {fields[each]}" for each in FIELDS))
    print(f"time: {ours_s:.2f} s (feedparser: {theirs_s:.2f} s)")
    print(f"fewer entries than feedparser: {fewer or 'none'}")
    print(f"refused: {len(refused)}")
    for each in refused:
        print(f"  {each}")


if __name__ == "__main__":
    main()
