"""What the passages of a page declare of its text: agency, byline, tag.

Picture credits name who made a picture and count for nothing here.
"""

import re

from app.dedup.model import Passage, Role, TagKind, WireTag
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.credits import CORRECTING
from app.dedup.wiretags import read_advisory

_CREDITING = frozenset({Role.BYLINE, Role.CREDIT, Role.SIGN_OFF})
_LABEL = re.compile(r"[^:：\n]{2,20}[:：]\s*(?:وكالة\s+)?([^\n]{2,40})")
_LED = re.compile(r"\W*(PTI|IANS|ANI|UNI|AFP|AP|Reuters|Xinhua|dpa)\b")
_LAST_PART = re.compile(r"/(dpa|AFP|APA|AP|Reuters|rtr)\)?\W*$")
_MARKS = " |•·—–/"


def agency_declared(text: str, passages: tuple[Passage, ...]) -> str | None:
    """The agency that a byline, credit or sign-off names."""
    for role, (start, end) in ((p.role, p.span) for p in passages):
        if role not in _CREDITING or end - start > 160:
            continue
        said = text[start:end].strip(_MARKS)
        found = agency_named(said, vouched=False) or _labelled(said)
        if found:
            return found
        if role is Role.SIGN_OFF and "Thomson Reuters" in said:
            return "Reuters"
    return None


def byline_printed(text: str, passages: tuple[Passage, ...]) -> str | None:
    """The first byline of the page."""
    for passage in passages:
        start, end = passage.span
        if passage.role is Role.BYLINE and end - start <= 120:
            return text[start:end].strip(_MARKS) or None
    return None


def tag_advised(text: str, passages: tuple[Passage, ...]) -> WireTag | None:
    """What the first advisory line or correction note that says something says."""
    for passage in passages:
        if passage.role is not Role.ADVISORY:
            continue
        said = text[passage.span.start : min(passage.span.end, passage.span.start + 300)]
        tag = read_advisory(said)
        if tag:
            return tag
        if said.lower().lstrip(" (*[-—–").startswith(CORRECTING):
            return WireTag(TagKind.CORRECTION)
    return None


def _labelled(said: str) -> str | None:
    label = _LABEL.fullmatch(said)
    if label:
        return agency_named(label.group(1), vouched=False)
    led = _LED.match(said) or _LAST_PART.search(said)
    return agency_named(led.group(1)) if led else None
