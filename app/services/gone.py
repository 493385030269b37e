"""What is said of an article whose text was deleted, and where the ID of a story without members leads."""

from app.errors import Gone, NotFound
from app.model import ArticleRow, StoryRow
from app.store import administration, reading
from app.store.engine import Tx
from app.store.sight import EVERYTHING, Sight

DELETION = "article.deleted"
"""The action under which a deletion stands in the log of administration."""


def refuse_gone(tx: Tx, row: ArticleRow, sight: Sight = EVERYTHING) -> None:
    """Raise where the text of an article was deleted: Gone, or NotFound for whom it was never there."""
    if row.deleted_at is None:
        return
    if not reading.seen_articles(tx, [row.key], sight):
        raise NotFound("There is no article of that ID.")
    entry = administration.last_of(tx, DELETION, row.id)
    said = f": {entry.why}" if entry and entry.why else "."
    raise Gone(f"The text of the article was deleted on {row.deleted_at:%Y-%m-%dT%H:%M:%SZ}{said}")


def survivor(tx: Tx, story: StoryRow) -> StoryRow:
    """The story that the ID of one without members leads to. Raises Gone where its last article was deleted.

    An ID leads to where its founder is; that of a deleted one to where those are whom it left, who may have
    been absorbed since.
    """
    while not story.members:
        founder = reading.load_articles(tx, [story.founder])[story.founder]
        if founder.founder == story.founder:
            refuse_gone(tx, founder)
            break
        story = reading.load_stories(tx, [founder.founder])[founder.founder]
    return story
