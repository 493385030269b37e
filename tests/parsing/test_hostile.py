"""Bodies that once did harm do none, and a small sample of the fuzzer finds nothing new (``make soak`` tries more)."""

import json
from pathlib import Path

import pytest

from app.parsing.formats import FORMATS
from app.parsing.reader import Defaults
from benchmarks.soak.fuzzing.application import opened
from benchmarks.soak.fuzzing.cases import Case, case_of
from benchmarks.soak.fuzzing.seeds import SEEDS
from benchmarks.soak.fuzzing.shrinking import shrink
from benchmarks.soak.fuzzing.trying import attempt

HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.json"))
SAMPLE = 150
_MANY = "".join(f" a{number}='x'" for number in range(100_000))
_GLUED = "".join(f"a{number}='>'" for number in range(100_000))
LARGE = {
    "attributes": ("html", f"<p{_MANY}>The pier reopens.</p>"),
    "attributes of an end tag": ("html", f"<p>The pier reopens.</p{_MANY}>"),
    "attributes with brackets": ("html", f"<p {_GLUED}>The pier reopens.</p>"),
    "attributes in a fragment": ("json", json.dumps({"source": "a", "html": f"<p{_MANY}>The pier.</p>"})),
    "attributes of an entry": (
        "atom",
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div{_MANY}>'
        + f"<p{_MANY}>The pier.</p>" * 2
        + "</div></content></entry></feed>",
    ),
    "attributes of an outline": ("opml", f"<opml><outline{_MANY}/></opml>"),
    "attributes of an item": ("newsml-g2", f"<newsItem guid='a'{_MANY}/>"),
    "elements of one name": ("nitf", f"<nitf><head><docdata>{'<x/>' * 100_000}</docdata></head></nitf>"),
    "names, one of them twice": (
        "json",
        "{" + ",".join(f'"n{number}":1' for number in range(100_000)) + ',"n99999":2}',
    ),
}
"""What took minutes, or more, because it was compared pair by pair."""


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("fuzz")) as application:
        yield application


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_what_once_did_harm_does_none(application, path):
    assert attempt(Case.from_json(path.read_text("utf-8")), application).fault == ""


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_in_one_way_takes_no_time_that_grows_with_its_square(name):
    target, body = LARGE[name]
    assert not _faults([Case(target, body.encode())], None)


def test_a_sample_of_hostile_bodies_is_read_or_refused(application):
    assert not _faults([case_of(7, number) for number in range(SAMPLE)], application)


def _faults(cases, application):
    """What may not have been, but for the time it took: that is the fuzzer's to judge, on a quiet machine."""
    tried = [(case.to_json()[:2_000], attempt(case, application).fault) for case in cases]
    return [each for each in tried if each[1] and not each[1].startswith("slow")]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_seeds_and_they_are_read(name):
    for body in SEEDS[name]:
        FORMATS[name].read(body, Defaults(name, fields={"source": "a.example"} if name != "json" else {}))


def test_a_case_follows_from_its_number_and_is_kept_as_it_is():
    for number in range(40):
        case = case_of(3, number)
        assert case_of(3, number) == case
        assert Case.from_json(case.to_json()) == case


def test_a_failing_body_is_cut_down_to_what_makes_it_fail():
    assert (
        shrink(b"a" * 40 + b"<x" + b"b" * 40 + b">" + b"c" * 7, lambda body: b"<x" in body and b">" in body)
        == b"<x>"
    )
