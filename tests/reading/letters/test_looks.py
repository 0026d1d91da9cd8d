"""A look is bound to what was shown: it holds wherever the same is shown, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from automation.core.looks import Says
from automation.core.signals import SignalName, Wording
from automation.reading import looks as reading
from automation.reading.looks import questions_of, refusal, says_of, warnings, with_looks
from automation.reading.threads.authors import Speaker
from automation.text.labels import Labels
from automation.text.language import language
from tests.reading.letters.builders import a_look, a_turn, an_item, an_observation, answers_in

LETTER = (
    "Hi {name},\n\nThank you for your message.\n\nFrom today your posts stay out of what our models learn from. "
    "You wrote to us on {date}.\n\nKind regards,\nPrivacy Operations"
)
UNKNOWN = {SignalName.REPLY_UNCLEAR.value, SignalName.REPLY_UNCLASSIFIED.value}


def letter(name: str = "Claire", date: str = "2 May 2026", *, more: str = "") -> str:
    """The same letter to somebody, with one sentence more."""
    return LETTER.format(name=name, date=date).replace(
        "Kind regards", f"{more}\n\nKind regards" if more else "Kind regards"
    )


def test_a_letter_in_unknown_words_is_asked_and_one_look_answers_it_for_everybody(meta_labels: Labels) -> None:
    """Names, days and case numbers differ between people; the answer does not."""
    claire = an_observation(an_item(letter(), labels=meta_labels, holder="Claire Dupont"), labels=meta_labels)
    assert answers_in(claire) <= UNKNOWN
    look = a_look(claire, Says.ACCEPTED, meta_labels)
    antoine = an_observation(
        an_item(letter("Antoine", "1 May 2026"), labels=meta_labels, holder="Antoine Roy"),
        labels=meta_labels,
        subject="a",
    )
    for seen in (claire, antoine):
        looked = with_looks(seen, [look], meta_labels)
        assert answers_in(looked) == {"reply.accepted"}
        said = next(signal for signal in looked.signals if signal.name is SignalName.REPLY_ACCEPTED)
        assert (said.wording, said.source) == (Wording.CONFIRMED, look.source)
        assert not questions_of(seen, meta_labels, [look])


@pytest.mark.parametrize(
    "more",
    [
        "The list you were put on has been retired.",
        "I pressed the button for your neighbour's case by accident.",
        "Ask again in a year.",
        "Status: withdrawn",
    ],
)
def test_one_sentence_more_asks_again_with_that_sentence_marked(more: str, meta_labels: Labels) -> None:
    """The person sees what is new against the letter that was looked at."""
    before = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    look = a_look(before, Says.ACCEPTED, meta_labels)
    after = an_observation(an_item(letter(more=more), labels=meta_labels), labels=meta_labels)
    assert answers_in(with_looks(after, [look], meta_labels)) <= UNKNOWN
    (question,) = questions_of(after, meta_labels, [look])
    assert [line.text for line in question.lines if line.new] == [more]


def test_what_came_later_or_stands_beside_asks_again(meta_labels: Labels) -> None:
    """A later message, a status, a title, one word changed."""
    before = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    look = a_look(before, Says.ACCEPTED, meta_labels)
    changed = [
        an_item(letter(), a_turn("That was a mistake.", day="2026-05-09"), labels=meta_labels),
        an_item(letter(), labels=meta_labels, beside=("Withdrawn",)),
        an_item(letter(), labels=meta_labels, named="Objection ended"),
        an_item(letter().replace("stay out of", "stay in"), labels=meta_labels),
        an_item(letter(date="2 May 2027"), labels=meta_labels),
    ]
    for item in changed:
        seen = an_observation(item, labels=meta_labels)
        assert answers_in(with_looks(seen, [look], meta_labels)) <= UNKNOWN, item


def test_a_case_shared_by_somebody_else_is_not_answered_by_a_look(meta_labels: Labels) -> None:
    """The same letter, greeting somebody who is not the account's holder."""
    before = an_observation(an_item(letter(), labels=meta_labels, holder="Claire Dupont"), labels=meta_labels)
    look = a_look(before, Says.ACCEPTED, meta_labels)
    other = an_observation(
        an_item(letter("Antoine"), labels=meta_labels, holder="Claire Dupont"), labels=meta_labels, subject="other"
    )
    assert answers_in(with_looks(other, [look], meta_labels)) <= UNKNOWN


def test_an_answer_to_the_persons_question_holds_for_that_account_only(meta_labels: Labels) -> None:
    """A bare "Yes" means what was asked, and what was asked is not kept."""
    turns = (
        a_turn("Thank you for your message.", day="2026-05-01"),
        a_turn("Did you take me out of it?", Speaker.PERSON, "2026-05-02"),
        a_turn("Yes, we did.", day="2026-05-03"),
    )
    claire = an_observation(an_item(*turns, labels=meta_labels), labels=meta_labels)
    look = a_look(claire, Says.ACCEPTED, meta_labels)
    assert look.subject == "claire"
    assert answers_in(with_looks(claire, [look], meta_labels)) == {"reply.accepted"}
    antoine = replace(claire, subject="antoine")
    assert answers_in(with_looks(antoine, [replace(look, subject="")], meta_labels)) <= UNKNOWN


def test_two_messages_that_were_looked_at_apart_are_known_together(meta_labels: Labels) -> None:
    """A receipt in one account, the decision in another: a third account may hold both."""
    receipt, decision = "We put your wish on our pile.", "Your posts stay out of it."
    first = an_observation(an_item(receipt, labels=meta_labels), labels=meta_labels)
    second = an_observation(an_item(decision, labels=meta_labels), labels=meta_labels)
    looks = [a_look(first, Says.PENDING, meta_labels), a_look(second, Says.ACCEPTED, meta_labels)]
    both = an_observation(
        an_item(a_turn(receipt, day="2026-05-01"), a_turn(decision), labels=meta_labels), labels=meta_labels
    )
    assert answers_in(with_looks(both, looks, meta_labels)) == {"reply.accepted"}
    turned = an_observation(
        an_item(a_turn(decision, day="2026-05-01"), a_turn(receipt), labels=meta_labels), labels=meta_labels
    )
    assert answers_in(with_looks(turned, looks, meta_labels)) == {"reply.pending"}


def test_two_people_who_disagree_settle_nothing_and_one_may_correct_themselves(meta_labels: Labels) -> None:
    """None overwrites another's; one's own newest counts."""
    seen = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    first = a_look(seen, Says.ACCEPTED, meta_labels)
    later = {"at": first.at + timedelta(days=1)}
    other = replace(first, says=Says.REFUSED, by="Paul", **later)
    own = replace(first, says=Says.REFUSED, **later)
    assert answers_in(with_looks(seen, [first, other], meta_labels)) <= UNKNOWN
    assert answers_in(with_looks(seen, [first, own], meta_labels)) == {"reply.refused"}


@pytest.mark.parametrize(
    ("says", "signal"),
    [
        (Says.REFUSED, "reply.refused"),
        (Says.PENDING, "reply.pending"),
        (Says.MORE_INFORMATION, "reply.more_information"),
        (Says.PARTLY, "reply.partly"),
        (Says.TAKEN_BACK, "reply.taken_back"),
    ],
)
def test_each_meaning_is_a_signal_of_its_own(says: Says, signal: str, meta_labels: Labels) -> None:
    """Granted in part is neither accepted nor refused."""
    seen = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    assert answers_in(with_looks(seen, [a_look(seen, says, meta_labels)], meta_labels)) == {signal}


def test_not_about_this_lets_a_whole_inbox_say_that_nothing_was_answered(meta_labels: Labels) -> None:
    """Only where every message was read; else the answer may stand in another one."""
    seen = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    look = a_look(seen, Says.NOTHING, meta_labels)
    assert SignalName.INBOX_NOTHING in with_looks(seen, [look], meta_labels).names()
    partly = replace(seen, signals=tuple(s for s in seen.signals if s.name is not SignalName.INBOX_WHOLE))
    assert SignalName.INBOX_NOTHING not in with_looks(partly, [look], meta_labels).names()


def test_a_look_cannot_say_the_opposite_of_a_sourced_sentence_beside_it(meta_labels: Labels) -> None:
    """In the same message; what the page says in known words is told to the person. Every refusal has its French."""
    text = "We will not honour your objection.\n\nIt was a close call."
    seen = an_observation(an_item(text, labels=meta_labels), labels=meta_labels)
    (question,) = questions_of(seen, meta_labels)
    why = refusal(a_look(seen, Says.ACCEPTED, meta_labels), meta_labels, question)
    assert "opposite" in why
    told = [why, *(text for name, text in vars(reading).items() if name.isupper() and isinstance(text, str))]
    assert [text for text in told if language("fr").said(text) == text] == []
    assert not refusal(a_look(seen, Says.REFUSED, meta_labels), meta_labels, question)
    assert warnings(question, Says.PENDING, meta_labels) == ("We will not honour your objection.",)


def test_what_cannot_be_told_and_what_was_not_pictured_settles_nothing(meta_labels: Labels) -> None:
    """A person who cannot tell leaves it open; without a picture nothing was looked at."""
    seen = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    assert answers_in(with_looks(seen, [a_look(seen, Says.UNSURE, meta_labels)], meta_labels)) <= UNKNOWN
    (question,) = questions_of(seen, meta_labels)
    look = a_look(seen, Says.ACCEPTED, meta_labels)
    assert refusal(look, meta_labels, replace(question, picture=None))


def test_what_cannot_be_said_of_a_kind_of_thing_is_neither_taken_nor_counts(meta_labels: Labels) -> None:
    """As it may stand in a file by others: a letter is neither on nor off."""
    seen = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    look = a_look(seen, Says.ON, meta_labels)
    assert refusal(replace(look, imported=True))
    assert with_looks(seen, [look], meta_labels) == seen


def test_sentences_that_were_confirmed_by_an_earlier_version_go_on_counting(meta_labels: Labels) -> None:
    """With what stood beside them, in any order, and nothing else."""
    seen = an_observation(an_item(letter(), labels=meta_labels), labels=meta_labels)
    look = a_look(seen, Says.ACCEPTED, meta_labels)
    lines = tuple(line for group in look.lines for line in group)
    old = replace(look, lines=(tuple(reversed(lines)),), sentence=lines[0])
    assert answers_in(with_looks(seen, [old], meta_labels)) == {"reply.accepted"}
    more = an_observation(an_item(letter(more="Ask again."), labels=meta_labels), labels=meta_labels)
    assert says_of(more.replies[0], [old], meta_labels, "claire") is None


def test_equal_letters_are_one_question(meta_labels: Labels) -> None:
    """Whatever the particulars."""
    keys = {
        questions_of(
            an_observation(an_item(letter(name, day), labels=meta_labels, holder=name), labels=meta_labels), meta_labels
        )[0].key
        for name, day in (("Claire", "2 May 2026"), ("Antoine", "30 April 2026"))
    }
    assert len(keys) == 1


def test_nothing_of_the_persons_own_words_is_kept(meta_labels: Labels) -> None:
    """Neither their turns nor what the service quotes of them."""
    turns = (a_turn("My child is ill, so I object.", Speaker.PERSON, "2026-05-01"), a_turn(letter()))
    seen = an_observation(an_item(*turns, labels=meta_labels, holder="Claire Dupont"), labels=meta_labels)
    kept = str(seen.replies) + str(questions_of(seen, meta_labels))
    assert "child" not in kept
    assert "Claire" not in kept


@pytest.mark.parametrize(
    ("more", "beside", "holder"), [("", ("Dear Rosa,",), "Claire Martin"), ("\n\nDear Rosa,", (), "")]
)
def test_who_is_greeted_beside_or_behind_an_answer_keeps_it_back(
    more: str, beside: tuple[str, ...], holder: str, meta_labels: Labels
) -> None:
    """Beside the letter somebody else; behind what it says anybody, even where nobody knows the holder's name."""
    text = "We've reviewed your request and will honor your objection."
    plain = an_observation(an_item(text, labels=meta_labels, holder=holder), labels=meta_labels)
    greeted = an_item(text + more, labels=meta_labels, beside=beside, holder=holder)
    assert answers_in(plain) == {"reply.accepted"}
    assert answers_in(an_observation(greeted, labels=meta_labels)) <= UNKNOWN


@pytest.mark.parametrize(
    ("greeting", "believed"),
    [
        *((f"{hello},", True) for hello in ("Hi Claire", "Hi CLAIRE", "Hi Claire Dupont", "Hallo Frau Dupont")),
        *((f"{hello},", False) for hello in ("Dear Claire Martin", "Hi Martin Dupont", "Dear Mr Dupont", "Hi Rosa")),
    ],
)
def test_a_name_in_common_is_not_the_holders_name(greeting: str, believed: bool, meta_labels: Labels) -> None:
    """Nor is a relative the holder; one look settles who is meant."""
    text = f"{greeting}\n\nWe've reviewed your request and will honor your objection."
    seen = an_observation(an_item(text, labels=meta_labels, holder="Claire Dupont"), labels=meta_labels)
    assert (answers_in(seen) == {"reply.accepted"}) is believed
    if not believed:
        assert answers_in(seen) <= UNKNOWN
        look = a_look(seen, Says.ACCEPTED, meta_labels)
        assert answers_in(with_looks(seen, [look], meta_labels)) == {"reply.accepted"}


def test_a_look_for_one_account_ends_where_somebody_else_is_greeted(meta_labels: Labels) -> None:
    """Though greetings are no part of what it is bound to."""
    own, other = (
        an_observation(
            an_item(f"{greeting}\n\nDone as you wished. It begins on 3 May 2036.", labels=meta_labels, holder="Claire"),
            labels=meta_labels,
        )
        for greeting in ("Hi Claire,", "Hi Rosa,")
    )
    look = replace(a_look(own, Says.ACCEPTED, meta_labels), subject="claire")
    assert answers_in(with_looks(own, [look], meta_labels)) == {"reply.accepted"}
    assert answers_in(with_looks(other, [look], meta_labels)) <= UNKNOWN
    (question,) = questions_of(other, meta_labels, [look])
    assert [line.text for line in question.lines if line.new] == ["Hi Rosa,"]
