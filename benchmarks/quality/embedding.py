"""Methods that need a language model: cosine of embeddings, and a news product's recipe on top of it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import minilm
import numpy as np
from method import Measured, Method, Pairs, by_rows, timed
from peers import DAY, published, whole
from reading import Record
from vectors import Vectors

GATE = 0.95
TITLE = 0.97
CONTENT = 0.92
DAYS = 7
LONGEST = 20_000
"""Characters of a text that the edit distance looks at: it takes time with the square of the length."""


def cosine(vectors: Vectors, articles: Sequence[Record], pairs: Pairs) -> Measured:
    rows, seconds = vectors.of([whole(article) for article in articles])
    scores = timed(lambda: np.einsum("ij,ij->i", rows[pairs[:, 0]], rows[pairs[:, 1]]).astype(np.float64))
    return Measured(
        scores=scores.value,
        documented={f"≥ {GATE:.2f}": scores.value >= GATE},
        links=by_rows(len(rows), lambda one: (rows @ rows[one]).astype(np.float64)),
        article_ms=1e3 * seconds,
        pair_us=1e6 * scores.seconds / len(pairs),
    )


def gated_edit_distance(vectors: Vectors, articles: Sequence[Record], pairs: Pairs) -> Measured:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only where it is installed

    rows, seconds = vectors.of([whole(article) for article in articles])
    dates = [published(article) for article in articles]

    def alike(a: int, b: int) -> bool:
        if dates[a] is not None and dates[b] is not None and abs(dates[a] - dates[b]) > DAYS * DAY:
            return False
        titles = [articles[each].get("title") or "" for each in (a, b)]
        if all(titles) and Levenshtein.normalized_similarity(*titles, score_cutoff=TITLE) > TITLE:
            return True
        texts = [articles[each]["text"][:LONGEST] for each in (a, b)]
        return Levenshtein.normalized_similarity(*texts, score_cutoff=CONTENT) > CONTENT

    def links(_: float) -> Iterator[tuple[int, int]]:
        near = by_rows(len(rows), lambda one: (rows @ rows[one]).astype(np.float64))(GATE)
        return ((a, b) for a, b in near if alike(a, b))

    def judge() -> Sequence[bool]:
        return [float(rows[a] @ rows[b]) > GATE and alike(a, b) for a, b in pairs.tolist()]

    told = timed(judge)
    scores = np.array(told.value, dtype=np.float64)
    return Measured(
        scores=scores,
        documented={"as documented": scores > 0},
        links=links,
        article_ms=1e3 * seconds,
        pair_us=1e6 * told.seconds / len(pairs),
    )


def embedders(cache: Path | None, most: int) -> tuple[Method, ...]:
    """The methods, with vectors kept in a file where one is named; a set of more articles is left out."""
    vectors: list[Vectors] = []

    def lazily(measure: Callable[..., Measured], articles: Sequence[Record], pairs: Pairs) -> Measured | None:
        if len(articles) > most:
            return None
        vectors[:] = vectors or [Vectors(cache)]
        return measure(vectors[0], articles, pairs)

    make = {each.__name__: partial(lazily, each) for each in (cosine, gated_edit_distance)}
    return (
        Method(
            "embeddings",
            "cosine of all-MiniLM-L6-v2 (256 word pieces, English), exact, over headline and text",
            make["cosine"],
            minilm.NEEDS,
        ),
        Method(
            "NewsCatcher's recipe",
            "cosine > .95 (of MiniLM here; its own model is not public), then Levenshtein of headlines > .97"
            " or of texts > .92, within seven days, as documented",
            make["gated_edit_distance"],
            (*minilm.NEEDS, "rapidfuzz"),
            is_rule=True,
        ),
    )
