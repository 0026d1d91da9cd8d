"""Pages that are filled in from the stand-in's own templates: no server, no network, no waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from automation.authoring.replica.pages import HttpRequest, Renderer
from automation.authoring.replica.signing_in import Visitor
from automation.browser.capture import NoFiles
from automation.visit.reader import Navigator, Reader, SignedInAccount, VisitLog
from automation.visit.reader.live import live_tab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import CDPSession, Page

    from automation.authoring.replica.actors import Actor
    from automation.authoring.replica.site import ReplicaSite
    from automation.browser.tab import Tab
    from automation.flow import Flow
    from automation.page import Node
    from automation.page.read_page import DataResponse
    from automation.page.source import LoadedPage, Sought

CONFIRMED = "2026-11-20"
"""Date on which the made-up people saw who was signed in."""
_TIMEOUT_S = 5.0
_STATUS = 200


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
        await self._tab.show(self._fill(target))
        return _STATUS

    async def leave(self) -> None:
        """Nothing was cached."""

    async def follow(self, node: Node) -> bool:
        """Click a node of the present page; False where it vanished meanwhile."""
        self._shown, self._scrolled = None, False
        return await self._tab.follow(node)

    async def scroll_to_end(self) -> None:
        """Filled in pages load nothing more at their end."""

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll until a node stands in the middle of the window."""
        self._shown, self._scrolled = None, True
        await self._tab.scroll_to_middle(node)

    async def make_taller(self) -> None:
        """Make the window taller; what lies over the page is drawn anew."""
        await self._tab.make_taller()
        self._shown = None

    async def pause(self, seconds: float) -> None:
        """Filled in pages do not change later."""

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """Look at once; wait only after the page was scrolled."""
        if self._shown is None:
            loaded = await (self._tab.settled(quiet_s, until) if self._scrolled else self._tab.look())
            self._shown = replace(
                loaded,
                address=self._address,
                settled=loaded.settled or not self._scrolled,
                status=_STATUS,
                hops=(),
                answers=(),
                has_all_data=loaded.has_all_data or not self._scrolled,
                missed=loaded.missed if self._scrolled else (),
            )
        return self._shown

    async def look(self) -> LoadedPage:
        """The page as it is now."""
        return await self.settled(0.0, None)

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Those of the tab: none, unless somebody set one."""
        return await self._tab.cookies(url)

    async def bring_to_front(self) -> None:
        """There is only this tab."""

    def _fill(self, url: str) -> str:
        parts = urlsplit(url)
        host = parts.hostname or ""
        found = self._replica.route("GET", host, parts.path or "/")
        view, params = (found[0].view, found[1]) if found else ("missing.j2", {})
        request = HttpRequest("GET", host, parts.path, dict(parse_qsl(parts.query)), {}, params, "document")
        visitor = Visitor(self._replica, self._actor, None, tries=Counter(), approved=set())
        gate = self._renderer.view("gate.j2", request, visitor, self._actor.locale, self._memory)
        if gate.text.strip():
            return gate.text
        return self._renderer.view(view, request, visitor, self._actor.locale, self._memory).text


def filled_reader(
    page: Page, session: CDPSession, flow: Flow, replica: ReplicaSite, actor: Actor, *, confirmed: str | None
) -> Reader:
    """
    A check's own reader, on filled in pages.

    Args:
        page: the tab.
        session: the same tab's.
        flow: what is read.
        replica: the stand-in of its service.
        actor: whose pages they are.
        confirmed: date on which a person saw who is signed in; None where nobody did.
    """
    objects = replica.options["pages"][flow.id].given(actor.world.get("objects", ()))
    account = SignedInAccount(actor.identity, confirmed, objects)
    log = VisitLog.of(flow, account)
    pages = FilledPages(live_tab(page, session, flow, log, _TIMEOUT_S), replica, actor)
    return Reader(Navigator(pages, flow, log.journal), account, log, NoFiles())
