import pytest

from app.parsing.robots import read_robots

SITE = """
# a comment
User-agent: *
Disallow: /inner/   # with a comment
Allow: /inner/open
Disallow: /*.pdf$
Disallow: /search?q=*&page=

User-Agent: OtherBot
User-agent: Thirdbot
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/inner/letters", False),
        ("/inner/open/day", True),
        ("/paper.pdf", False),
        ("/paper.pdf?x", True),
        ("/search?q=boats&page=2", False),
        ("/search?q=boats", True),
    ],
)
def test_the_longest_rule_decides(path, allowed):
    assert read_robots(SITE).allow(path) is allowed


def test_a_group_that_names_us_stands_instead_of_the_one_for_all():
    robots = read_robots("User-agent: *\nDisallow: /\n\nUser-agent: Wirefold/1.0\nDisallow: /drafts\n")
    assert robots.allow("/news")
    assert not robots.allow("/drafts/1")


def test_an_empty_group_of_ours_allows_everything():
    assert read_robots("User-agent: *\nDisallow: /\nUser-agent: wirefold\nDisallow:\n").allow("/news")


def test_a_tie_allows_and_rubbish_is_passed_over():
    assert read_robots("User-agent: *\nDisallow: /a\nAllow: /a\n").allow("/a")
    assert read_robots("\ufeffUser-agent: *\r\nDisallow: /a\r\n<html>\n:::\n").allow("/b")
    assert read_robots("Disallow: /a\n").allow("/a")


def test_many_wildcards_take_no_time():
    robots = read_robots("User-agent: *\nDisallow: /" + "*a" * 500 + "$\n")
    assert robots.allow("/" + "a" * 400)
    assert not robots.allow("/" + "a" * 100_000)
