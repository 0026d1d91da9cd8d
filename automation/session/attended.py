"""
Attended signing in: a window in which the person does everything, watched until it is the right account.

The program types nothing and presses nothing. It looks at the page from outside, says what it waits for, and ends
when the service's own data names the account and nobody else.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from enum import IntEnum
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page, Response

from automation.browser.capture.journal import browser_facts
from automation.browser.pool import context_options
from automation.browser.snapshot import take
from automation.core.errors import BrowserLost, PageChanged, SignInNeeded
from automation.core.verdicts import ChallengeKind, Reason
from automation.flow.site import Site, who
from automation.guard import Guard, Phase
from automation.page import PageView
from automation.reading.identity import KeptMarks, marks_of
from automation.reading.walls import is_login
from automation.session.means import News, Say, Tell, Waiting
from automation.session.page import asked_of_a_person, cookies_of, has_session
from automation.session.person import LookedTwice, OwnTab, SignedIn, Told, Whose, confirmed_now, look_twice
from automation.session.saved import Confirmation, SigningBrowser
from automation.session.signing_browser import is_windowed
from automation.text.catalogue import N_
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
    """One tab of the person's window, looked at from outside, and the status of the page that it shows."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._status: int | None = None
        page.on("response", self._note_status)

    def _note_status(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.request.frame.parent_frame is None:
            self._status = response.status

    async def look(self, site: Site, labels: Labels, identity: str | None) -> Seen:
        """Say how far the tab has come; without an identity whoever is named, and nobody else beside them, is right."""
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
        view = await take(self._page, self._session)
        return stage_of(view, self._status, await cookies_of(self._page.context, site), site, labels, identity)


def stage_of(
    view: PageView, status: int | None, cookies: dict[str, str], site: Site, labels: Labels, identity: str | None
) -> Seen:
    """How far a page and the service's cookies show that signing in has come."""
    asked = asked_of_a_person(view, status, site, labels)
    if asked is not None:
        return Seen(Stage.CHALLENGE, asked)
    known, signed_in, wants_login = bool(site.sign_in.session_cookies), has_session(cookies, site), is_login(view, site)
    if known and signed_in and wants_login:
        return Seen(Stage.CHALLENGE, ChallengeKind.REENTER_PASSWORD)
    if not signed_in or wants_login:
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


NOT_SIGNED_IN = N_("The service's page still asks to sign in. Sign in there first, then press the button.")
LIMIT_S = 600.0
"""How long a person has, where nothing else is said."""
_STEADY = 2
"""Looks in a row that must say the same before it is believed."""
_MOVE_ON_S = 8.0
"""How long a signed-in page that names nobody may stand before the home page, which does, is opened."""
_CLOSING_S = 15.0


class _SomebodyElse(Exception):
    """The window shows another account."""


@dataclass(eq=False, repr=False)
class Attended:
    """A person signs in, or goes on from what the service asked for."""

    guard: Guard
    """Of a browser that was started with a window."""
    site: Site
    labels: Labels
    whose: Whose
    """The account that is waited for."""
    _: KW_ONLY
    tell: Tell
    """Called with what is waited for, once for each change."""
    say: Say
    """Says the sentences in the window."""
    limit_s: float = LIMIT_S
    """How long the person has."""
    poll_s: float = 0.5
    """Between two looks at the window."""

    def __post_init__(self) -> None:
        self._told = Told(self.tell)
        self._own_tab = OwnTab(self.site, self.say, self.whose.name)
        self._asked: Confirmation | None = None
        self._looked: LookedTwice | None = None
        """What the person confirmed."""

    async def sign_in(self) -> SignedIn:
        """
        Open the login page and wait until the account is signed in; somebody else's session is thrown away.

        Raises:
            SignInNeeded: the person closed it, or time ran out; its `kind` is what was waited for last.
            BrowserLost: the browser died.
        """
        deadline = time.monotonic() + self.limit_s
        while True:
            try:
                return await self._in_new_context(self.site.sign_in.url, None, deadline)
            except _SomebodyElse:
                self._asked = None
                self._told.say(News(Waiting.WRONG_ACCOUNT))

    async def go_on(self, state: Mapping[str, Any], url: str) -> SignedIn:
        """
        Let the person solve what a check met: the session in a window of its own, at the address that asked.

        Raises: as `sign_in`; and PageChanged (`wrong_account`) where it is somebody else's session.
        """
        try:
            return await self._in_new_context(url, state, time.monotonic() + self.limit_s)
        except _SomebodyElse:
            raise _wrong_account() from None

    async def finish(self, context: BrowserContext) -> SignedIn:
        """Let the person solve what signing in met, in the context where it stands, which stays open; as `go_on`."""
        try:
            return await self._wait(context, time.monotonic() + self.limit_s)
        except _SomebodyElse:
            raise _wrong_account() from None

    async def _in_new_context(self, url: str, state: Mapping[str, Any] | None, deadline: float) -> SignedIn:
        options = context_options(no_viewport=True)
        for pinned in ("viewport", "device_scale_factor"):
            options.pop(pinned)  # the window is the person's: it has the size that they give it
        context = await self.guard.new_context(Phase.LOGIN, storage_state=state, **options)
        try:
            await self._own_tab.open(context)
            page = await context.new_page()
            with suppress(Error):  # a page that does not come shows that in the window, and the person can try again
                await page.goto(url, wait_until="commit")
            return await self._wait(context, deadline)
        finally:
            await close(self.guard, context, _CLOSING_S)

    async def _wait(self, context: BrowserContext, deadline: float) -> SignedIn:
        tabs: dict[Page, WatchedTab] = {}

        def watch(page: Page) -> None:
            if page is not self._own_tab.page:
                tabs.setdefault(page, WatchedTab(page))

        if self._own_tab.page is None:
            await self._own_tab.open(context)
            await context.pages[0].bring_to_front()
        context.on("page", watch)
        for page in context.pages:
            watch(page)
        mark, steady, before, nameless_since = self.guard.mark(), 0, None, 0.0
        while True:
            seen = await self._look(context, tabs)
            steady = steady + 1 if seen == before else 1
            before = seen
            if seen is not None and steady >= _STEADY:
                if seen.stage is Stage.DONE:
                    return await self._keep(context, None)
                if seen.stage is Stage.SOMEBODY_ELSE:
                    raise _SomebodyElse
                waiting = _WAITING[seen.stage]
                if waiting is Waiting.IDENTITY and not self._names_itself:
                    waiting = Waiting.CONFIRM
                if waiting is not Waiting.CONFIRM or self._asked is None:  # else they have been asked already
                    self._told.say(News(waiting, seen.challenge))
                nameless_since = await self._move_on(context, seen, nameless_since)
                if seen.stage in _UNDER_WAY:
                    self._told.refused(self.guard.since(mark))
            confirmed = await self._confirmed(context)
            if confirmed is not None:
                return await self._keep(context, confirmed)
            if time.monotonic() > deadline:
                raise SignInNeeded(
                    f"nobody was signed in as this account within {self.limit_s / 60:g} minutes",
                    "Start again when you have what the service asks for at hand.",
                    kind=self._told.last.challenge if self._told.last else None,
                )
            await asyncio.sleep(self.poll_s)

    async def _confirmed(self, context: BrowserContext) -> Confirmation | None:
        """Go on from what the person pressed in Témoin's own tab; the confirmation once there is one."""
        answer = await self._own_tab.answer()
        if answer == "yes":
            return self._asked
        if answer == "no":
            raise _SomebodyElse
        if answer != "done":
            return None
        await self._own_tab.wait()
        try:
            with self.guard.only_reading():  # the pages are opened by the program, not by the person
                looked = await look_twice(context, self.site, self.labels)
        except Error:
            _require_browser(context)
            await self._own_tab.begin()
            return None
        if not looked.signed_in:
            await self._own_tab.begin(self.say(NOT_SIGNED_IN))
            return None
        identity = self.whose.identity
        if identity is not None and not looked.person.nobody and not looked.person.is_only(identity):
            raise _SomebodyElse
        self._looked = looked
        self._asked = confirmed_now(looked.marks, self.whose.key)
        kept = self.whose.kept
        known = KeptMarks(kept.marks, self.whose.key).agree(looked.marks) if kept else None
        if known is False:
            raise _SomebodyElse
        if known or (identity is not None and looked.marks.name(identity)) or not looked.person.nobody:
            return self._asked
        if identity is None:  # whoever opened the window asks, with a picture of the page
            return self._asked
        await self._own_tab.ask(looked.marks)
        self._told.say(News(Waiting.ASKED))
        return None

    async def _look(self, context: BrowserContext, tabs: Mapping[Page, WatchedTab]) -> Seen | None:
        """What the window shows: the tab that has come furthest; None while a page is changing."""
        _require_browser(context)
        there = [tabs[page] for page in context.pages if page in tabs and not page.is_closed()]
        if not there:
            raise SignInNeeded(*_CLOSED)
        try:
            looks = [await tab.look(self.site, self.labels, self.whose.identity) for tab in there]
        except Error:
            return None
        return max(looks, key=lambda seen: seen.stage)

    async def _move_on(self, context: BrowserContext, seen: Seen, since: float) -> float:
        """Open the home page once a signed-in page has named nobody for a while; returns since when none did."""
        if seen.stage is not Stage.NAMELESS or not self._names_itself:
            return 0.0
        if not since:
            return time.monotonic()
        if time.monotonic() - since < _MOVE_ON_S:
            return since
        with suppress(Error):
            page = [page for page in context.pages if page is not self._own_tab.page][-1]
            await page.goto(self.site.sign_in.home, wait_until="commit")
        return time.monotonic()

    async def _keep(self, context: BrowserContext, confirmation: Confirmation | None) -> SignedIn:
        try:
            state = await context.storage_state(indexed_db=True)
            return SignedIn(state, confirmation, await _browser_of(context))
        except Error:
            _require_browser(context)
            if not context.pages:
                raise SignInNeeded(*_CLOSED) from None
            raise BrowserLost("the browser did not hand over the session", "Sign in again.") from None

    @property
    def _names_itself(self) -> bool:
        """Whether the service's own data says who is signed in, so that nobody has to be asked."""
        return bool(self.site.identity.names_somebody and self.site.sign_in.session_cookies)


_WAITING = {Stage.LOGIN: Waiting.SIGN_IN, Stage.CHALLENGE: Waiting.CHALLENGE, Stage.NAMELESS: Waiting.IDENTITY}
_UNDER_WAY = frozenset({Stage.LOGIN, Stage.CHALLENGE})
"""Once somebody is signed in, pages write by themselves, and every refusal is an everyday one."""
_CLOSED = ("the window was closed before the account was signed in", "Nothing was stored; start again.")


def _require_browser(context: BrowserContext) -> None:
    if context.browser is None or not context.browser.is_connected():
        raise SignInNeeded(*_CLOSED) from None


async def close(guard: Guard, context: BrowserContext, limit_s: float) -> None:
    """Close a context within a time; one whose tab does not answer is cut off and dies with its browser."""
    try:
        async with asyncio.timeout(limit_s):
            await guard.close_context(context)
    except TimeoutError:
        guard.sever()


def _wrong_account() -> PageChanged:
    return PageChanged(
        "the window shows another account than the one expected",
        "Check `identity` in temoin.toml and who is signed in.",
        reason=Reason.WRONG_ACCOUNT,
    )


async def _browser_of(context: BrowserContext) -> SigningBrowser | None:
    """What the browser says of itself; None where its tab does not answer."""
    page = next((page for page in reversed(context.pages) if not page.is_closed()), None)
    if page is None or context.browser is None:
        return None
    try:
        facts = await browser_facts(await context.new_cdp_session(page))
    except Error:
        return None
    window = facts.window.partition(" ")[0]
    version = context.browser.version
    told = (facts.user_agent, facts.languages, facts.time_zone, window)
    return SigningBrowser(facts.executable, version, *told, windowed=is_windowed(facts))
