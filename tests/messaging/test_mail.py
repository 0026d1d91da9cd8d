"""
Whole messages as services, relays and forgers make them, read from a real Dovecot in one look.

`mail/expected.toml` says what a careful person says of each; it was written before any of them was read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dns.resolver
import pytest
from pydantic import SecretStr

import flows
from automation.app import inbox as inbox_words
from automation.core import mail as answers
from automation.core.mail import InboxDocument, MailAnswer, Recipients, SignatureReason
from automation.core.settings import MailboxSettings
from automation.core.verdicts import Verdict
from automation.messaging.inbox import Addressee, InboxOrder, read_inbox
from automation.messaging.keeping import Keeper
from automation.messaging.reading import Correspondent
from automation.messaging.signatures import look_up_txt
from automation.reports.as_json import schema_of
from automation.storage.sqlite import NAME, SqliteHistory
from tests import json_schemas
from tests.builders import a_document, a_result
from tests.cli.conftest import Answer, Program, _own_place, temoin
from tests.evidence.building import Place
from tests.messaging.dovecot import PASSWORD, Dovecot
from tests.messaging.mail import ACCEPTED, LOU, Arrived, arrived, letter, name_server, published, record, signed

__all__ = ["_own_place", "temoin"]

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


CONFIG = """
[[accounts]]
name = "lou-facebook"
flow = "facebook.ai_objection"
owner = "Atelier Dupont"
identity = "100080000000000"

[mailbox]
host = "127.0.0.1"
port = {port}
ca_file = "{certificate}"

[mailbox.addresses]
lou-facebook = "{address}"
"""


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """The resolver of this process, which asks the test's own name server and no other."""
    with name_server({"s1._domainkey.facebook.com": record()}) as port:
        found = dns.resolver.get_default_resolver()
        found.nameservers, found.port = ["127.0.0.1"], port
        yield found
    dns.resolver.reset_default_resolver()


@pytest.fixture
def run(server: Dovecot, resolver: dns.resolver.Resolver, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Calls the program in a folder of its own, for one user of the server."""
    monkeypatch.setenv("XDG_DATA_HOME", str(Path("data").absolute()))
    text = CONFIG.format(port=server.tls_port, certificate=server.certificate, address=LOU)
    Path("temoin.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("TEMOIN_MAILBOX__PASSWORD", PASSWORD)

    def act(user: str, *arguments: str) -> Answer:
        monkeypatch.setenv("TEMOIN_MAILBOX__USERNAME", user)
        return temoin(*arguments)

    return act


def test_an_answer_is_told_in_both_languages(run: Program, server: Dovecot) -> None:
    """A person reads what was answered, to whom, by whom it is signed, what to do, and that no verdict changes."""
    server.deliver("cli", [signed(letter()), letter("Lunch?", subject="Tuesday")])
    english = run("cli", "object", "mail", "--since", "2026-11-01")
    assert english.code == 0, english
    assert "lou-facebook · accepted · 18 November 2026" in english.out
    assert "from facebook.com (the service’s own domain); signature valid" in english.out
    assert "A message changes no verdict" in english.out
    french = run("cli", "--lang", "fr", "object", "mail", "--since", "2026-11-01")
    assert "lou-facebook · acceptée · 18 novembre 2026" in french.out
    assert "signature valide" in french.out
    assert "Conservez le message" in french.out
    for said in (english.out, english.err, french.out, french.err):
        assert LOU not in said
        assert PASSWORD not in said


def test_a_forgery_never_reads_like_an_answer(run: Program, server: Dovecot) -> None:
    """What a message without a true signature says stands there as its claim, with the warning below it."""
    server.deliver("cli-forged", [letter()])
    said = run("cli-forged", "--lang", "fr", "object", "mail", "--since", "2026-11-01").out
    assert "lou-facebook · dit «\u00a0acceptée\u00a0», pas certain · 18 novembre 2026" in said
    assert "Tenez-le pour un faux" in said
    assert "Pas de réponse certaine pour\u00a0: lou-facebook" in said


def test_json_is_one_document(run: Program, server: Dovecot) -> None:
    """`--json` prints the document and nothing else; it follows its schema, and its sealed copy verifies."""
    server.deliver("cli-json", [signed(letter(ACCEPTED.replace("will honor", "won't honor")))])
    ended = run("cli-json", "object", "mail", "--json", "--since", "2026-11-01")
    assert ended.code == 1, ended
    document: dict[str, Any] = json.loads(ended.out)
    assert document["schema"] == "temoin.inbox/1"
    assert document["answers"][0]["kind"] == "refused"
    json_schemas.follow(document, schema_of(InboxDocument, "temoin.inbox/1"))
    bundle = Path(document["output"]) / document["bundle"]["path"]
    sealed = json.loads((bundle / "data/inbox.json").read_text())
    assert sealed == {**document, "bundle": None, "output": ""}
    ended = run("cli-json", "verify", str(bundle), "--allow-unstamped")
    assert ended.code == 0, ended
    assert "a look into a mailbox" in ended.out
    assert LOU not in ended.out


def test_an_empty_mailbox_is_incomplete(run: Program, server: Dovecot) -> None:
    """No answer is exit 3, and the accounts without one are named."""
    server.deliver("cli-empty", [])
    ended = run("cli-empty", "object", "mail", "lou-facebook")
    ended.ended(3, out=("No message speaks of an objection.", "No certain answer for: lou-facebook"))


def test_the_history_tells_what_an_answer_cannot_answer(run: Program, server: Dovecot) -> None:
    """A message older than the last check that found no objection is not taken for an answer to a later one."""
    server.deliver("cli-history", [signed(letter())])
    found_none = a_result("lou-facebook", Verdict.NOT_OBJECTED, finished_at=datetime(2026, 11, 20, tzinfo=UTC))
    Path("temoin-evidence").mkdir()
    with SqliteHistory(Path("temoin-evidence") / NAME) as history:
        history.record(a_document(found_none))
    ended = run("cli-history", "object", "mail", "--since", "2026-11-01")
    ended.ended(3, out=("no account · says “accepted”, not certain"))
    (Path("temoin-evidence") / NAME).write_bytes(b"no history at all, and long enough to be looked at")
    ended = run("cli-history", "object", "mail", "--since", "2026-11-01")
    ended.ended(0, "matched without the history")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("host = ", "# host = "), ["no mailbox is configured"]),
        (("[mailbox]\n", '[mailbox]\nsenders = {facebok = ["a.example"]}\n'), ['"facebok"', "facebook"]),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_one_message(run: Program, change: tuple[str, str], words: list[str]) -> None:
    """What is missing or wrong is said with what to do, and ends with exit 2."""
    path = Path("temoin.toml")
    path.write_text(path.read_text().replace(*change))
    ended = run("cli", "object", "mail")
    assert ended.code == 2
    assert all(word in ended.err for word in words), ended.err


def test_without_a_configuration_that_is_said(run: Program) -> None:
    """Without accounts there is nobody whose answer could be looked for."""
    Path("temoin.toml").unlink()
    ended = run("cli", "object", "mail")
    ended.ended(2, "temoin.toml")


def test_everything_found_has_words() -> None:
    """Each kind, reason, standing, basis and advice can be said."""
    tables: list[tuple[Any, Any]] = [
        (inbox_words.KINDS, answers.AnswerKind), (inbox_words.WHY, answers.MailDoubt), (inbox_words.ORIGINS, answers.Origin),
        (inbox_words.STANDINGS, answers.SenderTrust), (inbox_words.SIGNATURES, answers.SignatureReason),
        (inbox_words.BASES, answers.MatchBasis), (inbox_words.ADVICE, answers.MailAdvice),
    ]  # fmt: skip
    for table, known in tables:
        assert set(table) == set(known)


def test_keys_are_looked_up_by_real_dns(resolver: dns.resolver.Resolver) -> None:
    """A long key comes whole, an unknown name is none, and silence is told from both."""
    assert look_up_txt("s1._domainkey.facebook.com", resolver=resolver) == record()
    assert look_up_txt("s2._domainkey.facebook.com", resolver=resolver) is None
    silent = dns.resolver.Resolver(configure=False)
    silent.nameservers, silent.port = ["127.0.0.1"], 1
    with pytest.raises(OSError, match="no name server answers"):
        look_up_txt("s1._domainkey.facebook.com", 0.3, silent)
