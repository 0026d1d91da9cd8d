"""Where a signal was read, on pages in a real order. Pure: no browser."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName
from automation.page import Box, Node, PageView
from automation.reading.places import place_of
from automation.reading.threads.authors import Speakers
from automation.text.labels import Labels
from automation.text.page_words import PageWords

WORDS = PageWords.of(Labels(), "en")
SPEAKERS = Speakers("en", frozenset({"meta"}), frozenset({"rita gallo"}))
ANSWER = "We will honour your objection."


def a_thread() -> PageView:
    """A title, the user's own words that quote the answer, and the service's answer."""
    nodes = [Node(0, -1, 0, "HTML", 1, {"lang": "en"}, "RootWebArea", box=Box(0, 0, 800, 900), shown=True)]

    def add(parent: int, tag: str, role: str = "", name: str = "", text: str = "") -> int:
        number = len(nodes)
        box = Box(10, number * 20, 300, 20)
        nodes.append(
            Node(
                number, parent, 0, tag, number + 1, {}, role, name, text=text, box=box, shown=True, block=tag != "#text"
            )
        )
        return number

    main = add(0, "MAIN", "main")
    for tag, role, text in [("H1", "heading", "Support Inbox")]:
        add(add(main, tag, role, text), "#text", text=text)
    for author, words in [("Rita Gallo", f"You wrote me: {ANSWER} Is it so?"), ("Meta", f"Hi Rita, {ANSWER}")]:
        article = add(main, "DIV", "article", author)
        for tag, role, text in [("H3", "heading", author), ("P", "paragraph", words)]:
            add(add(article, tag, role, text if role == "heading" else ""), "#text", text=text)
    return PageView("https://www.facebook.com/support/", "Support Inbox", tuple(nodes))


@pytest.mark.parametrize(
    ("name", "quote", "locator", "tag"),
    [
        (SignalName.REPLY_ACCEPTED, ANSWER, f'paragraph "{ANSWER}"', "P"),
        (SignalName.INBOX_KNOWN, "Support Inbox", 'heading "Support Inbox"', "H1"),
        (SignalName.INBOX_NOTHING, "", "main", "MAIN"),
    ],
)
def test_a_signal_has_the_place_that_says_it(name: SignalName, quote: str, locator: str, tag: str) -> None:
    """With how a person finds it again."""
    place = place_of(name.seen("support_inbox", quote=quote), a_thread(), WORDS, SPEAKERS)
    assert place is not None
    assert (place.locator, place.node.tag) == (locator, tag)


def test_the_user_s_own_words_are_not_the_place_of_an_answer() -> None:
    """Though they quote it, and stand above it."""
    view = a_thread()
    place = place_of(SignalName.REPLY_ACCEPTED.seen("support_inbox", quote=ANSWER), view, WORDS, SPEAKERS)
    assert place is not None
    message = next(node for node in view.ancestors(place.node.index) if node.role == "article")
    assert message.name == "Meta"


def test_a_shortened_quote_is_found() -> None:
    """A quote ends with an ellipsis and has marks in place of addresses."""
    signal = SignalName.REPLY_UNCLEAR.seen("support_inbox", quote="Hi Rita, We will hon…")
    place = place_of(signal, a_thread(), WORDS, SPEAKERS)
    assert place is not None
    assert place.node.tag == "P"


def test_what_is_not_on_the_page_has_no_place() -> None:
    """Nothing is outlined rather than something else."""
    assert place_of(SignalName.PAGE_ACCEPTED.seen("form_a", quote="granted"), a_thread(), WORDS, SPEAKERS) is None
