"""From what a visit came to, to a sealed result: the answer, and every file that proves it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation.bundle import BundleWriter, result_json
from automation.capture import redactions_document
from automation.conclusion import Terms, conclude, remedy_for
from automation.errors import CheckError
from automation.evidence import Environment, GuardRecord
from automation.guard import Guard
from automation.observations import Observation, Step
from automation.policy import judge_outcome
from automation.reader import Reader
from automation.results import Result, Timing, outcome_of
from automation.session import SignInStopped

if TYPE_CHECKING:
    from automation.order import Order


@dataclass
class Visit:
    """What is known so far, so that a failure keeps it."""

    started: datetime
    environment: Environment | None = None
    observation: Observation | None = None
    reader: Reader | None = None
    guard: Guard | None = None
    trouble: CheckError | None = None
    timings: list[Timing] = field(default_factory=list)


async def file_result(order: Order, visit: Visit, bundle: BundleWriter) -> Result:
    """
    Judge the visit, write what proves it, seal all of it.

    Raises:
        OutputError: it cannot be written.
        BundleError: it does not prove itself, or holds a secret.
    """
    clock = time.monotonic()
    result = _result(order, visit)
    ruling = judge_outcome(result, order.policy, order.today(), order.answers)
    result = replace(result, outcome=ruling.outcome)
    redactions = visit.reader.redactions if visit.reader else ()
    files: dict[str, Any] = {
        "observation": visit.observation,
        "guard": result.guard,
        "environment": result.environment,
        "network": visit.reader.network.record() if visit.reader else None,
        "redactions": redactions_document(redactions) if redactions else None,
    }
    for name, value in files.items():
        if value is not None:
            text = TypeAdapter(type(value)).dump_json(value, indent=2).decode()
            bundle.add(f"{name}.json", order.redactor.redact(text).encode() + b"\n", name, "application/json")
    result = replace(result, evidence=bundle.artifacts)
    bundle.add("result.json", order.redactor.redact(result_json(result)).encode(), "result", "application/json")
    masks: Counter[str] = Counter()
    for redaction in redactions:
        masks.update({mask.rule: mask.count for mask in redaction.masks})
    reference = await bundle.publish(verdict=result.verdict, outcome=result.outcome, masks=masks)
    timings = (*result.timings, Timing("seal", round(time.monotonic() - clock, 3)))
    return replace(result, bundle=reference, evidence=bundle.artifacts, timings=timings)


def _result(order: Order, visit: Visit) -> Result:
    account, observation, flow = order.account, visit.observation, order.flow
    terms = Terms(kind=account.kind.value, region=account.region, strict=order.strict, today=order.today())
    judgement = conclude(flow, observation, visit.trouble, terms)
    kind = visit.trouble.kind if visit.trouble else None
    return Result(
        account=account.name,
        owner=account.owner,
        kind=account.kind.value,
        page=account.page,
        flow=flow.id,
        flow_revision=flow.revision,
        flow_verified=flow.verification(terms.today, kind=terms.kind),
        subject=order.subject,
        verdict=judgement.verdict,
        reason=judgement.reason,
        because=judgement.because,
        because_key=judgement.because_key,
        assumed_words=judgement.assumed,
        missing=judgement.missing,
        next_step=remedy_for(flow, judgement),
        expect=account.expect,
        outcome=outcome_of(judgement.verdict, account.expect),
        locale=observation.locale if observation else (visit.reader.locale if visit.reader else ""),
        signals=observation.signals if observation else (),
        form=observation.form if observation else None,
        probes=observation.probes if observation else (),
        exposure=observation.exposure if observation else (),
        steps=_steps(visit),
        guard=visit.guard.record() if visit.guard else _NO_RECORD,
        environment=visit.environment or _NO_ENVIRONMENT,
        bundle=None,
        evidence=(),
        timings=tuple(visit.timings),
        started_at=visit.started,
        finished_at=datetime.now(UTC),
        failed_step=visit.trouble.step if visit.trouble else None,
        challenge=kind,
        region=account.region,
    )


def _steps(visit: Visit) -> tuple[Step, ...]:
    steps = list(visit.reader.steps) if visit.reader else []
    if isinstance(visit.trouble, SignInStopped):
        trouble = visit.trouble.trouble
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


_NO_RECORD = GuardRecord(0, 0, (), (), (), self_test="not run")
_NO_ENVIRONMENT = Environment(
    "", "", "", "", "", "", (), sandbox=True, viewport="", time_zone="", proxy="", stand_in=False
)
