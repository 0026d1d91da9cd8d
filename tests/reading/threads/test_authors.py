"""Whose a line is, by what it says: names, offices, labels, sentences of the page, in whole lines."""

from __future__ import annotations

import pytest

from automation.reading.threads.authors import Speakers, Strength
from tests.reading.threads.builders import OWN, PERSON, SERVICE, SPEAKERS, UNKNOWN


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        # what either side is called, and what the page calls its words
        (f"{OWN} (you)", PERSON),
        ("Somebody Else (you)", PERSON),
        ("Fitzhugh, Leander", PERSON),
        ("Account holder", PERSON),
        (f"{OWN} Account holder 11/02/2026 3:15 PM", PERSON),
        ("What you wrote", PERSON),
        ("What we wrote", SERVICE),
        ("Meta SupportMeta", SERVICE),
        ("Privacy Operations Employee", SERVICE),
        (f"{OWN} (author)", None),
        ("Ana McDonald", None),
        # who works for the service: with an office, and not where it is spoken to
        ("Maeve (Meta Support)", SERVICE),
        ("Meta (Dana)", SERVICE),
        ("Dalia, Privacy Operations Meta", SERVICE),
        ("Marta from Meta · Oct 14, 2026", SERVICE),
        (f"{OWN} (Meta Support)", None),
        (f"Meta ({OWN})", None),
        ("Ana Pop (Meta)", None),
        ("Ana Pop (employee)", None),
        ("Hello, Meta", None),
        ("Hello, Meta Support", None),
        ("Thanks, Meta Support", None),
        # sentences of the page that say who did something
        (f"{OWN} to Privacy Operations", PERSON),
        ("Meta replied", SERVICE),
        ("Privacy Operations emailed you.", SERVICE),
        ("Privacy Operations sent you this message on October 3, 2026 at 7:19 AM.", SERVICE),
        ("You sent this message to Privacy Operations on October 2, 2026 at 7:19 AM.", PERSON),
        ("You opened this request", PERSON),
        ("Your request to object has been declined after a second review.", None),
        ("Meta to my sister.", None),
        ("Facebook to my mind has no right.", None),
        # a step and its author; a product behind a title, whom something waits for, and whom it is to
        ("Request sent · You", PERSON),
        ("Our reply · Meta Privacy Operations", SERVICE),
        ("Objection · Facebook", None),
        ("Forwarded message · Meta Support", None),
        ("Assigned to · Meta Support", None),
        ("Waiting for · You", None),
        ("→ Meta Support", None),
        # heads in one line, with the addressee or how the message begins
        (f"From: Meta · To: {OWN} · 27 May 2025", SERVICE),
        (f"From: {OWN} · To: Meta · 27 May 2025", PERSON),
        ("Our reply 29 w — We've reviewed your request …", SERVICE),
        ("You 29 w — I object.…", PERSON),
        ("Meta · June 7, 2024 at 10:01 AM We are reviewing your objectio…", SERVICE),
        # somebody else beside a date, and what became of a case
        ("Jane de Vries · 3 May 2026", UNKNOWN),
        ("jane_doe · 3 May 2026", UNKNOWN),
        ("Post 2 of 4 » 28 May 2025 at 08:20", None),
        ("Objection removed · 3 May 2026", None),
        ("Objection sent 3 May 2026", None),
        ("Under review · 3 May 2026", None),
        ("Closed · 3 May 2026", None),
        ("AI at Meta · 3 May 2026", None),
        ("Valid until 3 May 2026", None),
    ],
)
def test_whose_a_line_is(line: str, speaker: str | None) -> None:
    """Known names, offices beside names, and sentences with a known name at both ends; nothing else is an author."""
    mark = SPEAKERS.mark(line)
    assert (mark.speaker if mark else None) == speaker


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("fr", "Privacy Operations vous a envoyé ce message le 8 novembre 2026 à 10:40."),
        ("de", "Privacy Operations hat dir diese Nachricht am 8. November 2026 gesendet."),
        ("es", "Privacy Operations te envió este mensaje el 8 de noviembre de 2026."),
        ("it", "Privacy Operations ti ha inviato questo messaggio il 8 novembre 2026."),
        ("fr", "Notre réponse · 8 novembre 2026"),
        ("de", "Am 8. November 2026 schrieb Meta:"),
    ],
)
def test_the_same_in_other_languages(locale: str, line: str) -> None:
    """In the page's own language."""
    mark = Speakers(locale, SPEAKERS.service, SPEAKERS.holder).mark(line)
    assert mark is not None
    assert mark.speaker is SERVICE


@pytest.mark.parametrize(
    ("line", "strength"),
    [
        ("What happens next", Strength.SECTION),
        ("Jane de Vries · 3 May 2026", Strength.STRANGER),
        ("Meta", Strength.NAME),
        ("Meta · 2 weeks ago", Strength.SAID),
        ("You wrote:", Strength.SAID),
        ("Meta · 3 May 2026", Strength.DATED),
    ],
)
def test_how_surely_a_line_heads_a_message(line: str, strength: Strength) -> None:
    """A mere name may be a title or a signature; with a date it heads a message."""
    mark = SPEAKERS.mark(line)
    assert mark is not None
    assert mark.strength is strength
