"""Settings and the database, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.cli.failing import Stop

if TYPE_CHECKING:
    from app.services.context import Context
    from app.settings import Settings


def read_settings() -> "Settings":
    """The settings of the environment, or a stop that says which of them is wrong."""
    from pydantic import ValidationError

    from app.settings import load_settings

    try:
        return load_settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'settings'}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        )
        raise Stop(wrong, fix="docs/settings.md lists all settings.", name="settings") from None
    except ValueError as error:
        raise Stop(str(error), name="settings") from None


@contextmanager
def opened(*, migrate: bool = False) -> Iterator[tuple["Settings", "Context"]]:
    """The settings and a context over a database of the program's schema; closed at the end."""
    from app.api.logs import configure_logs
    from app.bootstrap import open_context
    from app.errors import SchemaMismatch
    from app.store import schema

    settings = read_settings()
    configure_logs(style="console", level="warning")
    if migrate:
        schema.migrate(settings.database_url)
    else:
        refuse_missing_file(settings)
    ctx = open_context(settings)
    try:
        if not schema.is_current(ctx.store):
            raise SchemaMismatch(
                "The database is of another schema than this program.", fix="Run `wirefold migrate`."
            )
        yield settings, ctx
    finally:
        ctx.store.close()


def refuse_missing_file(settings: "Settings") -> None:
    """Do not leave an empty database file behind where a path was mistyped."""
    from app.store.examining import database_file

    path = database_file(settings.database_url)
    if path is not None and not path.exists():
        raise Stop(
            f"There is no database at {path}.",
            fix="Set DATABASE_URL, or run `wirefold migrate` to make one.",
            name="no-database",
        )
