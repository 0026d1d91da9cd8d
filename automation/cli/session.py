"""The saved sessions of `temoin account`: whose they are, whether they last, and taking them elsewhere."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

import flows
from automation.app.evidence import content_of
from automation.app.interrupts import run_async
from automation.app.login import is_newer, looked_twice, require_same
from automation.app.session_ends import likely_end
from automation.app.setup import flow_of, identity_key, vault_of
from automation.cli.options import AccountName, AccountNames, Config, KeyFile, Lang, account_names, say, told, words
from automation.cli.settings import load_environment, load_settings, settings_and_words
from automation.cli.terminal import agrees
from automation.config import Settings, check_flows
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.errors import CheckError, ConfigurationError, SessionUnusable
from automation.flow import Flow
from automation.session.person import KINDS, LookedTwice, confirmed_now
from automation.session.saved import SavedSession, SavedSessionInfo, is_storage_state, of_service
from automation.session.vault import Vault
from automation.session.vault_keys import identities_in, opened, recipient_from, sealed
from automation.session.vault_keys import new_key as made
from automation.storage.files import write_whole
from automation.text.language import Language

_INCOMPLETE = 3


def confirm(
    account: AccountName,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Load the service's page twice with the saved session, and say whether what it shows is your account.

    Kept are HMACs of what named you both times; every check compares them.
    """
    settings = load_settings(config, (account,), for_signing_in=False)
    told, chosen, vault = words(lang, settings), settings.accounts[0], vault_of(settings)
    flow, key = flow_of(chosen, settings), identity_key(settings)
    holder = vault.holder(chosen.entries)
    with vault.locked(holder):
        saved = vault.load(holder, subject(chosen.identity, key))
        looked = run_async(looked_twice(flow, saved, settings))
        _require_right(looked, chosen, flow, told)
        if looked.person.nobody and not looked.marks.name(chosen.identity):
            _ask(looked, chosen, flow, told)
        vault.store(replace(saved, confirmation=confirmed_now(looked.marks, key), unconfirmed=False))
    typer.echo(told.gettext("%(account)s: confirmed. Every check compares it.", account=account))


def _require_right(looked: LookedTwice, account: Account, flow: Flow, words: Language) -> None:
    """End where nobody is signed in, or where the service names somebody else."""
    values = {"service": flow.site.name, "account": account.name}
    if not looked.signed_in:
        say(words.gettext("%(service)s asks to sign in: the session has ended.", service=flow.site.name))
    elif not looked.person.nobody and not looked.person.is_only(account.identity):
        say(words.gettext("%(service)s names another account than %(account)s.", **values))
    else:
        return
    say(f"  → temoin account login {account.name}")
    raise typer.Exit(_INCOMPLETE)


def _ask(looked: LookedTwice, account: Account, flow: Flow, words: Language) -> None:
    """Show what was found, on the terminal alone, and ask; ends the command where it is not the person's account."""
    _, values = words.gettext, {"service": flow.site.name, "account": account.name}
    if looked.marks:
        say(_("Loaded twice, %(service)s showed both times:", service=flow.site.name))
    else:
        say(_("No page names the account. Look in a browser with this session: whose account is it?"))
    for kind, found in looked.marks.all.items():
        for value in sorted(found):
            say(f"  {_(KINDS[kind])}: {value}")
    if not agrees(
        _("Is this your account at %(service)s, the one called %(account)s in temoin.toml?", **values), words
    ):
        say(_("Nothing was confirmed."))
        raise typer.Exit(_INCOMPLETE)


def export(
    account: AccountName,
    to: Annotated[str, typer.Option("--to", help="Who may open it: age1… or 'ssh-ed25519 …', a public key.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output without it.")] = None,
    lang: Lang = None,
) -> None:
    """
    Seal a session for another key, such as a CI job's.

    There is no way to export it in clear.
    """
    settings = load_environment()
    recipient = recipient_from(to)
    data = sealed(vault_of(settings).load(account), recipient, armored=True)
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    write_whole(output, data, mode=0o600, shared=True)
    say(words(lang, settings).gettext("Sealed for %(key)s: %(file)s", key=to, file=output))


def import_session(
    file: Annotated[
        str,
        typer.Argument(help="What `temoin account export` wrote, or a browser's storage state; - is standard input."),
    ],
    account: Annotated[
        str | None,
        typer.Option(help="Whose it is, by name; needed for a browser's storage state.", autocompletion=account_names),
    ] = None,
    identity_file: KeyFile = None,
    config: Config = None,
    replace: Annotated[bool, typer.Option(help="Replace even a newer session, or one that does not open.")] = False,
    lang: Lang = None,
) -> None:
    """
    Put an exported session, or a browser's storage state as Playwright writes it, into this machine's vault.

    Of a storage state only what belongs to the service is kept. Remove the file afterwards: it is not encrypted.
    """
    vault = vault_of(load_environment())
    name, data = ("standard input", sys.stdin.buffer.read()) if file == "-" else (file, content_of(Path(file)))
    if is_storage_state(data):
        _import_state(data, name, account, config, words_in=lang, replace=replace)
        return
    if identity_file is None:
        saved = vault.opened(data, name)
    else:
        keys = identities_in(content_of(identity_file), str(identity_file))
        saved = opened(data, keys, name, str(identity_file))
    settings = load_settings(config, (saved.account,))
    chosen = settings.accounts[0]
    require_same(saved, chosen, subject(chosen.identity, identity_key(settings)), name)
    _store(vault, saved, saved.account, words(lang, settings), replace=replace)


def _store(vault: Vault, saved: SavedSession, account: str, words: Language, *, replace: bool) -> bool:
    """Keep a session of an account, unless the vault's own is newer and may not be replaced; whether it was kept."""
    with vault.locked(saved.account):
        if not replace and is_newer(vault, saved):
            typer.echo(words.gettext("%(account)s: kept, it is at least as recent.", account=account))
            return False
        vault.store(saved)
    typer.echo(words.gettext("%(account)s: stored.", account=account))
    return True


def _import_state(
    data: bytes, name: str, account: str | None, config: Path | None, *, words_in: str | None, replace: bool
) -> None:
    if account is None:
        raise ConfigurationError(
            f"{name}: this is a browser's storage state, which does not say whose it is", "Name it: --account NAME."
        )
    settings = load_settings(config, (account,), for_signing_in=False)
    chosen, vault, now = settings.accounts[0], vault_of(settings), datetime.now(UTC)
    site = flow_of(chosen, settings).site
    state, named = of_service(data, site, chosen.identity, name)
    holder, whose = vault.holder(chosen.entries), subject(chosen.identity, identity_key(settings))
    unconfirmed = not named and not settings.browser.replica_map  # a stand-in's accounts are its maker's
    saved = SavedSession(holder, chosen.service, whose, now, None, state, unconfirmed=unconfirmed)
    saved.runs_out_at(site.sign_in.session_cookies)
    said = words(words_in, settings)
    if _store(vault, saved, account, said, replace=replace) and unconfirmed:
        typer.echo(said.gettext("Say whose account it is: temoin account confirm %(account)s", account=account))


def with_end(entry: SavedSessionInfo, flow: Flow | None, settings: Settings) -> SavedSessionInfo:
    """The same, with the day on which it will likely end."""
    account = Account(entry.account, f"{entry.service}.", "", "", sign_in=SignInMethod.SESSION)
    end = likely_end(account, flow, settings)
    return replace(entry, likely_end=end.at if end else None)


def check(accounts: AccountNames = None, config: Config = None, lang: Lang = None) -> None:
    """
    Check that sessions open, are the right ones and last.

    No service is visited: whether it still accepts a session, only `temoin check` can tell.
    """
    settings, said = settings_and_words(config, tuple(accounts or ()), lang=lang)
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
    """What is known of a session that can be used. Raises CheckError: it cannot; the message says why."""
    found = flows.find(settings.flow_paths)
    check_flows(settings, {*found.flows, *found.broken})
    if broken := found.broken.get(account.flow):
        raise CheckError(f"{account.name}: {broken.message}", broken.remedy)
    saved = vault.load(vault.holder(account.entries), subject(account.identity, identity_key(settings)))
    end = saved.runs_out_at(found.flows[account.flow].site.sign_in.session_cookies)
    if end is not None and end <= datetime.now(UTC):
        raise SessionUnusable(
            f"{account.name}: the sign-in ran out on {end:%Y-%m-%d}",
            f"Sign in again with `temoin account login {account.name}`.",
        )
    _, used = words.gettext, ago(saved.used_at, words)
    parts = [_("%(account)s: the right account", account=account.name)]
    if saved.unconfirmed:
        parts = [_("%(account)s: nobody has confirmed whose account it is", account=account.name)]
    parts.append(_("last good use %(ago)s", ago=used) if used else _("not used yet"))
    if end:
        parts.append(_("runs out on %(day)s", day=words.short_date(end)))
    return ", ".join(parts)


def show_key() -> None:
    """Print the public line for exports to this machine."""
    typer.echo(str(vault_of(load_environment()).recipient()))


def new_key(lang: Lang = None) -> None:
    """
    Print a fresh TEMOIN_VAULT_KEY; it is kept nowhere.

    For a machine without a keyring, such as a CI job.
    """
    secret, public = made()
    said = words(lang, None).gettext(
        "On standard output, the secret to put into TEMOIN_VAULT_KEY. To seal a session for it: --to %(key)s",
        key=public,
    )
    say(said)
    typer.echo(secret)


def ago(time: datetime | None, words: Language) -> str:
    """How long ago it was; empty where it never was."""
    return "" if time is None else words.ago(time - datetime.now(UTC))
