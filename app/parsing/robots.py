"""robots.txt: which paths of a site a robot of our name may ask for (RFC 9309)."""

from collections.abc import Iterable
from dataclasses import dataclass

PRODUCT = "wirefold"
"""The token by which a group of rules names us."""
LONGEST = 500 * 1024
"""Bytes that are read; RFC 9309, section 2.5, asks for no less."""
_LONGEST_PATTERN = 2_000


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that hold for us: patterns of paths, and whether each allows."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allow(self, path: str) -> bool:
        """Whether a path, with its query, may be asked for: the longest pattern decides, a tie allows."""
        found = [(len(pattern), allowed) for pattern, allowed in self.rules if _matches(pattern, path)]
        return max(found)[1] if found else True


def read_robots(text: str) -> Robots:
    """The rules of a robots.txt. Lines that cannot be read are passed over, as the standard asks."""
    named: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    is_named = False
    agents: set[str] = set()
    in_rules = False
    for field, value in _lines(text):
        if field == "user-agent":
            agents = set() if in_rules else agents
            in_rules = False
            agents.add(value.partition("/")[0].strip().lower())
            is_named = is_named or PRODUCT in agents
        elif field in {"allow", "disallow"}:
            in_rules = True
            rule = (value, field == "allow")
            if value and len(value) <= _LONGEST_PATTERN:
                if PRODUCT in agents:
                    named.append(rule)
                if "*" in agents:
                    others.append(rule)
    return Robots(tuple(named if is_named else others))


def _lines(text: str) -> Iterable[tuple[str, str]]:
    for line in text.lstrip("\ufeff").splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield field.strip().lower(), value.strip()


def _matches(pattern: str, path: str) -> bool:
    """``*`` stands for anything, a ``$`` at the end for the end. No expression, so no backtracking."""
    anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for index, piece in enumerate(rest):
        if anchored and index == len(rest) - 1:
            return len(path) - len(piece) >= at and path.endswith(piece)
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not anchored or at == len(path)
