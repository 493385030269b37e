"""Reads JSON into the dataclasses that describe it.

Members that a dataclass does not name are passed over, because the service adds some from release to release.
What it does name has to be there and of its type, unless it has a default.
"""

import dataclasses
import types
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from wirefold_client.problems import UnexpectedAnswer

T = TypeVar("T")


def read(kind: type[T], value: object, **known: object) -> T:
    """A JSON object as a ``kind``. ``known`` are fields that the object does not tell.

    Raises UnexpectedAnswer where it is none.
    """
    if not isinstance(value, Mapping):
        raise UnexpectedAnswer(f"{kind.__name__} should be a JSON object, and is {_name(value)}.")
    read_fields = dict(known)
    for name, (hint, has_default) in _fields(kind).items():  # type: ignore[arg-type] # a class is hashable
        if name in known:
            continue
        if name in value:
            read_fields[name] = _read(hint, value[name], f"{kind.__name__}.{name}")
        elif not has_default:
            raise UnexpectedAnswer(f"{kind.__name__}.{name} is missing.")
    return kind(**read_fields)


@cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        each.name: (
            hints[each.name],
            each.default is not dataclasses.MISSING or each.default_factory is not dataclasses.MISSING,
        )
        for each in dataclasses.fields(kind)
    }


def _read(hint: Any, value: object, place: str) -> object:  # noqa: ANN401 - a type as annotations write it
    origin, inner = get_origin(hint), get_args(hint)
    if hint is object or hint is Any:
        return value
    if origin in {Union, types.UnionType}:
        if value is None and type(None) in inner:
            return None
        (hint,) = (each for each in inner if each is not type(None))
        return _read(hint, value, place)
    if origin is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_read(inner[0], each, place) for each in value)
    if origin is Mapping and isinstance(value, Mapping):
        return value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return read(hint, value)
    if hint is datetime and isinstance(value, str):
        return _moment(value, place)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise UnexpectedAnswer(f"{place} is {_name(value)}.")


def _moment(value: str, place: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise UnexpectedAnswer(f"{place} is no time: {value[:40]!r}.") from None


def _name(value: object) -> str:
    return "null" if value is None else f"a {type(value).__name__}"
