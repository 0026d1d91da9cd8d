"""One account, from start to end; the only place that turns a failed check into a result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger
from pydantic import TypeAdapter

from automation.accounts import Account, SignIn, subject
from automation.browser import context_options, launched
from automation.browser_settings import BrowserSettings
from automation.bundle import BundleWriter
from automation.conclusion import Terms, conclude, remedy_for
from automation.errors import CheckError, GuardBreach, SiteUnreachable
from automation.evidence import Environment, GuardRecord
from automation.flow import Flow
from automation.flow.reading import read
from automation.guard import Guard, Phase, Policy
from automation.observations import Observation, Step
from automation.reader import Reader
from automation.redaction import Redactor
from automation.results import Result, Timing, Verified, outcome_of
from automation.session import Credentials, SignInStopped
from automation.session import SignIn as SigningIn
from automation.verdicts import Reason

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Playwright


_LONGEST_S = 240.0
"""A page that keeps its tab busy for ever must not keep the run."""
_CLOSING_S = 15.0
_NO_SESSION = "no saved session for this account"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked, and with what."""

    account: Account
    flow: Flow
    browser: BrowserSettings
    folder: Path
    """The run's folder; the evidence of this account goes into a folder of its own in it."""
    identity_key: bytes = field(repr=False)
    credentials: Credentials | None = field(default=None, repr=False)
    strict: bool = False
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    today: date | None = None


@dataclass
class _Progress:
    """What is known so far, so that a failure keeps it."""

    environment: Environment | None = None
    observation: Observation | None = None
    reader: Reader | None = None
    guard: Guard | None = None
    trouble: CheckError | None = None
    timings: list[Timing] = field(default_factory=list)


async def check(order: Order, playwright: Playwright) -> Result:
    """
    Look at one account and say where it stands.

    Whatever keeps the check from finishing becomes `needs_human` or `unknown` with its reason.

    So does a breach of the guard: its record is kept with the evidence, and nothing that was read is believed.

    Raises:
        BrowserNotFound: no browser can be started.
        OutputError: the evidence cannot be written; nothing half-written stays.
    """
    started = datetime.now(UTC)
    progress = _Progress()
    bundle = BundleWriter(order.folder, order.account.name)
    try:
        await _visit(order, playwright, bundle, progress)
        if progress.guard is not None and progress.guard.breached:
            _breached(progress, "the guard was breached or failed while the account was open")
        return _result(order, progress, bundle, started)
    except BaseException:
        bundle.discard()
        raise


def _breached(progress: _Progress, what: str) -> None:
    logger.error("{}", what)
    progress.observation = None
    progress.trouble = CheckError(what, "Run `temoin doctor` before the next check.", reason=Reason.GUARD_BLOCKED)


async def _visit(order: Order, playwright: Playwright, bundle: BundleWriter, progress: _Progress) -> None:
    policy = Policy.parse(order.flow.site.tables)
    guard = Guard(policy, replica_map=dict(order.browser.replica_map) or None)
    progress.guard = guard
    clock = time.monotonic()
    try:
        async with asyncio.timeout(_LONGEST_S), launched(playwright, order.browser, guard) as (_browser, environment):
            progress.environment = environment
            clock = _lap(progress, "launch", clock)
            state = await _session(order, guard, bundle)
            clock = _lap(progress, "sign_in", clock)
            await _read(order, guard, state, bundle, progress)
            _lap(progress, "read", clock)
    except TimeoutError:
        message = f"the visit did not end within {_LONGEST_S:g} s"
        progress.trouble = SiteUnreachable(message, "Try again later.", reason=Reason.TIMEOUT)
    except GuardBreach as breach:
        _breached(progress, breach.message)
    except CheckError as error:
        logger.debug("check ended at {}: {}", error.step, error.message)
        progress.trouble = error


def _lap(progress: _Progress, part: str, since: float) -> float:
    now = time.monotonic()
    progress.timings.append(Timing(part, round(now - since, 3)))
    return now


async def _session(order: Order, guard: Guard, bundle: BundleWriter) -> Mapping[str, Any]:
    if order.account.sign_in is SignIn.SESSION or order.credentials is None:
        raise CheckError(
            _NO_SESSION,
            'Saved sessions are not there yet: set sign_in = "password" for a test account.',
            reason=Reason.LOGIN_REQUIRED,
        )
    context = await guard.new_context(Phase.SESSION, **context_options())
    try:
        signing_in = SigningIn(context, order.flow.site, order.flow.labels, bundle, guard, order.browser.timeout_s)
        return await signing_in.with_password(order.credentials)
    finally:
        await _close(guard, context)


async def _read(
    order: Order,
    guard: Guard,
    state: Mapping[str, Any],
    bundle: BundleWriter,
    progress: _Progress,
) -> None:
    flow = order.flow
    context = await guard.new_context(Phase.CHECK, **context_options(storage_state=state))
    try:
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        reader = Reader(
            page,
            session,
            site=flow.site,
            surfaces=flow.surfaces,
            labels=flow.labels,
            identity=order.account.identity,
            operations=flow.operations,
            sink=bundle,
            timeout_s=order.browser.timeout_s,
            objects=order.account.objects,
        )
        progress.reader = reader
        try:
            progress.observation = await read(reader, flow, _subject(order))
        except CheckError as error:
            if error.reason is not Reason.BROWSER_LOST:
                await reader.capture("stopped", note=error.reason.value)
            raise
    finally:
        await _close(guard, context)


async def _close(guard: Guard, context: BrowserContext) -> None:
    """Close a context; one whose tab does not answer is cut off and dies with its browser."""
    try:
        async with asyncio.timeout(_CLOSING_S):
            await guard.close_context(context)
    except TimeoutError:
        guard.sever()


def _subject(order: Order) -> str:
    return subject(order.account.identity, order.identity_key)


def _terms(order: Order) -> Terms:
    return Terms(
        kind=order.account.kind.value,
        region=order.account.region,
        strict=order.strict,
        today=order.today or datetime.now(UTC).date(),
    )


def _verified(order: Order) -> Verified:
    terms = _terms(order)
    return order.flow.verification(terms.today, kind=terms.kind)


def _steps(progress: _Progress) -> tuple[Step, ...]:
    steps = list(progress.reader.steps) if progress.reader else []
    if isinstance(progress.trouble, SignInStopped):
        trouble = progress.trouble.trouble
        steps.append(
            Step(
                number=len(steps) + 1,
                name="sign_in",
                surface="sign_in",
                url=trouble.url,
                at=datetime.now(UTC),
                picture=trouble.picture,
                note=trouble.reason.value,
            )
        )
    return tuple(steps)


def _result(order: Order, progress: _Progress, bundle: BundleWriter, started: datetime) -> Result:
    judgement = conclude(order.flow, progress.observation, progress.trouble, _terms(order))
    account, observation, flow = order.account, progress.observation, order.flow
    guard = progress.guard.record() if progress.guard else _NO_RECORD
    clock = time.monotonic()
    result = Result(
        account=account.name,
        owner=account.owner,
        kind=account.kind.value,
        page=account.page,
        flow=flow.id,
        flow_revision=flow.revision,
        flow_verified=_verified(order),
        subject=_subject(order),
        verdict=judgement.verdict,
        reason=judgement.reason,
        because=judgement.because,
        because_key=judgement.because_key,
        assumed_words=judgement.assumed,
        missing=judgement.missing,
        next_step=remedy_for(flow, judgement),
        expect=account.expect,
        outcome=outcome_of(judgement.verdict, account.expect),
        locale=observation.locale if observation else (progress.reader.locale if progress.reader else ""),
        signals=observation.signals if observation else (),
        form=observation.form if observation else None,
        probes=observation.probes if observation else (),
        exposure=observation.exposure if observation else (),
        steps=_steps(progress),
        guard=guard,
        environment=progress.environment or _NO_ENVIRONMENT,
        bundle=None,
        evidence=bundle.artifacts,
        timings=tuple(progress.timings),
        started_at=started,
        finished_at=datetime.now(UTC),
        failed_step=progress.trouble.step if progress.trouble else None,
    )
    _write(order, bundle, "observation", observation)
    _write(order, bundle, "guard", guard)
    _write(order, bundle, "environment", result.environment)
    _write(order, bundle, "result", replace(result, evidence=bundle.artifacts))
    reference = bundle.publish()
    progress.timings.append(Timing("write", round(time.monotonic() - clock, 3)))
    return replace(result, bundle=reference, evidence=bundle.artifacts, timings=tuple(progress.timings))


def _write(order: Order, bundle: BundleWriter, name: str, value: Any) -> None:
    if value is None:
        return
    text = TypeAdapter(type(value)).dump_json(value, indent=2).decode()
    bundle.add(f"{name}.json", order.redactor.redact(text).encode() + b"\n", name, "application/json")


_NO_RECORD = GuardRecord(0, 0, (), (), (), self_test="not run")
_NO_ENVIRONMENT = Environment(
    "", "", "", "", "", "", (), sandbox=True, viewport="", time_zone="", proxy="", stand_in=False
)
