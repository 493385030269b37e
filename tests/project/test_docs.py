"""The documentation says what is so: its links lead somewhere, its tables are complete, its examples are run.

Elsewhere: error codes (tests/api/test_problems.py), settings (tests/api/test_operations.py), commands and
their options (tests/cli/test_commands.py).
"""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.main import get_command

from app.api.access import Scope
from app.api.metrics import Metrics
from app.cli import app as commands
from app.dedup.model import Provenance, Relation, RepeatKind, RevisionKind, Role
from app.events import PAYLOADS
from app.model import Status
from app.parsing.submission import FIELDS
from app.services.stock import Stock
from app.settings import PREFIX, Settings
from app.store.tallies import Tally
from tests.serving import clean_environment, serving

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("clients/*/*.md"), *DOCS.rglob("*.md")])
ADDRESS = "http://127.0.0.1:8000"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?<![\w./-])(?:\.venv/bin/)?wirefold ([a-z]+)(?: ([a-z]+))?")


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text("utf-8"))


def blocks(page: Path, language: str) -> list[str]:
    return [code for kind, code in FENCE.findall(page.read_text("utf-8")) if kind == language]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    plain = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", each) for each in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in plain}


def section(page: str, heading: str) -> str:
    """What stands under a heading of a page, down to the next of its rank or above."""
    text = (DOCS / page).read_text("utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {heading}"
    return re.split(rf"^#{{1,{len(found[1])}}} ", found[2], maxsplit=1, flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """The names in the first column of all tables, in order."""
    cells = re.findall(r"^\| (`.*?`(?:, `.*?`)*) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


# ------------------------------------------------------------------------------------------------- links
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    broken = []
    for link in LINK.findall(prose(page)):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_is_reached_from_the_index():
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(prose(DOCS / "index.md"))}
    assert [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page not in linked] == ["index.md"]


# ------------------------------------------------------------------------------------------------- names
def test_every_change_is_documented_with_all_it_carries():
    rows = re.findall(r"^\| `([\w.]+)` \| .*? \| (.*) \|$", section("api.md", "Follow changes"), re.MULTILINE)
    told = {kind: set(re.findall(r"`(\w+)`", carries)) for kind, carries in rows}
    assert told == {kind.value: set(payload.__annotations__) for kind, payload in PAYLOADS.items()}


def test_every_relation_and_revision_kind_is_documented():
    names = first_column(section("concepts.md", "Relations"))
    assert names == [*(each.value for each in Relation), *(each.value for each in RevisionKind)]


def test_every_kind_of_repeat_is_documented():
    names = first_column(section("concepts.md", "Repeats inside a page"))
    assert names == [each.value for each in RepeatKind]


def test_every_role_of_a_passage_is_documented():
    text = section("concepts.md", "Passages")
    assert first_column(text) == [each.value for each in Role]
    assert {each.value for each in Provenance} <= set(re.findall(r"`(\w+)`", text))


def test_every_field_of_a_submission_is_documented():
    text = section("api.md", "Post one article")
    assert set(FIELDS) <= set(first_column(text))
    assert {each.value for each in Status} <= set(re.findall(r"`(\w+)`", text))


def test_every_scope_is_documented():
    assert first_column(section("api.md", "Access keys")) == [each.value for each in Scope]


def test_every_route_is_documented():
    paths = json.loads((DOCS / "openapi.json").read_text("utf-8"))["paths"]
    told = "".join(page.read_text("utf-8") for page in PAGES)
    methods = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert [each for each in sorted(methods) if f"`{each}`" not in told] == []


def test_every_measurement_is_documented():
    metrics = Metrics()
    idle = Stock(dict.fromkeys(Tally, 0), 0, 0, 0.0, 0, 0, 0.0, 0)
    metrics.measure(waiting=lambda: 0.0, index=lambda: 0.0, failures={}, stock=lambda: idle)
    types = re.findall(r"^# TYPE (\w+) (\w+)$", metrics.render().decode(), re.MULTILINE)
    measured = {(name, kind) for name, kind in types if not name.endswith("_created")}
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", section("operating.md", "Metrics"), re.MULTILINE)
    assert set(rows) == measured


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_setting_that_does_not_exist(page):
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", page.read_text("utf-8")))
    assert named - {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} - {f"{PREFIX}KEY"} == set()


@pytest.mark.parametrize(
    "name", [*(str(page.relative_to(ROOT)) for page in PAGES), "Dockerfile", "compose.yaml"]
)
def test_no_page_names_a_command_that_does_not_exist(name):
    text = (ROOT / name).read_text("utf-8")
    code = (
        text
        if name in {"Dockerfile", "compose.yaml"}
        else "\n".join(
            [*re.findall(r"`([^`\n]+)`", prose(ROOT / name)), *(code for _, code in FENCE.findall(text))]
        )
    )
    known = getattr(get_command(commands), "commands", {})
    for command, inner in COMMAND.findall(code):
        assert command in known, command
        assert not hasattr(known[command], "commands") or not inner or inner in known[command].commands, inner


# ---------------------------------------------------------------------------------------------- examples
@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server process on an empty database."""
    with serving(tmp_path_factory.mktemp("docs")) as address:
        yield address


def execute(command: str, address: str) -> Any:
    """What a curl command as printed answers, sent to the service under test."""
    assert ADDRESS in command
    command = command.replace(ADDRESS, address)
    if shutil.which("curl") and shutil.which("python3"):
        done = subprocess.run(
            ["sh", "-c", command],
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return json.loads(done.stdout)
    words = shlex.split(command.partition(" | ")[0].replace("\\\n", " "))
    body = words[words.index("-d") + 1].encode()
    header = words[words.index("-H") + 1].partition(": ")
    url = next(word for word in words if word.startswith(address))
    return httpx.post(url, content=body, headers={header[0]: header[2]}, timeout=60, trust_env=False).json()


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what is another at every run, or names the program's version."""
    passing = {"article_id", "canonical_id", "matched_article_id", "profile", "policy", "furniture"}
    return {
        name: stable(value) if isinstance(value, dict) else value
        for name, value in answer.items()
        if name not in passing
    }


@pytest.mark.slow
def test_the_examples_answer_what_is_shown(service):
    first, second = [code for code in blocks(ROOT / "README.md", "sh") if code.startswith("curl")]
    (third, *_) = [code for code in blocks(DOCS / "quickstart.md", "sh") if "CORRECTED" in code]

    answer = execute(first, service)
    (shown,) = blocks(ROOT / "README.md", "json")
    assert stable(answer) == stable(json.loads(shown))
    assert answer.keys() == json.loads(shown).keys()
    assert answer["article_id"].startswith("art_")

    copy = execute(second, service)
    assert copy["canonical_id"] == answer["canonical_id"]
    assert copy["decision"]["relation"] == "copy"
    assert copy["decision"]["matched_article_id"] == answer["article_id"]

    correction = execute(third, service)
    (shown,) = blocks(DOCS / "quickstart.md", "json")
    assert stable(correction["decision"]) == stable(json.loads(shown))
    assert (correction["canonical_id"], correction["is_canonical"]) == (answer["canonical_id"], True)

    with httpx.Client(base_url=service, timeout=60, trust_env=False) as client:
        article = client.get(f"/v1/articles/{answer['article_id']}").json()
        assert article["clean_text"] == blocks(DOCS / "quickstart.md", "")[0].strip()
        found = client.get("/v1/canonicals?url=https://islands-daily.example/ferry-aground?utm_source=feed")
        assert [each["member_count"] for each in found.json()["canonicals"]] == [3]
        changes = client.get("/v1/changes?cursor=0").json()
        assert [change["type"] for change in changes["changes"]] == [
            "article.ingested",
            "canonical.created",
            "article.ingested",
            "article.ingested",
            "story.corrected",
            "canonical.version_changed",
        ]
        assert changes["next"] == "6"
