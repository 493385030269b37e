"""``wirefold keys``: API keys made, listed, rotated and revoked. A secret is shown once and never stored."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import typer

from app.cli.failing import Commands
from app.cli.opening import opened
from app.cli.printing import print_json, said, screen, table
from app.errors import InvalidSubmission

app = typer.Typer(cls=Commands, help="Make, list, rotate and revoke API keys.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KeyId = Annotated[str, typer.Argument(help="The ID, as `keys list` shows it.")]
_BY = "command line"
_T = TypeVar("_T")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is; for you to recognise it by.")],
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="ingest, read, curate or admin; may be given several times. Default: ingest, read."
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help="A source it is bound to, or *.host; may be given several times. Default: all."),
    ] = None,
    expires: Annotated[str | None, typer.Option(help="Until when it may be used, ISO 8601.")] = None,
    requests_per_minute: Annotated[
        int | None, typer.Option(min=0, help="Requests a minute; 0 is no limit. Default: the setting.")
    ] = None,
    articles_per_day: Annotated[
        int | None, typer.Option(min=0, help="Articles a day; 0 is no limit. Default: the setting.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once. Makes the database first where there is none."""
    from app.api.access import Scope
    from app.services.keys import Terms, make_key

    try:
        scopes = tuple(dict.fromkeys(Scope(each) for each in scope or (Scope.INGEST, Scope.READ)))
    except ValueError as error:
        raise typer.BadParameter(f"{error}; there are {', '.join(Scope)}", param_hint="--scope") from None
    terms = Terms(
        name=name,
        scopes=scopes,
        sources=tuple(dict.fromkeys(source)) if source else None,
        expires_at=_moment(expires),
        requests_per_minute=requests_per_minute,
        articles_per_day=articles_per_day,
    )
    if not name.strip():
        raise typer.BadParameter("is blank", param_hint="NAME")
    with opened(migrate=True) as (_, ctx):
        row, secret = _checked(lambda: make_key(ctx, terms, by=_BY))
    if as_json:
        print_json(
            {"id": row.id, "name": row.name, "scopes": row.scopes, "sources": row.sources, "key": secret}
        )
        return
    screen().print(f"Key {row.id} for {said(name)} ({', '.join(scopes)}):", markup=True)
    _show(secret)


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List all keys, oldest first."""
    from app.services.keys import list_keys as all_keys
    from app.services.keys import terms_of

    with opened() as (_, ctx):
        rows = all_keys(ctx)
    if as_json:
        for row in rows:
            seen = {"created_at": row.created_at, "last_used_at": row.last_used_at}
            print_json({"id": row.id, **terms_of(row), **seen})
        return
    listed = table("ID", "name", "scopes", "sources", "made", "last used", "expires", "revoked")
    for row in rows:
        times = [
            f"{at:%Y-%m-%d %H:%M}" if at else ""
            for at in (row.created_at, row.last_used_at, row.expires_at, row.revoked_at)
        ]
        sources = said(", ".join(row.sources)) if row.sources else "all"
        listed.add_row(row.id, said(row.name), ", ".join(row.scopes), sources, *times)
    screen().print(listed if rows else "No key exists: callers on this machine need none.")


@app.command()
def rotate(
    key_id: KeyId,
    overlap_hours: Annotated[
        float, typer.Option(min=0, max=720, help="How long the secret it has is accepted as well.")
    ] = 24.0,
    as_json: AsJson = False,
) -> None:
    """Give a key a new secret and print it, once."""
    from app.services.keys import rotate_key

    with opened() as (_, ctx):
        row, secret = rotate_key(ctx, key_id, overlap=timedelta(hours=overlap_hours), by=_BY)
    if as_json:
        print_json({"id": row.id, "previous_until": row.previous_until, "key": secret})
        return
    until = f"{row.previous_until:%Y-%m-%d %H:%M} UTC" if row.previous_until else ""
    screen().print(f"Key {row.id} has a new secret; the one before is accepted until {until}:")
    _show(secret)


@app.command()
def revoke(
    key_id: KeyId,
    why: Annotated[str, typer.Option(help="The reason, for the log.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key unusable. A running service refuses it within five seconds."""
    from app.services.keys import revoke_key

    with opened() as (_, ctx):
        revoke_key(ctx, key_id, by=_BY, why=why)
    if as_json:
        print_json({"id": key_id, "revoked": True})
    else:
        screen().print(f"Key {said(key_id)} is revoked.")


def _show(secret: str) -> None:
    typer.echo(secret)
    screen().print(
        "[dim]It is not stored and cannot be shown again. Send it as Authorization: Bearer <key>.[/]"
    )


def _moment(text: str | None) -> datetime | None:
    from app.parsing.dates import read_moment

    return _checked(lambda: read_moment(text, field="--expires"))


def _checked(run: Callable[[], _T]) -> _T:
    """What ``run`` gives; a value that cannot be used is a wrong argument."""
    try:
        return run()
    except InvalidSubmission as error:
        raise typer.BadParameter(error.detail, param_hint=error.field) from None
