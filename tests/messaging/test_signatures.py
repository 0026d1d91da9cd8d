"""
Signatures: real DKIM signatures by dkimpy, with keys of the test's own.

What is not real: the name servers. Keys are looked up in a table.
"""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.core.mail import Signature, SignatureReason, SignatureState
from automation.messaging.arrival import ServerReport, delivered_to, reads_one_way, report_of
from automation.messaging.signatures import check_signature
from tests.messaging.mail import ACCEPTED, SIGNED, Names, key, letter, names, record, signed


def _check(raw: bytes, domain: str = "facebook.com", look_up: Names | None = None, **more: object) -> Signature:
    return check_signature(raw, domain, look_up=look_up or names(), **more)  # type: ignore[arg-type]


def test_a_true_signature_passes() -> None:
    """A message that is as its domain signed it passes, also for a sender below that domain."""
    found = _check(signed(letter()))
    assert (found.state, found.reason, found.domain, found.by) == (
        SignatureState.PASS, SignatureReason.VALID, "facebook.com", "temoin",
    )  # fmt: skip
    assert found.covers_recipients
    assert _check(signed(letter()), "mail.facebook.com").state is SignatureState.PASS
    assert not _check(signed(letter(), headers=[n for n in SIGNED if n != "to"])).covers_recipients


def _twice(name: bytes) -> bytes:
    """A signed message before which somebody put a second field of one name."""
    return name + b": x\r\n" + signed(letter())


@pytest.mark.parametrize(
    ("raw", "state", "reason"),
    [
        (letter(), "none", "not_signed"),
        (signed(letter(), "evil.example"), "none", "other_domain"),
        (signed(letter(), "com"), "none", "other_domain"),
        (signed(letter()).replace(b"will honor", b"wont honor"), "fail", "altered"),
        (signed(letter()).replace(b"Subject: Your", b"Subject: Our"), "fail", "altered"),
        (signed(letter(), private=key("second")), "fail", "altered"),
        (signed(letter(), length=True) + b"We refuse your objection.\r\n", "fail", "partial"),
        (signed(letter(), headers=["from", "to", "date"]), "fail", "partial"),
        (signed(letter(), headers=["from", "subject", "date"]), "fail", "partial"),
        (signed(letter(), algorithm=b"rsa-sha1"), "fail", "weak"),
        (_twice(b"From"), "fail", "repeated"),
        (_twice(b"SUBJECT"), "fail", "repeated"),
        (_twice(b"Content-Type"), "fail", "repeated"),
        (_twice(b"To"), "fail", "repeated"),
        (b"DKIM-Signature: v=1; d=facebook.com; b=x\r\n" + letter(), "fail", "malformed"),
        (b"DKIM-Signature: \xff\r\n" + letter(), "fail", "malformed"),
        (b"X: a\rContent-Type: text/html\r\n" + signed(letter()), "fail", "malformed"),
        (b"no colon\r\n" + signed(letter()), "fail", "malformed"),
        (b" folded\r\n" + signed(letter()), "fail", "malformed"),
        (b"X: 1\r\nFrom me\r\n" + signed(letter()), "fail", "malformed"),
    ],
)  # fmt: skip
def test_what_is_not_wholly_signed_by_the_sender_does_not_pass(raw: bytes, state: str, reason: str) -> None:
    """Forged, altered, partly signed, doubled, malformed or somebody else's: none of it passes, and each has its reason."""
    found = _check(raw)
    assert (found.state.value, found.reason.value) == (state, reason)


def test_without_one_sender_nothing_passes() -> None:
    """A message with no sender or two is nobody's, however well it is signed."""
    assert _check(signed(letter()), "") == Signature(SignatureState.FAIL, SignatureReason.SENDERS)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the short key; `make services` gets it")
def test_a_short_key_does_not_count() -> None:
    """A signature by a key that can be broken is worth nothing."""
    short = subprocess.run(["openssl", "genrsa", "-traditional", "768"], capture_output=True, check=True).stdout
    public = ["openssl", "rsa", "-pubout", "-outform", "DER"]
    der = subprocess.run(public, input=short, capture_output=True, check=True).stdout
    published = Names({"s1._domainkey.facebook.com": record(der)})
    assert _check(signed(letter(), private=short), look_up=published).reason is SignatureReason.WEAK


def test_what_cannot_be_checked_is_neither_true_nor_false() -> None:
    """No answer of the name servers, no such key, a revoked one and a run-out signature are each said as what they are."""
    raw = signed(letter())
    down = Names({}, down=["s1._domainkey.facebook.com"])
    assert _check(raw, look_up=down).reason is SignatureReason.KEY_UNREACHABLE
    assert _check(raw, look_up=Names({})).reason is SignatureReason.NO_KEY
    revoked = Names({"s1._domainkey.facebook.com": b"v=DKIM1; k=rsa; p="})
    assert _check(raw, look_up=revoked).reason is SignatureReason.NO_KEY
    expired = raw.replace(b"; t=", f"; x={int(time.time()) - 60}; t=".encode(), 1)
    assert _check(expired).reason is SignatureReason.EXPIRED
    assert {
        _check(raw, look_up=known).state for known in (down, Names({}), revoked)
    } == {SignatureState.UNAVAILABLE}  # fmt: skip


def test_one_good_signature_among_many_is_enough() -> None:
    """Lists and relays add signatures of their own; the sender's decides, and no more than ten are looked at."""
    raw = signed(signed(letter()), "list.example")
    assert _check(raw).state is SignatureState.PASS
    flood = b"DKIM-Signature: v=1; d=facebook.com; b=x\r\n" * 10 + signed(letter())
    look_up = names()
    assert _check(flood, look_up=look_up).state is SignatureState.FAIL
    assert look_up.asked == []


# Authentication-Results

_PASS = "Authentication-Results: {server}; spf=none; dkim=pass (2048-bit key) header.d=facebook.com header.s=s1"


def _stamped(*fields: str) -> bytes:
    return "".join(f"{field}\r\n" for field in fields).encode() + signed(letter())


def test_the_users_own_server_is_believed_where_the_key_is_gone() -> None:
    """Where a key is no longer published, what the user's own server found on arrival counts, under its name."""
    raw = _stamped(_PASS.format(server="mx.atelier.example"))
    found = _check(raw, look_up=Names({}), trusted=["MX.atelier.example"])
    assert (found.state, found.reason, found.by) == (
        SignatureState.PASS, SignatureReason.REPORTED, "mx.atelier.example",
    )  # fmt: skip
    assert found.covers_recipients


@pytest.mark.parametrize(
    "fields",
    [
        [_PASS.format(server="mx.evil.example")],
        [_PASS.format(server='"mx.atelier.example" mx.evil.example')],
        [_PASS.format(server="mx.evil.example (mx.atelier.example)")],
        [_PASS.format(server="mx.atelier.example").replace("facebook.com", "evil.example")],
        [_PASS.format(server="mx.atelier.example").replace("dkim=pass", "dkim=fail")],
        [_PASS.format(server="mx.atelier.example").replace("dkim=pass", "spf=pass")],
        [
            _PASS.format(server="mx.atelier.example").replace("dkim=pass", "dkim=fail"),
            _PASS.format(server="mx.atelier.example"),
        ],
    ],
)
def test_what_a_sender_writes_in_is_not_believed(fields: list[str]) -> None:
    """Results under another server's name, about another domain, or that contradict each other do not count."""
    found = _check(_stamped(*fields), look_up=Names({}), trusted=["mx.atelier.example"])
    assert (found.state, found.reason) == (SignatureState.UNAVAILABLE, SignatureReason.NO_KEY)


def test_no_report_outweighs_what_was_checked_here() -> None:
    """A signature that fails here, and a message without any, stay what they are, whatever the header reports."""
    stamp = _PASS.format(server="mx.atelier.example")
    trusted = {"trusted": ["mx.atelier.example"]}
    assert _check(_stamped(stamp).replace(b"honor", b"scorn"), **trusted).state is SignatureState.FAIL
    assert _check(f"{stamp}\r\n".encode() + letter(), **trusted).state is SignatureState.NONE


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from("vadshbxltcqi"), st.sampled_from(["1", "", "rsa-sha256", "facebook.com", "from:to",
                  "x", "s1", "\xff", "simple/x", "99999999999999999999", "YQ==", "@", "a;b"])), max_size=10)
)  # fmt: skip
def test_no_signature_makes_it_stumble(tags: list[tuple[str, str]]) -> None:
    """Whatever stands in a signature, checking it ends with an answer that is not a pass."""
    value = "; ".join(f"{name}{'h' if name == 'b' and content == 'YQ==' else ''}={content}" for name, content in tags)
    raw = f"DKIM-Signature: {value}\r\n".encode("latin-1") + letter()
    assert _check(raw).state is not SignatureState.PASS


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
