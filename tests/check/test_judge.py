"""The judge is pure and careful: one state, or an honest `unknown`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.check.judge import judge
from automation.domain.observations import Observation, Signal, SignalKind, Wording
from automation.domain.verdicts import Reason, State, Verdict
from automation.flow import Flow

OBJECTED = State(Verdict.OBJECTED, ("reply", "frame"), ("refused",), "yes")
REFUSED = State(Verdict.REFUSED, ("refused", "frame"), ("reply",), "no")
OPEN = State(Verdict.NOT_OBJECTED, ("form", "nothing"), ("reply", "refused", "unread"), "open")
STATES = (OBJECTED, REFUSED, OPEN)
KINDS: Mapping[str, SignalKind] = {
    "reply": SignalKind.TEXT,
    "refused": SignalKind.TEXT,
    "frame": SignalKind.LANDMARK,
    "form": SignalKind.FORM,
    "nothing": SignalKind.DATA,
    "unread": SignalKind.LANDMARK,
}


def an_observation(*names: str, wording: Wording = Wording.SOURCED, missing: tuple[str, ...] = ()) -> Observation:
    """An observation with these signals."""
    signals = tuple(Signal(n, KINDS[n], "inbox", "test", wording=wording) for n in names)
    return Observation("a.b", "1", "subject", "en", signals, missing=missing)


def test_the_state_that_fits_is_the_verdict() -> None:
    """All that a state needs and nothing that it forbids gives its verdict."""
    assert judge(an_observation("reply", "frame"), STATES).verdict is Verdict.OBJECTED
    assert judge(an_observation("form", "nothing"), STATES).verdict is Verdict.NOT_OBJECTED


def test_nothing_recognised_is_unknown() -> None:
    """Silence proves nothing."""
    answer = judge(an_observation(), STATES)
    assert (answer.verdict, answer.reason) == (Verdict.UNKNOWN, Reason.NOT_RECOGNISED)


def test_a_contradiction_is_ambiguous() -> None:
    """Signals of two opposed states give neither."""
    answer = judge(an_observation("reply", "refused", "frame"), STATES)
    assert (answer.verdict, answer.reason) == (Verdict.UNKNOWN, Reason.AMBIGUOUS)


def test_a_form_alone_proves_nothing() -> None:
    """An open form without a complete inbox is not `not_objected`."""
    assert judge(an_observation("form"), STATES).verdict is Verdict.UNKNOWN
    assert judge(an_observation("form", "nothing", "unread"), STATES).verdict is Verdict.UNKNOWN


def test_missing_words_are_named() -> None:
    """A language that lacks words ends in `locale_uncovered` with the keys that are missing."""
    answer = judge(an_observation("form", missing=("fi:form.title",)), STATES)
    assert (answer.reason, answer.missing) == (Reason.LOCALE_UNCOVERED, ("fi:form.title",))


def test_one_kind_of_signal_is_not_enough() -> None:
    """Two signals of one kind do not prove an objection, a refusal or a review."""
    signals = tuple(Signal(n, SignalKind.TEXT, "inbox", "test") for n in ("reply", "frame"))
    assert judge(Observation("a.b", "1", "s", "en", signals), STATES).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("names", [("reply", "frame"), ("form", "nothing")])
def test_assumed_words_never_make_the_two_verdicts_that_matter(names: tuple[str, ...]) -> None:
    """`objected` and `not_objected` rest on sourced words only; `refused` may rest on assumed ones and says so."""
    assert judge(an_observation(*names, wording=Wording.ASSUMED), STATES).verdict is Verdict.UNKNOWN
    refused = judge(an_observation("refused", "frame", wording=Wording.ASSUMED), STATES)
    assert (refused.verdict, refused.assumed) == (Verdict.REFUSED, True)


@given(st.sets(st.sampled_from(sorted(KINDS))))
def test_no_verdict_without_its_needs_or_with_what_it_forbids(names: set[str]) -> None:
    """Whatever was seen: a verdict has every signal that its state needs and none that it forbids."""
    answer = judge(an_observation(*sorted(names)), STATES)
    if answer.verdict.is_answer:
        state = next(s for s in STATES if s.because == answer.because_key)
        assert set(state.needs) <= names
        assert not names & set(state.forbids)


@pytest.mark.parametrize("flow_id", ["facebook.ai_objection", "instagram.ai_objection"])
@given(data=st.data())
def test_real_flows_never_say_objected_beside_a_doubt(
    flows: dict[str, Flow], flow_id: str, data: st.DataObject
) -> None:
    """In the shipped flows, an unclear or contrary signal beside any set of others never leaves a clear verdict."""
    flow = flows[flow_id]
    every = sorted({name for state in flow.states for name in (*state.needs, *state.forbids)})
    names = data.draw(st.sets(st.sampled_from(every)))
    doubt = data.draw(st.sampled_from(["reply.unclear", "reply.unclassified"]))
    signals = tuple(
        Signal(n, list(SignalKind)[i % len(SignalKind)], "x", "test") for i, n in enumerate(sorted(names | {doubt}))
    )
    verdict = judge(Observation(flow.id, "1", "s", "en", signals), flow.states).verdict
    if "identity.acting_as_page" in names:
        assert verdict in {Verdict.NOT_OFFERED, Verdict.UNKNOWN}
    else:
        assert verdict is Verdict.UNKNOWN
