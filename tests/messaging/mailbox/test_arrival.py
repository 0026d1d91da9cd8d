"""What counts of a message's header: only what the user's own servers put on top."""

from __future__ import annotations

import pytest

from automation.messaging.arrival import ServerReport, delivered_to, reads_one_way, report_of
from tests.messaging.mailbox.letters import ACCEPTED, letter

OWN = {"mx.atelier.example"}
PASSED = (
    b"Authentication-Results",
    (
        b"mx.atelier.example; dkim=pass header.d=facebook.com; spf=pass smtp.mailfrom=<b@facebook.com>;"
        b" dmarc=pass (p=reject) header.from=facebook.com"
    ),
)
OWN_HOP = (
    b"Received",
    b"from a.example (a.example [192.0.2.1]) by mx.atelier.example with ESMTPS for <Lou@Atelier.example>",
)
FOREIGN_HOP = (b"Received", b"from b.example by relay.evil.example with ESMTP for <eve@evil.example>")
FROM = (b"From", b"Facebook <privacy@facebook.com>")


def test_the_own_servers_report_is_read_whole() -> None:
    """Signature, envelope and DMARC are each read with the domain that they are about."""
    found = report_of([OWN_HOP, PASSED, FROM], OWN)
    assert found == ServerReport("mx.atelier.example", frozenset({"facebook.com"}), "facebook.com", "facebook.com")
    assert found.vouches("mail.facebook.com")
    assert found.came_straight("facebook.com")
    assert not found.came_straight("instagram.com")


@pytest.mark.parametrize(
    "headers",
    [
        [OWN_HOP, FROM, PASSED],
        [OWN_HOP, FOREIGN_HOP, PASSED, FROM],
        [(PASSED[0], PASSED[1].replace(b"mx.atelier", b"mx.evil")), FROM],
        [PASSED, (PASSED[0], b"mx.atelier.example; dkim=fail header.d=facebook.com"), FROM],
    ],
)
def test_a_report_in_another_place_or_that_is_contradicted_is_none(headers: list[tuple[bytes, bytes]]) -> None:
    """Below a field of the sender or a foreign hop, under another name, or beside one that says otherwise."""
    assert report_of(headers, OWN) is None


def test_one_server_may_write_a_field_for_each_method() -> None:
    """Filters that check signatures and DMARC apart write two fields under one name; both count."""
    fields = [
        (PASSED[0], b"mx.atelier.example; " + part)
        for part in (b"dmarc=pass header.from=facebook.com", b"dkim=pass header.i=@facebook.com")
    ]
    found = report_of([*fields, FROM], OWN)
    assert found is not None
    assert (found.dkim, found.dmarc, found.mail_from) == ({"facebook.com"}, "facebook.com", "")
    failed = report_of(
        [(PASSED[0], b"mx.atelier.example; dkim=pass header.d=facebook.com; dmarc=fail header.from=facebook.com")], OWN
    )
    assert failed is not None
    assert not failed.vouches("facebook.com")


def test_delivery_is_told_by_the_own_servers_alone() -> None:
    """The mailbox, the alias and the hop's recipient count; what a foreign hop or a sender wrote does not."""
    raw = (
        b"Delivered-To: office@atelier.example\r\nReceived: " + OWN_HOP[1] + b"\r\nReceived: " + FOREIGN_HOP[1]
        + b"\r\nX-Original-To: eve@evil.example\r\nFrom: a@b.example\r\nDelivered-To: eve@evil.example\r\n\r\nHi\r\n"
    )  # fmt: skip
    assert delivered_to(raw, ["MX.atelier.example"]) == ("office@atelier.example", "lou@atelier.example")


@pytest.mark.parametrize(
    ("raw", "one_way"),
    [
        (letter(), True),
        (letter("Merci d’avoir écrit.", encoding="quoted-printable"), True),
        (letter(ACCEPTED, encoding="base64"), True),
        (letter("<p>Hello</p>", content_type="text/html; charset=utf-8"), True),
        (letter("Hello", content_type="text/html; charset=utf-8"), False),
        (letter("<p>Hello</p>"), False),
        (letter("=57e will honor your objection.").replace(b"8bit", b"quoted-printable"), False),
        (letter("Hello", content_type="text/plain; charset=utf-16"), False),
        (letter("Hello", content_type="application/pdf"), False),
        (letter("Hello\n\n--x\nContent-Type: text/plain\n\nWe will honor your objection.\n--x--\n"), False),
        (
            letter("A comment\n--x\nContent-Type: text/plain\n\nYes\n--x--\n", content_type='multipart/mixed; boundary="x"'),
            False,
        ),
        (letter("--x\nContent-Type: text/plain\n\nYes\n--x--\n", content_type='multipart/mixed; boundary="x"'), True),
    ],
)  # fmt: skip
def test_bytes_that_could_be_another_kind_of_text_are_told(raw: bytes, one_way: bool) -> None:
    """Only what makes sense as the kind of text that the header names, and as no other, needs no signature for it."""
    assert reads_one_way(raw) is one_way
