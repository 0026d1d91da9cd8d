"""One account, from start to end; the only place that turns a failed check into a result."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.async_api import Error

from automation.browser.capture.journal import Journal, browser_facts
from automation.browser.environment.machine import ThisMachine
from automation.browser.environment.record import executable_digest
from automation.browser.hidden_screen import minimise
from automation.browser.pool import context_options
from automation.core.errors import CheckError, GuardBreach, SignInNeeded, SiteUnreachable
from automation.core.verdicts import Reason
from automation.evidence import BundleWriter
from automation.evidence.write.bag import OriginalCopy
from automation.guard import Guard, GuardPolicy, Phase
from automation.session.attended import close
from automation.session.means import SIGN_IN
from automation.session.phase import SessionPhase
from automation.session.signing_browser import differences, settings_like, window_options
from automation.text.names import Names
from automation.text.redaction import Secrets, names_in_cookies
from automation.visit.objection import read
from automation.visit.order import CheckLog, Order
from automation.visit.reader import SignedInAccount, VisitLog
from automation.visit.reader.live import LiveReaders
from automation.visit.result_writer import file_result

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.browser.pool import Browsers
    from automation.core.results import Result
    from automation.visit.reader import Reader


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """An account for which there is a session, while it is checked."""

    order: Order
    guard: Guard
    """Contexts are the guard's alone."""
    phase: SessionPhase
    bundle: BundleWriter
    log: CheckLog


Work = Callable[[OpenAccount, Mapping[str, Any]], Awaitable[None]]
"""What is done with an account and its storage state."""
_TOLD = frozenset({"open", "follow"})
"""Actions that the person who waits is told of."""


async def check(order: Order, browsers: Browsers, work: Work | None = None) -> Result:
    """
    Look at one account and say where it stands.

    Args:
        order: what is asked for.
        browsers: where the visit's browser comes from.
        work: what is done with the session; None: the account is read, and nothing else.

    Whatever keeps the check from finishing becomes `needs_human` or `unknown` with its reason.
    So does a breach of the guard: its record is kept with the evidence, and nothing that was read is believed.

    Raises:
        BrowserNotFound: no browser can be started.
        VaultError: there is no key for the saved sessions.
        OutputError: the evidence cannot be written; nothing half-written stays.
        BundleError: the evidence does not prove itself, or holds a secret; there is none then.
    """
    recipient = order.evidence.unmasked_for
    journal = Journal(lambda action, what: order.doing(what) if action in _TOLD else None)
    log = CheckLog(journal, OriginalCopy(recipient) if recipient else None)
    bundle = await BundleWriter.open(order.folder, order.account.name, order.sealer)
    try:
        await _visit(order, browsers, bundle, log, work or _read_attended)
        order.doing("seal")
        return await _in_full(file_result(order, log.record(), bundle))
    finally:
        bundle.discard()  # what was published has another name by then


async def _in_full(writing: Coroutine[Any, Any, Result]) -> Result:
    """Cancellation waits until the result is written: the visit itself is over."""
    written = asyncio.ensure_future(writing)
    try:
        return await asyncio.shield(written)
    except asyncio.CancelledError:
        return await written


async def _visit(order: Order, browsers: Browsers, bundle: BundleWriter, log: CheckLog, work: Work) -> None:
    guard = Guard(
        GuardPolicy.parse(order.flow.site.tables),
        replica_map=dict(order.browser.replica_map) or None,
        proxy=order.browser.proxy,
    )
    log.guarded(guard)
    # Wanted with the first page, and slow to read the first time; the browser takes its time to start.
    asyncio.get_running_loop().run_in_executor(None, Names.beside, order.flow.labels)
    with _BreachFirst(guard, log):
        try:
            holder = order.means.vault.holder(order.account.entries)
            with order.means.vault.locked(holder):
                like = settings_like(order.means.vault.browser_of(holder), order.browser, ThisMachine())
                async with (
                    asyncio.timeout(order.limits.visit_s if order.means.attended is None else None),
                    browsers.borrowed(guard, like) as (_browser, environment),
                ):
                    log.launched(environment, minimised=like is not None and not browsers.has_hidden_screen)
                    log.ended("launch")
                    order.doing(SIGN_IN)
                    phase = _session_phase(order, guard, bundle)
                    state = await phase.begin()
                    log.ended(SIGN_IN)
                    await work(OpenAccount(order, guard, phase, bundle, log), state)
                    log.ended("read")
        except TimeoutError:
            message = f"the visit did not end within {order.limits.visit_s:g} s"
            log.trouble = SiteUnreachable(message, "Try again later.", reason=Reason.TIMEOUT)
        except GuardBreach as breach:
            _breached(log, breach.message)
        except CheckError as error:
            logger.debug("check ended at {}: {}", error.step, error.message)
            log.trouble = error


@dataclass(frozen=True, slots=True)
class _BreachFirst:
    """A breach is told before anything else, also where a fault or a cancellation broke the visit off."""

    guard: Guard
    log: CheckLog

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, end: BaseException | None, _traceback: object) -> bool:
        if not self.guard.breached:
            return False
        if end is not None:
            logger.opt(exception=end).error("the visit was broken off, and its guard breached")
        _breached(self.log, "the guard was breached or failed while the account was open")
        return isinstance(end, Exception | asyncio.CancelledError)


def _breached(log: CheckLog, what: str) -> None:
    logger.error("{}", what)
    log.breached(what)


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
        order.identity_key,
        order.limits.closing_s,
    )


async def _read_attended(account: OpenAccount, state: Mapping[str, Any]) -> None:
    """Read; where the service asks for something and a person is there, let them solve it and read once more."""
    try:
        await read_account(account, state)
    except SignInNeeded as stopped:
        front = account.log.visit.in_front if account.log.visit else None
        url = front.address if front else account.order.flow.site.sign_in.home
        await read_account(account, await account.phase.go_on(stopped, state, url))


async def read_account(account: OpenAccount, state: Mapping[str, Any]) -> None:
    """
    Read the account in a context of its own, in which nothing can be written.

    Raises:
        CheckError: what keeps it from being read.
    """
    order, phase, log = account.order, account.phase, account.log
    options = {} if order.browser.replica_map else window_options(phase.browser)
    context = await account.guard.new_context(Phase.CHECK, **context_options(**options, storage_state=state))
    try:
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        if log.minimised:
            await minimise(session)
        reader, visit = reader_of(account, state, page, session)
        try:
            log.facts = await browser_facts(session)
            log.differs(differences(phase.browser, log.facts, log.version), first=phase.is_first_use)
            # Wanted at the end, and a browser's program takes long to read the first time.
            asyncio.get_running_loop().run_in_executor(None, executable_digest, Path(log.facts.executable))
            log.observation = observation = await read(reader, order.flow, order.subject)
        except CheckError as error:
            if error.reason is not Reason.BROWSER_LOST:
                await (visit.in_front or reader).capture("stopped", note=error.reason.value)
            raise
        if observation.same_to_the_end:
            await phase.keep(context)
    finally:
        with suppress(Error):  # the tab may be gone; what the service renewed may stand nowhere either
            log.states.append({"cookies": await context.cookies()})
        await close(account.guard, context, order.limits.closing_s)


def reader_of(
    account: OpenAccount, state: Mapping[str, Any], page: Page, session: CDPSession
) -> tuple[Reader, VisitLog]:
    """What reads one tab of the account, and the visit's log; what the session holds stands in neither."""
    order, log, guard = account.order, account.log, account.guard
    whose = signed_in(order, account.phase, state)
    log.visit = visit = log.visit or VisitLog.of(order.flow, whose, log.journal)
    readers = LiveReaders(
        order.flow,
        whose,
        visit,
        account.bundle,
        order.browser.timeout_s,
        log.original,
        lambda: guard.sockets,
        one_tab=order.browser.one_tab,
    )
    log.reader = reader = readers.reader(page, session)
    log.states.append(state)
    addresses = [url for surface in order.flow.surfaces.values() for url in surface.urls]
    visit.masks.conceal(Secrets.of(state=state, public=addresses).seen)
    return reader, visit


def signed_in(order: Order, phase: SessionPhase, state: Mapping[str, Any]) -> SignedInAccount:
    """Whose pages a session shows, and what of the person is to be masked in them."""
    names = (*order.names, *names_in_cookies(state))
    whose = order.account
    login = order.credentials.username.get_secret_value() if order.credentials else ""
    return SignedInAccount(whose.identity, phase.confirmed, whose.objects, phase.marks, names, login)
