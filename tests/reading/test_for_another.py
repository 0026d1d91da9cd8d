"""For whom an answer is: the holder's own counts, somebody else's says nothing, and between them nobody is sure."""

from __future__ import annotations

import pytest

from automation.reading.inbox.items import Item, ItemAnswer, judge_item
from automation.reading.inbox.speakers import Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import el, page
from tests.reading.test_fooled import OFFICE, OWN, TITLES, day, message

HELLO = "Hi Leander,"
ACCEPTED = "We've reviewed your request and will honour your objection"
NOT_YOURS = "It doesn't apply to your own account."
ASKED = (
    "I'm writing for my mother, Rosa Fitzhugh. She objects to the use of her posts for AI.",
    "My father Anton cannot write himself. He doesn't want his photos in your AI.",
    "I object on behalf of my mother. Her account is facebook.com/rosa.1951.",
    "",
)
ANOTHERS = [
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh.", "This inbox cannot accept incoming messages."),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh, for the account facebook.com/rosa.1951.", NOT_YOURS),
    (f"{ACCEPTED} on behalf of your mother.", "Your request will be applied going forward."),
    (f"{ACCEPTED} on behalf of your late father, Anton Fitzhugh.", "We're sorry for your loss."),
    (f"{ACCEPTED} for your mother's account.", "Your own account is not affected."),
    (f"{ACCEPTED} for the account facebook.com/rosa.1951.", NOT_YOURS),
    (f"{ACCEPTED} for the account @rosa_1951.", "Nothing changes for your own account.", "Thanks for the document."),
    ("Your objection on behalf of Rosa Fitzhugh has been accepted.", "You have not objected for yourself."),
    ("We have declined your objection on behalf of Rosa Meier.", "Your own account is not covered by this."),
    ("We've received your objection on behalf of your mother and we're reviewing it.", NOT_YOURS),
    (f"{ACCEPTED} on behalf of Mrs Rosa Meier.", "If you'd like to object for yourself, please use the form."),
    ("We need more information about your objection on behalf of Rosa Meier.",),
    (f"{ACCEPTED} for Rosa Meier's account.", f"{NOT_YOURS[:-1]}, which isn't in the same Accounts Centre."),
]
MAY_BE_THEIRS = [
    (f"{ACCEPTED} on behalf of Leander Fitzhugh.",),
    (f"{ACCEPTED} on behalf of L. Fitzhugh.",),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh and for your own account.",),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh, and yours too.",),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh and will apply it for you.",),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh.", "It will also be honoured for accounts in the same Accounts Centre."),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh.", "Your own objection was accepted in May."),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh.", "The same goes for you, Leander: we honour your objection."),
    (f"{ACCEPTED} on behalf of Rosa Fitzhugh.", "Your account is covered as well."),
    (f"{ACCEPTED} for the account facebook.com/rosa.1951.",),
    (f"{ACCEPTED} for the account facebook.com/leander.fitzhugh.", NOT_YOURS),
    (f"{ACCEPTED} for the account facebook.com/rosa.1951.", "It doesn't apply to your other account."),
    (f"{ACCEPTED} for the account facebook.com/rosa.1951.", "It doesn't apply to your own account yet."),
    (f"{ACCEPTED} for Rosa Meier's account.",),
    (f"{ACCEPTED}.", "Account: Rosa Meier"),
    (f"{ACCEPTED}.", "Account holder: Rosa Fitzhugh"),
    ("We've reviewed your request and won't honour your objection for the account facebook.com/rosa.meier.",),
]
THEIRS = [
    (f"{ACCEPTED} for your account.",),
    (f"{ACCEPTED} for your own account.",),
    (f"{ACCEPTED} for your account, Leander Fitzhugh.",),
    (f"{ACCEPTED} from this account.",),
    (f"{ACCEPTED}.", "Account: Leander Fitzhugh"),
    (f"{ACCEPTED}.", "Account: L. Fitzhugh"),
    (f"{ACCEPTED}.", "Account: Facebook Profile"),
    (f"{ACCEPTED}.", "Account: Personal Account"),
    (f"{ACCEPTED}.", "Account: facebook.com/leander.fitzhugh"),
    (f"{ACCEPTED}.", "Written on behalf of Meta Platforms Ireland Limited"),
]


def read(meta_labels: Labels, asked: str, *texts: str, holder: str = OWN) -> tuple[bool, ItemAnswer]:
    """Whether a thread concerns its reader, and what it proves."""
    words = PageWords.of(meta_labels, "en")
    speakers = Speakers("en", frozenset({"meta", "facebook", "privacy operations"}), frozenset({holder.lower()}))
    messages = [message(OWN, day(1), asked)] if asked else []
    view = page(el("main", el("h1", TITLES["en"]), el("ul", *messages, message(OFFICE, day(2), *texts))))
    turns = turns_of(view, view.blocks(), speakers)
    thread = read_thread(turns, words, holder=speakers.holder)
    item = Item("inbox", thread, view, turns=turns, holder=speakers.holder)
    return thread.text.concerns, judge_item(item, words)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("texts", ANOTHERS)
def test_what_is_answered_for_somebody_else(meta_labels: Labels, asked: str, texts: tuple[str, ...]) -> None:
    """It is no answer to the holder, whatever it decides."""
    assert read(meta_labels, asked, HELLO, *texts) == (False, ItemAnswer())


@pytest.mark.parametrize("texts", MAY_BE_THEIRS)
def test_what_may_be_the_holders_as_well(meta_labels: Labels, texts: tuple[str, ...]) -> None:
    """Nothing is concluded, neither an answer nor that there is none."""
    concerns, answer = read(meta_labels, ASKED[0], HELLO, *texts)
    assert concerns
    assert not answer.meanings
    assert answer.signals


@pytest.mark.parametrize("texts", THEIRS)
def test_an_answer_that_names_the_holders_own_account(meta_labels: Labels, texts: tuple[str, ...]) -> None:
    """It counts."""
    assert read(meta_labels, "I object.", HELLO, *texts)[1].meanings == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "asked",
    [
        "I object, and so does my mother Rosa.",
        "My mother and I both object to AI.",
        "Please do it for my mother's account and for mine.",
        "My mother Rosa objects. So do I: keep my posts out of your AI.",
        "Rosa is my mother. I object too.",
    ],
)
def test_a_person_who_asks_for_themselves_as_well(meta_labels: Labels, asked: str) -> None:
    """Half of it is unanswered, and nobody may say that there is no objection."""
    assert read(meta_labels, asked, HELLO, *ANOTHERS[0])[0]


@pytest.mark.parametrize(
    ("hello", "holder"), [("Hi Leander,", "Rosa Fitzhugh"), ("Hi there,", OWN), ("Hi Leander,", "")]
)
def test_a_letter_that_does_not_greet_the_holder(meta_labels: Labels, hello: str, holder: str) -> None:
    """It may stand in the inbox of the very person for whom it answers."""
    assert read(meta_labels, "", hello, *ANOTHERS[1], holder=holder)[0]
