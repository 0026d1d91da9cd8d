"""`temoin account`: the real program on a real vault; what it prints and writes holds no secret."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from automation.core.accounts import subject
from automation.core.verdicts import Reason, Verdict
from automation.session.saved import SavedSession
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import identities_in, new_key, open_key, opened
from automation.storage.sqlite import NAME, SqliteHistory
from tests.builders import a_result
from tests.cli.conftest import Program
from tests.session.vault.builders import CANARIES, a_session, a_state, bytes_below, leaks
from tests.storage.history.histories import on_day

KEY, ITS_PUBLIC = new_key()
IDENTITY_KEY = "0123456789abcdef-of-a-test"
IDENTITY = "100080000000000"
NOW = datetime.now(UTC)
CONFIG = f"""
[[accounts]]
name = "atelier-facebook"
flow = "facebook.ai_objection"
identity = "{IDENTITY}"

[[accounts]]
name = "studio"
flow = "instagram.ai_objection"
identity = "17841400000000000"
"""


@pytest.fixture
def data(tmp_path: Path, no_keyring: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, a vault key in the environment, a configuration with two accounts, no keyring."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", KEY)
    monkeypatch.setenv("TEMOIN_IDENTITY_KEY", IDENTITY_KEY)
    Path("temoin.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path / "data" / "temoin"


def _vault(data: Path, key: str = KEY) -> Vault:
    return Vault(data / "sessions", open_key(SecretStr(key)))


def _session(**changes: Any) -> SavedSession:
    known = {"subject": subject(IDENTITY, IDENTITY_KEY.encode()), "stored_at": NOW - timedelta(days=9)}
    return a_session(**{**known, **changes})


# list


def test_list_shows_age_and_last_use_in_the_persons_language(data: Path, temoin: Program) -> None:
    """Account, service, age and last good use, in French as well; a damaged session says so below."""
    vault = _vault(data)
    vault.store(_session(used_at=datetime.now(UTC) - timedelta(hours=3)))  # NOW may be of half an hour ago
    vault.store(_session(account="studio", service="instagram"))
    (data / "sessions" / "old.age").write_bytes(b"?")
    english, french = temoin("account", "list"), temoin("account", "list", "--lang", "fr")
    assert english.code == french.code == 0
    for words in ("atelier-facebook", "facebook", "1 week ago", "3 hours ago", "studio", "never", "not an age file"):
        assert words in english.out
    for words in ("atelier-facebook", "il y a 1 semaine", "il y a 3 heures", "jamais"):
        assert words in french.out


@pytest.mark.parametrize(
    ("runs_out", "lasted", "told"),
    [(5, None, 5), (90, 12, 3), (90, 40, None), (None, 12, 3), (None, None, None), (None, 4, None), (-1, 12, None)],
)
def test_a_likely_end_is_said_before_it_comes(
    data: Path, temoin: Program, runs_out: int | None, lasted: int | None, told: int | None
) -> None:
    """By the sign-in's cookies or by how long earlier sessions lasted; in the last days a warning, else none."""
    expires = -1 if runs_out is None else (NOW + timedelta(days=runs_out)).timestamp()
    _vault(data).store(_session(storage_state=a_state(expires=expires)))
    with SqliteHistory(Path("temoin-evidence") / NAME) as history:
        history.record(on_day(0, a_result(verdict=Verdict.OBJECTED)))
        if lasted:
            history.record(on_day(lasted, a_result(reason=Reason.LOGIN_REQUIRED)))
    (listed,) = json.loads(temoin("account", "list", "--json").out)["sessions"]
    warned = temoin("--lang", "fr", "history", "stale").out, temoin("doctor").out
    if told is None:
        assert not any("la session finira" in said or "will likely end" in said for said in warned)
        assert (listed["likely_end"] is None) == (runs_out != 90)
        return
    end = datetime.fromisoformat(listed["likely_end"])
    assert end.date() == (NOW + timedelta(days=told)).date()
    assert "atelier-facebook\u00a0: la session finira sans doute le" in warned[0]
    assert "temoin account login atelier-facebook" in " ".join(warned[1].split())


def test_list_as_json_is_one_document(data: Path, temoin: Program) -> None:
    """A program gets the same facts, with times as they are."""
    _vault(data).store(_session(used_at=NOW))
    answer = temoin("account", "list", "--json")
    (entry,) = json.loads(answer.out)["sessions"]
    assert set(entry) == {"account", "service", "stored_at", "used_at", "problem", "likely_end"}
    assert (entry["account"], entry["service"]) == ("atelier-facebook", "facebook")
    assert datetime.fromisoformat(entry["used_at"]) == NOW


def test_an_empty_vault_needs_no_key_to_be_listed(data: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine is told what to do next, in both languages."""
    monkeypatch.delenv("TEMOIN_VAULT_KEY")
    assert "temoin account login" in temoin("account", "list").out
    assert "Aucune session" in temoin("account", "list", "--lang", "fr").out


def test_nothing_secret_is_in_what_the_program_says_or_writes(
    data: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command, with the log at its lowest level and tracebacks on: no cookie, token, record or key, anywhere."""
    monkeypatch.setenv("TEMOIN_LOG_LEVEL", "TRACE")
    _vault(data).store(_session())
    said = ""
    for arguments in (
        ("list",), ("list", "--json"), ("check",), ("key", "show"),
        ("export", "atelier-facebook", "--to", ITS_PUBLIC, "--output", "handed-over.age"),
        ("export", "atelier-facebook", "--to", KEY),
        ("import", "handed-over.age"), ("import", "temoin.toml"), ("import", "handed-over.age", "--identity-file", "keys"),
        ("logout", "atelier-facebook"), ("import", "handed-over.age"), ("logout", "atelier-facebook", "studio"),
    ):  # fmt: skip
        Path("keys").write_text(new_key()[0])
        answer = temoin("-v", "account", *arguments)
        said += answer.out + answer.err
    assert "handed-over.age" in said
    assert leaks(said.encode(), (*CANARIES, KEY, IDENTITY)) == []
    assert leaks(bytes_below(data) + Path("handed-over.age").read_bytes(), (*CANARIES, KEY, IDENTITY)) == []


# check


def test_check_says_that_a_session_is_the_right_one_and_how_long_it_lasts(data: Path, temoin: Program) -> None:
    """A good session passes with code 0; the service's own cookies say until when."""
    _vault(data).store(_session(used_at=NOW - timedelta(days=2)))
    temoin("account", "check", "atelier-facebook").ended(
        0, out=("✓ atelier-facebook: the right account, last good use 2 days ago, runs out on 1 Jan 2100")
    )
    french = temoin("account", "check", "atelier-facebook", "--lang", "fr").out
    assert (
        "✓ atelier-facebook\u00a0: le bon compte, dernier usage réussi il y a 2 jours, expire le 1er janv. 2100"
        in french
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "6e" * 32}, "another identity"),
        ({"storage_state": a_state(expires=1000.0)}, "ran out on 1970-01-01"),
        ({"storage_state": {"cookies": []}}, "lacks the cookie"),
        ({"account": "studio", "service": "instagram"}, "no saved session"),
    ],
)
def test_check_ends_with_3_where_a_person_must_sign_in(
    data: Path, temoin: Program, changes: dict[str, Any], said: str
) -> None:
    """Another identity, run out, never signed in, missing: each is told with what to do, and the code is 3."""
    _vault(data).store(_session(**changes))
    temoin("account", "check", "atelier-facebook").ended(3, out=(said, "→"))


def test_check_of_no_account_is_not_all_well(data: Path, temoin: Program) -> None:
    """Where nothing was checked, the code is 3 as everywhere."""
    Path("temoin.toml").write_text("")
    assert temoin("account", "check").code == 3


# export and import


def test_a_session_goes_from_a_desk_to_a_ci_job(data: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: a key for the job, an export for it on standard output, imported there from standard input."""
    _vault(data).store(_session())
    made = temoin("account", "key", "new")
    secret = made.out.strip()
    public = made.err.rsplit("--to", 1)[1].strip()
    assert secret.startswith("AGE-SECRET-KEY-1")
    assert not (data / "sessions" / secret).exists()
    exported = temoin("account", "export", "atelier-facebook", "--to", public)
    assert exported.code == 0
    assert exported.err == ""
    monkeypatch.setenv("XDG_DATA_HOME", str(data.parent / "runner"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", secret)
    assert temoin("account", "key", "show").out.strip() == public
    answer = temoin("account", "import", "-", piped=exported.out)
    assert (answer.code, answer.out) == (0, "atelier-facebook: stored.\n")
    assert _vault(data.parent / "runner" / "temoin", secret).load("atelier-facebook") == _session()


def test_an_export_into_a_file_is_private_and_for_one_key(data: Path, temoin: Program) -> None:
    """The file has mode 0600, and neither the vault's own key nor anything else but the named key opens it."""
    _vault(data).store(_session())
    other, public = new_key()
    answer = temoin("account", "export", "atelier-facebook", "--to", public, "-o", "a.age")
    assert (answer.code, answer.out) == (0, "")
    assert Path("a.age").stat().st_mode & 0o777 == 0o600
    text = Path("a.age").read_bytes()
    assert opened(text, identities_in(other.encode(), "k"), "a.age", "k") == _session()
    temoin("account", "import", "a.age").ended(2, "sealed for another key than the one in TEMOIN_VAULT_KEY")
    Path("key.txt").write_text(other)
    assert temoin("account", "import", "a.age", "--identity-file", "key.txt", "--replace").code == 0


def test_an_import_never_replaces_a_fresher_session(data: Path, temoin: Program) -> None:
    """A job that imports the same old secret every night keeps what the service renewed since."""
    vault = _vault(data)
    vault.store(_session())
    temoin("account", "export", "atelier-facebook", "--to", ITS_PUBLIC, "-o", "a.age")
    renewed = _session(storage_state=a_state("renewed"), used_at=NOW)
    vault.store(renewed)
    temoin("account", "import", "a.age").ended(0, out=("kept",))
    assert vault.load("atelier-facebook") == renewed
    assert temoin("account", "import", "a.age", "--replace").code == 0
    assert vault.load("atelier-facebook") == _session()


def test_an_import_replaces_an_older_session(data: Path, temoin: Program) -> None:
    """After a new sign-in at the desk, the next import brings it."""
    vault = _vault(data)
    vault.store(_session(stored_at=NOW))
    temoin("account", "export", "atelier-facebook", "--to", ITS_PUBLIC, "-o", "a.age")
    vault.store(_session(used_at=NOW - timedelta(days=1)))
    assert "stored" in temoin("account", "import", "a.age").out
    assert vault.load("atelier-facebook") == _session(stored_at=NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "6e" * 32}, "another TEMOIN_IDENTITY_KEY"),
        ({"service": "instagram"}, "a session at instagram"),
        ({"account": "unknown"}, 'there is no account "unknown"'),
    ],
)
def test_a_session_of_somebody_else_is_not_imported(
    data: Path, temoin: Program, changes: dict[str, Any], said: str
) -> None:
    """Another identity, service or account than temoin.toml names: code 2, and the vault stays as it was."""
    vault = _vault(data)
    vault.store(_session(**changes))
    account = str(changes.get("account", "atelier-facebook"))
    temoin("account", "export", account, "--to", ITS_PUBLIC, "-o", "a.age")
    vault.forget(account)
    temoin("account", "import", "a.age").ended(2, said)
    assert vault.entries() == ()


def test_an_import_does_not_write_over_what_it_cannot_open(data: Path, temoin: Program) -> None:
    """A session of another key is left alone unless its owner says --replace: the key may only be set wrong."""
    _vault(data, new_key()[0]).store(_session())
    path = data / "sessions" / "atelier-facebook.age"
    before = path.read_bytes()
    foreign = _vault(data.parent / "other")
    foreign.store(_session())
    Path("a.age").write_bytes((data.parent / "other" / "sessions" / "atelier-facebook.age").read_bytes())
    temoin("account", "import", "a.age").ended(2, "--replace")
    assert path.read_bytes() == before


# forget, and what is wrong


def test_forget_removes_the_session_and_the_cool_down(data: Path, temoin: Program) -> None:
    """After it, nothing is saved and signing in may be tried at once; a second time says that there is nothing."""
    _vault(data).store(_session())
    Cooldown(data / "cooldown").failed("studio", "challenge", NOW)
    assert temoin("account", "logout", "atelier-facebook", "studio").code == 0
    assert _vault(data).entries() == ()
    assert Cooldown(data / "cooldown").remaining("studio", NOW) is None
    temoin("account", "logout", "studio").ended(2, "no saved session")


def test_a_session_in_use_is_not_forgotten(data: Path, temoin: Program) -> None:
    """While a check uses it, the person is told who does, with code 2."""
    vault = _vault(data)
    vault.store(_session())
    with vault.locked("atelier-facebook"):
        answer = temoin("account", "logout", "atelier-facebook")
    answer.ended(2, "is using the saved session")
    assert vault.load("atelier-facebook") == _session()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "studio", "--to", ITS_PUBLIC], "no saved session"),
        (["export", "studio", "--to", "lou"], 'no recipient: "lou"'),
        (["export", "../identity", "--to", ITS_PUBLIC], "no account name"),
        (["import", "nothing.age"], "nothing.age: cannot be read"),
        (["import", "temoin.toml"], "temoin.toml: this is not an age file"),
        (["import", "temoin.toml", "--identity-file", "temoin.toml"], "this is no identity file"),
        (["logout", "../identity"], "no account name"),
    ],
)
def test_a_mistake_is_one_sentence_and_code_2(data: Path, temoin: Program, arguments: list[str], said: str) -> None:
    """What cannot be done is said with its remedy."""
    answer = temoin("account", *arguments)
    answer.ended(2, said, "→")
    assert "Traceback" not in answer.err


def test_a_machine_without_keyring_and_key_is_told_how_to_make_one(
    data: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No keyring and no variable: the message names both, and what it proposes works."""
    monkeypatch.delenv("TEMOIN_VAULT_KEY")
    temoin("account", "key", "show").ended(
        2, "temoin account key new", 'echo "TEMOIN_VAULT_KEY=$(temoin account key new)" >> .env'
    )
    made = temoin("account", "key", "new")
    assert made.out.startswith("AGE-SECRET-KEY-1"), "nothing else on standard output"
    Path(".env").write_text(f"TEMOIN_VAULT_KEY={made.out}")
    assert temoin("account", "key", "show").out.startswith("age1")


def test_the_manual_knows_every_command_and_every_message(temoin: Program) -> None:
    """docs/sessions.md names each command that the help lists, and the messages of the vault as the program has them."""
    root = Path(__file__).parents[2]
    manual = (root / "docs" / "sessions.md").read_text(encoding="utf-8")
    commands = re.findall(r"^  ([a-z-]+)  ", temoin("account", "--help").out.partition("Commands:")[2], re.MULTILINE)
    assert len(commands) == 12
    assert [name for name in commands if f"`temoin account {name}" not in manual] == []
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "automation").rglob("*.py")))
    for message in ("sealed for another key", "this file is damaged", "not an age file", "the files were swapped",
                    "of another identity", "has the format", "no saved session of this account"):  # fmt: skip
        assert message in manual
        assert message in code


def test_a_wrong_vault_key_is_refused_unseen(data: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is none stops every command that needs one, without being repeated."""
    monkeypatch.setenv("TEMOIN_VAULT_KEY", "canary-of-a-key")
    answer = temoin("-v", "account", "list")
    answer.ended(2, "TEMOIN_VAULT_KEY is no key")
    assert "canary" not in answer.err + answer.out


# A browser's storage state


STATE_CONFIG = """
[[accounts]]
name = "first"
flow = "x.ai_training"
identity = "lou@a.example"

[[accounts]]
name = "second"
flow = "x.ai_training"
identity = "lou@a.example"
"""


def _a_storage_state(cookie: str = "twid") -> None:
    later = (NOW + timedelta(days=30)).timestamp()
    cookies = [
        {"name": cookie, "value": "u%3D1318429406", "domain": ".x.com", "path": "/", "expires": later},
        {"name": "sid", "value": CANARIES[0], "domain": ".bank.example", "path": "/", "expires": later},
    ]
    Path("state.json").write_text(json.dumps({"cookies": cookies, "origins": []}), encoding="utf-8")


def test_a_storage_state_becomes_a_session_that_nobody_has_confirmed(data: Path, temoin: Program) -> None:
    """
    It is sealed without what belongs to other sites, serves both settings of its person, and says what is left to do.

    Without `--account` it is refused: it does not say whose it is.
    """
    Path("temoin.toml").write_text(STATE_CONFIG, encoding="utf-8")
    _a_storage_state()
    nobody = temoin("account", "import", "state.json")
    assert (nobody.code, "--account NAME" in nobody.err) == (2, True)
    temoin("account", "import", "state.json", "--account", "first").ended(0, out=("temoin account confirm first",))
    saved = _vault(data).load("first")
    assert [cookie["name"] for cookie in saved.storage_state["cookies"]] == ["twid"]
    assert (saved.unconfirmed, saved.confirmed_on, saved.browser) == (True, None, None)
    assert leaks(bytes_below(data)) == []
    checked = temoin("account", "check", "second")
    assert (checked.code, "nobody has confirmed" in checked.out) == (0, True)


def test_a_storage_state_without_a_sign_in_is_refused(data: Path, temoin: Program) -> None:
    """The cookie that marks a sign-in is missing: nothing is stored."""
    Path("temoin.toml").write_text(STATE_CONFIG, encoding="utf-8")
    _a_storage_state("guest_id")
    answer = temoin("account", "import", "state.json", "--account", "first")
    assert answer.code != 0
    assert "lacks the cookie twid" in answer.err
    assert _vault(data).entries() == ()


def test_of_a_stand_in_an_import_counts_as_confirmed(data: Path, temoin: Program) -> None:
    """Whoever points the configuration at a stand-in knows whose its accounts are."""
    stand_in = '[browser.replica_map]\n"*.x.com" = "127.0.0.1:8443"\n'
    Path("temoin.toml").write_text(stand_in + STATE_CONFIG, encoding="utf-8")
    _a_storage_state()
    assert "confirm" not in temoin("account", "import", "state.json", "--account", "first").out
    assert _vault(data).load("first").confirmed_on is not None
