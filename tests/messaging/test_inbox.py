"""
The whole look into a mailbox: a real Dovecot on loopback over TLS, and real DKIM signatures.

What is not real: the service, and the name servers that publish its key (a table, see `letters.Names`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from automation.core.errors import MailboxUnavailable, OutputError
from automation.core.mail import InboxDocument, MailAnswer
from automation.core.settings import MailboxSettings
from automation.evidence import Keys, Ledger, Sealer
from automation.messaging.inbox import Addressee, InboxOrder, read_inbox
from automation.messaging.keeping import Keeper
from automation.messaging.reading import Correspondent
from tests.evidence.building import Place
from tests.messaging.dovecot import PASSWORD, Dovecot
from tests.messaging.mail import ACCEPTED, LOU, Names, letter, names, signed

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
ACCOUNT = Addressee("lou-facebook", "facebook.ai_objection", "facebook", (LOU,), ("Atelier Dupont",))
Look = Callable[..., InboxDocument]


def _settings(server: Dovecot, user: str, **changes: Any) -> MailboxSettings:
    base = MailboxSettings(
        host="127.0.0.1", port=server.tls_port, ca_file=server.certificate, username=SecretStr(user),
        password=SecretStr(PASSWORD), timeout_s=10,
    )  # fmt: skip
    return replace(base, **changes)


@pytest.fixture
def look(server: Dovecot, facebook: Correspondent, tmp_path: Path) -> Look:
    """Delivers messages to a new user, and looks for answers among them."""

    def act(user: str, *messages: bytes, look_up: Names | None = None, **changes: Any) -> InboxDocument:
        server.deliver(user, messages)
        order = InboxOrder(
            settings=_settings(server, user, **changes), addressees=(ACCOUNT,), services=(facebook,), since=SINCE,
            output=tmp_path / "evidence", keeper=_keeper(tmp_path), look_up=look_up or names(),
        )  # fmt: skip
        return read_inbox(order)

    return act


def _keeper(folder: Path) -> Keeper:
    place = Place(folder)
    return Keeper(place.sealer, (PASSWORD,))


def _one(document: InboxDocument) -> MailAnswer:
    (answer,) = document.answers
    return answer


def test_a_true_answer_is_found_and_believed(look: Look) -> None:
    """A signed acceptance to the account's own address is certain, among other mail that is left alone."""
    document = look(
        "true",
        letter("Lunch?", sender="ana@atelier.example", subject="Tuesday"),
        signed(letter("You have 3 new friends.", subject="News")),
        signed(letter()),
    )
    answer = _one(document)
    assert (answer.account, answer.kind, answer.signature.state) == ("lou-facebook", "accepted", "pass")
    assert (answer.verified, answer.certain, answer.advice, answer.standing) == (True, True, "keep", "own_host")
    assert (document.exit_code, document.unanswered) == (0, ())
    look_at = document.folders[0]
    assert (look_at.messages, look_at.looked_at, look_at.candidates, look_at.opened) == (3, 3, 2, 2)
    assert look_at.complete


@pytest.mark.parametrize(
    ("user", "raw", "expected"),
    [
        ("unsigned", letter(), ("accepted", "own_host", "none", "beware")),
        ("other-key", signed(letter(), "evil.example"), ("accepted", "own_host", "none", "beware")),
        ("altered", signed(letter()).replace(b"Hi Lou", b"Hi Ana"), ("accepted", "own_host", "fail", "beware")),
        (
            "lookalike",
            signed(letter(sender="Facebook <privacy@facebook-mail.example>"), "facebook-mail.example"),
            ("accepted", "resembling", "pass", "name_sender"),
        ),
        (
            "name-only",
            signed(letter(sender='"privacy@facebook.com" <x@evil.example>'), "evil.example"),
            ("accepted", "unknown", "pass", "name_sender"),
        ),
        (
            "injected",
            b"Authentication-Results: mx.atelier.example; dkim=pass header.d=facebook.com\r\n" + letter(),
            ("accepted", "own_host", "none", "beware"),
        ),
        ("two-senders", b"From: x@evil.example\r\n" + signed(letter()), ("accepted", "unknown", "fail", "beware")),
        (
            "forwarded",
            signed(letter(sender="Ana <ana@atelier.example>", subject="Fwd: Your objection"), "atelier.example"),
            ("unclassified", "unknown", "pass", "ask_for_original"),
        ),
        ("refused", letter(ACCEPTED.replace("will honor", "have decided not to honor")), ("refused", "own_host", "none", "beware")),
    ],
)  # fmt: skip
def test_no_forgery_is_believed(look: Look, user: str, raw: bytes, expected: tuple[str, ...]) -> None:
    """The right words from the wrong sender, or without a true signature, are reported and never believed."""
    published = names("facebook.com", "evil.example", "facebook-mail.example", "atelier.example")
    document = look(user, raw, look_up=published, authserv_ids=("mx.atelier.example",))
    answer = _one(document)
    assert (answer.kind, answer.standing, answer.signature.state, answer.advice) == expected
    assert not answer.verified
    assert not answer.certain
    assert (document.exit_code, document.unanswered) == (3, ("lou-facebook",))


def test_an_answer_to_somebody_else_is_not_ours(look: Look) -> None:
    """A true answer to another person, sent on to this mailbox, is verified and yet not certain."""
    answer = _one(look("replayed", signed(letter(to="eve@evil.example"))))
    assert (answer.verified, answer.certain, answer.advice) == (True, False, "choose_account")


def test_a_signed_refusal_is_a_finding(look: Look) -> None:
    """A certain refusal ends with the exit code of a finding, and says that its words are assumed."""
    text = ACCEPTED.replace("will honor", "have decided not to honor")
    document = look("refusal", signed(letter(text)))
    answer = _one(document)
    assert (answer.kind, answer.certain, answer.assumed_words, answer.advice) == ("refused", True, True, "object_again")
    assert document.exit_code == 1


def test_the_newest_answer_counts(look: Look) -> None:
    """After a refusal and then an acceptance, the acceptance is where the account stands."""
    refusal = ACCEPTED.replace("will honor", "have decided not to honor")
    document = look(
        "both",
        signed(letter(date="Fri, 20 Nov 2026 10:00:00 +0000")),
        signed(letter(refusal, date="Thu, 19 Nov 2026 10:00:00 +0000")),
    )
    assert [answer.kind for answer in document.answers] == ["refused", "accepted"]
    assert document.exit_code == 0


def test_a_sender_that_the_user_knows_is_believed(
    look: Look, facebook: Correspondent, server: Dovecot, tmp_path: Path
) -> None:
    """A domain that no source names counts once the user has declared it, and only with its signature."""
    known = replace(facebook, senders=("mail.example.org",))
    raw = signed(letter(sender="Facebook <x@mail.example.org>"), "mail.example.org")
    server.deliver("declared", [raw])
    order = InboxOrder(
        _settings(server, "declared"), (ACCOUNT,), (known,), SINCE, tmp_path / "evidence", _keeper(tmp_path),
        look_up=names("mail.example.org"),
    )  # fmt: skip
    answer = _one(read_inbox(order))
    assert (answer.standing, answer.certain) == ("declared", True)


# Nothing is changed


def test_the_mailbox_is_as_it_was(look: Look, server: Dovecot) -> None:
    """Every message keeps its bytes, its file, its flags and its time; the server was asked to examine and peek only."""
    twice = signed(letter())  # once more it would carry the next second's time in its signature
    server.deliver("kept", [twice, letter("Lunch?", subject="Tuesday")])
    server.deliver("kept", [signed(letter(date="Tue, 17 Nov 2026 10:00:00 +0000"))], seen=True)
    server.deliver("kept", [twice], folder="Meta")
    before = server.messages("kept")
    flags = _flags(server, "kept")
    server.forget_commands()
    document = look("kept", folders=("INBOX", "Meta"))
    commands = server.commands()
    assert len(document.answers) == 2, "one message in two folders is one answer"
    assert server.messages("kept") == before
    assert len(before) == 4
    assert _flags(server, "kept") == flags
    words = {" ".join(command.split()[:2]).upper() for command in commands}
    assert {word.split()[0] for word in words} <= {"EXAMINE", "UID", "LOGOUT", "CAPABILITY"}
    assert {word for word in words if word.startswith("UID")} == {"UID SEARCH", "UID FETCH"}
    fetched = [command for command in commands if "FETCH" in command.upper()]
    assert fetched
    assert all("BODY.PEEK[" in command and "BODY[" not in command for command in fetched)
    assert sum(command.upper().startswith("EXAMINE") for command in commands) == 2


def _flags(server: Dovecot, user: str) -> list[tuple[str, ...]]:
    """Flags of every message, as another client sees them."""
    import imaplib

    client = imaplib.IMAP4("127.0.0.1", server.plain_port, timeout=10)
    client.login(user, PASSWORD)
    client.select("INBOX", readonly=True)
    _, found = client.fetch("1:*", "(FLAGS)")
    client.logout()
    return [tuple(sorted(imaplib.ParseFlags(item))) for item in found if isinstance(item, bytes)]  # type: ignore[misc]


# Bounds


@pytest.mark.thorough
def test_a_huge_mailbox_is_read_within_bounds(look: Look) -> None:
    """Of thousands of messages only the newest headers are read, and what is left out is said."""
    many = [letter(f"No {n}", sender="list@news.example", subject=f"News {n}") for n in range(1500)]
    document = look(
        "huge", signed(letter()), *many, signed(letter(date="Fri, 20 Nov 2026 10:00:00 +0000")), max_messages=500
    )
    seen = document.folders[0]
    assert (seen.messages, seen.looked_at, seen.opened, seen.complete) == (1502, 500, 1, False)
    assert len(document.answers) == 1


def test_a_message_that_is_too_large_is_not_fetched(look: Look, server: Dovecot) -> None:
    """A message of megabytes is told by its header alone, and never taken for a forgery."""
    server.forget_commands()
    answer = _one(look("large", letter("x" * 2_100_000)))
    assert (answer.kind, answer.why, answer.signature.reason) == ("unclassified", "unreadable", "not_fetched")
    assert (answer.message_sha256, answer.advice) == ("", "read")
    assert not any("BODY.PEEK[]" in command for command in server.commands())


def test_only_the_days_asked_for_are_looked_at(look: Look, server: Dovecot) -> None:
    """What arrived before the first day is not even listed."""
    import os

    server.deliver("days", [signed(letter())])
    for path in (server.folder / "mail" / "days").rglob("new/*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # a Maildir's date of arrival, in 2023
    document = look("days")
    assert (document.folders[0].messages, document.answers, document.exit_code) == (0, (), 3)


# What is kept


def _bundle(document: InboxDocument) -> Path:
    assert document.bundle is not None
    return Path(document.output) / document.bundle.path


def test_what_is_kept_is_masked_and_listed(look: Look) -> None:
    """The bundle holds each message without names, addresses, numbers and link parameters; the statement counts them."""
    text = ACCEPTED.replace("Hi Lou,", f"Hi Lou,\n\nA word first.\n\n{LOU}, case 4711 0815 4711,") + f"\n{PASSWORD}\n"
    raw = signed(letter(text))
    document = look("masks", raw)
    folder = _bundle(document)
    kept = {path.name: path.read_bytes() for path in (folder / "data").iterdir()}
    assert set(kept) == {"inbox.json", "message-01.json"}
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode()
    for secret in (LOU, "Hi Lou", PASSWORD):
        assert secret not in everything
    assert not re.search(r"(?<![\w+/])4711(?![\w+/=])", everything), "any digest may hold four such digits"
    message = json.loads(kept["message-01.json"])
    assert message["message_sha256"] == hashlib.sha256(raw).hexdigest()
    assert message["sender_domain"] == "facebook.com"
    assert "[e-mail]" in everything
    assert json.loads(kept["inbox.json"])["answers"][0]["file"] == "data/message-01.json"
    masks = json.loads((folder / "seal/statement.json").read_text())["predicate"]["masks"]
    counted = {"email": "[e-mail]", "id": "[number]", "name": "[name]"}
    assert masks == {rule: everything.count(mark) for rule, mark in counted.items()}
    assert not list(folder.parent.glob("*.partial"))


def test_a_folder_that_cannot_be_written_is_named(
    look: Look, server: Dovecot, facebook: Correspondent, tmp_path: Path
) -> None:
    """Where the output folder is none, the message names it and nothing half-written stays."""
    (tmp_path / "file").write_text("")
    order = InboxOrder(
        _settings(server, "nowhere"), (ACCOUNT,), (facebook,), SINCE, tmp_path / "file", look_up=names(),
        keeper=Keeper(Sealer(Keys(tmp_path / "keys"), (), Ledger(tmp_path / "file"))),
    )  # fmt: skip
    server.deliver("nowhere", [])
    with pytest.raises(OutputError, match="cannot be written"):
        read_inbox(order)


# Ways in, and ways not to get in


def test_starttls_and_unencrypted_work_on_this_machine(look: Look, server: Dovecot) -> None:
    """The same answer comes over STARTTLS, and without encryption on loopback."""
    for security in ("starttls", "none"):
        answer = _one(look(f"by-{security}", signed(letter()), security=security, port=server.plain_port))
        assert answer.certain


def test_a_password_beyond_ascii_gets_in_or_is_refused_cleanly(look: Look) -> None:
    """A password with letters that old IMAP cannot quote is sent in the other way, and never shown."""
    with pytest.raises(MailboxUnavailable) as caught:
        look("accents", password=SecretStr("pässword-of-nobody"))
    assert "does not accept the sign-in" in str(caught.value)
    assert "of-nobody" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": SecretStr("wrong-of-nobody")}, ["does not accept the sign-in", "TEMOIN_MAILBOX__USERNAME"]),
        ({"ca_file": None}, ["certificate is not trusted", "ca_file"]),
        ({"folders": ("Missing",)}, ["no folder Missing", "`folders`"]),
        ({"port": 1}, ["cannot be reached", "`port`"]),
        ({"host": "localhost"}, ["certificate is not trusted"]),
        ({"password": None}, ["no secrets to sign in with", "TEMOIN_MAILBOX__USERNAME"]),
        ({"host": None}, ["no mailbox is configured", "[mailbox]"]),
        ({"ca_file": Path("/nowhere.pem")}, ["/nowhere.pem", "ca_file"]),
    ],
)  # fmt: skip
def test_what_keeps_us_out_is_said(look: Look, changes: dict[str, Any], words: list[str]) -> None:
    """Each thing that can be wrong with the way in is one message that says what to do, without a secret."""
    from automation.core.errors import ConfigurationError

    with pytest.raises(ConfigurationError) as caught:
        look("locked-out", **changes)
    said = str(caught.value)
    assert all(word in said for word in words), said
    assert "of-nobody" not in said
