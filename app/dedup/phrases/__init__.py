"""What newsrooms print around a story, as tables by language: agencies, calendars, stock phrases.

Owns words, never decisions: which passage a phrase makes is said here, whether a line is that
passage is judged in ``app.dedup.line_roles``. Phrases stand in lower case, between bars, on lines
of their own; ``#`` opens a note, and a closing ``_`` stands for the space that must follow.
"""


def listed(block: str) -> tuple[str, ...]:
    """The phrases of a table, in order."""
    lines = (line for line in block.split("\n") if not line.startswith("#"))
    phrases = (phrase.strip() for line in lines for phrase in line.split("|"))
    return tuple(p[:-1] + " " if p.endswith("_") else p for p in phrases if p)
