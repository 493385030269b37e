import gzip
import ssl
import threading
import zlib

import brotli
import pytest

from app.net.addresses import read_allowed
from app.net.client import Client, Limits
from app.net.faults import Fault, FetchFailed
from tests.net.site import CERTIFICATE, answer, open_site, raw, redirect

QUICK = Limits(timeout_s=0.5, idle_s=0.3, body_bytes=100_000, redirects=3)


def fault_of(client, address, limits=QUICK):
    with pytest.raises(FetchFailed) as failed:
        client.fetch(address, limits=limits)
    return failed.value.fault


# ------------------------------------------------------------------------------------------------ answers
def test_an_answer_comes_back_with_its_status_headers_and_body(site, client):
    site.pages["/feed?a=1"] = answer("words", 203, ETag='"1"', X_Two="a")
    got = client.fetch(site.url("/feed?a=1#part"), headers={"If-None-Match": '"0"'})
    assert (got.status, got.headers["etag"], got.body, got.moved_to) == (203, '"1"', b"words", None)
    (asked,) = site.requests
    assert asked.headers["if-none-match"] == '"0"'
    assert asked.headers["user-agent"].startswith("Wirefold/")
    assert asked.headers["host"] == f"127.0.0.1:{site.port}"
    assert asked.headers["accept-encoding"] == "gzip, deflate, br"


def test_the_contact_stands_in_the_user_agent(site):
    site.pages["/"] = answer()
    Client(allowed=read_allowed(["127.0.0.1"]), contact="mailto:desk@news.example").fetch(site.url())
    assert site.requests[0].headers["user-agent"].endswith(" (+mailto:desk@news.example)")


def test_cookies_and_proxies_of_the_environment_are_not_used(site, client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.pages["/"] = answer(Set_Cookie="id=7")
    client.fetch(site.url())
    client.fetch(site.url())
    assert "cookie" not in site.requests[1].headers


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"words", mtime=0)),
        ("x-gzip", gzip.compress(b"wo", mtime=0) + gzip.compress(b"rds", mtime=0)),
        ("gzip", gzip.compress(b"words", mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(b"words")),
        ("deflate", zlib.compress(b"words", wbits=-15)),
        ("br", brotli.compress(b"words")),
        ("identity", b"words"),
    ],
)
def test_a_packed_body_is_unpacked(site, client, coding, packed):
    site.pages["/"] = answer(packed, Content_Encoding=coding)
    assert client.fetch(site.url()).body == b"words"


# ------------------------------------------------------------------------------------------------ misbehaviour
def test_a_slow_drip_ends_at_the_deadline(site, client):
    site.pages["/"] = lambda connection, request: (
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n"),
        connection.drip(b"x"),
    )
    assert fault_of(client, site.url()) is Fault.TIMEOUT


def test_headers_that_drip_end_at_the_deadline(site, client):
    site.pages["/"] = lambda connection, request: (
        connection.send(b"HTTP/1.1 200 OK\r\nX: "),
        connection.drip(b"x"),
    )
    assert fault_of(client, site.url()) is Fault.TIMEOUT


def test_silence_ends_before_the_deadline(site, client):
    site.pages["/"] = lambda connection, request: connection.gone.wait(5)
    assert fault_of(client, site.url(), Limits(timeout_s=60, idle_s=0.1)) is Fault.TIMEOUT


def test_a_handshake_that_drips_ends_at_the_deadline(site, client):
    site.pages["/"] = answer()
    # The server waits for HTTP and never answers the handshake.
    assert fault_of(client, site.url().replace("http:", "https:")) in {Fault.TIMEOUT, Fault.TLS}


def test_an_endless_body_ends_at_the_limit(site, client):
    def behave(connection, request):
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not connection.gone.is_set():
            connection.send(b"x" * 65536)

    site.pages["/"] = behave
    assert fault_of(client, site.url()) is Fault.TOO_LARGE


def test_endless_chunk_sizes_and_interim_answers_end_at_the_limit(site, client):
    def behave(connection, request):
        while not connection.gone.is_set():
            connection.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)

    site.pages["/"] = behave
    assert fault_of(client, site.url(), Limits(timeout_s=10, body_bytes=1000)) is Fault.TOO_LARGE


def test_headers_over_the_limit_are_refused(site, client):
    site.pages["/"] = answer(X_Long="x" * 70_000)
    assert fault_of(client, site.url()) is Fault.TOO_LARGE


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
def test_a_bomb_is_noticed_before_it_goes_off(site, client, coding, pack):
    site.pages["/"] = answer(pack(b"\0" * 30_000_000), Content_Encoding=coding)
    assert fault_of(client, site.url(), Limits(body_bytes=50_000_000)) is Fault.TOO_LARGE
    assert fault_of(client, site.url(), Limits(body_bytes=1_000_000)) is Fault.TOO_LARGE


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"no gzip at all"),
        ("gzip", gzip.compress(b"words" * 1000, mtime=0)[:-20]),
        ("gzip", gzip.compress(b"words", mtime=0)[:12] + b"\xff\xff\xff\xff"),
        ("deflate", b"\x78\x9cbroken"),
        ("br", b"no brotli at all"),
        ("br", brotli.compress(bytes(range(256)) * 100)[:-20]),
        ("zstd", b"words"),
        ("gzip, gzip", gzip.compress(b"words", mtime=0)),
    ],
)
def test_broken_or_unknown_encodings_are_told_apart_from_text(site, client, coding, body):
    site.pages["/"] = answer(body, Content_Encoding=coding)
    assert fault_of(client, site.url()) is Fault.BAD_ENCODING


def test_a_body_shorter_than_was_said_is_refused(site, client):
    site.pages["/"] = answer("words", Content_Length="500")
    assert fault_of(client, site.url()) is Fault.BAD_HTTP


def test_a_body_longer_than_was_said_ends_where_was_said(site, client):
    site.pages["/"] = answer("words and more", Content_Length="5")
    assert client.fetch(site.url()).body == b"words"


def test_what_is_no_http_is_refused(site, client):
    site.pages["/"] = raw(b"SSH-2.0-OpenSSH_9.2\r\n")
    assert fault_of(client, site.url()) is Fault.BAD_HTTP


def test_a_closed_port_is_told(client):
    with open_site() as closed:
        address = closed.url()
    assert fault_of(client, address) is Fault.CONNECTION


def test_a_name_that_leads_nowhere_is_told():
    def nowhere(host, port):
        raise OSError("no such host")

    assert fault_of(Client(resolver=nowhere), "http://a.example/") is Fault.DNS


def test_a_resolver_that_hangs_ends_at_the_deadline(site):
    waiting = threading.Event()
    hangs = Client(resolver=lambda host, port: ["8.8.8.8"] if waiting.wait(5) else [])
    assert fault_of(hangs, "http://a.example/", Limits(timeout_s=0.1)) is Fault.DNS
    waiting.set()


# --------------------------------------------------------------------------------------------------- redirects
def test_a_permanent_redirect_tells_the_new_address(site, client):
    site.pages |= {"/a": redirect("/b", 301), "/b": redirect("/c", 308), "/c": answer("words")}
    got = client.fetch(site.url("/a"))
    assert (got.url, got.moved_to, got.body) == (site.url("/c"), site.url("/c"), b"words")


def test_a_passing_redirect_moves_nothing_for_good(site, client):
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/c", 301), "/c": answer("words")}
    got = client.fetch(site.url("/a"))
    assert (got.url, got.moved_to) == (site.url("/c"), None)


def test_of_a_chain_the_permanent_beginning_counts(site, client):
    site.pages |= {"/a": redirect("/b", 301), "/b": redirect("/c", 302), "/c": answer("words")}
    assert client.fetch(site.url("/a")).moved_to == site.url("/b")


def test_a_redirect_loop_is_found(site, client):
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    assert fault_of(client, site.url("/a")) is Fault.REDIRECT_LOOP


def test_redirects_without_end_are_given_up(site, client):
    site.pages |= {f"/{n}": redirect(f"/{n + 1}") for n in range(10)}
    assert fault_of(client, site.url("/0")) is Fault.TOO_MANY_REDIRECTS
    assert len(site.requests) == 4


@pytest.mark.parametrize(
    "location",
    ["ftp://a.example/", "javascript:1", "http://u:p@a.example/", "http://a.example:22/", "//xn--a/"],
)
def test_a_redirect_to_what_may_not_be_asked_is_refused(site, client, location):
    site.pages["/"] = redirect(location)
    assert fault_of(client, site.url()) is Fault.BAD_ADDRESS


def test_a_redirect_from_https_to_http_is_refused(secure_site, site):
    trusting = Client(
        allowed=read_allowed(["127.0.0.1", "::1"]), tls=ssl.create_default_context(cafile=str(CERTIFICATE))
    )
    secure_site.pages["/"] = redirect(site.url())
    site.pages["/"] = answer("words")
    assert fault_of(trusting, secure_site.url()) is Fault.BAD_REDIRECT
    assert site.requests == []


# ----------------------------------------------------------------------------------------------------- inside
def test_everything_inside_is_refused_unless_allowed(site):
    site.pages["/"] = answer("secret")
    guarded = Client()
    port = site.port
    for address in [
        site.url(),
        f"http://localhost:{port}/",
        f"http://127.1:{port}/",
        f"http://2130706433:{port}/",
        f"http://0x7f000001:{port}/",
        f"http://[::ffff:127.0.0.1]:{port}/",
        f"http://[::1]:{port}/",
        f"http://0.0.0.0:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
    ]:
        assert fault_of(guarded, address) is Fault.BLOCKED_ADDRESS, address
    assert site.requests == []


def test_a_name_of_which_one_address_is_inside_is_refused_whole(site):
    mixed = Client(resolver=lambda host, port: ["93.184.216.34", "127.0.0.1"])
    assert fault_of(mixed, f"http://a.example:{site.port}/") is Fault.BLOCKED_ADDRESS
    assert site.requests == []


def test_dns_rebinding_finds_nothing(site):
    site.pages["/"] = answer("secret")
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return next(answers)

    # 127.0.0.2 plays the public address; nobody listens there. The second answer would lead to the site.
    client = Client(allowed=read_allowed(["127.0.0.2"]), resolver=rebinding)
    assert fault_of(client, f"http://a.example:{site.port}/") is Fault.CONNECTION
    assert asked == ["a.example"]
    assert fault_of(client, f"http://a.example:{site.port}/") is Fault.BLOCKED_ADDRESS
    assert site.requests == []


def test_a_redirect_inside_is_refused(site):
    site.pages |= {"/": redirect(f"http://inside.example:{site.port}/secret"), "/secret": answer("secret")}
    client = Client(allowed=read_allowed(["outside.example"]), resolver=lambda host, port: ["127.0.0.1"])
    assert fault_of(client, f"http://outside.example:{site.port}/") is Fault.BLOCKED_ADDRESS
    assert [each.path for each in site.requests] == ["/"]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "file:/etc/passwd",
        "//a.example/",
        "http://",
        "a.example",
        "http://user:password@a.example/",
        "http://a.example:22/",
        "http://a.example:6379/",
        "http://a.example:0/",
        "http://a.example:99999/",
        "http://a.example/" + "x" * 9000,
        "http://a.ex ample/",
        "http://0177.0.0.1/",
        "http://xn--/",
        "http://xn--a/",
        "http://xn--ls8h.example/",
        "http://a.example/\r\nX: y",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_before_any_look_up(address):
    def never(host, port):
        raise AssertionError("was resolved")

    assert fault_of(Client(resolver=never), address) is Fault.BAD_ADDRESS


# -------------------------------------------------------------------------------------------------------- tls
def test_a_self_signed_certificate_is_refused(secure_site, client):
    assert fault_of(client, secure_site.url()) is Fault.TLS
    assert secure_site.requests == []


def test_a_certificate_has_to_be_the_names(secure_site):
    trusting = Client(
        allowed=read_allowed(["127.0.0.1"]),
        resolver=lambda host, port: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=str(CERTIFICATE)),
    )
    secure_site.pages["/"] = answer("words")
    assert trusting.fetch(f"https://wire.example:{secure_site.port}/").body == b"words"
    assert fault_of(trusting, f"https://other.example:{secure_site.port}/") is Fault.TLS


# ------------------------------------------------------------------------------------------------------- post
def test_a_post_carries_its_body_and_follows_nothing(site, client):
    site.pages |= {"/hook": redirect("/other", 307), "/other": answer("words")}
    got = client.post(site.url("/hook"), b'{"a":1}', {"content-type": "application/json", "webhook-id": "m1"})
    assert (got.status, got.headers["location"]) == (307, "/other")
    (asked,) = site.requests
    assert (asked.method, asked.body, asked.headers["webhook-id"]) == ("POST", b'{"a":1}', "m1")


def test_of_an_endless_answer_to_a_post_the_beginning_is_kept(site, client):
    def behave(connection, request):
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not connection.gone.is_set():
            connection.send(b"x" * 1000)

    site.pages["/hook"] = behave
    assert client.post(site.url("/hook"), b"", {}, keep_bytes=100).body == b"x" * 100
