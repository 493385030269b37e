"""Exit codes, and how a failure is told: one line and a hint, or JSON; never a traceback of ours.

A traceback means a fault in the program, and is let through for a report.
"""

import os
import sys
from enum import IntEnum

import orjson
import typer
from typer.core import TyperGroup

from app.cli.printing import errors
from app.errors import (
    NotFound,
    SchemaMismatch,
    StorageFull,
    StorageUnavailable,
    WirefoldError,
)


class Code(IntEnum):
    """What the process ends with; docs/cli.md lists them."""

    OK = 0
    INCOMPLETE = 1
    """It ran, and something was refused or found wrong."""
    USAGE = 2
    """The command line cannot be understood."""
    NOT_FOUND = 3
    UNSUITABLE = 4
    """Settings, schema, file or address are not such that it could begin."""
    UNAVAILABLE = 5
    """The database cannot be reached or is full; trying again may help."""
    INTERRUPTED = 130


class Stop(Exception):
    """An expected end: what is wrong and what to do about it."""

    def __init__(
        self, detail: str, *, fix: str | None = None, name: str = "unsuitable", code: Code = Code.UNSUITABLE
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fix = fix
        self.name = name
        self.code = code


class Commands(TyperGroup):
    """The commands, with their expected failures told."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run a command; raise Exit with a code of ours where it cannot be done."""
        # The outer group sees its commands' arguments first: a failure is told in the form asked for.
        as_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except Stop as stop:
            _tell(stop.name, stop.detail, stop.fix, as_json=as_json)
            raise typer.Exit(stop.code) from None
        except WirefoldError as error:
            _tell(error.code, error.detail, error.fix, as_json=as_json)
            raise typer.Exit(_code_of(error)) from None
        except BrokenPipeError:
            # Whoever read our output has read enough. Nothing more may be written, at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(Code.OK) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _tell("file", f"{where}{error.strerror or error}.", None, as_json=as_json)
            raise typer.Exit(Code.UNSUITABLE) from None
        except KeyboardInterrupt:
            _tell("interrupted", "Interrupted.", None, as_json=as_json)
            raise typer.Exit(Code.INTERRUPTED) from None


def _code_of(error: WirefoldError) -> Code:
    if isinstance(error, NotFound):
        return Code.NOT_FOUND
    if isinstance(error, SchemaMismatch):
        return Code.UNSUITABLE
    if isinstance(error, StorageUnavailable | StorageFull):
        return Code.UNAVAILABLE
    return Code.INCOMPLETE


def _tell(name: str, detail: str, fix: str | None, *, as_json: bool) -> None:
    if as_json:
        problem = {"code": name, "detail": detail, "fix": fix}
        sys.stderr.write(orjson.dumps({"error": problem}).decode() + "\n")
        return
    errors().print(f"[bold red]error:[/] {_plain(detail)}", highlight=False)
    if fix:
        errors().print(f"  [dim]{_plain(fix)}[/]", highlight=False)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
