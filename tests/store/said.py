"""What a person says, put straight into the database."""

from app.dedup.links import Said
from app.model import ArticleKey, LinkKind, Position
from app.store.links import LinkRow, add_links


def say(tx, kind, *sides, since=1, id_=None, by="desk", why="so it is"):
    """Let articles, given by key or as sides of keys, be linked."""
    groups = [{side} if isinstance(side, int) else set(side) for side in sides]
    if kind is LinkKind.MUST:
        groups = [set().union(*groups)]
    said = Said(kind is LinkKind.MUST, tuple(frozenset(map(ArticleKey, group)) for group in groups))
    row = LinkRow(id_ or f"lnk_{since}_{min(map(min, groups))}", said, Position(since), by, why)
    add_links(tx, [row])
    return row
