"""`temoin session`: the saved sessions; never a cookie on screen, never one in clear in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.common import Lang

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.accounts import Account
    from automation.settings import Settings
    from automation.vault import Entry, SavedSession, Vault

app = typer.Typer(no_args_is_help=True, help="The saved sessions: sealed on this machine, for this machine's key.")

Config = Annotated[Path | None, typer.Option(help="The configuration file.")]


@app.command("list")
def list_sessions(
    json: Annotated[bool, typer.Option("--json", help="Print the list as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """List account, service, age and last good use; never a cookie."""
    from automation.cli.common import language, load_environment, vault_of

    settings = load_environment()
    entries = vault_of(settings).entries()
    if json:
        from pydantic import TypeAdapter

        from automation.vault import Entry

        typer.echo(TypeAdapter(dict[str, tuple[Entry, ...]]).dump_json({"sessions": entries}, indent=2).decode())
        return
    french = language(lang, settings) == "fr"
    if not entries:
        text = "Aucune session enregistrée. " if french else "No session is saved. "
        typer.echo(text + ("Connectez-vous avec" if french else "Sign in with") + " `temoin login`.")
        return
    _show(entries, french=french)


def _show(entries: Sequence[Entry], *, french: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    titles = ("Account", "Service", "Signed in", "Last good use")
    titres = ("Compte", "Service", "Connexion", "Dernier usage réussi")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titres if french else titles:
        table.add_column(title, overflow="fold")
    for entry in entries:
        used = _ago(entry.used_at, french=french) or ("jamais" if french else "never")
        dates = (_ago(entry.stored_at, french=french), used if not entry.problem else "")
        table.add_row(entry.account, entry.service or "?", *dates)
    console = Console()
    console.print(table)
    for entry in entries:
        if entry.problem:
            console.print(f"✗ {entry.problem}", soft_wrap=True, highlight=False, markup=False)


@app.command("check")
def check(
    accounts: Annotated[
        list[str] | None, typer.Argument(help="Accounts; all with a session when none is named.")
    ] = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Check that sessions open, are the right ones and last.

    No service is visited: whether it still accepts a session, only `temoin check` can tell.
    """
    from automation.accounts import SignIn
    from automation.cli.common import language, load_settings, vault_of
    from automation.errors import CheckError

    settings = load_settings(config, tuple(accounts or ()))
    french = language(lang, settings) == "fr"
    vault = vault_of(settings)
    chosen = [account for account in settings.accounts if accounts or account.sign_in is SignIn.SESSION]
    unusable = 0
    for account in chosen:
        try:
            typer.echo(f"✓ {account.name}{_standing(vault, account, settings, french=french)}")
        except CheckError as error:
            unusable += 1
            typer.echo(f"✗ {error.message}\n    → {error.remedy}")
    if not chosen:
        typer.echo("Aucun compte à session dans temoin.toml." if french else "No account in temoin.toml has a session.")
    else:
        typer.echo(
            "Si le service accepte encore une session, seul `temoin check` le dit."
            if french
            else "Whether the service still accepts a session, only `temoin check` can tell."
        )
    if unusable or not chosen:
        raise typer.Exit(3)


def _standing(vault: Vault, account: Account, settings: Settings, *, french: bool) -> str:
    """
    What is known of a session that can be used.

    Raises:
        CheckError: it cannot; the message says why.
    """
    from datetime import UTC, datetime

    from babel.dates import format_date

    import flows
    from automation.errors import SessionUnusable
    from automation.settings import check_flows

    known = flows.load(settings.flow_paths)
    check_flows(settings, known)
    saved = vault.load(account.name, _subject(account, settings))
    end = saved.runs_out_at(known[account.flow].site.sign_in.session_cookies)
    if end is not None and end <= datetime.now(UTC):
        raise SessionUnusable(
            f"{account.name}: the sign-in ran out on {end:%Y-%m-%d}",
            f"Sign in again with `temoin login {account.name}`.",
        )
    used = _ago(saved.used_at, french=french)
    if french:
        parts = [" : le bon compte", f"dernier usage réussi {used}" if used else "pas encore utilisée"]
        parts += [f"expire le {format_date(end, locale='fr')}"] if end else []
    else:
        parts = [": the right account", f"last good use {used}" if used else "not used yet"]
        parts += [f"runs out on {format_date(end, locale='en_GB')}"] if end else []
    return ", ".join(parts)


@app.command("forget")
def forget(
    accounts: Annotated[list[str], typer.Argument(help="Accounts whose session is to be removed.")],
    lang: Lang = None,
) -> None:
    """
    Remove saved sessions from this machine.

    After a failed sign-in, it also lets signing in be tried again at once.
    """
    from automation.cli.common import cooldown, language, load_environment, vault_of
    from automation.errors import NoSession

    settings = load_environment()
    french = language(lang, settings) == "fr"
    vault = vault_of(settings)
    for account in accounts:
        forgotten = vault.forget(account)
        if not cooldown().succeeded(account) and not forgotten:
            raise NoSession(
                f"{account}: there is no saved session of this account", "`temoin session list` lists them."
            )
        typer.echo(f"{account} : oubliée." if french else f"{account}: forgotten.")


@app.command("export")
def export(
    account: Annotated[str, typer.Argument(help="The account whose session is to be exported.")],
    to: Annotated[str, typer.Option("--to", help="Who may open it: age1… or 'ssh-ed25519 …', a public key.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output without it.")] = None,
    lang: Lang = None,
) -> None:
    """
    Seal a session for another key, such as a CI job's.

    There is no way to export it in clear.
    """
    from automation.cli.common import language, load_environment, vault_of
    from automation.vault import recipient_from, sealed, write_private

    settings = load_environment()
    recipient = recipient_from(to)
    data = sealed(vault_of(settings).load(account), recipient, armored=True)
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    write_private(output, data)
    french = language(lang, settings) == "fr"
    typer.echo(f"Scellée pour {to} : {output}" if french else f"Sealed for {to}: {output}", err=True)


@app.command("import")
def import_session(
    file: Annotated[str, typer.Argument(help="What `temoin session export` wrote; - reads standard input.")],
    identity_file: Annotated[
        Path | None, typer.Option(help="The key to open it with, age or SSH; without it, this machine's own.")
    ] = None,
    config: Config = None,
    replace: Annotated[bool, typer.Option(help="Replace even a newer session, or one that does not open.")] = False,
    lang: Lang = None,
) -> None:
    """Put an exported session into this machine's vault."""
    from automation.cli.common import language, load_environment, load_settings, vault_of
    from automation.vault import identities_in, opened

    vault = vault_of(load_environment())
    name, data = ("standard input" if file == "-" else file), _read(file)
    if identity_file is None:
        saved = vault.opened(data, name)
    else:
        keys = identities_in(_read(str(identity_file)), str(identity_file))
        saved = opened(data, keys, name, str(identity_file))
    settings = load_settings(config, (saved.account,))
    _expect(saved, settings.accounts[0], _subject(settings.accounts[0], settings), name)
    french = language(lang, settings) == "fr"
    with vault.locked(saved.account):
        if not replace and _is_newer(vault, saved):
            why = (
                " : gardée, celle d'ici est au moins aussi récente." if french else ": kept, it is at least as recent."
            )
            typer.echo(f"{saved.account}{why}")
            return
        vault.store(saved)
    typer.echo(f"{saved.account} : enregistrée." if french else f"{saved.account}: stored.")


def _expect(saved: SavedSession, account: Account, subject: str, name: str) -> None:
    from automation.errors import SessionUnusable

    if saved.service != account.service:
        raise SessionUnusable(
            f"{name}: this is a session at {saved.service}, and {account.name} is an account at {account.service}",
            "Correct `flow` in temoin.toml, or import the right file.",
        )
    if saved.subject != subject:
        raise SessionUnusable(
            f"{name}: this session is of another identity than that of {account.name} in temoin.toml, "
            "or the machine that exported it has another TEMOIN_IDENTITY_KEY",
            "Correct `identity`, or set the same TEMOIN_IDENTITY_KEY on both machines and export again.",
        )


def _is_newer(vault: Vault, offered: SavedSession) -> bool:
    """Whether the vault's own session of that account was signed in or used no earlier than the offered one."""
    from automation.errors import NoSession, SessionUnusable

    try:
        here = vault.load(offered.account)
    except NoSession:
        return False
    except SessionUnusable as error:
        raise SessionUnusable(error.message, "Correct that, or import with --replace.") from None

    def recency(saved: SavedSession) -> tuple[datetime, datetime]:
        return saved.stored_at, saved.used_at or saved.stored_at

    return here.subject == offered.subject and recency(here) >= recency(offered)


@app.command("recipient")
def recipient() -> None:
    """Print the public line for exports to this machine."""
    from automation.cli.common import load_environment, vault_of

    typer.echo(str(vault_of(load_environment()).recipient()))


@app.command("new-key")
def new_key(lang: Lang = None) -> None:
    """
    Print a fresh TEMOIN_VAULT_KEY; it is kept nowhere.

    For a machine without a keyring, such as a CI job.
    """
    from automation.cli.common import language
    from automation.vault import new_key as made

    secret, public = made()
    if language(lang, None) == "fr":
        words = "Sur la sortie standard, le secret à mettre dans TEMOIN_VAULT_KEY. Pour lui sceller une session : --to"
    else:
        words = "On standard output, the secret to put into TEMOIN_VAULT_KEY. To seal a session for it: --to"
    typer.echo(f"{words} {public}", err=True)
    typer.echo(secret)


def _read(file: str) -> bytes:
    import sys

    from automation.errors import ConfigurationError

    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error.strerror or error})", "Correct the path or its permissions."
        ) from None


def _subject(account: Account, settings: Settings) -> str:
    from automation import runner
    from automation.accounts import subject
    from automation.cli.common import data_folder

    key = settings.identity_key.get_secret_value() if settings.identity_key else None
    return subject(account.identity, runner.identity_key(key, data_folder()))


def _ago(time: datetime | None, *, french: bool) -> str:
    from datetime import UTC, datetime

    from babel.dates import format_timedelta

    if time is None:
        return ""
    return format_timedelta(time - datetime.now(UTC), add_direction=True, locale="fr" if french else "en_GB")
