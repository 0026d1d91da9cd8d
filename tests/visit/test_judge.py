"""The judge is pure and careful: one state, or an honest `unknown`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.flows import State
from automation.core.observations import Observation
from automation.core.signals import SignalKind, SignalName, Wording
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.visit.conclusion import judge

REPLY, NO, FRAME = SignalName.REPLY_ACCEPTED, SignalName.REPLY_REFUSED, SignalName.REPLY_FRAME
FORM, NOTHING, UNREAD = SignalName.FORM_OPEN, SignalName.INBOX_NOTHING, SignalName.INBOX_UNREAD
OBJECTED = State(Verdict.OBJECTED, (REPLY, FRAME), (NO,), "yes")
REFUSED = State(Verdict.REFUSED, (NO, FRAME), (REPLY,), "no")
OPEN = State(Verdict.NOT_OBJECTED, (FORM, NOTHING), (REPLY, NO, UNREAD), "open")
STATES = (OBJECTED, REFUSED, OPEN)


def an_observation(
    *names: SignalName, wording: Wording = Wording.SOURCED, missing: tuple[str, ...] = ()
) -> Observation:
    """An observation with these signals."""
    signals = tuple(replace(name.seen("inbox"), wording=wording) for name in names)
    return Observation("a.b", "1", "subject", "en", signals, missing=missing)


def test_the_state_that_fits_is_the_verdict() -> None:
    """All that a state needs and nothing that it forbids gives its verdict."""
    assert judge(an_observation(REPLY, FRAME), STATES).verdict is Verdict.OBJECTED
    assert judge(an_observation(FORM, NOTHING), STATES).verdict is Verdict.NOT_OBJECTED


def test_nothing_recognised_is_unknown() -> None:
    """Silence proves nothing."""
    answer = judge(an_observation(), STATES)
    assert (answer.verdict, answer.reason) == (Verdict.UNKNOWN, Reason.NOT_RECOGNISED)


def test_a_contradiction_is_ambiguous() -> None:
    """Signals of two opposed states give neither."""
    answer = judge(an_observation(REPLY, NO, FRAME), STATES)
    assert (answer.verdict, answer.reason) == (Verdict.UNKNOWN, Reason.AMBIGUOUS)


@pytest.mark.parametrize(
    ("beside", "reason"), [((), Reason.OBJECTS_UNREAD), ((SignalName.CONTROL_COVERED,), Reason.AMBIGUOUS)]
)
def test_blogs_that_were_not_read_are_the_reason_where_nothing_else_is(
    flows: dict[str, Flow], beside: tuple[SignalName, ...], reason: Reason
) -> None:
    """A setting that protects one blog of several that nobody named is no contradiction, and is told as what it is."""
    seen = SignalName.IDENTITY_SAME, SignalName.CONTROL_PROTECTS, SignalName.CONTROL_SECTION, *beside
    judgement = judge(an_observation(*seen, SignalName.OBJECTS_UNLISTED), flows["tumblr.third_party_sharing"].states)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNKNOWN, reason)


def test_a_form_alone_proves_nothing() -> None:
    """An open form without a complete inbox is not `not_objected`."""
    assert judge(an_observation(FORM), STATES).verdict is Verdict.UNKNOWN
    assert judge(an_observation(FORM, NOTHING, UNREAD), STATES).verdict is Verdict.UNKNOWN


def test_missing_words_are_named() -> None:
    """A language that lacks words ends in `locale_uncovered` with the keys that are missing."""
    answer = judge(an_observation(FORM, missing=("fi:form.title",)), STATES)
    assert (answer.reason, answer.missing) == (Reason.LOCALE_UNCOVERED, ("fi:form.title",))


def test_one_kind_of_signal_is_not_enough() -> None:
    """Two signals of one kind do not prove an objection, a refusal or a review."""
    signals = tuple(replace(name.seen("inbox"), kind=SignalKind.TEXT) for name in (REPLY, FRAME))
    assert judge(Observation("a.b", "1", "s", "en", signals), STATES).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("names", [(REPLY, FRAME), (FORM, NOTHING)])
def test_assumed_words_never_make_the_two_verdicts_that_matter(names: tuple[SignalName, ...]) -> None:
    """`objected` and `not_objected` rest on sourced words only; `refused` may rest on assumed ones and says so."""
    assert judge(an_observation(*names, wording=Wording.ASSUMED), STATES).verdict is Verdict.UNKNOWN
    refused = judge(an_observation(NO, FRAME, wording=Wording.ASSUMED), STATES)
    assert (refused.verdict, refused.assumed) == (Verdict.REFUSED, True)


@pytest.mark.parametrize("name", [name for name in SignalName if name.reason])
def test_a_signal_that_says_why_gives_its_reason(name: SignalName) -> None:
    """Where no state fits, a signal that explains it gives the reason, whatever else is there."""
    beside = SignalName.IDENTITY_CONFIRMED, SignalName.CONTROL_SECTION
    assert judge(an_observation(*beside, name), STATES).reason is name.reason


def test_of_several_reasons_the_one_to_act_on_first_is_given() -> None:
    """Who is signed in comes before the state of the control, and a state that is not told before doubts about it."""
    faults = (SignalName.CONTROL_TWICE, SignalName.CONTROL_DATA_MISSING, SignalName.IDENTITY_UNKNOWN)
    assert judge(an_observation(*faults), STATES).reason is Reason.IDENTITY_UNCONFIRMED
    assert judge(an_observation(*faults[:2]), STATES).reason is Reason.CONTROL_STATE_MISSING
    assert judge(an_observation(*faults[:1]), STATES).reason is Reason.AMBIGUOUS


@given(st.sets(st.sampled_from((REPLY, NO, FRAME, FORM, NOTHING, UNREAD))))
def test_no_verdict_without_its_needs_or_with_what_it_forbids(names: set[SignalName]) -> None:
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
    doubt = data.draw(st.sampled_from([SignalName.REPLY_UNCLEAR, SignalName.REPLY_UNCLASSIFIED]))
    signals = tuple(
        replace(name.seen("x"), kind=list(SignalKind)[i % len(SignalKind)])
        for i, name in enumerate(sorted(names | {doubt}))
    )
    verdict = judge(Observation(flow.id, "1", "s", "en", signals), flow.states).verdict
    assert verdict in {Verdict.UNKNOWN, Verdict.NEEDS_HUMAN}
