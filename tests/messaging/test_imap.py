"""Ways in that Dovecot does not take here, and servers that misbehave: real sockets on loopback, scripted answers."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from automation.core.errors import MailboxUnavailable
from automation.core.settings import MailboxSettings
from automation.messaging.imap import opened
from tests.messaging.mail import imap

DAY = datetime(2026, 11, 1, tzinfo=UTC).date()


def _settings(port: int, **changes: object) -> MailboxSettings:
    given: dict[str, object] = {
        "host": "127.0.0.1", "port": port, "security": "none", "username": SecretStr("lou"),
        "password": SecretStr("pass-of-nobody"), "timeout_s": 1.0,
    }  # fmt: skip
    return MailboxSettings(**{**given, **changes})  # type: ignore[arg-type]


class Script:
    """Answers as a server does, but for what a test says; keeps what it was asked."""

    def __init__(self, **answers: str | None) -> None:
        self._answers = answers
        self.heard: list[str] = []

    def __call__(self, tag: str, command: str) -> str | None:
        """The answer to one command."""
        self.heard.append(command)
        word = command.split(maxsplit=1)[0].upper()
        if word == "UID":
            word = command.split()[1].upper()
        usual = {
            "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n{tag} OK done\r\n",
            "EXAMINE": "* 1 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n",
            "SEARCH": "* SEARCH 9 3\r\n{tag} OK done\r\n",
            "LOGOUT": "* BYE\r\n{tag} OK done\r\n",
        }
        said = self._answers.get(word, usual.get(word, "{tag} OK done\r\n"))
        return said.format(tag=tag) if said is not None else None


def test_a_token_signs_in_instead_of_a_password() -> None:
    """With a token, XOAUTH2 is used and the password is not sent."""
    script = Script(AUTHENTICATE="+ \r\n")
    sent: list[str] = []

    def answer(tag: str, command: str) -> str | None:
        if command == "":  # the second line of AUTHENTICATE is the token alone
            sent.append(tag)
            return f"{tags[0]} OK done\r\n"
        if command.startswith("AUTHENTICATE"):
            tags.append(tag)
        return script(tag, command)

    tags: list[str] = []
    with imap(answer) as port, opened(_settings(port, token=SecretStr("token-of-nobody"))) as mailbox:
        assert mailbox.folder("INBOX").since(DAY) == ["3", "9"]
    assert base64.b64decode(sent[0]) == b"user=lou\x01auth=Bearer token-of-nobody\x01\x01"
    assert not any("pass-of-nobody" in heard for heard in script.heard)
    assert script.heard[-1] == "LOGOUT"
    assert not any(heard.startswith("SELECT") for heard in script.heard)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Script(EXAMINE="{tag} OK [READ-WRITE] done\r\n"), "does not open the folder INBOX for reading only"),
        (Script(EXAMINE="{tag} NO not there\r\n"), "no folder INBOX"),
        (Script(LOGIN="{tag} NO pass-of-nobody is wrong\r\n"), "does not accept the sign-in"),
        (Script(LOGIN=None), "ended the connection"),
        (Script(LOGIN=""), "does not answer in time"),
        (Script(SEARCH="{tag} BAD what?\r\n"), "refuses what it is asked"),
        (Script(SEARCH="{tag} NO busy\r\n"), "refuses what it is asked"),
        (Script(FETCH="{tag} NO gone\r\n"), "cannot be read"),
        (Script(FETCH=None), "ended the connection"),
    ],
)
def test_what_a_server_does_wrong_is_one_message(script: Script, words: str) -> None:
    """A server that opens for writing, refuses, hangs or goes away is named as that, and no password is repeated."""
    with imap(script) as port, pytest.raises(MailboxUnavailable) as caught, opened(_settings(port)) as mailbox:  # noqa: PT012
        folder = mailbox.folder("INBOX")
        list(folder.headers(folder.since(DAY)))
    assert words in str(caught.value)
    assert "of-nobody" not in str(caught.value)


def test_without_encryption_nothing_is_said() -> None:
    """A server that offers no STARTTLS gets to hear neither name nor password."""
    script = Script()
    with imap(script) as port, pytest.raises(MailboxUnavailable, match="does not offer STARTTLS"):  # noqa: SIM117
        with opened(_settings(port, security="starttls")):
            pass
    assert not any("LOGIN" in heard or "lou" in heard for heard in script.heard)


def test_messages_are_found_whatever_the_order_of_an_answer() -> None:
    """Servers put number and size before or after a message's text, and tell news in between."""
    fetched = (
        "* 1 FETCH (UID 3 RFC822.SIZE 900 BODY[HEADER] {{6}}\r\nA: 1\r\n)\r\n"
        "* 7 FETCH (FLAGS (\\Seen))\r\n"
        "* 2 FETCH (BODY[HEADER] {{6}}\r\nA: 2\r\n UID 9 RFC822.SIZE 80)\r\n"
        "* 3 FETCH (UID 11 RFC822.SIZE 5 BODY[HEADER] {{6}}\r\nA: 3\r\n)\r\n{tag} OK done\r\n"
    )
    with imap(Script(FETCH=fetched)) as port, opened(_settings(port)) as mailbox:
        found = list(mailbox.folder("INBOX").headers(["3", "9"]))
    assert [(header.uid, header.raw, header.size_bytes) for header in found] == [
        ("3", b"A: 1\r\n", 900),
        ("9", b"A: 2\r\n", 80),
    ]
