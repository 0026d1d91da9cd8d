"""Signing a test account in with its name, password and code: one try and no tricks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pyotp
from loguru import logger
from playwright.async_api import BrowserContext, Error, Locator, Response
from pydantic import SecretStr

from automation.browser.traffic import without_query
from automation.core.errors import BrowserLost, CheckError, SiteUnreachable
from automation.core.verdicts import ChallengeKind, Reason
from automation.flow.site import Site
from automation.page import PageView
from automation.reading.walls import is_login
from automation.session.means import Credentials
from automation.session.page import (
    POLL_S,
    Requests,
    SignInPage,
    Sink,
    beside,
    buttons_of,
    password_fields,
)
from automation.text.labels import Labels

WRONG_PASSWORD = "the service did not accept the name and password; they were tried once"  # noqa: S105 - a sentence
NO_CODE = (
    "the service asks for a code, and the account's TOTP_SECRET is not the Base32 text of one: "
    "copy the key that the service shows beside its QR code"
)
CODE_REFUSED = (
    "the service did not accept the code made from TOTP_SECRET; it was given once. "
    "Is the secret this account's, and the second factor an app?"
)
NO_CODE_BUTTON = "the code is filled in, and which button of the page sends it cannot be told"
_PASSWORD = "input[type=password]:visible"  # noqa: S105 - a selector
_LOGIN_BUTTONS = ("button[type=submit]:visible", "input[type=submit]:visible")
_NAME_FIELDS = (
    "input[autocomplete~=username]",
    "input[name=email]",
    "input[name=username]",
    "input#email",
    "input[type=email]",
    "input[type=tel]",
    "input[type=text]",
    "input:not([type])",
)


async def _send_password(page: SignInPage, credentials: Credentials, timeout_s: float) -> None:
    """Wait for the form, decline optional cookies, fill it in and send it once; SignInStopped if it cannot be."""
    if not await _wait_for_form(page, timeout_s):
        return
    await _decline_cookies(page, await page.look())
    password = page.tab.locator(_PASSWORD).first
    name = await _name_field(page)
    mark = page.requests.mark()
    await name.fill(credentials.username.get_secret_value())
    await password.fill(credentials.password.get_secret_value())
    await password.press("Enter")
    if await page.something_left(mark):
        return
    # Some generations of the form do not send on Enter. The first press sent nothing, so this is still the one try.
    pressed = page.requests.mark()
    await _press_login(page)
    if not await page.something_left(mark):
        await page.stop_if_guarded(pressed, mark)


async def _stop_if_refused(page: SignInPage, view: PageView, since: float) -> None:
    """End where name and password, sent at `since`, were refused: known words, or the form again and empty."""
    fields = password_fields(view)
    emptied = bool(fields) and not any(field.filled for field in fields)
    said = page.words(view).with_english.find_word("sign_in.wrong", view.text())
    if said or (emptied and page.had_time(since)):
        await page.stop(Reason.LOGIN_REQUIRED, WRONG_PASSWORD)


async def _wait_for_form(page: SignInPage, timeout_s: float) -> bool:
    """Whether the form is there; False where somebody is signed in already."""
    deadline = time.monotonic() + timeout_s
    while not await page.tab.locator(_PASSWORD).count():
        view = await page.look()
        kind = page.asks(view)
        if kind is not None:
            await page.stop_at(kind)
        if await page.signed_in():
            return False
        if time.monotonic() > deadline:
            if view.busy() or not await page.is_loaded():
                await page.stop(Reason.TIMEOUT, f"the login page did not load within {timeout_s:g} s")
            await page.stop(Reason.NOT_RECOGNISED, "the login page shows no password field")
        await _decline_cookies(page, view)
        await asyncio.sleep(POLL_S)
    return True


async def _name_field(page: SignInPage) -> Locator:
    form = page.tab.locator("form:visible", has=page.tab.locator(_PASSWORD))
    scope = form.first if await form.count() else page.tab.locator("body")
    for selector in _NAME_FIELDS:
        found = scope.locator(f"{selector}:visible")
        if await found.count():
            return found.first
    return await page.stop(Reason.NOT_RECOGNISED, "the login page shows a password field and no field for the name")


async def _press_login(page: SignInPage) -> None:
    view = await page.look()
    inside = [f"form:has(input[type=password]) {selector}" for selector in _LOGIN_BUTTONS]
    if await page.press_only(*inside, *_LOGIN_BUTTONS):
        return
    fields = password_fields(view)
    field = fields[0] if len(fields) == 1 else None
    found = page.named("sign_in.submit", view) or beside(view, field, buttons_of(view))
    if found:
        await page.press(found[0])


async def _decline_cookies(page: SignInPage, view: PageView) -> None:
    """Decline what is optional, so that the form can be reached; in every language that has words for it."""
    found = page.named("cookies.decline", view, everywhere=True)
    if found:
        await page.press(found[0])
        await asyncio.sleep(POLL_S)


TOLERATED_S = 30.0
"""How far this machine's clock may be from the service's: one step of a code."""
_CODE_FIELDS = (
    "input[autocomplete=one-time-code]",
    "input[name=security_code]",
    "input[name=verification_code]",
    "input[name=code]",
    "input[inputmode=numeric]",
    "input[type=text]",
    "input[type=tel]",
    "input[type=number]",
    "input:not([type])",
)
_CODE_BUTTONS = ("button[type=submit]:visible, input[type=submit]:visible", "form [role=button]:visible")

Now = Callable[[], float]
"""Seconds since 1970, as `time.time`."""


class _Codes(pyotp.TOTP):
    min_secret_length_bits = 80  # some services hand out 16 letters; it is theirs to choose


class Clock:
    """This machine's clock, compared with the `Date` of what the service answers."""

    def __init__(self, now: Now = time.time) -> None:
        self._now = now
        self.ahead_s: float | None = None
        """How far this clock is ahead of the service's; None as long as it said no time."""

    def note(self, response: Response) -> None:
        """Take the time of an answer to a page or a data request; those from a cache are old."""
        headers = response.headers
        if response.request.resource_type not in {"document", "xhr", "fetch"} or "age" in headers:
            return
        try:
            said = parsedate_to_datetime(headers.get("date", ""))
        except ValueError:
            return
        if said.tzinfo is not None:
            self.ahead_s = self._now() - said.timestamp()

    def code(self, secret: SecretStr) -> str | None:
        """The code of this moment; None where the secret cannot be one."""
        try:
            text = "".join(secret.get_secret_value().replace("-", " ").split())
            return _Codes(text).at(datetime.fromtimestamp(self._now(), UTC))
        except ValueError:  # not Base32, or too short; its text is not passed on
            return None

    def complaint(self) -> str:
        """What is wrong with the clock, in one sentence; empty where nothing is known to be."""
        if self.ahead_s is None or abs(self.ahead_s) <= TOLERATED_S:
            return ""
        side = "ahead of the service's" if self.ahead_s > 0 else "behind the service's"
        return (
            f"this machine's clock is {abs(self.ahead_s):.0f} s {side}, so a code from TOTP_SECRET would "
            "be wrong and none was given: set the clock, best by NTP"
        )


async def give_code(page: SignInPage, secret: SecretStr, clock: Clock) -> bool:
    """Fill the code in and send it once; False where the page has no field for it yet. Raises SignInStopped."""
    field = await _code_field(page)
    if field is None:
        return False
    wrong = clock.complaint()
    if wrong:
        await page.stop_at(ChallengeKind.TWO_STEP, wrong)
    code = clock.code(secret)
    if code is None:
        await page.stop_at(ChallengeKind.TWO_STEP, NO_CODE)
    mark = page.requests.mark()
    await field.fill(code)
    await field.press("Enter")
    if await page.something_left(mark):
        return True
    if (
        await _code_field(page) is None
    ):  # the page went on after all: whatever button it shows now is another question's
        return True
    pressed = page.requests.mark()  # by now the page has also sent what it sends while somebody types
    await _press_send(page)
    if not await page.something_left(mark):
        await page.stop_if_guarded(pressed, mark)
    return True


async def _code_field(page: SignInPage) -> Locator | None:
    first, *others = _CODE_FIELDS
    own = (f'input[name="{name}"]' for name in page.site.sign_in.code_fields)
    for selector in (first, *own, *others):
        found = page.tab.locator(f"{selector}:visible")
        if await found.count():
            return found.first
    return None


async def _press_send(page: SignInPage) -> None:
    """Press what sends the code: the one submit, a button of known name, or the one button beside the field."""
    if await page.press_only(*_CODE_BUTTONS):
        return
    view = await page.look()  # looks from before the field was there may lack its buttons, too
    named = page.named("sign_in.send_code", view)
    fields = [node for node in view.shown_nodes() if node.tag == "INPUT" and node.role == "textbox"]
    field = fields[0] if len(fields) == 1 else None
    found = named if len(named) == 1 else beside(view, field, buttons_of(view))
    if not found:
        await page.stop_at(ChallengeKind.TWO_STEP, NO_CODE_BUTTON)
    await page.press(found[0])


_SETTLED_S = 0.6
"""How long a page must ask for the same thing: its words come after its address, and may tell another kind."""


@dataclass(eq=False, repr=False)
class PasswordSignIn:
    """One attempt to sign one account in."""

    context: BrowserContext
    """A guarded one of the session phase."""
    site: Site
    labels: Labels
    sink: Sink
    """Where the picture of a refusal goes."""
    requests: Requests
    """The guard's record."""
    timeout_s: float
    """How long to wait for a page, and for what comes of the password."""
    clock: Clock = field(default_factory=Clock, kw_only=True)
    """The one that codes are made by."""

    async def with_password(self, credentials: Credentials) -> Mapping[str, Any]:
        """
        Sign in once and return the storage state, IndexedDB included.

        The page stays open when this ends, however it ends: a person may go on from there.

        Raises:
            SignInStopped: the service refuses, or asks for what only a person may give; or the guard refused a request.
            SiteUnreachable, BrowserLost: the login page did not come, or the browser died.
        """
        tab = await self.context.new_page()
        tab.set_default_timeout(self.timeout_s * 1000)
        tab.on("response", self.clock.note)
        session = await self.context.new_cdp_session(tab)
        page = SignInPage(tab, session, self.site, self.labels, self.sink, self.requests)
        page.know(credentials.username.get_secret_value())
        try:
            await tab.goto(self.site.sign_in.url, wait_until="load")
            mark = self.requests.mark()
            await _send_password(page, credentials, self.timeout_s)
            await self._outcome(page, credentials, mark)
            return await self.context.storage_state(indexed_db=True)
        except Error as error:
            browser = self.context.browser
            if tab.is_closed() or browser is None or not browser.is_connected():
                raise BrowserLost("the browser or its tab is gone while signing in") from None
            raise SiteUnreachable(
                f"signing in at {without_query(self.site.sign_in.url)} did not finish", "Try again later."
            ) from CheckError(
                f"caused by {type(error).__name__}"  # without its text: Playwright's call log holds what was typed
            )

    async def _outcome(self, page: SignInPage, credentials: Credentials, mark: int) -> None:
        deadline = time.monotonic() + self.timeout_s
        code_given, sent_at = False, time.monotonic()
        before, since = None, sent_at
        while True:
            view = await self._seen(page)
            if view is None:
                continue
            asked = page.asks(view)
            on_code = page.is_at(view, self.site.sign_in.code_paths)
            refusal = CODE_REFUSED if on_code and code_given else ""
            if asked != before:
                before, since = asked, time.monotonic()
            if on_code and credentials.totp_secret is not None and not code_given:
                code_given = await give_code(page, credentials.totp_secret, self.clock)
                sent_at = time.monotonic()
            elif asked is None and not on_code and await page.signed_in():
                logger.debug("signed in")
                return
            elif not refusal or page.had_time(sent_at):
                if asked is not None and time.monotonic() - since >= _SETTLED_S:
                    await page.stop_at(asked, refusal)
                if asked is None and is_login(view, self.site):
                    await _stop_if_refused(page, view, sent_at)
            if time.monotonic() > deadline:
                await page.stop_if_guarded(mark)
                if asked is not None:
                    await page.stop_at(asked, refusal)
                await page.stop(Reason.LOGIN_REQUIRED, "signing in did not lead anywhere in time")
            await asyncio.sleep(POLL_S)

    async def _seen(self, page: SignInPage) -> PageView | None:
        """What the page shows; None, after a moment, where it is just changing."""
        try:
            return await page.look()
        except Error:
            if page.tab.is_closed():
                raise
            await asyncio.sleep(POLL_S)
            return None
