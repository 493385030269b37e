"""Which of a page's statements about itself are believed, and why not the others.

Metadata is written by templates: a canonical link that points home on every page, a date that is the time of
rendering, the site's name as author, ``lang="en"`` on a French story. So a statement counts only where
something else bears it out (``docs/formats.md`` has the table with the reasons):

- a headline where a second place of the page has it, or the page shows it;
- a date where no other statement gives another day, and a change does not come before the publication;
- a byline that the page shows; a language that the text does not contradict;
- a canonical address, on whatever site, that is plausibly this article's and no front page;
- an agency we know whose name the page shows; a correction whose words stand on the page.

What is found and not believed is in ``doubted``, with what else has no word of ours in ``kept``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.dedup.phrases.agencies import agency_named
from app.parsing import json_ld
from app.parsing.json_text import JsonValue
from app.parsing.languages import tell_language
from app.parsing.likeness import alike, plain, words_of
from app.parsing.page_address import agreed_host, believe_canonical
from app.parsing.page_claims import Claims, Doubts
from app.parsing.page_dates import believe_dates
from app.parsing.urls import normalise

_BY = re.compile(r"^(?:by|por|par|von|da|di|door|av|od)\s+(?=\S)", re.IGNORECASE)
_OUTLET_TAIL = re.compile(r"\s+[|\u2013\u2014\u00b7\u00bb:-]\s+[^|\u2013\u2014\u00b7\u00bb]{2,60}$")
_GENRES = {
    "opinionnewsarticle": "opinion",
    "analysisnewsarticle": "analysis",
    "reviewnewsarticle": "review",
    "backgroundnewsarticle": "background",
    "liveblogposting": "live blog",
    "satiricalarticle": "satire",
    "advertisercontentarticle": "advertiser content",
}
_KEPT_NAMES = (
    "headline datePublished dateModified author alternativeHeadline articleSection keywords dateline"
    " isBasedOn correction publisher sourceOrganization provider creditText copyrightHolder copyrightNotice"
    " license version isAccessibleForFree genre about identifier creativeWorkStatus publishingPrinciples"
    " translationOfWork backstory locationCreated contentLocation"
)
_KEPT_OF_ARTICLE = tuple(_KEPT_NAMES.split())
_LONGEST_KEPT = 2_000
_HEADLINES = (
    "json-ld",
    "og:title",
    "h1",
    "headline",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "title",
)
_AND = re.compile(r"\s*[,;&]\s*|\s+(?:and|und|et|y|e)\s+")
_MENTIONED = ("headline", "url", "datePublished", "author")


@dataclass(frozen=True, slots=True)
class Hints:
    """What a page says of its article and what bears it out; empty where nothing does."""

    headline: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    byline: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    agency: str | None = None
    genre: str | None = None
    ed_note: str | None = None
    source: str | None = None
    """The host that two statements of the page agree on."""
    body: str = ""
    """``articleBody`` of the JSON-LD, for the extractor to compare with the page."""
    kept: dict[str, JsonValue] = field(default_factory=dict)
    doubted: dict[str, JsonValue] = field(default_factory=dict)


def believe(claims: Claims, *, visible: str, url: str | None) -> Hints:
    """The statements that are borne out. ``visible`` is the page's text, ``url`` where it was found.

    The language is held against the article's own text, later.
    """
    doubts: Doubts = {}
    shown = plain(visible)
    node = _own_article(claims, url, doubts)
    if node is not None:
        _add_article(claims, node)
    headline = _headline(claims, shown, doubts)
    canonical = believe_canonical(claims, headline, url, doubts)
    published, updated = believe_dates(claims, canonical or url, doubts)
    return Hints(
        headline=headline,
        published_at=published,
        updated_at=updated,
        byline=_byline(claims, shown, doubts),
        canonical_url=canonical,
        agency=_agency(node, shown, doubts),
        genre=_genre(node),
        ed_note=_correction(node, shown, doubts),
        source=agreed_host(claims),
        body=json_ld.text(node.get("articleBody")) if node else "",
        kept=_kept(claims, node),
        doubted=doubts,
    )


def _own_article(claims: Claims, url: str | None, doubts: Doubts) -> json_ld.Node | None:
    """The article node that is about this page: by its address, else by its headline."""
    headlines = [claim.says for claim in claims.of("headline")]
    addresses = {normalise(each) for each in (url, *(claim.says for claim in claims.of("canonical"))) if each}
    ours = [
        node
        for node in claims.articles
        if any(alike(json_ld.text(node.get("headline") or node.get("name")), each) for each in headlines)
    ]
    by_address = [node for node in ours or claims.articles if _addresses(node) & addresses]
    if ours:
        return (by_address or ours)[0]
    node = by_address[0] if len(by_address) == 1 else None
    if node is not None and not json_ld.text(node.get("headline")):
        return node
    if claims.articles:
        doubts["json_ld"] = [_brief(each) for each in claims.articles[:5]]
    return None


def _addresses(node: json_ld.Node) -> set[str | None]:
    said = [node.get(name) for name in ("url", "mainEntityOfPage", "@id")]
    return {normal for each in said if (normal := normalise(_address(each)))}


def _address(value: JsonValue) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) else ""


def _add_article(claims: Claims, node: json_ld.Node) -> None:
    """JSON-LD goes first: it was written for machines, the rest for sharing."""
    first = Claims()
    first.add("headline", "json-ld", json_ld.text(node.get("headline")))
    first.add("published", "json-ld", json_ld.text(node.get("datePublished")))
    first.add("modified", "json-ld", json_ld.text(node.get("dateModified")))
    first.add("byline", "json-ld", ", ".join(dict.fromkeys(json_ld.texts(node.get("author")))))
    first.add("language", "json-ld", json_ld.text(node.get("inLanguage")))
    first.add("publisher", "json-ld", json_ld.text(node.get("publisher")))
    for name in ("url", "mainEntityOfPage"):
        first.add("canonical", f"json-ld {name}", _address(node.get(name)))
    for about, those in first.about.items():
        # The page's own link is the stronger word on its address.
        own = claims.of(about)
        claims.about[about] = [*own, *those] if about == "canonical" else [*those, *own]


def _headline(claims: Claims, shown: str, doubts: Doubts) -> str:
    said = claims.of("headline")
    best = {claim.where: claim.says for claim in reversed(said)}
    for where in _HEADLINES:
        text = best.get(where, "")
        if not text:
            continue
        if plain(text) in shown or any(alike(text, other) for name, other in best.items() if name != where):
            return _without_outlet(text, best, claims)
        if where not in {"h1", "title"}:
            doubts[f"headline ({where})"] = text
    for where in ("h1", "og:title", "title"):
        if best.get(where):
            doubts.pop(f"headline ({where})", None)
            return _without_outlet(best[where], best, claims)
    return ""


def _without_outlet(text: str, best: dict[str, str], claims: Claims) -> str:
    """Without the site's name at its end, where the page's own heading or its name shows that it is one."""
    shorter = _OUTLET_TAIL.sub("", text)
    if shorter == text:
        return text
    if best.get("h1") and plain(best["h1"]) == plain(shorter):
        return shorter
    tail = plain(text[len(shorter) :])
    names = {plain(claim.says) for claim in claims.of("publisher")}
    return shorter if tail in names else text


def _byline(claims: Claims, shown: str, doubts: Doubts) -> str | None:
    sites = {plain(claim.says) for claim in claims.of("publisher")}
    for where, says in claims.of("byline"):
        said = _BY.sub("", says)
        if normalise(said) or said.startswith("@"):
            continue
        names = [each.strip() for each in _AND.split(said) if each.strip()]
        if names and all(plain(name) in shown for name in names) and plain(said) not in sites:
            return said[:2_000]
        doubts[f"byline ({where})"] = says
    return None


def believe_language(hints: Hints, claims: Claims, text: str) -> Hints:
    """With the first language that the article's text does not contradict."""
    if not claims.of("language"):
        return hints
    told, doubts = tell_language(None, text), dict(hints.doubted)
    for where, says in claims.of("language"):
        tag = says.partition(",")[0].replace("_", "-")[:100]
        language = tell_language(tag, "")
        if language is not None and (told is None or language == told):
            return replace(hints, language=tag, doubted=doubts)
        doubts[f"language ({where})"] = says
    return replace(hints, doubted=doubts)


def _agency(node: json_ld.Node | None, shown: str, doubts: Doubts) -> str | None:
    for name in ("sourceOrganization", "provider", "creditText", "author") if node else ():
        for said in json_ld.texts(node.get(name) if node else None):
            agency = agency_named(said, vouched=False)
            if agency is None:
                continue
            if plain(said) in shown or plain(agency) in shown:
                return agency
            doubts[f"agency ({name})"] = said
    return None


def _genre(node: json_ld.Node | None) -> str | None:
    kinds = json_ld.types(node) if node else []
    return next((_GENRES[kind.lower()] for kind in kinds if kind.lower() in _GENRES), None)


def _correction(node: json_ld.Node | None, shown: str, doubts: Doubts) -> str | None:
    said = json_ld.text(_told(node.get("correction"))) if node else ""
    if not said or normalise(said):
        return None
    opening = " ".join(words_of(said)[:8])
    if len(opening) > 10 and opening in " ".join(words_of(shown)):
        return f"Correction: {said}"[:20_000]
    doubts["correction"] = said[:_LONGEST_KEPT]
    return None


def _told(correction: JsonValue) -> JsonValue:
    """The text of a CorrectionComment rather than its name."""
    first = correction[0] if isinstance(correction, list) and correction else correction
    return first.get("text") or first if isinstance(first, dict) else first


def _kept(claims: Claims, node: json_ld.Node | None) -> dict[str, JsonValue]:
    kept: dict[str, JsonValue] = {}
    if claims.is_amp:
        kept["is_amp"] = True
    if claims.meta:
        kept["meta"] = claims.meta
    for about in ("amphtml", "shortlink", "syndication-source", "original-source", "license"):
        if those := claims.of(about):
            kept[about] = those[0].says
    if node is not None:
        kept["json_ld"] = _brief(node, _KEPT_OF_ARTICLE)
    return kept


def _brief(node: json_ld.Node, names: Iterable[str] = _MENTIONED) -> JsonValue:
    said: dict[str, JsonValue] = {"@type": list(json_ld.types(node))}
    for name in names:
        value = node.get(name)
        if value in (None, "", [], {}):
            continue
        several = [each[:_LONGEST_KEPT] for each in json_ld.texts(value)]
        said[name] = several[0] if len(several) == 1 else list(several)
    return said
