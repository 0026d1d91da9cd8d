"""A form of several steps is open where its own markup holds all of it; else a later step may ask or say anything."""

from __future__ import annotations

import pytest

from automation.domain.signals import SignalName
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_form_page import EMAIL, LOOKED_AT, form_page

REASON = el("textarea", role="textbox", name="Please tell us how this processing impacts you")
LATER = el("textarea", role="", shown=False)
ON = el("button", "Next", type="button")
BACK = el("button", "Back", type="button", shown=False)
SEND = el("button", "Submit", shown=False)


def steps(*first: Part, rest: tuple[Part, ...] = (BACK, SEND)) -> Part:
    """A form with a first step that is shown, and the rest hidden."""
    return el("form", el("div", *first), el("div", *rest, shown=False))


@pytest.mark.parametrize(
    "form",
    [
        steps(EMAIL, REASON, ON),
        steps(EMAIL, ON, rest=(el("p", "Please check what you wrote.", shown=False), BACK, SEND)),
        steps(EMAIL, ON, rest=(el("input", type="hidden", shown=False), el("input", type="submit", value="Submit", shown=False))),
        steps(EMAIL, el("button", "Continue", type="button"), rest=(el("button", "Submit", type="submit", shown=False),)),
        steps(EMAIL, ON, rest=(el("p", el("label", "Please tell us how this processing impacts you", shown=False), LATER), BACK, SEND)),
        steps(EMAIL, ON, rest=(el("label", "Tell us how this processing impacts you", el("div", LATER)), SEND)),
        steps(EMAIL, ON, rest=(el("textarea", aria_label="Tell us how this processing impacts you", shown=False), SEND)),
        steps(REASON, ON, rest=(el("div", el("label", "Email address"), el("input", type="email", shown=False)), SEND)),
        steps(REASON, EMAIL, ON, rest=(el("p", "Country of residence", el("select", el("option", "Ireland"), shown=False)), SEND)),
    ],
)  # fmt: skip
def test_a_form_is_open_at_its_first_step(meta_labels: Labels, form: Part) -> None:
    """Its fields are all there, and the control that sends them stands in the next step."""
    for inside in ((form,), (LOOKED_AT, form)):
        found = form_page(meta_labels, *inside)
        assert SignalName.FORM_OPEN in found
        assert SignalName.PAGE_PENDING not in found


@pytest.mark.parametrize(
    "form",
    [
        steps(EMAIL, ON, rest=(BACK,)),
        steps(EMAIL, ON, rest=()),
        steps(EMAIL, ON, rest=(el("button", "Withdraw my objection", shown=False),)),
        steps(EMAIL, ON, rest=(el("p", "This withdraws your objection.", shown=False), SEND)),
        steps(EMAIL, ON, rest=(el("input", type="checkbox", shown=False), SEND)),
        steps(EMAIL, ON, rest=(el("select", shown=False), SEND)),
        steps(EMAIL, ON, rest=(el("p", "Say why this is true", LATER), SEND)),
        steps(EMAIL, ON, rest=(el("p", "Tell us how this processing impacts you", LATER, LATER), SEND)),
        steps(EMAIL, ON, rest=(el("p", "Email address", el("input", type="checkbox", shown=False)), SEND)),
        steps(EMAIL, ON, rest=(el("p", "Tell us how this processing impacts you", el("select", shown=False)), SEND)),
        steps(
            EMAIL, ON, rest=(el("p", "Tell us why you withdraw your objection, and how it impacts you", LATER), SEND)
        ),
        steps(ON, rest=(el("p", "Tell us how this processing impacts you", LATER), SEND)),
        steps(EMAIL, ON, rest=(el("div", contenteditable="true", shown=False), SEND)),
        steps(EMAIL, ON, rest=(SEND, el("button", "Submit", shown=False))),
        steps(EMAIL, ON, rest=(el("p", "word " * 70, shown=False), SEND)),
        steps(EMAIL, ON, el("button", "Skip", type="button")),
        steps(EMAIL, el("button", "Allow my information again", type="button")),
        steps(ON),
        el("div", el("div", EMAIL, ON), el("div", SEND, shown=False)),
    ],
)
def test_a_form_whose_other_steps_are_not_plain_is_not_open(meta_labels: Labels, form: Part) -> None:
    """They ask for more, take an objection back, are drawn by a script, or lead to something else."""
    assert SignalName.FORM_OPEN not in form_page(meta_labels, form)


def test_a_first_step_with_other_fields_is_another_form(meta_labels: Labels) -> None:
    """Whatever it is called."""
    other = el("input", role="textbox", name="Say why this is true")
    assert SignalName.FORM_UNFAMILIAR in form_page(meta_labels, steps(EMAIL, other, ON))


@pytest.mark.parametrize(("required", "expected"), [(True, SignalName.FORM_UNFAMILIAR), (False, SignalName.FORM_OPEN)])
def test_the_later_steps_count_for_what_form_it_is(meta_labels: Labels, required: bool, expected: SignalName) -> None:
    """A form that asks for no country demands no reason."""
    attributes = {"required": ""} if required else {}
    later = el("p", "Tell us how this processing impacts you", el("textarea", role="", shown=False, **attributes))
    assert expected in form_page(meta_labels, steps(EMAIL, ON, rest=(later, SEND)))
