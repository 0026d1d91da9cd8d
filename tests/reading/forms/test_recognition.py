"""Which form it is: boxes, choices and further steps that are known leave it known; whatever else does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from automation.core.looks import Look, Says, ShownKind
from automation.core.observations import Observation, Probe, ProbeOutcome
from automation.core.signals import SignalName, Wording
from automation.core.verdicts import Verdict
from automation.reading.form_text import with_form_looks
from automation.reading.forms import FormPage
from automation.visit.conclusion import judge
from tests.reading.forms.form_pages import EMAIL, FLOW, LOOKED_AT, REASON, SUBMIT, TITLES, URL, form, read_form, told
from tests.reading.outline import Part, el

OPEN, UNFAMILIAR = SignalName.FORM_OPEN, SignalName.FORM_UNFAMILIAR


def box(label: str) -> Part:
    """A box that has to be ticked."""
    return el("input", role="checkbox", type="checkbox", name=label, required="")


@pytest.mark.parametrize(
    ("label", "states"),
    [
        ("The information in this form is correct", True),
        ("The information I’ve provided is true and correct. *", True),
        ("By ticking this box, I confirm that everything I've written above is accurate.", True),
        ("All of the information provided is complete and accurate to the best of my knowledge", True),
        ("Je certifie sur l'honneur que les informations fournies sont exactes", True),
        ("Die Angaben in diesem Formular sind richtig und vollständig.", True),
        ("The information in this form is correct and may be used for AI", False),
        ("The information in this form is not correct", False),
        ("I confirm that I want to withdraw my objection", False),
        ("The information in this form is correct. I no longer object.", False),
    ],
)
def test_a_box_that_says_it_is_true_says_nothing_else(label: str, states: bool) -> None:
    """Whatever more a box says makes it a form that nobody has described."""
    locale = "fr" if "Je " in label else "de" if "Die " in label else "en"
    found = read_form(form(box(label)), title=TITLES[locale], locale=locale)
    roles = [field.role for field in found.form.fields] if found.form is not None else []
    assert ("statement" in roles) is states


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), OPEN),
        ((el("select", role="combobox", name="Country of residence", required=""),), OPEN),
        ((el("input", role="textbox", name="Say why this is true"),), UNFAMILIAR),
        ((box("I want my information to be used"),), UNFAMILIAR),
        ((EMAIL,), SignalName.FORM_TWICE),
    ],
)
def test_fields_of_a_documented_form(more: tuple[Part, ...], expected: SignalName) -> None:
    """Sources have a country beside the e-mail address; anything else makes it a form that nobody has described."""
    assert expected in told(form(*more))


# -- choices of what it is about


def radios(asked: str, *names: str) -> Part:
    """A question with a choice of answers."""
    choices = [el("label", el("input", role="radio", name=name, type="radio", ticked=False), name) for name in names]
    return el("fieldset", el("legend", asked), *choices, role="radiogroup", name=asked)


@pytest.mark.parametrize(
    "asked",
    [
        ("What is your objection about?", "My own posts and photos", "My interactions with AI", "Both"),
        ("What do you object to?", "Information I share", "Information from third parties"),
        ("Which information is concerned?", "Posts", "Comments", "Messages to AI at Meta"),
        ("Does your request concern your own data?", "Yes", "No, another person's"),
        ("Are you writing about yourself?", "Yes", "No"),
        ("Is it about your personal information?", "No", "Yes, mine"),
        ("Product", "Facebook", "Instagram", "Both"),
    ],
)
def test_what_an_objection_is_about_may_be_asked(asked: tuple[str, ...]) -> None:
    """In whichever words; the rest of the form is what it was."""
    assert read_form(form(radios(*asked), REASON)).outcome is ProbeOutcome.FORM


@pytest.mark.parametrize(
    "asked",
    [
        ("Do you object?", "Yes", "No"),
        ("What would you like to do?", "Object", "Allow AI at Meta"),
        ("What would you like to do?", "Object to AI", "Withdraw my objection"),
        ("Your information", "Use my posts for AI", "Leave my posts out"),
        ("Should we stop?", "My posts", "My photos"),
        ("Your objection", "A new one", "One that I have filed already"),
        ("Your objection", "Only my photos", "Everything"),
        ("AI at Meta", "On", "Off"),
        ("Is this about your earlier objection?", "Yes", "No"),
        ("Should AI learn about your own information?", "Yes", "No"),
        ("Is it about your own data?", "Yes, keep using them", "No"),
        ("Is it about your own data?", "On", "Off"),
        ("Do you object to AI about your own data?", "Yes", "No"),
        ("Something about your own data", "Yes", "No"),
        ("What should not be part of it?", "Posts", "Photos"),
        ("Alone", "My posts"),
    ],
)
def test_a_choice_that_may_undo_or_change_it_makes_a_form_unfamiliar(asked: tuple[str, ...]) -> None:
    """Sent as it stands it might allow what it should forbid."""
    assert read_form(form(radios(*asked), REASON)).outcome is not ProbeOutcome.FORM


# -- forms of several steps

LATER = el("textarea", role="", shown=False)
ON = el("button", "Next", type="button")
BACK = el("button", "Back", type="button", shown=False)
SEND = el("button", "Submit", shown=False)
TELL = "Tell us how this processing impacts you"


def steps(*first: Part, rest: tuple[Part | str, ...] = (BACK, SEND)) -> Part:
    """A form with a first step that is shown, and the rest hidden."""
    return el("form", el("div", *first), el("div", *rest, shown=False))


@pytest.mark.parametrize(
    "multi_step",
    [
        steps(EMAIL, REASON, ON),
        steps(EMAIL, ON, rest=(el("p", "Please check what you wrote.", shown=False), BACK, SEND)),
        steps(EMAIL, ON, rest=(el("input", type="hidden", shown=False), el("input", type="submit", value="Submit", shown=False))),
        steps(EMAIL, el("button", "Continue", type="button"), rest=(el("button", "Submit", type="submit", shown=False),)),
        steps(EMAIL, ON, rest=(el("p", el("label", TELL, shown=False), LATER), BACK, SEND)),
        steps(EMAIL, ON, rest=(el("textarea", aria_label=TELL, shown=False), SEND)),
        steps(REASON, ON, rest=(el("div", el("label", "Email address"), el("input", type="email", shown=False)), SEND)),
        steps(REASON, EMAIL, ON, rest=(el("p", "Country of residence", el("select", el("option", "Ireland"), shown=False)), SEND)),
    ],
)  # fmt: skip
def test_a_form_is_open_at_its_first_step(multi_step: Part) -> None:
    """Its fields are all there, and the control that sends them stands in the next step."""
    for inside in ((multi_step,), (LOOKED_AT, multi_step)):
        assert {name for name in told(*inside) if name.startswith("page.")} == set()
        assert OPEN in told(*inside)


@pytest.mark.parametrize(
    "multi_step",
    [
        steps(EMAIL, ON, rest=(BACK,)),
        steps(EMAIL, ON, rest=(el("button", "Withdraw my objection", shown=False),)),
        steps(EMAIL, ON, rest=(el("p", "This withdraws your objection.", shown=False), SEND)),
        steps(EMAIL, ON, rest=(el("input", type="checkbox", shown=False), SEND)),
        steps(EMAIL, ON, rest=(el("p", "Say why this is true", LATER), SEND)),
        steps(EMAIL, ON, rest=(el("p", TELL, LATER, LATER), SEND)),
        steps(EMAIL, ON, rest=(el("p", "Email address", el("input", type="checkbox", shown=False)), SEND)),
        steps(EMAIL, ON, rest=(el("p", TELL, el("select", shown=False)), SEND)),
        steps(ON, rest=(el("p", TELL, LATER), SEND)),
        steps(EMAIL, ON, rest=(el("div", contenteditable="true", shown=False), SEND)),
        steps(EMAIL, ON, rest=(SEND, el("button", "Submit", shown=False))),
        steps(EMAIL, ON, rest=(el("p", "word " * 70, shown=False), SEND)),
        steps(EMAIL, ON, el("button", "Skip", type="button")),
        steps(EMAIL, el("button", "Allow my information again", type="button")),
        el("div", el("div", EMAIL, ON), el("div", SEND, shown=False)),
    ],
)
def test_a_form_whose_other_steps_are_not_plain_is_not_open(multi_step: Part) -> None:
    """They ask for more, take an objection back, are drawn by a script, or lead to something else."""
    assert OPEN not in told(multi_step)


@pytest.mark.parametrize(
    ("later", "expected"),
    [(el("textarea", role="", shown=False, required=""), UNFAMILIAR), (el("textarea", role="", shown=False), OPEN)],
)
def test_the_later_steps_count_for_what_form_it_is(later: Part, expected: SignalName) -> None:
    """A form that asks for no country demands no reason."""
    assert expected in told(steps(EMAIL, ON, rest=(el("p", TELL, later), SEND)))


# -- looks

STRANGE = form(el("input", role="textbox", name="Say why this is true"))
AT = datetime(2026, 12, 2, tzinfo=UTC)


def observed(found: FormPage) -> Observation:
    """A visit of that page, with an inbox that was read and holds nothing."""
    read = [SignalName.IDENTITY_SAME, SignalName.INBOX_KNOWN, SignalName.INBOX_NOTHING]
    shown = tuple(replace(each, picture="form.png") for each in found.shown)
    probe = Probe("form_a", URL, URL, (), 200, found.outcome)
    signals = (*(name.seen("elsewhere") for name in read), *found.signals)
    return Observation("facebook.ai_objection", "1", "s", "en", signals, probes=(probe,), shown=shown)


def looks_at(observation: Observation, *says: Says) -> list[Look]:
    """What a person says of each form that is shown, in their order."""
    shown = [(ShownKind.FORM, one.lines) for one in observation.shown]
    return [
        Look(kind, said, "facebook.ai_objection", "en", (lines,), "Claire Dupont", AT, "b" * 64)
        for (kind, lines), said in zip(shown, says, strict=True)
    ]


@pytest.mark.parametrize(
    ("found", "says", "verdict"),
    [
        (read_form(STRANGE), (Says.THIS_FORM,), Verdict.NOT_OBJECTED),
        (read_form(STRANGE, title="What Meta may learn from"), (Says.THIS_FORM,), Verdict.NOT_OBJECTED),
        (read_form(STRANGE, url="https://www.facebook.com/help/new"), (Says.THIS_FORM,), Verdict.NOT_OBJECTED),
        (read_form(el("p", "Your objection makes AI at Meta no worse."), form()), (Says.THIS_FORM,), Verdict.NOT_OBJECTED),
        (read_form(form(), el("form", REASON, SUBMIT)), (Says.THIS_FORM, Says.OTHER_FORM), Verdict.NOT_OBJECTED),
        (read_form(form(), el("form", REASON, SUBMIT)), (Says.THIS_FORM, Says.THIS_FORM), Verdict.UNKNOWN),
        (read_form(STRANGE), (Says.OTHER_FORM,), Verdict.UNKNOWN),
        (read_form(STRANGE), (Says.UNSURE,), Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_a_look_settles_a_form_in_doubt(found: FormPage, says: tuple[Says, ...], verdict: Verdict) -> None:
    """Every form of the page was looked at, and one of them is the objection form."""
    before = observed(found)
    assert judge(before, FLOW.states).verdict is Verdict.UNKNOWN
    after = with_form_looks(before, looks_at(before, *says))
    assert judge(after, FLOW.states).verdict is verdict
    assert any(s.wording is Wording.CONFIRMED and s.name is OPEN for s in after.signals) is (
        verdict is Verdict.NOT_OBJECTED
    )
    if says == (Says.OTHER_FORM,):
        (other,) = (signal for signal in after.signals if signal.name is SignalName.PAGE_OTHER_FORM)
        assert other.wording is Wording.CONFIRMED


@pytest.mark.parametrize("says", [Says.THIS_FORM, Says.OTHER_FORM])
def test_a_look_at_a_further_address_settles_what_stands_beside_the_form(says: Says) -> None:
    """The form is open at the first one; what the second says is no longer in doubt, whichever form it is."""
    beside = observed(read_form(el("p", "Your objection makes AI at Meta no worse."), form()))
    told = [replace(s, surface="form_b") for s in beside.signals if s.name is SignalName.PAGE_UNCLEAR]
    first = observed(read_form(form()))
    both = replace(
        first,
        signals=(*first.signals, *told),
        probes=(*first.probes, replace(first.probes[0], surface="form_b")),
        shown=tuple(replace(one, surface="form_b") for one in beside.shown),
    )
    assert judge(both, FLOW.states).verdict is Verdict.UNKNOWN
    assert judge(with_form_looks(both, looks_at(both, says)), FLOW.states).verdict is Verdict.NOT_OBJECTED


def test_a_look_holds_for_what_was_shown() -> None:
    """One more sentence about an objection, another field, or two people who differ: it is asked again."""
    first = observed(read_form(STRANGE))
    looks = looks_at(first, Says.THIS_FORM)
    for changed in (
        read_form(el("p", "Your objection makes AI at Meta no worse."), STRANGE),
        read_form(form(el("input", role="textbox", name="Say why this is false"))),
    ):
        assert changed.shown
        assert with_form_looks(observed(changed), looks) == observed(changed)
    other = [replace(looks[0], says=Says.OTHER_FORM, by="Antoine Petit")]
    assert with_form_looks(first, [*looks, *other]) == first


@pytest.mark.parametrize(
    "inside",
    [
        (el("p", "We will honor your objection."), STRANGE),
        (el("div", "We've received your objection.", role="status"), STRANGE),
        (el("p", "You've already objected."), STRANGE),
        (el("p", "This form isn't available in your country."), STRANGE),
    ],
)
def test_a_page_that_may_answer_by_itself_is_not_asked_about(inside: tuple[Part, ...]) -> None:
    """That it is the objection form says nothing of an earlier objection."""
    found = read_form(*inside)
    assert found.shown == ()
    looks = looks_at(observed(read_form(STRANGE)), Says.THIS_FORM)
    shown = replace(observed(found), shown=observed(read_form(STRANGE)).shown)
    assert judge(with_form_looks(shown, looks), FLOW.states).verdict is not Verdict.NOT_OBJECTED
