"""A real server process: who may reach it, how it stops, and what it does by itself meanwhile."""

import contextlib
import http.client
import json
import signal
import socket
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.demo.articles import SCENES
from app.demo.runner import run

pytestmark = pytest.mark.slow
ITEMS = [dict(scene.item) for scene in SCENES]


@pytest.fixture
def serve(cli):
    """Start a server and wait until it is ready; gives its process and address."""
    started = []

    def begin(*args):
        process = cli.start("serve", "--port", "0", "--json", *args)
        started.append(process)
        line = process.stdout.readline()
        assert line, process.stderr.read()
        url = json.loads(line)["url"]
        until = time.monotonic() + 180
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/readyz", timeout=5, trust_env=False).is_success:
                    return process, url
            time.sleep(0.1)
        raise AssertionError("not ready")

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def post(url, item, **options):
    return httpx.post(f"{url}/v1/articles", json=item, timeout=60, trust_env=False, **options)


def test_sigterm_finishes_what_was_accepted_and_ends_with_0(cli, serve):
    process, url = serve()
    answers = []

    def send(number):
        text = " ".join(f"{word}{number}" for word in ITEMS[0]["text"].split())
        with contextlib.suppress(httpx.TransportError):
            answers.append(post(url, ITEMS[0] | {"external_id": str(number), "text": text}).json())

    senders = [threading.Thread(target=send, args=(number,)) for number in range(24)]
    for sender in senders:
        sender.start()
    while not answers:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    for sender in senders:
        sender.join()
    assert process.wait(60) == 0
    stored = {json.loads(line)["article_id"] for line in cli("export").stdout.splitlines()}
    told = {answer["article_id"] for answer in answers if "article_id" in answer}
    assert told
    assert told <= stored


def test_sigterm_ends_streams_and_answers_who_waits_before_their_time(serve):
    """A service that waited for them would be told so after 25 seconds, and killed after 30."""
    process, url = serve()
    waited = []

    def wait():
        waited.append(httpx.get(f"{url}/v1/changes?wait=60", timeout=60, trust_env=False).json())

    stream = {"accept": "text/event-stream"}
    with httpx.stream("GET", f"{url}/v1/changes", headers=stream, timeout=60, trust_env=False) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("retry")
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert [line for line in lines if line.startswith(("data", "event"))] == []
    waiting.join()
    assert waited == [{"changes": [], "next": "0"}]
    assert process.wait(20) == 0


def test_an_idle_connection_is_left_open_for_whoever_keeps_connections(serve):
    """A server that closes first does so, now and then, just as the next request comes."""
    _, url = serve()
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=6)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read()
    with contextlib.closing(connection), pytest.raises(TimeoutError):
        assert connection.sock.recv(1) != b"", "closed"


def test_it_tends_to_its_embargoes_by_itself_and_gives_the_lease_back(cli, serve):
    process, url = serve()
    due = datetime.now(UTC) + timedelta(seconds=2)
    held = post(url, ITEMS[0] | {"embargoed_until": due.isoformat()}).json()
    until = time.monotonic() + 30
    types = []
    while "article.released" not in types and time.monotonic() < until:
        time.sleep(0.2)
        feed = httpx.get(f"{url}/v1/changes", timeout=10, trust_env=False).json()
        types = [change["type"] for change in feed["changes"]]
    assert post(url, ITEMS[1]).json()["canonical_id"] == held["canonical_id"]
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    with contextlib.closing(sqlite3.connect(cli.database)) as database:
        assert database.execute("SELECT count(*) FROM lease").fetchone() == (0,)


def test_several_workers_answer_on_one_port(serve):
    process, url = serve("--workers", "2")
    first = post(url, ITEMS[0]).json()
    assert {post(url, item).json()["canonical_id"] for item in ITEMS[1:4]} == {first["canonical_id"]}
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_beyond_loopback_it_does_not_serve_until_a_key_exists(cli):
    process = cli.start("serve", "--host", "0.0.0.0", "--port", "0", "--json")
    _, complaint = process.communicate(timeout=180)
    assert process.returncode == 4
    assert json.loads(complaint)["error"]["code"] == "no-key"


def test_the_database_of_a_later_program_is_refused_in_one_line(cli):
    cli("migrate")
    with contextlib.closing(sqlite3.connect(cli.database)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'later'")
    for command in ("migrate", "serve"):
        done = cli(command, "--json")
        assert done.exit_code == 4
        assert json.loads(done.stderr)["error"]["code"] == "schema-mismatch"


def test_with_a_key_it_listens_beyond_loopback_and_asks_for_it(cli, serve):
    key = cli.json("keys", "create", "newsroom")["key"]
    _, url = serve("--host", "0.0.0.0")
    url = url.replace("0.0.0.0", "127.0.0.1")
    assert post(url, ITEMS[0]).status_code == 401
    assert post(url, ITEMS[0], headers={"authorization": f"Bearer {key}"}).status_code == 201


def test_a_taken_port_is_told_in_one_line(cli):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = cli.start("serve", "--port", str(taken.getsockname()[1]))
        _, complaint = process.communicate(timeout=180)
    assert process.returncode == 4
    assert "Cannot listen" in complaint
    assert "Traceback" not in complaint


def test_the_demonstration_shows_what_it_promises():
    told = run()
    assert [each.about for each in told if not each.as_expected] == []
    assert {"copy", "excerpt", "revision", "template", "passages", "new"} == {each.relation for each in told}
    assert ["headline", "standfirst"] in [each.repeats for each in told]
