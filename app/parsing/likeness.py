"""Whether two short texts (headlines, addresses, names) say the same, by their words."""

import re

ALIKE = 0.6
FEW_WORDS = 2
_WORD = re.compile(r"[^\W_]+")
_TELLING = 12
"""Characters from which one headline inside another is no coincidence."""


def alike(one: str, other: str) -> bool:
    """Whether one says the other, a site's name or a few words more or less."""
    a, b = plain(one), plain(other)
    if not a or not b:
        return False
    if a == b or (min(len(a), len(b)) > _TELLING and (a in b or b in a)):
        return True
    words, others = set(a.split()), set(b.split())
    shared = len(words & others)
    return shared >= FEW_WORDS and shared >= ALIKE * min(len(words), len(others))


def plain(text: str) -> str:
    """The words, case and marks apart, with single spaces."""
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """The words in order, case apart."""
    return _WORD.findall(text.casefold())
