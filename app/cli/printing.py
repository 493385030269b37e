"""What a command prints: tables and lines for people, or JSON, one value a line, for programs."""

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

_WIDE = 120


def screen() -> Console:
    """Where results go. Made anew each time, so that a redirected stdout is respected."""
    console = Console(highlight=False)
    # A pipe has no width; 80 columns would break IDs in two.
    return console if console.is_terminal else Console(highlight=False, width=_WIDE)


def errors() -> Console:
    """Where progress and complaints go."""
    return Console(stderr=True)


def print_json(value: object) -> None:
    """One value on one line."""
    sys.stdout.write(to_json(value) + "\n")


def to_json(value: object) -> str:
    """One JSON text. Texts with lone surrogates, which feeds do send, are written as escapes."""
    tree = _tree(value)
    try:
        return orjson.dumps(tree).decode()
    except TypeError:
        return json.dumps(tree, separators=(",", ":"))


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table."""
    made = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def said(text: object) -> str:
    """Somebody else's words, safe to print: no markup, no control characters."""
    return escape("".join(char if char.isprintable() else " " for char in str(text)))


def _tree(value: object) -> object:
    """A value in JSON's own terms: spans and runs as objects with their names, times as text in UTC."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _tree(each) for name, each in value._asdict().items()}
    if is_dataclass(value):
        return {each.name: _tree(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _tree(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_tree(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.value if isinstance(value, Enum) else value
