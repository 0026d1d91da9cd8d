"""What a service says when it has an objection and has not answered it, and what only begins like that."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, day, message, said

ASKED = message(OWN, day(1), "I object.")
RECEIPTS = [
    "Thank you for submitting your objection.",
    "Your objection was submitted successfully.",
    "Receipt of your objection is confirmed.",
    "Request received",
    "Your form has arrived.",
    "We've logged your objection.",
    "This is an automatic confirmation that your objection reached us.",
    "We've opened a case for your objection.",
]
WAITING = [
    "It was received and is being reviewed.",
    "We have your objection and will look at it.",
    "It may take us a few days to review your objection.",
    "You will hear from us about your objection.",
    "Your form is with our reviewers.",
    "It's open and with a reviewer.",
    "Your objection has landed safely.",
    "We've forwarded your objection from the general mailbox to the responsible office.",
    "Yours is request 19,304 in line today.",
    "Your objection has been put before them today.",
    "We have what we need and are now reviewing your objection.",
    "Our team will review your objection in the order in which it arrived.",
    "We've withdrawn our earlier answer and reopened your request.",
]
TURNED_DOWN = [
    "The objection itself fails.",
    "We have therefore not granted your objection.",
    "We don't honour the objection.",
    "We have rejected the objection lodged in your name.",
    "We have come to the conclusion that we cannot honour your objection.",
    "That means your objection has been denied.",
    "We've had to decline your objection.",
    "We know this isn't the answer you hoped for: your objection has been rejected.",
]


@pytest.mark.parametrize("sentence", [*RECEIPTS, *WAITING])
@pytest.mark.parametrize("more", [(), ("We are reviewing your request.",)])
def test_a_receipt_waits(meta_labels: Labels, sentence: str, more: tuple[str, ...]) -> None:
    """Alone, and beside the sourced words of a review."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, *more)) == {Meaning.PENDING}


@pytest.mark.parametrize("sentence", TURNED_DOWN)
def test_a_refusal_in_plain_words(meta_labels: Labels, sentence: str) -> None:
    """Alone; in front of an acceptance, the two say nothing together."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence)) == {Meaning.REFUSED}
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, ACCEPTED)) != {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "sentence",
    [
        "It is possible that the objection is refused.",
        "If the objection is refused, we'll tell you why.",
        "That would mean your objection has been denied.",
        "Another objection has been put before them today.",
        "The court held that the objection itself fails.",
    ],
)
def test_no_refusal_in_what_is_supposed_or_told_of_others(meta_labels: Labels, sentence: str) -> None:
    """Known words in a condition, a report, or of another objection."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence)) & {Meaning.REFUSED, Meaning.ACCEPTED} == set()


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("fr", "Nous avons pris note de votre opposition et l'étudions."),
        ("fr", "Merci pour votre opposition. Elle est en cours d'examen."),
        ("de", "Wir bestätigen den Eingang deines Widerspruchs."),
    ],
)
def test_a_receipt_in_another_language(meta_labels: Labels, locale: str, sentence: str) -> None:
    """French and German."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence), locale=locale) == {Meaning.PENDING}


@pytest.mark.parametrize("sentence", RECEIPTS)
def test_a_receipt_beside_a_decision(meta_labels: Labels, sentence: str) -> None:
    """It tells how that came about."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, ACCEPTED)) == {Meaning.ACCEPTED}
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, REFUSED)) == {Meaning.REFUSED}
    later = message(OFFICE, day(9), ACCEPTED)
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence), later) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "sentence",
    [
        "Thank you for submitting your objection, which we accept.",
        "Thank you for submitting your objection. It has no merit.",
        "Thank you for submitting your objection to ads.",
        "Your objection was submitted successfully and now applies.",
        "Your objection was submitted and is effective immediately.",
        "Your objection was submitted but isn't valid.",
        "Your objection was submitted in error.",
        "Your objection was submitted by somebody else.",
        "Your request was submitted too late.",
        "Objection received and applied",
        "Objection received: declined",
        "Request received for account deletion",
        "Your form has arrived, but we can't process it.",
        "We've logged your objection and removed your posts from AI.",
        "We've opened a case for your objection and closed it.",
        "It may take us a few days to review your objection, and we have now done so.",
    ],
)
def test_what_begins_like_a_receipt(meta_labels: Labels, sentence: str) -> None:
    """It goes on with what came of it, or is about another thing."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence)) <= {Meaning.REFUSED}


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("it", "La tua richiesta verrà applicata d'ora in avanti a questo account e agli altri account dello stesso Centro gestione account."),
        ("it", "La tua opposizione è stata accettata: verrà applicata d'ora in avanti alle informazioni pubbliche del tuo profilo."),
        ("it", "Abbiamo esaminato la tua opposizione all'uso delle tue informazioni per l'IA in Meta e la tua richiesta verrà applicata d'ora in avanti."),
        ("es", "Vamos a aceptar tu objeción tanto en esta cuenta como en las demás que hayas añadido a tu Centro de cuentas."),
    ],
)  # fmt: skip
def test_a_sourced_acceptance_says_for_which_accounts(meta_labels: Labels, locale: str, sentence: str) -> None:
    """The sourced words with how far they go; where they are denied they say nothing."""
    title = {
        "it": "Opposizione all'uso delle informazioni per l'IA di Meta",
        "es": "Oposición al uso de la información para la IA de Meta",
    }
    assert said(meta_labels, message(OFFICE, day(2), sentence), locale=locale, title=title[locale]) == {
        Meaning.ACCEPTED
    }
    denied = sentence.replace("verrà", "non verrà").replace("Vamos a", "No vamos a")
    assert Meaning.ACCEPTED not in said(
        meta_labels, message(OFFICE, day(2), denied), locale=locale, title=title[locale]
    )
