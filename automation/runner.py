"""Many accounts on one machine: side by side, one failure never costs the others."""

from __future__ import annotations

import asyncio
import os
import secrets as random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from loguru import logger

from automation import __version__
from automation.accounts import Account, SignIn
from automation.answers import Answer
from automation.browser import Browsers
from automation.browser_settings import BrowserSettings
from automation.bundle import Sealer
from automation.check import check
from automation.errors import ConfigurationError, OutputError, TemoinError
from automation.evidence import Environment, EvidenceSettings, GuardRecord
from automation.flow import Flow
from automation.order import Order
from automation.policy import Policy
from automation.redaction import Redactor
from automation.results import Outcome, Result, Run, RunDocument, exit_code_of
from automation.session import SIGN_IN, Credentials, Means
from automation.verdicts import Reason, Verdict

_KEY_NAME = "identity.key"


@dataclass(frozen=True, slots=True)
class Plan:
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
    answers: tuple[Answer, ...] = ()
    """What people said and still stands."""
    secrets: Sequence[str] = field(default=(), repr=False)


Tell = Callable[[str, str], None]
"""Called with an account's name and what it is doing: `started`, or the verdict."""


async def run(plan: Plan, tell: Tell = lambda _account, _what: None) -> RunDocument:
    """
    Check all accounts of a plan and return their results in the plan's order.

    Raises:
        ConfigurationError, OutputError: nothing can be checked at all.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415 - costs a tenth of a second

    plan.means.vault.unlock(account.name for account in plan.accounts if account.sign_in is SignIn.SESSION)
    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%SZ}-{random.token_hex(3)}"
    folder = plan.output / run_id
    prepare_output(folder)
    gate = asyncio.Semaphore(max(1, plan.browser.concurrency))
    faults: list[BaseException] = []

    async with async_playwright() as playwright, Browsers(playwright, plan.browser) as browsers:

        async def one(account: Account) -> Result:
            order = Order(
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
                redactor=Redactor(plan.secrets),
            )
            async with gate:
                tell(account.name, "started")
                with logger.contextualize(run=run_id, account=account.name):
                    result = await _once_or_twice(order, browsers, faults)
                    logger.info("{} {}", result.verdict, result.reason or "")
                tell(account.name, result.verdict.value)
                return result

        tasks = [asyncio.ensure_future(one(account)) for account in plan.accounts]
        try:
            results = tuple(await asyncio.gather(*tasks))
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
    code = exit_code_of(results, fault=bool(faults))
    return RunDocument(
        run=Run(
            id=run_id,
            started_at=started,
            finished_at=datetime.now(UTC),
            temoin=__version__,
            strict=plan.strict,
            exit_code=int(code),
            output=str(folder),
            stand_in=bool(plan.browser.replica_map),
        ),
        results=results,
    )


async def _once_or_twice(order: Order, browsers: Browsers, faults: list[BaseException]) -> Result:
    """Check once; once more where the browser died or a page did not come in time."""
    result = await _protected(order, browsers, faults)
    if result.reason is None or not result.reason.retryable or _tried_to_sign_in(result):
        return result
    logger.info("once more after {}", result.reason)
    return replace(await _protected(order, browsers, faults), attempts=2)


def _tried_to_sign_in(result: Result) -> bool:
    """Whether it ended before signing in was done, and name and password may have left: those are given once."""
    signed_in = any(timing.part == SIGN_IN for timing in result.timings)
    return not signed_in and result.guard.sign_in_requests > 0


async def _protected(order: Order, browsers: Browsers, faults: list[BaseException]) -> Result:
    try:
        return await check(order, browsers)
    except (ConfigurationError, OutputError):  # the key of the sessions is missing, the disk is full: it stays so
        raise
    except Exception as fault:  # noqa: BLE001 - one account's fault must not cost the others
        faults.append(fault)
        logger.opt(exception=fault).error("internal fault while checking")
        kind = type(fault).__name__ if not isinstance(fault, TemoinError) else fault.message
        return _failed(order, Reason.NOT_RECOGNISED, f"internal fault: {kind}")


def _failed(order: Order, reason: Reason, because: str) -> Result:
    now = datetime.now(UTC)
    account, flow = order.account, order.flow
    return Result(
        account=account.name, owner=account.owner, kind=account.kind.value, page=account.page,
        flow=flow.id, flow_revision=flow.revision, flow_verified=flow.verification(now.date()),
        subject=order.subject, verdict=Verdict.UNKNOWN, reason=reason, because=because, because_key=reason.value,
        assumed_words=False, missing=(), next_step=reason.value, expect=account.expect,
        outcome=Outcome.INCOMPLETE, locale="", signals=(), form=None, probes=(),
        exposure=(), steps=(), guard=GuardRecord(0, 0, (), (), self_test="see the log"),
        environment=Environment(
            __version__, "", "", "", "", "", (), sandbox=True, viewport="", time_zone="", proxy="",
            stand_in=bool(order.browser.replica_map),
        ),
        bundle=None, evidence=(), timings=(), started_at=now, finished_at=now,
    )  # fmt: skip


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


def identity_key(configured: str | None, data_folder: Path) -> bytes:
    """
    The key of the HMACs that stand for accounts: the configured one, or one made once and kept beside.

    Raises:
        OutputError: the kept key cannot be read or written.
    """
    if configured:
        return configured.encode()
    path = data_folder / _KEY_NAME
    try:
        if path.exists():
            return path.read_bytes()
        data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = random.token_bytes(32)
        beside = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
        beside.rename(path)
    except OSError as error:
        raise OutputError(
            f"{path}: the identity key cannot be kept ({error.strerror or error})",
            "Set TEMOIN_IDENTITY_KEY to a long random text.",
        ) from None
    return key
