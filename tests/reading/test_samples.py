"""What a service shows as a sample of an answer, and what it shows as the answer."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, PENDING, day, message, said

LABEL = "Preview of the message you may receive (template)"
LABELS = [
    LABEL,
    "Example of a message that you might get",
    "Template for our reply",
    "Sample message",
    "Example reply:",
    "Message template",
    "Specimen of a reply",
    "Template for the answer you could see",
    "Sample of such a letter",
    "Template",
]
NO_LABELS = [
    "Preview",
    "Preview of your message",
    "Our answer",
    "Example of what we did for you",
    "Message you received",
    "Preview of the message you received",
    "The message",
    "Latest message",
    "Your confirmation (sample)",
    "Reply to your template",
]


def box(label: str, *texts: str, named: bool = True, role: str = "group") -> Part:
    """A box within a message, called by its own name or by its first line."""
    named_as = {"aria_label": label} if named else {}
    return el("div", el("p", el("b", label)), *(el("p", text) for text in texts), role=role, **named_as)


def answered(meta_labels: Labels, *inside: Part, first: str = PENDING) -> set[Meaning]:
    """What a message of the service says with this in it."""
    told = el("li", el("div", OFFICE), el("div", day(2)), el("p", first), *inside, role="listitem")
    return said(meta_labels, message(OWN, day(1), "I object."), told)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("label", LABELS)
def test_a_sample_answers_nothing(meta_labels: Labels, label: str, named: bool) -> None:
    """The message around it does."""
    sample = box(label, "Hi [first name],", ACCEPTED, "[signature]", named=named)
    assert answered(meta_labels, sample) == {Meaning.PENDING}


@pytest.mark.parametrize("label", NO_LABELS)
def test_what_is_called_no_sample(meta_labels: Labels, label: str) -> None:
    """It is read as it stands, and an acceptance in it is not passed over."""
    assert answered(meta_labels, box(label, "Hi [first name],", ACCEPTED)) != {Meaning.PENDING}


@pytest.mark.parametrize(
    "texts",
    [("Hi Leander,", ACCEPTED), (ACCEPTED,), ("Hi [Leander],", ACCEPTED), ("Dear member,", ACCEPTED, "Case [4711]")],
)
def test_a_box_whose_places_are_filled_in(meta_labels: Labels, texts: tuple[str, ...]) -> None:
    """Whatever it is called, it may be the answer."""
    assert answered(meta_labels, box(LABEL, *texts)) != {Meaning.PENDING}


def test_an_answer_beside_a_sample(meta_labels: Labels) -> None:
    """What the service says itself counts, before the sample and behind it."""
    sample = box(LABEL, "Hi [first name],", "We've reviewed your request and won't honor your objection.")
    assert answered(meta_labels, sample, first=ACCEPTED) == {Meaning.ACCEPTED}
    assert answered(meta_labels, sample, el("p", ACCEPTED)) != {Meaning.PENDING}


@pytest.mark.parametrize("role", ["listitem", "article", "main"])
def test_a_message_is_no_box(meta_labels: Labels, role: str) -> None:
    """What is called so by its first line may be a message of its own, with more in it than a sample."""
    assert answered(meta_labels, box(LABEL, "[name]", ACCEPTED, named=False, role=role)) != {Meaning.PENDING}
