"""The session that one account keeps between checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.async_api import Error

from automation.core.accounts import Account, SignInMethod
from automation.core.errors import NoSession, OutputError, SessionUnusable, VaultError
from automation.flow.site import decoded
from automation.session.vault import SavedSession, Vault

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

    from automation.flow.site import Site
    from automation.session.confirming import SignedIn


class KeptSession:
    """
    One account's session in the vault.

    Args:
        account: whose.
        subject: HMAC of its identity.
        site: the service.
        vault: whose lock on the account is held.
    """

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
        """
        The session that a person saved.

        Raises:
            NoSession, SessionUnusable: there is none that could be used.
            VaultError: its key is missing.
        """
        saved = self._vault.load(self._holder, self._subject)
        end = self._end_of(saved)
        if end is not None and end <= datetime.now(UTC):
            raise SessionUnusable(
                f"{self._account.name}: the saved session ran out on {end:%Y-%m-%d}",
                f"Sign in again with `temoin login {self._account.name}`.",
            )
        self.saved = saved
        return saved

    def open_spare(self) -> SavedSession | None:
        """
        The session that a sign-in with the password left; None where one has to sign in anew.

        A file that cannot be opened is no reason not to check, and stays as it is: nothing is put in its place.
        """
        try:
            saved = self._vault.load(self._holder, self._subject)
            end = self._end_of(saved)
        except NoSession:
            return None
        except (SessionUnusable, VaultError) as trouble:
            logger.warning("{}; signing in with the password, and keeping no session", trouble.message)
            self._may_replace = False
            return None
        if end is None or end > datetime.now(UTC):
            self.saved = saved
        return self.saved

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
            cookies = {c["name"]: c["value"] for c in await context.cookies([self._site.sign_in.home])}
        except Error as error:
            logger.warning("the session could not be read back ({}); the saved one stays", type(error).__name__)
            return
        if not self._is_own(cookies):
            logger.warning("the check ended without a sign-in of this account; the saved session stays as it was")
            return
        now, account = datetime.now(UTC), self._account
        saved = self.saved or SavedSession(self._holder, account.service, self._subject, now, now, state)
        saved = replace(saved, storage_state=state, used_at=now, **self._renewed())
        if account.sign_in is SignInMethod.SESSION:
            self._vault.store(saved)
        elif self._may_replace and self._names_it(cookies):
            try:
                self._vault.store(saved)
            except (VaultError, OutputError) as trouble:
                logger.debug("no session is kept for the next check: {}", trouble.message)

    def _renewed(self) -> dict[str, Any]:
        """What a person at the window confirmed during this check, where one sat there."""
        if self.anew is None:
            return {}
        found = {"confirmation": self.anew.confirmation, "browser": self.anew.browser}
        return {"unconfirmed": False} | {key: value for key, value in found.items() if value is not None}

    def _end_of(self, saved: SavedSession) -> datetime | None:
        return saved.runs_out_at(self._site.sign_in.session_cookies)

    def _is_own(self, cookies: Mapping[str, str]) -> bool:
        """Whether the service's cookies are a sign-in, and name nobody but this account."""
        named = {decoded(cookies[name]) for name in self._site.identity.cookies if cookies.get(name)}
        return named <= {self._account.identity.strip()} and all(
            cookies.get(name) for name in self._site.sign_in.session_cookies
        )

    def _names_it(self, cookies: Mapping[str, str]) -> bool:
        """Whether a cookie names the account: no person was there to see who signed in."""
        return any(cookies.get(name) for name in self._site.identity.cookies)
