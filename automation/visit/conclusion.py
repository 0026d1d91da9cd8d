"""From what a visit came to, to a judgement: what the judge answers, and what it cannot know. It needs no browser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from automation.core.looks import NEXT_STEP, Basis, LookedAt
from automation.core.signals import Signal, SignalName, Wording
from automation.core.verdicts import Judgement, Reason, Rejudged, Verdict
from automation.reading.looks import bound_lines, questions_of, with_looks
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.errors import CheckError
    from automation.core.flows import State
    from automation.core.looks import Look
    from automation.core.observations import Observation
    from automation.core.results import Result
    from automation.flow import Flow

_TWO_KINDS = frozenset({Verdict.OBJECTED, Verdict.REFUSED, Verdict.PENDING})
_NEVER_ASSUMED = frozenset({Verdict.OBJECTED, Verdict.NOT_OBJECTED})
_NOT_SEEN = frozenset({SignalName.CONTROL_UNREAD, SignalName.PAGE_RESTLESS})
"""With these nobody knows whether it was the words that were missing."""


def judge(observation: Observation, states: Sequence[State]) -> Judgement:
    """
    Find the one state that fits.

    None fits: `unknown`, because a language lacks words (`locale_uncovered`), because something was there that
    a state forbids (`ambiguous`; `objects_unread` where that is only blogs, sites or teams that were not read), or
    because nothing was recognised. States of two verdicts fit: `ambiguous`.
    """
    there = observation.names()
    fitting = [s for s in states if _fits(s, observation, there)]
    verdicts = {s.verdict for s in fitting}
    if len(verdicts) == 1:
        state = fitting[0]
        assumed = any(s.wording is Wording.ASSUMED for s in _needed(state, observation))
        return Judgement(state.verdict, None, state.because, state.because, assumed=assumed)
    if len(verdicts) > 1:
        return _unknown(Reason.AMBIGUOUS)
    return _without_a_state(observation, states, there)


def _without_a_state(observation: Observation, states: Sequence[State], there: frozenset[SignalName]) -> Judgement:
    """Why no state fits."""
    contradicted = [s for s in states if set(s.needs) <= there]
    if against := {name for s in contradicted for name in s.forbids if name in there}:
        only_silence = all(s.verdict is Verdict.NOT_OBJECTED for s in contradicted)
        if observation.missing and only_silence:
            return _unknown(Reason.LOCALE_UNCOVERED, observation.missing)
        only_unread = all(name.reason is Reason.OBJECTS_UNREAD for name in against)
        return _unknown(Reason.OBJECTS_UNREAD if only_unread else Reason.AMBIGUOUS)
    if observation.missing and not there & _NOT_SEEN:
        return _unknown(Reason.LOCALE_UNCOVERED, observation.missing)
    told = (name.reason for name in SignalName if name in there and name.reason is not None)
    judgement = _unknown(next(told, Reason.NOT_RECOGNISED))
    if judgement.reason is not Reason.GUARD_BLOCKED:
        return judgement
    # By which requests the guard kept a page from its data: who knows that they only read may list them.
    quotes = (s.quote for s in observation.signals if s.name is SignalName.CONTROL_DATA_REFUSED)
    return replace(judgement, because=f"the guard refused what the page asked for: {'; '.join(dict.fromkeys(quotes))}")


def _needed(state: State, observation: Observation) -> list[Signal]:
    return [signal for signal in observation.signals if signal.name in state.needs]


def _fits(state: State, observation: Observation, there: frozenset[SignalName]) -> bool:
    if not set(state.needs) <= there or there & set(state.forbids):
        return False
    signals = _needed(state, observation)
    if state.verdict in _TWO_KINDS and len({s.kind for s in signals}) < 2:
        return False
    return state.verdict not in _NEVER_ASSUMED or not any(s.wording is Wording.ASSUMED for s in signals)


def _unknown(reason: Reason, missing: tuple[str, ...] = (), sentence: str = "") -> Judgement:
    return Judgement(reason.verdict, reason, sentence or reason.sentence, reason.value, tuple(dict.fromkeys(missing)))


_LOOKED_UP = frozenset({Reason.NOT_RECOGNISED, Reason.AMBIGUOUS, Reason.LOCALE_UNCOVERED, Reason.CONTROL_STATE_MISSING})
"""Reasons of an `unknown` that a look may settle; the others say that something was not seen."""


class RestsOn(TypedDict):
    """Fields of a `Result`."""

    basis: Basis
    looks: tuple[LookedAt, ...]
    confirmed_words: tuple[str, ...]


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
    stand_in: bool = False
    """Whether a stand-in of the service was visited: only then looks at stand-ins count."""


def conclude(flow: Flow, observation: Observation | None, trouble: CheckError | None, terms: Terms) -> Judgement:
    """What is to be said, and why, of a visit that either read something or was stopped."""
    if trouble is not None:
        reason = trouble.reason
        return Judgement(reason.verdict, reason, trouble.message, trouble.because_key or reason.value)
    if observation is None:  # a check that neither read nor failed cannot be
        return _unknown(Reason.NOT_RECOGNISED, sentence="nothing was read")
    plain = _judged(flow, observation, terms)
    looks = looks_for(flow, observation, terms)
    shown = looked_at(flow, observation, terms)
    if shown == observation:
        return plain
    judgement = _judged(flow, shown, terms)
    if _answer(judgement) == _answer(plain):
        return plain
    relied = _relied_on(flow, observation, terms, looks, judgement)
    return replace(judgement, looks=tuple(look.named for look in relied))


def _relied_on(
    flow: Flow, observation: Observation, terms: Terms, looks: tuple[Look, ...], judgement: Judgement
) -> list[Look]:
    """The fewest looks that give the same answer; of several people who say the same of one thing the last."""
    groups = {group for reply in observation.replies for group in bound_lines(reply, flow.labels)}
    groups |= {shown.lines for shown in observation.shown}
    relied = [look for look in looks if look.sentence or groups.intersection(look.lines)]
    for look in tuple(relied):
        rest = [one for one in relied if one is not look]
        if _answer(_judged(flow, with_looks(observation, rest, flow.labels, flow.rule), terms)) == _answer(judgement):
            relied = rest
    return relied


def looks_for(flow: Flow, observation: Observation, terms: Terms) -> tuple[Look, ...]:
    """The looks that may count for a visit: not those at stand-ins for the real service, none where it is `strict`."""
    return tuple(
        look
        for look in flow.looks
        if not terms.strict and (terms.stand_in or not look.stand_in) and look.subject in {"", observation.subject}
    )


def looked_at(flow: Flow, observation: Observation, terms: Terms) -> Observation:
    """An observation with what people said that its pictures show."""
    looks = looks_for(flow, observation, terms)
    return with_looks(observation, looks, flow.labels, flow.rule) if looks else observation


def _answer(judgement: Judgement) -> tuple[object, ...]:
    return judgement.verdict, judgement.reason, judgement.because_key


def _judged(flow: Flow, observation: Observation, terms: Terms) -> Judgement:
    judgement = judge(observation, flow.states)
    elsewhere = _wrong_region(flow, observation, judgement, terms.region)
    if elsewhere is not None:
        return _unknown(Reason.WRONG_REGION, sentence=elsewhere)
    verified = flow.verification(terms.today, kind=terms.kind)
    if terms.strict and judgement.verdict.is_answer and verified.state != "current":
        return _unknown(Reason.STALE_FLOW, sentence=f"the flow's comparison with the live site is: {verified.state}")
    sentence = flow.guide.states.get(judgement.because_key, {}).get("en", judgement.because)
    return replace(judgement, because=sentence)


def rejudge(result: Result, observation: Observation | None, flow: Flow, today: date, *, strict: bool) -> Rejudged:
    """
    Judge a stored visit again, without a browser, by the rules of a flow as it is `today`.

    There is no observation where the visit was stopped before it read anything; its judgement stays.
    """
    before = Judgement(
        result.verdict,
        result.reason,
        result.because,
        result.because_key,
        result.missing,
        assumed=result.assumed_words,
        looks=result.looks,
    )
    now = before
    if observation is not None:
        now = conclude(flow, observation, None, terms_of(result, today, strict=strict))
    return Rejudged(before, now, (result.flow_revision, flow.revision), judged=observation is not None)


def terms_of(result: Result, today: date, *, strict: bool) -> Terms:
    """Under which a stored visit is judged again."""
    return Terms(result.kind, result.region, strict, today, result.environment.stand_in)


def judged_again(
    result: Result, observation: Observation, flow: Flow, terms: Terms, judgement: Judgement, at: datetime
) -> Result:
    """
    The result of a stored visit with another judgement, by looks that were given since; its outcome is yet to be found.

    The judgement is `conclude`'s, made under these terms at an aware time.
    """
    return replace(
        result,
        flow_revision=flow.revision,
        flow_verified=flow.verification(terms.today, kind=terms.kind),
        verdict=judgement.verdict,
        reason=judgement.reason,
        because=judgement.because,
        because_key=judgement.because_key,
        assumed_words=judgement.assumed,
        missing=judgement.missing,
        next_step=next_step(flow, observation, judgement, terms),
        signals=looked_at(flow, observation, terms).signals,
        judged_at=at,
        **rests_on(judgement),
    )


def rests_on(judgement: Judgement) -> RestsOn:
    """What a result says of the looks that its judgement rests on."""
    looked = bool(judgement.looks) and judgement.verdict.is_answer
    return {
        "basis": Basis.LOOKED_AT if looked else Basis.SOURCED,
        "looks": judgement.looks,
        "confirmed_words": tuple(look.source for look in judgement.looks),
    }


def next_step(flow: Flow, observation: Observation | None, judgement: Judgement, terms: Terms) -> str:
    """Name of what is to be done next: a look, where an `unknown` can be answered by one; else `remedy_for`."""
    if observation is None or judgement.reason not in _LOOKED_UP or terms.strict:
        return remedy_for(flow, judgement)
    if questions_of(observation, flow.labels, looks_for(flow, observation, terms)):
        return NEXT_STEP
    return remedy_for(flow, judgement)


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
