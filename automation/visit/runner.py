"""Many accounts on one machine, some side by side: what a run is to do, and its results in the plan's order."""

from __future__ import annotations

import asyncio
import secrets as random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from automation import __version__
from automation.browser.finder import look_for_browser
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.cases import Case
from automation.core.errors import ConfigurationError, FlowError, OutputError, TemoinError
from automation.core.policy import Policy, Statement
from automation.core.records import EvidenceSettings
from automation.core.results import Result, Run, RunDocument, Verified, exit_code_of
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.evidence import Sealer
from automation.evidence.formats.ledger_line import kept
from automation.flow import Flow
from automation.session.means import SIGN_IN, Credentials, Means
from automation.text.redaction import Redactor
from automation.visit.order import Limits, Order
from automation.visit.pacing import Overload, Pacing, Places

if TYPE_CHECKING:
    from automation.browser.pool import Browsers

Tell = Callable[[str, str], None]
"""
Called with an account's name and what it is doing: `started`, `sign_in`, the surfaces that it opens one after the
other, `seal`, and in the end its verdict. An account that was not looked at only gets its verdict.
"""
Keep = Callable[["Result"], "Result"]
"""Given each result as it comes; what is to be held of it until the run ends."""
CheckOne = Callable[["Order", "Browsers"], Awaitable["Result"]]
"""Looks at one account."""


class SideBySide:
    """The visits of one run: a bounded number at a time, each service's at its pace, ended when asked to."""

    def __init__(
        self,
        browser: BrowserSettings,
        run_id: str,
        browsers: Browsers,
        tell: Tell,
        stop: asyncio.Event,
        overload: Overload,
        keep: Keep = lambda result: result,
        *,
        look: CheckOne,
        grace_s: float = Limits.grace_s,
    ) -> None:
        self._keep, self._look, self._grace_s = keep, look, grace_s
        self._run_id, self._browsers, self._tell, self._stop = run_id, browsers, tell, stop
        self._places = Places(browser.concurrency, overload)
        self._pacing = Pacing(*browser.pace)
        self._people: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._begun: set[str] = set()
        self.faulty = False
        """Whether something failed inside Témoin."""

    async def results(self, orders: Sequence[Order]) -> tuple[Result, ...]:
        """The result of each, in order; what ends the whole run is raised once nothing is under way any more."""
        tasks = {order.account.name: asyncio.ensure_future(self._one(order)) for order in orders}
        watch = asyncio.ensure_future(self._end_when_asked(tasks))
        try:
            return tuple(await asyncio.gather(*tasks.values()))
        finally:
            for task in (watch, *tasks.values()):
                task.cancel()
            await asyncio.gather(watch, *tasks.values(), return_exceptions=True)

    async def _end_when_asked(self, tasks: Mapping[str, asyncio.Future[Result]]) -> None:
        await self._stop.wait()
        for name in tasks.keys() - self._begun:
            tasks[name].cancel()
        await asyncio.sleep(self._grace_s)
        for task in tasks.values():
            task.cancel()

    async def _one(self, order: Order) -> Result:
        name = order.account.name
        with logger.contextualize(run=self._run_id, account=name):
            try:
                result = await self._in_turn(order)
            except asyncio.CancelledError:
                if not self._stop.is_set():
                    raise
                result = _interrupted(order, begun=name in self._begun)
            logger.info("{} {}", result.verdict, result.reason or "")
        self._tell(name, result.verdict.value)
        return self._keep(result)

    async def _in_turn(self, order: Order) -> Result:
        person = (order.account.service, order.subject)  # several entries of one person share one session
        async with self._people[person], self._pacing.turn(order.account.service), self._places.place():
            if self._stop.is_set():
                return _interrupted(order, begun=False)
            self._begun.add(order.account.name)
            order.doing("started")
            return await self._once_or_twice(order)

    async def _once_or_twice(self, order: Order) -> Result:
        """Check once; once more, without signing in again, where the browser died or a page did not come in time."""
        order = replace(order, means=replace(order.means, handed_on={}))
        result = await self._protected(order)
        again = result.reason is not None and result.reason.retryable and not _tried_to_sign_in(result)
        if not again or self._stop.is_set():
            return result
        logger.info("once more after {}", result.reason)
        return replace(await self._protected(order), attempts=2)

    async def _protected(self, order: Order) -> Result:
        try:
            return await self._look(order, self._browsers)
        except (ConfigurationError, OutputError):  # the key of the sessions is missing, the disk is full: it stays so
            raise
        except Exception as fault:  # noqa: BLE001 - one account's fault must not cost the others
            self.faulty = True
            logger.opt(exception=fault).error("internal fault while checking")
            kind = type(fault).__name__ if not isinstance(fault, TemoinError) else fault.message
            return _failed(order, Reason.INTERNAL_ERROR, f"internal fault: {kind}")


def _tried_to_sign_in(result: Result) -> bool:
    """
    Whether it ended before signing in was done, and name and password may have left: those are given once.

    A check that began with a kept session may have come to signing in later.
    """
    signed_in = any(timing.part == SIGN_IN for timing in result.timings) and result.failed_step != SIGN_IN
    return not signed_in and result.guard.sign_in_requests > 0


def _interrupted(order: Order, *, begun: bool) -> Result:
    ended = "the run was ended while this account was looked at"
    return _failed(order, Reason.INTERRUPTED, ended if begun else "the run was ended before this account was looked at")


def _failed(order: Order, reason: Reason, because: str) -> Result:
    flow = order.flow
    from automation.visit.result_writer import nothing_read  # noqa: PLC0415 - as late as the visits themselves

    verified = flow.revision, flow.verification(datetime.now(UTC).date())
    stand_in = bool(order.browser.replica_map)
    return nothing_read(order.account, order.subject, verified, reason, because, stand_in=stand_in)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What one run is to do."""

    accounts: Sequence[Account]
    flows: Mapping[str, Flow]
    browser: BrowserSettings
    output: Path
    """Evidence folder; the run gets a folder of its own in it."""
    identity_key: bytes = field(repr=False)
    means: Means
    sealer: Sealer
    """Of the evidence folder."""
    credentials: Mapping[str, Credentials] = field(default_factory=dict, repr=False)
    strict: bool = False
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    policy: Policy = field(default_factory=Policy)
    answers: tuple[Statement, ...] = ()
    """What people said and still stands."""
    limits: Limits = field(default_factory=Limits)
    cases: tuple[Case, ...] = ()
    """The objections that were filed, as they stand before the run."""
    secrets: Sequence[str] = field(default=(), repr=False)
    run_id: str | None = None
    """The run's name, where somebody has to know it before; None: a new one."""
    broken: Mapping[str, FlowError] = field(default_factory=dict)
    """Flows that cannot be used, by id: their accounts are not visited, and their results say why."""

    @property
    def stand_in(self) -> bool:
        """Whether stand-ins are looked at."""
        return bool(self.browser.replica_map)


async def run(
    plan: RunPlan,
    tell: Tell = lambda _account, _what: None,
    stop: asyncio.Event | None = None,
    *,
    overload: Overload | None = None,
    keep: Callable[[Path, Result], Result] = lambda _folder, result: result,
    look: CheckOne | None = None,
) -> RunDocument:
    """
    Check all accounts of a plan and return their results in the plan's order.

    Args:
        plan: what is to be done.
        tell: told what each account is doing.
        stop: once it is set, no visit begins, and those under way have the plan's grace before they are dropped.
            Accounts that were not looked at to the end say so.
        overload: when fewer accounts are looked at side by side than configured; None: by this machine's load.
        keep: given the run's folder and each result as it comes; what it returns is held, and is what the run returns.
        look: what is done for each account; None: it is checked.

    Raises:
        ConfigurationError, OutputError: nothing can be checked at all.
    """
    vault = plan.means.vault
    vault.unlock(vault.holder(a.entries) for a in plan.accounts if a.sign_in is SignInMethod.SESSION)
    started = datetime.now(UTC)
    run_id = plan.run_id or new_run_id(started)
    folder = plan.output / run_id
    prepare_output(folder)
    looking = look_for_browser(plan.browser)
    from playwright.async_api import async_playwright  # noqa: PLC0415 - half of the start, while the browser is sought

    from automation.browser.pool import Browsers  # noqa: PLC0415 - the same
    from automation.visit.account import check  # noqa: PLC0415 - the same

    async with async_playwright() as playwright, Browsers(playwright, plan.browser, found=looking) as browsers:
        side_by_side = SideBySide(
            plan.browser,
            run_id,
            browsers,
            tell,
            stop or asyncio.Event(),
            overload or Overload(),
            partial(keep, folder),
            look=look or check,
            grace_s=plan.limits.grace_s,
        )
        usable = [account for account in plan.accounts if account.flow not in plan.broken]
        read = await side_by_side.results([order_of(plan, account, folder, tell) for account in usable])
    results = _with_broken_flows(plan, read, tell)
    return document_of(plan, folder, started, results, fault=side_by_side.faulty)


def new_run_id(started: datetime) -> str:
    """A name for a run that nobody has named."""
    return f"{started:%Y%m%dT%H%M%SZ}-{random.token_hex(3)}"


def document_of(
    plan: RunPlan, folder: Path, started: datetime, results: tuple[Result, ...], *, fault: bool = False
) -> RunDocument:
    """All that a run has to say, once it is over; its folder's name is the run's, and a `fault` is Témoin's own."""
    return RunDocument(
        run=Run(
            id=folder.name,
            started_at=started,
            finished_at=datetime.now(UTC),
            temoin=__version__,
            strict=plan.strict,
            exit_code=int(exit_code_of(results, fault=fault)),
            output=str(folder),
            stand_in=plan.stand_in,
            operator=plan.evidence.operator,
            case=plan.evidence.case,
            ledger_end=_ledger_end(plan.sealer),
        ),
        results=results,
    )


def _ledger_end(sealer: Sealer) -> str:
    """The short code of the ledger's end; empty where there is none, or it is damaged, which verifying says."""
    try:
        end = sealer.ledger.tip().previous
    except TemoinError:
        return ""
    return kept(end.sequence, end.line_sha256).code if end.line_sha256 else ""


def _with_broken_flows(plan: RunPlan, read: Sequence[Result], tell: Tell) -> tuple[Result, ...]:
    """The results, and those of the accounts whose flow cannot be used, in the plan's order."""
    from automation.visit.result_writer import nothing_read  # noqa: PLC0415 - as late as the visits themselves

    by_name, never, stand_in = {result.account: result for result in read}, ("", Verified("never")), plan.stand_in
    for account in plan.accounts:
        if (error := plan.broken.get(account.flow)) is not None:
            whose, because = subject(account.identity, plan.identity_key), f"{error.message} {error.remedy}".strip()
            broken = nothing_read(account, whose, never, Reason.FLOW_BROKEN, because, stand_in=stand_in)
            by_name[account.name] = broken
            tell(account.name, Verdict.UNKNOWN.value)
    return tuple(by_name[account.name] for account in plan.accounts)


def order_of(plan: RunPlan, account: Account, folder: Path, tell: Tell) -> Order:
    """What a plan asks for of one account."""
    return Order(
        account=account,
        flow=plan.flows[account.flow],
        browser=plan.browser,
        folder=folder,
        identity_key=plan.identity_key,
        means=plan.means,
        sealer=plan.sealer,
        credentials=plan.credentials.get(account.name),
        strict=plan.strict,
        evidence=plan.evidence,
        policy=plan.policy,
        answers=plan.answers,
        limits=plan.limits,
        cases=plan.cases,
        redactor=Redactor(plan.secrets),
        doing=partial(tell, account.name),
    )


def prepare_output(folder: Path) -> None:
    """
    Make the run's folder and prove that it can be written.

    Raises:
        OutputError: naming the folder and the remedy.
    """
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"{folder}: the output folder cannot be written ({error.strerror or error})",
            "Choose another folder with --output or correct its permissions.",
        ) from None
