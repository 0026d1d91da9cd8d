"""A person at a service's own window: signing in to an account, or to one that is yet to be added, and whose it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import async_playwright

from automation.app.setup import cooldown, flow_of, identity_key, vault_of
from automation.browser.environment.machine import ThisMachine
from automation.browser.pool import context_options, launched
from automation.config import Settings
from automation.core.accounts import Account, AccountKind, subject
from automation.core.errors import NoSession, SessionUnusable
from automation.core.settings import BrowserSettings
from automation.flow import Flow
from automation.guard import Guard, GuardPolicy, Phase
from automation.reports.messages import CHALLENGES
from automation.session.attended import Attended
from automation.session.means import News
from automation.session.newcomer import Newcomer, sign_in_newcomer
from automation.session.person import LookedTwice, SignedIn, Whose, look_twice
from automation.session.saved import SavedSession
from automation.session.signing_browser import require_window
from automation.session.vault import Vault
from automation.text.catalogue import N_
from automation.text.language import Language


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of an account before they sign in; everything else is read."""

    flow: str
    owner: str
    kind: AccountKind
    page: str | None = None
    """The Page that a `page_admin` looks after."""
    protected: bool = True
    """Whether content is to be kept out of training; else only where it stands is of interest."""


@asynccontextmanager
async def guarded(flow: Flow, browser: BrowserSettings) -> AsyncIterator[Guard]:
    """A browser that only lets through what the service's own file allows."""
    guard = Guard(
        GuardPolicy.parse(flow.site.tables), replica_map=dict(browser.replica_map) or None, proxy=browser.proxy
    )
    async with async_playwright() as playwright, launched(playwright, browser, guard):
        yield guard


async def signed_in(
    flow: Flow, settings: Settings, wish: Wish, words: Language, tell: Callable[[News], None], limit_s: float
) -> Newcomer:
    """
    Open the service's window for an account that is not configured yet, let the person sign in, and read who they are.

    Raises CheckError: nobody was signed in; the message says why.
    """
    whose = Whose(None, wish.owner, identity_key(settings))
    async with guarded(flow, replace(settings.browser, headless=False)) as guard:
        return await sign_in_newcomer(
            guard, flow.site, flow.labels, whose, tell=tell, say=words.gettext, limit_s=limit_s
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

    Raises CheckError: nobody was signed in; ConfigurationError, VaultError, OutputError: there is no screen, or the
    session cannot be kept.
    """
    require_window(settings.browser, ThisMachine())
    account = settings.accounts[0]
    flow, vault, key = flow_of(account, settings), vault_of(settings), identity_key(settings)

    def tell(news: News) -> None:
        say(news_line(news, account.name, flow.site.name, words))

    async def work() -> SignedIn:
        whose = Whose(account.identity, account.name, key)
        async with guarded(flow, replace(settings.browser, headless=False)) as guard:
            return await Attended(
                guard, flow.site, flow.labels, whose, tell=tell, say=words.gettext, limit_s=limit_s
            ).sign_in()

    holder = vault.holder(account.entries)
    with vault.locked(holder):
        vault.recipient()  # a keyring that does not work is told before somebody signs in, not after
        vault.store(session_of(holder, account.service, subject(account.identity, key), run(work())))
        cooldown().succeeded(account.name)


def session_of(holder: str, service: str, whose: str, signed_in: SignedIn) -> SavedSession:
    """What is kept of a sign-in, for the account, or the group of accounts, that holds it."""
    return SavedSession(
        account=holder,
        service=service,
        subject=whose,
        stored_at=datetime.now(UTC),
        used_at=None,
        storage_state=signed_in.state,
        confirmation=signed_in.confirmation,
        browser=signed_in.browser,
    )


async def looked_twice(flow: Flow, saved: SavedSession, settings: Settings) -> LookedTwice:
    """What the service's page shows, loaded twice with a saved session."""
    async with guarded(flow, settings.browser) as guard:
        context = await guard.new_context(Phase.CHECK, **context_options(storage_state=saved.storage_state))
        try:
            return await look_twice(context, flow.site, flow.labels)
        finally:
            await guard.close_context(context)


_WAITING = {
    "sign_in": N_("Sign in to %(service)s in the window, as %(account)s. Everything there is yours to do."),
    "identity": N_("Somebody is signed in; waiting for a page that says who."),
    "confirm": N_(
        "When you are signed in, go to the tab called Témoin in that window, press the button there, and say whether "
        "what it shows is your account."
    ),
    "asked": N_("Answer in the tab called Témoin: is what it shows your account?"),
    "wrong_account": N_(
        "That was another account than %(account)s. Its session is dropped; sign in with the right one."
    ),
    "refused": N_("The guard refused: %(what)s. If the window does not go on, report this line."),
    "other_host": N_(
        "The page asks for %(what)s, which is not %(service)s's own and stays closed. "
        "If something is missing in the window, such as a captcha, pass it in your own browser first."
    ),
}


def news_line(news: News, account: str, service: str, words: Language) -> str:
    """What is waited for, in one line for a person; the account's name is that of the configuration, never theirs."""
    if news.challenge is not None:
        asked = words.gettext(CHALLENGES[news.challenge].meaning)
        return words.gettext("%(asked)s Your turn, in the window.", asked=asked)
    return words.gettext(_WAITING[news.waiting.value], account=account, service=service, what=news.what)


def require_same(saved: SavedSession, account: Account, subject: str, name: str) -> None:
    """Make sure that a session is one of an account. Raises SessionUnusable: it is not."""
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


def is_newer(vault: Vault, offered: SavedSession) -> bool:
    """Whether the vault's own session of that account was signed in or used no earlier than the offered one."""
    try:
        here = vault.load(offered.account)
    except NoSession:
        return False
    except SessionUnusable as error:
        raise SessionUnusable(error.message, "Correct that, or import with --replace.") from None

    def recency(saved: SavedSession) -> tuple[datetime, datetime]:
        return saved.stored_at, saved.used_at or saved.stored_at

    return here.subject == offered.subject and recency(here) >= recency(offered)
