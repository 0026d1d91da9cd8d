"""`temoin login`: sign in once, in a window, and keep the session sealed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.flow import Flow
    from automation.session import News, SignedIn
    from automation.text.language import Language

_INCOMPLETE, _FAULT = 3, 4


def login(
    ctx: typer.Context,
    account: Annotated[str, typer.Argument(help="The account to sign in, by its name in temoin.toml.")],
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    minutes: Annotated[float, typer.Option(min=0.1, max=120, help="How long to wait for you.")] = 10.0,
    lang: Lang = None,
) -> None:
    """
    Sign in to an account yourself, in a window, and keep the session.

    Nothing is typed or pressed for you. The session is stored once the service names the right account.
    """
    from automation.cli.shared.common import load_settings, run_async, words
    from automation.core.errors import CheckError

    if config is None and not Path("temoin.toml").exists():
        from automation.cli.init.command import init

        missing = words(lang, None).gettext("There is no temoin.toml in this folder, so `temoin init` begins one.")
        typer.echo(missing, err=True)
        init(ctx, minutes=minutes, lang=lang)
        return
    settings = load_settings(config, (account,))
    told = words(lang, settings)
    try:
        keep_session(settings, told, 60 * minutes, say=partial(typer.echo, err=True), run=run_async)
    except CheckError as error:
        _tell_stopped(error, told)
        raise typer.Exit(_FAULT if error.reason.value == "guard_blocked" else _INCOMPLETE) from None
    typer.echo(
        told.gettext(
            "%(account)s: signed in, and it is the right account. The session is stored, encrypted.", account=account
        )
    )


def keep_session(
    settings: Settings,
    words: Language,
    limit_s: float,
    *,
    say: Callable[[str], object],
    run: Callable[[Coroutine[Any, Any, SignedIn]], SignedIn],
) -> None:
    """
    Let a person sign in at the window to the only account of a configuration, and keep the session.

    Args:
        settings: of one account.
        words: of the person.
        limit_s: how long they have.
        say: told what is waited for.
        run: runs the engine.

    Raises:
        CheckError: nobody was signed in.
        ConfigurationError, VaultError, OutputError: there is no screen, or the session cannot be kept.
    """
    from automation.browser.environment.machine import ThisMachine
    from automation.cli.shared.places import cooldown, vault_of
    from automation.session import require_screen

    require_screen(ThisMachine())
    chosen = settings.accounts[0]
    flow, vault = _flow_of(chosen, settings), vault_of(settings)
    holder = vault.holder(chosen.entries)
    with vault.locked(holder):
        vault.recipient()  # a keyring that does not work is told before somebody signs in, not after
        signed_in = run(_signed_in(chosen, flow, settings, limit_s, words, say))
        vault.store(_saved(chosen, holder, settings, signed_in))
        cooldown().succeeded(chosen.name)


def _flow_of(account: Account, settings: Settings) -> Flow:
    from automation.cli.shared.known_flows import flow_of

    return flow_of(account, settings)


async def _signed_in(
    account: Account,
    flow: Flow,
    settings: Settings,
    limit_s: float,
    words: Language,
    say: Callable[[str], object],
) -> SignedIn:
    from dataclasses import replace

    from playwright.async_api import async_playwright

    from automation.browser.pool import launched
    from automation.cli.shared.places import identity_key
    from automation.guard import Guard, GuardPolicy
    from automation.session import Attended, Whose

    browser = replace(settings.browser, headless=False)
    guard = Guard(
        GuardPolicy.parse(flow.site.tables), replica_map=dict(browser.replica_map) or None, proxy=browser.proxy
    )

    def tell(news: News) -> None:
        from automation.cli.shared.waiting import said

        say(said(news, account.name, flow.site.name, words))

    async with async_playwright() as playwright, launched(playwright, browser, guard):
        whose = Whose(account.identity, account.name, identity_key(settings))
        attended = Attended(guard, flow.site, flow.labels, whose, tell=tell, say=words.gettext, limit_s=limit_s)
        return await attended.sign_in()


def _saved(account: Account, holder: str, settings: Settings, signed_in: SignedIn) -> Any:
    from datetime import UTC, datetime

    from automation.cli.shared.places import identity_key
    from automation.core.accounts import subject
    from automation.session.vault import SavedSession

    return SavedSession(
        account=holder,
        service=account.service,
        subject=subject(account.identity, identity_key(settings)),
        stored_at=datetime.now(UTC),
        used_at=None,
        storage_state=signed_in.state,
        confirmation=signed_in.confirmation,
        browser=signed_in.browser,
    )


def _tell_stopped(error: Any, words: Language) -> None:
    """Why nobody is signed in; nothing was stored."""
    from automation.cli.shared import logs

    typer.echo(logs.redact(words.gettext("No session: %(text)s", text=words.said(error.message))), err=True)
    if error.remedy:
        typer.echo(f"  → {words.said(error.remedy)}", err=True)
