"""Invented stories in the flavours of the wire formats, as agencies send them."""

import json
from html import escape

HEADLINE = "Second pier of Port Elsa to reopen in May after long repairs"
STORY = (
    "The harbour authority of Port Elsa said on Tuesday that the second pier would reopen to ferries in May.",
    "Repairs began in 2024 after a storm tore away forty metres of planking and left 3,700 people without a ferry.",
    'Harbour master Ilse Marden said "the new timber will outlast all of us" and thanked all of the carpenters.',
    "The first boat is to leave for the islands on the first Sunday of the month, weather permitting.",
)
REUTERS_GUID = "tag:wire.example,2026:newsml_L1N0PIER"


def reuters(
    paragraphs=STORY,
    *,
    guid=REUTERS_GUID,
    version=1,
    headline=HEADLINE,
    status="usable",
    signal="edStat:N",
    note="",
    embargoed="",
    created="2026-03-03T09:30:00.000Z",
    extra="",
) -> bytes:
    """A newsMessage with one newsItem under a prefix, its XHTML wrapped and indented."""
    body = "".join(f"<h:p>{escape(each)}</h:p>\n              " for each in paragraphs)
    content = (
        f"""<n:contentSet><n:inlineXML contenttype="application/xhtml+xml" wordcount="99"><h:html><h:head><h:title/></h:head>
            <h:body>{body}</h:body></h:html></n:inlineXML></n:contentSet>"""
        if paragraphs
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<n:newsMessage xmlns:n="http://iptc.org/std/nar/2006-10-01/" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:r="http://wire.example/ns">
  <n:header><n:sent>{created}</n:sent><n:sender>wire.example</n:sender><n:priority>3</n:priority></n:header>
  <n:itemSet>
    <n:newsItem guid="{guid}" version="{version}" standard="NewsML-G2" standardversion="2.18" conformance="power" xml:lang="en">
      <n:catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_3.xml"/>
      <n:rightsInfo><n:copyrightHolder literal="Wire Example"/><n:usageTerms>Not for the islands</n:usageTerms></n:rightsInfo>
      <n:itemMeta>
        <n:itemClass qcode="icls:text" r:msgType="A"/><n:provider literal="wire.example"/>
        <n:versionCreated>{created}</n:versionCreated><n:firstCreated>2026-03-03T09:30:00.000Z</n:firstCreated>
        {embargoed}<n:pubStatus qcode="stat:{status}"/><n:edNote>{escape(note)}</n:edNote>
        <n:signal qcode="{signal}"/><n:signal qcode="prodId:TXT"/>
      </n:itemMeta>
      <n:contentMeta>
        <n:urgency>4</n:urgency>
        <n:infoSource literal="Reuters" role="cRole:origProv"/>
        <n:altId type="idType:USN" r:isOriginal="1">L1N0PIER</n:altId><n:language tag="en"/>
        <n:genre qcode="N2:MKTREP"><n:name>Market Reports</n:name></n:genre>
        <n:subject qcode="subj:04015000"/><n:subject qcode="N2:SHIP"/>
        <n:slugline separator="-">ELSA-PIER/</n:slugline><n:headline>{escape(headline)}</n:headline>
        <n:by>By Tobias Renn</n:by>{extra}
      </n:contentMeta>
      {content}
    </n:newsItem>
  </n:itemSet>
</n:newsMessage>""".encode()


def g2_item(
    *,
    guid="urn:newsml:desk.example:20260303:1",
    item_class="ninat:text",
    meta="",
    content="",
    body="",
    head="",
) -> bytes:
    """A newsItem alone, in the default namespace."""
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="2" standard="NewsML-G2" standardversion="2.29" xml:lang="de-AT">
  {head}<itemMeta><itemClass qcode="{item_class}"/><provider qcode="nprov:desk"><name>Desk Example</name></provider>
  <versionCreated>2026-03-03T10:00:00+01:00</versionCreated><pubStatus qcode="stat:usable"/>{meta}</itemMeta>
  <contentMeta>{content}</contentMeta>{body and f"<contentSet>{body}</contentSet>"}</newsItem>""".encode()


def apa_item(*, body=None) -> bytes:
    """A newsItem as the APA sends them: headlines by its own roles, a note between rules, XHTML."""
    shown = body or (
        "<h1>Zweiter Pier von Port Elsa öffnet im Mai</h1><h2>Arbeiten dauerten ein Jahr länger</h2>"
        "<pre>---------------------------------------------------------------------\n"
        "    KORREKTUR-HINWEIS\n    In DSK0520 vom 03.03.2026 muss es im ersten Absatz Mai heißen (nicht: April).\n"
        "    ---------------------------------------------------------------------\n  </pre>"
        "<p>Port Elsa (APA/dpa) - Der zweite Pier von Port Elsa öffnet im Mai, sagte der Hafen am Dienstag.</p>"
        "<h2>Ein Jahr länger</h2><p>Die Arbeiten dauerten ein Jahr länger als gedacht.</p>"
    )
    return g2_item(
        guid="urn:newsml:desk.example:20260303:DSK0520",
        meta='<edNote role="aparole:closing">Schluss</edNote><signal qcode="sig:correction"/>',
        content="""<contentCreated>2026-03-03T09:52:00+01:00</contentCreated>
          <infoSource role="isrol:originfo"><name>dpa</name></infoSource><altId>DSK0070</altId>
          <slugline separator="/">Hafen/Bauten</slugline>
          <headline role="apahltype:title">Zweiter Pier von Port Elsa öffnet im Mai</headline>
          <headline role="apahltype:subtitle">Arbeiten dauerten ein Jahr länger</headline>""",
        body=f"""<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
          <head><title>Zweiter Pier</title></head><body>{shown}</body></html></inlineXML>""",
    )


def nitf(
    *, docdata="", head="", paragraphs=STORY, dateline="<location>PORT ELSA</location>", declared=""
) -> bytes:
    """An NITF document."""
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return f"""{declared}<nitf version="-//IPTC//DTD NITF 3.4//EN" baselang="en-GB">
<head><title>ELSA-Pier</title><meta name="anpa-keyword" content="Elsa Pier"/>
<tobject tobject.type="News"><tobject.property tobject.property.type="Current"/></tobject>
<docdata {docdata}><doc-id id-string="coastal.0303" regsrc="AP"/><urgency ed-urg="4"/>
<date.issue norm="20260303T093000+0000"/>{head}<ed-msg info="Adds quote from harbour master"/>
<doc.copyright holder="Coastal News" year="2026"/></docdata></head>
<body><body.head><hedline><hl1>{HEADLINE}</hl1></hedline><byline>By ANNA PELL<byttl>Coastal Writer</byttl></byline>
<distributor>The Associated Press</distributor><dateline>{dateline}</dateline></body.head>
<body.content><block>{body}</block></body.content></body></nitf>""".encode()


def newsml_1(*, status="Usable", paragraphs=STORY, revision=1, extra="") -> bytes:
    """NewsML 1.2, as AFP sends it."""
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return f"""<?xml version="1.0" encoding="iso-8859-1"?>
<NewsML Version="1.2"><NewsEnvelope><DateAndTime>20260303T093000Z</DateAndTime></NewsEnvelope>
<NewsItem xml:lang="en"><Identification><NewsIdentifier><ProviderId>presse.example</ProviderId><DateId>20260303</DateId>
<NewsItemId>TX-1</NewsItemId><RevisionId PreviousRevision="0" Update="N">{revision}</RevisionId>
<PublicIdentifier>urn:newsml:presse.example:20260303:TX-1:{revision}</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20260303T093000Z</FirstCreated>
<ThisRevisionCreated>20260303T100000Z</ThisRevisionCreated><Status FormalName="{status}"/>{extra}</NewsManagement>
<NewsComponent><NewsLines><HeadLine>{HEADLINE}</HeadLine><DateLine>PORT ELSA, March 3, 2026 (AFP) -</DateLine>
<SlugLine>Elsa-Pier</SlugLine></NewsLines>
<AdministrativeMetadata><Provider><Party FormalName="AFP"/></Provider></AdministrativeMetadata>
<DescriptiveMetadata><Language FormalName="en"/><Genre FormalName="Current"/></DescriptiveMetadata>
<ContentItem><MediaType FormalName="Text"/><DataContent><nitf><body><body.content>{body}</body.content></body></nitf></DataContent></ContentItem>
</NewsComponent></NewsItem></NewsML>""".encode("iso-8859-1")


def html_of(paragraphs=STORY) -> str:
    return "".join(f"<p>{escape(each)}</p>" for each in paragraphs)


def ninjs_1(**members) -> bytes:
    """An item of the first generation: lower case, members by pattern, objects."""
    item = {
        "uri": "urn:desk.example:pier-1",
        "version": "1",
        "type": "text",
        "representationtype": "complete",
        "versioncreated": "2026-03-03T10:00:00Z",
        "firstcreated": "2026-03-03T09:30:00Z",
        "pubstatus": "usable",
        "language": "en",
        "byline": "Tobias Renn",
        "headline": HEADLINE,
        "body_html": html_of(),
        "body_text": "not this one",
        "slugline": "elsa-pier",
        "ednote": "Adds quote",
        "infosource": [{"name": "Reuters", "rel": "origprov"}],
        "genre": [{"name": "Current", "scheme": "http://cv.example/genre/", "code": "Current"}],
        "altids": {"usn": "L1N0PIER"},
        "usageterms": "Not for the islands",
        "associations": {"picture": {"uri": "urn:desk.example:picture", "type": "picture"}},
        "urgency": 4,
        "x_ours": {"kept": [1, 2]},
    }
    return json.dumps(item | members).encode()


def ninjs_3(**members) -> bytes:
    """An item of the third generation: mixed case, arrays."""
    item = {
        "uri": "urn:desk.example:pier-3",
        "standard": {"name": "ninjs", "version": "3.1", "schema": "https://ninjs.example/3.1"},
        "version": "4",
        "type": "text",
        "representationType": "full",
        "versionCreated": "2026-03-03T10:00:00Z",
        "firstCreated": "2026-03-03T09:30:00Z",
        "pubStatus": "usable",
        "embargoedUntil": "2026-03-04T06:00:00Z",
        "language": "en",
        "by": "Tobias Renn",
        "headlines": [{"role": "sub", "value": "A smaller line"}, {"role": "main", "value": HEADLINE}],
        "bodies": [
            {"role": "main", "contentType": "text/html", "value": f"<html><body>{html_of()}</body></html>"}
        ],
        "slugline": "elsa-pier",
        "edNote": "Adds quote",
        "infoSources": [{"name": "Coastal News", "uri": "http://cv.example/cn"}],
        "genres": [{"name": "Current", "uri": "http://cv.example/genre/Current"}],
        "altIds": [{"role": "usn", "value": "L1N0PIER"}],
        "usageTerms": "Not for the islands",
        "expires": "2026-04-01T00:00:00Z",
        "associations": [{"name": "picture", "uri": "urn:desk.example:picture"}],
    }
    return json.dumps(item | members).encode()


def ap_item(**members) -> dict[str, object]:
    """An item of AP's Media API with its NITF beside it."""
    return {
        "altids": {"itemid": "b2d5e1f4", "etag": "b2d5e1f4_1a", "friendlykey": "26062340000001"},
        "version": 1,
        "type": "text",
        "versioncreated": "2026-03-03T10:00:00Z",
        "firstcreated": "2026-03-03T09:30:00Z",
        "pubstatus": "usable",
        "signals": ["newscontent", "singlesource"],
        "editorialtypes": ["Update"],
        "fixture": {"code": "1", "name": "Harbour Watch"},
        "headline": HEADLINE,
        "slugline": "BC-EU--Elsa-Pier, 1st Ld-Writethru",
        "ednote": "Eds: Adds quote.",
        "language": "en",
        "provider": "AP",
        "infosource": [{"name": "AP", "type": "AP"}],
        "usageterms": ["For editorial use only."],
        "body_nitf": html_of((f"PORT ELSA (AP) — {STORY[0]}", *STORY[1:])),
        "subject": [{"code": "a", "name": "Shipping"}],
    } | members
