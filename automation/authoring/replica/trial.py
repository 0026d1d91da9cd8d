"""
Trying a flow on its own stand-in: every scenario, by the same reader and judge as a check.

Settings that one control shows are filled in, which takes moments; those scenarios that say so are also served at the
service's real host names and read under the guard. Forms with an inbox are only served, as far as a saved session
goes, one for each verdict and every recording: what signing in meets, and the rest, belongs to the suite.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from playwright.async_api import Playwright

from automation.authoring.replica.loading import WORLD
from automation.authoring.replica.pages import HttpRequest, Renderer, Visitor
from automation.authoring.replica.server import Replica
from automation.authoring.replica.site import ReplicaSite
from automation.browser.capture import NoFiles
from automation.browser.finder import find_browser
from automation.browser.pool import context_options, launched
from automation.browser.start import start
from automation.core.errors import CheckError
from automation.core.settings import BrowserSettings
from automation.evidence.write.bag import DiscardingSink
from automation.flow import ControlTable, Flow
from automation.guard import Guard, GuardPolicy, Phase
from automation.visit.conclusion import judge
from automation.visit.objection import read
from automation.visit.reader import Reader, Sight, SignedInAccount, VisitLog
from automation.visit.reader.live import LiveReaders, live_tab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import CDPSession, Page

    from automation.authoring.replica.actors import Actor
    from automation.browser.tab import Tab
    from automation.core.verdicts import Reason
    from automation.page import Node
    from automation.page.read_page import DataResponse
    from automation.page.source import LoadedPage, Sought

CONFIRMED = "2026-11-20"
"""Date on which the made-up people saw who was signed in."""
_TIMEOUT_S = 5.0
_STATUS = 200
_TABS = 4
_BROWSERS = 2


class FilledPages:
    """
    A tab whose pages come from the stand-in's templates; clicks and looks are those of a live tab.

    Args:
        tab: in which the pages are shown.
        replica: the stand-in.
        actor: whose pages they are.
    """

    def __init__(self, tab: Tab, replica: ReplicaSite, actor: Actor) -> None:
        self._tab, self._replica, self._actor = tab, replica, actor
        self._renderer = Renderer(replica)
        self._memory: set[str] = set()
        self._address = ""
        self._shown: LoadedPage | None = None
        """The present page as it was last looked at; None where it has changed since."""
        self._scrolled = False

    @property
    def address(self) -> str:
        """The address that was filled in last."""
        return self._address

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """None: filled in pages ask for no data."""
        return ()

    async def go(self, target: str) -> int | None:
        """Show what the stand-in's template gives for an address."""
        self._address, self._shown, self._scrolled = target, None, False
        parts = urlsplit(target)
        host, path = parts.hostname or "", parts.path
        route, params = self._replica.route("GET", host, path or "/") or (None, {})
        request = HttpRequest("GET", host, path, dict(parse_qsl(parts.query)), {}, params, "document")
        visitor = Visitor(self._replica, self._actor, None, tries=Counter(), approved=set())
        for name in ("gate.j2", route.view if route else "missing.j2"):
            text = self._renderer.view(name, request, visitor, self._actor.locale, self._memory).text
            if text.strip():
                break
        await self._tab.show(text)
        return _STATUS

    async def follow(self, node: Node) -> bool:
        """Click a node of the present page; False where it vanished meanwhile."""
        self._shown, self._scrolled = None, False
        return await self._tab.follow(node)

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll until a node stands in the middle of the window."""
        self._shown, self._scrolled = None, True
        await self._tab.scroll_to_middle(node)

    async def make_taller(self) -> None:
        """Make the window taller; what lies over the page is drawn anew."""
        await self._tab.make_taller()
        self._shown = None

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """Look at once; wait only after the page was scrolled."""
        if self._shown is None:
            loaded = await (self._tab.settled(quiet_s, until) if self._scrolled else self._tab.look())
            self._shown = replace(loaded, address=self._address, status=_STATUS, hops=(), answers=())
            if not self._scrolled:
                self._shown = replace(self._shown, settled=True, has_all_data=True, missed=())
        return self._shown

    async def look(self) -> LoadedPage:
        """The page as it is now."""
        return await self.settled(0.0, None)

    async def leave(self) -> None:
        """Nothing was cached."""

    async def scroll_to_end(self) -> None:
        """Filled in pages load nothing more at their end."""

    async def pause(self, seconds: float) -> None:
        """Filled in pages do not change later."""

    async def bring_to_front(self) -> None:
        """There is only this tab."""

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Those of the tab: none, unless somebody set one."""
        return await self._tab.cookies(url)


def signed_in(flow: Flow, site: ReplicaSite, actor: Actor, confirmed: str | None = CONFIRMED) -> SignedInAccount:
    """Whose pages are read; `confirmed` is the date on which a person saw who is signed in, None where nobody did."""
    table = site.options.get("pages", {}).get(flow.id)
    objects = table.given(actor.world.get("objects", ())) if table is not None else ()
    return SignedInAccount(actor.identity, confirmed, objects)


def filled_reader(
    page: Page,
    session: CDPSession,
    flow: Flow,
    replica: ReplicaSite,
    actor: Actor,
    *,
    confirmed: str | None = CONFIRMED,
) -> Reader:
    """A check's own reader, on filled in pages of a tab; the rest as in `signed_in`."""
    account = signed_in(flow, replica, actor, confirmed)
    log = VisitLog.of(flow, account)
    pages = FilledPages(live_tab(page, session, flow, log, _TIMEOUT_S), replica, actor)
    return Reader(Sight(pages, NoFiles()), flow, account, log)


@dataclass(frozen=True, slots=True)
class Tried:
    """One scenario of a flow, and what was made of it."""

    flow: str
    scenario: str
    locale: str
    served: bool
    """Whether the page came from the stand-in's server, under the guard."""
    verdict: str
    reason: str | None
    why: str
    """Names of the signals, or the message of what stopped the visit."""
    right: bool
    """Whether it is what the stand-in shows, and no write reached it."""

    @property
    def answer(self) -> tuple[str, str | None]:
        """What must be the same the next time."""
        return self.verdict, self.reason


Tell = Callable[[Tried], None]


async def try_flow(
    playwright: Playwright,
    flow: Flow,
    site: ReplicaSite,
    settings: BrowserSettings,
    *,
    rounds: int = 1,
    tell: Tell = lambda _: None,
) -> list[list[Tried]]:
    """
    Read every scenario of a flow's stand-in.

    Args:
        playwright: the driver.
        flow: from `load_flow`.
        site: its service's stand-in.
        settings: which browser.
        rounds: how often in a row.
        tell: called with each scenario as it ends.

    Returns:
        Each round with all scenarios, in the same order.

    Raises:
        BrowserNotFound, GuardBreach: nothing can be tried.
    """
    trial = _Trial(playwright, flow, site, settings, rounds, tell)
    filled, served = _cast(flow, site)
    first = await trial.fill_in(filled) if filled else []
    then = await trial.serve(served) if served else []
    return [[tried[number] for tried in (*first, *then)] for number in range(rounds)]


def scenarios_of(flow: Flow, site: ReplicaSite) -> int:
    """How many scenarios `try_flow` reads."""
    return sum(map(len, _cast(flow, site)))


def _cast(flow: Flow, site: ReplicaSite) -> tuple[list[Actor], list[Actor]]:
    """Whose pages are filled in, and whose are served."""
    actors = [actor for actor in site.cast if actor.flow == flow.id]
    if isinstance(flow.rule, ControlTable):
        filled = [actor for actor in actors if actor.world.get("served") != "only"]
        return filled, [actor for actor in actors if actor.world.get("served")]
    signed_in = [actor for actor in actors if actor.demo and not actor.is_stopped_signing_in]
    recorded = [actor for actor in actors if actor.world.get(WORLD)]
    return [], [*{actor.verdict: actor for actor in signed_in}.values(), *recorded]


@dataclass(frozen=True, slots=True)
class _Trial:
    """The rounds of one flow: each actor's one after another, several actors side by side."""

    playwright: Playwright
    flow: Flow
    site: ReplicaSite
    settings: BrowserSettings
    rounds: int
    tell: Tell

    async def fill_in(self, actors: Sequence[Actor]) -> list[list[Tried]]:
        """Each actor's rounds on pages that are filled in."""
        browser = await start(self.playwright, find_browser(self.settings))
        waiting, tried = list(enumerate(actors)), dict[int, list[Tried]]()

        async def in_tab() -> None:
            page = await browser.new_page()
            session = await page.context.new_cdp_session(page)
            while waiting:
                number, actor = waiting.pop(0)
                for _ in range(self.rounds):
                    reader = filled_reader(page, session, self.flow, self.site, actor)
                    tried.setdefault(number, []).append(await self._read(reader, actor, served=False))
                    self.tell(tried[number][-1])

        try:
            await asyncio.gather(*(in_tab() for _ in range(_TABS)))
        finally:
            await browser.close()
        return [tried[number] for number in sorted(tried)]

    async def serve(self, actors: Sequence[Actor]) -> list[list[Tried]]:
        """The same on pages that are served; most of a visit is waiting."""
        waiting, tried = list(enumerate(actors)), dict[int, list[Tried]]()
        async with Replica([self.site]) as replica:
            mapped = replace(self.settings, replica_map=replica.replica_map, replica_spki=(replica.spki,))

            async def in_browser() -> None:
                guard = Guard(GuardPolicy.parse(self.flow.site.tables), replica_map=replica.replica_map)
                async with launched(self.playwright, mapped, guard):
                    while waiting:
                        number, actor = waiting.pop(0)
                        for _ in range(self.rounds):
                            one = await self._visit(guard, actor)
                            written = bool(replica.writes) or bool(replica.faults)
                            tried.setdefault(number, []).append(replace(one, right=one.right and not written))
                            self.tell(tried[number][-1])

            await asyncio.gather(*(in_browser() for _ in range(min(_BROWSERS, len(actors)))))
        return [tried[number] for number in sorted(tried)]

    async def _visit(self, guard: Guard, actor: Actor) -> Tried:
        state = self.site.storage_state(actor)
        context = await guard.new_context(Phase.CHECK, **context_options(storage_state=state))
        try:
            page = await context.new_page()
            account = signed_in(self.flow, self.site, actor)
            log, timeout_s = VisitLog.of(self.flow, account), self.settings.timeout_s
            readers = LiveReaders(self.flow, account, log, DiscardingSink(), timeout_s)
            return await self._read(readers.reader(page, await context.new_cdp_session(page)), actor, served=True)
        finally:
            await guard.close_context(context)

    async def _read(self, reader: Reader, actor: Actor, *, served: bool) -> Tried:
        """Read, judge and compare with what the stand-in shows."""
        reason: Reason | None
        try:
            observation = await read(reader, self.flow, "")
        except CheckError as error:
            verdict, reason, why = error.reason.verdict, error.reason, error.message
        else:
            answer = judge(observation, self.flow.states)
            verdict, reason = answer.verdict, answer.reason
            why = ", ".join((*answer.missing, *(signal.name for signal in observation.signals)))
        text = reason.value if reason else None
        right = actor.expected.allows(verdict.value, text)
        return Tried(self.flow.id, actor.scenario, actor.locale, served, verdict.value, text, why, right)
