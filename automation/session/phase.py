"""
The session phase of one check: where the account's session comes from, and where it goes afterwards.

From the vault, where a person put it; or from one sign-in with name and password, unless the vault still has what an
earlier one left. In a visible window the person may go on from whatever the service asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from loguru import logger
from playwright.async_api import BrowserContext, Error

from automation.browser.pool import context_options
from automation.core.accounts import Account, SignInMethod
from automation.core.errors import (
    CheckError,
    GuardBreach,
    NoSession,
    OutputError,
    SessionUnusable,
    SignInNeeded,
    VaultError,
    during,
)
from automation.core.verdicts import Owner, Reason
from automation.flow.site import Site, decoded
from automation.guard import Guard, Phase
from automation.reading.identity import KeptMarks
from automation.session.attended import Attended, close
from automation.session.means import SIGN_IN, Credentials, Means
from automation.session.page import Sink, cookies_of, has_session
from automation.session.password import PasswordSignIn as Password
from automation.session.person import SignedIn, Whose
from automation.session.saved import Confirmation, SavedSession, SigningBrowser
from automation.session.vault import Vault
from automation.text.labels import Labels


class KeptSession:
    """One account's session in the vault, whose lock on the account is held."""

    def __init__(self, account: Account, subject: str, site: Site, vault: Vault) -> None:
        self._account, self._subject, self._site, self._vault = account, subject, site, vault
        self._holder = vault.holder(account.entries)
        self.saved: SavedSession | None = None
        """The one that the check is made with; None where somebody has just signed in."""
        self.anew: SignedIn | None = None
        """What a person signed in, or went on with, during this very check."""
        self._may_replace = True

    @property
    def is_first_use(self) -> bool:
        """Whether no check has been made with this sign-in yet."""
        return self.anew is not None or self.saved is None or self.saved.used_at is None

    def open(self) -> SavedSession:
        """The session that a person saved. Raises NoSession, SessionUnusable; VaultError where its key is missing."""
        saved, end = self._loaded()
        if end is not None:
            raise SessionUnusable(
                f"{self._account.name}: the saved session ran out on {end:%Y-%m-%d}",
                f"Sign in again with `temoin account login {self._account.name}`.",
            )
        self.saved = saved
        return saved

    def open_spare(self) -> SavedSession | None:
        """
        The session that a sign-in with the password left; None where one has to sign in anew.

        A file that cannot be opened is no reason not to check, and stays as it is: nothing is put in its place.
        """
        try:
            saved, end = self._loaded()
        except NoSession:
            return None
        except (SessionUnusable, VaultError) as trouble:
            logger.warning("{}; signing in with the password, and keeping no session", trouble.message)
            self._may_replace = False
            return None
        if end is None:
            self.saved = saved
        return self.saved

    def _loaded(self) -> tuple[SavedSession, datetime | None]:
        """What the vault holds, and when it ran out; None while it lasts."""
        saved = self._vault.load(self._holder, self._subject)
        end = saved.runs_out_at(self._site.sign_in.session_cookies)
        return saved, end if end is not None and end <= datetime.now(UTC) else None

    async def put_back(self, context: BrowserContext) -> None:
        """
        Keep the session as the service has left it; call it once the end of the check named the account.

        What a service renews during a check (cookies, tokens) would otherwise be lost, and the saved session die. What
        is no sign-in of this account any more, by its cookies at this very moment, is not kept. A machine that has no
        key for sessions keeps none of a sign-in with the password, which can be made again.

        Raises:
            VaultError, OutputError: a session that a person saved cannot be written back.
        """
        try:
            state = await context.storage_state(indexed_db=True)
            cookies = await cookies_of(context, self._site)
        except Error as error:
            logger.warning("the session could not be read back ({}); the saved one stays", type(error).__name__)
            return
        account = self._account
        named = {decoded(cookies[name]) for name in self._site.identity.cookies if cookies.get(name)}
        if not named <= {account.identity.strip()} or not has_session(cookies, self._site):
            logger.warning("the check ended without a sign-in of this account; the saved session stays as it was")
            return
        now = datetime.now(UTC)
        saved = self.saved or SavedSession(self._holder, account.service, self._subject, now, now, state)
        saved = replace(saved, storage_state=state, used_at=now)
        if self.anew is not None:  # what a person at the window confirmed during this check
            confirmation, browser = self.anew.confirmation or saved.confirmation, self.anew.browser or saved.browser
            saved = replace(saved, unconfirmed=False, confirmation=confirmation, browser=browser)
        if account.sign_in is SignInMethod.SESSION:
            self._vault.store(saved)
        elif self._may_replace and named:  # no person was there to see who signed in
            try:
                self._vault.store(saved)
            except (VaultError, OutputError) as trouble:
                logger.debug("no session is kept for the next check: {}", trouble.message)


@dataclass(eq=False, repr=False)
class SessionPhase:
    """One account's way to a session."""

    account: Account
    subject: str
    """HMAC of its identity."""
    site: Site
    labels: Labels
    guard: Guard
    """Of the browser; no context of it may be open."""
    sink: Sink
    """Where the picture of a refusal goes."""
    means: Means
    credentials: Credentials | None
    """Name and password, where the account signs in with them."""
    timeout_s: float
    """How long to wait for a page."""
    key: bytes = field(default=b"", repr=False)
    """Of the HMACs that are kept of whom a page shows."""
    closing_s: float = 15.0
    """Within which a context closes; then it is cut off."""

    def __post_init__(self) -> None:
        self._kept = KeptSession(self.account, self.subject, self.site, self.means.vault)

    @property
    def confirmed(self) -> str | None:
        """ISO date on which a person saw who is signed in and saved this session; None where nobody did."""
        if self._kept.anew is not None:
            return datetime.now(UTC).date().isoformat()
        saved = self._kept.saved if self.account.sign_in is SignInMethod.SESSION else None
        return saved.confirmed_on if saved else None

    @property
    def marks(self) -> KeptMarks | None:
        """What the person confirmed then, to be compared with the pages; None where nothing was kept."""
        confirmation = self._confirmation
        return KeptMarks(confirmation.marks, self.key) if confirmation and confirmation.marks else None

    @property
    def browser(self) -> SigningBrowser | None:
        """The browser that the person signed in with; None where that is not known."""
        if self._kept.anew is not None:
            return self._kept.anew.browser
        return self._kept.saved.browser if self._kept.saved else None

    @property
    def is_first_use(self) -> bool:
        """Whether no check has been made with this sign-in yet."""
        return self._kept.is_first_use

    @property
    def _confirmation(self) -> Confirmation | None:
        anew, saved = self._kept.anew, self._kept.saved
        return (anew.confirmation if anew else None) or (saved.confirmation if saved else None)

    async def begin(self) -> Mapping[str, Any]:
        """
        A session to look at the account with, as Playwright's storage state.

        Raises:
            SignInNeeded: there is none, or the service asks for something that only a person may give.
            SiteUnreachable, BrowserLost, VaultError: signing in did not get through, or the vault's key is missing.
        """
        with during(SIGN_IN):
            if self.account.sign_in is SignInMethod.SESSION:
                try:
                    return self._kept.open().storage_state
                except (NoSession, SessionUnusable):
                    attended = self._attended()
                    if attended is None:
                        raise
                    self._kept.anew = await attended.sign_in()
                    return self._kept.anew.state
            handed_on = (self.means.handed_on or {}).get(self.account.name)
            if handed_on is not None:
                return handed_on
            spare = self._kept.open_spare()
            return spare.storage_state if spare else await self._with_password()

    async def go_on(self, stopped: SignInNeeded, state: Mapping[str, Any], url: str) -> Mapping[str, Any]:
        """
        Go on from what stopped the check: let the person solve it, or sign in where a kept session has ended.

        With the password this is the one try of the check. Where neither helps, what stopped it is raised again.
        `state` is the session that the check was made with, `url` where the service asked.
        """
        by_password = self.account.sign_in is SignInMethod.PASSWORD
        if by_password and self._kept.saved and stopped.reason is Reason.LOGIN_REQUIRED:
            logger.info("the kept session has ended; signing in")
            self._kept.saved = None
            with during(SIGN_IN):
                return await self._with_password()
        attended = self._attended(stopped)
        if attended is None:
            raise stopped
        logger.info("a person goes on from {}", stopped.kind or stopped.reason)
        self._kept.anew = await attended.go_on(state, url)
        return self._kept.anew.state

    async def keep(self, context: BrowserContext) -> None:
        """Put the session back as the service has left it; see `KeptSession.put_back`."""
        await self._kept.put_back(context)

    async def _with_password(self) -> Mapping[str, Any]:
        if self.credentials is None:
            raise SignInNeeded(
                f"{self.account.name}: no name and password are set for this account",
                "Set its TEMOIN_SECRETS__… variables, or use a saved session.",
            )
        if not self.site.sign_in.password:
            raise SignInNeeded(
                f"{self.account.name}: no source says how to sign in to {self.site.name} with name and password",
                f'Set sign_in = "session" and sign in yourself: temoin account login {self.account.name}',
            )
        self._refuse_while_cooling()
        mark = self.guard.mark()
        async with self._context() as context:
            way = Password(context, self.site, self.labels, self.sink, self.guard, self.timeout_s)
            try:
                state = await way.with_password(self.credentials)
            except SignInNeeded as stopped:
                attended = self._attended(stopped)
                if attended is None:
                    self._remember(stopped.reason, mark)
                    raise
                self._kept.anew = await attended.finish(context)
                state = self._kept.anew.state
            except CheckError as lost:
                self._remember(lost.reason, mark)
                raise
            except (GuardBreach, asyncio.CancelledError):  # out of time, or broken off: the password may have left
                self._remember(Reason.TIMEOUT, mark)
                raise
        self.means.cooldown.succeeded(self.account.name)
        if self.means.handed_on is not None:
            self.means.handed_on[self.account.name] = state
        return state

    def _refuse_while_cooling(self) -> None:
        name = self.account.name
        left = self.means.cooldown.remaining(name, datetime.now(UTC))
        if left is None or self.means.attended is not None:
            return
        last = self.means.cooldown.last(name)
        raise SignInNeeded(
            f"{name}: signing in failed lately ({last.reason if last else 'unknown'}), "
            f"and is not tried again for {_in_words(left)}",
            f"Check name, password and what the service shows, then run `temoin account logout {name}` to try now.",
        )

    def _remember(self, reason: Reason, mark: int) -> None:
        """A try counts when the service refused it, or when it left and nobody knows what came of it."""
        sent = any(r.allowed and r.method not in {"GET", "HEAD"} for r in self.guard.since(mark))
        if sent or reason.owner is Owner.ACCOUNT_HOLDER:
            self.means.cooldown.failed(self.account.name, reason.value, datetime.now(UTC))

    @asynccontextmanager
    async def _context(self) -> AsyncIterator[BrowserContext]:
        # A person may answer what the service asks, with the writes that this needs; a program may not.
        phase = Phase.SESSION if self.means.attended is None else Phase.LOGIN
        context = await self.guard.new_context(phase, **context_options())
        try:
            yield context
        finally:
            await close(self.guard, context, self.closing_s)

    def _attended(self, stopped: SignInNeeded | None = None) -> Attended | None:
        """The watch over the person's window; None where nobody sits there, or nobody could go on from this."""
        means, tell = self.means, self.means.attended
        if stopped is None:
            can_go_on = True
        elif stopped.kind is not None:
            can_go_on = stopped.kind.solvable
        else:  # not what the guard refuses
            can_go_on = stopped.reason.owner is Owner.ACCOUNT_HOLDER
        if tell is None or not can_go_on:
            return None
        account, service = self.account, self.site.name
        return Attended(
            self.guard,
            self.site,
            self.labels,
            Whose(account.identity, account.name, self.key, self._confirmation),
            tell=lambda news: tell(account.name, service, news),
            say=means.say,
            limit_s=means.limit_s,
        )


def _in_words(left: timedelta) -> str:
    minutes = max(1, round(left.total_seconds() / 60))
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
