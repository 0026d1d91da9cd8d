"""
From what a visit came to, to a judgement: the judge's answer, and what the judge cannot know.

Pure, so that a stored observation can be judged again without a browser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from automation.check.judge import judge
from automation.domain.verdicts import Judgement, Reason, Rejudged, Verdict
from automation.reading.looks import with_looks
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.domain.observations import Observation
    from automation.domain.results import Result
    from automation.errors import CheckError
    from automation.flow import Flow


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which an observation is judged."""

    kind: str
    """Of the account; a flow may have been verified for one kind only."""
    region: str | None
    """Country in which the account's owner says it is, ISO 3166-1 alpha-2."""
    strict: bool
    """Accept only flows that a person compared with the live site lately."""
    today: date


def conclude(flow: Flow, observation: Observation | None, trouble: CheckError | None, terms: Terms) -> Judgement:
    """What is to be said, and why, of a visit that either read something or was stopped."""
    if trouble is not None:
        reason = trouble.reason
        return Judgement(reason.verdict, reason, trouble.message, trouble.because_key or reason.value)
    if observation is None:  # a check that neither read nor failed cannot be
        return _unknown(Reason.NOT_RECOGNISED, "nothing was read")
    observation = heard(flow, observation, strict=terms.strict)
    judgement = judge(observation, flow.states)
    elsewhere = _wrong_region(flow, observation, judgement, terms.region)
    if elsewhere is not None:
        return _unknown(Reason.WRONG_REGION, elsewhere)
    verified = flow.verification(terms.today, kind=terms.kind)
    if terms.strict and judgement.verdict.is_answer and verified.state != "current":
        return _unknown(Reason.STALE_FLOW, f"the flow's comparison with the live site is: {verified.state}")
    sentence = flow.guide.states.get(judgement.because_key, {}).get("en", judgement.because)
    return replace(judgement, because=sentence)


def heard(flow: Flow, observation: Observation, *, strict: bool) -> Observation:
    """An observation with what people said of what it shows; `strict` takes nobody's word."""
    return observation if strict or not flow.looks else with_looks(observation, flow.looks, flow.labels)


def rejudge(result: Result, observation: Observation | None, flow: Flow, today: date, *, strict: bool) -> Rejudged:
    """
    Judge a stored visit again, without a browser.

    Args:
        result: as it was answered then.
        observation: what was read then; None where the visit was stopped before.
        flow: by whose rules.
        today: decides whether the flow counts as compared with the live site lately.
        strict: accept only flows that do.
    """
    before = Judgement(
        result.verdict,
        result.reason,
        result.because,
        result.because_key,
        result.missing,
        assumed=result.assumed_words,
        confirmed=result.confirmed_words,
    )
    now = before
    if observation is not None:
        now = conclude(flow, observation, None, Terms(result.kind, result.region, strict, today))
    return Rejudged(before, now, (result.flow_revision, flow.revision), judged=observation is not None)


def remedy_for(flow: Flow, judgement: Judgement) -> str:
    """Name of what is to be done next: the flow's own for this state, reason or verdict, else the general one."""
    names = (judgement.because_key, judgement.reason.value if judgement.reason else "", judgement.verdict.value)
    general = judgement.reason.value if judgement.reason else judgement.verdict.value
    return next((name for name in names if name in flow.guide.remedies), general)


def country_code(name: str, locale: str) -> str | None:
    """ISO 3166-1 code of a country's name in a language (BCP-47), from the Unicode locale data; None if unknown."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - loads its data only where a country is shown

    try:
        territories = Locale.parse(locale or "en", sep="-").territories
    except (UnknownLocaleError, ValueError):
        return None
    wanted = fold(name)
    return next((code for code, known in territories.items() if len(code) == 2 and fold(known) == wanted), None)


def _wrong_region(flow: Flow, observation: Observation, judgement: Judgement, region: str | None) -> str | None:
    """
    Whether the service took the account for one of another country than its owner gave; None where it did not.

    Matters when the check runs elsewhere, as CI does: the service then answers for that place.
    """
    if region is None:
        return None
    if judgement.because_key == "not_in_this_region" and region in flow.regions:
        return f"the service does not offer the form here, although the account's country is {region}"
    shown = next((f.chosen for f in observation.form.fields if f.chosen), None) if observation.form else None
    code = country_code(shown, observation.locale) if shown else None
    if code is not None and code != region:
        return f"the form shows the country {code}, the account's country is {region}"
    return None


def _unknown(reason: Reason, sentence: str) -> Judgement:
    return Judgement(Verdict.UNKNOWN, reason, sentence, reason.value)
