"""What a page says of itself: JSON-LD, OpenGraph, ``article:*`` and kin, links. Nothing is believed here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.parsing import json_ld
from app.parsing.json_text import JsonValue

Doubts: TypeAlias = dict[str, JsonValue]
"""What was said and is not believed."""

_LONGEST = 4_000
_MOST = 400
"""Metas and links read of one page; heads of more are traps."""
_PUBLISHED = (
    "article:published_time datepublished og:article:published_time og:published_time parsely-pub-date"
    " article.published article_date_original originalpublicationdate cxenseparse:recs:publishtime"
    " sailthru.date dc.date.issued"
)
_DATED = "dcterms.created dc.date dc.date.created pubdate publish-date publishdate publish_date date ptime"
"""Used for one as well as for the other."""
_MODIFIED = (
    "article:modified_time datemodified og:article:modified_time og:updated_time dcterms.modified"
    " dc.date.modified article.updated last-modified lastmod revised utime modified"
)
_BYLINES = (
    "author article:author parsely-author sailthru.author dc.creator dcterms.creator byl byline"
    " cxenseparse:author"
)
_LANGUAGES = "og:locale content-language language dc.language dcterms.language inlanguage"
_HEADLINES = "og:title twitter:title headline parsely-title sailthru.title dc.title"
_SITES = "og:site_name application-name publisher dc.publisher article:publisher"
_READ = {
    name: about
    for about, names in (
        ("published", _PUBLISHED),
        ("dated", _DATED),
        ("modified", _MODIFIED),
        ("byline", _BYLINES),
        ("language", _LANGUAGES),
        ("headline", _HEADLINES),
        ("canonical", "og:url twitter:url"),
        ("publisher", _SITES),
    )
    for name in names.split()
}
_KEPT_STARTS = ("og:", "article:", "twitter:", "dc.", "dcterms.", "parsely-", "sailthru.", "cxenseparse:")
_KEPT_NAMES = (
    "description keywords news_keywords robots generator copyright section standout category rights"
    " syndication-source original-source"
)
_KEPT = frozenset(_KEPT_NAMES.split())


class Claim(NamedTuple):
    """One statement, and where on the page it stands."""

    where: str
    says: str


@dataclass(slots=True)
class Claims:
    """All statements of one page by what they are about, in order of appearance."""

    about: dict[str, list[Claim]] = field(default_factory=dict)
    articles: list[json_ld.Node] = field(default_factory=list)
    meta: dict[str, JsonValue] = field(default_factory=dict)
    """Metas that are kept, read or not."""
    is_amp: bool = False

    def add(self, about: str, where: str, says: str | None) -> None:
        """Note a statement that says anything."""
        said = " ".join((says or "").split())[:_LONGEST]
        if said and Claim(where, said) not in (those := self.about.setdefault(about, [])):
            those.append(Claim(where, said))

    def of(self, about: str) -> list[Claim]:
        """The statements about one thing."""
        return self.about.get(about, [])


def read_claims(tree: LexborHTMLParser) -> Claims:
    """The statements in a page's tree, which must be as parsed: its head and scripts still there."""
    claims = Claims()
    claims.articles = json_ld.articles(
        [script.text() for script in _some(tree, 'script[type*="ld+json"]') if script.text()]
    )
    for link in _some(tree, "link[rel][href]"):
        _link(claims, link)
    for meta in _some(tree, "meta[content]"):
        _meta(claims, meta)
    for stamp in _some(tree, 'time[pubdate][datetime], time[itemprop="datePublished"][datetime]', 5):
        claims.add("dated", "time", stamp.attributes.get("datetime"))
    claims.add("headline", "h1", _text(tree, "h1"))
    claims.add("headline", "title", _text(tree, "title"))
    root = tree.css_first("html")
    if root is not None:
        claims.add("language", "html lang", root.attributes.get("lang") or root.attributes.get("xml:lang"))
        claims.is_amp = "amp" in root.attributes or "⚡" in root.attributes
    return claims


def _meta(claims: Claims, meta: LexborNode) -> None:
    attributes = meta.attributes
    names = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
    name = (names or attributes.get("http-equiv") or "").strip().lower()
    says = (attributes.get("content") or "")[:_LONGEST].strip()
    if not name or not says:
        return
    if about := _READ.get(name):
        claims.add(about, name, says)
    if about or name in _KEPT or name.startswith(_KEPT_STARTS):
        earlier = claims.meta.get(name)
        if earlier is None:
            claims.meta[name] = says
        elif isinstance(earlier, list):
            earlier.append(says)
        elif earlier != says:
            claims.meta[name] = [earlier, says]


def _link(claims: Claims, link: LexborNode) -> None:
    href = (link.attributes.get("href") or "").strip()
    for rel in (link.attributes.get("rel") or "").lower().split():
        if rel == "canonical":
            claims.add("canonical", "canonical", href)
        elif rel in {"amphtml", "shortlink", "syndication-source", "original-source", "license"}:
            claims.add(rel, rel, href)


def _some(tree: LexborHTMLParser, selector: str, most: int = _MOST) -> Iterable[LexborNode]:
    return tree.css(selector)[:most]


def _text(tree: LexborHTMLParser, selector: str) -> str | None:
    node = tree.css_first(selector)
    return node.text() if node is not None else None
