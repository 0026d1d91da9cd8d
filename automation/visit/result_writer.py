"""From what a visit came to, to a sealed result: the answer, and every file that proves it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation import __version__
from automation.browser.capture import PROFILE, redactions_document
from automation.browser.capture.journal import with_second
from automation.browser.environment.record import provenance
from automation.browser.environment.server_certificates import shake_hands
from automation.core.cases import OVERDUE
from automation.core.errors import BundleError
from automation.core.observations import Step
from automation.core.policy import OutcomeReason, judge_outcome
from automation.core.records import ClockReading, Environment, GuardRecord, NetworkRecord, Redaction, Server
from automation.core.results import Outcome, Result, Timing, outcome_of
from automation.core.verdicts import Verdict
from automation.evidence import BundleWriter, result_json
from automation.evidence.formats.result_file import read_result
from automation.evidence.write.secret_scan import first_hit, scan
from automation.session.page import SignInStopped
from automation.text.redaction import Secrets
from automation.visit.conclusion import Terms, conclude, looked_at, next_step, rests_on
from automation.visit.order import with_addresses_hidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.accounts import Account
    from automation.core.results import Verified
    from automation.core.verdicts import Reason
    from automation.visit.order import Order, VisitRecord

_MOST_HANDSHAKES = 8


async def file_result(order: Order, visit: VisitRecord, bundle: BundleWriter) -> Result:
    """
    Judge the visit, write what proves it, seal all of it.

    Raises:
        OutputError: it cannot be written.
        BundleError: it does not prove itself, or holds a secret.
    """
    clock = time.monotonic()
    secrets = _secrets(order, visit)
    visit = with_addresses_hidden(visit, secrets)
    result = _result(order, visit)
    ruling = judge_outcome(result, order.policy, order.today(), order.answers, order.cases)
    if ruling.why is OutcomeReason.OVERDUE:
        result = replace(result, next_step=OVERDUE)
    environment, network = await asyncio.gather(_environment(order, visit, bundle), _network(order, visit, bundle))
    result = replace(result, outcome=ruling.outcome, environment=environment)
    redactions = _redactions(visit, result.steps)
    files: dict[str, Any] = {
        "observation": visit.observation,
        "guard": result.guard,
        "environment": result.environment,
        "network": network,
        "answers": {"schema": "temoin.answers/1", "answers": visit.answers} if visit.answers else None,
        "redactions": redactions_document(redactions) if redactions else None,
    }
    for name, value in files.items():
        if value is not None:
            text = TypeAdapter(type(value)).dump_json(value, indent=2).decode()
            bundle.add(f"{name}.json", order.redactor.redact(text).encode() + b"\n", name, "application/json")
    journal = order.redactor.redact(visit.journal.decode())
    bundle.add("journal.jsonl", journal.encode(), "journal", "application/jsonl")
    _add_original(visit, bundle, secrets)
    result = replace(result, evidence=bundle.artifacts)
    said = order.redactor.redact(result_json(result)).encode()
    bundle.add("result.json", said, "result", "application/json")
    result = read_result(said)  # what is told of this check is what was sealed, to the letter
    masks: Counter[str] = Counter()
    for redaction in redactions:
        masks.update({mask.rule: mask.count for mask in redaction.masks})
    reference = await bundle.publish(
        verdict=result.verdict, outcome=result.outcome, masks=masks, scan=scan(secrets.and_also(*order.secrets))
    )
    timings = (*result.timings, Timing("seal", round(time.monotonic() - clock, 3)))
    return replace(result, bundle=reference, evidence=bundle.artifacts, timings=timings)


def _redactions(visit: VisitRecord, steps: Sequence[Step]) -> tuple[Redaction, ...]:
    """What was hidden, the picture of a sign-in that stopped included."""
    stopped = visit.trouble.trouble.redaction if isinstance(visit.trouble, SignInStopped) else None
    return (*visit.redactions, *([replace(stopped, step=len(steps))] if stopped else []))


def _secrets(order: Order, visit: VisitRecord) -> Secrets:
    """What the service gave on this visit, and may stand nowhere."""
    cookies = [cookie for state in visit.states for cookie in state.get("cookies", ())]
    origins = [origin for state in visit.states for origin in state.get("origins", ())]
    return Secrets.of(
        state={"cookies": cookies, "origins": origins},
        tokens=visit.tokens,
        public=[url for surface in order.flow.surfaces.values() for url in surface.urls],
    )


def _add_original(visit: VisitRecord, bundle: BundleWriter, secrets: Secrets) -> None:
    """
    The copy that only the account's holder can open: it shows who they are, but no key to their account.

    Raises:
        BundleError: it holds one.
    """
    if visit.original is None:
        return
    hit = first_hit(visit.original.files, secrets)
    if hit is not None:
        raise BundleError(f"{hit}: the unmasked copy holds a secret of this account, so the evidence is not sealed")
    data = visit.original.sealed()
    if data is not None:
        bundle.add_original(data)


async def _network(order: Order, visit: VisitRecord, bundle: BundleWriter) -> NetworkRecord | None:
    """What was asked for and got; and the certificates of the service's own hosts, from connections of our own."""
    record = visit.network
    if record is None:
        return None

    async def second(server: Server) -> Server:
        # Only to where the tunnel has just been: with a stand-in, that is the stand-in, and nothing else is reachable.
        shown = await shake_hands(server.host, server.addresses[-1])
        if not shown.pem:
            return with_second(server, shown.connection)
        file = bundle.add(f"tls/{server.host}.pem", shown.pem, "certificates", "application/x-pem-file")
        return with_second(server, replace(shown.connection, file=file.path))

    own = [one for one in record.servers if one.addresses and order.flow.site.owns(f"https://{one.host}/")]
    known = {one.host: one for one in await asyncio.gather(*map(second, own[:_MOST_HANDSHAKES]))}
    return replace(record, servers=tuple(known.get(one.host, one) for one in record.servers))


async def _environment(order: Order, visit: VisitRecord, bundle: BundleWriter) -> Environment:
    if visit.environment is None:
        return _NO_ENVIRONMENT
    authorities, offset_ms = order.sealer.authorities, bundle.clock_offset_ms
    stamped = offset_ms is not None and bool(authorities)
    record = await provenance(
        visit.facts,
        order.evidence,
        proxy=visit.environment.proxy,
        cookies=sorted({cookie["name"] for state in visit.states[:1] for cookie in state.get("cookies", ())}),
        tsa=ClockReading("tsa", authorities[0].name, offset_s=(offset_ms or 0) / 1000) if stamped else None,
        target=visit.clock,
        profile=PROFILE,
    )
    environment = replace(visit.environment, provenance=record)
    if started_with := visit.facts.command_line:  # what the browser says of itself, whatever it was asked to do
        environment = replace(environment, sandbox="--no-sandbox" not in started_with)
    return environment


def _result(order: Order, visit: VisitRecord) -> Result:
    account, observation, flow = order.account, visit.observation, order.flow
    terms = Terms(
        kind=account.kind.value,
        region=account.region,
        strict=order.strict,
        today=order.today(),
        stand_in=bool(order.browser.replica_map),
    )
    judgement = conclude(flow, observation, visit.trouble, terms)
    todo = next_step(flow, observation, judgement, terms)
    if observation is not None:
        observation = looked_at(flow, observation, terms)  # the stored one stays as it was read
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
        next_step=todo,
        expect=account.expect,
        outcome=outcome_of(judgement.verdict, account.expect),
        locale=observation.locale if observation else visit.locale,
        signals=observation.signals if observation else (),
        form=observation.form if observation else None,
        probes=observation.probes if observation else (),
        exposure=observation.exposure if observation else (),
        steps=_steps(visit),
        guard=visit.guard,
        environment=_NO_ENVIRONMENT,
        bundle=None,
        evidence=(),
        timings=visit.timings,
        started_at=visit.started_at,
        finished_at=datetime.now(UTC),
        failed_step=visit.trouble.step if visit.trouble else None,
        challenge=kind,
        region=account.region,
        filing=visit.filing,
        **rests_on(judgement),
    )


def _steps(visit: VisitRecord) -> tuple[Step, ...]:
    steps = list(visit.steps)
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


_NO_ENVIRONMENT = Environment(
    "", "", "", "", "", "", (), sandbox=True, viewport="", time_zone="", proxy="", stand_in=False
)


def nothing_read(
    account: Account, subject: str, verified: tuple[str, Verified], reason: Reason, because: str, *, stand_in: bool
) -> Result:
    """An `unknown` with its reason; of its flow the revision, empty where it cannot be read, and how far verified."""
    now = datetime.now(UTC)
    return Result(
        account=account.name, owner=account.owner, kind=account.kind.value, page=account.page,
        flow=account.flow, flow_revision=verified[0], flow_verified=verified[1],
        subject=subject, verdict=Verdict.UNKNOWN, reason=reason, because=because, because_key=reason.value,
        assumed_words=False, missing=(), next_step=reason.value, expect=account.expect,
        outcome=Outcome.INCOMPLETE, locale="", signals=(), form=None, probes=(),
        exposure=(), steps=(), guard=GuardRecord(0, 0, (), (), self_test="see the log"),  # untold: a key
        environment=replace(_NO_ENVIRONMENT, temoin=__version__, stand_in=stand_in),
        bundle=None, evidence=(), timings=(), started_at=now, finished_at=now,
    )  # fmt: skip
