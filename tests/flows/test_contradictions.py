"""
Where the sources contradict each other, both are accepted or nothing is said; never silently one of them.

Real: Chromium, the reader's view, the shipped words and meanings. The pages are written here.
"""

from __future__ import annotations

import pytest

from automation.flow import ControlTable, Flow
from automation.reading.controls.outcome import ControlReading
from automation.reading.controls.reading import read_page
from automation.text.page_words import PageWords
from tests.conftest import Stage

pytestmark = pytest.mark.browser

KNOB = "<button role=switch aria-checked={state} aria-label='{name}' style='width:40px;height:20px'></button>"


async def read(stage: Stage, flow: Flow, heading: str, *switches: tuple[str, str]) -> ControlReading:
    """What a page with one heading and some switches, each with its state, says."""
    assert isinstance(flow.rule, ControlTable)
    body = "".join(f"<div>{KNOB.format(name=name, state=state)}</div>" for name, state in switches)
    view = await stage.show(f"<main><section><h2>{heading}</h2>{body}</section></main>")
    return read_page(view, flow.rule, PageWords.of(flow.labels, "en"))


@pytest.mark.parametrize("name", ["Help improve Claude", "Help improve our AI models"])
async def test_either_label_of_claude_is_accepted(stage: Stage, flows: dict[str, Flow], name: str) -> None:
    """Two labels are in the sources: each is read, with its own source, and its state means the same."""
    reading = await read(stage, flows["claude.ai_training"], "Privacy", (name, "true"))
    assert (reading.meaning, reading.faults) == ("trains", ())
    assert reading.label is not None
    assert reading.label.text == name


async def test_both_labels_of_claude_at_once_say_nothing(stage: Stage, flows: dict[str, Flow]) -> None:
    """A page that shows both is none that a source knows."""
    reading = await read(
        stage, flows["claude.ai_training"], "Privacy",
        ("Help improve Claude", "false"), ("Help improve our AI models", "false"),
    )  # fmt: skip
    assert reading.faults == ("control.twice",)


def test_both_addresses_of_chatgpt_are_tried(flows: dict[str, Flow]) -> None:
    """One source gives a fragment, another a path: both belong to the surface, in the flow and for who does it by hand."""
    flow = flows["chatgpt.ai_training"]
    both = ("https://chatgpt.com/#settings/DataControls", "https://chatgpt.com/settings/data-controls")
    assert flow.surfaces["setting"].urls == both
    assert flow.guide.form_urls == both


@pytest.mark.parametrize(
    ("switches", "meaning", "faults"),
    [
        # The page's title says the opposite of the switch on it; the switch counts, by its own name alone.
        ([("Allow Salesforce Access to Customer Data", "true")], "trains", ()),
        ([("Allow Salesforce Access to Customer Data", "false")], "protects", ()),
        ([("Opt Out of Customer Data Access", "true")], None, ("control.absent",)),
        (
            [("Opt Out of Customer Data Access", "true"), ("Allow Salesforce Access to Customer Data", "true")],
            "trains",
            ("control.contradicted",),
        ),
    ],
)
async def test_the_inverted_title_of_salesforce_is_no_switch(
    stage: Stage, flows: dict[str, Flow], switches: list[tuple[str, str]], meaning: str | None, faults: tuple[str, ...]
) -> None:
    """A switch that is called like the page means the opposite: alone or beside the known one, there is no verdict."""
    flow = flows["salesforce.customer_data"]
    reading = await read(stage, flow, "Opt Out of Customer Data Access", *switches)
    assert (reading.meaning, reading.faults) == (meaning, faults)
