"""One attended visit: to the form with the guard closed, the review, the consent, one press, and what came of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from automation.browser.capture.journal import browser_facts
from automation.browser.pool import Browsers, context_options
from automation.core.errors import ConfigurationError, NotFiled, PageChanged
from automation.core.results import Filing
from automation.core.signals import SignalName
from automation.flow.control_table import ControlTable
from automation.flow.manifest import filing_table
from automation.guard import Phase
from automation.reading.forms import find_forms
from automation.session.attended import close
from automation.text.normalizing import quote
from automation.visit.account import OpenAccount, check, read_account, reader_of
from automation.visit.attended.controls import Controls
from automation.visit.attended.desk import Desk, Told, is_windowed, reason_in
from automation.visit.attended.form import FormInWindow
from automation.visit.attended.sending import ANSWER_S, LIMIT_S, POLL_S, Window, send_one
from automation.visit.attended.setting import SwitchInWindow, setting_in_window
from automation.visit.objection import go_to_form
from automation.visit.runner import document_of, new_run_id, order_of, prepare_output

if TYPE_CHECKING:
    from automation.core.accounts import Account
    from automation.core.results import RunDocument
    from automation.flow.control_table import ObjectionTable
    from automation.flow.manifest import Flow
    from automation.guard.released import ReleasedSubmit
    from automation.reading.forms import FormPage
    from automation.visit.attended.sending import InWindow
    from automation.visit.reader import Reader
    from automation.visit.runner import RunPlan

_MOST_REQUESTS = 2
"""The form, and the code that the service mails."""
_REFERENCE = re.compile(
    r"(?:case|reference|ticket|confirmation|dossier|référence|suivi|fall|vorgang|aktenzeichen|caso|riferimento)"
    r"(?:\s+(?:number|no\.?|id|nummer|numéro|n°|número|numero))?(?:\s+(?:is|est|ist|es|è))?\s*[:#]?\s*#?\s*([A-Z0-9][A-Z0-9-]{4,39})\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"[^.\n]*\b\d{1,3}\s+(?:hours?|days?|weeks?|months?|business days?|heures?|jours?|semaines?|mois|stunden|tagen?|"
    r"wochen|monaten?|ore|giorni|settimane|horas|días|semanas|dias)\b[^.\n]*\.?",
    re.IGNORECASE,
)


async def file_objection(plan: RunPlan, account: Account, work: ObjectionAtDesk) -> RunDocument:
    """
    Take the person to the form of one account, in a run of its own that is never tried twice, and keep the proof.

    Args:
        plan: with what means, and where the evidence goes; its browser has a window.
        account: whose form.
        work: what is done there.

    Raises:
        NotFiled: nothing was sent, and nothing is kept.
        ConfigurationError, OutputError, VaultError: it cannot begin.
        BundleError: the evidence does not prove itself, or holds a secret; there is none then.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415 - costs a tenth of a second

    if plan.browser.headless:
        raise ConfigurationError("an objection is filed in a window, and this browser has none", "")
    declared_form(plan.flows[account.flow])
    started = datetime.now(UTC)
    folder = plan.output / new_run_id(started)
    prepare_output(folder)
    async with async_playwright() as playwright, Browsers(playwright, plan.browser) as browsers:
        result = await check(order_of(plan, account, folder, lambda _account, _what: None), browsers, work)
    return document_of(plan, folder, started, (result,))


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

    async def __call__(self, account: OpenAccount, state: Mapping[str, Any]) -> None:
        """
        File, and read the account in a closed context.

        Raises:
            NotFiled: nothing was sent.
            CheckError: the form could not be reached, or the account not be read afterwards.
        """
        guard, order = account.guard, account.order
        table = declared_form(order.flow)
        options = context_options(no_viewport=True)
        for pinned in ("viewport", "device_scale_factor"):
            options.pop(pinned)
        context = await guard.new_context(Phase.ATTENDED, **options, storage_state=state)
        try:
            page = await context.new_page()
            await _Visit(self, account, context, page, Window(page)).file(table, state)
            state = await context.storage_state(indexed_db=True)
        finally:
            with suppress(Error):
                account.log.states.append({"cookies": await context.cookies()})
            await close(guard, context, order.limits.closing_s)
        self.desk.tell(Told.READING)
        await read_account(account, state)


@dataclass
class _Visit:
    work: ObjectionAtDesk
    account: OpenAccount
    context: BrowserContext
    page: Page
    window: Window
    filing: Filing | None = None

    async def file(self, table: ObjectionTable | ControlTable, state: Mapping[str, Any]) -> None:
        """From the home page to what the service said."""
        session = await self.context.new_cdp_session(self.page)
        facts = await browser_facts(session)
        if not is_windowed(facts.command_line):
            raise NotFiled("the browser has no window, so nobody can review the form")
        await self.window.watch(session)
        reader, _visit = reader_of(self.account, state, self.page, session)
        self.work.desk.tell(Told.GOING)
        if isinstance(table, ControlTable):
            await self._switch(reader, session, table)
        else:
            await self._fill(reader, session, table)

    async def _switch(self, reader: Reader, session: CDPSession, table: ControlTable) -> None:
        """A setting: the person switches it and presses what saves it. One that stands as wanted is left."""
        saved = await setting_in_window(reader, self.account.order.flow, table, self.page, session)
        if saved is not None:
            by_press = isinstance(saved, SwitchInWindow) and saved.saved_by_press
            self.work.desk.tell(Told.PRESS_LATER if by_press else Told.SWITCH)
            await self._one_request(reader, saved)

    async def _fill(self, reader: Reader, session: CDPSession, table: ObjectionTable) -> None:
        """A form: it is filled in, and sent with the code that the service may want."""
        found = await go_to_form(reader, self.account.order.flow, table)
        if found is None or found.form is None:
            raise NotFiled("none of the known addresses shows the form to this account")
        form_id = _form_id(found)
        for number in range(_MOST_REQUESTS):
            form = await self._form(reader, session, table, found.form.fingerprint if not number else "", form_id)
            if form is None:
                break
            if number:
                self.work.desk.tell(Told.CODE)
            else:
                reason = reason_in(reader.locale, self.work.reasons, self.account.order.flow.guide.reason_text)
                await form.fill(reason, self.account.order.account.region)
                await reader.capture("filled", note="nothing sent")
            try:
                await self._one_request(reader, form)
            except NotFiled:
                if not number:
                    raise
                break  # the form itself was sent, and what is known of it is kept

    async def _form(
        self, reader: Reader, session: CDPSession, table: ObjectionTable, fingerprint: str, form_id: str
    ) -> FormInWindow | None:
        """The form on screen: the one that was recognised, or, without a fingerprint, one that asks for a code."""
        page = reader.page if fingerprint else await reader.read_after(0)
        if page is None:
            raise PageChanged("no page is open")
        view, forms = page.view, find_forms(page.view, page.surface, reader.words, table)
        if fingerprint:
            forms = [one for one in forms if one.form.fingerprint == fingerprint]
        else:
            forms = [one for one in forms if any(each.role == "code" for each in one.form.fields)]
        if not forms or forms[0].submit is None:
            return None
        controls = Controls(self.page, session, view.frames[view.nodes[forms[0].root].document])
        try:
            await controls.open()
        except PageChanged as error:
            if not fingerprint:
                return None
            raise NotFiled(error.message, "File it in your own browser, then run `temoin check`.") from None
        return FormInWindow(reader, controls, forms[0], view, form_id)

    async def _one_request(self, reader: Reader, form: InWindow) -> None:
        sent = await send_one(form, self.work.desk, self.account.guard, self.window, self.work.limit_s)
        review, before = sent.review, self.filing
        filing = Filing(
            by=self.work.desk.by,
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
            self.work.desk.tell(Told.UNANSWERED)
        self._note(replace(filing, answered=answered, reference=reference_in(text), promise=promise_in(text)))

    def _note(self, filing: Filing) -> None:
        self.filing = filing
        self.account.log.filing = filing
        self.work.desk.filed(filing)

    async def _answered(self, form: InWindow, request: ReleasedSubmit) -> bool:
        """
        Wait until the service has answered and the page shows something else than the form that was sent.

        A page may change as soon as its button is pressed; closed then, it would take the request back that is still
        on its way.
        """
        deadline = asyncio.get_running_loop().time() + ANSWER_S
        while asyncio.get_running_loop().time() < deadline and self.window.is_there and not request.failed:
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
    if found.form is not None and found.form.form_id:
        return found.form.form_id
    named = next((signal.quote for signal in found.signals if signal.name is SignalName.FORM_ID), "")
    if not named:
        raise NotFiled("the form does not say which one it is, so its request could not be told from another")
    return named


def reference_in(text: str) -> str:
    """The number of a case in a text; empty where none is given, or where it may be a word."""
    return next((found[1] for found in _REFERENCE.finditer(text) if any(map(str.isdigit, found[1]))), "")


def promise_in(text: str) -> str:
    """The sentence that says how long it will take, as the page has it; empty where none does."""
    found = _PROMISE.search(text)
    return quote(found[0].strip(), 200) if found else ""
