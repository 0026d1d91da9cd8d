"""One tab of the person's window, looked at from outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from automation.browser.snapshot import take
from automation.core.verdicts import ChallengeKind
from automation.flow.site import who
from automation.reading.identity import marks_of
from automation.reading.walls import challenge_of, is_login
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page, Response

    from automation.flow.site import Site
    from automation.page import PageView
    from automation.text.labels import Labels


class Stage(IntEnum):
    """How far a tab has come; higher is further."""

    LOGIN = 0
    """Nobody is signed in."""
    CHALLENGE = 1
    """The service asks for something."""
    NAMELESS = 2
    """A session is there, and the page does not say whose."""
    SOMEBODY_ELSE = 3
    """The session, or the page, is another account's."""
    DONE = 4
    """The session and the page's own data name the account, and nobody else."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a tab shows."""

    stage: Stage
    challenge: ChallengeKind | None = None


class WatchedTab:
    """A tab, and the status of the page that it shows."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._status: int | None = None
        page.on("response", self._note_status)

    def _note_status(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.request.frame.parent_frame is None:
            self._status = response.status

    async def look(self, site: Site, labels: Labels, identity: str | None) -> Seen:
        """
        Say how far the tab has come; without an identity whoever is named, and nobody else beside them, is right.

        Raises:
            playwright.async_api.Error: it is gone, or just changing.
        """
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
        view = await take(self._page, self._session)
        cookies = await self._page.context.cookies([site.sign_in.home])
        values = {cookie["name"]: cookie.get("value", "") for cookie in cookies}
        return stage_of(view, self._status, values, site, labels, identity)


def stage_of(
    view: PageView, status: int | None, cookies: dict[str, str], site: Site, labels: Labels, identity: str | None
) -> Seen:
    """
    How far a page and the service's cookies show that signing in has come.

    An offer after signing in, such as keeping the login, stands in nobody's way: it is the person's to take or leave.
    """
    offered = any(fnmatchcase(view.path, pattern) for pattern in site.sign_in.skip_paths)
    asked = None if offered else challenge_of(view, status, site, PageWords.of(labels, view.locale))
    if asked is not None:
        return Seen(Stage.CHALLENGE, asked)
    known = bool(site.sign_in.session_cookies)
    signed_in = all(cookies.get(name) for name in site.sign_in.session_cookies)
    if known and signed_in and is_login(view, site):
        return Seen(Stage.CHALLENGE, ChallengeKind.REENTER_PASSWORD)
    if not signed_in or is_login(view, site):
        return Seen(Stage.LOGIN)
    if not known:
        return Seen(Stage.NAMELESS)  # no cookie tells a sign-in: the person says when it is done
    person = who(view, cookies, site.identity)
    named = set(person.ids.values())
    if len(named) > 1 and identity is None:
        return Seen(Stage.NAMELESS)
    if not named:
        by_marks = identity is not None and marks_of(view, cookies).name(identity)
        return Seen(Stage.DONE if by_marks and not site.identity.names_somebody else Stage.NAMELESS)
    if identity is not None and not person.is_only(identity):
        return Seen(Stage.SOMEBODY_ELSE)
    return Seen(Stage.DONE if person.by_page or not site.identity.embedded else Stage.NAMELESS)
