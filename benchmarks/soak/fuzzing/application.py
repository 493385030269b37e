"""The application as a target: called as a server calls it, with the very bytes of a case, and its answers checked."""

import asyncio
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from app.api.problems import all_errors
from app.main import create_app
from app.settings import Settings
from app.store import schema
from benchmarks.soak.fuzzing.calls import BODIES, described
from benchmarks.soak.fuzzing.cases import Case
from benchmarks.soak.fuzzing.seeds import JSON_ARTICLE

_PATIENCE_S = 60.0
_PIECE = 64 * 1024
_CODES = {each.code for each in all_errors()} - {"internal"}
_TEMPLATES = tempfile.TemporaryDirectory(prefix="wirefold-fuzz-")
_NAMED = re.compile(r"<([a-z]{3,9})>")


class Application:
    """The service over an SQLite file of its own. Answers are checked as they come."""

    def __init__(self, folder: Path, runner: asyncio.Runner) -> None:
        path = shutil.copy(_migrated(), folder / "fuzz.db")
        settings = Settings(
            database_url=f"sqlite:///{path}",
            log_level="error",
            draft_processes=0,
            longest_wait_s=0.0,
            max_item_bytes=4_000_000,
            max_text_bytes=2_000_000,
            max_batch_bytes=8_000_000,
        )
        self._app = create_app(settings)
        # As it is kept beside the code: making it takes as long as a hundred cases.
        self._app.openapi_schema = described()
        self._runner = runner
        self._key = ""
        self._names: dict[str, str] = {}
        one, other = (
            self._made("/v1/articles", JSON_ARTICLE.replace(b"pier-1", b"known-%d" % number))
            for number in (1, 2)
        )
        self._names |= {
            "article": one["article_id"],
            "other": other["article_id"],
            "story": one["canonical_id"],
        }
        self._key = self._made("/v1/keys", b'{"name": "fuzz", "scopes": ["admin"]}')["key"]
        linked = self._made("/v1/links", json.dumps(BODIES["/v1/links"]).encode())
        self._names |= {"audit": linked["audit_id"], "link": linked["links_added"][0]["link_id"]}
        self._names["elsewhere"] = linked["canonicals"][-1]["canonical_id"]
        passage = json.dumps(BODIES["/v1/sources/{source}/furniture"]).encode()
        self._names["furniture"] = self._made("/v1/sources/gazette.example/furniture", passage)["id"]
        for name in ("webhook", "feed", "key"):
            made = self._made(f"/v1/{name}s", json.dumps(BODIES[f"/v1/{name}s"]).encode())
            self._names[name] = made.get("id") or made["feed_id"]

    def answer(self, case: Case) -> str:
        """The status, or the code of the problem. Raises AssertionError for an answer that may not be given."""
        status, headers, body = self._runner.run(self._call(case))
        if status >= 500:
            raise AssertionError(f"answered with {status}: {body[:200]!r}")
        if case.method == "HEAD" or not body or "json" not in headers.get("content-type", ""):
            return str(status)
        if "ndjson" in headers["content-type"]:
            results: Any = [json.loads(line) for line in body.splitlines()]
        else:
            said = json.loads(body)
            if status >= 400:
                return _checked(said)
            results = said.get("results", ()) if isinstance(said, dict) else ()
        for each in results:
            if each.get("problem"):
                _checked(each["problem"])
        return str(status)

    def close(self) -> None:
        """Stop the ingest thread and give the database back."""
        self._app.state.edge.queue.close()
        self._app.state.edge.ctx.store.close()

    def _made(self, path: str, body: bytes) -> Any:  # noqa: ANN401 - JSON
        case = Case(path, body, "POST", path, headers=(("content-type", "application/json"),))
        status, _, answer = self._runner.run(self._call(case))
        if status not in {200, 201}:
            raise RuntimeError(f"{path} is answered with {status}: {answer[:300]!r}")
        return json.loads(answer)

    def _filled(self, text: str) -> str:
        """A text with the IDs of what is stored in the places of their names."""
        return _NAMED.sub(lambda name: self._names.get(name[1], name[0]), text)

    async def _call(self, case: Case) -> tuple[int, dict[str, str], bytes]:
        path, query = (self._filled(each) for each in (case.path, case.query))
        body = self._filled(case.body.decode("latin-1")).encode("latin-1")
        sent = [body[at : at + _PIECE] for at in range(0, len(body), _PIECE)] or [b""]
        headers = {
            "host": "127.0.0.1",
            "content-length": str(len(body)),
            "authorization": f"Bearer {self._key}",
        }
        headers = {
            name: value
            for name, value in (headers | dict(case.headers)).items()
            if self._key or name != "authorization"
        }
        done = asyncio.Event()
        status, told, answer = 0, dict[str, str](), bytearray()

        async def receive() -> MutableMapping[str, Any]:
            if sent:
                piece = sent.pop(0)
                return {"type": "http.request", "body": piece, "more_body": bool(sent)}
            await asyncio.wait_for(done.wait(), _PATIENCE_S)
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                told.update(
                    {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
                )
            elif message["type"] == "http.response.body":
                answer.extend(message.get("body", b""))
                if not message.get("more_body"):
                    done.set()

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": case.method, "scheme": "http",
            "path": unquote(path), "raw_path": path.encode("latin-1", "replace"), "root_path": "", "query_string": query.encode("latin-1", "replace"),
            "headers": [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers.items()],
            "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000), "state": {},
        }  # fmt: skip
        await self._app(scope, receive, send)
        done.set()
        return status, told, bytes(answer)


def _checked(problem: dict[str, Any]) -> str:
    code, status = problem["code"], problem["status"]
    if code not in _CODES or status >= 500 or not problem.get("fix"):
        raise AssertionError(f"a problem that is none of the documented: {str(problem)[:300]}")
    return str(code)


@cache
def _migrated() -> Path:
    """A migrated file to copy, one for the life of the process."""
    path = Path(_TEMPLATES.name) / "fuzz.db"
    schema.migrate(f"sqlite:///{path}")
    return path


@contextmanager
def opened(folder: Path) -> Iterator[Application]:
    """An application that is closed at the end, and leaves no thread behind."""
    with asyncio.Runner() as runner:
        application = Application(folder, runner)
        try:
            yield application
        finally:
            application.close()
