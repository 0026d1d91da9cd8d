"""What the states of flow files may name, and what a pattern stands for."""

from __future__ import annotations

import re

import pytest

from automation.core.flows import forbidden, needed
from automation.core.signals import FlowKind, SignalKind, SignalName, Way, vocabulary


def test_a_pattern_stands_for_all_but_what_the_state_needs() -> None:
    """`*` takes in every signal of the flow's kind that fits, and leaves out what the same state needs."""
    needs = needed(["reply.accepted", "reply.frame"], FlowKind.OBJECTION)
    assert needs == (SignalName.REPLY_ACCEPTED, SignalName.REPLY_FRAME)
    found = forbidden(["reply.*"], needs, FlowKind.OBJECTION)
    assert {*found, *needs} == {name for name in SignalName if name.startswith("reply.")}
    assert not set(found) & set(needs)
    assert {*forbidden(["*"], needs, FlowKind.CONTROL)} == {*vocabulary(FlowKind.CONTROL)}
    assert forbidden(["*.trains", "control.trains"], (), FlowKind.CONTROL) == (SignalName.CONTROL_TRAINS,)


@pytest.mark.parametrize(
    "name", ["control.unfed", "reply.accepted", "control.*d_missing_", "form.*", "CONTROL.TRAINS", "control.train", ""]
)
def test_what_no_reader_gives_is_refused(name: str) -> None:
    """A name or pattern that fits no signal of the flow's kind is refused by itself, and nothing is guessed."""
    with pytest.raises(ValueError, match="reads no signal"):
        forbidden(["control.trains", name], (), FlowKind.CONTROL)
    with pytest.raises(ValueError, match="reads no signal"):
        needed(["control.trains", name], FlowKind.CONTROL)


def test_patterns_are_for_what_is_forbidden() -> None:
    """What a state needs is named in full."""
    with pytest.raises(ValueError, match=re.escape("'control.*'")):
        needed(["control.*"], FlowKind.CONTROL)


def test_a_state_may_not_forbid_what_it_needs() -> None:
    """A state that could never hold is refused."""
    with pytest.raises(ValueError, match="the same state needs"):
        forbidden(["control.trains"], (SignalName.CONTROL_TRAINS,), FlowKind.CONTROL)


def test_the_kind_of_a_signal_comes_with_it() -> None:
    """What was found in data is data; every other way leaves the signal its own kind."""
    for name in SignalName:
        for way in (None, *Way):
            kind = name.seen("page", way).kind
            assert kind is (SignalKind.DATA if way in name.by_data else name.kinds[0])
            assert kind in name.kinds
    assert SignalName.REPLY_ABOUT_AI.seen("page", Way.LINK_IN_REPLY).kind is SignalKind.DATA
    assert SignalName.REPLY_ABOUT_AI.seen("page", Way.WORDS_IN_REPLY).kind is SignalKind.LANDMARK
