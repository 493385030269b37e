"""Wire formats in our words: what each says is mapped, what has no word is kept, what is none is refused."""

import json

import pytest

from app.dedup.model import Dateline, TagKind, WireTag
from app.dedup.profile import STANDARD
from app.errors import InvalidValue, MalformedXml, MissingField, NoArticle, TooDeep, WirefoldError, WrongType
from app.model import Status, Submission
from app.parsing.document import parse
from app.parsing.formats import FORMATS
from app.parsing.reader import Defaults
from app.parsing.submission import Bounds, read_submission
from app.services.drafting import draft
from tests.parsing.wires import (
    HEADLINE,
    REUTERS_GUID,
    STORY,
    ap_item,
    apa_item,
    g2_item,
    newsml_1,
    ninjs_1,
    ninjs_3,
    nitf,
    reuters,
)


def read(name, data, **query):
    return FORMATS[name].read(data, Defaults(name, "x/y", fields=query))


def one(name, data, **query):
    found = read(name, data, **query)
    if isinstance(found, list):
        (found,) = found
    if isinstance(found, WirefoldError):
        raise found
    assert isinstance(found, Submission)
    return found


def outcomes(name, data):
    """What becomes of each article, or of the whole."""
    try:
        found = read(name, data)
    except WirefoldError as error:
        return [error]
    return found if isinstance(found, list) else [found]


def said(submission):
    return json.loads(submission.raw)


SAMPLES = {
    "newsml-g2": [reuters(), g2_item(content="<headline>Alert from the pier</headline>")],
    "newsml-1": [newsml_1()],
    "nitf": [nitf()],
    "ninjs": [ninjs_1(), ninjs_3()],
    "ap": [json.dumps(ap_item()).encode()],
}
CASES = [(name, data) for name, samples in SAMPLES.items() for data in samples]


# ------------------------------------------------------------------------------------------ all of them
@pytest.mark.parametrize(("name", "data"), CASES)
def test_the_json_in_our_words_makes_the_same_submission_again(name, data):
    sent = one(name, data)
    again = read_submission(sent.raw, Bounds())
    for field in set(Submission.__dataclass_fields__) - {"raw", "received"}:
        assert getattr(again, field) == getattr(sent, field), field
    assert sent.received is not None
    assert sent.received.format == name
    assert sent.received.body in data


@pytest.mark.parametrize(("name", "data"), CASES)
def test_source_in_the_query_goes_first_and_other_fields_fill_gaps(name, data):
    sent = one(name, data, source="mirror.example", genre="Filled", canonical_url="https://mirror.example/1")
    assert (sent.source, sent.canonical_url) == ("mirror.example", "https://mirror.example/1")
    assert sent.genre == (one(name, data).genre or "Filled")


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"{}", b"[]", b"null", b"<a/>", b"<a><b>", b"<nitf/>", b"\x00" * 9]
)
def test_what_is_not_of_the_format_is_refused_or_holds_nothing(name, data):
    found = outcomes(name, data)
    assert not [each for each in found if isinstance(each, Submission)]
    assert {each.status for each in found} <= {200, 400, 413, 422}


@pytest.mark.parametrize("name", ["newsml-g2", "newsml-1", "nitf"])
def test_entities_of_its_own_are_refused_in_any_encoding(name):
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><nitf>&b;</nitf>'
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(MalformedXml, match="entities"):
            read(name, bomb.encode(encoding))


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE a SYSTEM "secret.dtd" [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><nitf/>',
        b"<a>" * 5_000 + b"</a>" * 5_000,
        b'<a x="' + b"y" * 11_000_000 + b'"/>',
        b"<a>" + b"y" * 11_000_000 + b"</a>",
        b"<nitf>" + b"<a/>" * 1_000_000 + b"</nitf>",
    ],
)
def test_xml_that_reaches_out_or_outgrows_any_news_item_is_refused_at_once(hostile):
    with pytest.raises(MalformedXml):
        read("nitf", hostile)


def test_a_doctype_without_entities_and_the_names_of_html_are_read():
    declared = '<!DOCTYPE nitf SYSTEM "../dtd/nitf-3-2.dtd">'
    sent = one("nitf", nitf(declared=declared).replace(b"Harbour master", b"Harbour&nbsp;master&eacute;"))
    assert "Harbour\xa0masteré Ilse" in (sent.text or "")


def test_the_charset_of_content_type_goes_before_the_declaration_and_a_byte_order_mark_before_both():
    text = nitf(declared='<?xml version="1.0" encoding="utf-8"?>').decode().replace("Tuesday", "Tüesday")
    for data, charset in (
        (text.encode("iso-8859-1"), "iso-8859-1"),
        (text.encode("utf-8-sig"), "iso-8859-1"),
    ):
        found = FORMATS["nitf"].read(data, Defaults("nitf", charset=charset))
        assert isinstance(found, Submission)
        assert "Tüesday" in (found.text or "")
    with pytest.raises(MalformedXml):
        read("nitf", text.encode("iso-8859-1"))
    with pytest.raises(MalformedXml, match="unknown"):
        FORMATS["nitf"].read(text.encode(), Defaults("nitf", charset="klingon"))


# -------------------------------------------------------------------------------------------- NewsML-G2
def test_newsml_g2_is_said_in_our_words():
    sent = one("newsml-g2", reuters(version=7, note="Adds quote", signal="edStat:U"))
    assert sent.text == "\n\n".join(STORY)
    assert (sent.source, sent.external_id, sent.version) == ("wire.example", REUTERS_GUID, "7")
    assert (sent.title, sent.slug, sent.genre) == (HEADLINE, "ELSA-PIER/", "Market Reports")
    assert (sent.byline, sent.agency, sent.ed_note) == ("By Tobias Renn", "Reuters", "Adds quote")
    assert (sent.language, sent.status, sent.signals) == ("en", Status.USABLE, ("edStat:U", "prodId:TXT"))
    metadata = said(sent)["metadata"]
    assert metadata["alt_ids"] == [{"type": "idType:USN", "value": "L1N0PIER"}]
    assert metadata["usage_terms"] == ["Not for the islands"]
    rest = metadata["newsml_g2"]
    assert rest["contentMeta"]["subject"] == [{"@qcode": "subj:04015000"}, {"@qcode": "N2:SHIP"}]
    assert rest["header"]["priority"] == "3"


def test_each_item_of_a_message_keeps_its_own_bytes_and_one_bad_one_sinks_none():
    message = reuters()
    start, end = message.index(b"<n:newsItem"), message.index(b"</n:newsItem>") + len(b"</n:newsItem>")
    item = message[start:end]
    bad = item.replace(b'guid="' + REUTERS_GUID.encode() + b'"', b"")
    other = item.replace(REUTERS_GUID.encode(), b"tag:wire.example,2026:other")
    first, second, third, fourth = read(
        "newsml-g2", message[:start] + item + bad + b"<n:packageItem/>" + other + message[end:]
    )
    assert isinstance(first, Submission)
    assert first.received is not None
    assert first.received.body == item
    assert isinstance(second, MissingField)
    assert isinstance(third, NoArticle)
    assert isinstance(fourth, Submission)
    assert fourth.received is not None
    assert (fourth.external_id, fourth.received.body) == ("tag:wire.example,2026:other", other)


def test_an_embargo_without_an_end_holds_until_further_notice():
    until = reuters(embargoed="<n:embargoed>2026-03-04T06:00:00Z</n:embargoed>")
    assert str(one("newsml-g2", until).embargoed_until) == "2026-03-04 06:00:00+00:00"
    assert one("newsml-g2", reuters(embargoed="<n:embargoed/>")).embargoed_until.year == 9999


def test_a_kill_without_a_body_and_an_alert_are_news():
    kill = one("newsml-g2", reuters((), status="canceled", note="Kill the story. It was wrong."))
    assert (kill.status, kill.text) == (Status.CANCELED, "Kill the story. It was wrong.")
    bare = one("newsml-g2", reuters((), status="canceled", headline=""))
    assert (bare.status, bare.text) == (Status.CANCELED, "canceled")
    alert = one("newsml-g2", g2_item(content="<headline>PIER REOPENS IN MAY</headline>"))
    assert (alert.title, alert.text) == ("PIER REOPENS IN MAY", "PIER REOPENS IN MAY")


def test_pictures_and_concepts_hold_no_article():
    with pytest.raises(NoArticle, match="picture"):
        one("newsml-g2", g2_item(item_class="ninat:picture", content="<headline>The pier</headline>"))
    for kind in (b"conceptItem", b"packageItem", b"planningItem"):
        with pytest.raises(NoArticle):
            one("newsml-g2", g2_item().replace(b"newsItem", kind))


def test_an_item_of_the_apa_says_its_headlines_once_and_its_note_apart():
    sent = one("newsml-g2", apa_item())
    assert sent.title == "Zweiter Pier von Port Elsa öffnet im Mai"
    assert sent.text.split("\n\n") == [
        "Port Elsa (APA/dpa) - Der zweite Pier von Port Elsa öffnet im Mai, sagte der Hafen am Dienstag.",
        "Ein Jahr länger",
        "Die Arbeiten dauerten ein Jahr länger als gedacht.",
    ]
    assert sent.ed_note == (
        "KORREKTUR-HINWEIS\nIn DSK0520 vom 03.03.2026 muss es im ersten Absatz Mai heißen (nicht: April).\n\nSchluss"
    )
    assert (sent.signals, sent.agency, sent.slug) == (("sig:correction",), "dpa", "Hafen/Bauten")
    assert "Arbeiten dauerten ein Jahr länger" in json.dumps(said(sent)["metadata"], ensure_ascii=False)
    drawn = draft(sent, STANDARD)
    assert drawn.cleaned.dateline == Dateline("Port Elsa", None)
    assert drawn.facts.tag == WireTag(TagKind.CORRECTION)


def test_an_item_of_the_apa_that_is_nothing_but_headlines_keeps_them():
    sent = one("newsml-g2", apa_item(body="<h1>Zweiter Pier von Port Elsa öffnet im Mai</h1>"))
    assert sent.text == "Zweiter Pier von Port Elsa öffnet im Mai"
    listing = "<pre>Pier 1  offen\nPier 2  zu</pre><p>Stand von heute.</p>"
    assert one("newsml-g2", apa_item(body=listing)).text.startswith("Pier 1")


def test_the_page_header_of_an_xhtml_body_is_not_its_text():
    header = "<header><ul><li>Hafen</li></ul><h1>Steg</h1></header>"
    body = f'<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>{header}<section><p><span>Elsa <b>(dpa)</b> - </span>Der Steg öffnet.</p></section></body></html></inlineXML>'
    sent = one("newsml-g2", g2_item(content="<creditline>dpa</creditline>", body=body))
    assert (sent.text, sent.agency, sent.source, sent.language) == (
        "Elsa (dpa) - Der Steg öffnet.",
        "dpa",
        "Desk Example",
        "de-AT",
    )


def test_nitf_and_plain_text_inside_newsml_g2_are_read():
    inner = nitf(dateline="<location>PORT ELSA</location>").decode()
    sent = one(
        "newsml-g2", g2_item(body=f'<inlineXML contenttype="application/nitf+xml">{inner}</inlineXML>')
    )
    assert sent.text == "\n\n".join(STORY)
    assert (sent.title, sent.byline) == (HEADLINE, "By ANNA PELL Coastal Writer")
    plain = g2_item(body='<inlineData contenttype="text/plain">One line.\nAnother.</inlineData>')
    assert one("newsml-g2", plain).text == "One line.\nAnother."
    marked = g2_item(
        body='<inlineData contenttype="text/plain"><![CDATA[<p>One.</p><p>Two.</p>]]></inlineData>'
    )
    assert one("newsml-g2", marked).text == "One.\n\nTwo."


def test_paragraphs_set_apart_by_indentation_in_one_element_stay_apart():
    text = "(Adds quote)\n    * One point\n\n    PORT ELSA, March 3 (Reuters) - The pier\nreopens.\n    More follows"
    sent = one("newsml-g2", reuters((text,)))
    assert sent.text.splitlines() == [
        "(Adds quote)",
        "* One point",
        "PORT ELSA, March 3 (Reuters) - The pier reopens.",
        "More follows",
    ]


@pytest.mark.parametrize("status", ["stat:killed", "cancelled"])
def test_a_publishing_status_that_is_none_is_refused_by_name(status):
    data = reuters().replace(b"stat:usable", status.encode())
    with pytest.raises(InvalidValue, match="pubStatus"):
        one("newsml-g2", data)


# ------------------------------------------------------------------------------------------------- NITF
def test_nitf_is_said_in_our_words():
    sent = one("nitf", nitf(dateline="<location><city>LOWER HITHE</city></location>"))
    assert sent.text == f"LOWER HITHE - {STORY[0]}\n\n" + "\n\n".join(STORY[1:])
    assert (sent.title, sent.source, sent.agency) == (HEADLINE, "AP", "The Associated Press")
    assert (sent.external_id, sent.slug, sent.genre) == ("coastal.0303", "Elsa Pier", "Current")
    assert (sent.ed_note, sent.language) == ("Adds quote from harbour master", "en-GB")
    assert str(sent.published_at) == "2026-03-03 09:30:00+00:00"
    assert said(sent)["metadata"]["nitf"]["docdata"]["urgency"] == {"@ed-urg": "4"}


def test_a_dateline_that_the_text_prints_is_not_put_before_it_again():
    assert (
        one("nitf", nitf(paragraphs=(f"PORT ELSA (AP) — {STORY[0]}",))).text == f"PORT ELSA (AP) — {STORY[0]}"
    )


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        (f"(ANSA) - ROMA, 3 MAR - {STORY[0]}", f"(ANSA) - ROMA, 3 MAR - {STORY[0]}"),
        (f"Ferries - {STORY[0]}", f"ANSA TEST - ELSA, 03 MAR - Ferries - {STORY[0]}"),
    ],
)
def test_a_text_that_opens_with_a_dateline_of_its_own_gets_no_other_before_it(paragraph, text):
    item = g2_item(
        content="<dateline>ANSA TEST - ELSA, 03 MAR -</dateline>",
        body=f'<inlineData contenttype="text/plain">{paragraph}</inlineData>',
    )
    sent = one("newsml-g2", item)
    assert sent.text == text
    meta = said(sent)["metadata"]["newsml_g2"]["contentMeta"]
    assert meta["dateline"] == "ANSA TEST - ELSA, 03 MAR -"


def test_a_release_date_after_the_issue_is_an_embargo():
    later = nitf(head='<date.release norm="20260304T060000+0000"/>')
    assert str(one("nitf", later).embargoed_until) == "2026-03-04 06:00:00+00:00"
    for head in ('<date.release norm="20260303T093000+0000"/>', '<date.release norm="YYYYMMDD000000-HHMM"/>'):
        assert one("nitf", nitf(head=head)).embargoed_until is None
    assert one("nitf", nitf(docdata='management-status="embargoed"')).embargoed_until.year == 9999


def test_a_document_that_takes_another_back_stands_under_its_id():
    kill = nitf(docdata='management-status="canceled" management-doc-idref="coastal.0302"', paragraphs=())
    sent = one("nitf", kill)
    assert (sent.external_id, sent.status, sent.text) == (
        "coastal.0302",
        Status.CANCELED,
        "Adds quote from harbour master",
    )


def test_the_key_counts_versions_and_is_the_id_where_the_ids_differ_by_the_version():
    sent = one(
        "nitf",
        nitf(head='<du-key key="coastal.0303" generation="14" version="1"/>').replace(
            b'id-string="coastal.0303"', b'id-string="coastal.0303_15"'
        ),
    )
    assert (sent.external_id, sent.version) == ("coastal.0303", "14.1")


# -------------------------------------------------------------------------------------------- NewsML 1
def test_newsml_1_is_said_in_our_words():
    sent = one("newsml-1", newsml_1(revision=3))
    assert sent.text == "\n\n".join(STORY)
    elsewhere = one("newsml-1", newsml_1().replace(b"PORT ELSA", b"LOWER HITHE"))
    assert elsewhere.text == "LOWER HITHE, March 3, 2026 (AFP) - " + "\n\n".join(STORY)
    assert (sent.source, sent.agency, sent.version) == ("AFP", "AFP", "3")
    assert (sent.external_id, sent.slug, sent.genre) == (
        "urn:newsml:presse.example:20260303:TX-1",
        "Elsa-Pier",
        "Current",
    )
    assert said(sent)["metadata"]["newsml_1"]["NewsEnvelope"]["DateAndTime"] == "20260303T093000Z"


def test_an_embargo_of_newsml_1_ends_with_its_change_of_status():
    change = '<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>20260304T060000Z</DateAndTime></StatusWillChange>'
    sent = one("newsml-1", newsml_1(status="Embargoed", extra=change))
    assert (str(sent.embargoed_until), sent.status) == ("2026-03-04 06:00:00+00:00", Status.USABLE)
    assert one("newsml-1", newsml_1(status="Embargoed")).embargoed_until.year == 9999


# ------------------------------------------------------------------------------------------------ ninjs
def test_the_generations_of_ninjs_say_the_same():
    first, third = one("ninjs", ninjs_1()), one("ninjs", ninjs_3())
    for sent in (first, third):
        assert parse(sent).text == "\n\n".join(STORY)
        assert (sent.title, sent.byline, sent.slug) == (HEADLINE, "Tobias Renn", "elsa-pier")
        assert (sent.ed_note, sent.genre, sent.language) == ("Adds quote", "Current", "en")
        assert said(sent)["metadata"]["usage_terms"] == "Not for the islands"
    assert (first.source, first.agency, first.version) == ("Reuters", "Reuters", "1")
    assert (third.source, third.version, third.embargoed_until.day) == ("Coastal News", "4", 4)
    assert said(first)["metadata"]["alt_ids"] == {"usn": "L1N0PIER"}
    assert said(third)["metadata"]["alt_ids"] == [{"role": "usn", "value": "L1N0PIER"}]
    assert said(first)["metadata"]["ninjs"]["x_ours"] == {"kept": [1, 2]}
    assert said(third)["metadata"]["expires"] == "2026-04-01T00:00:00Z"


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"uri": None}, MissingField),
        ({"uri": 5}, WrongType),
        ({"pubstatus": "cancelled"}, InvalidValue),
        ({"type": "poem"}, InvalidValue),
        ({"representationtype": "half"}, InvalidValue),
        ({"urgency": 0.1}, InvalidValue),
        ({"urgency": True}, InvalidValue),
        ({"version": 1.2}, WrongType),
        ({"body_other": {"a": "b"}}, WrongType),
        ({"headline_": "nothing behind"}, InvalidValue),
        ({"headline-x": "no pattern"}, InvalidValue),
        ({"genre": "News"}, WrongType),
        ({"infosource": [{"name": "A", "scheme": {"uri": "x"}}]}, WrongType),
        ({"altids": "one"}, WrongType),
        ({"rightsinfo": {"linkedrights": "a", "encodedrights": "b"}}, InvalidValue),
        ({"digitalsourcetype": "bad"}, WrongType),
        ({"versioncreated": "last week"}, WirefoldError),
    ],
)
def test_what_a_schema_of_ninjs_forbids_is_refused_where_it_is_interpreted(members, error):
    with pytest.raises(error) as caught:
        one("ninjs", ninjs_1(**members))
    assert caught.value.fix


def test_an_item_of_ninjs_without_text_is_a_headline_or_no_article():
    bare = {"body_html": "<p> </p>", "body_text": ""}
    assert one("ninjs", ninjs_1(**bare, ednote="")).text == HEADLINE
    assert one("ninjs", ninjs_1(**bare, ednote="", description_text="In short.")).text == "In short."
    with pytest.raises(NoArticle, match="picture"):
        one("ninjs", ninjs_1(**bare, type="picture"))


def test_an_array_of_ninjs_keeps_each_items_own_bytes():
    first, bad, last = ninjs_1(), ninjs_1(pubstatus="no"), ninjs_3()
    found = read("ninjs", b"[" + b" ,\n".join([first, bad, b"7", last]) + b"]")
    assert [type(each) for each in found] == [Submission, InvalidValue, WrongType, Submission]
    assert (found[0].received.body, found[3].received.body) == (first, last)


def test_nesting_counts_as_it_will_be_stored():
    deep: object = 1
    for _ in range(31):
        deep = [deep]
    with pytest.raises(TooDeep):
        one("ninjs", ninjs_1(x_deep=deep))


# --------------------------------------------------------------------------------------------------- AP
def test_an_item_of_ap_is_said_in_our_words():
    sent = one("ap", json.dumps({"data": {"item": ap_item()}}).encode())
    assert sent.text.startswith(f"PORT ELSA (AP) — {STORY[0]}\n\n")
    assert (sent.source, sent.agency, sent.external_id, sent.version) == ("AP", "AP", "b2d5e1f4", "1")
    assert (sent.title, sent.genre, sent.status) == (HEADLINE, "Harbour Watch", Status.USABLE)
    assert sent.signals == ("newscontent", "singlesource", "Update")
    metadata = said(sent)["metadata"]
    assert metadata["alt_ids"]["friendlykey"] == "26062340000001"
    assert metadata["ap"]["subject"] == [{"code": "a", "name": "Shipping"}]


def test_an_item_of_ap_without_newscontent_is_withheld():
    assert one("ap", json.dumps(ap_item(signals=["advisory"])).encode()).status is Status.WITHHELD
    canceled = json.dumps(ap_item(signals=[], pubstatus="canceled")).encode()
    assert one("ap", canceled).status is Status.CANCELED


def test_an_embargoed_item_of_ap_waits():
    waits = ap_item(pubstatus="embargoed", embargoed="2026-03-04T06:00:00Z")
    assert one("ap", json.dumps(waits).encode()).embargoed_until.day == 4
    assert one("ap", json.dumps(ap_item(pubstatus="embargoed")).encode()).embargoed_until.year == 9999


def test_an_item_of_ap_without_a_body_is_refused_unless_it_takes_a_story_back():
    bare = {"body_nitf": None}
    with pytest.raises(MissingField, match="renditions"):
        one("ap", json.dumps(ap_item(**bare)).encode())
    kill = one("ap", json.dumps(ap_item(**bare, pubstatus="canceled", ednote="Kill the story.")).encode())
    assert (kill.status, kill.text) == (Status.CANCELED, "Kill the story.")


def test_a_page_of_aps_feed_gives_each_item_with_its_own_bytes():
    entries = [
        json.dumps({"meta": {"x": '],"}'}, "item": each}, indent=1) for each in (ap_item(), {"type": "text"})
    ]
    page = f'{{"api": {{"items": [1]}}, "data": {{"next_page": "x", "items": [ {entries[0]} ,{entries[1]}]}}}}'.encode()
    first, second = read("ap", page)
    assert first.received.body == entries[0].encode()
    assert isinstance(second, MissingField)
    assert read("ap", b'{"data": {"items": []}}') == []


def test_a_whole_nitf_document_inside_an_item_of_ap_is_read():
    inner = nitf(paragraphs=STORY).decode()
    sent = one("ap", json.dumps(ap_item(body_nitf=inner)).encode())
    assert STORY[0] in sent.text
    assert sent.byline == "By ANNA PELL Coastal Writer"
