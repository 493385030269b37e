"""The ``wirefold`` command: what an operator does by hand. Thin: use cases do the work.

Each command imports what it needs when it runs, so that --help answers at once.
"""

import typer

from app.cli import (
    checking,
    feeds,
    importing,
    keeping,
    keys,
    links,
    looking,
    moving,
    replaying,
    serving,
    taking_in,
)
from app.cli.failing import Commands

app = typer.Typer(
    cls=Commands,
    name="wirefold",
    help="Recognises copies of news stories and answers with one canonical ID per story.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
serving.add_to(app)
taking_in.add_to(app)
importing.add_to(app)
checking.add_to(app)
looking.add_to(app)
replaying.add_to(app)
keeping.add_to(app)
moving.add_to(app)
app.add_typer(feeds.app, name="feeds")
app.add_typer(keys.app, name="keys")
app.add_typer(links.app, name="links")


def main() -> None:
    """Run the command of the process's arguments."""
    app(prog_name="wirefold")


__all__ = ["app", "main"]
