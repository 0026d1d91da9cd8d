"""Whose account a service's reply speaks of: hidden wherever it is named, and nothing else is."""

from __future__ import annotations

import time

import pytest

from automation.text.names import Names, calendar_words

ORDINARY = frozenset(
    [
        "this",
        "reply",
        "is",
        "about",
        "the",
        "facebook",
        "instagram",
        "account",
        "accounts",
        "centre",
        "privacy",
        "center",
        "page",
        "pages",
        "help",
        "settings",
        "we",
        "will",
        "your",
        "objection",
        "meta",
        "business",
        "profile",
        "support",
        "team",
        "ad",
        "preferences",
        "not",
        "compte",
        "konto",
        "cuenta",
    ]
) | calendar_words(("en", "fr", "de"))


def left_of(*texts: str) -> list[str]:
    """Texts of one visit with `#` in place of names, after all were read."""
    names = Names(ORDINARY)
    for text in texts:
        names.written(text)
    for text in texts:
        names.told(text)
    left = []
    for text in texts:
        shown = text
        for start, end in reversed(names.spans(text)):
            shown = shown[:start] + "#" + shown[end:]
        left.append(shown)
    return left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('This reply is about the Facebook account "Kleinod Werkstatt" and not yours.', 'This reply is about the Facebook account "#" and not yours.'),
        ("It is about the account “Bruno Keller”.", "It is about the account “#”."),
        ("the account named Bruno is another one", "the account named # is another one"),
        ("the account of Bruno Keller is another one", "the account of # is another one"),
        ("the Page Kleinod Werkstatt is another one", "the Page # is another one"),
        ('the account "Anna\'s Atelier"; the account \'Bruno Keller\'', 'the account "#"; the account \'#\''),
        ("the account of Sinead O'Brien", "the account of #"),
        ("Bruno Keller's account is another one", "#'s account is another one"),
        ("recorded for @kleinod.werkstatt only", "recorded for @# only"),
        ("Cette réponse concerne le compte « Atelier Kleinod » et non le vôtre.", "Cette réponse concerne le compte « # » et non le vôtre."),
        ("le compte de Bruno Keller est un autre", "le compte de # est un autre"),
        ("Es geht um das Konto „Kleinod Werkstatt“.", "Es geht um das Konto „#“."),
        ("das Konto von Bruno Keller", "das Konto von #"),
        ("la cuenta «Taller Kleinod» es otra", "la cuenta «#» es otra"),
        ("l'account \"Bottega Kleinod\" è un altro", "l'account \"#\" è un altro"),
        ("het account van Bruno de Keller is een ander", "het account van # is een ander"),
        ("アカウント @kleinod_kobo について", "アカウント @# について"),
    ],
)  # fmt: skip
def test_the_account_that_a_reply_names_is_hidden(text: str, left: str) -> None:
    """Quoted, bare, owned or by its handle, in the languages in which services write."""
    assert left_of(text) == [left]


@pytest.mark.parametrize(
    "text",
    [
        "We will honor your objection for your account.",
        'See the page "Privacy Center" or the account "settings".',
        "Open your account in the Accounts Centre. Page Help. Account Settings",
        "Your account for Instagram; the page of Facebook",
        'Your answer to "will you honor my objection" is in your account.',
        "Write to the office @ 5 pm; a@b.example is not a handle",
        "Reply of 12 May 2026 for your account",
    ],
)
def test_what_names_no_account_stays(text: str) -> None:
    """The service's own words, dates and plain sentences are evidence."""
    assert left_of(text) == [text]


def test_who_was_named_once_is_hidden_everywhere() -> None:
    """The next sentence needs no word for an account, and a title or quote elsewhere neither."""
    first = 'This reply is about the account "Kleinod Werkstatt".'
    other = "We will honour your objection for the public information of Kleinod Werkstatt. KLEINOD WERKSTATT"
    assert left_of(first, other)[1] == "We will honour your objection for the public information of #. #"


@pytest.mark.parametrize(
    "piece",
    ["profile ", "Aa ", "a", "A", "A.-", "account of ", 'account "', "@a", "Aa de ", "A A A A A A's ", " ", "A'"],
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    """A page can hold any text; each letter is looked at a few times, and not once for each other letter."""
    began = time.process_time()
    left_of("account" + piece * (60_000 // len(piece)))
    assert time.process_time() - began < 5
