"""The parts of a service's letter, and whose words a line announces."""

from __future__ import annotations

import pytest

from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.letter import letter_in

SIDES = Speakers("en-US", frozenset({"acme", "privacy desk"}), frozenset({"ada lovelace"}))


@pytest.mark.parametrize(
    ("locale", "sentence", "part"),
    [
        ("en", "Hi Ada,", "greeting"),
        ("en", "Please do not reply to this message.", "do_not_reply"),
        ("en", "If you have any other questions, visit the Help Centre.", "next"),
        ("en", "We may still process information about you that others share.", "caveat"),
        ("en", "Was this helpful?", "survey"),
        ("fr", "Si vous changez d'avis, vous pouvez revenir.", "next"),
        ("de", "Bitte beachte, dass andere weiterhin Fotos teilen können.", "caveat"),
        ("en", "Your neighbour is not covered.", None),
        ("en", "We have withdrawn our decision.", None),
        ("en", "We've reviewed your request and will not honour it.", None),
    ],
)
def test_a_sentence_belongs_to_a_part_or_to_none(locale: str, sentence: str, part: str | None) -> None:
    """What decides or undoes something is never part of the frame."""
    assert letter_in(locale).part(sentence) == part


@pytest.mark.parametrize(
    "sentence",
    [
        "We have withdrawn our decision.",
        "Your objection will lapse in 30 days.",
        "Our earlier message was sent in error.",
        "Please disregard our last reply.",
    ],
)
def test_what_takes_something_back_is_noticed_wherever_it_stands(sentence: str) -> None:
    """An acceptance must not survive the sentence that undoes it."""
    assert letter_in("en").undoes(sentence)


@pytest.mark.parametrize(
    ("sentence", "unplaced"),
    [
        ("We have carefully read what you wrote about how your information is used for AI at Meta.", False),
        ("We'll keep a record of your objection.", False),
        ("Your objection was received on 3 June 2026.", False),
        ("We will no longer use your public information for this purpose.", False),
        ("From now on, we'll leave out your public posts and comments when we train our models.", False),
        ("We won't use your photos.", True),
        ("We will leave out your photos.", True),
        ("We won't use your photos for this purpose.", True),
        ("Your public information will be used to train AI.", True),
        ("It won't be used to train AI going forward.", False),
        ("It won't be used to train AI until you confirm your identity.", True),
        ("After that, your request will be applied going forward.", False),
        ("After that, your request will be applied to your photos.", True),
    ],
)
def test_what_stands_beside_an_acceptance_is_of_a_known_subject_or_not(sentence: str, unplaced: bool) -> None:
    """That all of it is no longer used for AI leaves an acceptance whole; a part of it may be all that was meant."""
    assert letter_in("en").is_unplaced(sentence) is unplaced


@pytest.mark.parametrize(
    ("locale", "sentence", "elsewhere"),
    [
        ("en", "If you have the rights, you can object to this decision with the rights holder.", True),
        ("en", "Your objection to the removal of your post", True),
        ("de", "Einspruch gegen die Einschränkung deiner Seite", True),
        ("fr", "Votre opposition à la suppression de votre publication", True),
        ("en", "Your objection to the use of your photos", False),
        ("en", "Object to your information being used for AI at Meta", False),
        ("de", "Widerspruch gegen die Verwendung deiner Daten", False),
        ("en", "Your objection to the legitimate interests of Meta", False),
        ("en", "Your objection to our decision", False),
        ("en", "I object to this.", False),
    ],
)
def test_an_objection_to_a_ban_is_none_to_a_use_of_information(locale: str, sentence: str, elsewhere: bool) -> None:
    """What is objected to stands behind the word; where nothing does, it may be anything."""
    assert letter_in(locale).objects_elsewhere(sentence) is elsewhere


def test_a_main_clause_is_found_after_a_subordinate_one_and_never_after_a_condition() -> None:
    """What follows "After …," is said; what follows "If …," is not."""
    letter = letter_in("en")
    starts = letter.decisions_may_start
    assert "we will honour your objection." in starts("After a review, we will honour your objection.")
    assert starts("If you confirm it, we will honour your objection.") == []
    assert starts("Yesterday we told you this, and we will honour your objection.") == []
    assert starts("For your friend's account, we will honour the objection.") == []


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Ada Lovelace (2 June 2025)", Speaker.PERSON),
        ("Grace Hopper (2 June 2025)", Speaker.UNKNOWN),
        ("Grace (support)", Speaker.SERVICE),
        ("Our reply", Speaker.SERVICE),
        ("You", Speaker.PERSON),
        ("Your message", Speaker.PERSON),
        ("Acme Support · June 3, 2025", Speaker.SERVICE),
        ("On June 3, 2025 at 10:12 AM, Acme Privacy Desk wrote:", Speaker.SERVICE),
        ("On Tue, Jun 3, 2025 at 10:12 AM Ada Lovelace <ada@example.org> wrote:", Speaker.PERSON),
        ("Ada L.", Speaker.PERSON),
        ("Priya (support)", Speaker.SERVICE),
        ("Agent (Marta)", Speaker.SERVICE),
        ("Reason for objection:", Speaker.PERSON),
        ("Jane · 3 June 2025", Speaker.UNKNOWN),
    ],
)
def test_a_line_says_who_speaks(line: str, speaker: Speaker) -> None:
    """Pronouns, names, offices, attributions of mail and labels of fields are told apart."""
    mark = SIDES.mark(line)
    assert mark is not None
    assert mark.speaker is speaker


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("es", "Fecha: 14 de septiembre de 2026, 10:02"),
        ("de", "Gesendet: 14. September 2026 um 10:02 Uhr"),
        ("it", "Data: 14/9/2026"),
        ("fr", "Envoyé le : lundi 14 septembre 2026"),
        ("en", "Created 14 September 2026"),
    ],
)
def test_the_word_before_a_date_is_nobodys_name(locale: str, line: str) -> None:
    """It would take the message from the author named above it."""
    mark = Speakers(locale, SIDES.service, SIDES.holder).mark(line)
    assert mark is None or mark.speaker is not Speaker.UNKNOWN


@pytest.mark.parametrize(
    "line", ["Your objection", "Acme AI", "Opened 3 June 2025", "June 3, 2025", "I object to that."]
)
def test_titles_dates_and_sentences_say_nothing_about_the_speaker(line: str) -> None:
    """A title that names the objection must not make the reply beneath it the user's own."""
    assert SIDES.mark(line) is None
