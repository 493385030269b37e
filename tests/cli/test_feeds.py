"""``wirefold feeds`` against a real site."""

from tests.net.site import answer, open_site
from tests.services.feed_documents import item, rss


def test_a_feed_is_tried_added_paused_exported_and_removed(cli, tmp_path):
    cli.environment["WIREFOLD_OUTBOUND_ALLOW"] = "127.0.0.1"
    with open_site() as site:
        site.pages["/rss"] = answer(rss(item(1), item(0)))
        feed = cli.json("feeds", "add", site.url("/rss"), "--source", "gazette.example", "--every", "900")
        trial = cli.json("feeds", "test", site.url("/rss"))
    assert [each["relation"] for each in trial["entries"]] == ["new", "new"]
    assert (feed["source"], feed["every_s"]) == ("gazette.example", 900)
    assert cli.json("feeds", "pause", feed["id"], "--why", "Too loud")["paused_why"] == "Too loud"
    assert "paused" in cli("feeds", "list").stdout
    assert not cli.json("feeds", "resume", feed["id"])["paused"]
    written = tmp_path / "feeds.opml"
    written.write_text(cli("feeds", "export").stdout)
    assert cli.json("feeds", "import", str(written))["code"] == "feed-exists"
    cli("feeds", "remove", feed["id"])
    assert cli.json("feeds", "import", str(written))["id"] != feed["id"]
    assert cli("feeds", "remove", feed["id"]).exit_code == 3


def test_an_address_inside_cannot_be_tried(cli):
    cli("feeds", "add", "https://gazette.example/rss")
    done = cli("feeds", "test", "http://127.0.0.1:8000/")
    assert done.exit_code != 0
    assert "loopback" in done.output
