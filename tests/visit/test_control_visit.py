"""What several pages of one setting say together, and which addresses are refused."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from automation.core.errors import PageChanged
from automation.core.observations import Observation
from automation.core.results import ExitCode, Outcome, exit_code_of
from automation.core.signals import Signal, SignalName, Wording
from automation.core.verdicts import Reason, Verdict
from automation.flow import ControlTable, Flow
from automation.reading.controls.outcome import ControlReading
from automation.text.labels import Phrase
from automation.visit.conclusion import judge
from automation.visit.control import _agreed, signals_of
from automation.visit.objection import read
from tests.builders import a_result


def a_place(*names: SignalName) -> tuple[Signal, ...]:
    """The signals of one page."""
    return tuple(name.seen("setting") for name in names)


GOOD = a_place(SignalName.CONTROL_PROTECTS, SignalName.CONTROL_SECTION)
BAD = a_place(SignalName.CONTROL_TRAINS, SignalName.CONTROL_SECTION)
GONE, LOST = a_place(SignalName.CONTROL_ABSENT), a_place(SignalName.CONTROL_UNREAD)
DATA = a_place(SignalName.IDENTITY_CONFIRMED)


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([("", GOOD)], Verdict.OBJECTED),
        ([("", GOOD), ("", GONE)], Verdict.OBJECTED),      # another plan's page, which this account does not have
        ([("", LOST), ("", GOOD)], Verdict.OBJECTED),
        ([("", GOOD), ("", BAD)], Verdict.NOT_OBJECTED),   # two pages that both have it: the worse one counts
        ([("", GONE), ("", GONE)], Verdict.UNKNOWN),
        ([("", GOOD), ("", a_place(SignalName.CONTROL_STATELESS))], Verdict.UNKNOWN),
        ([("one", GOOD), ("two", GOOD)], Verdict.OBJECTED),
        ([("one", GOOD), ("two", GONE)], Verdict.UNKNOWN),  # a blog that could not be read is no protected blog
        ([("one", GOOD), ("two", BAD)], Verdict.NOT_OBJECTED),
        ([("one", GONE), ("two", BAD)], Verdict.NOT_OBJECTED),
    ],
)  # fmt: skip
def test_pages_are_weighed_together(
    flows: dict[str, Flow], places: list[tuple[str, tuple[Signal, ...]]], verdict: Verdict
) -> None:
    """A setting that is missing at one of its addresses is no fault; a blog, site or team that is missing is one."""
    flow = flows["grammarly.ai_training"]
    observation = Observation(flow.id, flow.revision, "", "en", signals=(*_agreed(places), *DATA))
    assert judge(observation, flow.states).verdict is verdict


@pytest.mark.parametrize(("found", "unread"), [(0, False), (1, False), (0, True)])
def test_a_refused_request_of_the_page_is_named_and_no_fault(flows: dict[str, Flow], found: int, unread: bool) -> None:
    """
    Whether the setting shows, does not, or is waited for without end: no state, and the request's name.

    The exit code says "open", not "fault".
    """
    flow = flows["grammarly.ai_training"]
    assert isinstance(flow.rule, ControlTable)
    label = Phrase("Product Improvement and Training", "en", Wording.SOURCED, "a test", "names")
    reading = ControlReading(
        found, "protects", "off", label, label, data_missing=True, refused=True, missed=("POST a.test/start",),
        unread=unread,
    )  # fmt: skip
    signals = tuple(signals_of(reading, reading, flow.rule, "setting"))
    judgement = judge(Observation(flow.id, flow.revision, "", "en", signals=(*signals, *DATA)), flow.states)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNKNOWN, Reason.GUARD_BLOCKED)
    assert judgement.because.endswith("POST a.test/start")
    result = a_result(reason=judgement.reason, outcome=Outcome.INCOMPLETE, signals=signals)
    assert exit_code_of((result,)) is ExitCode.INCOMPLETE
    assert exit_code_of((replace(result, signals=()),)) is ExitCode.FAULT


@pytest.mark.parametrize("address", ["https://figma.example/team", "http://www.figma.com/team", "team-1"])
async def test_an_address_elsewhere_is_refused_before_anything_is_opened(flows: dict[str, Flow], address: str) -> None:
    """An object that is no address of the service ends the check with what to write instead; it is no fault of ours."""
    nobody = SimpleNamespace(objects=(address,), steps=[])
    with pytest.raises(PageChanged) as caught:
        await read(nobody, flows["figma.ai_training"], "")  # type: ignore[arg-type]
    assert caught.value.reason is Reason.NOT_RECOGNISED
    assert "objects" in caught.value.remedy
