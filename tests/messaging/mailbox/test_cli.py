"""
`temoin inbox` from the command line: a real Dovecot, a real configuration, real DNS on loopback, real signatures.

What is not real: the service. Its key is published by a name server of the test's own.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dns.resolver
import jsonschema
import pytest
from loguru import logger
from typer.testing import CliRunner, Result

from automation.cli import app
from automation.cli.inbox import lines as inbox_words
from automation.cli.shared import logs
from automation.domain import mail as answers
from automation.domain.mail import InboxDocument
from automation.domain.verdicts import Verdict
from automation.messaging.mailbox.signatures import look_up_txt
from automation.reports.as_json import schema_of
from automation.storage.history import SqliteHistory
from automation.storage.history.sqlite import NAME
from automation.text.redaction import Redactor
from tests.builders import a_document, a_result
from tests.messaging.mailbox.dovecot import PASSWORD, Dovecot
from tests.messaging.mailbox.letters import ACCEPTED, LOU, letter, record, signed
from tests.messaging.mailbox.scripted import name_server

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
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks the test's own name server and no other."""
    with name_server({"s1._domainkey.facebook.com": record()}) as port:
        found = dns.resolver.Resolver(configure=False)
        found.nameservers, found.port = ["127.0.0.1"], port
        yield found


@pytest.fixture
def run(
    server: Dovecot, resolver: dns.resolver.Resolver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Calls the program in a folder of its own, for one user of the server."""
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in [name for name in os.environ if name.upper().startswith("TEMOIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    text = CONFIG.format(port=server.tls_port, certificate=server.certificate, address=LOU)
    Path("temoin.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("TEMOIN_MAILBOX__PASSWORD", PASSWORD)

    def act(user: str, *arguments: str) -> Result:
        monkeypatch.setenv("TEMOIN_MAILBOX__USERNAME", user)
        return CliRunner().invoke(app, list(arguments))

    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield act
    logger.remove()
    root.handlers[:], root.level = before
    logs._current = Redactor()


def test_an_answer_is_told_in_both_languages(run: Run, server: Dovecot) -> None:
    """A person reads what was answered, to whom, by whom it is signed, what to do, and that no verdict changes."""
    server.deliver("cli", [signed(letter()), letter("Lunch?", subject="Tuesday")])
    english = run("cli", "inbox", "--since", "2026-11-01")
    assert english.exit_code == 0, english.output
    assert "lou-facebook · accepted · 18 November 2026" in english.stdout
    assert "from facebook.com (the service’s own domain); signature valid" in english.stdout
    assert "A message changes no verdict" in english.stdout
    french = run("cli", "--lang", "fr", "inbox", "--since", "2026-11-01")
    assert "lou-facebook · acceptée · 18 novembre 2026" in french.stdout
    assert "signature valide" in french.stdout
    assert "Conservez le message" in french.stdout
    for said in (english.output, french.output):
        assert LOU not in said
        assert PASSWORD not in said


def test_a_forgery_never_reads_like_an_answer(run: Run, server: Dovecot) -> None:
    """What a message without a true signature says stands there as its claim, with the warning below it."""
    server.deliver("cli-forged", [letter()])
    said = run("cli-forged", "--lang", "fr", "inbox", "--since", "2026-11-01").stdout
    assert "lou-facebook · dit «\u00a0acceptée\u00a0», pas certain · 18 novembre 2026" in said
    assert "Tenez-le pour un faux" in said
    assert "Pas de réponse certaine pour\u00a0: lou-facebook" in said


def test_json_is_one_document(run: Run, server: Dovecot) -> None:
    """`--json` prints the document and nothing else; it follows its schema, and its sealed copy verifies."""
    server.deliver("cli-json", [signed(letter(ACCEPTED.replace("will honor", "won't honor")))])
    ended = run("cli-json", "inbox", "--json", "--since", "2026-11-01")
    assert ended.exit_code == 1, ended.output
    document: dict[str, Any] = json.loads(ended.stdout)
    assert document["schema"] == "temoin.inbox/1"
    assert document["answers"][0]["kind"] == "refused"
    jsonschema.validate(document, schema_of(InboxDocument, "temoin.inbox/1"))
    bundle = Path(document["output"]) / document["bundle"]["path"]
    sealed = json.loads((bundle / "data/inbox.json").read_text())
    assert sealed == {**document, "bundle": None, "output": ""}
    ended = run("cli-json", "verify", str(bundle), "--allow-unstamped")
    assert ended.exit_code == 0, ended.output
    assert "a look into a mailbox" in ended.stdout
    assert LOU not in ended.stdout


def test_an_empty_mailbox_is_incomplete(run: Run, server: Dovecot) -> None:
    """No answer is exit 3, and the accounts without one are named."""
    server.deliver("cli-empty", [])
    ended = run("cli-empty", "inbox", "lou-facebook")
    assert ended.exit_code == 3
    assert "No message speaks of an objection." in ended.stdout
    assert "No certain answer for: lou-facebook" in ended.stdout


def test_the_history_tells_what_an_answer_cannot_answer(run: Run, server: Dovecot) -> None:
    """A message older than the last check that found no objection is not taken for an answer to a later one."""
    server.deliver("cli-history", [signed(letter())])
    found_none = a_result("lou-facebook", Verdict.NOT_OBJECTED, finished_at=datetime(2026, 11, 20, tzinfo=UTC))
    Path("temoin-evidence").mkdir()
    with SqliteHistory(Path("temoin-evidence") / NAME) as history:
        history.record(a_document(found_none))
    ended = run("cli-history", "inbox", "--since", "2026-11-01")
    assert ended.exit_code == 3
    assert "no account · says “accepted”, not certain" in ended.stdout
    (Path("temoin-evidence") / NAME).write_bytes(b"no history at all, and long enough to be looked at")
    ended = run("cli-history", "inbox", "--since", "2026-11-01")
    assert ended.exit_code == 0
    assert "matched without the history" in ended.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("host = ", "# host = "), ["no mailbox is configured"]),
        (("[mailbox]\n", '[mailbox]\nsenders = {facebok = ["a.example"]}\n'), ['"facebok"', "facebook"]),
    ],
)  # fmt: skip
def test_a_wrong_configuration_is_one_message(run: Run, change: tuple[str, str], words: list[str]) -> None:
    """What is missing or wrong is said with what to do, and ends with exit 2."""
    path = Path("temoin.toml")
    path.write_text(path.read_text().replace(*change))
    ended = run("cli", "inbox")
    assert ended.exit_code == 2
    assert all(word in ended.stderr for word in words), ended.stderr


def test_without_a_configuration_that_is_said(run: Run) -> None:
    """Without accounts there is nobody whose answer could be looked for."""
    Path("temoin.toml").unlink()
    ended = run("cli", "inbox")
    assert ended.exit_code == 2
    assert "temoin.toml" in ended.stderr


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
