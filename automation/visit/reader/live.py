"""Readers of live tabs: what a check reads with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from automation.browser.capture import Camera, Recorder
from automation.browser.capture.record import EvidenceSink, Original
from automation.browser.failed_requests import Listener
from automation.browser.tab import Tab
from automation.browser.traffic import Traffic, without_query
from automation.browser.viewer_answers import ViewerAnswers
from automation.core.errors import BrowserLost
from automation.flow import Flow
from automation.guard import GuardPolicy
from automation.visit.reader.navigator import Sight
from automation.visit.reader.reader import Reader
from automation.visit.reader.visit_log import SignedInAccount, VisitLog


def live_tab(
    page: Page,
    session: CDPSession,
    flow: Flow,
    log: VisitLog,
    timeout_s: float,
    sockets: Callable[[], Sequence[tuple[str, str]]] = tuple,
) -> Tab:
    """A tab whose traffic is followed and noted in the log; of `sockets` that the guard refused, host and path."""
    Listener(page, log.network)
    policy = GuardPolicy.parse(flow.site.tables)
    traffic = Traffic(
        flow.operations,
        log.network.given,
        flow.site.owns,
        policy.is_telemetry,
        policy.is_bystander,
        sockets,
        flow.site.reads,
        lambda path: any(fnmatchcase(path, pattern) for pattern in flow.site.sign_in.login_paths),
    )
    traffic.listen(page)
    feeds = frozenset(without_query(url) for rule in flow.surfaces.values() if rule.endless for url in rule.urls)
    return Tab(page, session, traffic, timeout_s, flow.site.loading, feeds, ViewerAnswers(page, flow.site))


@dataclass(frozen=True, slots=True)
class LiveReaders:
    """Makes the readers of one visit, one for each tab."""

    flow: Flow
    account: SignedInAccount
    log: VisitLog
    sink: EvidenceSink
    """Where the files of the steps go."""
    timeout_s: float
    """How long to wait for a page."""
    original: Original | None = None
    """Where the unmasked copy for the account's holder goes; None for none."""
    sockets: Callable[[], Sequence[tuple[str, str]]] = tuple
    """Host and path of each socket that the guard has refused so far."""
    one_tab: bool = False
    """Whether pages are opened one after the other, in one tab."""

    def reader(self, page: Page, session: CDPSession) -> Reader:
        """The reader of a tab that was opened in front; where there may be more, others are opened behind it."""
        context = page.context
        behind = None if self.one_tab else partial(self._another, context)
        later = None if self.one_tab else partial(self.background_tab, context)
        sight = self._sight(page, session)
        reader = Reader(sight, self.flow, self.account, self.log, later, behind)
        self.log.in_front = reader
        return reader

    async def background_tab(self, context: BrowserContext) -> Reader:
        """
        Open a tab to be read later.

        Raises:
            BrowserLost: there is no browser any more.
        """
        sight = await self._another(context)
        return Reader(sight, self.flow, self.account, self.log, partial(self.background_tab, context))

    async def _another(self, context: BrowserContext) -> Sight:
        try:
            page = await context.new_page()
            session = await context.new_cdp_session(page)
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None
        return self._sight(page, session)

    def _sight(self, page: Page, session: CDPSession) -> Sight:
        tab = live_tab(page, session, self.flow, self.log, self.timeout_s, self.sockets)
        camera = Camera(page, session, tab.stillness.glance)
        return Sight(tab, Recorder(camera, self.log.masks, self.sink, self.original))
