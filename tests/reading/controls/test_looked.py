"""A setting that code could not read is a person's to look at: once, and only while the page shows the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from automation.core.looks import Look, Says, Shown, ShownKind
from automation.core.observations import Observation
from automation.core.signals import SignalName, Wording
from automation.page import PageView
from automation.reading.controls.outcome import shown_controls, with_control_looks
from automation.reading.controls.reading import read_page
from automation.text.page_words import PageWords
from tests.reading.controls.settings import LABEL, LABELS, SHARED, SWITCH, outlined

PAGE = "<main><h1>Settings</h1><h2>{head}</h2><div><p>{label}</p><button role='switch' aria-checked='{state}' :name></button>{more}</div>{other}</main>"
OTHER = "<h2>Mail</h2><div><p>Send me news</p><button role='switch' aria-checked='true' :name></button></div>"


def drawn(
    state: str = "false", *, head: str = "Writing", label: str = LABEL, more: str = "", other: str = OTHER
) -> PageView:
    """The setting under a heading that no source knows."""
    return outlined(PAGE.format(head=head, label=label, state=state, more=more, other=other))


def observed(view: PageView, *faults: SignalName) -> Observation:
    """What a visit keeps of a page."""
    reading = read_page(view, SWITCH, PageWords.of(LABELS, "en"))
    shown = shown_controls(view, reading, frozenset({LABEL.lower()}), "setting", lambda text: text)
    signals = tuple(name.seen("setting") for name in (*reading.faults, *faults))
    return Observation("a.flow", "1", "", "en", signals=signals, shown=tuple(shown))


def look(one: Shown, says: Says, state: str | None = None) -> Look:
    """What somebody said of it."""
    at = datetime(2026, 12, 2, tzinfo=UTC)
    held = one.state if state is None else state
    return Look(ShownKind.CONTROL, says, "a.flow", "en", (one.lines,), "Claire", at, "0" * 64, state=held)


FIRST = observed(drawn()).shown[0]


def said(observation: Observation, *looks: Look) -> list[str]:
    """The names of the signals with these looks."""
    return [str(signal.name) for signal in with_control_looks(observation, looks, SWITCH).signals]


def test_the_suspected_control_is_asked_about_first() -> None:
    """With its label, its role, the headings that hold it, and how it stands."""
    shown = observed(drawn()).shown
    assert [one.lines for one in shown] == [
        (LABEL, "switch", "Writing", "Settings"),
        ("Send me news", "switch", "Mail", "Settings"),
    ]
    assert [one.state for one in shown] == ["off", "on"]
    renamed = observed(drawn(label="Learning from notes")).shown
    assert renamed[0].lines[0] == "Learning from notes"


@pytest.mark.parametrize(
    ("says", "held", "state", "name"),
    [
        (Says.ACCEPTED, "off", "false", "control.protects"),
        (Says.ACCEPTED, "off", "true", "control.trains"),
        (Says.NOTHING, "off", "false", "control.trains"),
        (Says.OFF, "off", "false", "control.protects"),
        (Says.OFF, "off", "true", "control.trains"),
        (Says.ON, "on", "false", "control.protects"),
    ],
)
def test_a_look_gives_the_state_from_then_on(says: Says, held: str, state: str, name: str) -> None:
    """What was said of the state that was looked at; the other position means the opposite."""
    observation = with_control_looks(observed(drawn(state)), [look(FIRST, says, held)], SWITCH)
    assert [str(signal.name) for signal in observation.signals] == [name, "control.section"]
    assert all(s.wording is Wording.CONFIRMED and s.source.startswith("Claire, ") for s in observation.signals)


@pytest.mark.parametrize(
    "view",
    [
        drawn(head="Reading"),
        drawn(label="Learning from notes"),
        drawn(more="<p>Managed by your organization</p>"),
        drawn(more="<p>Currently: On</p>"),
        drawn(other=f"<div><p>{LABEL}</p><button role='switch' aria-checked='false' :name></button></div>"),
        drawn("mixed"),
        drawn(other="<p>You have unsaved changes.</p>"),
        outlined("<main><h1>Settings</h1><h2>Writing</h2><p>Nothing to set</p></main>"),
    ],
)
def test_a_look_holds_while_the_page_shows_the_same(view: PageView) -> None:
    """Another heading or label, a doubt that was not there, a second one, no state, a page that may be false."""
    assert not {"control.protects", "control.trains"}.intersection(said(observed(view), look(FIRST, Says.ACCEPTED)))


@pytest.mark.parametrize(
    "fault",
    [
        SignalName.CONTROL_CHANGED, SignalName.CONTROL_DATA_REFUSED, SignalName.CONTROL_DATA_MISSING,
        SignalName.CONTROL_UNREAD, SignalName.CONTROL_CONTRADICTED, SignalName.CONTROL_COVERED,
    ],
)  # fmt: skip
def test_what_no_look_settles(fault: SignalName) -> None:
    """A page that changed, did not get its data, or says otherwise."""
    assert said(observed(drawn(), fault), look(FIRST, Says.ACCEPTED)) == ["control.misplaced", str(fault)]


@pytest.mark.parametrize(
    "looks",
    [
        [look(FIRST, Says.UNSURE)],
        [look(FIRST, Says.PENDING)],
        [look(FIRST, Says.ON)],  # the page stated "off" when it was looked at
        [look(FIRST, Says.ACCEPTED, "")],
        [look(FIRST, Says.ACCEPTED), look(FIRST, Says.NOTHING)],
    ],
)
def test_looks_that_say_nothing_for_certain(looks: list[Look]) -> None:
    """No meaning, another position than the page stated, no position, or two that disagree."""
    assert said(observed(drawn()), *looks) == ["control.misplaced"]


def test_what_was_read_is_kept() -> None:
    """A setting that code read needs no look; and of several blogs, a look at one says nothing of the others."""
    read = outlined(PAGE.format(head="Privacy", label=LABEL, state="false", more="", other=OTHER))
    assert observed(read).shown == ()
    assert with_control_looks(observed(drawn()), [look(FIRST, Says.ACCEPTED)], SHARED) == observed(drawn())
