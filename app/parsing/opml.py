"""OPML: the lists of feeds that readers hand to each other (OPML 2.0), in and out.

What the format has no word for (source, identity, pages, interval) is written as attributes of a namespace
of ours, which the standard allows and other readers pass over.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from app.errors import InvalidValue, TooLarge
from app.parsing.encodings import declared_in_xml, decode
from app.parsing.feed_tree import read_tree

MOST_FEEDS = 5_000
_MOST_ATTRIBUTES = 100
NAMESPACE = "https://wirefold.example/opml"
_OWN = f"{{{NAMESPACE}}}"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OPENING = re.compile(r"<(?:[\w.-]+:)?outline(?=[\s/>])")
_END = re.compile(r"</(?:[\w.-]+:)?opml\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    url: str
    title: str = ""
    source: str | None = None
    identity: str = "auto"
    fetch_page: bool = False
    every_s: int | None = None


def read_opml(data: bytes) -> list[Outline]:
    """The feeds of a list, whatever folders they stand in; each address once.

    Raises InvalidValue for what is no OPML and for a list of which a part cannot be read, such as one that
    was cut off, and TooLarge for more than MOST_FEEDS.
    """
    text = decode(data, labels=(declared_in_xml(data),)).text
    root = read_tree(text)
    if root is None or root.tag.rpartition("}")[2].lower() != "opml":
        raise InvalidValue("The XML is no OPML.", fix="Send a list of feeds as OPML 2.0.")
    _check_whole(root, text)
    found: dict[str, Outline] = {}
    for element in root.iter("{*}outline"):
        attributes = {name.lower(): element.get(name) for name in element.keys()[:_MOST_ATTRIBUTES]}
        url = attributes.get("xmlurl", "").strip()
        if url:
            found.setdefault(url, _outline(url, attributes))
        if len(found) > MOST_FEEDS:
            raise TooLarge(f"The list has more than {MOST_FEEDS} feeds.", fix="Send it in parts.")
    return list(found.values())


def write_opml(outlines: Iterable[Outline]) -> bytes:
    """A list that ``read_opml`` reads as it was."""
    root = etree.Element("opml", nsmap={"wirefold": NAMESPACE}, version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of Wirefold"
    body = etree.SubElement(root, "body")
    for each in outlines:
        said = {
            "type": "rss",
            "text": each.title or each.url,
            "title": each.title,
            "xmlUrl": each.url,
            f"{_OWN}source": each.source,
            f"{_OWN}identity": each.identity if each.identity != "auto" else None,
            f"{_OWN}fetchPage": "true" if each.fetch_page else None,
            f"{_OWN}everySeconds": str(each.every_s) if each.every_s else None,
        }
        element = etree.SubElement(body, "outline")
        for name, value in said.items():
            if value:
                element.set(name, "".join(c if _is_xml(c) else "\ufffd" for c in value))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _check_whole(root: etree._Element, text: str) -> None:
    """What is mended may end early: better no feed of a list than some, and not a word of the others."""
    told = _COMMENT.sub("", text)
    read, written = sum(1 for _ in root.iter("{*}outline")), len(_OPENING.findall(told))
    if read < written or not _END.search(told):
        raise InvalidValue(
            f"Only {read} of the list's {written} outlines can be read."
            if read < written
            else "The list ends before </opml>.",
            fix="Send the whole list, its folders nested less than 200 deep.",
        )


def _outline(url: str, attributes: dict[str, str]) -> Outline:
    own = _OWN.lower()
    every = attributes.get(f"{own}everyseconds", "")
    return Outline(
        url=url,
        title=(attributes.get("title") or attributes.get("text") or "").strip(),
        source=attributes.get(f"{own}source") or None,
        identity=attributes.get(f"{own}identity") or "auto",
        fetch_page=attributes.get(f"{own}fetchpage") == "true",
        every_s=int(every) if every.isdecimal() and len(every) < 10 else None,
    )


def _is_xml(character: str) -> bool:
    """A Char of XML 1.0."""
    return character in "\t\n\r" or (
        " " <= character < "\ud800" or "\ue000" <= character <= "\ufffd" or character >= "\U00010000"
    )
