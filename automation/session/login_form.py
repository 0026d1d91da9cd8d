"""The form for name and password, of every generation: filled in and sent once."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from automation.core.verdicts import Reason
from automation.session.page import POLL_S, beside, buttons_of, password_fields
from automation.session.stopped import WRONG_PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Locator
    from pydantic import SecretStr

    from automation.page import PageView
    from automation.session.page import SignInPage

_PASSWORD = "input[type=password]:visible"  # noqa: S105 - a selector
_SUBMITS = ("button[type=submit]:visible", "input[type=submit]:visible")
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


class Credentials(Protocol):
    """What the environment holds for one account."""

    @property
    def username(self) -> SecretStr:
        """Name or e-mail address."""

    @property
    def password(self) -> SecretStr:
        """Password."""

    @property
    def totp_secret(self) -> SecretStr | None:
        """Base32 secret of the time-based codes; None without."""


async def send(page: SignInPage, credentials: Credentials, timeout_s: float) -> None:
    """
    Wait for the form, decline optional cookies, fill it in and send it once.

    Raises:
        SignInStopped: something else is asked for, there is no form, or the guard refused what it sent.
    """
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


async def stop_if_refused(page: SignInPage, view: PageView, since: float) -> None:
    """
    End where name and password were refused: known words, or the form again and empty after an answer.

    Args:
        page: which shows a login form.
        view: what it shows.
        since: when the form was sent, as `time.monotonic()`.

    Raises:
        SignInStopped: with `login_required`.
    """
    text = view.text()
    if page.words(view).with_english.find_word("sign_in.wrong", text):
        await page.stop(Reason.LOGIN_REQUIRED, WRONG_PASSWORD)
    fields = password_fields(view)
    emptied = bool(fields) and not any(field.filled for field in fields)
    if emptied and page.had_time(since):
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
    inside = [f"form:has(input[type=password]) {selector}" for selector in _SUBMITS]
    if await page.press_only(*inside, *_SUBMITS):
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
