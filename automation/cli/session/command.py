"""`temoin session`: the saved sessions; never a cookie on screen, never one in clear in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.session.confirm import confirm
from automation.cli.session.transfer import export, import_session
from automation.cli.shared.common import Config, Lang, told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.session.vault import SavedSessionInfo, Vault
    from automation.text.language import Language

app = typer.Typer(no_args_is_help=True, help="The saved sessions: sealed on this machine, for this machine's key.")


@app.command("list")
def list_sessions(
    json: Annotated[bool, typer.Option("--json", help="Print the list as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """List account, service, age and last good use; never a cookie."""
    from automation.cli.shared.common import load_environment, words
    from automation.cli.shared.places import vault_of

    settings = load_environment()
    entries = vault_of(settings).entries()
    if json:
        from pydantic import TypeAdapter

        from automation.session.vault import SavedSessionInfo

        typer.echo(
            TypeAdapter(dict[str, tuple[SavedSessionInfo, ...]]).dump_json({"sessions": entries}, indent=2).decode()
        )
        return
    if not entries:
        typer.echo(words(lang, settings).gettext("No session is saved. Sign in with `temoin login`."))
        return
    _show(entries, words(lang, settings))


def _show(entries: Sequence[SavedSessionInfo], words: Language) -> None:
    from rich.console import Console
    from rich.table import Table

    _ = words.gettext
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in (_("Account"), _("Service"), _("Signed in"), _("Last good use")):
        table.add_column(title, overflow="fold")
    for entry in entries:
        used = _ago(entry.used_at, words) or _("never")
        dates = (_ago(entry.stored_at, words), used if not entry.problem else "")
        table.add_row(entry.account, entry.service or "?", *dates)
    console = Console()
    console.print(table)
    for entry in entries:
        if entry.problem:
            console.print(f"✗ {words.said(entry.problem)}", soft_wrap=True, highlight=False, markup=False)


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
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.places import vault_of
    from automation.core.accounts import SignInMethod
    from automation.core.errors import CheckError

    settings = load_settings(config, tuple(accounts or ()))
    said = words(lang, settings)
    vault = vault_of(settings)
    chosen = [account for account in settings.accounts if accounts or account.sign_in is SignInMethod.SESSION]
    unusable = 0
    for account in chosen:
        try:
            typer.echo(f"✓ {_standing(vault, account, settings, said)}")
        except CheckError as error:
            unusable += 1
            typer.echo(f"✗ {told(error.message)}\n    → {told(error.remedy)}")
    if not chosen:
        typer.echo(said.gettext("No account in temoin.toml has a session."))
    else:
        typer.echo(said.gettext("Whether the service still accepts a session, only `temoin check` can tell."))
    if unusable or not chosen:
        raise typer.Exit(3)


def _standing(vault: Vault, account: Account, settings: Settings, words: Language) -> str:
    """
    What is known of a session that can be used.

    Raises:
        CheckError: it cannot; the message says why.
    """
    from datetime import UTC, datetime

    import flows
    from automation.cli.shared.places import identity_key
    from automation.config import check_flows
    from automation.core.accounts import subject
    from automation.core.errors import CheckError, SessionUnusable

    found = flows.find(settings.flow_paths)
    check_flows(settings, {*found.flows, *found.broken})
    if broken := found.broken.get(account.flow):
        raise CheckError(f"{account.name}: {broken.message}", broken.remedy)
    saved = vault.load(vault.holder(account.entries), subject(account.identity, identity_key(settings)))
    end = saved.runs_out_at(found.flows[account.flow].site.sign_in.session_cookies)
    if end is not None and end <= datetime.now(UTC):
        raise SessionUnusable(
            f"{account.name}: the sign-in ran out on {end:%Y-%m-%d}",
            f"Sign in again with `temoin login {account.name}`.",
        )
    _, used = words.gettext, _ago(saved.used_at, words)
    parts = [_("%(account)s: the right account", account=account.name)]
    if saved.unconfirmed:
        parts = [_("%(account)s: nobody has confirmed whose account it is", account=account.name)]
    parts.append(_("last good use %(ago)s", ago=used) if used else _("not used yet"))
    if end:
        parts.append(_("runs out on %(day)s", day=words.short_date(end)))
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
    from automation.cli.shared.common import load_environment, words
    from automation.cli.shared.places import cooldown, vault_of
    from automation.core.errors import NoSession

    settings = load_environment()
    said = words(lang, settings)
    vault = vault_of(settings)
    for account in accounts:
        forgotten = vault.forget(account)
        if not cooldown().succeeded(account) and not forgotten:
            raise NoSession(
                f"{account}: there is no saved session of this account", "`temoin session list` lists them."
            )
        typer.echo(said.gettext("%(account)s: forgotten.", account=account))


app.command("confirm")(confirm)
app.command("export")(export)
app.command("import")(import_session)


@app.command("recipient")
def recipient() -> None:
    """Print the public line for exports to this machine."""
    from automation.cli.shared.common import load_environment
    from automation.cli.shared.places import vault_of

    typer.echo(str(vault_of(load_environment()).recipient()))


@app.command("new-key")
def new_key(lang: Lang = None) -> None:
    """
    Print a fresh TEMOIN_VAULT_KEY; it is kept nowhere.

    For a machine without a keyring, such as a CI job.
    """
    from automation.cli.shared.common import words
    from automation.session.vault import new_key as made

    secret, public = made()
    said = words(lang, None).gettext(
        "On standard output, the secret to put into TEMOIN_VAULT_KEY. To seal a session for it: --to %(key)s",
        key=public,
    )
    typer.echo(said, err=True)
    typer.echo(secret)


def _ago(time: datetime | None, words: Language) -> str:
    from datetime import UTC, datetime

    return "" if time is None else words.ago(time - datetime.now(UTC))
