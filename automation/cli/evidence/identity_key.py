"""`temoin keys identity`: the key of the digests that stand for accounts, the same wherever they are checked."""

from __future__ import annotations

from typing import Annotated

import typer

from automation.cli.shared.common import Lang

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The key of the digests that stand for accounts: the same wherever the same accounts are checked.",
)
_SHORTEST_BYTES = 16


@app.command("show")
def show(lang: Lang = None) -> None:
    """Print it as a line for a CI service's secrets or a `.env`: it is the same as at your desk then."""
    from automation.cli.shared.common import load_environment, words
    from automation.cli.shared.places import identity_key
    from automation.visit.identity_key import HEX

    settings = load_environment()
    given = settings.identity_key.get_secret_value() if settings.identity_key else ""
    typer.echo(f"TEMOIN_IDENTITY_KEY={given or HEX + identity_key(settings).hex()}")
    typer.echo(
        words(lang, settings).gettext("Keep it secret: with it, an account's digest could be tried out."), err=True
    )


@app.command("set")
def set_key(
    new: Annotated[bool, typer.Option("--new", help="Make a new one; without it, the key is read from stdin.")] = False,
    lang: Lang = None,
) -> None:
    """
    Keep a key on this machine, as from another one: temoin keys identity set < FILE.

    Sessions and results of the key before belong to other digests: sign in again, and the history begins anew.
    """
    import secrets
    import sys

    from automation.cli.shared.common import load_environment, words
    from automation.cli.shared.places import data_folder
    from automation.core.errors import ConfigurationError
    from automation.visit.identity_key import keep_identity_key, key_from_text

    settings = load_environment()
    line = "" if new else sys.stdin.readline()
    key = (
        secrets.token_bytes(32) if new else key_from_text(line.strip().removeprefix("TEMOIN_IDENTITY_KEY=").strip("'"))
    )
    if len(key) < _SHORTEST_BYTES:
        raise ConfigurationError(
            f"this is no key: it has fewer than {_SHORTEST_BYTES} letters",
            "Copy what `temoin keys identity show` prints, or use --new.",
        )
    typer.echo(words(lang, settings).gettext("Kept in %(file)s.", file=keep_identity_key(key, data_folder())), err=True)
