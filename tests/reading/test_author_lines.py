"""Lines that say who speaks: pronouns, names, offices, attributions of mail, labels of fields, and what only looks like it."""

from __future__ import annotations

import pytest

from automation.reading.threads.authors import Speaker, Speakers, is_written_as_a_name

ACME = Speakers("en-US", frozenset({"acme", "privacy desk"}), frozenset({"ada lovelace"}))
META = Speakers("en", frozenset({"meta", "privacy operations"}), frozenset({"leander fitzhugh"}))
META_ES = Speakers("es", META.service, frozenset({"ada lovelace"}))


@pytest.mark.parametrize(
    ("sides", "line", "speaker"),
    [
        (ACME, "Ada Lovelace (2 June 2025)", Speaker.PERSON),
        (ACME, "Grace Hopper (2 June 2025)", Speaker.UNKNOWN),
        (ACME, "Grace (support)", Speaker.SERVICE),
        (ACME, "Our reply", Speaker.SERVICE),
        (ACME, "You", Speaker.PERSON),
        (ACME, "Your message", Speaker.PERSON),
        (ACME, "Acme Support · June 3, 2025", Speaker.SERVICE),
        (ACME, "On June 3, 2025 at 10:12 AM, Acme Privacy Desk wrote:", Speaker.SERVICE),
        (ACME, "On Tue, Jun 3, 2025 at 10:12 AM Ada Lovelace <ada@example.org> wrote:", Speaker.PERSON),
        (ACME, "Ada L.", Speaker.PERSON),
        (ACME, "Priya (support)", Speaker.SERVICE),
        (ACME, "Agent (Marta)", Speaker.SERVICE),
        (ACME, "Reason for objection:", Speaker.PERSON),
        (ACME, "Jane · 3 June 2025", Speaker.UNKNOWN),
        (ACME, "Your request Ada Lovelace, 6 May 2026", Speaker.PERSON),
        (META, "Our reply Privacy Operations, 7 May 2026", Speaker.SERVICE),
        (META_ES, "Tu solicitud Ada Lovelace, 6 de mayo de 2026", Speaker.PERSON),
        (META_ES, "Nuestra respuesta Privacy Operations, 7 de mayo de 2026", Speaker.SERVICE),
        (META, "Maeve (Meta Support)", Speaker.SERVICE),
        (META, "Dalia, Privacy Operations Meta", Speaker.SERVICE),
    ],
)
def test_a_line_says_who_speaks(sides: Speakers, line: str, speaker: Speaker) -> None:
    """The author of a message is told from the line above it."""
    mark = sides.mark(line)
    assert mark is not None
    assert mark.speaker is speaker


@pytest.mark.parametrize(
    "line", ["Leander Fitzhugh (Meta Support)", "Ana Pop (Meta)", "Hello, Meta", "Hello, Meta Support", "Stop it, Meta Support"]
)  # fmt: skip
def test_a_line_that_is_not_the_services(line: str) -> None:
    """A person who calls themselves an office, and whoever speaks to the service, is not the service."""
    mark = META.mark(line)
    assert mark is None or mark.speaker is not Speaker.SERVICE


@pytest.mark.parametrize(
    ("sides", "line"),
    [
        (ACME, "Your objection"), (ACME, "Acme AI"), (ACME, "Opened 3 June 2025"), (ACME, "June 3, 2025"),
        (ACME, "I object to that."), (META, "AI at Meta · 3 May 2026"), (META, "Objection sent 3 May 2026"),
        (META, "Under review · 3 May 2026"),
    ],
)  # fmt: skip
def test_titles_dates_and_events_name_nobody(sides: Speakers, line: str) -> None:
    """A title that names the objection must not make the reply beneath it the user's own."""
    assert sides.mark(line) is None


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("es", "Fecha: 14 de septiembre de 2026, 10:02"),
        ("de", "Gesendet: 14. September 2026 um 10:02 Uhr"),
        ("it", "Data: 14/9/2026"),
        ("fr", "Envoyé le : lundi 14 septembre 2026"),
        ("en", "Created 14 September 2026"),
    ],
)
def test_the_word_before_a_date_is_nobodys_name(locale: str, line: str) -> None:
    """It would take the message from the author named above it."""
    mark = Speakers(locale, ACME.service, ACME.holder).mark(line)
    assert mark is None or mark.speaker is not Speaker.UNKNOWN


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
