"""`temoin session confirm`: say once whose account a saved session is, where no page names it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.asking import agrees
from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.flow import Flow
    from automation.session.confirming import LookedTwice
    from automation.session.vault import SavedSession
    from automation.text.language import Language

_INCOMPLETE = 3


def confirm(
    account: Annotated[str, typer.Argument(help="The account whose session it is to be, by its name in temoin.toml.")],
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    lang: Lang = None,
) -> None:
    """
    Load the service's page twice with the saved session, and say whether what it shows is your account.

    Kept are HMACs of what named you both times; every check compares them.
    """
    from dataclasses import replace

    from automation.cli.shared.common import load_settings, run_async, words
    from automation.cli.shared.known_flows import flow_of
    from automation.cli.shared.places import identity_key, vault_of
    from automation.core.accounts import subject
    from automation.session.confirming import confirmed_now

    settings = load_settings(config, (account,), for_signing_in=False)
    told, chosen, vault = words(lang, settings), settings.accounts[0], vault_of(settings)
    flow, key = flow_of(chosen, settings), identity_key(settings)
    holder = vault.holder(chosen.entries)
    with vault.locked(holder):
        saved = vault.load(holder, subject(chosen.identity, key))
        looked = run_async(_looked(flow, saved, settings))
        _require_right(looked, chosen, flow, told)
        if looked.person.nobody and not looked.marks.name(chosen.identity):
            _ask(looked, chosen, flow, told)
        vault.store(replace(saved, confirmation=confirmed_now(looked.marks, key), unconfirmed=False))
    typer.echo(told.gettext("%(account)s: confirmed. Every check compares it.", account=account))


async def _looked(flow: Flow, saved: SavedSession, settings: Settings) -> LookedTwice:
    from playwright.async_api import async_playwright

    from automation.browser.pool import context_options, launched
    from automation.guard import Guard, GuardPolicy, Phase
    from automation.session.confirming import look_twice

    guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=dict(settings.browser.replica_map) or None)
    async with async_playwright() as playwright, launched(playwright, settings.browser, guard):
        context = await guard.new_context(Phase.CHECK, **context_options(storage_state=saved.storage_state))
        try:
            return await look_twice(context, flow.site, flow.labels)
        finally:
            await guard.close_context(context)


def _require_right(looked: LookedTwice, account: Account, flow: Flow, words: Language) -> None:
    """End where nobody is signed in, or where the service names somebody else."""
    _ = words.gettext
    if not looked.signed_in:
        typer.echo(_("%(service)s asks to sign in: the session has ended.", service=flow.site.name), err=True)
    elif not looked.person.nobody and not looked.person.is_only(account.identity):
        typer.echo(_("%(service)s names another account than %(account)s.", service=flow.site.name,
                     account=account.name), err=True)  # fmt: skip
    else:
        return
    typer.echo(f"  → temoin login {account.name}", err=True)
    raise typer.Exit(_INCOMPLETE)


def _ask(looked: LookedTwice, account: Account, flow: Flow, words: Language) -> None:
    """Show what was found, on the terminal alone, and ask; ends the command where it is not the person's account."""
    from automation.session.confirming import KINDS

    _ = words.gettext
    if looked.marks:
        typer.echo(_("Loaded twice, %(service)s showed both times:", service=flow.site.name), err=True)
    else:
        typer.echo(_("No page names the account. Look in a browser with this session: whose account is it?"), err=True)
    for kind, values in looked.marks.all.items():
        for value in sorted(values):
            typer.echo(f"  {_(KINDS[kind])}: {value}", err=True)
    question = _("Is this your account at %(service)s, the one called %(account)s in temoin.toml?",
                 service=flow.site.name, account=account.name)  # fmt: skip
    if not agrees(question, words):
        typer.echo(_("Nothing was confirmed."), err=True)
        raise typer.Exit(_INCOMPLETE)
