"""Microseconds a stage for one article of 400 words, beside what others take for their part of it."""

import difflib
from collections.abc import Callable
from typing import TypedDict

import corpus
import numpy as np
import recipes
from datasketch import MinHash
from machine import Limit, limit, seconds

from app.dedup.align import shingles
from app.dedup.clean import clean
from app.dedup.compare import compare
from app.dedup.decide import decide
from app.dedup.fingerprint import bands, sign, take_fingerprint
from app.dedup.model import Hashes, Page
from app.dedup.outline import draw_outline
from app.dedup.passages import segment
from app.dedup.policy import STANDARD as POLICY
from app.dedup.profile import STANDARD as PROFILE
from app.dedup.repeats import find_repeats
from app.dedup.words import tokenise_both
from app.model import Submission
from app.services.drafting import Draft, draft

WORDS = 400
RUNS = 9
COLUMN = 100
"""Texts that Daft is given at once: it is made for columns."""
US = 1e6


class Row(TypedDict):
    """One line of a table; None where it could not be measured, which ``note`` explains."""

    what: str
    us: float | None
    note: str


class Linear(TypedDict):
    """A text that invites quadratic work, against what one a tenth as long leads to expect."""

    what: str
    words: int
    ms: float
    ratio: float


class Stages(TypedDict):
    """All of it, of one run."""

    words: int
    bytes: int
    stages: list[Row]
    signatures: list[Row]
    pairs: list[Row]
    equal: bool
    limit: Limit
    shingles: int
    linear: list[Linear]


def measure(seeds: list[str]) -> Stages:
    """Every table. Raises AssertionError where our signature is not datasketch's."""
    text = corpus.fresh(seeds, WORDS, seed=7)
    one = _draft(text, "Council votes to reopen the second pier in May")
    hashes = shingles(one.print.words, PROFILE.body_width)
    return {
        "words": len(one.cleaned.words),
        "bytes": len(text.encode()),
        "stages": _stages(one),
        "signatures": _signatures(text, hashes),
        "pairs": _pairs(one, text),
        "equal": _equal(hashes),
        "limit": limit(),
        "shingles": len(hashes),
        "linear": [_linear(what, make) for what, make in _HARD.items()],
    }


def _draft(text: str, title: str, source: str = "wire.example") -> Draft:
    return draft(Submission(raw=b"{}", source=source, title=title, text=text), PROFILE)


def _row(what: str, run: Callable[[], object] | None, note: str = "", *, share: int = 1) -> Row:
    return {"what": what, "us": seconds(run, runs=RUNS) * US / share if run else None, "note": note}


def _page(of: Draft) -> Page:
    return Page(
        text=of.document.text,
        title=of.document.title,
        byline=None,
        agency=None,
        ed_note=None,
        published_at=None,
    )


def _stages(one: Draft) -> list[Row]:
    page, cleaned = _page(one), one.cleaned
    text, title = page.text, page.title
    words, title_words = tokenise_both(text, title)
    story = one.print.words
    body = shingles(story, PROFILE.body_width)
    lead = shingles(story[: PROFILE.lead_words], PROFILE.lead_width)
    signature = sign(body, PROFILE)
    kind = np.uint64(1 << 56)
    other = _draft(_edited(text), title, "other.example")
    a, b = draw_outline(one.print), draw_outline(other.print)
    compared = compare(a, b, one.facts, other.facts)
    return [
        _row("passages", lambda: segment(page), "dateline, byline, credits, furniture"),
        _row("tokenise", lambda: tokenise_both(text, title), "words, offsets, hashes, flags"),
        _row("repeats", lambda: find_repeats(text, words, cleaned.passages, title_words), "inside the page"),
        _row("clean", lambda: clean(page), "the three above, and the spans to delete"),
        _row(
            "shingle and sign",
            lambda: (
                sign(shingles(story, PROFILE.body_width), PROFILE),
                sign(shingles(story[: PROFILE.lead_words], PROFILE.lead_width), PROFILE),
            ),
            f"{len(body)} body and {len(lead)} lead shingles, 128 permutations each",
        ),
        _row("bands", lambda: bands(signature, PROFILE.body_bands, PROFILE.body_rows, kind)),
        _row(
            "fingerprint",
            lambda: take_fingerprint(cleaned, PROFILE),
            "the two above, both texts', sampled shingles, digest",
        ),
        _row("core", lambda: take_fingerprint(clean(page), PROFILE), "clean and fingerprint"),
        _row("outline", lambda: draw_outline(one.print), "once an article, kept for its comparisons"),
        _row("compare, a candidate", lambda: compare(a, b, one.facts, other.facts), "an edited copy"),
        _row("decide, a candidate", lambda: decide(compared, one.facts, other.facts, POLICY)),
    ]


def _signatures(text: str, hashes: Hashes) -> list[Row]:
    rensa, daft = recipes.rensa(), recipes.daft()
    texts = [text] * COLUMN
    return [
        _row("Wirefold, signature", lambda: sign(hashes, PROFILE), "from its shingle hashes"),
        _row("datasketch, update", lambda: recipes.update(text), "bytes and SHA-1, as users call it"),
        _row("datasketch, update_batch", lambda: recipes.update_batch(text), "the same in one call"),
        _row("text-dedup's recipe", lambda: recipes.text_dedup(text), "written out here"),
        _row(
            "datatrove's recipe", lambda: recipes.datatrove(text), "written out here, without its tokenizer"
        ),
        _row(
            "rensa, R-MinHash",
            (lambda: rensa(text)) if rensa else None,
            "another estimator, in Rust" if rensa else "not installed",
        ),
        _row(
            f"Daft, minhash of {COLUMN} texts",
            (lambda: daft(texts)) if daft else None,
            "a text's share, on all cores, in Rust" if daft else "not installed",
            share=COLUMN,
        ),
    ]


def _pairs(one: Draft, text: str) -> list[Row]:
    edited = _edited(text)
    other = _draft(edited, one.document.title, "other.example")
    a, b = draw_outline(one.print), draw_outline(other.print)
    left, right = text.split(), edited.split()
    ratio, token_set_ratio = recipes.rapidfuzz()
    missing = "" if ratio else "not installed"
    first, second = MinHash(num_perm=128), MinHash(num_perm=128)
    first.update_batch([each.encode() for each in recipes.runs(text)])
    second.update_batch([each.encode() for each in recipes.runs(edited)])
    return [
        _row("Wirefold, compare", lambda: compare(a, b, one.facts, other.facts), "exact, with what differs"),
        _row("datasketch, jaccard", lambda: first.jaccard(second), "an estimate"),
        _row(
            "difflib, ratio over words",
            lambda: difflib.SequenceMatcher(None, left, right, autojunk=False).ratio(),
        ),
        _row(
            "rapidfuzz, ratio over letters",
            (lambda: ratio(text, edited)) if ratio else None,
            missing,
        ),
        _row(
            "rapidfuzz, token_set_ratio",
            (lambda: token_set_ratio(text, edited)) if token_set_ratio else None,
            missing,
        ),
    ]


def _edited(text: str) -> str:
    """The text as another desk prints it: every fortieth word another, the last paragraph gone."""
    kept = "\n\n".join(text.split("\n\n")[:-1] or [text])
    pieces = kept.split(" ")
    pieces[20::40] = ["elsewhere"] * len(pieces[20::40])
    return " ".join(pieces)


def _equal(hashes: Hashes) -> bool:
    """Whether our signature is datasketch's, value for value, for the same 32-bit hashes."""
    theirs = MinHash(num_perm=PROFILE.permutations, seed=PROFILE.seed, scheme="affine32", hashfunc=int)
    theirs.update_batch(hashes.tolist())
    if not np.array_equal(theirs.hashvalues, sign(hashes, PROFILE)):
        raise AssertionError("our signature is not datasketch's for the same hashes")
    return True


# ---------------------------------------------------------------------------------------------- linearity
def _long(words: int) -> str:
    return corpus.fresh(corpus.read_seeds(), words, seed=3)


def _one_word(words: int) -> str:
    return " ".join(["buffalo"] * words)


def _table(rows: int) -> str:
    return "\n".join(f"{at}. Harbour Rovers {at % 7} {at % 5} {at % 11} {at % 38}" for at in range(rows))


_HARD: dict[str, tuple[int, Callable[[int], str]]] = {
    "a page of 20,000 words": (20_000, _long),
    "one word 10,000 times": (10_000, _one_word),
    "a table of 5,000 rows": (5_000, _table),
}


def _linear(what: str, hard: tuple[int, Callable[[int], str]]) -> Linear:
    size, make = hard
    short, long = _core(make(size // 10)), _core(make(size))
    taken = seconds(long, runs=3)
    text = make(size)
    return {
        "what": what,
        "words": len(text.split()),
        "ms": 1e3 * taken,
        "ratio": taken / (10 * seconds(short, runs=3)),
    }


def _core(text: str) -> Callable[[], object]:
    """Clean, fingerprint, and compare with itself."""
    page = Page(
        text=text, title="A title of five words", byline=None, agency=None, ed_note=None, published_at=None
    )
    facts = _draft("Some words.", "A title").facts

    def run() -> object:
        drawn = draw_outline(take_fingerprint(clean(page), PROFILE))
        return compare(drawn, drawn, facts, facts)

    return run
