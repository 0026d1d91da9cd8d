"""One attended visit: to the form with the guard closed, the review, the consent, one press, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from automation.attended.answer import promise_in, reference_in
from automation.attended.controls import Controls
from automation.attended.desk import Consent, Desk, Told
from automation.attended.form import FormInWindow
from automation.attended.person import is_windowed
from automation.browser.capture.facts import browser_facts
from automation.browser.pool import context_options
from automation.check.account import read_account, signed_in
from automation.check.visit.objection import go_to_form
from automation.domain.filings import Filing
from automation.errors import NotFiled, PageChanged
from automation.flow.filing import filing_table
from automation.guard import Phase
from automation.reader import VisitLog
from automation.reader.live import LiveReaders
from automation.reading.form.fields import find_forms
from automation.session import close
from automation.text.known_secrets import Secrets

if TYPE_CHECKING:
    from automation.attended.review import Review
    from automation.check.check_log import CheckLog
    from automation.check.order import Order
    from automation.evidence import BundleWriter
    from automation.flow.manifest import Flow
    from automation.flow.objection_table import ObjectionTable
    from automation.guard import Guard
    from automation.guard.submission import ReleasedSubmit
    from automation.reader import Reader
    from automation.reading.form.recognition import FormPage
    from automation.session import SessionPhase

LIMIT_S = 600.0
"""How long the person has for the press, once they agreed."""
_POLL_S = 0.2
_ANSWER_S = 20.0
"""How long the page may take to show what became of it."""
_MOST_REQUESTS = 2
"""The form, and the code that the service mails."""
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class ObjectionAtDesk:
    """
    Takes a person to the last button, lets one request through once they agreed, and reads the account again.

    Called as the work of `automation.check.account.check`.
    """

    desk: Desk
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Language → the person's own reason."""
    limit_s: float = LIMIT_S

    async def __call__(
        self,
        order: Order,
        guard: Guard,
        phase: SessionPhase,
        state: Mapping[str, Any],
        bundle: BundleWriter,
        log: CheckLog,
    ) -> None:
        """
        File, and read the account in a closed context.

        Raises:
            NotFiled: nothing was sent.
            CheckError: the form could not be reached, or the account not be read afterwards.
        """
        table = declared_form(order.flow)
        options = context_options(no_viewport=True)
        for pinned in ("viewport", "device_scale_factor"):
            options.pop(pinned)
        context = await guard.new_context(Phase.ATTENDED, **options, storage_state=state)
        try:
            visit = _Visit(self, order, guard, log, context, await context.new_page(), table)
            await visit.file(phase, state, bundle)
            state = await context.storage_state(indexed_db=True)
        finally:
            with suppress(Error):
                log.held({"cookies": await context.cookies()})
            await close(guard, context)
        self.desk.tell(Told.READING)
        await read_account(order, guard, phase, state, bundle, log)


class _Visit:
    def __init__(
        self,
        work: ObjectionAtDesk,
        order: Order,
        guard: Guard,
        log: CheckLog,
        context: BrowserContext,
        page: Page,
        table: ObjectionTable,
    ) -> None:
        self._work, self._desk, self._order, self._guard, self._log = work, work.desk, order, guard, log
        self._context, self._page, self._table = context, page, table
        self._filing: Filing | None = None
        self._closed = asyncio.Event()
        page.on("close", lambda _: self._closed.set())
        context.on("close", lambda _: self._closed.set())

    async def file(self, phase: SessionPhase, state: Mapping[str, Any], bundle: BundleWriter) -> None:
        """From the home page to what the service said."""
        session = await self._context.new_cdp_session(self._page)
        facts = await browser_facts(session)
        if not is_windowed(facts.command_line):
            raise NotFiled("the browser has no window, so nobody can review the form")
        reader = self._reader(phase, state, bundle, session)
        self._desk.tell(Told.GOING)
        found = await go_to_form(reader, self._order.flow, self._table)
        if found is None or found.form is None:
            raise NotFiled("none of the known addresses shows the form to this account")
        form_id = _form_id(found)
        for number in range(_MOST_REQUESTS):
            form = await self._form(reader, session, found, form_id, first=not number)
            if form is None:
                break
            if not number:
                await form.fill(self._reason(reader), self._order.account.region)
                await reader.capture("filled", note="nothing sent")
            else:
                self._desk.tell(Told.CODE)
            try:
                await self._one_request(reader, form, form_id)
            except NotFiled:
                if not number:
                    raise
                break  # the form itself was sent, and what is known of it is kept

    def _reader(
        self, phase: SessionPhase, state: Mapping[str, Any], bundle: BundleWriter, session: CDPSession
    ) -> Reader:
        order, log = self._order, self._log
        account = signed_in(order, phase, state)
        visit = log.visit or VisitLog.of(order.flow, account, log.journal)
        addresses = [url for surface in order.flow.surfaces.values() for url in surface.urls]
        visit.masks.conceal(Secrets.of(state=state, public=addresses).seen)
        readers = LiveReaders(
            order.flow, account, visit, bundle, order.browser.timeout_s, log.original, lambda: self._guard.sockets
        )
        reader = readers.reader(self._page, session)
        log.reads(reader, visit)
        log.held(state)
        return reader

    def _reason(self, reader: Reader) -> str:
        from automation.attended.review import reason_in  # noqa: PLC0415 - beside its only use

        return reason_in(reader.locale, self._work.reasons, self._order.flow.guide.reason_text)

    async def _form(
        self, reader: Reader, session: CDPSession, found: FormPage, form_id: str, *, first: bool
    ) -> FormInWindow | None:
        """The form on screen: the one that was recognised, or the one that asks for a code after it."""
        page = reader.page if first else await reader.read_after(0)
        if page is None:
            raise PageChanged("no page is open")
        words = reader.words
        forms = find_forms(page.view, page.surface, words, self._table)
        if first:
            wanted = found.form.fingerprint if found.form else ""
            forms = [one for one in forms if one.form.fingerprint == wanted]
        else:
            forms = [one for one in forms if any(each.role == "code" for each in one.form.fields)]
        if not forms or forms[0].submit is None:
            return None
        view = page.view
        frame = view.frames[view.nodes[forms[0].root].document]
        controls = Controls(self._page, session, frame)
        try:
            await controls.open()
        except PageChanged as error:
            if not first:
                return None
            raise NotFiled(error.message, "File it in your own browser, then run `temoin check`.") from None
        return FormInWindow(reader, controls, forms[0], view, form_id, frame)

    # -- the one request ------------------------------------------------------------------------------------

    async def _one_request(self, reader: Reader, form: FormInWindow, form_id: str) -> None:
        await form.outline()
        review = await self._agreed(form)
        released_at = datetime.now(UTC)
        self._desk.released(form_id)
        released = self._guard.release(review.submission, self._work.limit_s, self._leaving)
        await form.watch(released.press)
        self._desk.tell(Told.RELEASED)
        await self._left(released)
        self._desk.tell(Told.SENT)
        now = datetime.now(UTC)
        before = self._filing
        filing = Filing(
            by=self._desk.by,
            released_at=released_at,
            sent_at=now,
            host=review.submission.host,
            form_id=form_id,
            fields=review.filled,
        )
        if before is not None:
            filing = replace(before, requests=before.requests + 1, fields=(*before.fields, *review.filled))
        self._note(filing)
        answered = await self._answered(reader, form)
        await reader.capture("confirmation", note="after it was sent")
        text = "\n".join(block.text for block in reader.page.view.blocks()) if reader.page else ""
        self._note(replace(filing, answered=answered, reference=reference_in(text), promise=promise_in(text)))

    def _note(self, filing: Filing) -> None:
        self._filing = filing
        self._log.filed(filing)
        self._desk.filed(filing)

    def _leaving(self) -> None:
        self._desk.leaving(datetime.now(UTC))

    async def _agreed(self, form: FormInWindow) -> Review:
        """What the person agreed to: it is still what the form holds when they have typed the account's name."""
        review = await form.review()
        while True:
            said = await self._unless_closed(self._desk.consent(review))
            if said is Consent.REFUSED:
                raise NotFiled("it was not agreed to")
            again = await form.review()
            if said is Consent.GIVEN and again == review:
                return review
            if said is Consent.GIVEN:
                self._desk.tell(Told.CHANGED)
            review = again

    async def _left(self, released: ReleasedSubmit) -> None:
        """Wait until the request left; say meanwhile what was refused."""
        mark, given_up = self._guard.mark(), None
        now = asyncio.get_running_loop().time
        while not released.left:
            if self._closed.is_set() or not self._is_there():
                released.close()
                if released.left:
                    return
                raise NotFiled("the window was closed before anything was sent")
            if released.is_over and not released.spent:
                released.close()
                raise NotFiled("the time was over before the button was pressed")
            given_up = given_up or (now() + _ANSWER_S if released.spent else None)
            if given_up is not None and now() > given_up:
                released.close()
                raise NotFiled("the request did not leave this machine")
            since, mark = self._guard.since(mark), self._guard.mark()
            for entry in since:
                if not entry.allowed and entry.rule.startswith("submit_"):
                    self._desk.refused(entry.rule)
            await asyncio.sleep(_POLL_S)

    async def _answered(self, reader: Reader, form: FormInWindow) -> bool:
        """Wait until the page shows something else than the form that was sent."""
        deadline = asyncio.get_running_loop().time() + _ANSWER_S
        while asyncio.get_running_loop().time() < deadline and self._is_there():
            page = await reader.read_after(0)
            forms = find_forms(page.view, page.surface, reader.words, self._table)
            if all(one.form.fingerprint != form.fingerprint for one in forms):
                return True
            await asyncio.sleep(_POLL_S)
        return False

    def _is_there(self) -> bool:
        browser = self._context.browser
        return browser is not None and browser.is_connected() and not self._page.is_closed()

    async def _unless_closed(self, asking: Awaitable[_Answer]) -> _Answer:
        """
        Wait for an answer as long as the window is there.

        Raises:
            NotFiled: it was closed.
        """
        asked, closed = asyncio.ensure_future(asking), asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({asked, closed}, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                return asked.result()
            raise NotFiled("the window was closed before anything was sent")
        finally:
            asked.cancel()
            closed.cancel()


def declared_form(flow: Flow) -> ObjectionTable:
    """
    How a flow's form is found, where its service's file says by what the submission is known.

    Raises:
        NotFiled: it is a setting, or nothing is declared.
    """
    table = filing_table(flow)
    if table is None:
        raise NotFiled(
            f"{flow.id}: no source says what its button sends, so it cannot be let through",
            "Change it yourself in your own browser, then run `temoin check`.",
        )
    return table


def _form_id(found: FormPage) -> str:
    """
    The form's id, by which the request is known: in its own fields, or in its address.

    Raises:
        NotFiled: it has none.
    """
    from automation.domain.signals import SignalName  # noqa: PLC0415 - beside its only use

    if found.form is not None and found.form.form_id:
        return found.form.form_id
    named = next((signal.quote for signal in found.signals if signal.name is SignalName.FORM_ID), "")
    if not named:
        raise NotFiled("the form does not say which one it is, so its request could not be told from another")
    return named
