"""A stored version taken apart again: its page as cleaning saw it, and its words in their places.

What was said beside the text (byline, agency, editor's note) is read from the submission as
received, so that cleaning with the same code gives the same result, whenever it is done.
"""

import orjson

from app.dedup.clean import body_mask, clean
from app.dedup.differences import StoryText, story_of, story_text
from app.dedup.fingerprint import take_fingerprint
from app.dedup.model import Cleaned, Fingerprint, Page
from app.dedup.profile import Profile
from app.dedup.words import tokenise
from app.model import PageRow, VersionRow


def clean_again(row: VersionRow, page: PageRow) -> Cleaned:
    """The stored text, cleaned by the code of today."""
    told = said(page.raw)
    # What a page said of itself and was believed is not in the submission; it is in the rows.
    of_page = "html" in told and not told.get("text")
    return clean(
        Page(
            text=page.text,
            title=row.title,
            byline=told.get("byline") or (page.byline if of_page else None),
            agency=told.get("agency") or (row.facts.agency if of_page else None),
            ed_note=told.get("ed_note"),
            published_at=row.facts.published_at,
        )
    )


def print_again(row: VersionRow, page: PageRow, profile: Profile) -> Fingerprint:
    """The fingerprint that the stored text has under a profile."""
    return take_fingerprint(clean_again(row, page), profile)


def words_in_place(
    row: VersionRow, page: PageRow, kept: Fingerprint | None, profile: Profile
) -> tuple[Fingerprint, StoryText]:
    """A fingerprint of ``profile``, and where each of its words stands in the text.

    ``kept`` is the stored one, if there is one. Where the stored passages do not lead to its words
    (they were found by another cleaner), both are made anew, so that the two always belong together.
    """
    if kept is not None:
        words = tokenise(page.text)
        story = story_text(page.text, words, body_mask(words, page.passages, page.removed))
        if story.hash.tobytes() == kept.words.tobytes():
            return kept, story
    cleaned = clean_again(row, page)
    return take_fingerprint(cleaned, profile), story_of(cleaned)


def said(raw: bytes) -> dict[str, str]:
    """The text members of a submission; none where it was no JSON object."""
    try:
        item = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(item, dict):
        return {}
    return {name: value for name, value in item.items() if isinstance(value, str)}
