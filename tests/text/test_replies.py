"""What a service wrote is read narrowly: a wrong reading is the worst fault, an unclear one is none."""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.meanings import Meaning
from automation.reading.replies import ReplyReading, read_text
from automation.text.labels import Labels
from automation.text.page_words import PageWords


def reading(labels: Labels, text: str, locale: str = "en", *, quoted: bool = False) -> ReplyReading:
    """Read a text whose paragraphs are separated by `|`."""
    return read_text([Block(part, quoted, 0) for part in text.split("|")], PageWords.of(labels, locale))


ACCEPTED = [
    ("en", "Our reply|Hi Alex,\nWe've reviewed your request and will honor your objection. Your request will be applied going forward."),
    ("en", "We’ve reviewed your request and will honour your objection."),
    ("en-GB", "We will honour your objection for your public information. It is also honoured for other accounts in the same Accounts Centre."),
    ("en", "Hello Sam, we will honour your objection."),
    ("en", "We will honour your objection. We may still process information about you to develop AI at Meta, even if you object or don't use our Products."),
    ("es", "Vamos a aceptar tu objeción."),
    ("it", "La tua richiesta verrà applicata d'ora in avanti. Riceverai una e-mail con i dettagli."),
    ("fr", "We've reviewed your request and will honor your objection."),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text"), ACCEPTED)
def test_an_acceptance_is_understood(meta_labels: Labels, locale: str, text: str) -> None:
    """The sentences that sources give as Meta's acceptance are read as one, whatever stands around them."""
    seen = reading(meta_labels, text, locale)
    assert {said.meaning for said in seen.said} == {Meaning.ACCEPTED}
    assert not seen.unclear


NOT_ACCEPTED = [
    "If we honour your objection, we will tell you.",
    "We will honour your objection if you confirm it.",
    "We will honour your objection once you have answered.",
    "We will honour your objection, but not for photos.",
    "Some people were told that we will honour your objection.",
    'You wrote: "we will honour your objection".',
    "You wrote: « we will honour your objection ».",
    "It is not true that we will honour your objection.",
    "We will not honour your objection.",
    "We won't honor your objection.",
    "We will never honour your objection.",
    "We used to say: we will honour your objection",
    "Will we honour your objection? We will see.",
    "We've reviewed your request and will honor your objection only in part.",
    "In some cases we will honour your objection.",
    "We may honour your objection.",
    "Nous honorerons votre opposition.",
    "Wir werden deinem Widerspruch nachkommen.",
    "Non vamos a aceptar tu objeción.",
    "No vamos a aceptar tu objeción.",
    "La tua richiesta verrà applicata d'ora in avanti se la confermi.",
]


@pytest.mark.parametrize("text", NOT_ACCEPTED)
@pytest.mark.parametrize("locale", ["en", "fr", "es", "it", "de", ""])
def test_what_is_no_acceptance_is_never_read_as_one(meta_labels: Labels, text: str, locale: str) -> None:
    """Negated, conditional, quoted, hedged, hearsay or in a language without sourced words: not an acceptance."""
    seen = reading(meta_labels, text, locale)
    plain = {said.meaning for said in seen.said} if not seen.unclear else set()
    assert Meaning.ACCEPTED not in plain


def test_a_quoted_block_is_no_answer(meta_labels: Labels) -> None:
    """What stands in a quotation is what somebody else said."""
    seen = reading(meta_labels, "We will honour your objection.", quoted=True)
    assert not seen.said
    assert seen.unclear


def test_a_later_withdrawal_makes_it_unclear(meta_labels: Labels) -> None:
    """An acceptance that the same text takes back is unclear."""
    seen = reading(
        meta_labels, "We will honour your objection.|We have since withdrawn our decision about your objection."
    )
    assert seen.unclear


def test_two_answers_in_one_text_are_both_reported(meta_labels: Labels) -> None:
    """A text that accepts and refuses says both, and the judge finds that ambiguous."""
    seen = reading(meta_labels, "We will honour your objection.|We will not honour your objection.")
    assert {said.meaning for said in seen.said} == {Meaning.ACCEPTED, Meaning.REFUSED}


@pytest.mark.parametrize(
    ("locale", "text", "meaning"),
    [
        ("en", "We've reviewed your request and will not honor your objection.", Meaning.REFUSED),
        ("en", "Your objection has been declined.", Meaning.REFUSED),
        ("fr", "Nous avons examiné votre demande et ne pouvons pas y donner suite.", Meaning.REFUSED),
        ("fr", "Votre opposition a été refusée.", Meaning.REFUSED),
        ("en", "We're reviewing your objection.", Meaning.PENDING),
        ("en", "We've begun reviewing your objection.", Meaning.PENDING),
        ("en", "We're continuing to review your objection.", Meaning.PENDING),
        ("en", "We have your objection and are reviewing it.", Meaning.PENDING),
        ("fr", "Nous avons bien reçu votre opposition.", Meaning.PENDING),
        ("en", "We need more information about your objection.", Meaning.MORE_INFORMATION),
    ],
)
def test_assumed_words_are_understood_and_marked(meta_labels: Labels, locale: str, text: str, meaning: Meaning) -> None:
    """Plain words for a refusal, a review or a question are read, and say that no source gives them."""
    seen = reading(meta_labels, text, locale)
    assert [said.meaning for said in seen.said] == [meaning]
    assert seen.said[0].phrase.wording == "assumed"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We removed the comment that you reported."),
        ("fr", "Votre signalement a été traité. La publication a été supprimée. J'ai compris."),
        ("it", "Abbiamo risposto ai tuoi messaggi."),
        ("de", "Wir haben das gemeldete Foto entfernt."),
    ],
)
def test_other_business_does_not_concern_an_objection(meta_labels: Labels, locale: str, text: str) -> None:
    """An answer about something else raises no suspicion, so an inbox of such answers can be called empty of ours."""
    assert not reading(meta_labels, text, locale).concerns


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Your objection to the removal of your post"),
        ("fr", "Nous avons examiné votre demande et donnerons suite à votre opposition."),
        ("fr", "Votre demande au sujet de l'IA chez Meta"),
        ("de", "Dein Widerspruch"),
        ("nl", "Je bezwaar"),
        ("fi", "Privacy Operations"),
    ],
)
def test_whatever_may_be_about_an_objection_raises_suspicion(meta_labels: Labels, locale: str, text: str) -> None:
    """Words of objecting, of AI or of the department that answers stop "nothing was filed"."""
    assert reading(meta_labels, text, locale).concerns
