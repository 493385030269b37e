"""What a check must not tell whoever may send but not read: what waits under embargo or is withheld.

Such versions are not in the shared index, but a submission that names another's identity leads to them.
"""

from dataclasses import replace

from app.services.drafting import Draft
from app.services.ledger import Ledger


def forget_unreleased(ledger: Ledger, draft: Draft) -> None:
    """Leave the articles that the draft's identity leads to as if only released versions had ever come."""
    for key in (draft.identity, draft.replay):
        owner = ledger.identities.get(key)
        if owner is None:
            continue
        shown = [row for row in ledger.versions[owner] if row.released]
        ledger.versions[owner] = shown
        if not shown or (key == draft.replay and draft.content not in {row.content for row in shown}):
            del ledger.identities[key]
        if not shown:
            continue
        article = ledger.articles[owner]
        if article.current not in {row.key for row in shown}:
            last = shown[-1].key
            ledger.articles[owner] = replace(article, current=last)
            ledger.load_stored([last])
            story = ledger.stories[article.founder]
            if story.canonical == article.current:
                ledger.stories[article.founder] = replace(story, canonical=last)
