"""What a wire says of its own text: tags before the headline, advisory lines, kill notices.

Owns reading the tag and taking it off the headline, and the headline that a notice quotes. A tag
counts only in capitals (or before a colon) and only in front: "Update on talks" is a headline.
"""

import re
from dataclasses import dataclass

from app.dedup.model import TagKind, WireTag
from app.dedup.phrases.agencies import agency_named
from app.dedup.phrases.tags import ADVISORIES, LABELS, TAGS

_TITLE_MAX = 1000
_NOTICE_MAX = 3000
"""Characters of a withdrawal notice; longer texts that speak of withdrawing are stories about it."""

_KIND_OF = {tag: kind for kind, tags in TAGS.items() for tag in tags.split("|")}
_ANY = "|".join(sorted(map(re.escape, _KIND_OF), key=len, reverse=True))
_SPACELESS = "|".join(sorted((re.escape(t) for t in _KIND_OF if t[0] > "\u0600"), key=len, reverse=True))
_NUMBER = r"(?:\s*#?(?P<number>\d{1,2})(?!\d))?"
_IN_FRONT = re.compile(
    rf"\s*(?:\*+\s*|\++\s*)?(?:(?P<bracket>[(\[【（])\s*)?(?:BC-\S{{1,40}}\s+)?(?:(?P<ordinal>\d)(?:ST|ND|RD|TH)\s+)?"
    rf"(?P<tag>{_ANY}){_NUMBER}(?:\s*\((?:OFFICIAL|[A-Z]{{2,12}})\))?"
    r"(?:(?(bracket)\s*[)\]】）][\s:：-]*|(?:\s*(?P<dash>[-–—:：/]+)\s*|\s*\++\s*)))",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\s*(?:(?P<ordinal>\d)(?:ST|ND|RD|TH)\s+)?(?P<tag>LEAD|LD|REFILE|ROUNDUP|KORREKTUR|HOLD HOLD HOLD|KILL KILL KILL|"
    r"MANDATORY KILL){_N}\s+(?=\S)".replace("{_N}", _NUMBER)
)
_LABEL = re.compile(rf"\s*(?:{LABELS})(?:\s*[-–—]\s*|\s*[:：]\s*)(?=\S)")
_WRITETHRU = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th)\s+(?:ld|lead)\b(?:-writethru)?", re.IGNORECASE)
_SLUGGED = re.compile(r"\s*(?:AP|BC|AM|PM|US|EU|AS|ML|AF|CN|LT)-[A-Za-z][\w.'’ &-]{2,60},\s*")
_LEADING_AGENCY = re.compile(r"\s*([A-Z][A-Za-z. ]{1,14}|[А-ЯЁ][А-Яа-яё ]{2,14})\s*:\s+(?=[\w\"“‘'«])")
_SUFFIX = re.compile(r"\s+[|–—-]\s+([^|–—]{2,40})$|\s*\|\s*([^|]{2,40})$")

_QUOTE = r"""["“”„«‘'`‹「『]{1,2}(?P<quoted>[^"“”„«»\n]{8,300}?)(?:["“”»›」』]|''|’(?!\w)|'(?!\w))"""
_NAMED = re.compile(
    r"(?:headlined|headline|titled|entitled|slugged|under the (?:headline|title)|überschrift|titel|titulad[oa]|título|titular|"
    r"intitulée?|titre|intitolat[oa]|titolo|заголовком|под названием|заголовок|بعنوان|标题为|题为|と題する|見出し)"
    rf"[\s:,：]{{0,3}}{_QUOTE}",
    re.IGNORECASE,
)
_KILL = re.compile(r"\bkill the (?:story|item|photo|headline)s?\s+(?P<quoted>[^\n,.;]{4,120})", re.IGNORECASE)
_WITHDRAWN = re.compile(
    r"\b(?:(?:is|are|was|were|has been|have been|stands|being)\s+(?:wrong and (?:is|was)\s+)?(?:hereby\s+)?(?:withdrawn|killed|retracted)\b"
    r"|\bkill is mandatory|\bmandatory kill|please (?:kill|disregard|do not use)|not to be used|no substitute story"
    r"|wird zurückgezogen|ist zurückgezogen|bitte nicht verwenden|(?:queda|ha sido|se) anulad[ao]|est annulée?|"
    r"è (?:stata )?annullata|аннулиру|просьба не использовать|fica anulad[ao]|foi retirad[ao])",
    re.IGNORECASE,
)
_ADVISORY = re.compile(
    r"\s*(?:[(（\[*]\s*)?(?:eds\.?(?:\s+note)?:\s*|ed note:\s*|note to editors:\s*)?(?:(?P<say>"
    + "|".join(
        sorted((re.escape(v) for vs in ADVISORIES.values() for v in vs.split("|")), key=len, reverse=True)
    )
    + r")\b)",
    re.IGNORECASE,
)
_ADVISED = {verb: kind for kind, verbs in ADVISORIES.items() for verb in verbs.split("|")}


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
    groups = match.groupdict()
    colon = (groups.get("dash") or "")[:1] in {":", "："}
    if not (said.isupper() or (not said.islower() and (colon or groups.get("bracket"))) or said[0] > "\u0600"):
        return None
    ordinal = groups.get("ordinal") or match["number"] or ("".join(c for c in said if c.isdigit()) or None)
    rest = title[match.end() :].strip()
    tag = WireTag(_KIND_OF[said.upper()], int(ordinal) if ordinal else None)
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
    return (
        agency_named(name) is not None
        or low.endswith(
            (
                " news",
                " times",
                " post",
                ".com",
                ".net",
                ".org",
                ".ru",
                ".ua",
                " herald",
                " tribune",
                " gazette",
                " today",
                " journal",
            )
        )
        or low in _OUTLETS
    )


_OUTLETS = frozenset(
    ["bbc", "bbc sport", "the guardian", "cnbc", "fox news", "nbc news", "abc news", "cbs news", "npr", "le monde", "el país", "the independent", "the sun", "mirror online", "france 24", "dw", "rt", "rt en español", "politico", "axios", "vox", "time", "der spiegel", "spiegel online", "msn", "forbes", "marketwatch", "al jazeera", "lenta.ru", "rbc"]
)


def read_advisory(line: str) -> WireTag | None:
    """What a line such as "(Adds death toll)" or an editor's note declares; None for other lines."""
    match = _ADVISORY.match(line[:120])
    if not match:
        return None
    return WireTag(_ADVISED[match["say"].lower()])


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


def is_withdrawal(text: str) -> bool:
    """Whether a short text is a notice that takes a story back (and not a story about one)."""
    if len(text) > _NOTICE_MAX:
        return False
    head = text[:1200]
    if not _WITHDRAWN.search(head):
        return False
    return _NAMED.search(head) is not None or _KILL.search(head) is not None


def quoted_headline(text: str) -> str | None:
    """The headline or slug that a notice says it is about."""
    head = text[:_NOTICE_MAX]
    match = _NAMED.search(head) or _KILL.search(head)
    return match["quoted"].strip(" ,.;") if match else None
