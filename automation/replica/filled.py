"""A reader whose pages are filled in from the stand-in's own templates: no server, no network, no waiting."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from automation.browser.tab import Tab
from automation.domain.observations import Step
from automation.evidence.write.discarding import DiscardingSink
from automation.reader import Reader, ReadPage
from automation.replica.pages import HttpRequest, Renderer
from automation.replica.signing_in import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import CDPSession, Page

    from automation.browser.traffic import Traffic
    from automation.flow import Flow
    from automation.replica.actors import Actor
    from automation.replica.site import ReplicaSite

CONFIRMED = "2026-11-20"
"""Date on which the made-up people saw who was signed in."""
_TIMEOUT_S = 5.0


class _FilledTab(Tab):
    """A tab whose pages come from `fill`: address → markup."""

    def __init__(self, page: Page, session: CDPSession, traffic: Traffic, fill: Callable[[str], str]) -> None:
        super().__init__(page, session, traffic, _TIMEOUT_S)
        self._fill = fill

    async def go(self, target: str) -> None:
        await self._page.set_content(self._fill(target), wait_until="commit")

    async def leave(self) -> None:
        """Nothing was cached."""


class FilledReader(Reader):
    """Everything of the reader but the way to the page; its words, clicks and judgement are those of a check."""

    def __init__(
        self, page: Page, session: CDPSession, flow: Flow, replica: ReplicaSite, actor: Actor, *, confirmed: str | None
    ) -> None:
        table = replica.options["pages"][flow.id]
        super().__init__(
            page,
            session,
            site=flow.site,
            surfaces=flow.surfaces,
            labels=flow.labels,
            identity=actor.identity,
            operations=frozenset(),
            sink=DiscardingSink(),
            timeout_s=_TIMEOUT_S,
            objects=table.given(actor.world.get("objects", ())),
            confirmed=confirmed,
        )
        self._replica, self._actor, self._renderer = replica, actor, Renderer(replica)
        self._memory: set[str] = set()
        self._tab = _FilledTab(page, session, self._traffic, self._fill)

    async def _arrive(self, surface: str, requested: str, *_: Any) -> ReadPage:
        view = await self._tab.look()
        self.locale = view.locale or self.locale
        self.visit = ReadPage(
            surface, requested, requested, (), 200, view, settled=True, answers=(), locale=view.locale, seconds=0.0
        )
        return self.visit

    async def linger(self, quiet_s: float) -> ReadPage:
        """Filled in pages load nothing more at their end."""
        return self.visit or await super().linger(quiet_s)

    async def stay(self, open_s: float) -> ReadPage:
        """Filled in pages do not change later."""
        return self.visit or await super().stay(open_s)

    async def capture(self, name: str, *, note: str = "", how: str = "address", **_: Any) -> Step:
        """Note the step; no picture is taken."""
        step = Step(len(self.steps) + 1, name, "", "", datetime.now(UTC), None, note, how=how)
        self.steps.append(step)
        return step

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
