"""A known form that also asks what the objection is about stays known; one that asks whether to object does not."""

from __future__ import annotations

import pytest

from automation.domain.observations import ProbeOutcome
from automation.flow import Flow
from automation.flow.objection_table import ObjectionTable
from automation.page.read_page import ReadPage
from automation.reading.form.recognition import read_form_page
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

TITLE = "Object to your information being used for AI at Meta"
URL = "https://www.facebook.com/help/contact/712876720715583"


def radios(asked: str, *names: str, role: str = "radiogroup") -> Part:
    """A question with a choice of answers."""
    choices = [el("label", el("input", role="radio", name=name, type="radio", ticked=False), name) for name in names]
    return el("fieldset", el("legend", asked), *choices, role=role, name=asked)


def outcome(flow: Flow, *asked: Part) -> ProbeOutcome:
    """What the page of a form is taken for that asks for an address and something else."""
    assert isinstance(flow.rule, ObjectionTable)
    email = el("input", role="textbox", name="Email address", type="email")
    reason = el("textarea", role="textbox", name="Please tell us how this processing impacts you (optional)")
    form = el("form", *asked, email, reason, el("button", "Submit"))
    view = page(el("main", el("h1", TITLE), form), title=TITLE, url=URL)
    read = ReadPage("form_b", URL, URL, (), 200, view, settled=True, answers=(), locale="en", seconds=0.0)
    return read_form_page(read, flow.rule, PageWords.of(flow.labels, "en"), login=False).outcome


@pytest.mark.parametrize(
    "asked",
    [
        (),
        (radios("What is your objection about?", "My own posts and photos", "My interactions with AI", "Both"),),
        (radios("What do you object to?", "Information I share", "Information from third parties"),),
        (radios("Which information is concerned?", "Posts", "Comments", "Messages to AI at Meta", role="group"),),
        (radios("Does your request concern your own data?", "Yes", "No, another person's"),),
        (radios("Are you writing about yourself?", "Yes", "No"),),
        (radios("Is it about your personal information?", "No", "Yes, mine"),),
        (radios("Product", "Facebook", "Instagram", "Both"),),
    ],
)
def test_what_an_objection_is_about_may_be_asked(flows: dict[str, Flow], asked: tuple[Part, ...]) -> None:
    """In whichever words; the rest of the form is what it was."""
    assert outcome(flows["facebook.ai_objection"], *asked) is ProbeOutcome.FORM


@pytest.mark.parametrize(
    "asked",
    [
        radios("Do you object?", "Yes", "No"),
        radios("What would you like to do?", "Object", "Allow AI at Meta"),
        radios("What would you like to do?", "Object to AI", "Withdraw my objection"),
        radios("Your information", "Use my posts for AI", "Leave my posts out"),
        radios("Should we stop?", "My posts", "My photos"),
        radios("Your objection", "A new one", "One that I have filed already"),
        radios("Your objection", "Only my photos", "Everything"),
        radios("AI at Meta", "On", "Off"),
        radios("Is this about your earlier objection?", "Yes", "No"),
        radios("Is this about your objection?", "Yes", "No"),
        radios("Should AI learn about your own information?", "Yes", "No"),
        radios("May we use what is about your own data?", "Yes", "No"),
        radios("Is it about your own data?", "Yes, keep using them", "No"),
        radios("Is it about your own data?", "On", "Off"),
        radios("Do you object to AI about your own data?", "Yes", "No"),
        radios("Is your objection about your own data valid?", "Yes", "No"),
        radios("Something about your own data", "Yes", "No"),
        radios("What should not be part of it?", "Posts", "Photos"),
        el("div", el("input", role="radio", name="My posts", type="radio", ticked=False), "My posts"),
        el("label", el("input", role="checkbox", name="My posts", type="checkbox", ticked=False), "My posts"),
        el("input", role="textbox", name="Passport number"),
    ],
)
def test_what_may_undo_or_change_it_makes_a_form_unfamiliar(flows: dict[str, Flow], asked: Part) -> None:
    """Sent as it stands it might allow what it should forbid."""
    assert outcome(flows["facebook.ai_objection"], asked) is not ProbeOutcome.FORM
