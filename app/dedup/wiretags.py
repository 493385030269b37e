"""What a wire says of its own text: tags before the headline, advisory lines, kill notices.

Owns reading the tag and taking it off the headline, and the headline that a notice quotes. A tag
counts only in capitals (or before a colon) and only in front: "Update on talks" is a headline.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.dedup.model import TagKind, WireTag
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.tags import ADVISORIES, LABELS, OUTLET_ENDINGS, OUTLETS, SIGNALS, TAGS, TERSE

_TITLE_MAX = 1000
_NOTICE_MAX = 1500
"""Characters of a withdrawal notice; longer texts that speak of withdrawing are stories about it."""

_ANY = "|".join(sorted(map(re.escape, TAGS), key=len, reverse=True))
_NUMBER = r"(?:\s*#?(?P<number>\d{1,2})(?!\d))?"
_IN_FRONT = re.compile(
    r"\s*(?:\*+\s*|\++\s*)?(?:(?P<bracket>[(\[【（])\s*)?(?:BC-\S{1,40}\s+)?(?:(?P<ordinal>\d)(?:ST|ND|RD|TH)\s+)?"
    rf"(?P<tag>{_ANY}){_NUMBER}(?:\s*\((?:OFFICIAL|[A-Z]{{2,12}})\))?"
    r"(?:(?(bracket)\s*[)\]】）][\s:：-]*|(?:\s*(?P<dash>[-–—:：/]+)\s*|\s*\++\s*)))",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\s*(?:(?P<ordinal>\d)(?:ST|ND|RD|TH)\s+)?(?P<tag>LEAD|LD|REFILE|ROUNDUP|KORREKTUR|HOLD HOLD HOLD"
    rf"|KILL KILL KILL|MANDATORY KILL){_NUMBER}\s+(?=\S)"
)
"""Tags of agencies that set no mark behind them (dpa)."""
_LABEL = re.compile(rf"\s*(?:{'|'.join(LABELS)})(?:\s*[-–—]\s*|\s*[:：]\s*)(?=\S)")
_WRITETHRU = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th)\s+(?:ld|lead)\b(?:-writethru)?", re.IGNORECASE)
_SLUGGED = re.compile(r"\s*(?:AP|BC|AM|PM|US|EU|AS|ML|AF|CN|LT)-[A-Za-z][\w.'’ &-]{2,60},\s*")
_LEADING_AGENCY = re.compile(r"\s*([A-Z][A-Za-z. ]{1,14}|[А-ЯЁ][А-Яа-яё ]{2,14})\s*:\s+(?=[\w\"“‘'«])")
_SUFFIX = re.compile(r"\s+[|–—-]\s+([^|–—]{2,40})$|\s*\|\s*([^|]{2,40})$")

_QUOTE = r"""["“”„«‘'`‹「『]{1,2}(?P<quoted>[^"“”„«»\n]{8,300}?)(?:["“”»›」』]|''|’(?!\w)|'(?!\w))"""
_NAMED = re.compile(
    r"(?:headlined|headline|titled|entitled|slugged|under the (?:headline|title)|überschrift|titel"
    r"|titulad[oa]|título|titular|intitulée?|titre|intitolat[oa]|titolo|заголовком|под названием|заголовок"
    rf"|بعنوان|标题为|题为|と題する|見出し)[\s:,：]{{0,3}}{_QUOTE}",
    re.IGNORECASE,
)
_KILL = re.compile(r"\bkill the (?:story|item|photo|headline)s?\s+(?P<quoted>[^\n,.;]{4,120})", re.IGNORECASE)
_WITHDRAWN = re.compile(
    r"\b(?:is|are|was|were|been|stands|being)\s+(?:wrong and (?:is|was)\s+)?(?:hereby\s+)?"
    r"(?:withdrawn|killed|retracted)\b"
    r"|\b(?:kill is mandatory|mandatory kill|please (?:kill|disregard|do not use)|not to be used"
    r"|no substitute story|wird zurückgezogen|ist zurückgezogen|bitte nicht verwenden"
    r"|(?:queda|sido|se) anulad[ao]|est annulée?|annullata|аннулиру|просьба не использовать|fica anulad[ao]"
    r"|foi retirad[ao])",
)
_STEMS = (
    "withdrawn", "kill the", "killed", "retracted", "disregard", "to be used", "not use", "zurückgezogen",
    "nicht verwenden", "anulad", "annul", "аннулир", "не использовать", "retirad", "no substitute",
)  # fmt: skip
_ADVISORY = re.compile(
    r"\s*(?:[(（\[*]\s*)?(?:eds\.?(?:\s+note)?:\s*|ed note:\s*|note to editors:\s*)?"
    r"(?:this (?:\w+ ){0,4}story )?"
    rf"(?P<say>{'|'.join(sorted(map(re.escape, ADVISORIES), key=len, reverse=True))})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline without its tag, and the tag."""

    title: str
    tag: WireTag | None


def read_headline(title: str) -> Headline:
    """Take wire tags, labels, a leading agency and a trailing outlet off ``title``."""
    rest = title[:_TITLE_MAX].strip()
    first: WireTag | None = None
    number: int | None = None
    for _ in range(3):
        step = _tag_in_front(rest)
        if step is None:
            break
        tag, rest = step
        first = first or tag
        number = number if number is not None else tag.number
    label = _LABEL.match(rest)
    if label:
        rest = rest[label.end() :]
    rest = _without_outlet(rest)
    if first and number is not None and first.number is None:
        first = WireTag(first.kind, number)
    return Headline(rest + title[_TITLE_MAX:] if len(title) > _TITLE_MAX else rest, first)


def _tag_in_front(title: str) -> tuple[WireTag, str] | None:
    slug = _SLUGGED.match(title)
    if slug:
        writethru = _WRITETHRU.match(title, slug.end())
        if writethru:
            after = title[writethru.end() :].lstrip(" ,-–—:")
            return WireTag(TagKind.UPDATE, int(writethru["ordinal"])), after or title
    match = _IN_FRONT.match(title) or _BARE.match(title)
    if not match:
        return None
    said = match["tag"]
    kind = TAGS.get(said.upper())
    groups = match.groupdict()
    marked = (groups.get("dash") or "")[:1] in {":", "："} or bool(groups.get("bracket"))
    loud = said.isupper() or said[0] > "\u0600"
    if kind is None or not (loud or (marked and said[0].isupper() and said.upper() not in TERSE)):
        return None
    ordinal = groups.get("ordinal") or match["number"] or ("".join(c for c in said if c.isdigit()) or None)
    rest = title[match.end() :].strip()
    tag = WireTag(kind, int(ordinal) if ordinal else None)
    return tag, rest or title


def _without_outlet(title: str) -> str:
    """Drop " | Reuters" behind and "Reuters: " in front where enough of a headline is left."""
    match = _SUFFIX.search(title[-60:]) if len(title) > 30 else None
    if match:
        bar = "|" in match.group()
        outlet = (match.group(1) or match.group(2)).strip()
        left = title[: len(title) - len(match.group())]
        if len(left.split()) >= 4 and ((bar and len(outlet.split()) <= 4) or _is_outlet(outlet)):
            title = left.rstrip()
    lead = _LEADING_AGENCY.match(title)
    if lead and agency_named(lead.group(1), vouched=False) and len(title) - lead.end() > 20:
        title = title[lead.end() :]
    return title


def _is_outlet(name: str) -> bool:
    low = name.lower()
    return agency_named(name) is not None or low.endswith(OUTLET_ENDINGS) or low in OUTLETS


def read_advisory(line: str) -> WireTag | None:
    """What a line such as "(Adds death toll)" or an editor's note declares; None for other lines."""
    match = _ADVISORY.match(line[:120])
    if not match:
        return None
    kind = ADVISORIES.get(match["say"].lower())
    return WireTag(kind) if kind else None


def read_note(note: str | None) -> WireTag | None:
    """What an editor's note that came beside the text declares."""
    if not note:
        return None
    said = read_advisory(note)
    if said:
        return said
    head = note[:_NOTICE_MAX]
    if _WITHDRAWN.search(head) or re.match(r"\s*(?:kill|hold|withdraw)", head, re.IGNORECASE):
        return WireTag(TagKind.WITHDRAWAL)
    tagged = _tag_in_front(head[:_TITLE_MAX])
    return tagged[0] if tagged else None


def read_signals(signals: Iterable[str]) -> WireTag | None:
    """What the first known signal beside a text declares: IPTC's, Reuters' edStat, AP's."""
    for signal in signals:
        low = signal.strip().lower()
        kind = SIGNALS.get(low) or SIGNALS.get(re.split(r"[:/#]", low)[-1])
        if kind:
            return WireTag(kind)
    return None


def is_withdrawal(text: str, low: str) -> bool:
    """Whether a short text (``low`` is it in lower case) takes a story back, and is no story about one."""
    if len(text) > _NOTICE_MAX or not any(stem in low for stem in _STEMS):
        return False
    head = low[:1200]
    return _WITHDRAWN.search(head) is not None and (_NAMED.search(head) or _KILL.search(head)) is not None


def quoted_headline(text: str) -> str | None:
    """The headline or slug that a notice says it is about."""
    head = text[:_NOTICE_MAX]
    match = _NAMED.search(head) or _KILL.search(head)
    return match["quoted"].strip(" ,.;") if match else None
