"""What several pages of one setting say together, and which addresses are refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from automation.check.judge import judge
from automation.check.visit.control import _agreed
from automation.check.visit.read import read
from automation.domain.observations import Observation, Signal, SignalKind
from automation.domain.verdicts import Reason, Verdict
from automation.errors import PageChanged
from automation.flow import Flow


def a_place(*names: str) -> tuple[Signal, ...]:
    """The signals of one page."""
    kinds = {"control.section": SignalKind.LANDMARK}
    return tuple(Signal(name, kinds.get(name, SignalKind.CONTROL), "setting", "a test") for name in names)


GOOD = a_place("control.protects", "control.section")
BAD = a_place("control.trains", "control.section")
GONE, LOST = a_place("control.absent"), a_place("control.unread")
DATA = (Signal("identity.confirmed", SignalKind.DATA, "setting", "a test"),)


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([("", GOOD)], Verdict.OBJECTED),
        ([("", GOOD), ("", GONE)], Verdict.OBJECTED),      # another plan's page, which this account does not have
        ([("", LOST), ("", GOOD)], Verdict.OBJECTED),
        ([("", GOOD), ("", BAD)], Verdict.NOT_OBJECTED),   # two pages that both have it: the worse one counts
        ([("", GONE), ("", GONE)], Verdict.UNKNOWN),
        ([("", GOOD), ("", a_place("control.stateless"))], Verdict.UNKNOWN),
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


@pytest.mark.parametrize("address", ["https://figma.example/team", "http://www.figma.com/team", "team-1"])
async def test_an_address_elsewhere_is_refused_before_anything_is_opened(flows: dict[str, Flow], address: str) -> None:
    """An object that is no address of the service ends the check with what to write instead; it is no fault of ours."""
    nobody = SimpleNamespace(objects=(address,), steps=[])
    with pytest.raises(PageChanged) as caught:
        await read(nobody, flows["figma.ai_training"], "")  # type: ignore[arg-type]
    assert caught.value.reason is Reason.NOT_RECOGNISED
    assert "objects" in caught.value.remedy
