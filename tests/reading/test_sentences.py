"""Sentences of a letter in which something is inserted, denied or joined: what they say, and when nothing is taken."""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.inbox.items import Setting, answer_of
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import Turn
from automation.reading.letter import letter_in
from automation.reading.replies import read_text
from automation.text.labels import Labels
from automation.text.page_words import PageWords


def letter(*lines: str, speaker: Speaker = Speaker.SERVICE) -> tuple[Turn, ...]:
    """One turn."""
    blocks = tuple(Block(line, quoted=False, node=-1) for line in lines)
    return (Turn(speaker, blocks, None, marked=True, named=True),)


@pytest.mark.parametrize(
    ("locale", "sentence", "meaning"),
    [
        ("en", "We're unable, for the reasons set out below, to honour your objection.", "refused"),
        ("en", "We're unable – at present – to honour your objection.", "refused"),
        ("en", "At this time we are unable (see below) to honour your objection.", "refused"),
        ("en", "We will, as you asked, honour your objection.", "accepted"),
        ("en", "We will, if you confirm, honour your objection.", None),
        ("en", "We will (subject to checks) honour your objection.", None),
        ("en", "We're unable (unless you write again) to honour your objection.", None),
        ("en", "We're unable, for the reasons below, to say whether we'll honour your objection.", None),
        ("en", "We reviewed your objection to AI at Meta and declined it because no impact is described.", "refused"),
        ("en", "Your objection will not be honoured.", "refused"),
        ("en", "Your objection will not be honoured until you confirm.", None),
        ("en", "Our decision stays the same: your objection is not being honored.", "refused"),
        ("en", "Your objection hasn't been accepted yet.", None),
        ("en", "We honored your objection on July 8, 2026, and it remains in place.", "accepted"),
        ("en", "We honored your objection on July 8, 2026, and withdrew it on July 9.", None),
        ("en", "We've received and reviewed your request about AI at Meta and will honour your objection.", "accepted"),
        ("it", "La tua richiesta verrà applicata d'ora in avanti alle informazioni che hai condiviso.", "accepted"),
        (
            "en",
            "Dear Ada, following your complaint we've reviewed your request and will honour your objection.",
            "accepted",
        ),
        ("fr", "Nous ne pouvons pas, pour les raisons ci-dessous, accepter votre opposition.", "refused"),
        ("fr", "Votre opposition ne sera pas retenue.", "refused"),
        ("de", "Wir haben deinen Widerspruch geprüft und können ihm nicht stattgeben.", "refused"),
        ("it", "Non possiamo accoglierla: la tua richiesta non verrà applicata d'ora in avanti.", "refused"),
        ("es", "Vamos a aceptar tu objeción. A partir de ahora no usaremos tu información.", "accepted"),
    ],
)
def test_what_a_sentence_says(locale: str, sentence: str, meaning: str | None, meta_labels: Labels) -> None:
    """An insertion is left out only where it neither hedges nor denies; a condition keeps every answer back."""
    reading = read_text(
        [Block(sentence, quoted=False, node=-1)], PageWords.of(meta_labels, locale), letter=letter_in(locale)
    )
    assert [said.meaning.value for said in reading.said] == ([meaning] if meaning else [])
    assert meaning is None or reading.unclear == ()


def test_a_signature_is_not_the_subject_of_a_letter(meta_labels: Labels) -> None:
    """The office "Privacy Operations" signs answers to every request: alone it ties none of them to AI."""
    words = PageWords.of(meta_labels, "en")
    thread = read_thread(letter("We will honour your objection.", "Privacy Operations"), words)
    assert thread.request is None
    assert answer_of(thread, Setting("support_inbox"), words).meanings == frozenset()


@pytest.mark.parametrize(
    ("foot", "tied"),
    [
        ("Learn how we train our AI models in the Privacy Center.", False),
        ("We use feedback to improve our AI.", False),
        ("Want to know how AI models learn? Visit the Help Centre.", False),
        ("Your public posts won't be used to train AI.", True),
        ("This message is about your objection to AI training.", True),
    ],
)
def test_a_foot_about_ai_is_not_the_subject_of_a_letter(foot: str, tied: bool, meta_labels: Labels) -> None:
    """Other forms are answered in the same words, and letters about anything tell how AI is made."""
    text = [Block(line, quoted=False, node=-1) for line in ("We will honour your objection.", foot)]
    reading = read_text(text, PageWords.of(meta_labels, "en"), letter=letter_in("en"))
    assert (reading.names_ai is not None) is tied


@pytest.mark.parametrize(
    ("locale", "lines", "concerns"),
    [
        ("en", ("Your copy of your information is ready.", "Privacy Operations"), False),
        ("fr", ("Nous avons traité votre demande de suppression.", "Privacy Operations"), False),
        ("en", ("Your copy of your information is ready.", "About your objection: we're looking into it."), True),
        ("en", ("We will honour your objection.", "You can download your information.", "Privacy Operations"), True),
        ("en", ("Your request was completed.", "Privacy Operations"), True),
        ("pl", ("Kopia jest gotowa.", "ads", "Privacy Operations"), True),
    ],
)
def test_a_letter_about_another_matter_is_no_answer(
    locale: str, lines: tuple[str, ...], concerns: bool, meta_labels: Labels
) -> None:
    """Only where it names that matter and nothing but its signature speaks of objecting or of AI, in known words."""
    thread = read_thread(letter(*lines), PageWords.of(meta_labels, locale))
    assert thread.text.concerns is concerns


def test_a_person_who_objects_waits_for_an_answer(meta_labels: Labels) -> None:
    """What the user wrote keeps a letter about another matter from saying that nothing was filed."""
    turns = (
        *letter("I object to AI at Meta.", speaker=Speaker.PERSON),
        *letter("Your copy of your information is ready.", "Privacy Operations"),
    )
    assert read_thread(turns, PageWords.of(meta_labels, "en")).text.concerns
