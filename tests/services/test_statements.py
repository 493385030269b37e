"""A list of articles costs the database a few statements, however long it is."""

import random

from app.model import Ingested
from app.services.ingest import ingest
from tests.services.stories import submission
from tests.store.probes import counting

MOST = 24
"""Statements of a list: two transactions, and a few for each table that is read or written."""


def stream(start, count):
    """Articles of a desk: every third is another outlet's copy of the one before."""
    made = []
    for number in range(start, start + count):
        words = random.Random(number - number % 3 // 2)
        text = " ".join("".join(words.choices("abcdefghij", k=7)) for _ in range(80))
        made.append(
            submission(title=text[:60], text=text, source=f"s{number % 7}.example", external_id=str(number))
        )
    return made


def test_a_list_of_a_hundred_takes_hardly_more_statements_than_one_of_ten(ctx):
    ingest(ctx, stream(0, 30))
    with counting(ctx.store) as ten:
        ingest(ctx, stream(300, 10))
    with counting(ctx.store) as hundred:
        told = ingest(ctx, stream(600, 100))
    assert {each.decision.relation for each in told if isinstance(each, Ingested)} == {"new", "copy"}
    assert len(hundred) <= len(ten) + 2
    assert len(hundred) <= MOST, hundred
