import pytest

from app.parsing.urls import normalise, url_key, url_keys

PAGE = "//x.example/news/pier"


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/news/pier",
        "http://x.example/news/pier",
        "HTTPS://X.Example/news/pier",
        "  https://x.example/news/pier\n",
        "//x.example/news/pier",
        "https://www.x.example/news/pier",
        "https://www2.x.example/news/pier",
        "https://m.x.example/news/pier",
        "https://mobile.x.example/news/pier",
        "https://amp.x.example/news/pier",
        "https://www.m.x.example/news/pier",
        "https://x.example./news/pier",
        "https://x.example:443/news/pier",
        "http://x.example:80/news/pier",
        "https://reader:secret@x.example/news/pier",
        "https://x.example/news/pier/",
        "https://x.example//news//pier",
        "https://x.example/news/./pier",
        "https://x.example/news/old/../pier",
        "https://x.example/news/p%69er",
        "https://x.example/news/pier/index.html",
        "https://x.example/news/pier/amp",
        "https://x.example/news/pier/amp/",
        "https://x.example/amp/news/pier",
        "https://x.example/news/pier?amp",
        "https://x.example/news/pier?amp=1",
        "https://x.example/news/pier?outputType=amp",
        "https://x.example/news/pier#comments",
        "https://x.example/news/pier?utm_source=rss&utm_medium=feed",
        "https://x.example/news/pier?fbclid=abc&gclid=def&_ga=1.2",
        "https://x.example/news/pier?ref=home&source=twitter",
        "https://x.example/news/pier?&amp;utm_campaign=x",
        "https://x.example/news/pier;jsessionid=1A2B?PHPSESSID=99",
        "https://x.example/news/pier?sid=0123456789abcdef0123456789abcdef",
        "https://www.google.com/amp/s/www.x.example/news/pier/amp/",
        "https://x-example.cdn.ampproject.org/c/s/x.example/news/pier?usqp=mq331AQ",
    ],
)
def test_these_are_one_page(url):
    assert normalise(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        "https://y.example/news/pier",
        "https://sport.x.example/news/pier",
        "https://x.example:8443/news/pier",
        "https://x.example/news/pier-2",
        "https://x.example/News/pier",
        "https://x.example/news",
        "https://x.example/news/pier?id=7",
        "https://x.example/news/pier?gallery=3",
        "https://x.example/news/pier?reference=3",
        "https://x.example/news/pier?sid=77",
        "https://x.example/news/pier?page=2",
        "https://x.example/news/pier?uid=5",
        "https://x.example/news/pier#!/live/2",
    ],
)
def test_these_are_other_pages(url):
    assert normalise(url) not in {None, PAGE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.example/a?b=2&a=1", "https://x.example/a?a=1&b=2"),
        ("https://x.example/a?id=7&utm_id=3", "https://x.example/a?id=7"),
        ("https://x.example/2020/story.amp.html", "https://x.example/2020/story.html"),
        ("https://en.m.wiki.example/Pier", "https://en.wiki.example/Pier"),
        ("https://xn--mnchen-3ya.example/a", "https://münchen.example/a"),
        ("https://x.example/caf%C3%A9", "https://x.example/café"),
        ("https://x.example/", "https://x.example"),
        ("https://x.example/?p=12", "https://x.example/index.php?p=12"),
    ],
)
def test_pairs_that_are_one_page(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize("host", ["m.example", "amp.example", "www.example"])
def test_a_site_may_be_called_like_a_mobile_host(host):
    assert normalise(f"https://{host}/a") == f"//{host}/a"


@pytest.mark.parametrize("slash", ["a%2Fb", "a%3Fb"])
def test_an_encoded_delimiter_stays_encoded(slash):
    assert normalise(f"https://x.example/{slash}") == f"//x.example/{slash}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "pier",
        "/news/pier",
        "mailto:a@x.example",
        "javascript:alert(1)",
        "https://",
        "https://[::1",
        "urn:newsml:x:1",
        "https://x.example/" + "a" * 9000,
    ],
)
def test_what_is_no_web_address_has_no_key(url):
    assert normalise(url) is None
    assert url_key(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/\ud800",
        "https://x.example/\x00",
        "https://\ud800/",
        "https://x.example/?a=\ud800",
        "https://x.example/%ff%fe",
        "https://x.example:99999/a",
    ],
)
def test_hostile_addresses_never_raise(url):
    url_key(url)


def test_keys_are_sixteen_bytes_each_once_in_order():
    keys = url_keys("https://x.example/a", None, "https://www.x.example/a/", "https://x.example/b")
    assert [len(key) for key in keys] == [16, 16]
    assert keys[0] == url_key("https://x.example/a")


@pytest.mark.parametrize(
    "odd",
    [
        "https://www.\xa0gazette.example:443/news",
        "https://www.gazette.example:::80./pier",
        "http://gazette.example/?b=\udcac&\udc90&a=1",
        "http://gazette.example/a%ff?%ff",
    ],
)
def test_what_is_normalised_is_normal(odd):
    normal = normalise(odd)
    assert normal is not None
    assert normalise(normal) == normal


@pytest.mark.parametrize("odd", ["http://./pier", "http://:80/", "http://[::1]@[\x12/"])
def test_an_address_without_a_host_is_none(odd):
    assert normalise(odd) is None
