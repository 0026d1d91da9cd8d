"""
What stands beside a control and takes its state's meaning away: found by an attack, each with a harmless counterpart.

Pages are outlines of one made-up setting. A reader who is not sure says nothing.
"""

from __future__ import annotations

import pytest

from automation.check.visit.control import _is_of
from automation.reading.walls import signed_out
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, BUTTON, HEAD, LABEL, SWITCH, read, switch, table

PROTECTING = table("switch", on="protects")


def setting(state: str, *beside: Part | str) -> Part:
    """The setting, with what stands behind it in its row."""
    return el("div", switch(state, name=LABEL), *beside)


@pytest.mark.parametrize(
    ("state", "line", "said"),
    [
        ("false", ABOUT, "protects"),
        ("true", ABOUT, "trains"),
        ("false", "This has no effect on who can read them.", "protects"),
        ("false", "You can opt out at any time.", "protects"),
        ("false", "No one else can see your notes.", "protects"),
        ("false", "Prevent spam: we read what is reported.", "protects"),
        ("true", "Opt out", "control.doubted"),
        ("true", "Exclude my notes", "control.doubted"),
        ("true", "Don't allow us to read my notes", "control.doubted"),
        ("true", "Turn this on to keep your notes out of our models.", "control.doubted"),
        ("true", "When on, your notes are excluded from our models.", "control.doubted"),
        ("true", "Opted out", "control.doubted"),
        ("false", "Opted out", "protects"),
        ("false", "Turn off", "control.doubted"),
        ("true", "Turn off", "trains"),
        ("false", "Currently: On", "control.doubted"),
        ("false", "Your notes are being used to make our models better.", "control.doubted"),
        ("false", "2 exceptions: Jira and Confluence still contribute.", "control.doubted"),
        ("false", "3 teams have turned this on for themselves.", "control.doubted"),
        ("true", "Your organization has turned this off for everyone. Your choice here has no effect.", "control.doubted"),
        ("true", "Managed by your organization", "control.doubted"),
        ("false", "Paused until 3 December. It turns back on by itself.", "control.doubted"),
        ("false", "For this workspace only. Your personal workspace has its own setting.", "control.doubted"),
    ],
)  # fmt: skip
def test_a_line_beside_a_switch(state: str, line: str, said: str) -> None:
    """An exception, somebody above, another state, or a second line that names the opposite of the label."""
    assert read(page(el("main", HEAD, setting(state, el("p", line)))), SWITCH) == said


@pytest.mark.parametrize(("line", "said"), [("Block our models", "protects"), ("Allow our models", "control.doubted")])
def test_a_line_beside_a_switch_that_protects(line: str, said: str) -> None:
    """There the opposite of the label lets in."""
    assert read(page(el("main", HEAD, setting("true", el("p", line)))), PROTECTING) == said


@pytest.mark.parametrize(
    "line",
    [
        "Loading…",
        "There was a problem loading your settings.",
        "We're having trouble loading your preferences. Showing default values.",
        "Network error",
        "Save failed",
        "1 unsaved change",
        "Some settings may be out of date.",
        "Share everything. Overrides all switches below.",
    ],
)
@pytest.mark.parametrize("where", ["main", "header"])
def test_a_notice_of_the_page(line: str, where: str) -> None:
    """What it shows may not be what is stored; the page's banner says so as well."""
    notice = el(where, el("p", line), role="banner") if where == "header" else el("div", el("p", line))
    assert read(page(notice, el("main", HEAD, setting("false"))), SWITCH) == "control.doubted"


@pytest.mark.parametrize(
    ("heading", "said"),
    [("Notes", "protects"), ("Team workspace: Acme", "control.doubted"), ("Defaults for new teams", "control.doubted")],
)
def test_a_heading_between_the_section_and_the_label(heading: str, said: str) -> None:
    """It may be somebody else's setting of the same name."""
    assert read(page(el("main", HEAD, el("h3", heading), setting("false"))), SWITCH) == said


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (el("label", "Use notes in search", el("input", role="checkbox", name="Use notes in search", ticked=False)), "protects"),
        (el("div", el("p", LABEL), el("button", LABEL, el("span", "On"), role="button")), "control.contradicted"),
    ],
)  # fmt: skip
def test_another_control_of_the_label_says_otherwise(other: Part, said: str) -> None:
    """Drawn as another kind, it counts against the first one."""
    named = switch("false", name=LABEL)
    assert read(page(el("main", HEAD, el("div", named), el("div", other))), SWITCH) == said


def test_a_name_of_its_own_is_no_other_settings() -> None:
    """What describes a control does not name it, where it has a name."""
    group = el("h3", LABEL, id="g")
    inside = switch("false", name="Use messages to improve transcriptions", aria_describedby="g")
    assert read(page(el("main", HEAD, group, inside)), SWITCH) == "control.absent"


@pytest.mark.parametrize(("words", "said"), [("Disabled", "control.stateless"), (LABEL, "protects")])
def test_a_box_beside_a_negative_word(words: str, said: str) -> None:
    """A box beside "Disabled" may say that it is, or that it is not."""
    box = el("input", role="checkbox", name=words, ticked=False, type="checkbox")
    assert read(page(el("main", HEAD, el("div", el("p", LABEL), el("label", box, words)))), SWITCH) == said


def test_a_box_that_chooses_a_row_is_no_setting() -> None:
    """The state is in the row's list."""
    cells = (el("input", role="checkbox", name="", ticked=False), LABEL, el("button", "On", aria_haspopup="listbox"))
    rows = el("tr", *(el("td", cell) for cell in cells))
    assert read(page(el("main", HEAD, el("table", rows))), BUTTON) in {"trains", "control.stateless", "control.absent"}


@pytest.mark.parametrize("label", ["Update email", "Continue on mobile", "Apply for Pro"])
def test_a_button_of_a_dialog_that_takes_nothing(label: str) -> None:
    """Only one that takes what is shown makes an offer of it."""
    dialog = el("div", el("h2", "Privacy"), setting("false"), el("button", label), role="dialog")
    assert read(page(dialog), SWITCH) == "protects"


@pytest.mark.parametrize("label", ["Save changes", "Allow", "I agree"])
def test_a_button_of_a_dialog_that_takes_what_is_shown(label: str) -> None:
    """It is an offer until then."""
    dialog = el("div", el("h2", "Privacy"), setting("false"), el("button", label), role="dialog")
    assert read(page(dialog), SWITCH) == "control.doubted"


@pytest.mark.parametrize("line", ["Your session has expired.", "You've been signed out.", "Votre session a expiré."])
def test_a_session_that_has_ended(line: str) -> None:
    """What a page draws then are its own defaults."""
    assert signed_out(page(el("div", el("p", line), role="alert"), el("main", setting("false")))) is not None


@pytest.mark.parametrize(
    ("shown", "its"),
    [
        ("https://www.example.com/team/111/settings/ai", True),
        ("https://eu.example.com/team/111", True),
        ("https://www.example.com/team/222/settings", False),
        ("https://www.example.com/files/recents", False),
    ],
)
def test_a_page_of_another_team(shown: str, its: bool) -> None:
    """Whoever may not see a team is led to the one that was used last."""
    assert _is_of(shown, "https://www.example.com/team/111/settings") is its
