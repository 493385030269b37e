"""The command as its users have it: its own process where that matters, else typer's runner."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from typer.testing import CliRunner

from app.cli import app

ROOT = Path(__file__).resolve().parents[2]


class Cli:
    """Runs commands against one SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "wirefold.db"
        self.environment = {"DATABASE_URL": f"sqlite:///{self.database}"}
        self._runner = CliRunner()

    def __call__(self, *args: str, **options: Any):
        """One command in this process."""
        return self._runner.invoke(app, list(args), env=self.environment, catch_exceptions=False, **options)

    def json(self, *args: str, **options: Any) -> Any:
        """What a command that succeeds prints with --json."""
        done = self(*args, "--json", **options)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def start(self, *args: str, stdin: "IO[str] | None" = None) -> "subprocess.Popen[str]":
        """One command in a process of its own."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREFOLD_")}
        return subprocess.Popen(
            [sys.executable, "-m", "app", *args],
            env=clean | self.environment | {"PYTHONPATH": str(ROOT)},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a file of submissions and give its path."""

    def put(content: object, name: str = "articles.ndjson") -> str:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, list):
            path.write_text("".join(json.dumps(each) + "\n" for each in content))
        else:
            path.write_text(json.dumps(content, indent=1))
        return str(path)

    return put
