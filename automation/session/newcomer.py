"""Signing in to an account that is not configured yet: who it is is read at the window, for a person to confirm."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, Error, Page

from automation.browser.snapshot import take
from automation.core.errors import BrowserLost, PageChanged
from automation.core.verdicts import Reason
from automation.flow.site import Site, embedded_values, who
from automation.guard import Guard
from automation.reading.identity import MarkKind
from automation.session.attended import LIMIT_S, Attended
from automation.session.means import Say, Tell
from automation.session.page import cookies_of
from automation.session.person import SignedIn, Whose
from automation.session.saved import Confirmation
from automation.text.labels import Labels

_SHOWN = (MarkKind.NAME, MarkKind.EMAIL, MarkKind.LOGIN, MarkKind.MENU)
_TELLING = (MarkKind.EMAIL, MarkKind.LOGIN, MarkKind.NUMBER)
"""What the configuration calls an account that no data names; else something made up."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who has signed in, as the service's own data or its pages say."""

    identity: str = field(repr=False)
    """What the service calls the account; made up where its pages give nothing but what a person recognises."""
    names: tuple[str, ...] = field(repr=False)
    """What its pages call the person, to be shown to them; none where they do not say."""
    picture: bytes = field(repr=False)
    """PNG of the page that said so, for the person at this machine alone; it is no evidence and is kept nowhere."""
    signed_in: SignedIn


async def sign_in_newcomer(
    guard: Guard, site: Site, labels: Labels, whose: Whose, *, tell: Tell, say: Say, limit_s: float = LIMIT_S
) -> Newcomer:
    """
    Open the login page and wait until the service names one account, or the person says that they are signed in.

    Args: as `Attended`; `whose` has no identity, its name is what the window calls the account.
    Raises: as `Attended.sign_in`; and PageChanged (`wrong_account`), if the page no longer names one account only.
    """
    window = _Window(guard, site, labels, whose, tell=tell, say=say, limit_s=limit_s)
    signed_in = await window.sign_in()
    return Newcomer(window.identity, tuple(dict.fromkeys(window.names)), window.picture, signed_in)


class _Window(Attended):
    """Looks at who it is just before the session is taken over and the window closes."""

    identity: str
    names: tuple[str, ...] = ()
    picture: bytes

    async def _keep(self, context: BrowserContext, confirmation: Confirmation | None) -> SignedIn:
        pages = [page for page in reversed(context.pages) if page is not self._own_tab.page]
        if confirmation is not None and self._looked is not None:
            marks, named = self._looked.marks, set(self._looked.person.ids.values())
            if len(named) > 1:
                raise _nobody_named()
            self.names = tuple(value for kind in _SHOWN for value in sorted(marks.all.get(kind, ())))
            telling = (value for kind in _TELLING for value in sorted(marks.all.get(kind, ())))
            self.identity = named.pop() if named else next(telling, f"confirmed-{secrets.token_hex(6)}")
            self.picture = await _pictured(context, pages[0]) if pages else b""
            return await super()._keep(context, confirmation)
        for page in pages:
            if await self._read(context, page):
                return await super()._keep(context, None)
        raise _nobody_named()

    async def _read(self, context: BrowserContext, page: Page) -> bool:
        """Read who one tab names; false where it names nobody, or several."""
        picture = await _pictured(context, page)
        try:
            view = await take(page, await context.new_cdp_session(page))
            cookies = await cookies_of(context, self.site)
        except Error:
            return False
        named = set(who(view, cookies, self.site.identity).ids.values())
        if len(named) != 1:
            return False
        self.identity, self.picture = named.pop(), picture
        found = (name for source in self.site.masking.names for name in sorted(embedded_values(view, source)))
        self.names = tuple(name.strip() for name in found if name.strip())
        return True


async def _pictured(context: BrowserContext, page: Page) -> bytes:
    """What a tab shows; empty where it does not answer. Raises BrowserLost: the browser is gone."""
    try:
        return await page.screenshot(animations="disabled", caret="hide")
    except Error:
        if context.browser is None or not context.browser.is_connected():
            raise BrowserLost("the browser did not hand over the session", "Sign in again.") from None
        return b""


def _nobody_named() -> PageChanged:
    return PageChanged("the page does not say which account is signed in", "Start again.", reason=Reason.WRONG_ACCOUNT)
