import pytest

from app.errors import InvalidValue, TooLarge
from app.parsing.opml import MOST_FEEDS, Outline, read_opml, write_opml

LIST = b"""<?xml version="1.0"?>
<!DOCTYPE opml [<!ENTITY secret SYSTEM "file:/etc/hostname">]>
<opml version="1.0"><head><title>Mine</title></head><body>
 <outline text="Coast">
  <outline text="Gazette &amp; Post" type="rss" xmlUrl="https://gazette.example/rss" htmlUrl="https://gazette.example/"/>
  <outline text="&secret;" XMLURL=" https://herald.example/atom "/>
 </outline>
 <outline text="twice" xmlUrl="https://gazette.example/rss"/>
 <outline text="a folder"/>
</body></opml>"""


def test_feeds_are_found_in_whatever_folders_they_stand():
    first, second = read_opml(LIST)
    assert (first.url, first.title, first.source) == ("https://gazette.example/rss", "Gazette & Post", None)
    assert second.url == "https://herald.example/atom"
    assert "hostname" not in second.title


def test_what_was_written_is_read_as_it_was():
    outlines = [
        Outline("https://a.example/?a=1&b=2", 'A "quoted" <title>', "a.example", "url+title", True, 900),
        Outline("https://b.example/", "B", "b.example"),
    ]
    assert read_opml(write_opml(outlines)) == outlines


def test_characters_that_xml_cannot_carry_are_replaced():
    (read,) = read_opml(write_opml([Outline("https://a.example/", "a\0b\ud800c")]))
    assert read.title == "a\ufffdb\ufffdc"


def test_a_reference_to_what_is_no_character_is_replaced_wherever_it_stands():
    for number in ("#xD800", "#0", "#1114112", "#99999999999999999999", "#xFFFE"):
        data = f'<opml xmlns:w="&{number};"><outline w:y="" text="a&{number};&#8217;b" xmlUrl="u"/></opml>'
        (read,) = read_opml(data.encode())
        assert read.title == "a\ufffd\u2019b"


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"{}", b"<html><body>hello</body></html>"])
def test_what_is_no_list_is_refused(data):
    with pytest.raises(InvalidValue):
        read_opml(data)


def test_a_list_without_end_is_refused():
    with pytest.raises(TooLarge):
        read_opml(write_opml(Outline(f"https://a.example/{n}") for n in range(MOST_FEEDS + 1)))


FEED = '<outline xmlUrl="https://a.example/f"/>'


@pytest.mark.parametrize(
    "written",
    [
        f"<opml><body>{FEED}<outline xmlUrl='https://b.exam",
        f"<opml><body>{FEED}{FEED}",
        "<opml><body>" + "<outline>" * 1_000 + FEED + "</outline>" * 1_000 + "</body></opml>",
    ],
    ids=["cut in a tag", "cut between two", "too deep"],
)
def test_a_list_of_which_a_part_is_lost_is_refused_whole(written):
    with pytest.raises(InvalidValue):
        read_opml(written.encode())


@pytest.mark.parametrize(
    "written",
    [
        f"<opml><!-- <outline xmlUrl='x'/> --><body>{FEED}</body></opml>",
        "<OPML><body><outline text='R&D' xmlUrl='https://a.example/f'></body></OPML>",
        f"<o:opml xmlns:o='urn:x'><body>{'<outline>' * 100}{FEED}{'</outline>' * 100}</body></o:opml >",
    ],
    ids=["with a comment", "sloppy", "folders in folders"],
)
def test_a_list_that_is_whole_is_read_however_it_is_written(written):
    assert [each.url for each in read_opml(written.encode())] == ["https://a.example/f"]
