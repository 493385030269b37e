"""XML of strangers: parsed without entities, DTD or network, and read by names.

lxml with everything off that reaches beyond the document or makes more of it than it has: entities of its
own are refused, a DOCTYPE that only names a DTD is passed over, libxml2's limits on depth, length and
amplification stay in force. Names of HTML's entities are read (NITF and XHTML use them).
"""

import re
from typing import TypeAlias

from lxml import etree

from app.errors import MalformedXml

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it

_MOST_TAGS = 1_000_000
"""A tree takes some 150 bytes an element: what a small body may grow to is bounded before it does."""
_MOST_ATTRIBUTES = 1_000
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PROLOG = re.compile(rb"<[A-Za-z_]")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_xml(data: bytes, *, charset: str | None = None) -> Element:
    """The root of a document. ``charset`` is what Content-Type names: it goes before the declaration.

    Comments and processing instructions are left out. Raises MalformedXml.
    """
    if data.count(b"<") > _MOST_TAGS:
        raise MalformedXml(f"The XML has more than {_MOST_TAGS} tags.", fix="Send fewer items at once.")
    _refuse_entities(data)
    # RFC 7303: a byte order mark goes before the charset parameter, and that before the declaration.
    encoding = None if data.startswith(_BOMS) else charset
    try:
        parser = etree.XMLParser(
            encoding=encoding,
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            remove_comments=True,
            remove_pis=True,
        )
        root = etree.fromstring(data, parser)
    except LookupError as error:
        fix = "Send UTF-8, or name the charset by its registered name."
        raise MalformedXml(f"The charset {charset!a} is unknown.", fix=fix) from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MalformedXml(f"Not well-formed XML: {str(error)[:200]}.") from error
    # Whatever encoding hid them from the bytes.
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise _entities()
    return root


def _refuse_entities(data: bytes) -> None:
    """Declarations stand before the root element; in UTF-16 every other byte is NUL."""
    plain = data[:65_536].replace(b"\0", b"")
    if b"<!DOCTYPE" not in plain:
        return
    plain = data.replace(b"\0", b"")
    begin = _PROLOG.search(plain)
    if b"<!ENTITY" in (plain[: begin.start()] if begin else plain):
        raise _entities()


def _entities() -> MalformedXml:
    return MalformedXml("The XML declares entities of its own.", fix="Send it with its entities written out.")


def name_of(element: Element) -> str:
    """The name without its namespace; of an entity reference its name between & and ;."""
    tag = element.tag
    if not isinstance(tag, str):
        return str(element.text or "")
    return tag.rpartition("}")[2]


def children(element: Element | None, *names: str) -> list[Element]:
    """The children of these names, whatever their namespace."""
    return [] if element is None else [child for child in element if name_of(child) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of that name, or further down by a path of names."""
    for name in path:
        found = children(element, name)
        if not found:
            return None
        element = found[0]
    return element


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute without its surrounding space; None where it is empty."""
    return None if element is None else ((element.get(name) or "").strip() or None)


def attributes_of(element: Element) -> dict[str, str]:
    """All attributes of an element, by names with their namespaces. Raises MalformedXml for over a thousand.

    lxml looks for each value among all, so 100,000 of them would take seconds.
    """
    names = element.keys()
    if len(names) > _MOST_ATTRIBUTES:
        raise MalformedXml(f"An element has more than {_MOST_ATTRIBUTES} attributes.")
    return {str(name): str(element.get(name)) for name in names}


def language_of(element: Element | None) -> str | None:
    """The xml:lang of an element."""
    return attribute(element, _XML_LANG)
