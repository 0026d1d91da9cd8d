"""The reader: goes to the flow's own pages, says whose and what they are, what they show, and files them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, final

from automation.browser.capture.camera import box_on_page
from automation.browser.capture.people import leads_to_a_person, own_names_in
from automation.browser.traffic import without_query
from automation.core.errors import SignInNeeded, SiteUnreachable
from automation.core.observations import Step
from automation.core.signals import SignalName
from automation.flow.control_table import ObjectionTable
from automation.flow.site import Who, embedded_values, who
from automation.reading.controls import rows as controls
from automation.reading.forms import find_forms
from automation.reading.identity import Naming, marks_of, same_account
from automation.reading.places import place_of
from automation.reading.threads.authors import Speaker, Speakers
from automation.reading.walls import challenge_of, is_login, login_wanted, refuse_another, refuse_others
from automation.text.normalizing import fold
from automation.text.page_words import PageWords
from automation.visit.reader.navigator import AnotherTab, Navigator, Sight
from automation.visit.reader.visit_log import kept_answers

if TYPE_CHECKING:
    from automation.core.signals import Signal
    from automation.flow import Flow
    from automation.page import Node, PageView
    from automation.page.read_page import ReadPage
    from automation.page.source import Sought
    from automation.reading.threads.turns import Turn
    from automation.visit.reader.visit_log import SignedInAccount, VisitLog

_IDENTITY = frozenset({SignalName.IDENTITY_SAME, SignalName.IDENTITY_ACTING_AS_PAGE, SignalName.IDENTITY_CONFIRMED})
_AWAKE_S = 0.4
"""For how long a page must stand still that has come to the front again: it may ask for news then."""


@dataclass(frozen=True, slots=True)
class _AtEnd:
    """When a page had been scrolled to its end, and what it showed then."""

    at: float
    fingerprint: int


@final
class Reader(Navigator):
    """
    Reads the pages that one tab shows to one account.

    Raises from every verb: `BrowserLost`, `SiteUnreachable`, and from those that look at a page `SignInNeeded`
    (with the reason) and `PageChanged` (`wrong_account`).

    Args:
        sight: the tab, and where what a step shows is filed.
        flow: whose pages may be opened.
        account: whose pages they are.
        log: of the visit, which all its tabs share.
        open_tab: opens another tab of the same visit, to be read later; None where there is only this one.
        another: opens a tab in which pages load behind the present one; None for no such.
    """

    def __init__(
        self,
        sight: Sight,
        flow: Flow,
        account: SignedInAccount,
        log: VisitLog,
        open_tab: Callable[[], Awaitable[Reader]] | None = None,
        another: AnotherTab | None = None,
    ) -> None:
        super().__init__(sight, flow, log.journal, another)
        self._account, self._log, self._open_tab = account, log, open_tab
        self._site = flow.site
        self._bare = (*self._site.masking.covered, *([flow.rule.home] if isinstance(flow.rule, ObjectionTable) else []))
        self._started = self._scrolled = False
        self._at_end: _AtEnd | None = None

    @property
    def words(self) -> PageWords:
        """The service's words in that language."""
        return PageWords.of(self._flow.labels, self.locale)

    def speakers(self, view: PageView) -> Speakers:
        """The names by which the service and the account's holder go in a thread on a page."""
        service = frozenset({fold(self._site.name), *self.words.with_english.names("speaker.service")})
        return Speakers(self.locale, service, (self._log.holder | self._holder_named_on(view)) - service)

    def _holder_named_on(self, view: PageView) -> frozenset[str]:
        """What a page's own data calls the account: where the site's file says, or beside the account's id."""
        named = (name for source in self._site.masking.names for name in embedded_values(view, source))
        own = own_names_in(view, self._account.identity)
        return frozenset(fold(name) for name in (*named, *own) if name.strip())

    def masked(self, text: str) -> str:
        """A text without what may not be shown of people, as far as this visit knows them."""
        return self._log.masks.masked(text)

    async def reveal(self, key: str, surface: str, *, until: Sought = None) -> ReadPage | None:
        """
        Follow a link, tab or expander by its label; None where the page shows none or more than one.

        Never a control that sends a form: those are not found at all.
        """
        found = controls.revealing(self._view, self._names(key))
        targets = {n.attributes.get("href", str(n.index)) for n in found}
        if len(targets) != 1:
            return None
        return await self.reveal_node(found[0], surface, until=until)

    # -- a tab that stands open behind another one, in which content that comes late becomes visible -------------

    async def open_background_tab(self) -> Reader | None:
        """Open another tab of the same account, on the same visit; None where there is to be one tab only."""
        return await self._open_tab() if self._open_tab is not None else None

    async def bring_to_front(self) -> None:
        """Bring this tab before the others."""
        await self._source.bring_to_front()
        self._log.in_front = self

    async def load_behind(self, surface: str) -> None:
        """Go to a surface's first address, wait for its first bytes alone, and let it load."""
        with self._journal.doing("leave_open", surface) as deed:
            self._at_end, self._started, self._scrolled = None, False, False
            deed.status = await self._source.go(self._flow.surfaces[surface].urls[0])
            self._started = True
            deed.after = self.address

    async def scroll_for_later(self, surface: str) -> None:
        """
        Scroll the page to its end and note what it shows there, for `read_later` to compare.

        Where that was done before, it is done again only if the page shows something else now, and stands still.
        """
        await self.bring_to_front()
        if self._scrolled and await self._shown() in {None, self._at_end and self._at_end.fingerprint}:
            return
        self._scrolled = True
        with self._journal.doing("scroll", surface, before=self.address) as deed:
            await self._source.scroll_to_end()
            shown = await self._shown()
            self._at_end = None if shown is None else _AtEnd(time.monotonic(), shown)
            deed.note = "it does not stand still yet" if shown is None else ""  # untold: the journal is evidence

    async def _shown(self) -> int | None:
        """What the page shows now; None where it still waits, says that it loads, or keeps changing."""
        try:
            loaded = await self._source.look()
        except SiteUnreachable:
            return None
        return loaded.view.fingerprint() if loaded.settled else None

    async def read_later(self, surface: str, still_s: float, *, until: Sought = None) -> ReadPage:
        """
        Read the page once it has shown the same, scrolled to its end, for `still_s` seconds.

        Where it shows something else than when it was scrolled, it is scrolled and waited for anew.
        """
        shown = self._at_end
        if not self._started:
            await self.bring_to_front()
            await self.open(surface, until=until)
            return await self.read_at_end(still_s)
        with self._journal.doing("come_back", surface, before=self.address) as deed:
            await self.bring_to_front()
            if shown is not None:
                await self._source.pause(max(0.0, still_s - _AWAKE_S - (time.monotonic() - shown.at)))
            requested = self._flow.surfaces[surface].urls[0]
            page = await self._arrive(surface, requested, time.monotonic(), until, deed, _AWAKE_S)
        if shown is None or page.view.fingerprint() != shown.fingerprint:
            return await self.read_at_end(still_s)
        return page

    # -- who and what is this -------------------------------------------------------------------------------

    @property
    def objects(self) -> tuple[str, ...]:
        """The blogs, sites or teams that the account's owner wants seen."""
        return self._account.objects

    @property
    def confirmed(self) -> str | None:
        """ISO date on which a person saw who is signed in and saved this session; None where nobody did."""
        return self._account.confirmed

    @property
    def has_marks(self) -> bool:
        """Whether something was kept that pages can be compared with."""
        return self._account.marks is not None

    def is_own(self, identity: str) -> bool:
        """Whether an id is the account's own."""
        return identity.strip() == self._account.identity.strip()

    async def identity(self) -> Who:
        """Who the present page and the service's cookies say is signed in."""
        cookies = await self._source.cookies(self._site.sign_in.home)
        return who(self._view, cookies, self._site.identity)

    def names_somebody(self, view: PageView) -> bool:
        """Whether a page's own data says who is signed in; cookies alone do not count."""
        return not who(view, {}, self._site.identity).nobody

    async def check_account(self, *, must_name: bool = False) -> Who:
        """
        Go on only where the present page holds no challenge and nobody else's account.

        Args:
            must_name: the page must name the account, not only no other.

        Raises:
            SignInNeeded: a challenge, a login wall, or nobody is signed in.
            PageChanged: with `wrong_account`.
        """
        page = self._current
        kind = challenge_of(page.view, page.status, self._site, self.words)
        if kind is not None:
            raise SignInNeeded(f"the service asks for something at {page.final}", kind=kind)
        person = await self.identity()
        refuse_others(person, self._account.identity, must_name=must_name)
        self._log.holder |= self._holder_named_on(page.view)
        return person

    async def named_by_page(self) -> Naming:
        """
        Whether the present page names the account, where the service's file knows no place for that.

        Raises:
            PageChanged: with `wrong_account`, where it names another one, or another one than an earlier page.
        """
        cookies = await self._source.cookies(self._site.sign_in.home)
        seen = marks_of(self._view, cookies, self._site.sign_in.session_cookies)
        first, self._log.first_seen = self._log.first_seen, self._log.first_seen or seen or None
        kept, identity = self._account.marks, self._account.identity
        agreed = kept.agree(seen) if kept else None
        another = agreed is False or (agreed is None and seen.name_another(identity)) or seen.contradict
        refuse_another(another or (first is not None and same_account(first, seen) is False))
        return Naming.IDENTITY if seen.name(identity) else Naming.CONFIRMED if agreed else Naming.NOBODY

    def refuse_login(self) -> None:
        """
        End the visit where the present page asks to sign in.

        Raises:
            SignInNeeded: `reauth` where only the password is asked for, else `login_required`.
        """
        if self.asks_to_sign_in():
            raise login_wanted(self._view)

    def asks_to_sign_in(self) -> bool:
        """Whether the present page is a login page."""
        return is_login(self._view, self._site)

    # -- reading --------------------------------------------------------------------------------------------

    def switch(self, key: str) -> bool | None:
        """A switch or checkbox by its label: on, off, or None where its state is not stated."""
        return controls.switch(self._view, self._names(key))

    def choice(self, key: str) -> str | None:
        """The value of a named choice: of a drop-down, or the text that follows the label in its own row."""
        return controls.choice(self._view, self._names(key))

    def present(self, key: str) -> bool:
        """Whether a heading, control or line of text with this label is shown."""
        return controls.present(self._view, self._names(key))

    @property
    def _view(self) -> PageView:
        return self._current.view

    def _names(self, key: str) -> frozenset[str]:
        return frozenset(self.words.names(key))

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of the visit so far."""
        return tuple(self._log.steps)

    def restless(self, surfaces: Iterable[str]) -> tuple[Signal, ...]:
        """A signal for each of these surfaces of which a page did not come, or did not stand still, in time."""
        return tuple(SignalName.PAGE_RESTLESS.seen(name) for name in surfaces if name in self._log.journal.restless)

    def keep_answers(self, page: ReadPage, embedded: Iterable[tuple[str, Any]]) -> None:
        """Keep what a page's own reads answered, or what came with it by name and content, without texts."""
        self._log.answered(kept_answers(page.surface, page.answers, embedded, self._log.masks))

    def withhold(self, turns: Iterable[Turn]) -> None:
        """What the account's holder wrote in a thread is shown nowhere from now on."""
        texts: dict[bool, list[str]] = {True: [], False: []}
        for turn in turns:
            texts[turn.speaker is Speaker.PERSON] += [block.text for block in turn.blocks]
        self._log.masks.withhold(texts[True], texts[False])

    async def capture(self, name: str, *, note: str = "", how: str = "address", focus: Node | None = None) -> Step:
        """
        File the present page as a step: pictures, texts, and what was hidden in them.

        Args:
            name: of the step; part of the files' names.
            note: what came of it.
            how: `address` or `link`.
            focus: the control to picture alone, a node of the present view; without one, the form if there is one.
        """
        page, number = self.page, len(self._log.steps) + 1

        def focused(view: PageView) -> Node | None:
            if focus is not None:
                return next((n for n in view.nodes if n.backend_id == focus.backend_id), None)
            forms = find_forms(view, name, self.words.in_language(view.locale))
            return view.nodes[forms[0].root] if forms else None

        with self._log.journal.doing("picture", name, before=self.address) as deed:
            view = page.view if page else None
            filed = await self._tabs.front.files.step(number, name, view, focused, bare=self._is_bare(page))
            deed.after = self.address
            deed.note = filed.picture if filed else "none could be taken"  # untold: the journal is evidence
        step = Step(
            number=number,
            name=name,
            surface=page.surface if page else "",
            url=self._log.masks.masked_url(without_query(self.address)),
            at=datetime.now(UTC),
            picture=filed.picture if filed else None,
            picture_size=filed.size if filed else None,
            outline=filed.outline if filed else None,
            note=note,
            status=page.status if page else None,
            how=how,
            locale=page.locale if page else "",
            seconds=page.seconds if page else 0.0,
        )
        self._log.add(step, filed)
        return step

    def located(self, signal: Signal) -> Signal:
        """A signal with its place in its picture, where the picture shows it."""
        view = self._log.shown.get(signal.picture or "")
        if view is None or signal.box is not None:
            return signal
        if signal.name in _IDENTITY:
            named = self._who_is_shown(view)
            return replace(signal, box=box_on_page(view, named)) if named is not None else signal
        place = place_of(signal, view, self.words, self.speakers(view))
        if place is None:
            return signal
        return replace(signal, box=box_on_page(view, place.node), locator=signal.locator or place.locator)

    def _who_is_shown(self, view: PageView) -> Node | None:
        """What a page draws of who is signed in: the link to the account itself, else the frame that holds it."""
        links, ids = self._site.masking.links, {self._account.identity}
        shown = [node for node in view.shown_nodes() if node.box is not None]
        own = (node for node in shown if node.tag == "A" and leads_to_a_person(view, node, links, ids))
        frames = (node for role in ("banner", "navigation", "RootWebArea") for node in shown if node.role == role)
        return next(own, next(frames, None))

    def _is_bare(self, page: ReadPage | None) -> bool:
        """Whether the present page is no evidence: where a visit begins, or as the flow says. What asks is evidence."""
        if page is None or not any(fnmatchcase(page.surface, pattern) for pattern in self._bare):
            return False
        return challenge_of(page.view, page.status, self._site, self.words) is None and not self.asks_to_sign_in()
