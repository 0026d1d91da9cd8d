"""From bytes to paragraphs: encodings, HTML as mail programs write it, quotations, forwarded messages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.messaging.letters import Letter, read_html, read_letter, read_plain
from tests.messaging.mail import letter, multipart

FRENCH = "Nous avons bien reçu votre opposition à l’IA.\n\nÀ bientôt – l’équipe\n"


def _own(found: Letter, version: int = 0) -> list[str]:
    return [block.text for block in found.versions[version].own]


@pytest.mark.parametrize(
    ("charset", "declared", "encoding"),
    [
        ("utf-8", "utf-8", "8bit"),
        ("utf-8", "UTF-8", "base64"),
        ("utf-8", "utf-8", "quoted-printable"),
        ("windows-1252", "windows-1252", "quoted-printable"),
        ("windows-1252", "iso-8859-1", "quoted-printable"),
        ("windows-1252", "us-ascii", "8bit"),
        ("utf-8", "us-ascii", "8bit"),
        ("utf-8", "x-no-such-charset", "base64"),
        ("utf-16", "utf-16", "base64"),
    ],
)
def test_words_survive_every_encoding(charset: str, declared: str, encoding: str) -> None:
    """The same words come out of whatever a mail program made of them, also where it named the charset wrongly."""
    raw = letter(FRENCH, charset=charset, content_type=f'text/plain; charset="{declared}"', encoding=encoding)
    assert _own(read_letter(raw)) == ["Nous avons bien reçu votre opposition à l’IA.", "À bientôt – l’équipe"]


def test_latin_1_is_read_as_what_it_says() -> None:
    """Real ISO-8859-1 without what windows-1252 adds is read the same."""
    raw = letter("Déjà vu", charset="iso-8859-1", content_type="text/plain; charset=ISO-8859-1")
    assert _own(read_letter(raw)) == ["Déjà vu"]


def test_header_fields_are_read_as_a_person_sees_them() -> None:
    """Encoded names and subjects, folded lines, dates with zones: all as a mail program shows them."""
    raw = letter(
        sender="=?utf-8?q?=C3=89quipe=2C_Meta?= <Privacy@Facebook.COM>",
        to='Lou <LOU@atelier.example>, "B, A" <b@atelier.example>',
        subject="Votre opposition à l'IA",
        date="Wed, 18 Nov 2026 10:00:00 +0100 (CET)",
        more=["Content-Language: fr-FR, en"],
    )  # fmt: skip
    found = read_letter(raw)
    assert (found.sender, found.domain, found.sender_name) == ("privacy@facebook.com", "facebook.com", "Équipe, Meta")
    assert found.recipients == ("lou@atelier.example", "b@atelier.example")
    assert found.subject == "Votre opposition à l'IA"
    assert found.sent_at == datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert found.locale == "fr-FR"
    assert not found.forwarded


@pytest.mark.parametrize(
    "sender", ["a@facebook.com, b@evil.example", "nobody", "", "a@facebook.com\r\nFrom: b@evil.example", "<>"]
)
def test_without_one_sender_there_is_none(sender: str) -> None:
    """Two senders, or none, are not one: nobody is taken for the sender then."""
    assert read_letter(letter(sender=sender)).sender == ""


def test_an_address_as_a_name_is_only_a_name() -> None:
    """What stands before the address is no address, however much it looks like one."""
    found = read_letter(letter(sender='"privacy@facebook.com" <x@evil.example>'))
    assert (found.domain, found.sender_name) == ("evil.example", "privacy@facebook.com")


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Wed, 99 Nov 2026 10:00:00 +0000", "Wed, 18 Nov 0000 10:00:00 +9999"]
)
def test_an_impossible_date_is_none(date: str) -> None:
    """A date that cannot be is missing, and fails nothing."""
    assert read_letter(letter(date=date)).sent_at is None


# HTML


def test_html_is_read_as_it_is_shown() -> None:
    """Paragraphs, line breaks, entities and table cells as on screen; nothing of what is not shown."""
    page = read_html(
        """<html lang="fr_FR"><head><title>No</title><style>p {}</style></head><body>
        <div style="display: none">Preview that nobody sees</div><p hidden>no</p><span style="font-size:0px">no</span>
        <p>Bonjour&nbsp;<b>Lou</b>,<p>Deux<br>lignes &amp; plus
        <table><tr><td>un<td>deux</table><script>no()</script><!-- no -->
        <a href="https://www.facebook.com/privacy/genai">Lien</a> <a href="https://x.y" style="display:none">no</a>"""
    )
    assert [block.text for block in page.blocks] == ["Bonjour Lou,", "Deux\nlignes & plus", "un", "deux", "Lien"]
    assert page.links == ("https://www.facebook.com/privacy/genai",)
    assert page.locale == "fr-FR"


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>Said</blockquote>",
        '<blockquote type="cite"><div><p>Said</p></div></blockquote>',
        '<div class="gmail_quote"><div>Said</div></div>',
        "<p><del>Said</del></p>",
        '<p style="text-decoration: line-through">Said</p>',
        "<blockquote><p>never closed</p><p>Said",
        "<q>Said</q>",
    ],
)
def test_what_somebody_else_said_is_marked(html: str) -> None:
    """Quoted and struck-out words are marked, and links in them do not count."""
    page = read_html(f'<p>Own</p>{html} <a href="https://x.example">'[: None if "closed" in html else 400])
    assert [block.text for block in page.blocks if not block.quoted] == ["Own"]
    assert "Said" in [block.text for block in page.blocks if block.quoted]


# Quotations and forwarded messages


def test_a_plain_text_made_of_html_is_read_as_meant() -> None:
    """Character references that were left in are the characters, so that no sentence ends at their semicolon."""
    raw = letter("We won&#39;t use your posts.&nbsp;R&D &amp; co: l&#x2019;&eacute;quipe; a&b;\n")
    assert _own(read_letter(raw)) == ["We won't use your posts.\N{NO-BREAK SPACE}R&D & co: l’équipe; a&b;"]


def test_quoted_lines_are_told_from_own_ones() -> None:
    """Lines that begin with > are quoted; those at the end are no part of the message itself."""
    blocks = read_plain("Own line\nsecond line\n> quoted\n>> deeper\n\nOwn again\n\n> at the end\n")
    assert [(block.text, block.quoted) for block in blocks] == [
        ("Own line\nsecond line", False),
        ("quoted\ndeeper", True),
        ("Own again", False),
        ("at the end", True),
    ]
    found = read_letter(letter("Own line\n> quoted\nOwn again\n\n> at the end\n"))
    assert [block.quoted for block in found.versions[0].own] == [False, True, False]
    assert [block.text for block in found.versions[0].quoted] == ["at the end"]


@pytest.mark.parametrize(
    "attribution",
    [
        "On Wed, 18 Nov 2026 at 10:00, Meta <privacy@facebook.com> wrote:",
        "Le mer. 18 nov. 2026 à 10:00, Meta <privacy@facebook.com> a écrit :",
        "Am 18.11.26 um 10:00 schrieb Meta:",
        "Il giorno mer 18 nov 2026 alle ore 10:00 Meta ha scritto:",
        "El mié, 18 nov 2026 a las 10:00, Meta escribió:",
        "On Wed, 18 Nov 2026 at 10:00,\nMeta <privacy@facebook.com> wrote:",
        "On Wed, 18 Nov 2026 at 10:00, Meta <privacy@facebook.com>\nwrote:",
        "Le mer. 18 nov. 2026 à 10:00, Meta <privacy@facebook.com>\na écrit :",
    ],
)
def test_what_follows_somebody_wrote_is_quoted(attribution: str) -> None:
    """Below "… wrote:", in each language, stands what somebody else wrote, with or without marks."""
    found = read_letter(letter(f"Look.\n\n{attribution}\n\nWe will honor your objection.\n"))
    assert _own(found) == ["Look."]
    assert found.versions[0].quoted[-1].text == "We will honor your objection."
    assert not found.forwarded


@pytest.mark.parametrize(
    "raw",
    [
        letter("FYI\n\n---------- Forwarded message ---------\nFrom: Meta\n\nWe will honor your objection.\n"),
        letter("Pour info\n\n-------- Message transféré --------\nDe : Meta\n\nWe will honor your objection.\n"),
        letter("FYI\nBegin forwarded message:\n\nWe will honor your objection.\n"),
        letter("Siehe unten.\n\nVon: Meta\nGesendet: Mittwoch\nAn: Lou\n\nWe will honor your objection.\n"),
        letter("Voir.\n\nDe : Meta\nEnvoyé : mercredi\nÀ : Lou\nObjet : x\n\nWe will honor your objection.\n"),
        letter("We will honor your objection.\n", subject="Fwd: Your objection"),
        letter("We will honor your objection.\n", subject="TR : Votre opposition"),
        letter("We will honor your objection.\n", subject="WG: Dein Widerspruch"),
        letter("We will honor your objection.\n", more=["Resent-From: lou@atelier.example"]),
        letter(
            "--b0\nContent-Type: text/plain\n\nSee attached.\n--b0\nContent-Type: message/rfc822\n\n"
            "From: privacy@facebook.com\nSubject: Your objection\n\nWe will honor your objection.\n--b0--\n",
            content_type='multipart/mixed; boundary="b0"',
        ),
    ],
)  # fmt: skip
def test_a_forwarded_message_is_known_as_one(raw: bytes) -> None:
    """However a mail program forwards, inline, attached or sent on, the message says of itself that it is no original."""
    assert read_letter(raw).forwarded


def test_both_texts_of_a_message_are_read() -> None:
    """The formatted text comes first, then the plain one; an attached text is neither."""
    found = read_letter(multipart("Plain", "<p>Formatted</p>"))
    assert (_own(found, 0), _own(found, 1)) == (["Formatted"], ["Plain"])
    attached = letter(
        "--b0\nContent-Type: text/plain\n\nBody\n--b0\nContent-Type: text/plain\n"
        "Content-Disposition: attachment; filename=a.txt\n\nAttached\n--b0--\n",
        content_type='multipart/mixed; boundary="b0"',
    )
    assert _own(read_letter(attached)) == ["Body"]


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["", "text/html", "multipart/mixed; boundary=b", "message/rfc822"]))
def test_no_bytes_make_it_stumble(tail: bytes, kind: str) -> None:
    """Whatever arrives, reading ends, and says who sent it only where one sender stands."""
    found = read_letter(f"Content-Type: {kind}\r\n".encode() + tail)
    assert found.sender == "" or "@" in found.sender
    read_html(tail.decode("latin-1"))
