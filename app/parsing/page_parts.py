"""The paragraphs of a page with what stands around them, and what that says of an extract.

trafilatura reads one stretch of a page. Two faults of that can be told from the markup, by rules an editor
would agree with (benchmarks/extraction.py measures them):

- Lines that the page itself marks as something else are left out: inside a menu, an aside, a footer, a form,
  a caption or a box named related, newsletter and the like, or short and all link. A box that holds a good
  part of the extract is the article, whatever it is called.
- An article cut into pieces (advertisements between them) is put together: where the extract comes from one
  container, and others of the same tag and class stand in the same ``<article>``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_PARAGRAPHS = "p, blockquote, h2, h3, h4, h5, li, figcaption"
_MOST_PARAGRAPHS = 5_000
_MOST_STEPS = 200_000
_MOST_TEXT = 4
"""Text of all paragraphs by the text of the page: lists inside lists count several times."""
_BESIDE = frozenset({"aside", "nav", "footer", "figure", "form", "figcaption", "button"})
_HOLDS_ALL = frozenset({"body", "html", "article", "main"})
_NAMED_BESIDE = re.compile(
    r"(?<![a-z])(?:related|promo|newsletters?|recirc|shar(?:e|ing)|social|captions?|footer|sign-?up|subscri\w*"
    r"|recommend\w*|popular|trending|teaser|more-?on|bio|byline|copyright)(?![a-z])",
    re.IGNORECASE,
)
_SIDE_MATTER = 0.2
_ALL_LINK = 0.8
_FEW_WORDS = 30
_MOST_OF_IT = 0.8
_AGREES = 0.85
_MUCH_LONGER = 1.5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of text and the containers it stands in, innermost first."""

    text: str
    plain: str
    words: int
    link_words: int
    """Counted in short ones only."""
    tag: str
    inside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Container:
    """An element around paragraphs."""

    tag: str
    kind: str
    """Its class attribute."""
    is_beside: bool
    """Whether by tag or name it holds something beside the article."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The paragraphs of a page in order, and their containers."""

    paragraphs: list[Paragraph]
    containers: dict[int, Container]


def read_parts(tree: LexborHTMLParser) -> Parts | None:
    """The paragraphs of a page; None for a page too large or too deep to ask."""
    nodes = tree.css(_PARAGRAPHS)
    body = tree.body
    if body is None or len(nodes) > _MOST_PARAGRAPHS:
        return None
    parts, seen = Parts([], {}), dict[int, tuple[int, ...]]()
    steps, room = 0, _MOST_TEXT * len(body.text())
    for node in nodes:
        text = " ".join(node.text().split())
        if not text:
            continue
        inside = _inside(node, seen, parts)
        steps, room = steps + len(inside), room - len(text)
        if steps > _MOST_STEPS or room < 0:
            return None
        words = _words(text)
        linked = sum(len(_words(link.text())) for link in node.css("a")) if len(words) < _FEW_WORDS else 0
        parts.paragraphs.append(Paragraph(text, " ".join(words), len(words), linked, node.tag or "", inside))
    return parts


def refine(lines: Sequence[str], parts: Parts) -> list[str]:
    """The lines of an extract without those that stand beside the article, and with its other pieces."""
    by_text: dict[str, list[Paragraph]] = {}
    for paragraph in parts.paragraphs:
        by_text.setdefault(paragraph.plain, []).append(paragraph)
    found = [by_text.get(_plain(line), []) for line in lines]
    held = _held([those[0] for those in found if those])
    total = sum(len(_words(line)) for line in lines)

    def is_beside(paragraph: Paragraph) -> bool:
        small = {each for each in paragraph.inside if held[each] < _SIDE_MATTER * total}
        return _is_link(paragraph) or any(parts.containers[each].is_beside for each in small)

    kept = [
        (line, those)
        for line, those in zip(lines, found, strict=True)
        if not those or not all(map(is_beside, those))
    ]
    pieces = _pieces([those[0] for _, those in kept if those and those[0].tag == "p"], parts)
    whole = [each.text for each in pieces if not is_beside(each)]
    text = [line for line, _ in kept]
    return whole if _is_whole_of(whole, text) else text


def _is_link(paragraph: Paragraph) -> bool:
    if paragraph.tag not in {"p", "li"} or paragraph.words >= _FEW_WORDS:
        return False
    return paragraph.link_words >= _ALL_LINK * max(1, paragraph.words)


def _pieces(paragraphs: Sequence[Paragraph], parts: Parts) -> list[Paragraph]:
    """The paragraphs of all containers like the one that holds most of ``paragraphs``, where it has any."""
    held = _held(paragraphs)
    if not held:
        return []
    most = max(held.values())
    # In document order the innermost container of a paragraph comes first.
    root = next(
        each for paragraph in paragraphs for each in paragraph.inside[1:] if held[each] >= _MOST_OF_IT * most
    )
    like = parts.containers[root]
    around = next(paragraph.inside for paragraph in paragraphs if root in paragraph.inside)
    article = next((each for each in around if parts.containers[each].tag == "article"), None)
    if article is None or not like.kind or like.tag == "article":
        return []
    twins = {each for each, container in parts.containers.items() if container == like}
    found = [
        paragraph
        for paragraph in parts.paragraphs
        if article in paragraph.inside and not twins.isdisjoint(paragraph.inside)
    ]
    several = {each for paragraph in found for each in paragraph.inside if each in twins}
    return found if len(several) > 1 else []


def _held(paragraphs: Sequence[Paragraph]) -> Counter[int]:
    """How many words of some paragraphs stand in each container."""
    held: Counter[int] = Counter()
    for paragraph in paragraphs:
        for each in paragraph.inside:
            held[each] += paragraph.words
    return held


def _is_whole_of(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Whether a longer text says nearly all that a shorter one does."""
    return says_all_of("\n".join(whole), "\n".join(part), longer=_MUCH_LONGER)


def says_all_of(text: str, other: str, *, longer: float) -> bool:
    """Whether a text is ``longer`` times another and has nearly all of its words."""
    words, others = Counter(_words(text)), Counter(_words(other))
    shared = (words & others).total()
    return words.total() >= longer * others.total() and shared >= _AGREES * others.total() > 0


def _inside(node: LexborNode | None, seen: dict[int, tuple[int, ...]], parts: Parts) -> tuple[int, ...]:
    """The node and what it stands in; what paragraphs share is walked once."""
    path: list[int] = []
    tail: tuple[int, ...] = ()
    while node is not None and node.tag not in {"-undef", "-document", None}:
        if node.mem_id in seen:
            tail = seen[node.mem_id]
            break
        if node.mem_id not in parts.containers:
            parts.containers[node.mem_id] = _container(node)
        path.append(node.mem_id)
        node = node.parent
    inside = (*path, *tail)
    for at, each in enumerate(path):
        seen[each] = inside[at:]
    return inside


def _container(node: LexborNode) -> Container:
    tag, attributes = node.tag or "", node.attributes
    kind = (attributes.get("class") or "").strip()
    named = f"{kind[:300]} {(attributes.get('id') or '')[:100]}"
    is_beside = tag in _BESIDE or (tag not in _HOLDS_ALL and _NAMED_BESIDE.search(named) is not None)
    return Container(tag, kind, is_beside)


def _words(text: str | None) -> list[str]:
    return _WORD.findall((text or "").lower())


def _plain(text: str) -> str:
    return " ".join(_words(text))
