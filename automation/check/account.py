"""One account, from start to end; the only place that turns a failed check into a result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.async_api import Error

from automation.browser.capture.facts import browser_facts
from automation.browser.capture.journal import Journal
from automation.browser.environment.record import executable_digest
from automation.browser.pool import context_options
from automation.check.order import Order
from automation.check.result_writer import VisitRecord, file_result
from automation.check.visit.read import read
from automation.domain.results import Result, Timing
from automation.domain.verdicts import Reason
from automation.errors import CheckError, GuardBreach, SignInNeeded, SiteUnreachable
from automation.evidence import BundleWriter
from automation.evidence.write.original import OriginalCopy
from automation.guard import Guard, GuardPolicy, Phase
from automation.reader import SignedInAccount, VisitLog
from automation.reader.live import LiveReaders
from automation.session import SIGN_IN, SessionPhase, close

if TYPE_CHECKING:
    from automation.browser.pool import Browsers

_TOLD = frozenset({"open", "follow"})
"""Actions that the person who waits is told of."""
_LONGEST_S = 240.0
"""A page that keeps its tab busy for ever must not keep the run."""


async def check(order: Order, browsers: Browsers) -> Result:
    """
    Look at one account and say where it stands.

    Whatever keeps the check from finishing becomes `needs_human` or `unknown` with its reason.
    So does a breach of the guard: its record is kept with the evidence, and nothing that was read is believed.

    Raises:
        BrowserNotFound: no browser can be started.
        VaultError: there is no key for the saved sessions.
        OutputError: the evidence cannot be written; nothing half-written stays.
        BundleError: the evidence does not prove itself, or holds a secret; there is none then.
    """
    recipient = order.evidence.unmasked_for
    visit = VisitRecord(
        datetime.now(UTC),
        original=OriginalCopy(recipient) if recipient else None,
        journal=Journal(lambda action, what: order.doing(what) if action in _TOLD else None),
    )
    bundle = await BundleWriter.open(order.folder, order.account.name, order.sealer)
    try:
        await _visit(order, browsers, bundle, visit)
        order.doing("seal")
        return await _in_full(file_result(order, visit, bundle))
    finally:
        bundle.discard()  # what was published has another name by then


async def _in_full(filing: Coroutine[Any, Any, Result]) -> Result:
    """The visit is over: being broken off while it is put on record only costs the moment that this takes."""
    filed = asyncio.ensure_future(filing)
    try:
        return await asyncio.shield(filed)
    except asyncio.CancelledError:
        return await filed


async def _visit(order: Order, browsers: Browsers, bundle: BundleWriter, visit: VisitRecord) -> None:
    guard = Guard(GuardPolicy.parse(order.flow.site.tables), replica_map=dict(order.browser.replica_map) or None)
    visit.guard = guard
    clock = time.monotonic()
    try:
        with order.means.vault.locked(order.account.name):
            async with (
                asyncio.timeout(_LONGEST_S) if order.means.attended is None else asyncio.timeout(None),
                browsers.borrowed(guard) as (_browser, environment),
            ):
                visit.environment = environment
                clock = _lap(visit, "launch", clock)
                order.doing(SIGN_IN)
                phase = _session_phase(order, guard, bundle)
                state = await phase.begin()
                clock = _lap(visit, SIGN_IN, clock)
                await _read_attended(order, guard, phase, state, bundle, visit)
                _lap(visit, "read", clock)
    except TimeoutError:
        message = f"the visit did not end within {_LONGEST_S:g} s"
        visit.trouble = SiteUnreachable(message, "Try again later.", reason=Reason.TIMEOUT)
    except GuardBreach as breach:
        _breached(visit, breach.message)
    except CheckError as error:
        logger.debug("check ended at {}: {}", error.step, error.message)
        visit.trouble = error
    except (Exception, asyncio.CancelledError) as end:
        if not guard.breached:
            raise
        logger.opt(exception=end).error("the visit was broken off, and its guard breached")
    if guard.breached:  # also where the visit was broken off: a breach is told before anything else
        _breached(visit, "the guard was breached or failed while the account was open")


def _breached(visit: VisitRecord, what: str) -> None:
    logger.error("{}", what)
    visit.observation = None
    visit.trouble = CheckError(what, "Run `temoin doctor` before the next check.", reason=Reason.GUARD_BLOCKED)


def _lap(visit: VisitRecord, part: str, since: float) -> float:
    now = time.monotonic()
    visit.timings.append(Timing(part, round(now - since, 3)))
    visit.journal.done("ended", part)
    return now


def _session_phase(order: Order, guard: Guard, bundle: BundleWriter) -> SessionPhase:
    return SessionPhase(
        order.account,
        order.subject,
        order.flow.site,
        order.flow.labels,
        guard,
        bundle,
        order.means,
        order.credentials,
        order.browser.timeout_s,
    )


async def _read_attended(
    order: Order,
    guard: Guard,
    phase: SessionPhase,
    state: Mapping[str, Any],
    bundle: BundleWriter,
    visit: VisitRecord,
) -> None:
    """Read; where the service asks for something and a person is there, let her solve it and read once more."""
    try:
        await _read(order, guard, phase, state, bundle, visit)
    except SignInNeeded as stopped:
        front = visit.log.in_front if visit.log else None
        url = front.address if front else order.flow.site.sign_in.home
        state = await phase.go_on(stopped, state, url)
        await _read(order, guard, phase, state, bundle, visit)


async def _read(
    order: Order,
    guard: Guard,
    phase: SessionPhase,
    state: Mapping[str, Any],
    bundle: BundleWriter,
    visit: VisitRecord,
) -> None:
    flow = order.flow
    context = await guard.new_context(Phase.CHECK, **context_options(storage_state=state))
    try:
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        account = SignedInAccount(order.account.identity, phase.confirmed, order.account.objects)
        visit.log = visit.log or VisitLog.of(flow, account, visit.journal)
        readers = LiveReaders(flow, account, visit.log, bundle, order.browser.timeout_s, visit.original)
        reader = visit.reader = readers.reader(page, session)
        visit.states.append(state)
        try:
            visit.facts = await browser_facts(session)
            # Wanted at the end, and a browser's program takes long to read the first time.
            asyncio.get_running_loop().run_in_executor(None, executable_digest, Path(visit.facts.executable))
            visit.observation = await read(reader, flow, order.subject)
        except CheckError as error:
            if error.reason is not Reason.BROWSER_LOST:
                await (visit.log.in_front or reader).capture("stopped", note=error.reason.value)
            raise
        if visit.observation.same_to_the_end:
            await phase.keep(context)
    finally:
        with suppress(Error):  # the tab may be gone; what the service renewed may stand nowhere either
            visit.states.append({"cookies": await context.cookies()})
        await close(guard, context)
