"""The window of `temoin flows record`: signing in, walking to the setting, pointing at it, saying what it means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error

from automation.authoring.recorder.picking import Picker
from automation.authoring.recorder.proposal import Proposal, propose
from automation.authoring.recorder.writing import Draft
from automation.browser.capture import Masks
from automation.cli.shared.terminal import Terminal
from automation.errors import ConfigurationError, FlowError
from automation.flow.site import Site
from automation.guard import Guard
from automation.reading.control.by_label import may_reveal
from automation.text.labels import Labels

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.flow.control_table import Meaning
    from automation.reader import Reader
    from automation.text.language import Language

_TRIES = 5
_MEANINGS: tuple[Meaning, ...] = ("trains", "protects")


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


@asynccontextmanager
async def opened(
    guard: Guard, phase: Any, words: Language, *, state: Mapping[str, Any] | None = None
) -> AsyncIterator[tuple[BrowserContext, Terminal]]:
    """
    A context in a window of the size that the person gives it, and their terminal, which ends with its last tab.

    Raises: as `Guard.new_context`.
    """
    from automation.browser.pool import context_options

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

    Returns:
        The session, which is kept in memory and nowhere else.

    Raises:
        SignInNeeded: the window was closed.
    """
    from automation.guard import Phase
    from automation.session.refusals import writes_refused

    async with opened(guard, Phase.LOGIN, words) as (context, terminal):
        mark = guard.mark()
        await _go(await context.new_page(), site.sign_in.url)
        await terminal.ask(
            words.gettext(
                "Sign in to %(service)s in the window. When you are signed in, press Enter here.", service=site.name
            )
        )
        for refused in writes_refused(guard.since(mark)):
            said = words.gettext("refused: %(what)s (if signing in needs it: --sign-in with its path)", what=refused)
            terminal.say(f"  {said}")
        return await context.storage_state(indexed_db=True)


async def draft_of(window: Window, name: str, url: str) -> tuple[Draft, Masks, tuple[str, ...]]:
    """
    Everything that the person shows and says of the setting.

    Args:
        window: where they are signed in.
        name: of the flow.
        url: where they begin.

    Returns:
        What to write; the rules for what may not be written; what they said names them.

    Raises:
        SignInNeeded: the window was closed.
        FlowError, ConfigurationError: what they show cannot be read, or nobody is signed in.
    """
    from automation.browser.snapshot import take

    terminal = window.terminal
    await _go(await window.context.new_page(), url)
    private = await _private(terminal)
    await terminal.ask(
        terminal.words.gettext(
            "Walk to the setting in the window: links and menus work, nothing that is sent gets out. "
            "When you see it, press Enter here."
        )
    )
    page = window.page
    masks = Masks(window.site.masking, window.labels, ids=[window.identity, *private])
    session = await window.context.new_cdp_session(page)
    control = await _pointed_at(terminal, page, session)
    view = await take(page, session)
    draft = Draft(
        name=name,
        title=window.site.name,
        url=_address(page.url, url, window.site),
        locale=view.locale,
        on=datetime.now(UTC).date(),
        control=control,
        section=await _section(terminal, control),
        meaning={},
        unnamed=not _names_people(window.site),
    )
    return await _with_meaning(terminal, draft), masks, private


async def one_more_step(window: Window, draft: Draft, reader: Reader) -> Draft:
    """
    Ask what has to be opened first: the address alone did not show the setting.

    Raises:
        FlowError: what they point at is no link, tab or expander.
    """
    terminal, view = window.terminal, reader.page.view if reader.page else None
    page = window.page
    session = await window.context.new_cdp_session(page)
    async with Picker(page, session) as picker:
        terminal.say(
            terminal.words.gettext(
                "Opened anew by its address, the page does not show the setting. In the new tab, click what has to be "
                "opened first. The click does not reach the page."
            )
        )
        picked = await terminal.wait(picker.picked())
    node = next((n for n in view.nodes if n.backend_id == picked), None) if view else None
    if view is not None and node is not None:
        for around in [node, *view.ancestors(node.index)]:
            if around.name and may_reveal(view, around):
                return replace(draft, reveal=(*draft.reveal, around.name))
    raise FlowError(
        "what you clicked is not a link, a tab or an expander that only shows more",
        "Start again, or give an address by --url at which the setting shows at once.",
    )


async def _go(page: Page, url: str) -> None:
    with suppress(Error):  # a page that does not come shows that in the window, and the person can try again
        await page.goto(url, wait_until="commit")


async def _private(terminal: Terminal) -> tuple[str, ...]:
    """
    What the pages call the person.

    Raises:
        ConfigurationError: the window shows another account than they mean.
    """
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


async def _pointed_at(terminal: Terminal, page: Page, session: CDPSession) -> Proposal:
    from automation.browser.snapshot import take

    words = terminal.words
    for _ in range(_TRIES):
        async with Picker(page, session) as picker:
            terminal.say(
                words.gettext("Now click the setting's name in the window. The click does not reach the page.")
            )
            picked = await terminal.wait(picker.picked())
            found = propose(await take(page, session), picked)
        if found is not None:
            terminal.say(words.gettext("Found: %(label)s", label=found.label))
            return found
        terminal.say(words.gettext("No single control under a heading is called by that. Try its name once more."))
    raise FlowError(
        "what you clicked names no control that could be found again",
        "Write the flow by hand: `temoin flows new`, and `description` or `objects` in docs/flows.md.",
    )


async def _section(terminal: Terminal, control: Proposal) -> str:
    """Which heading holds it; there may be several around it."""
    if len(control.sections) == 1:
        return control.sections[0]
    chosen = await terminal.choose(
        terminal.words.gettext("Under which heading does it stand? (One that is always the same, without your name.)"),
        control.sections,
    )
    return control.sections[chosen]


async def _with_meaning(terminal: Terminal, draft: Draft) -> Draft:
    """
    Ask what each state means; it is never guessed.

    Raises:
        FlowError: they cannot tell, or all states mean the same.
    """
    words = terminal.words
    meaning: dict[str, Meaning] = {}
    told: set[str] = set()
    if draft.control.two_states:
        meaning["on"] = await _asked(terminal, draft.control.label, words.gettext("ON"))
        meaning["off"] = "protects" if meaning["on"] == "trains" else "trains"
        return replace(draft, meaning=meaning)
    values = draft.control.values
    if len(values) < 2:
        said = await terminal.ask(
            words.gettext(
                "It shows %(value)s. What is its other value, as the service writes it?",
                value=words.quoted(values[0] if values else ""),
            )
        )
        told = {said} - {""}
        values = (*values, *told)
    for value in values:
        meaning[value] = await _asked(terminal, draft.control.label, words.quoted(value))
    if set(meaning.values()) != set(_MEANINGS):
        raise FlowError(
            "every value means the same to you, so there is nothing to read", "Start again, or record another control."
        )
    return replace(draft, meaning=meaning, told=frozenset(told))


async def _asked(terminal: Terminal, label: str, state: str) -> Meaning:
    words, _ = terminal.words, terminal.words.gettext
    answer = await terminal.choose(
        _(
            "When %(label)s is %(state)s, what does the service do with your content?",
            label=words.quoted(label),
            state=state,
        ),
        (_("it may be used for training"), _("it is kept out of training"), _("I cannot tell")),
    )
    if answer >= len(_MEANINGS):
        raise FlowError(
            "without knowing what the states mean nothing could ever be judged", "Look it up in the service's help."
        )
    return _MEANINGS[answer]


def _names_people(site: Site) -> bool:
    known = site.identity
    return bool(known.embedded or known.cookies or known.link)


def _address(shown: str, given: str, site: Site) -> str:
    """
    The address of the page; a query only where the person gave it themselves: it may hold anything.

    Raises:
        FlowError: it is not the service's.
    """
    parts = urlsplit(shown)
    plain = parts._replace(query="").geturl()
    address = given if urlsplit(given)._replace(query="").geturl() == plain else plain
    if not site.owns(address):
        raise FlowError(f"{parts.hostname}: this page is not on a host of the service", "Name the host with --host.")
    return address
