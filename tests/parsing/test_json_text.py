import pytest

from app.errors import DuplicateKey, MalformedJson, TooDeep
from app.parsing.json_text import read_json


@pytest.mark.parametrize(
    ("raw", "position"),
    [
        (b'{"a": tru}', 6),
        (b'{"a": 1', 7),
        (b"", 0),
        (b'{"a": "\xff"}', 7),
        (b'{"a": "\xed\xa0\x80"}', 7),
        ('{"é": tru}'.encode(), 7),
        (b'{"a": 1} x', 9),
        (b"{'a': 1}", 1),
        (b'{"a": NaN}', 6),
        (b'{"a": -Infinity}', 6),
        (b'"a\nb"', 2),
    ],
)
def test_what_is_not_json_is_refused_at_its_byte(raw, position):
    with pytest.raises(MalformedJson) as refused:
        read_json(raw, offset=100)
    assert refused.value.position == position + 100
    assert f"byte {position + 100}" in refused.value.detail


def test_a_byte_order_mark_is_skipped():
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_one_name_twice_is_refused_by_name():
    with pytest.raises(DuplicateKey) as refused:
        read_json(b'{"text": "a", "text": "b"}')
    assert refused.value.field == "text"


@pytest.mark.parametrize("deep", [33, 900, 100_000])
def test_nesting_is_bounded(deep):
    with pytest.raises(TooDeep):
        read_json(b"[" * deep + b"]" * deep)


def test_nesting_up_to_the_limit_is_read():
    assert read_json(b"[" * 32 + b"]" * 32)


def test_an_escaped_lone_surrogate_and_nul_survive():
    assert read_json(rb'"\ud800\u0000"') == "\ud800\x00"


@pytest.mark.parametrize(
    "before",
    [b"", b"[7, -1.5e9, ", b'{"NaN": "' + b"8" * 5000 + rb'\" \\", "b": "' + "é".encode() + b'", "a": -'],
)
def test_a_number_of_thousands_of_digits_is_told_at_its_byte(before):
    with pytest.raises(MalformedJson) as refused:
        read_json(before + b"1" * 5000 + b", 2]}")
    assert refused.value.position == len(before.removesuffix(b"-"))


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_is_told_where_it_stands_and_not_in_a_string_before(constant):
    before = rb'{"Infinity": "NaN \" -Infinity", "' + "ü".encode() + b'": [1, '
    with pytest.raises(MalformedJson) as refused:
        read_json(before + constant + b"]}")
    assert refused.value.position == len(before)
