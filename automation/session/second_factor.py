"""The code of a second factor: made from the account's secret, by a clock that is known to be right, given once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pyotp

from automation.core.verdicts import ChallengeKind
from automation.session.page import beside, buttons_of
from automation.session.stopped import NO_CODE, NO_CODE_BUTTON

if TYPE_CHECKING:
    from playwright.async_api import Locator, Response
    from pydantic import SecretStr

    from automation.page import Node, PageView
    from automation.session.page import SignInPage

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
_SUBMITS = ("button[type=submit]:visible, input[type=submit]:visible", "form [role=button]:visible")

Now = Callable[[], float]
"""Seconds since 1970, as `time.time`."""


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

    def moment(self) -> datetime:
        """Now, as this machine has it."""
        return datetime.fromtimestamp(self._now(), UTC)

    def complaint(self) -> str:
        """What is wrong with the clock, in one sentence; empty where nothing is known to be."""
        if self.ahead_s is None or abs(self.ahead_s) <= TOLERATED_S:
            return ""
        side = "ahead of" if self.ahead_s > 0 else "behind"
        return (
            f"this machine's clock is {abs(self.ahead_s):.0f} s {side} the service's, so a code from TOTP_SECRET "
            "would be wrong and none was given: set the clock, best by NTP"
        )


async def give_code(page: SignInPage, secret: SecretStr, clock: Clock) -> bool:
    """
    Fill the code in and send it once; False where the page has no field for it yet.

    Raises:
        SignInStopped: the secret is none, the clock is wrong, or the guard refused what the page sent.
    """
    field = await _field(page)
    if field is None:
        return False
    wrong = clock.complaint()
    if wrong:
        await page.stop_at(ChallengeKind.TWO_STEP, wrong)
    code = code_at(secret, clock.moment())
    if code is None:
        await page.stop_at(ChallengeKind.TWO_STEP, NO_CODE)
    mark = page.requests.mark()
    await field.fill(code)
    await field.press("Enter")
    if await page.something_left(mark):
        return True
    if await _field(page) is None:  # the page went on after all: whatever button it shows now is another question's
        return True
    pressed = page.requests.mark()  # by now the page has also sent what it sends while somebody types
    await _press_send(page)
    if not await page.something_left(mark):
        await page.stop_if_guarded(pressed, mark)
    return True


def code_at(secret: SecretStr, moment: datetime) -> str | None:
    """The code of a moment; None where the secret cannot be one."""
    try:
        return _Codes("".join(secret.get_secret_value().replace("-", " ").split())).at(moment)
    except ValueError:  # not Base32, or too short; its text is not passed on
        return None


class _Codes(pyotp.TOTP):
    min_secret_length_bits = 80  # some services hand out 16 letters; it is theirs to choose


async def _field(page: SignInPage) -> Locator | None:
    first, *others = _CODE_FIELDS
    own = (f'input[name="{name}"]' for name in page.site.sign_in.code_fields)
    for selector in (first, *own, *others):
        found = page.tab.locator(f"{selector}:visible")
        if await found.count():
            return found.first
    return None


async def _press_send(page: SignInPage) -> None:
    """Press what sends the code: the one submit, a button of known name, or the one button beside the field."""
    if await page.press_only(*_SUBMITS):
        return
    view = await page.look()  # looks from before the field was there may lack its buttons, too
    named = page.named("sign_in.send_code", view)
    found = named if len(named) == 1 else beside(view, _shown_field(view), buttons_of(view))
    if not found:
        await page.stop_at(ChallengeKind.TWO_STEP, NO_CODE_BUTTON)
    await page.press(found[0])


def _shown_field(view: PageView) -> Node | None:
    fields = [node for node in view.shown_nodes() if node.tag == "INPUT" and node.role == "textbox"]
    return fields[0] if len(fields) == 1 else None
