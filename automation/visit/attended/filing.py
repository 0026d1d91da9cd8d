"""One attended visit: to the form with the guard closed, the review, the consent, one press, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from automation.browser.capture.facts import browser_facts
from automation.browser.pool import context_options
from automation.core.errors import NotFiled, PageChanged
from automation.core.filings import Filing
from automation.flow.control_table import ControlTable
from automation.flow.manifest import filing_table
from automation.guard import Phase
from automation.reading.forms.finding import find_forms
from automation.session import close
from automation.visit.account import read_account, reader_of
from automation.visit.attended.answer import promise_in, reference_in
from automation.visit.attended.controls import Controls
from automation.visit.attended.desk import Desk, Told
from automation.visit.attended.form import FormInWindow
from automation.visit.attended.person import is_windowed
from automation.visit.attended.release import ANSWER_S, LIMIT_S, POLL_S, send_one
from automation.visit.attended.setting import setting_in_window
from automation.visit.attended.switch import SwitchInWindow
from automation.visit.attended.window import Window
from automation.visit.objection import go_to_form

if TYPE_CHECKING:
    from automation.evidence import BundleWriter
    from automation.flow.control_table import ObjectionTable
    from automation.flow.manifest import Flow
    from automation.guard import Guard
    from automation.guard.submission import ReleasedSubmit
    from automation.reading.forms.recognition import FormPage
    from automation.session import SessionPhase
    from automation.visit.attended.release import InWindow
    from automation.visit.check_log import CheckLog
    from automation.visit.order import Order
    from automation.visit.reader import Reader

_MOST_REQUESTS = 2
"""The form, and the code that the service mails."""


@dataclass(frozen=True, slots=True)
class ObjectionAtDesk:
    """
    Takes a person to the last button, lets one request through once they agreed, and reads the account again.

    Called as the work of `automation.visit.account.check`.
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
            await close(guard, context, order.limits.closing_s)
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
        table: ObjectionTable | ControlTable,
    ) -> None:
        self._work, self._desk, self._order, self._guard, self._log = work, work.desk, order, guard, log
        self._context, self._page, self._table = context, page, table
        self._filing: Filing | None = None
        self._window = Window(page)

    async def file(self, phase: SessionPhase, state: Mapping[str, Any], bundle: BundleWriter) -> None:
        """From the home page to what the service said."""
        session = await self._context.new_cdp_session(self._page)
        facts = await browser_facts(session)
        if not is_windowed(facts.command_line):
            raise NotFiled("the browser has no window, so nobody can review the form")
        order, log = self._order, self._log
        await self._window.watch(session)
        reader, _visit = reader_of(order, self._guard, phase, state, bundle, log, self._page, session)
        self._desk.tell(Told.GOING)
        if isinstance(self._table, ControlTable):
            await self._switch(reader, session, self._table)
        else:
            await self._fill(reader, session, self._table)

    async def _switch(self, reader: Reader, session: CDPSession, table: ControlTable) -> None:
        """A setting: the person switches it and presses what saves it. One that stands as wanted is left."""
        saved = await setting_in_window(reader, self._order.flow, table, self._page, session)
        if saved is not None:
            by_press = isinstance(saved, SwitchInWindow) and saved.saved_by_press
            self._desk.tell(Told.PRESS_LATER if by_press else Told.SWITCH)
            await self._one_request(reader, saved)

    async def _fill(self, reader: Reader, session: CDPSession, table: ObjectionTable) -> None:
        """A form: it is filled in, and sent with the code that the service may want."""
        found = await go_to_form(reader, self._order.flow, table)
        if found is None or found.form is None:
            raise NotFiled("none of the known addresses shows the form to this account")
        form_id = _form_id(found)
        for number in range(_MOST_REQUESTS):
            form = await self._form(reader, session, table, found, form_id, first=not number)
            if form is None:
                break
            if not number:
                await form.fill(self._reason(reader), self._order.account.region)
                await reader.capture("filled", note="nothing sent")
            else:
                self._desk.tell(Told.CODE)
            try:
                await self._one_request(reader, form)
            except NotFiled:
                if not number:
                    raise
                break  # the form itself was sent, and what is known of it is kept

    def _reason(self, reader: Reader) -> str:
        from automation.visit.attended.review import reason_in  # noqa: PLC0415 - beside its only use

        return reason_in(reader.locale, self._work.reasons, self._order.flow.guide.reason_text)

    async def _form(
        self,
        reader: Reader,
        session: CDPSession,
        table: ObjectionTable,
        found: FormPage,
        form_id: str,
        *,
        first: bool,
    ) -> FormInWindow | None:
        """The form on screen: the one that was recognised, or the one that asks for a code after it."""
        page = reader.page if first else await reader.read_after(0)
        if page is None:
            raise PageChanged("no page is open")
        words = reader.words
        forms = find_forms(page.view, page.surface, words, table)
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

    async def _one_request(self, reader: Reader, form: InWindow) -> None:
        sent = await send_one(form, self._desk, self._guard, self._window, self._work.limit_s)
        review, before = sent.review, self._filing
        filing = Filing(
            by=self._desk.by,
            released_at=sent.released_at,
            sent_at=sent.sent_at,
            host=review.submission.host,
            form_id=form.form_id,
            fields=review.filled,
            let_on=(sent.departed.sealed,),
        )
        if before is not None:
            filing = replace(
                before,
                requests=before.requests + 1,
                fields=(*before.fields, *review.filled),
                let_on=(*before.let_on, *filing.let_on),
            )
        self._note(filing)
        answered = await self._answered(form, sent.request)
        await reader.capture("confirmation", note="after it was sent")
        told = reader.page.view.blocks() if reader.page and review.setting is None else ()
        text = "\n".join(block.text for block in told)  # a page of settings speaks of other numbers and delays
        if not answered:
            self._desk.tell(Told.UNANSWERED)
        self._note(replace(filing, answered=answered, reference=reference_in(text), promise=promise_in(text)))

    def _note(self, filing: Filing) -> None:
        self._filing = filing
        self._log.filed(filing)
        self._desk.filed(filing)

    async def _answered(self, form: InWindow, request: ReleasedSubmit) -> bool:
        """
        Wait until the service has answered and the page shows something else than the form that was sent.

        A page may change as soon as its button is pressed; closed then, it would take the request back that is still
        on its way.
        """
        deadline = asyncio.get_running_loop().time() + ANSWER_S
        while asyncio.get_running_loop().time() < deadline and self._window.is_there and not request.failed:
            if request.status is not None and await form.is_answered():
                return True
            await asyncio.sleep(POLL_S)
        return False


def declared_form(flow: Flow) -> ObjectionTable | ControlTable:
    """
    How a flow's form or setting is found, where it is declared by what the submission is known.

    Raises:
        NotFiled: nothing is declared.
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
    from automation.core.signals import SignalName  # noqa: PLC0415 - beside its only use

    if found.form is not None and found.form.form_id:
        return found.form.form_id
    named = next((signal.quote for signal in found.signals if signal.name is SignalName.FORM_ID), "")
    if not named:
        raise NotFiled("the form does not say which one it is, so its request could not be told from another")
    return named
