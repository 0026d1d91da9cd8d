"""
The reader of a check, on a live page that is to be recorded: it keeps the pages themselves in place of pictures.

So the verdict that a recording says the live page gave is the engine's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from automation.authoring.recorder.markup import Styles, styles_of
from automation.domain.observations import Step
from automation.errors import BrowserLost
from automation.evidence.write.discarding import DiscardingSink
from automation.page import PageView
from automation.reader import Reader, ReadPage

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.flow import Flow


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page as it was when it had come to rest."""

    status: int
    view: PageView
    styles: Styles


class RecordingReader(Reader):
    """
    A reader that notes what every address showed in the end, after whatever had to be opened there.

    Args:
        page, session: the tab.
        flow: what is read.
        identity: what the service calls the account; whatever it is where nothing names it.
        confirmed: ISO date on which a person saw who is signed in.
        timeout_s: how long to wait for a page.
    """

    def __init__(
        self, page: Page, session: CDPSession, flow: Flow, *, identity: str, confirmed: str, timeout_s: float
    ) -> None:
        super().__init__(
            page, session, site=flow.site, surfaces=flow.surfaces, labels=flow.labels, identity=identity,
            operations=frozenset(), sink=DiscardingSink(), timeout_s=timeout_s, confirmed=confirmed,
        )  # fmt: skip
        self._cdp = session
        self.seen: dict[str, SeenPage] = {}
        """Address as it was opened → what it showed last."""
        self._asked_for = ""

    async def open(self, surface: str, *, url: str | None = None, **how: Any) -> ReadPage:
        """Open a surface as a check does, and remember by which address."""
        self._asked_for = url or self._surfaces[surface].urls[0]
        return await super().open(surface, url=url, **how)

    async def _arrive(self, *args: Any, **how: Any) -> ReadPage:
        visit = await super()._arrive(*args, **how)
        try:
            styles = await styles_of(self._cdp)
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None
        self.seen[self._asked_for] = SeenPage(visit.status or 200, visit.view, styles)
        return visit

    async def capture(self, name: str, *, note: str = "", how: str = "address", **_: Any) -> Step:
        """Note the step; the page itself is what is kept."""
        step = Step(len(self.steps) + 1, name, "", "", datetime.now(UTC), None, note, how=how)
        self.steps.append(step)
        return step
