"""From what was read to a verdict. Pure: the same observation and states always give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.core.flows import State
from automation.core.observations import Observation
from automation.core.signals import Signal, SignalName, Wording
from automation.core.verdicts import Judgement, Reason, Verdict

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
    contradicted = [s for s in states if set(s.needs) <= there]
    if against := {name for s in contradicted for name in s.forbids if name in there}:
        only_silence = all(s.verdict is Verdict.NOT_OBJECTED for s in contradicted)
        if observation.missing and only_silence:
            return _unknown(Reason.LOCALE_UNCOVERED, observation.missing)
        only_unread = all(name.reason is Reason.OBJECTS_UNREAD for name in against)
        return _unknown(Reason.OBJECTS_UNREAD if only_unread else Reason.AMBIGUOUS)
    if observation.missing and not there & _NOT_SEEN:
        return _unknown(Reason.LOCALE_UNCOVERED, observation.missing)
    told = [name for name in SignalName if name in there and name.reason is not None]
    judgement = _unknown(told[0].reason or Reason.NOT_RECOGNISED if told else Reason.NOT_RECOGNISED)
    return _naming_requests(judgement, observation)


def _needed(state: State, observation: Observation) -> list[Signal]:
    return [signal for signal in observation.signals if signal.name in state.needs]


def _fits(state: State, observation: Observation, there: frozenset[SignalName]) -> bool:
    if not set(state.needs) <= there or there & set(state.forbids):
        return False
    signals = _needed(state, observation)
    if state.verdict in _TWO_KINDS and len({s.kind for s in signals}) < 2:
        return False
    return state.verdict not in _NEVER_ASSUMED or not any(s.wording is Wording.ASSUMED for s in signals)


def _naming_requests(judgement: Judgement, observation: Observation) -> Judgement:
    """Where the guard kept a page from its data, say by which requests: who knows that they only read may list them."""
    if judgement.reason is not Reason.GUARD_BLOCKED:
        return judgement
    quotes = (s.quote for s in observation.signals if s.name is SignalName.CONTROL_DATA_REFUSED)
    return replace(judgement, because="the guard refused what the page asked for: " + "; ".join(dict.fromkeys(quotes)))


def _unknown(reason: Reason, missing: tuple[str, ...] = ()) -> Judgement:
    return Judgement(reason.verdict, reason, reason.sentence, reason.value, tuple(dict.fromkeys(missing)))
