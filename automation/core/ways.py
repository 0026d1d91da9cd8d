"""The ways in which a signal is found, where that is not the usual way of one signal."""

from __future__ import annotations

from enum import StrEnum


def mark(text: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return text


N_ = mark
"""The name under which Babel's extraction knows `mark`."""


class Way(StrEnum):
    """How a signal was found, where that is not the usual way of one signal."""

    AT_START_AND_END = N_("the service's own data, at the start and at the end")
    ON_EVERY_PAGE = N_("the service's own data, on every page read")
    STATE = N_("raw attribute or property, read twice")
    CHOSEN_VALUE = N_("chosen value, read twice")
    SHOWN_TEXT = N_("text that the button shows, read twice")
    NAME_AND_TEXT = N_("name and text of the button, read twice")
    WORDED = N_("words beside the setting's name, read twice")
    DESCRIBED = N_("known words, its own or beside it, that no other setting has")
    INBOX_TITLE = N_("heading")
    INBOX_ENTRY = N_("current entry of the menu")
    INBOX_DATA = N_("the page's own read")
    INBOX_LINKS = N_("links to items")
    INBOX_LINKED_AS = N_("heading or title, as the site's links to it are called")
    NOT_THE_INBOX = N_("the address did not answer with the inbox")
    INBOX_UNKNOWN = N_("neither its title nor its data was found")
    LIST_CONCERNS = N_("the list speaks of an objection, no item does")
    ITEM_UNOPENED = N_("an item could not be opened")
    MESSAGE_CLOSED = N_("a message stays closed")
    INBOX_CHANGED = N_("it changed between two readings")
    EMPTY_LIST = N_("its data holds an empty list")
    NO_ITEM_CONCERNS = N_("every item was read, none concerns it")
    NOT_PLAIN = N_("not a plain answer")
    ANOTHER_PERSON = N_("it greets somebody by another name")
    FOR_ANOTHER = N_("it is for somebody else, or for another account")
    ANOTHER_REQUEST = N_("it may answer another request")
    NO_TIE = N_("nothing ties it to objecting to AI")
    NO_FRAME = N_("nothing shows that it is the service's answer")
    LINK_IN_REPLY = N_("link in the reply")
    WORDS_IN_REPLY = N_("words in the reply")
    SIGNATURE = N_("heading or signature")
    ITEM_HEADING = N_("heading of the item")
    AUTHOR = N_("author of the message")
    ANSWERS_A_REQUEST = N_("title or request that it answers")
    NOT_KNOWN = N_("it holds words that no source knows")
    SEVERAL_ANSWERS = N_("several answers, and nothing says which came last")
    LOOKED_AT = N_("a person looked at it and said what it means")
    NOT_SEEN_BESIDE = N_("it did not stand beside the confirmed sentence")
    SAYS_EMPTY = N_("it says in words that it is empty")
    PAGE_TEXT = N_("text of the page")
    SENTENCE = N_("sentence of the reply")
    MAIL_SUBJECT = N_("subject of the message")
    MAIL_WORDS = N_("words in the message")
