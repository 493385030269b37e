"""The recipes of docs/integrations are run as they are printed, against a real service."""

import contextlib
import hashlib
import hmac
import http.server
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
import types
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import httpx
import pytest
import standardwebhooks

from tests.clients.test_service import story
from tests.serving import ROOT, clean_environment
from wirefold_client import Client

pytestmark = pytest.mark.slow
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "clients" / "python")])
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><link>https://f.example/</link>
<description>F</description>{items}</channel></rss>"""
ITEM = """<item><guid>{guid}</guid><link>{guid}</link><title>{title}</title><description>{text}</description></item>"""


def code(page: str, language: str = "python") -> str:
    """The first block of a language on a recipe's page."""
    text = (ROOT / "docs" / "integrations" / f"{page}.md").read_text("utf-8")
    return next(found[2] for found in FENCE.finditer(text) if found[1] == language)


def module(page: str) -> types.ModuleType:
    """A recipe, imported."""
    recipe = types.ModuleType(f"recipe_{page}")
    exec(compile(code(page), f"{page}.md", "exec"), recipe.__dict__)
    return recipe


def environment(service: str, **more: str) -> dict[str, str]:
    return clean_environment() | {"PYTHONPATH": PATHS, "SERVICE_URL": service, "PYTHONUNBUFFERED": "1"} | more


@contextlib.contextmanager
def running(page: str, folder: Path, service: str, **more: str) -> Iterator[str]:
    """The address of a recipe that listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = folder / f"{page}.py"
    program.write_text(code(page), "utf-8")
    with (folder / "printed").open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, program],
            cwd=folder,
            env=environment(service, PORT=str(port), **more),
            stdout=printed,
            stderr=printed,
        )
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until and process.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(30)


def test_the_scrapy_pipeline_gives_items_their_canonical_id(service):
    spider = types.SimpleNamespace(name="news", logger=logging.getLogger("spider"))
    crawler = types.SimpleNamespace(settings={"SERVICE_URL": service})
    pipeline = module("scrapy").WirefoldPipeline.from_crawler(crawler)
    body = f"<article><h1>Dockers end strike</h1><p>{story()}</p></article>"
    items = [
        {"source": f"{n}.example", "url": f"https://{n}.example/{uuid.uuid4()}", "html": body} for n in "ab"
    ]
    pipeline.open_spider(spider)
    first, second = (pipeline.process_item(dict(item), spider) for item in items)
    blank = pipeline.process_item(items[0] | {"html": "<p> </p>"}, spider)
    pipeline.close_spider(spider)
    assert (first["relation"], second["relation"]) == ("new", "copy")
    assert first["canonical_id"] == second["canonical_id"]
    assert "canonical_id" not in blank


def test_what_superdesk_pushes_arrives_if_it_is_signed(service, tmp_path, client):
    item = {
        "guid": f"urn:newsml:desk.example:{uuid.uuid4()}",
        "type": "text",
        "version": "1",
        "versioncreated": "2026-03-03T10:00:00+0000",
        "pubstatus": "usable",
        "headline": "Dockers end strike",
        "slugline": "strike",
        "body_html": f"<p>{story()}</p>",
        "language": "en",
    }
    body = json.dumps(item).encode()
    signed = {
        "content-type": "application/json",
        "x-superdesk-signature": "sha1=" + hmac.new(b"secret", body, hashlib.sha1).hexdigest(),
    }
    with (
        running("superdesk", tmp_path, service, SUPERDESK_SECRET="secret") as push,
        httpx.Client(timeout=60, trust_env=False) as desk,
    ):
        pushed = desk.post(push, content=body, headers=signed)
        assert (pushed.status_code, pushed.text[:4]) == (201, "can_")
        assert desk.post(push, content=body, headers=signed).status_code == 200
        assert desk.post(push, content=body + b" ", headers=signed).status_code == 401
        assert desk.post(push, content=body).status_code == 401
    (stored,) = client.find_external_id("desk.example", item["guid"])
    assert (stored.canonical_id, stored.canonical.title) == (pushed.text, "Dockers end strike")


def ap_feed(story_id: str, address: str) -> dict[str, dict[str, object]]:
    """A page of AP's feed: a text whose body is elsewhere, and a picture."""
    known = {"version": 1, "pubstatus": "usable", "signals": ["newscontent"], "language": "en"}
    href = f"{address}/content/{story_id}?type=text"
    item = {"type": "text", "headline": "Dockers end strike", "renditions": {"nitf": {"href": href}}}
    items = [item | {"altids": {"itemid": story_id}}, {"type": "picture", "altids": {"itemid": "p"}}]
    return {
        "data": {
            "items": [{"meta": {}, "item": known | each} for each in items],
            "next_page": f"{address}/feed?seq=2",
        }
    }


def test_aps_feed_is_read_with_the_texts_that_its_items_name(service, tmp_path, monkeypatch, client):
    story_id, text, asked = uuid.uuid4().hex, story(), []

    class Ap(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("x-api-key")))
            address = f"http://{self.headers['host']}"
            said = ap_feed(story_id, address)
            if self.path == "/feed?seq=2":
                said["data"]["items"] = []
            body = f"<nitf><body><body.content><p>{text}</p></body.content></body></nitf>"
            redirect = self.path.startswith("/content/")
            self.send_response(302 if redirect else 200)
            if redirect:
                self.send_header("location", "/store/1")
            self.end_headers()
            self.wfile.write((body if self.path.startswith("/store") else json.dumps(said)).encode())

        def log_message(self, *_args):
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ap)
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{site.server_address[1]}"
    for name, value in {"SERVICE_URL": service, "AP_KEY": "k", "AP_FEED": f"{address}/feed"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    try:
        recipe = module("ap")
        recipe.main()
        recipe.main()
    finally:
        site.shutdown()
        site.server_close()
    (stored,) = client.find_external_id("AP", story_id)
    assert client.article(stored.canonical.article_id).text.split() == text.split()
    text_at = f"/content/{story_id}?type=text"
    assert asked == [("/feed", "k"), (text_at, "k"), ("/store/1", None), *[("/feed?seq=2", "k")] * 2]


@pytest.fixture
def lines() -> list[str]:
    text, name = story(), uuid.uuid4().hex
    articles = [{"source": f"{each}.example", "external_id": name, "text": text} for each in "ab"]
    return [json.dumps(articles[0]), "{", json.dumps({"external_id": "x"}), json.dumps(articles[1])]


def test_a_stream_is_sent_line_by_line(service, tmp_path, lines):
    program = tmp_path / "stream.py"
    program.write_text(code("streams"), "utf-8")
    process = subprocess.Popen(
        [sys.executable, program],
        env=environment(service, CHUNK_ITEMS="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(lines[0] + "\n")
    process.stdin.flush()
    first = json.loads(process.stdout.readline())  # answered while the stream goes on
    rest, complaints = process.communicate("\n".join(lines[1:]) + "\n", timeout=60)
    refused, copy = map(json.loads, rest.splitlines())
    assert (first["relation"], copy["relation"]) == ("new", "copy")
    assert first["canonical_id"] == copy["canonical_id"]
    assert (refused["refused"], refused["field"]) == ("missing-field", "source")
    assert "line 2" in complaints
    assert process.returncode == 0


def test_a_stream_is_piped_into_the_database(tmp_path, lines):
    (tmp_path / "topic").write_text("\n".join(lines[:1] + lines[3:]) + "\n")
    command = code("streams", "sh").strip()
    assert command.startswith("kcat -C -b localhost:9092 -t articles -e -u |")
    command = command.replace("kcat -C -b localhost:9092 -t articles -e -u", "cat topic")
    done = subprocess.run(
        ["sh", "-c", command.replace(".venv/bin/wirefold", f"{sys.executable} -m app")],
        cwd=tmp_path,
        env=environment("") | {"DATABASE_URL": f"sqlite:///{tmp_path / 'wirefold.db'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "copy" in done.stdout


def test_the_receiver_believes_what_is_signed_and_handles_it_once(service, tmp_path):
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = json.dumps(
        {
            "type": "story.corrected",
            "timestamp": "2026-03-03T09:30:04Z",
            "data": {"canonical_id": "can_1", "article_id": "art_1", "version": 2, "position": 7},
        }
    )
    now = datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": standardwebhooks.Webhook(secret).sign("msg_1", now, body),
    }
    with (
        running("receiver", tmp_path, service, WEBHOOK_SECRET=secret) as receiver,
        httpx.Client(timeout=60, trust_env=False) as sender,
    ):
        answers = [
            sender.post(receiver, content=body, headers=headers).status_code,
            sender.post(receiver, content=body, headers=headers).status_code,
            sender.post(receiver, content=body + " ", headers=headers).status_code,
            sender.post(receiver, content=body).status_code,
        ]
    assert answers == [204, 204, 401, 401]
    assert (tmp_path / "printed").read_text().count("can_1 was corrected") == 1


def test_the_reader_shows_a_story_once_and_again_when_it_is_corrected(service, tmp_path):
    text, guid = "<![CDATA[<p>{}</p>]]>", f"https://a.example/{uuid.uuid4()}"
    words = f"A ferry with 214 passengers ran aground. {story()}"
    copy = ITEM.format(guid=guid.replace("a.", "b."), title="Rescue", text=text.format(words))
    feeds = {
        "/a": RSS.format(items=ITEM.format(guid=guid, title="Aground", text=text.format(words))),
        "/b": RSS.format(items=copy),
    }

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = feeds[self.path].encode()
            self.send_response(200)
            self.send_header("content-type", "application/xml")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    program = tmp_path / "reader.py"
    program.write_text(code("reader"), "utf-8")

    def read() -> str:
        address = f"http://127.0.0.1:{site.server_address[1]}"
        done = subprocess.run(
            [sys.executable, program, f"{address}/a", f"{address}/b"],
            cwd=tmp_path,
            env=environment(service),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    try:
        assert read() == f"  Aground {guid}\n"
        assert read() == ""
        corrected = text.format(f"(Corrects number to 241)</p><p>{words.replace('214', '241')}")
        feeds["/a"] = RSS.format(items=ITEM.format(guid=guid, title="CORRECTED-Aground", text=corrected))
        assert read() == f"! CORRECTED-Aground {guid}\n"
    finally:
        site.shutdown()
        site.server_close()


def test_the_nightly_export_is_read_with_duckdb(service, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPORT", str(tmp_path / "export"))
    monkeypatch.chdir(tmp_path)
    export = module("parquet").export
    text = story()
    with Client(service) as client:
        for name in "abc":
            client.submit({"source": f"{name}.example", "external_id": uuid.uuid4().hex, "text": text})
        assert export(client)
        assert export(client) is None
        answer = client.submit({"source": "d.example", "external_id": uuid.uuid4().hex, "text": text})
        assert export(client)
    table = duckdb.sql(code("parquet", "sql"))
    assert table is not None
    found = table.fetchall()
    assert (answer.canonical_id, 4, 4, "a.example") in {row[:4] for row in found}
