"""A submission becomes a document: one frozen text, a title, a language, and what it is looked up by.

``text`` is taken exactly as received: NUL, direction marks, lone surrogates and line endings stay, because
offsets count into it. ``html`` is read only where there is no ``text``; what its page says of itself and is
borne out fills what the submission leaves out.
"""

import hashlib
import unicodedata
from dataclasses import replace

from app.errors import EmptyText, MissingField
from app.model import Document, IdentityKey, Submission
from app.parsing.html import Extracted, read_html
from app.parsing.languages import tell_language
from app.parsing.page_hints import Hints
from app.parsing.urls import url_keys

_LONGEST_HEADLINE = 160
_SENTENCE_END = (".", "!", "?", "…", "。", ":", ";", ",")
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that print nothing: Hangul fillers, the empty Braille cell."""
_KEY_BYTES = 16


def parse(submission: Submission) -> Document:
    """The document of a submission. Raises InvalidSubmission."""
    if is_blank(submission.text or ""):
        extracted = _from_html(submission)
        text, headline = extracted.text, extracted.title
        submission = with_hints(submission, extracted.hints)
    else:
        text = submission.text or ""
        headline = _first_line(text)
    return Document(
        submission=submission,
        text=text,
        title=headline if is_blank(submission.title) else submission.title,
        language=tell_language(submission.language, text),
        url_keys=url_keys(submission.url, submission.canonical_url),
    )


def with_hints(submission: Submission, hints: Hints) -> Submission:
    """What the page says of itself and is believed, where the submission does not say it."""
    return replace(
        submission,
        canonical_url=submission.canonical_url or hints.canonical_url,
        published_at=submission.published_at or hints.published_at,
        updated_at=submission.updated_at or hints.updated_at,
        language=submission.language or hints.language,
        byline=submission.byline or hints.byline,
        agency=submission.agency or hints.agency,
        genre=submission.genre or hints.genre,
        ed_note=submission.ed_note or hints.ed_note,
    )


def identity_key(document: Document) -> IdentityKey:
    """What makes two submissions one article: source with external ID, else URL, else content."""
    submission = document.submission
    if submission.external_id:
        return external_identity(submission.source, submission.external_id)
    if document.url_keys:
        return _key(b"url", submission.source, document.url_keys[0].hex())
    return _key(b"content", submission.source, document.title, document.text)


def external_identity(source: str, external_id: str) -> IdentityKey:
    """The identity of a publisher's own ID."""
    return _key(b"id", source, external_id)


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen: white space, control and format characters, fillers."""
    if not text or text.isspace():
        return True
    return not any(map(_is_visible, text[:256])) and not any(map(_is_visible, set(text)))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK_LETTERS


def _from_html(submission: Submission) -> Extracted:
    if submission.html is None:
        if submission.text is None:
            raise MissingField("Neither text nor html is given.", field="text", fix='Send "text" or "html".')
        raise EmptyText("The text has no visible character.", field="text", fix="Send the article's text.")
    extracted = read_html(submission.html, url=submission.url)
    if is_blank(extracted.text):
        raise EmptyText(
            "The HTML has no visible text.", field="html", fix="Send the article's markup or text."
        )
    return extracted


def _first_line(text: str) -> str:
    """The first line where it reads like a headline: short, no full stop, an article below it."""
    line, _, rest = text.lstrip().partition("\n")
    line = line.strip()
    if len(line) > _LONGEST_HEADLINE or line.endswith(_SENTENCE_END) or len(rest.strip()) < len(line):
        return ""
    return line


def _key(kind: bytes, *parts: str) -> IdentityKey:
    digest = hashlib.blake2b(digest_size=_KEY_BYTES, person=kind)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return IdentityKey(digest.digest())
