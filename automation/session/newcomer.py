"""Signing in to an account that is not configured yet: who it is is read at the window, for a person to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from automation.browser.snapshot import take
from automation.domain.verdicts import Reason
from automation.errors import BrowserLost, PageChanged
from automation.flow.site import embedded_values, who
from automation.session.attended import LIMIT_S, Attended, Tell

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from automation.flow.site import Site
    from automation.guard import Guard
    from automation.text.labels import Labels


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who has signed in, as the service's own data says."""

    identity: str = field(repr=False)
    """What the service calls the account."""
    names: tuple[str, ...] = field(repr=False)
    """The names that its pages give; none where they do not say."""
    picture: bytes = field(repr=False)
    """PNG of the page that said so, for the person at this machine alone; it is no evidence and is kept nowhere."""
    state: Mapping[str, Any] = field(repr=False)
    """The storage state."""


async def sign_in_newcomer(
    guard: Guard, site: Site, labels: Labels, *, tell: Tell, limit_s: float = LIMIT_S
) -> Newcomer:
    """
    Open the login page and wait until the service names one account, whichever it is.

    Raises:
        WindowClosed, SignInNeeded, BrowserLost: as `Attended.sign_in`.
        PageChanged (`wrong_account`): the page no longer names one account only.
    """
    window = _Window(guard, site, labels, None, tell=tell, limit_s=limit_s)
    state = await window.sign_in()
    return Newcomer(window.identity, window.names, window.picture, state)


class _Window(Attended):
    """Looks at who it is just before the session is taken over and the window closes."""

    identity: str
    names: tuple[str, ...]
    picture: bytes

    async def _keep(self, context: BrowserContext) -> Mapping[str, Any]:
        for page in reversed(context.pages):
            if await self._read(context, page):
                return await super()._keep(context)
        raise PageChanged(
            "the page no longer says which account is signed in", "Start again.", reason=Reason.WRONG_ACCOUNT
        )

    async def _read(self, context: BrowserContext, page: Page) -> bool:
        """Read who one tab names; false where it names nobody, or several."""
        try:
            session = await context.new_cdp_session(page)
            view = await take(page, session)
            cookies = await context.cookies([self._site.sign_in.home])
            picture = await page.screenshot(animations="disabled", caret="hide")
        except Error:
            if context.browser is None or not context.browser.is_connected():
                raise BrowserLost("the browser did not hand over the session", "Sign in again.") from None
            return False
        said = who(view, {cookie["name"]: cookie.get("value", "") for cookie in cookies}, self._site.identity)
        named = set(said.ids.values())
        if len(named) != 1:
            return False
        self.identity, self.picture = named.pop(), picture
        found = (name for source in self._site.masking.names for name in sorted(embedded_values(view, source)))
        self.names = tuple(dict.fromkeys(name.strip() for name in found if name.strip()))
        return True
