"""What a command prints: tables and lines for people, or JSON, one value a line, for programs."""

import json
import sys
from datetime import datetime

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
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z).decode()
    except TypeError:
        import dataclasses

        whole = dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value  # type: ignore[arg-type]
        return json.dumps(whole, default=_plain, separators=(",", ":"))


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table."""
    made = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def said(text: object) -> str:
    """Somebody else's words, safe to print: no markup, no control characters."""
    return escape("".join(char if char.isprintable() else " " for char in str(text)))


def _plain(value: object) -> object:
    """Spans and runs as objects with their names, times as text."""
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return named() if named else list(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")
