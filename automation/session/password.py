"""Signing a test account in with its name, password and code: one try and no tricks."""

from __future__ import annotations

import asyncio
import time
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.async_api import BrowserContext, Error

from automation.browser.traffic import without_query
from automation.core.errors import BrowserLost, SiteUnreachable
from automation.core.verdicts import Reason
from automation.reading.walls import is_login
from automation.session import login_form
from automation.session.page import POLL_S, SignInPage
from automation.session.second_factor import Clock, Now, give_code
from automation.session.stopped import CODE_REFUSED, without_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.flow.site import Site
    from automation.session.login_form import Credentials
    from automation.session.page import Requests, Sink
    from automation.text.labels import Labels

_SETTLED_S = 0.6
"""How long a page must ask for the same thing: its words come after its address, and may tell another kind."""


class PasswordSignIn:
    """
    One attempt to sign one account in.

    Args:
        context: a guarded one of the session phase.
        site: the service.
        labels: its words.
        sink: where the picture of a refusal goes.
        requests: the guard's record.
        timeout_s: how long to wait for a page, and for what comes of the password.
        now: the clock that codes are made by.
    """

    def __init__(
        self,
        context: BrowserContext,
        site: Site,
        labels: Labels,
        sink: Sink,
        requests: Requests,
        timeout_s: float,
        *,
        now: Now = time.time,
    ) -> None:
        self._context, self._site, self._labels = context, site, labels
        self._sink, self._requests, self._timeout_s = sink, requests, timeout_s
        self._clock = Clock(now)

    async def with_password(self, credentials: Credentials) -> Mapping[str, Any]:
        """
        Sign in once and return the storage state, IndexedDB included.

        The page stays open when this ends, however it ends: a person may go on from there.

        Raises:
            SignInStopped: the service asks for something that only a person may give, or refuses; or the guard
                refused what its page sent.
            SiteUnreachable: the login page did not come.
            BrowserLost: the browser died.
        """
        tab = await self._context.new_page()
        tab.set_default_timeout(self._timeout_s * 1000)
        tab.on("response", self._clock.note)
        session = await self._context.new_cdp_session(tab)
        page = SignInPage(tab, session, self._site, self._labels, self._sink, self._requests)
        page.know(credentials.username.get_secret_value())
        try:
            await tab.goto(self._site.sign_in.url, wait_until="load")
            mark = self._requests.mark()
            await login_form.send(page, credentials, self._timeout_s)
            await self._outcome(page, credentials, mark)
            return await self._context.storage_state(indexed_db=True)
        except Error as error:
            browser = self._context.browser
            if tab.is_closed() or browser is None or not browser.is_connected():
                raise BrowserLost("the browser or its tab is gone while signing in") from None
            raise SiteUnreachable(
                f"signing in at {without_query(self._site.sign_in.url)} did not finish", "Try again later."
            ) from without_values(error)

    async def _outcome(self, page: SignInPage, credentials: Credentials, mark: int) -> None:
        deadline = time.monotonic() + self._timeout_s
        code_given, sent_at = False, time.monotonic()
        before, since = None, sent_at
        while True:
            try:
                view = await page.look()
            except Error:
                if page.tab.is_closed():
                    raise
                await asyncio.sleep(POLL_S)
                continue
            on_code = any(fnmatchcase(view.path, pattern) for pattern in self._site.sign_in.code_paths)
            asked = page.asks(view)
            refusal = CODE_REFUSED if on_code and code_given else ""
            if asked != before:
                before, since = asked, time.monotonic()
            if on_code and credentials.totp_secret is not None and not code_given:
                code_given = await give_code(page, credentials.totp_secret, self._clock)
                sent_at = time.monotonic()
            elif asked is None and not on_code and await page.signed_in():
                logger.debug("signed in")
                return
            elif not (on_code and code_given) or page.had_time(sent_at):
                if asked is not None and time.monotonic() - since >= _SETTLED_S:
                    await page.stop_at(asked, refusal)
                if asked is None and is_login(view, self._site):
                    await login_form.stop_if_refused(page, view, sent_at)
            if time.monotonic() > deadline:
                await page.stop_if_guarded(mark)
                if asked is not None:
                    await page.stop_at(asked, refusal)
                await page.stop(Reason.LOGIN_REQUIRED, "signing in did not lead anywhere in time")
            await asyncio.sleep(POLL_S)
