"""The reader: goes to the flow's own pages, says whose and what they are, what they show, and files them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from playwright.async_api import CDPSession, Error, Page

from automation.browser.capture import Camera, Journal, Masks, NetworkLog, Recorder
from automation.browser.network import Listener
from automation.browser.tab import Tab
from automation.browser.traffic import Traffic, without_query
from automation.domain.observations import Step
from automation.errors import BrowserLost, PageChanged, SignInNeeded
from automation.flow.site import Site, Who, who
from automation.guard import GuardPolicy
from automation.page import PageView
from automation.page.read_page import SurfaceLike
from automation.reader.navigation import Navigation
from automation.reading.control import by_label as controls
from automation.reading.form.fields import find_forms
from automation.reading.login_checks import challenge_of, is_login, login_wanted, refuse_others

if TYPE_CHECKING:
    from automation.browser.capture.record import EvidenceSink, Original
    from automation.domain.records import Redaction
    from automation.page import Node
    from automation.text.labels import Labels

_OfAnother = TypeVar("_OfAnother", bound="Reader")


class Together:
    """What the tabs of one visit learn, note and file together."""

    def __init__(self, masks: Masks, journal: Journal) -> None:
        self.masks, self.journal, self.network = masks, journal, NetworkLog(masks)
        self.steps: list[Step] = []
        self.redactions: list[Redaction] = []
        self.in_front: Reader | None = None
        """The reader of the tab that was looked at last."""


class Reader(Navigation):
    """
    Reads the pages of one account on one visit.

    Raises from every verb: `BrowserLost`, `SiteUnreachable`, and from those that look at a page `SignInNeeded`
    (with the reason) and `PageChanged` (`wrong_account`).
    """

    def __init__(
        self,
        page: Page,
        session: CDPSession,
        *,
        site: Site,
        surfaces: Mapping[str, SurfaceLike],
        labels: Labels,
        identity: str,
        operations: frozenset[str],
        sink: EvidenceSink,
        timeout_s: float,
        objects: tuple[str, ...] = (),
        confirmed: str | None = None,
        original: Original | None = None,
        journal: Journal | None = None,
        together: Together | None = None,
    ) -> None:
        """
        Args beyond what their names say.

        objects: the blogs, sites or teams that the account's owner wants seen.
        confirmed: ISO date on which a person saw who is signed in and saved this session; None where nobody did.
        original: where the unmasked copy for the account's holder goes; None for none.
        journal: of the whole visit; None begins one.
        together: with the other tabs of the visit; None for its first one.
        """
        self.objects, self.confirmed = objects, confirmed
        self._identity = identity
        self._operations, self._sink, self._timeout_s, self._original = operations, sink, timeout_s, original
        if together is None:
            addresses = [url for surface in surfaces.values() for url in surface.urls]
            masks = Masks(site.masking, labels, ids=[identity], public=addresses)
            together = Together(masks, journal or Journal())
        self._together, self.steps = together, together.steps
        self.masks = together.masks
        """What may not be shown; also for what is written about the visit elsewhere."""
        self.network = together.network
        self._listener = Listener(page, self.network)
        telemetry = GuardPolicy.parse(site.tables).telemetry
        traffic = Traffic(operations, self.network.given, site.owns, telemetry.fit, site.reads)
        traffic.listen(page)
        tab = Tab(page, session, traffic, timeout_s, site.loading)
        super().__init__(page, tab, traffic, together.journal, site=site, surfaces=surfaces, labels=labels)
        self._recorder = Recorder(Camera(page, session, tab.snapshots.glance), self.masks, sink, original)
        self._recorder.redactions = together.redactions

    # -- tabs -----------------------------------------------------------------------------------------------

    async def beside(self, kind: type[_OfAnother]) -> _OfAnother:
        """A reader of a new tab of the same account, on the same visit."""
        try:
            page = await self._page.context.new_page()
            session = await page.context.new_cdp_session(page)
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None
        return kind(
            page,
            session,
            site=self._site,
            surfaces=self._surfaces,
            labels=self.labels,
            identity=self._identity,
            operations=self._operations,
            sink=self._sink,
            timeout_s=self._timeout_s,
            objects=self.objects,
            confirmed=self.confirmed,
            original=self._original,
            together=self._together,
        )

    async def come_forward(self) -> None:
        """Bring this tab before the others: browsers draw one that nobody sees seldom, and give it no keys."""
        try:
            await self._page.bring_to_front()
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None
        self._together.in_front = self

    @property
    def in_front(self) -> Reader:
        """The reader of the tab that was looked at last."""
        return self._together.in_front or self

    # -- who and what is this -------------------------------------------------------------------------------

    def is_own(self, identity: str) -> bool:
        """Whether an id is the account's own."""
        return identity.strip() == self._identity.strip()

    async def identity(self) -> Who:
        """Who the present page and the service's cookies say is signed in."""
        try:
            cookies = await self._page.context.cookies([self._site.sign_in.home])
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None
        return who(self._view(), {c["name"]: c["value"] for c in cookies}, self._site.identity)

    def names_somebody(self, view: PageView) -> bool:
        """Whether a page's own data says who is signed in; cookies alone do not count."""
        return not who(view, {}, self._site.identity).nobody

    async def gate(self, *, must_name: bool = False) -> Who:
        """
        The gates before anything is read: no challenge, nobody else's account.

        Args:
            must_name: the page must name the account, not only no other.

        Raises:
            SignInNeeded: a challenge, a login wall, or nobody is signed in.
            PageChanged: with `wrong_account`.
        """
        visit = self.visit
        if visit is None:
            raise PageChanged("no page is open")
        kind = challenge_of(visit.view, visit.status, self._site, self.labels, self.locale)
        if kind is not None:
            raise SignInNeeded(f"the service asks for something at {visit.final}", kind=kind)
        person = await self.identity()
        refuse_others(person, self._identity, must_name=must_name)
        return person

    def refuse_login(self) -> None:
        """
        End the visit where the present page asks to sign in.

        Raises:
            SignInNeeded: `reauth` where only the password is asked for, else `login_required`.
        """
        if self.asks_to_sign_in():
            raise login_wanted(self._view())

    def asks_to_sign_in(self) -> bool:
        """Whether the present page is a login page."""
        return is_login(self._view(), self._site)

    # -- reading --------------------------------------------------------------------------------------------

    def switch(self, key: str) -> bool | None:
        """A switch or checkbox by its label: on, off, or None where its state is not stated."""
        return controls.switch(self._view(), frozenset(self.labels.names(key, self.locale)))

    def choice(self, key: str) -> str | None:
        """The value of a named choice: of a drop-down, or the text that follows the label in its own row."""
        return controls.choice(self._view(), frozenset(self.labels.names(key, self.locale)))

    def present(self, key: str) -> bool:
        """Whether a heading, control or line of text with this label is shown."""
        return controls.present(self._view(), frozenset(self.labels.names(key, self.locale)))

    def go_on_from(self, earlier: Reader) -> None:
        """Count the steps on after an earlier reading in the same visit, and keep what it noted and learnt."""
        self.steps.extend(earlier.steps)
        self._together.redactions.extend(earlier.redactions)
        self.network.include(earlier.network)
        self.masks.include(earlier.masks)

    @property
    def redactions(self) -> tuple[Redaction, ...]:
        """What was hidden, step by step."""
        return tuple(self._together.redactions)

    async def capture(self, name: str, *, note: str = "", how: str = "address", focus: Node | None = None) -> Step:
        """
        File the present page as a step: pictures, texts, and what was hidden in them.

        Args:
            name: of the step; part of the files' names.
            note: what came of it.
            how: `address` or `link`.
            focus: the control to picture alone, a node of the present view; without one, the form if there is one.
        """
        visit = self.visit

        def focused(view: PageView) -> Node | None:
            if focus is not None:
                return next((n for n in view.nodes if n.backend_id == focus.backend_id), None)
            forms = find_forms(view, name, self.labels, view.locale)
            return view.nodes[forms[0].root] if forms else None

        with self._journal.doing("picture", name, before=self._page.url) as deed:
            filed = await self._recorder.step(len(self.steps) + 1, name, visit.view if visit else None, focused)
            deed.after, deed.note = self._page.url, filed.picture if filed else "none could be taken"
        step = Step(
            number=len(self.steps) + 1,
            name=name,
            surface=visit.surface if visit else "",
            url=self.masks.masked_url(without_query(self._page.url)),
            at=datetime.now(UTC),
            picture=filed.picture if filed else None,
            picture_size=filed.size if filed else None,
            outline=filed.outline if filed else None,
            note=note,
            status=visit.status if visit else None,
            how=how,
            locale=visit.locale if visit else "",
            seconds=visit.seconds if visit else 0.0,
        )
        self.steps.append(step)
        return step
