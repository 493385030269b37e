"""Two stored versions side by side: both texts, the stretches that stand in both, the facts that differ."""

from dataclasses import dataclass

from app.dedup.compare import compare
from app.dedup.differences import Difference, differences
from app.dedup.furniture import both, mask, without
from app.dedup.outline import draw_outline
from app.model import VersionKey
from app.services.context import Context
from app.services.explain import MOST_SHOWN, AlignedSpan, aligned_spans
from app.services.reprint import words_in_place
from app.store import furniture, reading
from app.store.articles import load_stored


@dataclass(frozen=True, slots=True)
class Beside:
    """Both texts as received. Spans and differences count into them; the first 500 of each."""

    text_a: str
    text_b: str
    spans: tuple[AlignedSpan, ...]
    differences: tuple[Difference, ...]


def lay_beside(ctx: Context, a: VersionKey, b: VersionKey) -> Beside:
    """Compare two versions again and show where. Both must be stored."""
    with ctx.store.read() as tx:
        rows, pages = reading.load_versions(tx, [a, b]), reading.load_pages(tx, [a, b])
        stored = load_stored(tx, [a, b], ctx.profile.id)
        sources = {row.facts.source for row in rows.values()}
        masks = ctx.masks.load(tx, furniture.version(tx), sources)
    known = both(*(masks[rows[key].facts.source] for key in (a, b)))
    sides = []
    for key in (a, b):
        kept = stored[key].print if key in stored else None
        print_, story = words_in_place(rows[key], pages[key], kept, ctx.profile)
        sides.append((draw_outline(without(print_, known)), story.without(mask(print_, known))))
    (outline_a, story_a), (outline_b, story_b) = sides
    compared = compare(outline_a, outline_b, rows[a].facts, rows[b].facts)
    return Beside(
        pages[a].text,
        pages[b].text,
        aligned_spans(story_a, story_b, compared.runs[:MOST_SHOWN]),
        differences(story_a, story_b, compared, most=MOST_SHOWN),
    )
