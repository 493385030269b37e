import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MalformedJson, TooLarge
from app.parsing.items import ArrayCutter, LineCutter

ITEMS = [{"a": 'x,]}\\"'}, {"b": [1, {"c": "]"}]}, {"t": "é\ud800"}, {}, [], "s,]", "\\", 3, None]
ARRAY = json.dumps(ITEMS).encode()
LINES = "\n".join(map(json.dumps, ITEMS)).encode()


def cut(cutter, stream, size):
    found = []
    for start in range(0, len(stream), size):
        found += cutter.feed(stream[start : start + size])
    return [*found, *cutter.close()]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("kind", "stream"),
    [
        (ArrayCutter, ARRAY),
        (ArrayCutter, b"\xef\xbb\xbf \n" + json.dumps(ITEMS, indent=2).encode() + b" \r\n"),
        (LineCutter, LINES),
        (LineCutter, b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n \r\n") + b"\n"),
    ],
)
def test_items_come_out_however_the_stream_is_cut(kind, stream, size):
    found = cut(kind(max_item_bytes=1000), stream, size)
    assert [json.loads(item.raw) for item in found] == ITEMS
    assert all(stream[item.offset :].startswith(item.raw) for item in found)


@pytest.mark.parametrize("empty", [b"[]", b" [ ] "])
def test_an_empty_array_has_no_items(empty):
    assert cut(ArrayCutter(max_item_bytes=100), empty, 2) == []


@pytest.mark.parametrize(
    ("stream", "position"),
    [
        (b"[1,]", 3),
        (b"[,1]", 1),
        (b"[1,,2]", 3),
        (b"[1}", 2),
        (b"[1] x", 4),
        (b'{"a":1}', 0),
        (b"[1, 2", 5),
        (b'["abc', 5),
        (b"[[1]", 4),
        (b"", 0),
    ],
)
def test_a_broken_frame_is_told_at_its_byte(stream, position):
    with pytest.raises(MalformedJson) as broken:
        cut(ArrayCutter(max_item_bytes=100), stream, 1)
    assert broken.value.position == position


def test_items_before_the_break_are_given_first():
    cutter = ArrayCutter(max_item_bytes=100)
    assert [item.raw for item in cutter.feed(b"[1, 2, ")] == [b"1", b"2"]
    with pytest.raises(MalformedJson):
        list(cutter.close())


def test_a_bad_item_does_not_sink_the_next():
    found = cut(ArrayCutter(max_item_bytes=100), b'[{"a": tru}, 2]', 4)
    assert [item.raw for item in found] == [b'{"a": tru}', b"2"]


@pytest.mark.parametrize(
    ("kind", "stream"), [(ArrayCutter, b'["' + b"a" * 200 + b'"]'), (LineCutter, b"a" * 200)]
)
@pytest.mark.parametrize("size", [10, 1000])
def test_an_item_over_the_limit_is_refused(kind, stream, size):
    with pytest.raises(TooLarge):
        cut(kind(max_item_bytes=100), stream, size)


@given(st.binary(max_size=60).map(lambda noise: b"[" + noise), st.integers(1, 9))
def test_noise_is_cut_or_refused_but_never_lost(noise, size):
    try:
        found = cut(ArrayCutter(max_item_bytes=1000), noise, size)
    except MalformedJson:
        return
    assert all(noise[item.offset :].startswith(item.raw) for item in found)
