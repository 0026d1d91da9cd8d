"""What a sentence does to an acceptance that stands beside it, in each language of the tables."""

from __future__ import annotations

import pytest

from automation.reading.bearing import bearing_in
from automation.reading.letter import letter_in
from automation.reading.narrowing import is_whole


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Please disregard this message."),
        ("en", "This decision was reversed on Monday."),
        ("en", "It only applies for the time being."),
        ("en", "We still need your signature before we can do this."),
        ("en", "Your public posts will continue to be used to train our models."),
        ("en", "Please send the form again."),
        ("en", "This was meant for another customer."),
        ("en", "The change could not be saved."),
        ("en", "This is not a final decision."),
        ("en", "If your reason is good enough, we will accept it."),
        ("es", "Esta decisión ha sido anulada."),
        ("es", "Tus publicaciones seguirán siendo utilizadas."),
        ("it", "Questa decisione è stata revocata."),
        ("fr", "Cette décision a été annulée."),
        ("de", "Diese Entscheidung wurde aufgehoben."),
    ],
)
def test_what_takes_it_back_bears_on_it(language: str, sentence: str) -> None:
    """Undone, refused, for a time, under a condition, not saved, somebody else's, or used all the same."""
    assert letter_in(language).bears(sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It does not change what has already been used."),
        ("en", "Accounts that are not in the same place need a form of their own."),
        ("en", "You can withdraw your objection at any time."),
        ("en", "Someone else may still post a photo of you."),
        ("en", "If you change your mind, you can tell us."),
        ("en", "You don't need to do anything else."),
        ("en", "The link will stop working after 30 days."),
        ("en", "Not every objection can be accepted."),
        ("en", "Phone support isn't available."),
        ("es", "Puedes retirar tu objeción cuando quieras."),
        ("es", "Otras personas pueden publicar fotos tuyas."),
        ("it", "Non devi fare altro."),
        ("fr", "Vous pouvez changer d'avis à tout moment."),
        ("de", "Du kannst es dir jederzeit anders überlegen."),
    ],
)
def test_what_is_about_something_else_does_not(language: str, sentence: str) -> None:
    """Other people, other accounts, what is past, and what the person may do."""
    assert not letter_in(language).bears(sentence)


def test_what_follows_an_acceptance_in_its_sentence_may_narrow_it() -> None:
    """A scope, a date and another account leave it whole; a condition and a part do not."""
    english = bearing_in("en")
    assert english is not None
    assert is_whole(english, "; your other account in the same place is included, too")
    assert is_whole(english, ", with effect from today")
    assert not is_whole(english, " as soon as you have sent your passport")
    assert not is_whole(english, ", but not for your photos")


def test_a_line_that_hands_over_says_whose_words_follow() -> None:
    """After "Our decision:" stands the decision; after "You were told this:" what somebody said."""
    letter = letter_in("en")
    assert letter.introduces_another("Earlier today you should have received a message with this text:")
    assert letter.introduces_another("This is the answer that she was given at that time:")
    assert not letter.introduces_another("Our decision:")
    assert not letter.introduces_another("We have looked at it, and our decision is this:")


def test_what_refers_to_the_decision_and_is_of_no_known_subject_is_told_apart() -> None:
    """Beside an acceptance it may say anything of it; what names another subject, or refers to nothing, may not."""
    letter = letter_in("en")
    assert letter.is_unplaced("That is meant for the shop alone, mind.")
    assert not letter.is_unplaced("This has nothing to do with your password.")
    assert not letter.is_unplaced("It does not concern what somebody else posts.")
    assert not letter.is_unplaced("The weather in Dublin was lovely this week.")
