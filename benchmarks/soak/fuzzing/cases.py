"""One hostile case: which target, and the bytes it gets. A case follows from its seed and number alone."""

import base64
import json
import random
from dataclasses import asdict, dataclass, replace
from functools import cache

from benchmarks.soak.fuzzing import calls
from benchmarks.soak.fuzzing.damage import damage
from benchmarks.soak.fuzzing.extremes import outgrow
from benchmarks.soak.fuzzing.seeds import SEEDS
from benchmarks.soak.fuzzing.shapes import reshape
from benchmarks.soak.fuzzing.trees import regrow

_CALLS = 0.35
"""The share of cases that go through the application; the others are given to a parser."""
_EXTREME = 0.006
"""They cost a hundred times as much as the others."""
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """What a target is given. Of a parser only the body counts."""

    target: str
    body: bytes
    method: str = ""
    path: str = ""
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> str:
        """One line that ``from_json`` reads; the body stays readable where it is text."""
        said = asdict(self) | {"headers": [list(each) for each in self.headers]}
        try:
            said["body"] = self.body.decode()
        except UnicodeDecodeError:
            said["body"] = {"base64": base64.b64encode(self.body).decode()}
        return json.dumps(
            {name: value for name, value in said.items() if value or name == "body"}, sort_keys=True
        )

    @classmethod
    def from_json(cls, line: str) -> "Case":
        """The case that was written."""
        said = json.loads(line)
        body = said.pop("body")
        raw = body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
        headers = tuple((name, value) for name, value in said.pop("headers", ()))
        return cls(**said, body=raw, headers=headers)


def case_of(seed: int, number: int) -> Case:
    """The case of that number: the same on every machine."""
    chance = random.Random(f"{seed}:{number}")
    if chance.random() < _CALLS:
        call = calls.draw(chance)
        case = Case(call.target, call.body, call.method, call.path, call.query, call.headers)
        return replace(case, body=_mutated(case.body, chance)) if case.body else case
    target = chance.choice(_targets())
    return Case(target, _mutated(chance.choice(SEEDS[target]), chance))


def _mutated(body: bytes, chance: random.Random) -> bytes:
    # Half of the bodies keep their form: else strict parsers would refuse nearly all before they are read.
    formed = chance.random() < 0.5
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 5, 9))):
        if formed and body.lstrip()[:1] == b"<":
            body = regrow(body, chance)
        elif formed or chance.random() < 0.5:
            body = reshape(body, chance)
        else:
            body = damage(body, chance, _all_seeds())
        if len(body) > _LARGEST:
            break
    return outgrow(body, chance) if chance.random() < _EXTREME else body


@cache
def _targets() -> tuple[str, ...]:
    """Each as often as the others, but for those whose bodies are a line."""
    return tuple(name for name in SEEDS for _ in range(1 if name in {"date", "url", "robots"} else 3))


@cache
def _all_seeds() -> tuple[bytes, ...]:
    return tuple(body for bodies in SEEDS.values() for body in bodies)
