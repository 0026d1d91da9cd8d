"""
The person at the window: whose account is waited for, what they are told, and what they confirm.

Where the service's own data does not say whose account it is, a page is looked at twice, and the person confirms it in
Témoin's own tab, which stands beside the service's and says what the guard lets through there. What was found is shown
to the person and to nobody else; kept of it are HMACs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from playwright.async_api import BrowserContext, Error, Page

from automation.browser.snapshot import take
from automation.browser.viewer_answers import ViewerAnswers
from automation.core.records import RequestRecord
from automation.flow.site import Site, Who, who
from automation.reading.identity import AccountMarks, MarkKind, digests_of, marks_of
from automation.reading.walls import challenge_of, is_login
from automation.session.means import News, Say, Tell, Waiting
from automation.session.page import cookies_of, has_session, hosts_refused, writes_refused
from automation.session.saved import Confirmation, SigningBrowser
from automation.text.catalogue import N_
from automation.text.labels import Labels
from automation.text.page_words import PageWords

_STILL_S, _LIMIT_S, _POLL_S = 1.5, 20.0, 0.25
KINDS: Mapping[MarkKind, str] = {
    MarkKind.EMAIL: N_("E-mail address"),
    MarkKind.LOGIN: N_("User name"),
    MarkKind.NUMBER: N_("Number"),
    MarkKind.MENU: N_("Account menu"),
    MarkKind.NAME: N_("Name"),
    MarkKind.AVATAR: N_("Address of the picture"),
}
_ANSWER = "document.documentElement.dataset.answer || ''"
_PAGE = """<!doctype html><html><meta charset="utf-8"><title>Témoin</title>
<style>body{{font:17px/1.5 sans-serif;max-width:42em;margin:2em auto;padding:0 1em}} dt{{font-weight:bold}}
dd{{overflow-wrap:anywhere}} button{{font:inherit;padding:.5em 1em;margin-right:1em}}</style>
<h1>Témoin</h1>{body}"""
_BUTTON = "<button onclick=\"document.documentElement.dataset.answer='{answer}'\">{text}</button>"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a person's signing in at the window came to."""

    state: Mapping[str, Any] = field(repr=False)
    """As Playwright's storage state, IndexedDB included."""
    confirmation: Confirmation | None = None
    """None where the service's own data named the account."""
    browser: SigningBrowser | None = None


@dataclass(frozen=True, slots=True)
class LookedTwice:
    """What two loads of a page of the service showed."""

    signed_in: bool
    person: Who
    marks: AccountMarks
    """What was the same both times."""


@dataclass(eq=False, repr=False)
class OwnTab:
    """Témoin's tab in the person's window."""

    site: Site
    say: Say
    account: str
    """Its name in the configuration."""
    page: Page | None = None
    """The tab, once it is open."""

    async def open(self, context: BrowserContext) -> None:
        """Open it, with what the window may reach and the button that says that signing in is done."""
        self.page = await context.new_page()
        await self.begin()

    async def begin(self, note: str = "") -> None:
        """Show what is let through, and the button; with a note where something did not work."""
        _, hosts = self.say, ", ".join((*self.site.hosts, *self.site.sign_in.providers))
        lines = [
            _("Sign in to %(service)s as %(account)s in the other tab, in whatever way the service offers.",
              service=self.site.name, account=self.account),
            _("This window reaches these hosts only: %(hosts)s", hosts=hosts),
            _("Nothing that files an objection is let through. Everything else there is yours to do; nothing is typed "
              "or pressed for you."),
        ]  # fmt: skip
        body = f"<p><strong>{escape(note)}</strong></p>" if note else ""
        body += "".join(f"<p>{escape(line)}</p>" for line in lines)
        await self._show(body, {"done": _("I am signed in")})

    async def ask(self, marks: AccountMarks) -> None:
        """Show what was found, and ask whether it is the person's own account."""
        _ = self.say
        found = "".join(
            f"<dt>{escape(_(KINDS[kind]))}</dt>" + "".join(f"<dd>{escape(value)}</dd>" for value in sorted(values))
            for kind, values in marks.all.items()
        )
        question = _("Is this your account at %(service)s, the one called %(account)s in temoin.toml?",
                     service=self.site.name, account=self.account)  # fmt: skip
        nothing = _("No page names the account. Look at the other tab: whose account is it?")
        shown = _("Loaded twice, %(service)s showed both times:", service=self.site.name)
        body = f"<p>{escape(shown)}</p><dl>{found}</dl>" if found else f"<p>{escape(nothing)}</p>"
        kept = _("Kept of this are check sums that name nobody. Every check compares them.")
        await self._show(
            f"{body}<p><strong>{escape(question)}</strong></p><p>{escape(kept)}</p>",
            {"yes": _("Yes, this is my account"), "no": _("No")},
        )
        if self.page is not None:
            await self.page.bring_to_front()

    async def wait(self) -> None:
        """Say that the pages are being loaded."""
        _ = self.say
        moment = _("A moment: the page is loaded twice.")
        await self._show(f"<p>{escape(moment)}</p>", {})

    async def answer(self) -> str:
        """What the person pressed; empty where nothing, or where the tab is gone."""
        if self.page is None or self.page.is_closed():
            return ""
        try:
            return str(await self.page.evaluate(_ANSWER))
        except Error:
            return ""

    async def _show(self, body: str, buttons: Mapping[str, str]) -> None:
        made = (_BUTTON.format(answer=answer, text=escape(text)) for answer, text in buttons.items())
        if self.page is not None and not self.page.is_closed():
            with suppress(Error):
                await self.page.set_content(_PAGE.format(body=f"{body}<p>{''.join(made)}</p>"))


async def look_twice(context: BrowserContext, site: Site, labels: Labels) -> LookedTwice:
    """Load the service's page for somebody signed in twice, in a tab of its own, and say what both loads show."""
    page = await context.new_page()
    try:
        page.set_default_navigation_timeout(_LIMIT_S * 1000)
        viewer = ViewerAnswers(page, site)
        looks = []
        for again in (False, True):
            with suppress(Error):  # what does not come shows nothing
                await (page.reload() if again else page.goto(site.sign_in.home))
            looks.append(await _settled(page, viewer, site, labels))
    finally:
        with suppress(TimeoutError):  # a page that just gets another document may never say that it is closed
            async with asyncio.timeout(_LIMIT_S):
                await page.close()
    (first_in, _, first), (second_in, person, second) = looks
    return LookedTwice(first_in and second_in, person, first.same_over(second))


async def _settled(page: Page, viewer: ViewerAnswers, site: Site, labels: Labels) -> tuple[bool, Who, AccountMarks]:
    session = await page.context.new_cdp_session(page)
    deadline, since, before = time.monotonic() + _LIMIT_S, time.monotonic(), 0
    while True:
        try:
            view = await take(page, session, viewer)
        except Error:
            if page.is_closed() or time.monotonic() > deadline:
                raise
            await asyncio.sleep(_POLL_S)
            continue
        now, print_ = time.monotonic(), hash((view.fingerprint(), len(view.viewer)))
        if print_ != before:
            since, before = now, print_
        if now - since >= _STILL_S or now > deadline:
            break
        await asyncio.sleep(_POLL_S)
    cookies = await cookies_of(page.context, site)
    there = has_session(cookies, site)
    asked = challenge_of(view, None, site, PageWords.of(labels, view.locale))
    marks = marks_of(view, cookies, site.sign_in.session_cookies)
    # A settings page may hold a field for a new password; a page to sign in on shows nobody's account.
    wants_login = is_login(view, site) and not marks.page
    signed_in = there and site.owns(view.url) and asked is None and not wants_login
    return signed_in, who(view, cookies, site.identity), marks


def confirmed_now(marks: AccountMarks, key: bytes) -> Confirmation:
    """That a person, or the account's own name on the page, has just said whose account this is."""
    return Confirmation(datetime.now(UTC), digests_of(marks, key))


_MOST_REFUSALS = 12


class Told:
    """What has been told, so that nothing is told twice in a row."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._refusals: set[News] = set()
        self.last: News | None = None

    def say(self, news: News) -> None:
        """Tell what is waited for, where that has changed."""
        if news != self.last:
            self.last = news
            self._tell(news)

    def refused(self, records: Sequence[RequestRecord]) -> None:
        """Tell each refused request once, a dozen at most: a page that does not go on may be waiting for it."""
        found = [News(Waiting.REFUSED, what=what) for what in writes_refused(records)]
        found += [News(Waiting.OTHER_HOST, what=host) for host in hosts_refused(records)]
        for news in found:
            if news not in self._refusals and len(self._refusals) < _MOST_REFUSALS:
                self._refusals.add(news)
                self._tell(news)


@dataclass(frozen=True, slots=True)
class Whose:
    """The account that somebody is to sign in to."""

    identity: str | None = field(repr=False)
    """What the service calls it; never told, only compared. None: not known yet, and whoever signs in is right."""
    name: str = ""
    """As the configuration calls it."""
    key: bytes = field(default=b"", repr=False)
    """Of the HMACs that are kept of it."""
    kept: Confirmation | None = None
    """What was confirmed before; None where nothing was."""
