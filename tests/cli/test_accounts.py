"""`temoin account`: what it lists, and what it changes in `temoin.toml` and among the sessions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation.app.setup import vault_of
from automation.cli import terminal
from automation.config import load
from automation.core.policy import day_of
from automation.core.verdicts import Verdict
from automation.session.vault_keys import new_key
from tests.builders import a_result
from tests.cli.conftest import Program
from tests.cli.test_report import CONFIG, a_stored_run
from tests.session.vault.builders import a_session

FILE = Path("temoin.toml")
UNTIL = (day_of(datetime.now(UTC)) + timedelta(days=90)).isoformat()
ACCEPT = ("account", "accept", "a", "--until", UNTIL, "--reason", "A complaint is under way.")


@pytest.fixture(autouse=True)
def _two_accounts(tmp_path: Path, no_keyring: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """`a`, which is refused and has a session, and `b`; a person of whom nothing is known yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", new_key()[0])
    FILE.write_text(f"# mine\n{CONFIG}", encoding="utf-8")
    a_stored_run(1, a_result("a", Verdict.REFUSED))
    vault_of(load(FILE, for_signing_in=False)).store(a_session(account="a"))


def test_accounts_are_listed_with_their_sessions(temoin: Program) -> None:
    """With what they are called and whether a session is kept; one that belongs to none stands there, too."""
    vault_of(load(FILE, for_signing_in=False)).store(a_session(account="of-nobody"))
    temoin("account", "rename", "b", "Claire Dupont").ended(0, out=("called Claire Dupont",))
    temoin("account", "list").ended(0, out=("Claire Dupont", "of-nobody", "facebook"))
    plain = json.loads(temoin("account", "list", "--json").out)
    listed = {one["name"]: one for one in plain["accounts"]}
    assert (listed["a"]["session"], listed["b"]["session"]) == ("a", None)
    assert listed["b"]["called"] == "Claire Dupont"
    assert "identity" not in listed["a"]
    assert {one["account"] for one in plain["sessions"]} == {"a", "of-nobody"}


def test_an_account_is_called_otherwise(temoin: Program) -> None:
    """The file says so, with what stood there; nothing takes it back, and an account that is none is refused."""
    temoin("account", "rename", "a", "Claire Dupont").ended(0)
    assert load(FILE, for_signing_in=False).accounts[0].called == "Claire Dupont"
    assert FILE.read_text(encoding="utf-8").startswith("# mine\n")
    assert temoin("account", "rename", "a", "").out == "a: called a from now on.\n"
    assert load(FILE, for_signing_in=False).accounts[0].called == ""
    temoin("account", "rename", "nobody", "x").ended(2, "nobody")


def test_the_newest_answer_is_accepted_until_a_day(temoin: Program) -> None:
    """By whom and why; the verdict that is stored, or the one that is named; not over, and not of nothing."""
    temoin(*ACCEPT, "--by", "Lou Dupont").ended(0, out=("Refused",))
    (one,) = load(FILE, for_signing_in=False).policy.exemptions
    assert (one.account, one.verdict, one.owner, one.until.isoformat()) == ("a", Verdict.REFUSED, "Lou Dupont", UNTIL)
    assert temoin("report", "--format", "json", "--exit-code").code == 0
    temoin(*ACCEPT, "--answer", "pending", "--by", "Lou").ended(0)
    temoin("account", "accept", "b", *ACCEPT[3:], "--by", "Lou").ended(2, "there is no answer yet")
    temoin(*ACCEPT[:3], "--until", "2020-01-01", "--reason", "x", "--by", "Lou").ended(2, "is over")
    assert len(load(FILE, for_signing_in=False).policy.exemptions) == 2


def test_who_speaks_is_asked_for_once(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal `--by` is named, with code 2; at one the name is asked for, kept, and used from then on."""
    temoin(*ACCEPT).ended(2, "nobody is named", '--by "NAME"')
    with monkeypatch.context() as at_desk:
        at_desk.setattr(terminal, "is_terminal", lambda: True)
        temoin(*ACCEPT, piped="Nora Falk\n").ended(0, "Your name")
    assert "Your name" not in temoin(*ACCEPT).err
    (one,) = load(FILE, for_signing_in=False).policy.exemptions
    assert one.owner == "Nora Falk"


def test_an_account_is_taken_out_with_what_hangs_on_it(temoin: Program) -> None:
    """After a yes: entry, exceptions and session go, evidence stays; after a no, nothing does."""
    temoin(*ACCEPT, "--by", "Lou").ended(0)
    before = FILE.read_text(encoding="utf-8")
    assert temoin("account", "remove", "a", piped="n\n").code == 2
    assert FILE.read_text(encoding="utf-8") == before
    temoin("account", "remove", "a", piped="y\n").ended(0, out=("a: taken out.",))
    left = load(FILE, for_signing_in=False)
    assert ("a" in {one.name for one in left.accounts}, left.policy.exemptions) == (False, ())
    assert vault_of(left).entries() == ()
    assert list(left.output.glob("*/results.json"))
    temoin("account", "remove", "a", "--yes").ended(2, "a")


def test_accounts_come_from_a_table(temoin: Program) -> None:
    """Their names are printed; nothing is asked."""
    Path("more.csv").write_text("owner;flow;identity\nStudio Leroy;facebook.ai_objection;1000000001\n")
    answer = temoin("account", "add", "--csv", "more.csv")
    assert (answer.code, answer.out) == (0, "studio-leroy-facebook\n")
    assert "studio-leroy-facebook" in {one.name for one in load(FILE, for_signing_in=False).accounts}
