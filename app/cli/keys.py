"""``wirefold keys``: API keys made, listed and revoked. The secret is shown once and never stored."""

import hashlib
import secrets
from typing import Annotated

import typer

from app.cli.failing import Commands
from app.cli.opening import opened
from app.cli.printing import print_json, said, screen, table
from app.errors import NotFound

app = typer.Typer(cls=Commands, help="Make, list and revoke API keys.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SECRET_BYTES = 32


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is; for you to recognise it by.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="ingest, read, curate or admin; may be given several times. Default: ingest, read."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once. Makes the database first where there is none."""
    from app.api.access import Scope
    from app.store import api_keys

    try:
        scopes = tuple(dict.fromkeys(Scope(each) for each in scope or (Scope.INGEST, Scope.READ)))
    except ValueError as error:
        raise typer.BadParameter(f"{error}; there are {', '.join(Scope)}", param_hint="--scope") from None
    if not name.strip():
        raise typer.BadParameter("is blank", param_hint="NAME")
    secret = f"wf_{secrets.token_urlsafe(_SECRET_BYTES)}"
    with opened(migrate=True) as (_, ctx):
        row = api_keys.ApiKeyRow(
            id=ctx.new_id("key"),
            name=name,
            hash=hashlib.sha256(secret.encode()).digest(),
            scopes=scopes,
            created_at=ctx.now(),
        )
        with ctx.store.write() as tx:
            api_keys.add(tx, row)
    if as_json:
        print_json({"id": row.id, "name": row.name, "scopes": row.scopes, "key": secret})
        return
    screen().print(f"Key {row.id} for {said(name)} ({', '.join(scopes)}):", markup=True)
    typer.echo(secret)
    screen().print(
        "[dim]It is not stored and cannot be shown again. Send it as Authorization: Bearer <key>.[/]"
    )


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List all keys, oldest first."""
    from app.store import api_keys

    with opened() as (_, ctx), ctx.store.read() as tx:
        rows = api_keys.load_all(tx)
    if as_json:
        for row in rows:
            print_json(
                {
                    "id": row.id,
                    "name": row.name,
                    "scopes": row.scopes,
                    "created_at": row.created_at,
                    "last_used_at": row.last_used_at,
                    "revoked_at": row.revoked_at,
                }
            )
        return
    listed = table("ID", "name", "scopes", "made", "last used", "revoked")
    for row in rows:
        times = [
            f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (row.created_at, row.last_used_at, row.revoked_at)
        ]
        listed.add_row(row.id, said(row.name), ", ".join(row.scopes), *times)
    screen().print(listed if rows else "No key exists: callers on this machine need none.")


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The ID, as `keys list` shows it.")], as_json: AsJson = False
) -> None:
    """Make a key unusable. A running service refuses it within five seconds."""
    from app.store import api_keys

    with opened() as (_, ctx), ctx.store.write() as tx:
        revoked = api_keys.revoke(tx, key_id, now=ctx.now())
    if not revoked:
        raise NotFound(f"There is no usable key {key_id}.", fix="`wirefold keys list` shows them.")
    if as_json:
        print_json({"id": key_id, "revoked": True})
    else:
        screen().print(f"Key {said(key_id)} is revoked.")
