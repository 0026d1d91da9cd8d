"""The configuration: what is read from where, and one clear message for each way to get it wrong."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.app.setup import demo_keys, is_demo
from automation.config import check_flows, load, passed_over, secret_variable
from automation.config.shape import AccountTable, BrowserTable, Document
from automation.config.source_lines import lines_of
from automation.config.tables import FleetTable, MailboxTable, NotificationsTable
from automation.core.accounts import AccountKind, SignInMethod
from automation.core.errors import ConfigurationError
from automation.core.settings import BrowserSettings, FleetSettings, MailboxSettings, NotificationSettings
from automation.core.verdicts import Verdict
from tests.disk import FaultyDisk

SPKI = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
ACCOUNT = """[[accounts]]
name     = "atelier-facebook"
flow     = "facebook.ai_objection"
owner    = "Atelier Dupont"
identity = "100080000000000"
"""
CANARY = "canary-93 x"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("TEMOIN_")]:
        monkeypatch.delenv(name)


def _write(text: str, name: str = "temoin.toml") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _fault(text: str, **arguments: Any) -> str:
    """What `load` says to a file with this text."""
    _write(text)
    with pytest.raises(ConfigurationError) as caught:
        load(**arguments)
    assert caught.value.__cause__ is None, "pydantic's own error holds the input"
    return str(caught.value)


# What is read


def test_a_complete_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key of the example in the manual arrives where the engine looks for it."""
    Path("mine").mkdir()
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__USERNAME", "lou@example.org")
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD", "0123456")
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__TOTP_SECRET", "JBSWY3DPEHPK3PXP")
    monkeypatch.setenv("TEMOIN_IDENTITY_KEY", "0123456789abcdef")
    monkeypatch.setenv("TEMOIN_VAULT_KEY", "AGE-SECRET-KEY-1")
    _write(
        f"""
        output = "proofs"
        lang = "fr"
        strict = true
        flow_paths = ["mine"]
        log_level = "DEBUG"
        [browser]
        channel = "chrome"
        headless = false
        replica_map = {{ "*.Facebook.com" = "127.0.0.1:8443", "localhost" = "[::1]:443" }}
        replica_spki = ["{SPKI}"]
        slow_mo_ms = 250
        timeout_s = 3
        concurrency = 4
        [[accounts]]
        name = "atelier-facebook"
        flow = "facebook.ai_objection"
        kind = "page_admin"
        owner = "Atelier Dupont"
        page = "Atelier Dupont, luthier"
        identity = "100080000000000"
        sign_in = "password"
        expect = "objected"
        region = "fr"
        """
    )
    settings = load()
    account = settings.accounts[0]
    assert account.kind is AccountKind.PAGE_ADMIN
    assert account.sign_in is SignInMethod.PASSWORD
    assert account.expect is Verdict.OBJECTED
    assert (account.region, account.page) == ("FR", "Atelier Dupont, luthier")
    assert (settings.output, settings.lang, settings.strict) == (Path("proofs"), "fr", True)
    assert (settings.flow_paths, settings.log_level) == ((Path("mine"),), "DEBUG")
    assert settings.browser == BrowserSettings(
        channel="chrome",
        headless=False,
        headless_by_hand=True,
        replica_map={"*.facebook.com": "127.0.0.1:8443", "localhost": "[::1]:443"},
        replica_spki=(SPKI,),
        slow_mo_ms=250.0,
        timeout_s=3.0,
        concurrency=4,
    )
    secrets = settings.secrets["atelier-facebook"]
    assert secrets.password.get_secret_value() == "0123456"
    assert secrets.totp_secret is not None
    assert set(settings.secret_values()) == {
        "lou@example.org",
        "0123456",
        "JBSWY3DPEHPK3PXP",
        "0123456789abcdef",
        "AGE-SECRET-KEY-1",
    }
    assert settings.vault_key is not None
    assert settings.vault_key.get_secret_value() == "AGE-SECRET-KEY-1"


def test_nothing_at_all_is_a_configuration() -> None:
    """Without a file and without variables everything has its usual value, as the demo needs it."""
    settings = load()
    assert settings.accounts == ()
    assert settings.config is None
    assert settings.browser == BrowserSettings()
    assert settings.output == Path("temoin-evidence")


def test_evidence_lies_beside_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether `output` is named in `temoin.toml` or not; a variable's path starts at the current folder."""
    elsewhere = tmp_path / "elsewhere" / "temoin.toml"
    elsewhere.parent.mkdir()
    elsewhere.touch()
    assert load(elsewhere).output == elsewhere.parent / "temoin-evidence"
    elsewhere.write_text('output = "proofs"\n')
    assert load(elsewhere).output == elsewhere.parent / "proofs"
    monkeypatch.setenv("TEMOIN_OUTPUT", "here")
    assert load(elsewhere).output == Path("here")


def test_the_browser_table_has_the_keys_of_the_domain() -> None:
    """No browser setting can be read but not used, or used but not read; usual values agree."""
    told = {field.name for field in fields(BrowserSettings)} - {"headless_by_hand", "proxy"}  # what is worked out
    assert set(BrowserTable.model_fields) == told
    assert BrowserSettings(**dict(BrowserTable())) == BrowserSettings()


@pytest.mark.parametrize("password", ["123456", "true", "1e5", '{"a": 1}', "[1]", "null", "pa ss#${HOME}\"'"])
def test_a_password_stays_what_it_is(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that look like numbers, JSON or shell are not turned into anything else."""
    monkeypatch.setenv("TEMOIN_SECRETS__A__USERNAME", "lou")
    monkeypatch.setenv("TEMOIN_SECRETS__A__PASSWORD", password)
    _write('[[accounts]]\nname="a"\nflow="x.y"\nidentity="1"\nsign_in="password"\n')
    assert load().secrets["a"].password.get_secret_value() == password


def test_an_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` fills in what the environment does not say; its values are not expanded, other variables ignored."""
    _write("OTHER=1\n\n# a comment\nTEMOIN_LANG=fr\nTEMOIN_SECRETS__A__USERNAME='lou ${X} #1'\n"
           "export TEMOIN_SECRETS__A__PASSWORD=from-file\n", ".env")  # fmt: skip
    monkeypatch.setenv("TEMOIN_SECRETS__A__PASSWORD", "from-environment")
    _write('[[accounts]]\nname="a"\nflow="x.y"\nidentity="1"\nsign_in="password"\n')
    settings = load()
    assert settings.lang == "fr"
    assert settings.secrets["a"].username.get_secret_value() == "lou ${X} #1"
    assert settings.secrets["a"].password.get_secret_value() == "from-environment"


def test_the_env_file_beside_the_configuration_comes_first() -> None:
    """With a configuration elsewhere, the `.env` beside it wins over the one in the current folder."""
    _write("TEMOIN_LANG=en\nTEMOIN_LOG_LEVEL=DEBUG\n", ".env")
    _write("TEMOIN_LANG=fr\n", "elsewhere/.env")
    settings = load(_write("", "elsewhere/temoin.toml"))
    assert (settings.lang, settings.log_level) == ("fr", "DEBUG")
    assert load(Path("elsewhere/temoin.toml"), Path(".env")).lang == "en"


def test_paths_of_the_file_start_at_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path in temoin.toml starts at its folder, one in a variable where the command runs."""
    Path("elsewhere/flows").mkdir(parents=True)
    config = _write('output = "proofs"\nflow_paths = ["flows"]\n[browser]\npath = "chrome"\n', "elsewhere/temoin.toml")
    settings = load(config)
    assert settings.output == Path("elsewhere/proofs")
    assert settings.flow_paths == (Path("elsewhere/flows"),)
    assert settings.browser.path == Path("elsewhere/chrome")
    monkeypatch.setenv("TEMOIN_OUTPUT", "here")
    assert load(config).output == Path("here")


def test_every_browser_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each `TEMOIN_BROWSER__…` replaces its key as a whole; maps and lists are JSON and are not merged."""
    _write('[browser]\nreplica_map = {"old.example" = "127.0.0.1:1"}\ntimeout_s = 1\n')
    monkeypatch.setenv("TEMOIN_BROWSER__REPLICA_MAP", '{"*.new.example": "127.0.0.1:2"}')
    monkeypatch.setenv("TEMOIN_BROWSER__REPLICA_SPKI", json.dumps([SPKI]))
    monkeypatch.setenv("TEMOIN_BROWSER__PATH", "/opt/chrome")
    monkeypatch.setenv("TEMOIN_BROWSER__HEADLESS", "false")
    monkeypatch.setenv("TEMOIN_BROWSER__CONCURRENCY", "3")
    monkeypatch.setenv("TEMOIN_BROWSER__TIMEOUT_S", "")
    browser = load().browser
    assert browser == BrowserSettings(
        path=Path("/opt/chrome"),
        headless=False,
        headless_by_hand=True,
        replica_map={"*.new.example": "127.0.0.1:2"},
        replica_spki=(SPKI,),
        timeout_s=1.0,
        concurrency=3,
    )


def test_the_tables_for_mail_have_the_keys_of_the_domain() -> None:
    """No setting of these tables can be read but not used, or the other way; usual values agree."""
    for table, known in (
        (MailboxTable, MailboxSettings), (NotificationsTable, NotificationSettings), (FleetTable, FleetSettings),
    ):  # fmt: skip
        assert set(table.model_fields) == {field.name for field in fields(known)}
        assert known(**dict(table())) == known()


def test_mailbox_and_notifications_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no secret comes from the file, the secrets from the environment, and each of them is redacted."""
    monkeypatch.setenv("TEMOIN_MAILBOX__USERNAME", "lou@example.org")
    monkeypatch.setenv("TEMOIN_MAILBOX__PASSWORD", "123456")
    monkeypatch.setenv("TEMOIN_NOTIFICATIONS__URLS", '["json://lou:pa@example.org", "ntfy://x"]')
    monkeypatch.setenv("TEMOIN_MAILBOX__PORT", "1143")
    _write(
        ACCOUNT + """
        [mailbox]
        host = "imap.example.org"
        security = "starttls"
        ca_file = "own.pem"
        folders = ["INBOX", "Meta"]
        authserv_ids = ["mx.example.org"]
        senders = { facebook = ["@Mail.Example.org"] }
        [mailbox.addresses]
        atelier-facebook = "lou@example.org"
        [notifications]
        names = true
        """,
        "elsewhere/temoin.toml",
    )  # fmt: skip
    settings = load(Path("elsewhere/temoin.toml"))
    mailbox = settings.mailbox
    assert (mailbox.host, mailbox.port, mailbox.security) == ("imap.example.org", 1143, "starttls")
    assert mailbox.ca_file == Path("elsewhere/own.pem")
    assert (mailbox.folders, mailbox.authserv_ids) == (("INBOX", "Meta"), ("mx.example.org",))
    assert mailbox.senders == {"facebook": ("mail.example.org",)}
    assert mailbox.addresses == {"atelier-facebook": "lou@example.org"}
    assert mailbox.password is not None
    assert mailbox.password.get_secret_value() == "123456"
    assert settings.notifications.names
    assert [url.get_secret_value() for url in settings.notifications.urls] == ["json://lou:pa@example.org", "ntfy://x"]
    assert {"lou@example.org", "123456", "json://lou:pa@example.org"} <= set(settings.secret_values())
    assert "123456" not in repr(settings)
    assert "lou" not in repr(settings)


def test_an_account_may_have_several_addresses() -> None:
    """An address with its aliases is a list; each is checked like a single one."""
    _write(ACCOUNT + '[mailbox.addresses]\natelier-facebook = ["lou@example.org", "l.martin@example.org"]')
    assert load().mailbox.addresses == {"atelier-facebook": ("lou@example.org", "l.martin@example.org")}


def test_a_fleet_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table and its variables arrive; the database's address and the password in it are redacted everywhere."""
    url = "postgresql://temoin:hush-hush@db.example.org/fleet"
    monkeypatch.setenv("TEMOIN_FLEET__DATABASE", url)
    monkeypatch.setenv("TEMOIN_FLEET__VISITS_PER_HOUR", '{"facebook": 120}')
    _write(ACCOUNT + '[fleet]\nstore = "s3://evidence/temoin"\npool = "lyon"\nevery_hours = 12\n')
    settings = load()
    fleet = settings.fleet
    assert (fleet.store, fleet.pool, fleet.every_hours, fleet.passwords) == ("s3://evidence/temoin", "lyon", 12, False)
    assert (fleet.per_hour("facebook"), fleet.per_hour("instagram")) == (120, 60)
    assert {url, "hush-hush"} <= set(settings.secret_values())
    assert "hush" not in repr(settings)


def test_an_identity_may_stand_without_quotes() -> None:
    """An account's id written as a number is the same id."""
    _write(ACCOUNT.replace('"100080000000000"', "100080000000000"))
    assert load().accounts[0].identity == "100080000000000"


@pytest.mark.parametrize("value", ["true", "false"])
def test_that_somebody_set_headless_is_remembered(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to its usual value it still is a decision, in the file and in the environment; left out it is none."""
    assert not load().browser.headless_by_hand
    monkeypatch.setenv("TEMOIN_BROWSER__HEADLESS", value)
    assert load().browser.headless_by_hand
    monkeypatch.delenv("TEMOIN_BROWSER__HEADLESS")
    _write(f"[browser]\nheadless = {value}\n")
    assert load().browser.headless_by_hand


def test_one_persons_entries_at_one_service_know_each_other() -> None:
    """Same service, identity and way of signing in: they share one session, also where only one is chosen."""
    second = ACCOUNT.replace("atelier-facebook", "second").replace("facebook.ai_objection", "facebook.other")
    third = ACCOUNT.replace("atelier-facebook", "third").replace("facebook.ai_objection", "instagram.ai_objection")
    fourth = ACCOUNT.replace("atelier-facebook", "fourth").replace("100080000000000", "2")
    _write(ACCOUNT + second + third + fourth)
    assert load(accounts=["second"]).accounts[0].entries == ("second", "atelier-facebook")
    assert [account.same_person for account in load().accounts] == [("second",), ("atelier-facebook",), (), ()]


def test_accounts_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the named accounts are kept, once each and in that order, and only theirs must have secrets."""
    second = ACCOUNT.replace("atelier-facebook", "second") + 'sign_in = "password"\n'
    third = ACCOUNT.replace("atelier-facebook", "third")
    _write(ACCOUNT + second + third)
    names = [account.name for account in load(accounts=["third", "atelier-facebook", "third"]).accounts]
    assert names == ["third", "atelier-facebook"]
    with pytest.raises(ConfigurationError, match="TEMOIN_SECRETS__SECOND__USERNAME"):
        load(accounts=["second"])
    with pytest.raises(ConfigurationError, match=r'no account "thrid"[\s\S]*Did you mean "third"'):
        load(accounts=["thrid"])


# What is refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = x", ["temoin.toml:1:", "not TOML", "→"]),
        ('a = "1"\n\n[browser\n', ["temoin.toml:3:", "not TOML"]),
        ("browsr = 1", ["temoin.toml:1: unknown key `browsr`", 'Did you mean "browser"?']),
        ("[browser]\n\nreplica_mapp = {}", ["temoin.toml:3: unknown key `replica_mapp`", '"replica_map"']),
        (ACCOUNT + 'kin = "profile"', ["temoin.toml:6: unknown key `kin`", '"kind"']),
        ("browser = 3", ["temoin.toml:1: `browser` is a table", "[browser]"]),
        ("[accounts]\nname = 'a'", ["temoin.toml:1: `accounts` is a list of tables", "[[accounts]]"]),
        (ACCOUNT + 'lang = "fr"', ["temoin.toml:6: `lang` belongs at the top"]),
        ("timeout_s = 3", ["temoin.toml:1: `timeout_s` belongs in [browser]"]),
        ("[[account]]\nname = 'a'", ["temoin.toml:1: unknown table `[[account]]`", 'Did you mean "[[accounts]]"?']),
        ("[brwser]\nheadless = true", ["temoin.toml:1: unknown table `[brwser]`", 'Did you mean "[browser]"?']),
        ('kind = "profile"', ["temoin.toml:1: `kind` belongs in [[accounts]]"]),
        ('[mailbox]\npassword = "x"', ["temoin.toml:2: `password` does not belong", "TEMOIN_MAILBOX__PASSWORD"]),
        ('[notifications]\nurls = ["json://x"]', ["temoin.toml:2: `urls` does not belong", "TEMOIN_NOTIFICATIONS__URLS"]),
        ("[mailbox]\nhots = 'x'", ["temoin.toml:2: unknown key `hots`", '"host"']),
        ("mailbox = 3", ["temoin.toml:1: `mailbox` is a table"]),
        ("folders = []", ["temoin.toml:1: `folders` belongs in [mailbox]"]),
        ('[mailbox]\nhost = "imaps://x.org"', ["temoin.toml:2: `host`:", "is no host"]),
        ('[mailbox]\nhost = "imap.x.org"\nsecurity = "none"', ["temoin.toml:1:", "for everyone to read", "starttls"]),
        ('[fleet]\ndatabase = "x"', ["temoin.toml:2: `database` does not belong", "TEMOIN_FLEET__DATABASE"]),
        ('[fleet]\npool = "Lyon 2"', ["temoin.toml:2: `pool`:", "no name for a pool"]),
        ('[fleet]\nstore = "s3://key:secret@host/x"', ["temoin.toml:2: `store`:", "holds a password"]),
        ("[fleet]\nvisits_per_hour = { facebook = 0 }", ["temoin.toml:2: `facebook` has a wrong value"]),
        ("[fleet]\nevery_hours = 0", ["temoin.toml:2: `every_hours` has a wrong value"]),
        ('[mailbox]\nsecurity = "ssl"', ['temoin.toml:2: unknown security "ssl"', "starttls"]),
        ('[mailbox]\nsenders = {facebook = ["meta"]}', ["temoin.toml:2:", '"meta" is no domain']),
        ('[mailbox.addresses]\nnobody = "a@b.org"', ["temoin.toml:2:", 'no account "nobody"']),
        (ACCOUNT + '[mailbox.addresses]\natelier-facebook = "lou"', ["temoin.toml:7:", "no e-mail address"]),
        ("[schedule]\nx = 1", ["temoin.toml:1: this version of Témoin knows no `schedule` yet"]),
        (ACCOUNT.replace("atelier-facebook", "Atelier"), ['temoin.toml:2: `name`: "Atelier" is no account name', "lower-case"]),
        (ACCOUNT.replace("atelier-facebook", "a--b"), ['"a--b" is no account name']),
        (ACCOUNT.replace("atelier-facebook", "a" * 61), ["is no account name"]),
        (ACCOUNT + ACCOUNT, ["temoin.toml:7: a second account", "the first stands at temoin.toml:2"]),
        (ACCOUNT + 'kind = "page"', ['temoin.toml:6: unknown kind "page"', 'Did you mean "page_admin"?', "professional"]),
        (ACCOUNT + 'sign_in = "passwort"', ['temoin.toml:6: unknown sign_in "passwort"', 'Did you mean "password"?']),
        (ACCOUNT + 'expect = "object"', ['temoin.toml:6: unknown expect "object"', 'Did you mean "objected"?']),
        (ACCOUNT + 'expect = "unknown"', ['expect = "unknown" is no answer', "not_offered"]),
        (ACCOUNT + 'kind = "page_admin"', ["temoin.toml:1:", "names no page", "page ="]),
        (ACCOUNT + 'page = "x"', ["names a page but is no page_admin"]),
        (ACCOUNT.replace("100080000000000", "atelier-facebook"), ["temoin.toml:1: `name` of", "Choose another name"]),
        (ACCOUNT.replace("100080000000000", "Facebook"), ["temoin.toml:1: `name` of", "holds the account's identity"]),
        (ACCOUNT + 'region = "France"', ['temoin.toml:6: `region`: "France" is no country']),
        (ACCOUNT.replace('"Atelier Dupont"', '" "'), ["temoin.toml:4: `owner`: this is empty"]),
        (ACCOUNT.replace('"Atelier Dupont"', "3"), ["temoin.toml:4: `owner` must be text", "quotes"]),
        (ACCOUNT.replace('identity = "100080000000000"', ""), ["temoin.toml:1: `identity` is missing"]),
        ('[browser]\nreplica_map = {"*.a.b" = "127.0.0.1"}', ["temoin.toml:2: ", '"127.0.0.1"', "not host:port"]),
        ('[browser]\nreplica_map = {"*.a.b" = "https://127.0.0.1:1"}', ["not host:port"]),
        ('[browser]\nreplica_map = {"*.a.b" = "127.0.0.1:70000"}', ["not host:port"]),
        ('[browser]\nreplica_map = {"*.a.b" = "127.0.0.1:0"}', ["not host:port"]),
        ('[browser]\nreplica_map = {"a, MAP b" = "127.0.0.1:1"}', ["is no host pattern"]),
        ('[browser]\nreplica_map = {"a" = 8443}', ["temoin.toml:2:", "must be text"]),
        (f'[browser]\nreplica_map={{a="b:1"}}\nreplica_spki = [\n"{SPKI}",\n"abc"]', ["temoin.toml:5: ", '"abc" is not the Base64']),
        (f'[browser]\nreplica_spki = ["{SPKI}"]', ["temoin.toml:2: `replica_spki` stands alone"]),
        ('[browser]\nheadless = "perhaps"', ["temoin.toml:2: `headless` has a wrong value", "true or false"]),
        ("[browser]\nconcurrency = 0", ["temoin.toml:2: `concurrency` has a wrong value", "at least 1"]),
        ("[browser]\ntimeout_s = inf", ["temoin.toml:2: `timeout_s` has a wrong value"]),
        ('[browser]\npath = "a"\nchannel = "chrome"', ["temoin.toml:3: `path` and `channel` both"]),
        ('lang = "de"', ['temoin.toml:1: unknown lang "de"', "en, fr"]),
        ('flow_paths = [\n"nowhere"]', ["temoin.toml:2: nowhere is no folder"]),
        ('output = "temoin.toml"', ["temoin.toml:1: temoin.toml is no folder"]),
    ],
)  # fmt: skip
def test_each_mistake_is_one_clear_message(text: str, words: list[str]) -> None:
    """A mistake in the file is answered with its line, what is wrong, and what to do."""
    said = _fault(text)
    for word in words:
        assert word in said
    assert "→" in said
    assert "Traceback" not in said
    assert "pydantic" not in said


def test_several_mistakes_are_one_message() -> None:
    """All mistakes of one kind are told at once, each with its own line and remedy."""
    said = _fault(ACCOUNT + 'kind = "page"\nexpect = "no"\n[browser]\nheadless = 7\n')
    assert said.startswith("3 things")
    assert all(f"temoin.toml:{line}:" in said for line in (6, 7, 9))
    assert said.count("→") == 3


def test_a_file_that_is_not_there_is_named() -> None:
    """A configuration asked for by name must exist."""
    with pytest.raises(ConfigurationError, match=r"gone\.toml: there is no such file[\s\S]*--config"):
        load(Path("gone.toml"))
    with pytest.raises(ConfigurationError, match=r"gone\.env: there is no such file"):
        load(None, Path("gone.env"))


def test_files_that_cannot_be_read_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder instead of a file, bytes that are no text, and a lack of rights are each said as what they are."""
    Path("folder").mkdir()
    with pytest.raises(ConfigurationError, match="folder: this is a folder"):
        load(Path("folder"))
    Path("latin.toml").write_bytes(b'lang = "\xe9"')
    with pytest.raises(ConfigurationError, match=r"latin\.toml: this file is not UTF-8"):
        load(Path("latin.toml"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that even its owner cannot read")
def test_a_file_that_the_system_does_not_give_out_is_named() -> None:
    """A file that is there and cannot be read is an error with the system's own reason."""
    Path("locked.toml").symlink_to("/proc/self/mem")  # nothing is mapped where it begins
    with pytest.raises(ConfigurationError, match=r"locked\.toml: this file cannot be read \(Input/output error\)"):
        load(Path("locked.toml"))


def test_a_folder_of_flows_that_cannot_be_listed_is_named(faulty_disk: FaultyDisk) -> None:
    """A folder in flow_paths without the right to read it is an error, not an empty folder."""
    Path("mine").mkdir()
    faulty_disk.refused.add(Path("mine"))
    assert "temoin.toml:1: the folder mine cannot be read" in _fault('flow_paths = ["mine"]')


def test_a_byte_order_mark_does_no_harm() -> None:
    """A file saved by an editor that marks UTF-8 is read like any other."""
    Path("temoin.toml").write_bytes(b'\xef\xbb\xbflang = "fr"\r\n[browser]\r\nconcurrency = 3\r\n')
    assert load().browser.concurrency == 3


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TEMOIN_BROWSR__PATH", "x", ["TEMOIN_BROWSR__PATH (in the environment): unknown", "TEMOIN_BROWSER__PATH?"]),
        ("TEMOIN_ACCOUNTS", "[]", ["unknown variable"]),
        ("TEMOIN_BROWSER", "{}", ["unknown variable"]),
        ("TEMOIN_BROWSER__REPLICA_MAP", "a=b", ["not JSON of the right form", '{"*.facebook.com"']),
        ("TEMOIN_BROWSER__REPLICA_MAP", "[]", ["not JSON of the right form"]),
        ("TEMOIN_BROWSER__REPLICA_MAP", '{"a": "b"}', ["TEMOIN_BROWSER__REPLICA_MAP (in", "not host:port"]),
        ("TEMOIN_BROWSER__TIMEOUT_S", "-1", ["TEMOIN_BROWSER__TIMEOUT_S (in the environment):", "more than 0"]),
        ("TEMOIN_STRICT", "perhaps", ["TEMOIN_STRICT", "true or false"]),
        ("TEMOIN_LOG_LEVEL", "LOUD", ['unknown log_level "LOUD"', "DEBUG"]),
        ("TEMOIN_SECRETS__A__PASWORD", CANARY, ["no secret of an account", "…__PASSWORD"]),
        ("TEMOIN_SECRETS__A-B__PASSWORD", CANARY, ["no secret of an account"]),
        ("TEMOIN_NOTIFICATIONS__URLS", "json://canary", ["not JSON of the right form"]),
        ("TEMOIN_MAILBOX__SENDERS", "[]", ["not JSON of the right form"]),
        ("TEMOIN_IDENTITY_KEY", "canary-93", ["shorter than 16 bytes", "token_hex"]),
    ],
)  # fmt: skip
def test_each_wrong_variable_is_one_clear_message(
    name: str, value: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong variable is named, with what is wrong and what to do, and no secret is shown."""
    monkeypatch.setenv(name, value)
    said = _fault("")
    for word in words:
        assert word in said
    assert "canary" not in said


def test_a_mistake_in_an_env_file_has_its_line() -> None:
    """A line of `.env` that is no NAME=value, and a wrong name in it, are found by file and line."""
    _write("A=1\n\nTEMOIN_LANGUAGE=fr\n", ".env")
    assert ".env:3: TEMOIN_LANGUAGE: unknown variable" in _fault("")
    _write("A=1\nTEMOIN_SECRETS__A__PASSWORD='never closed\n", ".env")
    said = _fault("")
    assert ".env:2: this line is not NAME=value" in said
    assert "never closed" not in said


@pytest.mark.parametrize(
    "key", ["password", "PassWord", "totp_secret", "api_key", "token", "username", "email", "cookies"]
)
def test_a_secret_in_the_file_is_refused_and_not_shown(key: str) -> None:
    """A secret among the accounts is refused by its name alone; the message names the variable to use."""
    said = _fault(ACCOUNT + f'{key} = "{CANARY}"\n')
    assert f"temoin.toml:6: `{key}` does not belong in this file" in said
    assert "TEMOIN_" in said
    assert "canary" not in said


def test_tables_of_secrets_in_the_file_are_refused() -> None:
    """The names that the environment knows do not work in the file, and their values are not shown."""
    for text, variable in (
        (f'[secrets.a]\npassword = "{CANARY}"', "TEMOIN_SECRETS__"),
        (f'identity_key = "{CANARY}"', "TEMOIN_IDENTITY_KEY"),
        (f'vault_key = "{CANARY}"', "TEMOIN_VAULT_KEY"),
    ):
        said = _fault(text)
        assert "does not belong in this file" in said
        assert variable in said
        assert "canary" not in said


def test_missing_secrets_are_named_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that signs in by password says which variables it misses, and only those."""
    text = ACCOUNT + 'sign_in = "password"\n'
    said = _fault(text)
    assert "temoin.toml:6:" in said
    assert "TEMOIN_SECRETS__ATELIER_FACEBOOK__USERNAME and TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD are" in said
    monkeypatch.setenv(secret_variable("atelier-facebook", "username"), "lou")
    said = _fault(text)
    assert "but TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD is not set" in said


def test_a_secret_that_stands_in_a_message_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where a person pasted a known secret into another key, the message does not repeat it."""
    monkeypatch.setenv("TEMOIN_SECRETS__A__PASSWORD", CANARY)
    said = _fault(ACCOUNT + f'kind = "{CANARY}"')
    assert "canary" not in said
    assert "[secret]" in said


def test_no_repr_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings, an account or its secrets shows neither secrets nor identities."""
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__USERNAME", CANARY)
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD", CANARY)
    monkeypatch.setenv("TEMOIN_IDENTITY_KEY", CANARY + "0123456789")
    monkeypatch.setenv("TEMOIN_VAULT_KEY", CANARY)
    _write(ACCOUNT)
    settings = load()
    shown = f"{settings!r} {settings.secrets!r} {settings.accounts!r} {settings.known_secrets!r}"
    assert "canary" not in shown
    assert "100080000000000" not in shown


def test_flows_must_be_known() -> None:
    """An account with a flow that nobody has is refused with its line and the nearest known one."""
    _write(ACCOUNT + ACCOUNT.replace("atelier-facebook", "b").replace("ai_objection", "ai_objections"))
    settings = load()
    check_flows(settings, ["facebook.ai_objection", "facebook.ai_objections"])
    with pytest.raises(ConfigurationError) as caught:
        check_flows(settings, ["facebook.ai_objection"])
    assert 'temoin.toml:8: unknown flow "facebook.ai_objections"' in str(caught.value)
    assert 'Did you mean "facebook.ai_objection"?' in str(caught.value)


# Where things stand


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    found = [path] if path else []
    for key, child in children:
        found += _paths(child, (*path, key))
    return found


TOML = '''# comment [not.a.table]
"quoted key" = 'lit # eral' # x = 1
multi = """
[no] = table
escaped \\""" still
""" # end
raw = \'\'\'
a = 1
\'\'\'
list = [ # why
  1,
  { a = "x", b = [2, 3] },
  [], "]", # ]
]
[a.b]
c.d = 1
c.e = { f = { g = true } }
[[a.list]]
x = 1979-05-27T07:32:00Z
[[a.list]]
[a.list.deep]
y = -1.5e3
[[a.list.more]]
z = "}"
'''


def test_every_key_of_a_file_has_its_line() -> None:
    """Each key, table and element that TOML knows is found on the line where a person sees it."""
    lines = lines_of(TOML)
    text = TOML.splitlines()
    for path in _paths(tomllib.loads(TOML)):
        assert path in lines, path
    expected = {("quoted key",): '"quoted', ("raw",): "raw", ("list", 1, "b", 1): "{ a", ("list", 3): "[],"}
    expected |= {
        ("a", "b", "c", "e", "f", "g"): "c.e",
        ("a", "list", 1, "more", 0, "z"): "z =",
        ("a", "list", 1, "deep", "y"): "y =",
    }
    for path, words in expected.items():
        assert words in text[lines[path] - 1], path


@given(st.text(alphabet="ab.=[]{}\"'\\\n# ,1", max_size=60))
def test_finding_lines_never_fails(text: str) -> None:
    """Whatever stands in a file, finding lines ends, and where the file is TOML it finds every key."""
    lines = lines_of(text)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert [path for path in _paths(parsed) if path not in lines and "\\" not in text] == []


def test_nothing_of_the_shape_is_forgotten() -> None:
    """The keys that a person can set are those that the manual describes."""
    assert set(Document.model_fields) == {
        "accounts", "browser", "evidence", "exceptions", "fleet", "history", "mailbox", "notifications", "objection", "policy", "output", "lang", "strict", "flow_paths", "log_level", "identity_key", "vault_key", "signing_key", "secrets",
    }  # fmt: skip
    assert set(AccountTable.model_fields) == {
        "name", "flow", "owner", "called", "identity", "kind", "page", "sign_in", "expect", "objects", "region",
    }  # fmt: skip


def test_lines_of_env_that_set_nothing_are_found() -> None:
    """A key that was put there alone is named by its line; what has a name, is empty or is the shell's is not."""
    Path(".env").write_text(
        "# TEMOIN_VAULT_KEY\n\nAGE-SECRET-KEY-1QQ\nTEMOIN_LANG=fr\nexport LATER\nTEMOIN_IDENTITY_KEY=\n  other # x\n"
    )
    assert passed_over() == ((Path(".env"), 3), (Path(".env"), 7))
    Path(".env").write_text("AGE-SECRET-KEY-1QQ")
    assert passed_over(Path("temoin.toml")) == ((Path(".env"), 1),)


def test_evidence_may_lie_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`output = "."` and `".."` are folders like others: whether they are a demo's is told by their real names."""
    (tmp_path / "evidence" / "below").mkdir(parents=True)
    for place, said in ((tmp_path / "evidence", "."), (tmp_path / "evidence" / "below", "..")):
        monkeypatch.chdir(place)
        assert not is_demo(Path(said))
        assert demo_keys(Path(said)).folder == tmp_path / "evidence-keys"
