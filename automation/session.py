"""
The session phase: signing a test account in, with one try and no tricks.

What the service asks beyond name, password and a time-based code is the person's own business: it ends here,
with the reason and a picture. Nothing is solved, accepted or tried again.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import pyotp
from loguru import logger
from playwright.async_api import BrowserContext, CDPSession, Error, Locator, Page

from automation.errors import BrowserLost, CheckError, SignInNeeded, SiteUnreachable
from automation.pictures import picture_of
from automation.reader.gates import challenge_of, is_login
from automation.reader.snapshot import take
from automation.reader.traffic import without_query
from automation.verdicts import Reason
from automation.words import fold_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from automation.evidence import Artifact
    from automation.labels import Labels
    from automation.site import Site
    from automation.view import Node, PageView

_POLL_S = 0.15
_ENTER_PATIENCE_S = 2.5
_NAME_FIELDS = (
    "input[autocomplete~=username], input[name=email], input[name=username], input#email, input[type=email], "
    "input[type=tel], input[type=text], input:not([type])"
)
_CODE_FIELDS = (
    "input[autocomplete=one-time-code], input[name=approvals_code], input[name=verificationCode], "
    "input[name=security_code], input[name=verification_code], input[name=code], input[inputmode=numeric], "
    "input[type=text], input[type=tel], input[type=number], input:not([type])"
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


class Sink(Protocol):
    """Where the picture of a refusal goes."""

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Keep one file."""


class Requests(Protocol):
    """What the guard tells about requests that left."""

    def mark(self) -> int:
        """Now, as a number."""

    def since(self, mark: int) -> tuple[Any, ...]:
        """Records since then."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why signing in stopped, and its picture."""

    reason: Reason
    message: str
    picture: str | None
    url: str


class SignInStopped(SignInNeeded):
    """Signing in stopped; carries the picture of what the service showed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message, reason=trouble.reason)
        self.trouble = trouble


class SignIn:
    """One attempt to sign one account in."""

    def __init__(
        self,
        context: BrowserContext,
        site: Site,
        labels: Labels,
        sink: Sink,
        requests: Requests,
        timeout_s: float,
    ) -> None:
        self._context, self._site, self._labels = context, site, labels
        self._sink, self._requests, self._timeout_s = sink, requests, timeout_s
        self._status: int | None = None

    async def with_password(self, credentials: Credentials) -> Mapping[str, Any]:
        """
        Sign in once and return the storage state.

        Raises:
            SignInStopped: the service asks for something that only a person may give, or refuses.
            SiteUnreachable: the login page did not come.
            BrowserLost: the browser died.
        """
        page = await self._context.new_page()
        page.on("response", self._note_status)
        session = await self._context.new_cdp_session(page)
        try:
            await page.goto(self._site.sign_in.url, wait_until="load", timeout=self._timeout_s * 1000)
            await self._enter(page, session, credentials)
            await self._outcome(page, session, credentials)
            return await self._context.storage_state()
        except Error as error:
            browser = self._context.browser
            if page.is_closed() or browser is None or not browser.is_connected():
                raise BrowserLost("the browser or its tab is gone while signing in") from None
            raise SiteUnreachable(
                f"signing in at {without_query(self._site.sign_in.url)} did not finish", "Try again later."
            ) from _without_values(error)

    def _note_status(self, response: Any) -> None:
        if response.request.is_navigation_request() and response.request.frame.parent_frame is None:
            self._status = response.status

    # -- the form -------------------------------------------------------------------------------------------

    async def _enter(self, page: Page, session: CDPSession, credentials: Credentials) -> None:
        deadline = time.monotonic() + self._timeout_s
        password = page.locator("input[type=password]:visible").first
        while not await password.count():
            view = await take(page, session)
            await self._stop_at_challenge(page, view)
            if await self._signed_in():
                return
            if time.monotonic() > deadline:
                await self._stop(page, Reason.NOT_RECOGNISED, "the login page shows no password field")
            await self._decline_cookies(page, view)
            await asyncio.sleep(_POLL_S)
        await self._decline_cookies(page, await take(page, session))
        name = await self._name_field(page, password)
        mark = self._requests.mark()
        await name.fill(credentials.username.get_secret_value(), timeout=self._timeout_s * 1000)
        await password.fill(credentials.password.get_secret_value(), timeout=self._timeout_s * 1000)
        await password.press("Enter")
        if not await self._something_left(mark):
            # Some generations of the form do not send on Enter. The first press sent nothing, so this is
            # still the one try.
            await self._press_login(page, session, mark)

    async def _name_field(self, page: Page, password: Locator) -> Locator:
        form = page.locator("form:visible", has=page.locator("input[type=password]:visible"))
        scope = form.first if await form.count() else page.locator("body")
        for selector in _NAME_FIELDS.split(", "):
            found = scope.locator(f"{selector}:visible")
            if await found.count():
                return found.first
        view_problem = "the login page shows a password field and no field for the name"
        await self._stop(page, Reason.NOT_RECOGNISED, view_problem)
        return password  # not reached: _stop raises

    async def _press_login(self, page: Page, session: CDPSession, mark: int) -> None:
        view = await take(page, session)
        names = {n for loc in {view.locale, "en"} for n in self._labels.names("sign_in.submit", loc)}
        inside = page.locator("form:visible", has=page.locator("input[type=password]"))
        for scope in (inside, page.locator("body")):
            for kind in ("button[type=submit]:visible", "input[type=submit]:visible"):
                if await scope.locator(kind).count() == 1:
                    await scope.locator(kind).click()
                    await self._something_left(mark)
                    return
        buttons = [n for n in view.shown_nodes() if n.role == "button" and n.name]
        named = [n for n in buttons if fold_label(n.name) in names] or _beside_password(view, buttons)
        if named:
            await page.get_by_role("button", name=named[0].name, exact=True).first.click()
            await self._something_left(mark)

    async def _something_left(self, mark: int) -> bool:
        """Whether a request for signing in left since the mark."""
        deadline = time.monotonic() + _ENTER_PATIENCE_S
        while time.monotonic() < deadline:
            if any(r.method not in {"GET", "HEAD"} and r.allowed for r in self._requests.since(mark)):
                return True
            if await self._signed_in():
                return True
            await asyncio.sleep(_POLL_S)
        return False

    async def _decline_cookies(self, page: Page, view: PageView) -> None:
        """Decline what is optional, so that the form can be reached; in every language that has words for it."""
        names = {
            name
            for locale in self._labels.languages("cookies.decline")
            for name in self._labels.names("cookies.decline", locale)
        }
        for node in view.shown_nodes():
            if node.role == "button" and fold_label(node.name) in names:
                await page.get_by_role("button", name=node.name, exact=True).first.click(timeout=self._timeout_s * 1000)
                await asyncio.sleep(_POLL_S)
                return

    # -- what came of it ------------------------------------------------------------------------------------

    async def _outcome(self, page: Page, session: CDPSession, credentials: Credentials) -> None:
        deadline = time.monotonic() + self._timeout_s
        code_given = False
        quiet_since = time.monotonic()
        while True:
            try:
                view = await take(page, session)
            except Error:
                if page.is_closed():
                    raise
                await asyncio.sleep(_POLL_S)
                continue
            on_code = any(fnmatchcase(view.path, p) for p in self._site.sign_in.code_paths)
            if on_code and credentials.totp_secret is not None and not code_given:
                code_given = await self._give_code(page, credentials.totp_secret)
                quiet_since = time.monotonic()
            elif await self._signed_in() and not on_code and not self._still_asked(view):
                logger.debug("signed in")
                return
            elif not (on_code and code_given and time.monotonic() - quiet_since < _ENTER_PATIENCE_S):
                await self._stop_at_challenge(page, view)
                await self._stop_if_refused(page, view, quiet_since)
            if time.monotonic() > deadline:
                await self._stop(page, Reason.LOGIN_REQUIRED, "signing in did not lead anywhere in time")
            await asyncio.sleep(_POLL_S)

    def _still_asked(self, view: PageView) -> bool:
        skipped = any(fnmatchcase(view.path, p) for p in self._site.sign_in.skip_paths)
        return not skipped and challenge_of(view, self._status, self._site, self._labels, view.locale) is not None

    async def _give_code(self, page: Page, secret: SecretStr) -> bool:
        for selector in _CODE_FIELDS.split(", "):
            found = page.locator(f"{selector}:visible")
            if await found.count():
                code = _code_now(secret)
                if code is None:
                    await self._stop(page, Reason.TWO_FACTOR, _NO_CODE)
                mark = self._requests.mark()
                await found.first.fill(code)
                await found.first.press("Enter")
                if not await self._something_left(mark):
                    submit = page.locator("button[type=submit]:visible, input[type=submit]:visible")
                    buttons = submit if await submit.count() == 1 else page.locator("form [role=button]:visible")
                    if await buttons.count() == 1:
                        await buttons.first.click()
                        await self._something_left(mark)
                return True
        return False

    async def _signed_in(self) -> bool:
        cookies = {c["name"]: c.get("value", "") for c in await self._context.cookies([self._site.sign_in.home])}
        return all(cookies.get(name) for name in self._site.sign_in.session_cookies)

    async def _stop_at_challenge(self, page: Page, view: PageView) -> None:
        if any(fnmatchcase(view.path, p) for p in self._site.sign_in.skip_paths):
            return
        reason = challenge_of(view, self._status, self._site, self._labels, view.locale)
        if reason is not None:
            await self._stop(page, reason, _MESSAGES.get(reason, "the service asks for something"))

    async def _stop_if_refused(self, page: Page, view: PageView, since: float) -> None:
        """A wrong password: known words, or the form again and empty after an answer."""
        if not is_login(view, self._site):
            return
        text = view.text()
        if self._labels.find_word("sign_in.wrong", view.locale or "en", text) or self._labels.find_word(
            "sign_in.wrong", "en", text
        ):
            await self._stop(page, Reason.LOGIN_REQUIRED, _WRONG)
        passwords = [n for n in view.shown_nodes() if n.attributes.get("type", "").lower() == "password"]
        emptied = bool(passwords) and not any(n.filled for n in passwords)
        if emptied and time.monotonic() - since > _ENTER_PATIENCE_S:
            await self._stop(page, Reason.LOGIN_REQUIRED, _WRONG)

    async def _stop(self, page: Page, reason: Reason, message: str) -> NoReturn:
        data = await picture_of(page)
        picture = self._sink.add("pictures/sign-in.png", data, "picture", "image/png").path if data else None
        raise SignInStopped(Trouble(reason, message, picture, without_query(page.url)))


def _beside_password(view: PageView, buttons: list[Node]) -> list[Node]:
    """
    The one button after the password field in the smallest group that has any; empty where that is not one.

    For the languages in which no source gives the button's name.
    """
    secret = [n for n in view.shown_nodes() if n.attributes.get("type", "").lower() == "password"]
    if len(secret) != 1:
        return []
    for ancestor in view.ancestors(secret[0].index):
        after = [
            b for b in buttons if b.tag != "A" and b.index > secret[0].index and view.is_inside(b.index, ancestor.index)
        ]
        if after:
            return after if len(after) == 1 else []
    return []


_WRONG = "the service did not accept the name and password; they were tried once"
_NO_CODE = (
    "the service asks for a code, and the account's TOTP_SECRET is not the Base32 text of one: "
    "copy the key that the service shows beside its QR code"
)
_MESSAGES = {
    Reason.TWO_FACTOR: "the service asks for a second factor that is not at hand",
    Reason.CHALLENGE: "the service wants a person to confirm something",
    Reason.BLOCKED: "the service has suspended or disabled the account",
    Reason.RATE_LIMITED: "the service asks to wait",
    Reason.REAUTH: "the service asks for the password again",
}


class _Codes(pyotp.TOTP):
    min_secret_length_bits = 80  # some services hand out 16 letters; it is theirs to choose


def _code_now(secret: SecretStr) -> str | None:
    """The code of this moment; None where the secret cannot be one."""
    try:
        return _Codes("".join(secret.get_secret_value().replace("-", " ").split())).now()
    except ValueError:  # not Base32, or too short; its text is not passed on
        return None


def _without_values(error: Exception) -> CheckError:
    """The cause without its text: Playwright's call log holds what was typed."""
    return CheckError(f"caused by {type(error).__name__}")
