"""The window of `temoin flow record`, signing in to it, and whose account it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Page

from automation.authoring.live_page import Picker
from automation.authoring.refused_reads import RefusedReads
from automation.browser.pool import context_options
from automation.browser.snapshot import take
from automation.cli.terminal import Terminal
from automation.core.errors import ConfigurationError, FlowError
from automation.flow import Flow
from automation.flow.site import Site
from automation.guard import Guard, Phase
from automation.page import PageView
from automation.reports.names import RULES
from automation.session.page import writes_refused
from automation.text.catalogue import N_
from automation.text.labels import Labels
from automation.text.language import Language


@dataclass(frozen=True)
class Beginning:
    """What is known before the window opens."""

    url: str
    site: Site
    labels: Labels
    identity: str = field(repr=False)
    """Empty where it is not known."""
    state: Mapping[str, Any] | None = field(repr=False)
    """A saved session."""
    signs_in: bool
    """Whether the person signs in first."""
    known: Flow | None
    """The flow of that name that there is already."""
    is_form: bool
    """Whether it is a form that is answered in an inbox, and not one control."""


@dataclass(frozen=True)
class Window:
    """A guarded window with one account in it, and the person before it."""

    context: BrowserContext
    terminal: Terminal
    guard: Guard
    site: Site
    labels: Labels
    identity: str = field(repr=False)
    """Empty where it is not known."""

    @property
    def page(self) -> Page:
        """The tab that was opened last."""
        return [page for page in self.context.pages if not page.is_closed()][-1]

    async def view(self) -> PageView:
        """What it shows."""
        return await take(self.page, await self.context.new_cdp_session(self.page))

    async def clicked(self, text: str) -> tuple[PageView, int]:
        """The page, and the node that the person clicks once they were told something; the click does not reach it."""
        session = await self.context.new_cdp_session(self.page)
        async with Picker(self.page, session) as picker:
            self.terminal.say(text)
            picked = await self.terminal.wait(picker.picked())
            return await take(self.page, session), picked


@asynccontextmanager
async def opened(
    guard: Guard, phase: Any, words: Language, *, state: Mapping[str, Any] | None = None
) -> AsyncIterator[tuple[BrowserContext, Terminal]]:
    """
    A context in a window of the size that the person gives it, and their terminal, which ends with its last tab.

    Raises: as `Guard.new_context`.
    """
    options = {**context_options(no_viewport=True), "storage_state": state}
    for pinned in ("viewport", "device_scale_factor"):
        options.pop(pinned)
    context = await guard.new_context(phase, **options)
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def leave(*_: object) -> None:
        if not gone.done() and not [page for page in context.pages if not page.is_closed()]:
            gone.set_result(None)

    context.on("page", lambda page: page.on("close", leave))
    context.on("close", leave)
    try:
        yield context, Terminal(words, gone)
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(15):
                await guard.close_context(context)
        guard.sever()


async def signed_in(guard: Guard, site: Site, words: Language) -> Mapping[str, Any]:
    """
    Let the person sign in; only the requests that the service's file lists for it may be sent.

    The session is kept in memory and nowhere else. Raises SignInNeeded: the window was closed.
    """
    async with opened(guard, Phase.LOGIN, words) as (context, terminal):
        mark = guard.mark()
        await go(await context.new_page(), site.sign_in.url)
        await terminal.ask(
            words.gettext(
                "Sign in to %(service)s in the window. When you are signed in, press Enter here.", service=site.name
            )
        )
        for refused in writes_refused(guard.since(mark)):
            said = words.gettext(
                "not sent: %(what)s (no obstacle if you are signed in; else begin again with --sign-in and its path)",
                what=refused,
            )
            terminal.say(f"  {said}")
        return await context.storage_state(indexed_db=True)


async def go(page: Page, url: str) -> None:
    """Open an address in a tab."""
    with suppress(Error):  # a page that does not come shows that in the window, and the person can try again
        await page.goto(url, wait_until="commit")


async def private_words(terminal: Terminal) -> tuple[str, ...]:
    """What the pages call the person. Raises ConfigurationError: the window shows another account than they mean."""
    _ = terminal.words.gettext
    seen = await terminal.choose(_("Does the window show the account that you mean?"), (_("yes"), _("no")))
    if seen:
        raise ConfigurationError(
            "nobody is signed in as the account that is meant",
            "Use --account with a saved session, or --sign-in with the path that the login form sends to.",
        )
    said = await terminal.ask(
        _("What do the pages call you? Name, user name, e-mail, with commas between (never written to a file):")
    )
    return tuple(dict.fromkeys(part.strip() for part in said.split(",") if len(part.strip()) > 1))


def address_of(shown: str, given: str, site: Site) -> str:
    """
    The address of the page; a query only where the person gave it themselves: it may hold anything.

    Raises FlowError: it is not the service's.
    """
    parts = urlsplit(shown)
    plain = parts._replace(query="").geturl()
    address = given if urlsplit(given)._replace(query="").geturl() == plain else plain
    if not site.owns(address):
        raise FlowError(f"{parts.hostname}: this page is not on a host of the service", "Name the host with --host.")
    return address


@asynccontextmanager
async def telling_refused(
    reads: RefusedReads, words: Language, say: Callable[[str], object], file: Path | None = None
) -> AsyncIterator[None]:  # fmt: skip
    """Say it at the end, whatever the end is: where a page did not show what it should, this may be why."""
    try:
        yield
    finally:
        tell_refused(reads, words, say, file)


def tell_refused(
    reads: RefusedReads, words: Language, say: Callable[[str], object], file: Path | None = None
) -> None:  # fmt: skip
    """Say for each page what it was refused, by name; then the rules to be added, once a person knows better."""
    _ = words.gettext
    where = str(file) if file else _("the service's site.toml")
    for page, found in reads.by_page.items():
        say(_("Refused to %(page)s, and perhaps a read that it needs:", page=page))
        for read, count in sorted(found.items(), key=lambda item: (item[0].host, item[0].path, item[0].operation)):
            name = f" {read.operation}" if read.operation else ""
            name += f" ({', '.join(read.fields)})" if read.fields else ""
            times = f" ×{count}" if count > 1 else ""
            why = [_(RULES.get(read.reason, read.reason)), *(() if read.rules else (_("no rule lets it through"),))]
            say(f"  {read.method} {read.host}{read.path}{name}{times}: {'; '.join(why)}")
    for tables, head in (
        (reads.rules, N_("To be added to %(file)s, if you know that these change nothing:")),
        (reads.left_out, N_("To be added to %(file)s, if you know that what the page shows does not come by these:")),
    ):
        if tables:
            say(_(head, file=where))
        for table, lines in tables.items():
            for line in (f"[{table}]", *lines) if table else lines:
                say(f"  {line}")
