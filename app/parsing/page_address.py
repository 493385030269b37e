"""Whose page it is and at which address it stands, as far as its own statements bear each other out."""

import re
from urllib.parse import unquote, urlsplit

from app.parsing.feed_elements import join
from app.parsing.json_text import JsonValue
from app.parsing.likeness import FEW_WORDS, words_of
from app.parsing.page_claims import Claims
from app.parsing.urls import host_of, normalise, site_of

_SLUG_ALIKE = 0.5
_SLUG_WORDS = 3
_LONG_PATH = 20
_CODE = re.compile(r"[A-Za-z0-9]{7,}")
_LONG_NUMBER = re.compile(r"\d{5,}")


def believe_canonical(
    claims: Claims, headline: str, url: str | None, doubts: dict[str, JsonValue]
) -> str | None:
    """The first address that is plausibly this article's; what the others lack goes to ``doubts``."""
    for where, says in claims.of("canonical"):
        address = join(url, says)
        witnesses = sum(
            normalise(join(url, each.says)) == normalise(address) for each in claims.of("canonical")
        )
        why_not = _why_not_canonical(address, headline, url, witnesses)
        if why_not is None:
            return address
        doubts[f"canonical_url ({where})"] = {"url": says, "why": why_not}
    return None


def _why_not_canonical(address: str, headline: str, url: str | None, witnesses: int) -> str | None:
    """None where an address is plausibly that of this article. ``witnesses`` name it on the page."""
    normal = normalise(address)
    if normal is None:
        return "not an http address"
    own = normalise(url) if url else None
    if normal == own:
        return None
    path = urlsplit(f"https:{normal}")
    if path.path.strip("/") == "" and not path.query:
        return "a front page"
    if _slug_says(normal, headline):
        return None
    if own is None and witnesses > 1 and _may_be_of(normal, headline):
        return None
    if own is not None and _is_near(address, url) and _shared_ids(normal, own):
        return None
    return "not plausibly the same article"


def _slug_says(normal: str, headline: str) -> bool:
    """Whether the address is made of the headline's words."""
    slug, words = _slug_words(normal), _telling(headline)
    return len(slug & words) >= max(FEW_WORDS, _SLUG_ALIKE * min(len(slug), len(words)))


def _is_near(address: str, url: str | None) -> bool:
    """Whether two addresses are of one site, or of sisters that share long paths along with their system."""
    if site_of(url) == site_of(address):
        return True
    path = _path_of(normalise(url or "") or "")
    return len(path) >= _LONG_PATH and path == _path_of(normalise(address) or "")


def _may_be_of(normal: str, headline: str) -> bool:
    """Whether the address has a word of the headline, or is a number without words of its own."""
    slug = _slug_words(normal)
    if any(len(word) > 3 for word in slug & _telling(headline)):
        return True
    return len(slug) < _SLUG_WORDS and _LONG_NUMBER.search(normal) is not None


def _slug_words(normal: str) -> set[str]:
    return {word for word in _telling(unquote(_path_of(normal))) if not word.isdecimal()}


def _telling(text: str) -> set[str]:
    return {word for word in words_of(text) if len(word) > 2}


def _path_of(normal: str) -> str:
    return normal.removeprefix("//").partition("/")[2]


def _shared_ids(one: str, other: str) -> bool:
    """Whether two addresses of one site name the same article by a number, a code or the end of the path."""
    tail = one.rstrip("/").rpartition("/")[2]
    return bool(_ids(one) & _ids(other)) or (len(tail) > 12 and tail in other)


def _ids(normal: str) -> set[str]:
    codes = {code for code in _CODE.findall(normal) if sum(map(str.isdigit, code)) >= 3}
    return codes | set(_LONG_NUMBER.findall(normal))


def agreed_host(claims: Claims) -> str | None:
    """The host that at least two different statements give the page."""
    hosts: dict[str, set[str]] = {}
    for about in ("canonical", "amphtml", "shortlink"):
        for where, says in claims.of(about):
            if host := host_of(says):
                hosts.setdefault(host, set()).add(where)
    agreed = [host for host, places in hosts.items() if len(places) > 1]
    return agreed[0] if len(agreed) == 1 else None
