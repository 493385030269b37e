"""Archives are read record by record; what is damaged costs itself and nothing else."""

import gzip
import io
import json
import warnings
import zlib
from datetime import UTC, datetime

import brotli
import pyarrow as pa
import pytest
from pyarrow import parquet
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from app.parsing.archive import read_archive
from app.parsing.archive_records import Kind, UnreadableArchive

LINES = [b'{"source": "a.example", "text": "One."}', b'{"source": "b.example", "text": "Two."}']
PAGE = b"<html><body><article><p>The pier will reopen in May.</p></article></body></html>"
HTML = ("Content-Type", "text/html; charset=iso-8859-1")


def records(data, *, most_bytes=100_000):
    return list(read_archive(io.BufferedReader(io.BytesIO(data)), most_bytes=most_bytes))


def bodies(data, **bounds):
    return [record.body for record in records(data, **bounds) if record.kind in {Kind.ARTICLE, Kind.PAGE}]


def kinds(data, **bounds):
    return [(record.place, record.kind) for record in records(data, **bounds)]


def zstandard(data):
    return pa.Codec("zstd").compress(data, asbytes=True)


def table(**columns):
    made = io.BytesIO()
    parquet.write_table(pa.table(columns), made)
    return made.getvalue()


def warc(*responses, packed=True, around=True):
    """A file as warcio writes it: (status, headers, body) of each response, a request behind each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its temporary files to be found
        return written(responses, packed=packed, around=around)


def written(responses, *, packed, around):
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=packed)
    if around:
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    for number, (status, headers, body) in enumerate(responses):
        url = f"https://news.example/{number}"
        head = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
        writer.write_record(response)
        if around:
            asked = StatusAndHeaders(
                f"GET /{number} HTTP/1.1", [("Host", "news.example")], is_http_request=True
            )
            writer.write_record(writer.create_warc_record(url, "request", http_headers=asked))
    return made.getvalue()


# ------------------------------------------------------------------------------------------------------- NDJSON
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard])
def test_ndjson_is_read_packed_or_not(pack):
    assert bodies(pack(b"\xef\xbb\xbf" + b"\r\n\n".join(LINES))) == LINES


@pytest.mark.parametrize("pack", [gzip.compress, zstandard])
def test_files_put_together_of_packed_ones_are_one_archive(pack):
    assert bodies(pack(LINES[0] + b"\n") + pack(LINES[1])) == LINES


def test_places_are_lines_and_a_line_that_is_too_long_costs_itself():
    data = b"\n".join([LINES[0], b"", b"x" * 500_000, LINES[1]])
    assert kinds(data, most_bytes=100) == [(1, Kind.ARTICLE), (3, Kind.BROKEN), (4, Kind.ARTICLE)]


def test_a_line_as_long_as_is_allowed_is_read():
    assert kinds(LINES[0] + b"\n" + LINES[1], most_bytes=len(LINES[0])) == [
        (1, Kind.ARTICLE),
        (2, Kind.ARTICLE),
    ]


def test_an_archive_that_breaks_off_says_so_behind_what_it_held():
    packed = gzip.compress(b"\n".join(LINES * 1000), mtime=0)
    told = records(packed[:-9])
    assert told[-1].kind is Kind.BROKEN
    assert "breaks off" in told[-1].said["detail"]
    assert {record.kind for record in told[:-1]} == {Kind.ARTICLE}


def test_a_broken_zstandard_stream_says_so():
    packed = zstandard(b"\n".join(LINES * 1000))
    assert records(packed[: len(packed) // 2] + b"\xff" * 40)[-1].kind is Kind.BROKEN


def test_an_empty_archive_holds_nothing():
    assert records(b"") == []


def test_a_json_array_is_refused_with_what_to_do():
    with pytest.raises(UnreadableArchive) as refused:
        records(b' [{"source": "a.example"}]')
    assert "ingest" in refused.value.fix


# ------------------------------------------------------------------------------------------------------ Parquet
def test_rows_become_objects_without_what_is_null():
    moment = datetime(2026, 2, 9, 18, 0, tzinfo=UTC)
    data = table(
        source=["a.example", "b.example"],
        text=["One.", "Two."],
        published_at=pa.array([moment, None], pa.timestamp("ns", "UTC")),
        metadata=[{"score": float("nan"), "desk": b"world"}, None],
    )
    first, second = map(json.loads, bodies(data))
    assert first == {
        "source": "a.example", "text": "One.", "published_at": "2026-02-09T18:00:00+00:00",
        "metadata": {"score": None, "desk": "world"},
    }  # fmt: skip
    assert second == {"source": "b.example", "text": "Two."}


def test_a_row_that_cannot_be_read_costs_itself():
    strings = pa.array([b"One.", b"\xff\xfe", b"Three."], pa.binary()).cast(pa.string(), safe=False)
    data = table(text=pa.StringArray.from_buffers(3, *strings.buffers()[1:]))
    assert [kind for _, kind in kinds(data)] == [Kind.ARTICLE, Kind.BROKEN, Kind.ARTICLE]
    assert [kind for _, kind in kinds(table(text=["x" * 999, "y"]), most_bytes=100)] == [
        Kind.BROKEN,
        Kind.ARTICLE,
    ]


@pytest.mark.parametrize("cut", [slice(None, -20), slice(None, 200)])
def test_a_broken_parquet_file_says_so(cut):
    (told,) = records(table(text=["One."])[cut])
    assert told.kind is Kind.BROKEN


def test_without_pyarrow_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(UnreadableArchive) as refused:
        records(table(text=["One."]))
    assert "wirefold[parquet]" in refused.value.fix


# --------------------------------------------------------------------------------------------------------- WARC
@pytest.mark.parametrize("packed", [True, False])
def test_html_responses_are_pages_and_all_else_is_counted(packed):
    told = records(
        warc(
            ("200 OK", [HTML], PAGE),
            ("301 Moved Permanently", [("Location", "/")], b""),
            ("200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
            packed=packed,
        )
    )
    (page,) = [record for record in told if record.kind is Kind.PAGE]
    assert (page.body, page.place) == (PAGE, 2)
    assert (page.said["url"], page.said["charset"]) == ("https://news.example/0", "iso-8859-1")
    assert page.said["crawled"].endswith("Z")
    others = [record.said["what"] for record in told if record.kind is Kind.OTHER]
    assert sorted(others) == sorted(
        ["warcinfo", *["request"] * 3, "response that is no page: status 3xx", "response that is not HTML"]
    )


def test_a_warc_packed_by_zstandard_is_read():
    assert bodies(zstandard(warc(("200 OK", [HTML], PAGE), packed=False))) == [PAGE]


def test_chunks_are_joined_unless_the_crawler_has_done_so():
    chunked = [HTML, ("Transfer-Encoding", "chunked")]
    body = b"%x;a=b\r\n%s\r\n3\r\nend\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    assert bodies(warc(("200 OK", chunked, body), ("200 OK", chunked, PAGE))) == [PAGE + b"end", PAGE]


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress), ("deflate", zlib.compress)]
)
def test_a_content_coding_is_kept_unless_the_crawler_has_undone_it(coding, pack):
    coded = [HTML, ("Content-Encoding", coding)]
    first, second = (
        record.said.get("coding", "")
        for record in records(warc(("200 OK", coded, pack(PAGE)), ("200 OK", coded, PAGE), around=False))
    )
    assert (first, second) == (coding, "")


@pytest.mark.parametrize("packed", [True, False])
def test_damage_costs_the_record_that_it_is_in(packed):
    first = warc(("200 OK", [HTML], PAGE), packed=packed, around=False)
    middle = bytearray(first)
    if packed:
        middle[40:60] = b"\0" * 20
    else:
        middle = bytearray(first.replace(b"Content-Length", b"Content-Lenght"))
    assert bodies(bytes(first + middle + first)) == [PAGE, PAGE]
    assert Kind.BROKEN in {kind for _, kind in kinds(bytes(first + middle + first))}


@pytest.mark.parametrize("packed", [True, False])
def test_a_record_over_the_limit_costs_itself(packed):
    bomb = warc(("200 OK", [HTML], b"\0" * 30_000_000), packed=packed, around=False)
    small = warc(("200 OK", [HTML], PAGE), packed=packed, around=False)
    assert bodies(small + bomb + small) == [PAGE, PAGE]


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_that_ends_early_says_so(packed):
    data = warc(("200 OK", [HTML], PAGE), ("200 OK", [HTML], PAGE), packed=packed, around=False)
    told = records(data[:-30])
    assert [record.kind for record in told] == [Kind.PAGE, Kind.BROKEN]


@pytest.mark.parametrize(
    "junk",
    [
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\nContent-Length: 9" * 9,
        b"WARC/" + b"\n" * 10_000,
        b"WARC/1.0\r\nContent-Length: " + b"9" * 5000,
    ],
)
def test_what_only_begins_like_a_warc_raises_nothing(junk):
    assert {kind for _, kind in kinds(junk)} == {Kind.BROKEN}
