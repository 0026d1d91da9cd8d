"""
Threads that a hasty reader takes for an answer: found by attacking the reader, each with the answer that it gave.

Pages are outlines. A reader who is not sure says nothing; none of these may give the answer that stands beside it.
"""

from __future__ import annotations

import pytest

from automation.reading.inbox.items import Item, judge_item
from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

OWN, OFFICE = "Leander Fitzhugh", "Privacy Operations"
TITLES = {
    "en": "Object to your information being used for AI at Meta",
    "fr": "Opposition à l'utilisation de vos informations pour l'IA de Meta",
    "de": "Widerspruch gegen die Nutzung deiner Informationen für KI bei Meta",
}
ACCEPTED = "We've reviewed your request and will honor your objection."
REFUSED = "We've reviewed your request and won't honor your objection."
PENDING = "We've received your objection and we're reviewing it."
RECEIPT = "We've received your request and we're reviewing it."


def day(number: int) -> str:
    """A day of one month."""
    return f"{number} October 2026 at 9:00"


def message(author: str, at: str | Part, *texts: str) -> Part:
    """A message with its author and date above it."""
    return el("li", el("div", author), el("div", at), *(el("p", text) for text in texts), role="listitem")


def said(meta_labels: Labels, *messages: Part, locale: str = "en", title: str = "") -> set[Meaning]:
    """What a thread says for certain."""
    words = PageWords.of(meta_labels, locale)
    speakers = Speakers(
        locale, frozenset({"meta", "facebook", "instagram", "privacy operations"}), frozenset({OWN.lower()})
    )
    view = page(el("main", el("h1", title or TITLES[locale]), el("ul", *messages)))
    turns = turns_of(view, view.blocks(), speakers)
    item = Item("inbox", read_thread(turns, words), view, turns=turns, holder=speakers.holder)
    return set(judge_item(item, words).meanings)


@pytest.mark.parametrize(
    ("first", "then", "never"),
    [
        (ACCEPTED, "Your request to object has been declined after a second review.", Meaning.ACCEPTED),
        (ACCEPTED, "Your request to object was honored by mistake.", Meaning.ACCEPTED),
        (PENDING, "Your request to object will be honored.", Meaning.PENDING),
        (REFUSED, "Your request to object will be honored.", Meaning.REFUSED),
        (PENDING, "It has no merit.", Meaning.ACCEPTED),
    ],
)
def test_a_sentence_of_the_service_is_no_authors_line(
    meta_labels: Labels, first: str, then: str, never: Meaning
) -> None:
    """Words between "your request" and "to" make nobody's name."""
    thread = [message(OWN, day(1), "I object."), message(OFFICE, day(2), first), message(OFFICE, day(9), then)]
    assert never not in said(meta_labels, *thread)


@pytest.mark.parametrize(
    "line", ["Meta to my sister.", "Meta to me is a thief.", "Meta to stop this.", "Facebook to my mind has no right."]
)
def test_a_line_of_the_person_hands_over_to_nobody(meta_labels: Labels, line: str) -> None:
    """What the person copies beneath such a line stays the person's."""
    assert Meaning.ACCEPTED not in said(
        meta_labels, message(OFFICE, day(2), PENDING), message(OWN, day(9), line, ACCEPTED)
    )  # fmt: skip


@pytest.mark.parametrize(
    "author", ["Ana Pop", "Ana Pop (admin)", "Ana Pop (employee)", f"{OWN} (admin)", "Ana Pop, legal"]
)
def test_a_stranger_with_an_office_is_not_the_service(meta_labels: Labels, author: str) -> None:
    """Offices that anybody may have; and a name that nobody knows begins a message of its own."""
    assert Meaning.ACCEPTED not in said(
        meta_labels, message(OFFICE, day(2), PENDING), message(author, day(9), ACCEPTED)
    )


@pytest.mark.parametrize(
    ("locale", "text", "never"),
    [
        (
            "fr",
            "Nous n'avons pas pu donner suite à votre opposition : il manque votre adresse e-mail.",
            Meaning.REFUSED,
        ),
        ("fr", "Nous ne pouvons pas valider votre opposition sans votre adresse e-mail.", Meaning.REFUSED),
        ("fr", "Votre opposition n'a pas pu être validée automatiquement. Un collègue l'examine.", Meaning.REFUSED),
        ("fr", "Votre opposition n'a été validée que ce matin.", Meaning.REFUSED),
        ("fr", "Nous refusons votre demande de copie. Votre opposition, elle, est acceptée.", Meaning.REFUSED),
        ("fr", "Nous avons bien reçu votre opposition et nous la respecterons.", Meaning.PENDING),
        ("fr", "Nous accusons réception de votre opposition. Elle prend effet immédiatement.", Meaning.PENDING),
        ("fr", "Nous respecterons votre opposition. Il faut savoir que cela prend du temps.", Meaning.MORE_INFORMATION),
        ("de", "Wir können deinen Widerspruch nicht anwenden, bevor du deine Adresse bestätigt hast.", Meaning.REFUSED),
        ("de", "Es bleibt bei der Ablehnung deines Antrags auf eine Kopie.", Meaning.REFUSED),
        ("de", "Wir haben deinen Widerspruch erhalten und werden ihn berücksichtigen.", Meaning.PENDING),
        ("de", "Wir haben deinen Widerspruch erhalten. Er ist unbegründet.", Meaning.PENDING),
        ("de", "Wir haben deinen Widerspruch erhalten. Wir nehmen ihn an.", Meaning.PENDING),
        ("fr", "Comme vous l'écrivez, votre opposition a été rejetée en juin. Nous la réexaminons.", Meaning.REFUSED),
        ("en", "We've received your objection. It takes effect today.", Meaning.PENDING),
        ("en", "We've received your objection and we'll respect it.", Meaning.PENDING),
    ],
)
def test_half_a_letter_decides_nothing(meta_labels: Labels, locale: str, text: str, never: Meaning) -> None:
    """A condition, another request, a word of delay, or a decision in words that nobody knows."""
    days = {"en": day(2), "fr": "2 octobre 2026 à 09:00", "de": "2. Oktober 2026 um 09:00"}
    assert never not in said(meta_labels, message(OFFICE, days[locale], text), locale=locale)


@pytest.mark.parametrize(
    ("first", "then"), [("2 October 2025 at 9:00", "9 January at 9:00"), ("20 December at 9:00", "9 January at 9:00")]
)
def test_dates_with_and_without_a_year_are_not_put_in_order(meta_labels: Labels, first: str, then: str) -> None:
    """Pages leave out the present year; which of the two is later, nobody can tell."""
    assert not said(meta_labels, message(OFFICE, first, ACCEPTED), message(OFFICE, then, REFUSED))
    assert not said(meta_labels, message(OFFICE, first, REFUSED), message(OFFICE, then, ACCEPTED))


@pytest.mark.parametrize("before", ["Reply possible until ", "Edited "])
def test_a_moment_of_something_else_is_not_when_it_was_sent(meta_labels: Labels, before: str) -> None:
    """Of two answers the one with the later deadline is not the later one."""
    late = el("div", before, el("time", "recently", datetime="2026-11-30T10:00:00Z"))
    early = el("div", "Sent ", el("time", "recently", datetime="2026-10-20T10:00:00Z"))
    assert not said(meta_labels, message(OFFICE, late, ACCEPTED), message(OFFICE, early, REFUSED))


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Hacked account", "I object to your plans to feed my photos to your chatbot."),
        ("Hacked account", "My account was hacked. I also object to your machine learning."),
        ("Post removed", "I object to the removal. And I object to you training models on my posts."),
        ("Comment removed", "I object to this decision. I also object to you learning from my posts."),
    ],
)
def test_a_title_of_another_matter_hides_no_objection(meta_labels: Labels, title: str, asked: str) -> None:
    """People file two things at once, and call AI by other names."""
    words = PageWords.of(meta_labels, "en")
    speakers = Speakers("en", frozenset({"meta"}), frozenset({OWN.lower()}))
    view = page(el("main", el("h1", title), el("ul", message(OWN, day(1), asked), message("Meta", day(2), PENDING))))
    assert read_thread(turns_of(view, view.blocks(), speakers), words).text.concerns


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("Maeve (Meta Support)", True),
        (f"{OWN} (Meta Support)", False),
        ("Ana Pop (Meta)", False),
        ("Dalia, Privacy Operations Meta", True),
        ("Hello, Meta", False),
        ("Hello, Meta Support", False),
        ("Stop it, Meta Support", False),
    ],
)
def test_who_works_for_the_service_is_named_with_its_office(line: str, service: bool) -> None:
    """In brackets, with the service's name and a word for an office; not where it is spoken to."""
    mark = Speakers("en", frozenset({"meta"}), frozenset({OWN.lower()})).mark(line)
    assert (mark is not None and mark.speaker is Speaker.SERVICE) is service


@pytest.mark.parametrize("title", ["Your report", "Access request", "Restricted account", "Password"])
@pytest.mark.parametrize(
    "own",
    [
        "Do not feed my pictures to your machines.",
        "I refuse the use of my posts for your new assistant.",
        "Leave my photos out of it.",
        "I withdraw my consent for your bots.",
    ],
)
def test_who_objects_in_other_words_under_another_title_is_not_passed_over(
    meta_labels: Labels, title: str, own: str
) -> None:
    """Passed over, the thread would leave an inbox in which nothing was filed."""
    words = PageWords.of(meta_labels, "en")
    speakers = Speakers("en", frozenset({"meta", "privacy operations"}), frozenset({OWN.lower()}))
    view = page(el("main", el("h1", title), el("ul", message(OWN, day(1), own), message(OFFICE, day(2), RECEIPT))))
    assert read_thread(turns_of(view, view.blocks(), speakers), words).text.concerns
