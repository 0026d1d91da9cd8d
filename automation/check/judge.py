"""From what was read to a verdict. Pure: the same observation and states always give the same answer."""

from __future__ import annotations

from collections.abc import Sequence

from automation.domain.observations import Observation, Signal, Wording
from automation.domain.verdicts import Judgement, Reason, State, Verdict

_TWO_KINDS = frozenset({Verdict.OBJECTED, Verdict.REFUSED, Verdict.PENDING})
_NEVER_ASSUMED = frozenset({Verdict.OBJECTED, Verdict.NOT_OBJECTED})
_TELLING = {
    "identity.unknown": Reason.WRONG_ACCOUNT,
    "control.stateless": Reason.CONTROL_STATE_MISSING,
    "control.data_missing": Reason.CONTROL_STATE_MISSING,
    "control.doubted": Reason.CONTROL_STATE_MISSING,
    "control.twice": Reason.AMBIGUOUS,
    "control.changed": Reason.AMBIGUOUS,
    "control.contradicted": Reason.AMBIGUOUS,
    "control.misplaced": Reason.AMBIGUOUS,
    "control.covered": Reason.AMBIGUOUS,
    "control.disabled": Reason.AMBIGUOUS,
    "control.unproven": Reason.AMBIGUOUS,
}
"""Signals that say by themselves why no state fits; the first one that is there counts."""


def judge(observation: Observation, states: Sequence[State]) -> Judgement:
    """
    Find the one state that fits.

    None fits: `unknown`, because a language lacks words (`locale_uncovered`), because something was there that
    a state forbids (`ambiguous`), or because nothing was recognised. States of two verdicts fit: `ambiguous`.
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
    if any(name in there for s in states if set(s.needs) <= there for name in s.forbids):
        contradicted = [s for s in states if set(s.needs) <= there]
        only_silence = all(s.verdict is Verdict.NOT_OBJECTED for s in contradicted)
        if observation.missing and only_silence:
            return _unknown(Reason.LOCALE_UNCOVERED, observation.missing)
        return _unknown(Reason.AMBIGUOUS)
    if observation.missing:
        return _unknown(Reason.LOCALE_UNCOVERED, observation.missing)
    return _unknown(next((reason for name, reason in _TELLING.items() if name in there), Reason.NOT_RECOGNISED))


def _needed(state: State, observation: Observation) -> list[Signal]:
    return [signal for signal in observation.signals if signal.name in state.needs]


def _fits(state: State, observation: Observation, there: frozenset[str]) -> bool:
    if not set(state.needs) <= there or there & set(state.forbids):
        return False
    signals = _needed(state, observation)
    if state.verdict in _TWO_KINDS and len({s.kind for s in signals}) < 2:
        return False
    return state.verdict not in _NEVER_ASSUMED or not any(s.wording is Wording.ASSUMED for s in signals)


def _unknown(reason: Reason, missing: tuple[str, ...] = ()) -> Judgement:
    return Judgement(reason.verdict, reason, reason.value, reason.value, tuple(dict.fromkeys(missing)))
