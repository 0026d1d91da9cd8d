"""
What stands beside an answer and may take it back, in lines that look like a letter's frame: found by an attack.

Pages are outlines. None of these may give the answer that stands beside it; their harmless counterparts must leave it.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from automation.reading.inbox.items import ItemAnswer, latest_of
from automation.reading.inbox.names import is_written_as_a_name
from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, PENDING, REFUSED, day, message, said

ASKED = message(OWN, day(1), "I object.")


@pytest.mark.parametrize(
    ("line", "harmless"),
    [
        ("This inbox cannot accept incoming messages.", True),
        ("Please do not reply to this email.", True),
        ("If you reply to this message, your reply won't be read.", True),
        ("This account isn't covered.", False),
        ("This account isn't in the same Accounts Centre, so your objection doesn't apply to it.", False),
        ("This message does not constitute a decision.", False),
        ("Please don't answer this message until we have confirmed it.", False),
        ("Don't reply to this email: the decision follows.", False),
        ("This email was sent to the wrong account.", False),
        ("Your objection is complete once you've entered the code.", False),
        ("It starts once you confirm by email.", False),
        ("To finish, enter the code we sent to your email.", False),
        ("It covers photos only.", False),
        ("Data subject: Jean Dupont", False),
        ("You asked us to object on behalf of Jean Dupont.", False),
        ("Objection removed · 2 days ago", False),
        ("Opted in · 2 days ago", False),
        ("Status: Removed", False),
        ("How was your experience with us? You can rate it below.", True),
        ("Please don't send it again.", True),
        ("It does not delete anything.", True),
        ("This conversation has ended.", True),
        ("Replies are not allowed.", True),
    ],
)
def test_a_line_of_the_letter(meta_labels: Labels, line: str, harmless: bool) -> None:
    """What begins like "please do not reply" may say more; what is only that leaves the answer alone."""
    found = said(meta_labels, ASKED, message(OFFICE, day(2), ACCEPTED, line))
    assert (Meaning.ACCEPTED in found) == harmless


@pytest.mark.parametrize("line", ["Objection removed · 9 October 2026", "AI use allowed · 9 October 2026"])
def test_an_event_beneath_the_messages(meta_labels: Labels, line: str) -> None:
    """A line with a date is an author's only where it is written as a name is, and else it is read."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), ACCEPTED), el("li", line, role="listitem")) == set()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Jane de Vries · 3 May 2026", True),
        ("jane_doe · 3 May 2026", True),
        ("Trust & Safety · 3 May 2026", True),
        ("Objection removed · 3 May 2026", False),
        ("Valid until 3 May 2026", False),
    ],
)
def test_a_name_is_written_with_capitals_or_in_one_word(line: str, name: bool) -> None:
    """Whoever has a name that is written otherwise is nobody's author, and their words are read with those around."""
    rest = line.lower().replace("3 may 2026", "").strip(" ·")
    assert is_written_as_a_name(line, rest) == name


@pytest.mark.parametrize("line", ["AI at Meta · 3 May 2026", "Objection sent 3 May 2026", "Under review · 3 May 2026"])
def test_what_happened_to_a_case_is_no_author(line: str) -> None:
    """Such a line speaks of an objection, which the case of another matter does not."""
    assert Speakers("en", frozenset({"meta"}), frozenset()).mark(line) is None


@pytest.mark.parametrize(
    "text",
    [
        "We've received your objection, but our legitimate interest prevails.",
        "We have received your objection and see no reason to change how we use your information.",
        "We received your objection and it has been applied.",
        "We've received your objection and have stopped using your information for AI at Meta.",
        "We got your request to object, which isn't available in your country.",
    ],
)
def test_a_receipt_that_goes_on_with_an_outcome(meta_labels: Labels, text: str) -> None:
    """What follows "and", "but" or "which" may be the decision, in words that nobody knows."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), text)) <= {Meaning.REFUSED}


@pytest.mark.parametrize(
    ("first", "then", "never"),
    [
        (PENDING, "Your objection now applies.", Meaning.PENDING),
        (PENDING, "We've applied your objection.", Meaning.PENDING),
        (PENDING, "We've reviewed your request and made the change.", Meaning.PENDING),
        (PENDING, "We've reviewed your request and our legitimate interests prevail.", Meaning.PENDING),
        (REFUSED, "Your objection now applies.", Meaning.REFUSED),
        (REFUSED, "Your appeal was successful.", Meaning.REFUSED),
    ],
)
def test_what_a_later_message_brings_about(meta_labels: Labels, first: str, then: str, never: Meaning) -> None:
    """After an acknowledgement or a refusal it may be the decision that counts."""
    assert never not in said(meta_labels, ASKED, message(OFFICE, day(2), first), message(OFFICE, day(9), then))


@pytest.mark.parametrize(("then", "kept"), [("Done.", False), ("We've updated your account.", False), ("", True)])
def test_an_objection_that_its_holder_takes_back(meta_labels: Labels, then: str, kept: bool) -> None:
    """Where the service answers to that, nobody knows what it did; the person's words alone change nothing."""
    undo = message(OWN, day(8), "Please undo my objection, I withdraw it.")
    answers = [message(OFFICE, day(9), then)] if then else []
    found = said(meta_labels, ASKED, message(OFFICE, day(2), ACCEPTED), undo, *answers)
    assert (Meaning.ACCEPTED in found) == kept


def test_a_new_objection_after_a_refusal_is_pending() -> None:
    """The later case counts where the earlier one was refused; after an acceptance a further receipt changes nothing."""

    def answer(meaning: Meaning, month: int) -> ItemAnswer:
        return ItemAnswer((), (), datetime.fromisoformat(f"2026-{month:02}-01"), frozenset({meaning}))

    refused, accepted, later = answer(Meaning.REFUSED, 3), answer(Meaning.ACCEPTED, 3), answer(Meaning.PENDING, 10)
    assert latest_of([refused, later]) == [later]
    assert latest_of([accepted, later]) == [accepted]
    assert latest_of([refused, answer(Meaning.PENDING, 1)]) == [refused]


@pytest.mark.parametrize(
    ("lang", "line", "who"),
    [
        ("en", "Your request Ada Lovelace, 6 May 2026", Speaker.PERSON),
        ("es", "Tu solicitud Ada Lovelace, 6 de mayo de 2026", Speaker.PERSON),
        ("en", "Our reply Privacy Operations, 7 May 2026", Speaker.SERVICE),
        ("es", "Nuestra respuesta Privacy Operations, 7 de mayo de 2026", Speaker.SERVICE),
    ],
)
def test_a_head_names_its_author(lang: str, line: str, who: Speaker) -> None:
    """What a message is called, and the name of its author beside it, in one line."""
    speakers = Speakers(lang, frozenset({"meta", "privacy operations"}), frozenset({"ada lovelace"}))
    mark = speakers.mark(line)
    assert mark is not None
    assert mark.speaker is who


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Our decision is no longer valid.", Meaning.REFUSED),
        ("Our answer is no different from before.", Meaning.REFUSED),
        ("Your objection was submitted too late.", Meaning.PENDING),
        ("Your objection was submitted but isn't valid.", Meaning.PENDING),
    ],
)
def test_a_beginning_that_goes_on_otherwise(meta_labels: Labels, text: str, never: Meaning) -> None:
    """Words that only begin like an answer are none."""
    assert never not in said(meta_labels, ASKED, message(OFFICE, day(2), text))
