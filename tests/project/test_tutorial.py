"""The tutorial is typed into a shell, block after block, and every answer is what it shows."""

import contextlib
import fnmatch
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.serving import clean_environment

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETUP = "make setup"
END = "END-OF-BLOCK"
LIMIT_S = 300


def steps() -> list[tuple[str, list[tuple[str, str]]]]:
    """The blocks of commands in order, each with what the page shows after it."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for language, code in FENCE.findall((ROOT / "docs" / "tutorial.md").read_text("utf-8")):
        if language == "sh":
            found.append((code, []))
        else:
            found[-1][1].append((language, code))
    return [step for step in found if SETUP not in step[0]]


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def differences(shown: object, answered: object, place: str = "$") -> list[str]:
    """Where an answer is not what is shown: members may be left out, and … stands for anything."""
    if shown == "…":
        return []
    if isinstance(shown, dict) and isinstance(answered, dict):
        return [
            each
            for name, value in shown.items()
            for each in differences(value, answered.get(name), f"{place}.{name}")
        ]
    if isinstance(shown, list) and isinstance(answered, list):
        if len(shown) != len(answered):
            return [f"{place}: {len(shown)} are shown, {len(answered)} answered: {answered}"]
        pairs = zip(shown, answered, strict=True)
        return [each for at, pair in enumerate(pairs) for each in differences(*pair, f"{place}[{at}]")]
    if isinstance(shown, str) and isinstance(answered, str):
        same = fnmatch.fnmatchcase(answered, shown.replace("[", "[[]").replace("…", "*"))
        return [] if same else [f"{place}: {answered!r}, not {shown!r}"]
    return [] if shown == answered else [f"{place}: {answered!r}, not {shown!r}"]


class Shell:
    """One shell that runs block after block, as a reader's does."""

    def __init__(self, folder: Path) -> None:
        self._replaced = {
            port: str(free) for port, free in zip(("8000", "8001", "8002"), free_ports(3), strict=True)
        }
        environment = clean_environment() | {
            "DATABASE_URL": "sqlite:///wirefold.db",
            "WIREFOLD_LOG_LEVEL": "warning",
            "PYTHONPATH": str(ROOT),
        }
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["bash"],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._watchdog = threading.Timer(LIMIT_S, self._kill)
        self._watchdog.start()

    def ours(self, text: str) -> str:
        """The page's text with the ports and the program of this run."""
        for port, free in self._replaced.items():
            text = re.sub(rf"\b{port}\b", free, text)
        serve = f"{sys.executable} -m app serve --port {self._replaced['8000']}"
        text = text.replace(".venv/bin/wirefold serve", serve)
        return re.sub(r"\bpython3\b", sys.executable, text)

    def type(self, code: str) -> str:
        """What a block prints."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{self.ours(code)}\nprintf '\\n%s %s\\n' {END} $?\n")
        self._process.stdin.flush()
        printed: list[str] = []
        for line in self._process.stdout:
            if line.startswith(END):
                assert line == f"{END} 0\n", f"{code}\n{''.join(printed)}"
                return "".join(printed).strip()
            printed.append(line)
        raise AssertionError(f"the shell ended in\n{code}")

    def close(self) -> None:
        """Ends the shell, and what it started and is still there."""
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write("kill $(jobs -p) 2>/dev/null; wait; exit\n")
            self._process.stdin.close()
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._kill()
        self._watchdog.cancel()
        self._process.stdout.close()

    def _kill(self) -> None:
        """Whoever waits for what never comes is told that the shell ended."""
        os.killpg(self._process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_the_tutorial_leads_where_it_says(tmp_path):
    if not shutil.which("bash") or not shutil.which("curl"):
        pytest.skip("the tutorial is for bash and curl, and one of them is missing here")
    shell = Shell(tmp_path)
    try:
        for code, shown in steps():
            printed = shell.type(code)
            for language, block in shown:
                expected = shell.ours(block)
                if language == "json":
                    wrong = differences(json.loads(expected), json.loads(printed))
                else:
                    wrong = [] if printed == expected.strip() else [printed]
                assert not wrong, f"{code}{wrong}\n{(tmp_path / 'log').read_text()}"
    finally:
        shell.close()
