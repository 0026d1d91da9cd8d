"""
What a page shows around the messages, and heads that pages write in one line.

Links to articles, the way to a page, its foot; a chat whose agents have names; a name with what it is called. Written
after pages by people who saw the facts only; each has a twin that says something of the answer and must be heard.
"""

from __future__ import annotations

import pytest

from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_after_an_answer import ASKED
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, RECEIPT, REFUSED, TITLES, day, message, said
from tests.reading.test_transcripts import HONOURED, lines
from tests.reading.test_transcripts import said as told

ANSWERED = message(OFFICE, day(2), ACCEPTED)


def articles(*titles: str) -> Part:
    """A list of links to read on with, as it stands beneath a message."""
    return el("ul", *(el("li", el("a", title, href="/help/1", role="link"), role="listitem") for title in titles))


@pytest.mark.parametrize(
    ("titles", "whole"),
    [
        (("Your right to object", "Object to your information being used for AI at Meta"), True),
        (("Your objection was withdrawn", "Your right to object"), False),
        (("We can't honor your objection", "Your right to object"), False),
        (("Back under review", "Your right to object"), False),
    ],
)
def test_titles_of_articles_are_no_words_of_an_answer(
    meta_labels: Labels, titles: tuple[str, ...], whole: bool
) -> None:
    """Where a list holds nothing but links, and none of them tells a decision."""
    assert (said(meta_labels, ASKED, ANSWERED, articles(*titles)) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize("head", ["Related articles", "See also", "Articles connexes"])
@pytest.mark.parametrize("title", ["We will honor your objection: what that means", "Your objection was withdrawn"])
def test_what_a_page_hands_over_to_is_said_of_no_case(meta_labels: Labels, head: str, title: str) -> None:
    """Beneath a title for it, whatever the links there are called; any other line there is none of them."""
    links = el("div", el("a", title, href="/help/1", role="link"), el("a", "Your right to object", href="/help/2"))
    assert said(meta_labels, ASKED, message(OFFICE, day(2), RECEIPT), el("div", head), links) == {Meaning.PENDING}
    assert said(meta_labels, ASKED, ANSWERED, el("div", head), links) == {Meaning.ACCEPTED}
    assert said(meta_labels, ASKED, ANSWERED, el("div", head), el("p", "This objection was withdrawn.")) == set()
    dated = el("div", el("a", "Your objection was withdrawn on 3 May", href="/support/9", role="link"))
    assert said(meta_labels, ASKED, ANSWERED, el("div", head), dated) == set()


def test_a_decision_that_is_all_a_link_is_what_another_page_is_called(meta_labels: Labels) -> None:
    """Nobody says it here, and nobody can say that it is not of this case."""
    link = el("div", el("a", "We will honor your objection.", href="/support/9", role="link"))
    assert said(meta_labels, ASKED, message(OFFICE, day(2), RECEIPT), link) == set()


@pytest.mark.parametrize(
    "line",
    [
        "Outcome recalled 4 October",
        "This letter was replaced",
        "The answer has since been superseded",
        "This decision is no longer current",
    ],
)
def test_a_letter_that_was_replaced_counts_no_more(meta_labels: Labels, line: str) -> None:
    """Wherever its page says so; that it replaces another one leaves it whole."""
    assert said(meta_labels, el("p", line), ASKED, ANSWERED) == set()
    assert said(meta_labels, el("p", "This letter replaces ours of 1 May."), ASKED, ANSWERED) <= {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    ("point", "whole"), [("Oct 4 · Back in review", False), ("Oct 4 · Reopened", False), ("Oct 4 · Answered", True)]
)
def test_a_point_of_what_happened_is_heard_beneath_the_answer(meta_labels: Labels, point: str, whole: bool) -> None:
    """It stands in the same message, where the page draws its list there."""
    answer = message(OFFICE, day(2), ACCEPTED, "Oct 1 · Opened", point)
    assert (said(meta_labels, ASKED, answer) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(
    ("apart", "whole"),
    [
        ("For AI at Meta there is a form of its own.", False),
        ("Objections to AI at Meta are handled separately.", False),
        ("Information from third parties used for AI has a separate form.", True),
        ("There is a separate form for deleting your account.", True),
    ],
)
def test_what_has_a_form_of_its_own_is_not_what_was_answered(meta_labels: Labels, apart: str, whole: bool) -> None:
    """Where the answer itself does not name AI."""
    assert (said(meta_labels, ASKED, message(OFFICE, day(2), ACCEPTED, apart)) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(
    ("foot", "whole"),
    [
        ("Meta © 2026 · Terms · Privacy Policy · Cookie settings", True),
        ("© 2026 Meta. Your objection no longer counts.", False),
        ("Meta © 2026 · Your objection was withdrawn", False),
        ("Case number: 5190 — Status: Closed — This inbox cannot accept incoming messages.", True),
        ("Case number: 5190 — Status: Withdrawn — This inbox cannot accept incoming messages.", False),
        ("Set aside on 5 October. This case has gone back in the queue and has no outcome at present.", False),
    ],
)
def test_the_foot_of_a_page_is_no_word_of_an_answer(meta_labels: Labels, foot: str, whole: bool) -> None:
    """Where it is no sentence."""
    assert (said(meta_labels, ASKED, ANSWERED, el("p", foot)) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(("last", "whole"), [(TITLES["en"], True), ("Your objection ended", False)])
def test_the_way_to_a_page_ends_with_what_that_is_called(meta_labels: Labels, last: str, whole: bool) -> None:
    """A line that ends with anything else may be said of the case."""
    way = el("p", f"Help Center » {last}")
    assert (said(meta_labels, way, ASKED, ANSWERED) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Request sent · You", Speaker.PERSON),
        ("Our reply · Meta Privacy Operations", Speaker.SERVICE),
        ("Under review · Meta Support", Speaker.SERVICE),
        ("Objection · Instagram", None),
        ("Forwarded message · Meta Support", None),
        ("Assigned to · Meta Support", None),
        ("Waiting for · You", None),
        ("We will honor your objection · Meta Support", None),
        ("→ Leander Fitzhugh", None),
        ("→ Meta Support", None),
    ],
)
def test_a_step_and_its_author(line: str, speaker: Speaker | None) -> None:
    """Behind a title stands a product, before an arrow whoever the message is to."""
    speakers = Speakers("en", frozenset({"meta", "instagram", "privacy operations"}), frozenset({"leander fitzhugh"}))
    mark = speakers.mark(line)
    assert (mark.speaker if mark is not None else None) is speaker


def test_the_head_of_a_mail_is_no_part_of_its_message(meta_labels: Labels) -> None:
    """The day stands in the same element as the author and whom it is to; a name beneath the text signs it."""
    head = el("header", el("div", OFFICE), el("div", f"→ {OWN}"), el("time", day(2)))
    letter = el("article", head, el("div", el("p", ACCEPTED), el("p", "Yours,"), el("p", OFFICE)), role="article")
    assert said(meta_labels, ASKED, letter) == {Meaning.ACCEPTED}


CHAT = (
    "10:02 Leander: I object to my posts being used for AI.",
    f"10:09 Meta (Dana): {HONOURED}",
    "10:15 Leander: and my food truck page?",
    "10:20 Meta (Dana): If your sister posts on the page from her profile, she has to object for herself.",
)


def test_an_agent_with_a_name_is_the_service_and_the_clock_tells_the_order(meta_labels: Labels) -> None:
    """The same with an answer after it; past midnight nobody knows which came last."""
    assert told(meta_labels, *lines(*CHAT)) == {Meaning.ACCEPTED}
    refused = f"10:30 Meta (Dana): Our earlier answer no longer applies. {REFUSED}"
    assert told(meta_labels, *lines(*CHAT, refused)) == {Meaning.REFUSED}
    assert told(meta_labels, *lines(*CHAT, refused.replace("10:30", "00:30"))) == set()


def test_a_chat_over_several_days_is_told_by_its_dates(meta_labels: Labels) -> None:
    """A day before the time; what is no day makes no author of a sentence."""
    asked = "7 May 2026 18:20 Leander: I object to my posts being used for AI."
    answered = f"9 May 2026 10:02 Meta: {HONOURED}"
    assert told(meta_labels, *lines(asked, answered)) == {Meaning.ACCEPTED}
    refused = f"12 May 2026 09:00 Meta: Our earlier answer no longer applies. {REFUSED}"
    assert told(meta_labels, *lines(asked, answered, refused)) == {Meaning.REFUSED}
    assert told(meta_labels, *lines(asked, answered.replace("9 May 2026", "For case 12,"))) == set()


def test_the_holder_among_the_agents_names_is_not_the_service() -> None:
    """Whoever calls themselves "Meta (Leander Fitzhugh)"."""
    speakers = Speakers("en", frozenset({"meta"}), frozenset({OWN.lower()}))
    assert speakers.mark(f"Meta ({OWN})") is None
    mark = speakers.mark("Meta (Dana)")
    assert mark is not None
    assert mark.speaker is Speaker.SERVICE


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("From: Meta · To: Leander Fitzhugh · 27 May 2025", Speaker.SERVICE),
        ("From: Leander Fitzhugh · To: Meta · 27 May 2025", Speaker.PERSON),
        ("Leander Fitzhugh Account holder 11/02/2026 3:15 PM", Speaker.PERSON),
        ("Our reply 29 w — We've reviewed your request …", Speaker.SERVICE),
        ("You 29 w — I object.…", Speaker.PERSON),
        ("Meta · June 7, 2024 at 10:01 AM We are reviewing your objectio…", Speaker.SERVICE),
        ("Post 2 of 4 » 28 May 2025 at 08:20", None),
    ],
)
def test_heads_in_one_line(line: str, speaker: Speaker | None) -> None:
    """Whose message a line heads that also tells to whom it is, what its author is called, or how it begins."""
    mark = Speakers("en", frozenset({"meta"}), frozenset({OWN.lower()})).mark(line)
    assert (mark.speaker if mark is not None else None) is speaker


TWO_THINGS = "Who can see your posts and whether they're used for AI are two separate things."


@pytest.mark.parametrize(
    ("asked", "answer", "whole"),
    [
        ("Do I have to make everything private as well?", TWO_THINGS, True),
        ("Do I have to make everything private as well?", "Your objection will end on 1 January.", False),
        ("Could I go back to how it was?", "You're where you were before May.", False),
        ("Does it reach my chats with the AI?", "Those are a separate product.", False),
        ("Where is the policy?", "It tells which photos we go on using.", False),
    ],
)
def test_how_something_is_leaves_an_answer_alone(meta_labels: Labels, asked: str, answer: str, whole: bool) -> None:
    """Asked beneath it about something else; not where a wish is granted, or the answer speaks of objections."""
    thread = (ASKED, ANSWERED, message(OWN, day(3), asked), message(OFFICE, day(4), answer))
    assert (said(meta_labels, *thread) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(
    ("then", "meanings"),
    [
        ("If you can have them transferred, write to us. Until then there's no change.", {Meaning.REFUSED}),
        ("It is offered in certain regions only, and the answer for your account stays the same.", {Meaning.REFUSED}),
        ("Your objection will be honored now, and the answer for your account is not what it was.", set()),
    ],
)
def test_a_refusal_that_stays_is_one(meta_labels: Labels, then: str, meanings: set[Meaning]) -> None:
    """Said in a message after it."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), REFUSED), message(OFFICE, day(3), then)) == meanings


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (
            "Am I on the list of people whose posts you leave alone then?",
            "You were until Friday. A clean-up took you off.",
        ),
        ("So my photos stay out of it, have I got that right?", "Not at the moment, I'm afraid. They go in as before."),
        ("Just to be sure, that's my captions, yes?", "Thanks for asking. No. What we noted is the stickers you send."),
    ],
)
def test_what_is_denied_when_somebody_asks_is_no_acceptance(meta_labels: Labels, asked: str, answer: str) -> None:
    """Whatever words follow; said with "yes" it stays one."""
    thread = (ASKED, ANSWERED, message(OWN, day(3), asked))
    assert said(meta_labels, *thread, message(OFFICE, day(4), answer)) == set()
    assert said(meta_labels, *thread, message(OFFICE, day(4), "Yes.")) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("blank", ["Hi {{first_name}},", "Case [[CASE_ID]]", "Dear %NAME%,"])
def test_a_letter_with_blanks_is_to_nobody(meta_labels: Labels, blank: str) -> None:
    """A template that went out by an error."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), blank, ACCEPTED)) == set()


def test_a_link_beside_the_messages_may_say_that_it_is_examined_again(meta_labels: Labels) -> None:
    """In a list at the side of the page, where nobody speaks."""
    link = "Why we took back our answer of 30 September and are examining your objection again"
    beside = el("aside", el("ul", el("li", el("a", link, href="#", role="link"))), role="complementary")
    assert told(meta_labels, *lines(*CHAT)) == {Meaning.ACCEPTED}
    assert told(meta_labels, *lines(*CHAT), above=(beside,)) == set()


def test_a_case_that_ended_undecided_does_not_wait(meta_labels: Labels) -> None:
    """Closed for a reason of its own; where it only says that nothing is decided yet, it waits."""
    open_still = message(OFFICE, day(2), "We haven't decided on your objection.")
    assert said(meta_labels, ASKED, open_still) == {Meaning.PENDING}
    closed = "We've closed this case because your email address wasn't confirmed in time."
    assert said(meta_labels, ASKED, message(OFFICE, day(2), closed, "We haven't decided on your objection.")) == set()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("We found no reason to decline your request and will honor your objection.", True),
        ("We found no reason to decline your request and will tell you whether we honor your objection.", False),
        (f"{ACCEPTED} It starts today: your request will be applied going forward.", True),
        (f"{ACCEPTED} It starts today: your request will be applied to photos.", False),
    ],
)
def test_more_that_leaves_an_acceptance_whole(meta_labels: Labels, text: str, whole: bool) -> None:
    """No reason for the contrary before it, and when it begins behind it."""
    assert (said(meta_labels, ASKED, message(OFFICE, day(2), text)) == {Meaning.ACCEPTED}) is whole
