"""
Whole messages as services, relays and forgers make them, read from a real Dovecot in one look.

`mail/expected.toml` says what a careful person says of each; it was written before any of them was read.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

import flows
from automation.core.mail import InboxDocument, MailAnswer, Recipients, SignatureReason
from automation.core.settings import MailboxSettings
from automation.messaging.inbox import Addressee, InboxOrder, read_inbox
from automation.messaging.keeping import Keeper
from automation.messaging.reading import Correspondent
from tests.evidence.building import Place
from tests.messaging.mailbox.dovecot import PASSWORD, Dovecot
from tests.messaging.mailbox.mail import Arrived, arrived, published

OWN_SERVER = "mx.atelier.example"
ADDRESSES = {
    "lou-facebook": ("lou@atelier.example", "l.martin@atelier.example", "contact@atelier.example"),
    "ana-facebook": ("ana@atelier.example",),
    "lou-instagram": ("lou.photo@atelier.example",),
}
MESSAGES = {message.name: message for message in arrived()}
BELIEVED = [name for name, message in MESSAGES.items() if message.believe and not message.new]
NOT_BELIEVED = [name for name, message in MESSAGES.items() if not message.believe or message.new]


@pytest.fixture(scope="module")
def looked(server: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> InboxDocument:
    """One look at a mailbox that holds every message."""
    folder = tmp_path_factory.mktemp("mail")
    server.deliver("all", [message.raw for message in MESSAGES.values()])
    known = flows.load()
    services = [
        Correspondent.of(known[f"{name}.ai_objection"].site, known[f"{name}.ai_objection"].labels, senders)
        for name, senders in {"facebook": ("meta-mail.example",), "instagram": ()}.items()
    ]
    order = InboxOrder(
        settings=MailboxSettings(
            host="127.0.0.1", port=server.tls_port, ca_file=server.certificate, username=SecretStr("all"),
            password=SecretStr(PASSWORD), timeout_s=10, authserv_ids=(OWN_SERVER,),
        ),
        addressees=[
            Addressee(account, f"{service}.ai_objection", service, addresses)
            for account, addresses in ADDRESSES.items()
            for service in [account.partition("-")[2]]
        ],
        services=services, since=datetime(2026, 11, 1, tzinfo=UTC), output=folder / "evidence",
        keeper=Keeper(Place(folder).sealer, (PASSWORD,)), look_up=published(),
    )  # fmt: skip
    return read_inbox(order)


def _answer(looked: InboxDocument, message: Arrived) -> MailAnswer | None:
    digest = hashlib.sha256(message.raw).hexdigest()
    return next((answer for answer in looked.answers if answer.message_sha256 == digest), None)


def _named(looked: InboxDocument, name: str) -> MailAnswer:
    found = _answer(looked, next(message for key, message in MESSAGES.items() if name in key))
    assert found is not None
    return found


@pytest.mark.parametrize("name", BELIEVED)
def test_a_genuine_answer_is_certain(looked: InboxDocument, name: str) -> None:
    """What a careful person would rely on is told as certain where all its words are known: its kind and its account."""
    message, answer = MESSAGES[name], _answer(looked, MESSAGES[name])
    assert answer is not None
    assert (answer.certain, answer.kind, answer.account) == (True, message.says, message.account)


@pytest.mark.parametrize("name", NOT_BELIEVED)
def test_nothing_else_is_certain(looked: InboxDocument, name: str) -> None:
    """Forged, altered, passed on, for somebody else, not plain or in new words: never certain."""
    answer = _answer(looked, MESSAGES[name])
    assert answer is None or not answer.certain


@pytest.mark.parametrize("name", [name for name, message in MESSAGES.items() if message.genuine])
def test_nothing_genuine_is_called_a_forgery(looked: InboxDocument, name: str) -> None:
    """A person is never told to take the service's own message for a forgery."""
    answer = _answer(looked, MESSAGES[name])
    assert answer is None or answer.advice != "beware"


def test_whom_a_message_was_really_sent_to_is_told(looked: InboxDocument) -> None:
    """Written to, delivered to and neither are told apart, by account."""
    assert _named(looked, "alias.eml").recipients == Recipients(("lou-facebook",), ("lou-facebook",))
    assert _named(looked, "shared-mailbox").recipients == Recipients(("ana-facebook",), ("ana-facebook",))
    assert _named(looked, "replayed-to-another").recipients == Recipients((), ("lou-facebook",), others=True)
    assert _named(looked, "bcc-direct").recipients == Recipients((), ("lou-facebook",))
    assert _named(looked, "two-recipients").recipients.written_to == ("lou-facebook", "ana-facebook")


def test_how_a_message_is_known_to_be_true_is_told(looked: InboxDocument) -> None:
    """A signature that was checked here to the end is told from one that the user's own server vouches for."""
    reasons = {
        "en-plain-postfix": SignatureReason.VALID,
        "content-type-unsigned-plain": SignatureReason.REPORTED,
        "key-gone": SignatureReason.REPORTED,
        "spf-only": SignatureReason.REPORTED,
        "tagged-by-own-server": SignatureReason.REPORTED,
        "content-type-changed": SignatureReason.PARTIAL,
        "length-tag-appended": SignatureReason.PARTIAL,
        "forged-unsigned": SignatureReason.NOT_SIGNED,
    }
    found = {name: _named(looked, name).signature for name in reasons}
    assert {name: signature.reason for name, signature in found.items()} == reasons
    reported = [signature for signature in found.values() if signature.reason is SignatureReason.REPORTED]
    assert {signature.by for signature in reported} == {OWN_SERVER}


def test_no_address_and_no_name_is_kept(looked: InboxDocument) -> None:
    """The sealed messages and answers hold no recipient's address and not the name of a person who is written to."""
    assert looked.bundle is not None
    folder = Path(looked.output) / looked.bundle.path
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode()
    for secret in (PASSWORD, *(address for addresses in ADDRESSES.values() for address in addresses), "Hi Lou"):
        assert secret not in kept
