"""
The commands of a fleet, as a person and a service manager call them; one of them through real visits.

Real: the program, PostgreSQL, the store's folder, and in the last test the browser, the guard and the replica's
server. Not real: the services.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from automation.authoring.replica import Replica
from automation.core.accounts import subject
from automation.core.cases import CaseState
from automation.evidence.formats.signed import sha256_of
from automation.session.saved import SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key
from automation.storage.books import CaseBook
from automation.storage.postgres import DatabaseAddress, connect
from tests import postgres
from tests.cli.conftest import Program
from tests.cli.test_check import IDENTITY_KEY, SITES, actor_of, write_configuration
from tests.turns import HANGING_S

ACCOUNT = """
[[accounts]]
name = "atelier-{0}"
flow = "{0}.ai_objection"
identity = "100081234509800"
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> DatabaseAddress:
    """An empty database, named by its variable, and two accounts in the configuration."""
    Path("temoin.toml").write_text(
        '[fleet]\nstore = "store"\nvisits_per_hour = { facebook = 120 }\n'
        + "".join(ACCOUNT.format(service) for service in ("facebook", "instagram"))
    )
    made = postgres.shared().database()
    monkeypatch.setenv("TEMOIN_FLEET__DATABASE", made.url)
    return made


def test_from_an_empty_database_to_a_fleet_and_back(place: DatabaseAddress, temoin: Program) -> None:
    """Make the tables, hand accounts over, see them, take one out: each command says what it did."""
    before = temoin("fleet", "enqueue")
    assert (before.code, "temoin fleet migrate" in before.err) == (2, True)
    assert "migrations applied" in temoin("fleet", "migrate").out
    assert "up to date" in temoin("fleet", "migrate").out
    assert temoin("fleet", "enqueue").out == "2 accounts handed over, 0 brought up to date\n"
    assert json.loads(temoin("fleet", "enqueue", "atelier-facebook", "--now", "--json").out) == {
        "schema": "temoin.enqueued/1", "new": [], "known": ["atelier-facebook"],
    }  # fmt: skip
    with connect(place) as connection:
        assert connection.execute("SELECT name, per_hour FROM services ORDER BY 1").fetchall() == [
            ("facebook", 120.0), ("instagram", 60.0),
        ]  # fmt: skip
    stands = temoin("fleet", "status", "--json")
    found = json.loads(stands.out)
    assert stands.code == 3, "nobody works"
    assert [(one["name"], one["accounts"], one["due"]) for one in found["services"]] == [
        ("facebook", 1, 1), ("instagram", 1, 1),
    ]  # fmt: skip
    assert temoin("fleet", "retire", "atelier-instagram").out == "Taken out: atelier-instagram\n"
    gone = temoin("fleet", "retire", "atelier-instagram")
    assert (gone.code, "has no account atelier-instagram" in gone.err) == (2, True)


@pytest.mark.parametrize(("lang", "words"), [("en", "waits for a person"), ("fr", "attend une personne")])
def test_status_is_read_at_80_columns_in_both_languages(
    place: DatabaseAddress, temoin: Program, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    """Services, workers and those who need a person fit a small terminal; a name cannot paint on it."""
    temoin("fleet", "migrate")
    temoin("fleet", "enqueue")
    with connect(place) as connection:
        connection.execute("UPDATE accounts SET waits_for = 'two_factor' WHERE name = 'atelier-facebook'")
        connection.execute(
            "INSERT INTO workers (name, pool, contexts, version, ahead_s) VALUES ('machine-17', 'main', 4, '1.0', 0.2)"
        )
    monkeypatch.setenv("COLUMNS", "80")
    said = temoin("fleet", "--lang", lang)
    assert said.code == 3
    assert max(map(len, said.out.splitlines())) <= 80
    for word in (words, "two_factor", "machine-17", "temoin fleet enqueue"):
        assert word in said.out
    with connect(place) as connection:
        connection.execute("UPDATE accounts SET waits_for = 'guard_blocked' WHERE name = 'atelier-facebook'")
    assert temoin("fleet").code == 4


@pytest.mark.parametrize(
    ("arguments", "change", "words"),
    [
        (("fleet", "enqueue"), {"TEMOIN_FLEET__DATABASE": ""}, "no database of a fleet is configured"),
        (("fleet",), {"TEMOIN_FLEET__DATABASE": "postgresql://a:hush-hush@127.0.0.1:1/x"}, "cannot be reached"),
        (("fleet", "work"), {"TEMOIN_FLEET__DATABASE": "postgresql://a:hush-hush@127.0.0.1:1/x"}, "cannot be reached"),
        (("history", "--fleet"), {"TEMOIN_FLEET__DATABASE": "postgresql://a:hush-hush@127.0.0.1:1/x"}, "cannot be"),
        (("fleet", "work"), {"TEMOIN_FLEET__STORE": "carrier-pigeon://roof"}, "store cannot be used"),
        (("fleet", "work", "--upkeep-only", "--visits-only"), {}, "nothing to do"),
    ],
)
def test_what_is_missing_is_said_at_once(
    place: DatabaseAddress,
    temoin: Program,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    change: dict[str, str],
    words: str,
) -> None:
    """Database or store missing, away or wrong: one message with what to do, exit 2, and no password in it."""
    del place
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    said = temoin(*arguments)
    said.ended(2, words, "→")
    assert "hush-hush" not in said.err + said.out


def test_an_account_that_signs_in_by_password_needs_a_choice(place: DatabaseAddress, temoin: Program) -> None:
    """Handing one over is refused until [fleet] allows it."""
    del place
    temoin("fleet", "migrate")
    path = Path("temoin.toml")
    path.write_text(path.read_text() + 'sign_in = "password"\n')
    said = temoin("fleet", "enqueue")
    assert (said.code, "atelier-instagram" in said.err, "passwords = true" in said.err) == (2, True, True)
    path.write_text(path.read_text().replace("[fleet]\n", "[fleet]\npasswords = true\n"))
    assert temoin("fleet", "enqueue").code == 0


@pytest.mark.browser
@pytest.mark.rare
async def test_a_worker_visits_with_saved_sessions(
    tmp_path: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Accounts with sessions in the worker's vault: visited, proven in the store, and in the fleet's history.

    One of them is signed out at the service: it waits for a person, and nobody signs it in. Of one an objection has had
    no decision in time, which is a finding there, too.
    """
    people = {
        "good": actor_of("facebook", "accepted"),
        "signed-out": actor_of("facebook", "session_dead"),
        "late": actor_of("facebook", "under_review"),
    }
    book, at = CaseBook(tmp_path / "evidence"), datetime.now(UTC) - timedelta(days=31)
    book.leaving(book.begin("late", "facebook.ai_objection", "6359191084165019", by="anne", at=at), at)
    place = postgres.shared().migrated()
    secret, _ = new_key()
    environment = {
        "TEMOIN_FLEET__DATABASE": place.url,
        "TEMOIN_FLEET__STORE": str(tmp_path / "store"),
        "TEMOIN_VAULT_KEY": secret,
        "TEMOIN_IDENTITY_KEY": IDENTITY_KEY,
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    vault = Vault(tmp_path / "data" / "temoin" / "sessions", open_key(SecretStr(secret)))
    for name, actor in people.items():
        state: Any = SITES["facebook"].storage_state(actor)
        owner = subject(actor.identity, IDENTITY_KEY.encode())
        vault.store(SavedSession(name, "facebook", owner, datetime.now(UTC), None, state))
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica)
        path = tmp_path / "temoin.toml"
        path.write_text(path.read_text().replace('sign_in = "password"\n', ""))
        assert (await asyncio.to_thread(temoin, "fleet", "enqueue")).code == 0
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "automation", "fleet", "work", cwd=tmp_path, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        reading = asyncio.ensure_future(worker.stderr.read())  # type: ignore[union-attr]
        try:
            await asyncio.wait_for(_ended(place, len(people)), HANGING_S)
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(worker.wait(), HANGING_S) == 0
        finally:
            if worker.returncode is None:
                worker.kill()
            said = (await reading).decode()
        assert (replica.writes, replica.sign_ins) == ([], []), said
    with connect(place) as connection:
        rows = connection.execute("SELECT account, outcome, verdict, reason, evidence, evidence_sha256 FROM visits")
        found = {row[0]: row[1:] for row in rows}
    assert found["good"][:3] == ("done", "objected", None)
    assert found["signed-out"][:3] == ("done", "needs_human", "login_required")
    for *_, url, digest in found.values():
        assert sha256_of(Path(url)) == digest
    assert list((tmp_path / "evidence").glob("2*")) == [], "what is in the store is not on the worker's disk"
    verified = await asyncio.to_thread(temoin, "verify", found["good"][3], "--allow-unstamped")
    assert verified.code == 0
    past = json.loads((await asyncio.to_thread(temoin, "history", "--fleet", "--json")).out)
    stood = {entry["account"]: entry["change"]["now"]["outcome"] for entry in past["entries"]}
    assert stood == {"good": "ok", "signed-out": "incomplete", "late": "finding"}
    assert [event.state for event in book.cases()[0].events][-1] is CaseState.ACKNOWLEDGED
    stands = json.loads((await asyncio.to_thread(temoin, "fleet", "--json")).out)
    assert [(one["account"], one["waits_for"]) for one in stands["waiting"]] == [("signed-out", "login_required")]


async def _ended(place: DatabaseAddress, visits: int) -> None:
    def count() -> int:
        with connect(place) as connection:
            row = connection.execute("SELECT count(*) FROM visits WHERE outcome IS NOT NULL").fetchone()
            return int(row[0]) if row else 0

    while await asyncio.to_thread(count) < visits:  # noqa: ASYNC110 - another process changes the table
        await asyncio.sleep(0.2)
