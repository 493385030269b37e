"""The rules of the house that no linter knows: what every file of the repository must be like."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [f"requirements/{name}.txt" for name in ("build", "runtime", "dev", "quality", "bench")]

MAX_LINES = 400
# Path of a longer module -> the reason why it is not two.
LONGER_FOR_A_REASON: dict[str, str] = {}

# Addresses of places packages, images and models come from. Whoever installs chooses theirs.
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|conda\.(?:io|anaconda\.org)|crates\.io"
    r"|proxy\.golang\.org|rubygems\.org|jfrog\.io|ghcr\.io|(?<![\w.])docker\.io|quay\.io|gcr\.io|azurecr\.io"
    r"|amazonaws\.com/simple|nexus\.\w+|artifactory\.\w+|--(?:extra-)?index-url|--find[-]links",
    re.IGNORECASE,
)
# A path that exists on one person's machine only. A web address or a link in a page is none.
MACHINE_PATHS = re.compile(
    r"(?<![\w./:=>%-])(?<![\w./:]['\"])/(?:home|Users|root|work|mnt|private)/[\w.-]+"
    r"|\b[A-Z]:\\(?:Users|Documents)\\|file:///\w",
)


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files are the repository's")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def lines_of(path: Path) -> list[str]:
    """The lines of a text file; none of a binary one."""
    raw = path.read_bytes()
    return [] if b"\0" in raw[:8192] else raw.decode("utf-8", errors="replace").splitlines()


def places(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in the repository. This file, which has to spell it, is not searched."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in tracked_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(lines_of(path), start=1)
        if pattern.search(line)
    ]


def app_modules() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))


def pins(lock: str) -> dict[str, set[str]]:
    """Name -> versions a lock allows; more than one where they differ by Python version."""
    found: dict[str, set[str]] = {}
    for line in lines_of(ROOT / lock):
        if line and not line.startswith((" ", "#")):
            pin = Requirement(line.removesuffix("\\").strip())
            found.setdefault(canonicalize_name(pin.name), set()).add(str(pin.specifier).removeprefix("=="))
    return found


def wanted(extra: str | None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [
        Requirement(text)
        for text in project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    ]


def test_no_file_names_a_registry_host():
    assert places(REGISTRY_HOSTS) == []


def test_no_file_names_a_path_of_somebodys_machine():
    assert places(MACHINE_PATHS) == []


def test_no_file_names_the_folder_this_checkout_happens_to_be_in():
    assert places(re.compile(re.escape(str(ROOT)))) == []


@pytest.mark.parametrize(
    "text", ['"/ho' + 'me/mia/wirefold"', "cd /wo" + "rk/main", " C:" + r"\Users\mia", "open('/ro" + "ot/x')"]
)
def test_a_machine_path_is_recognised(text):
    assert MACHINE_PATHS.search(text)


@pytest.mark.parametrize(
    "text", ["https://example.com/home/news", "../home/news", "at home/work", "/data/wirefold.db"]
)
def test_an_address_or_a_path_inside_a_container_is_no_machine_path(text):
    assert not MACHINE_PATHS.search(text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_carries_hashes(lock):
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_address(lock):
    assert [line for line in lines_of(ROOT / lock) if re.search(r"://|-index|^-[if] ", line)] == []


@pytest.mark.parametrize(
    ("lock", "extra"),
    [
        ("requirements/runtime.txt", None),
        ("requirements/dev.txt", "dev"),
        ("requirements/quality.txt", "quality"),
        ("requirements/bench.txt", "bench"),
    ],
)
def test_a_lock_satisfies_every_dependency_the_project_declares(lock, extra):
    locked = pins(lock)
    unmet = [
        str(need)
        for need in wanted(extra)
        if not (versions := locked.get(canonicalize_name(need.name)))
        or not all(need.specifier.contains(version) for version in versions)
    ]
    assert unmet == [], "run `make lock`"


@pytest.mark.parametrize(
    "lock", ["requirements/dev.txt", "requirements/quality.txt", "requirements/bench.txt"]
)
def test_what_is_tested_and_measured_is_what_is_shipped(lock):
    own = pins(lock)
    assert {n: own.get(n) for n in pins("requirements/runtime.txt")} == pins("requirements/runtime.txt")


@pytest.mark.parametrize("path", app_modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_bytes()))


def test_no_module_outgrows_a_reader():
    longer = {str(path.relative_to(ROOT)): len(lines_of(path)) for path in app_modules()}
    longer = {name: count for name, count in longer.items() if count > MAX_LINES}
    assert {n: c for n, c in longer.items() if n not in LONGER_FOR_A_REASON} == {}


def test_every_exception_to_the_length_rule_is_still_needed():
    assert [n for n in LONGER_FOR_A_REASON if len(lines_of(ROOT / n)) <= MAX_LINES] == []


def test_the_layers_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_make_alone_tells_what_each_target_does():
    make = shutil.which("make")
    if make is None:
        pytest.skip("no make on this machine")
    told = subprocess.run([make, "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in told.splitlines()} >= {
        "setup",
        "run",
        "demo",
        "test",
        "check",
        "lock",
        "clean",
    }


def test_every_change_of_version_has_its_place_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
