"""The vault: real age files on a real disk; what is in them stays in them."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from pyrage import x25519

from automation.core.errors import ConfigurationError, NoSession, OutputError, SessionUnusable
from automation.core.verdicts import Reason
from automation.session.saved import FORMAT, SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key, opened, sealed
from tests.disk import FULL, FaultyDisk
from tests.session.vault.builders import (
    CANARIES,
    COOKIE,
    STORED_AT,
    SUBJECT,
    a_session,
    a_state,
    a_vault,
    bytes_below,
    leaks,
)

KEY, ITS_PUBLIC = new_key()
IDENTITY = x25519.Identity.from_str(KEY)

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
"""Any string of JavaScript, half surrogate pairs included."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def _vault(folder: Path) -> Vault:
    return a_vault(folder, KEY)


def _file(folder: Path, account: str = "atelier-facebook") -> Path:
    return folder / f"{account}.age"


# What is kept


@settings(max_examples=60, deadline=None)
@given(
    state=st.dictionaries(TEXT, JSON, max_size=4),
    stored_at=st.datetimes(timezones=st.just(UTC)),
    used_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_any_state_comes_back_as_it_was(state: dict[str, Any], stored_at: datetime, used_at: datetime | None) -> None:
    """Whatever JSON a browser hands over, the next browser gets exactly that."""
    saved = SavedSession("a", "facebook", SUBJECT, stored_at, used_at, state)
    with tempfile.TemporaryDirectory() as folder:
        _vault(Path(folder)).store(saved)
        assert _vault(Path(folder)).load("a", SUBJECT) == saved


def test_times_of_other_zones_are_the_same_moments(tmp_path: Path) -> None:
    """A session that was stored in Paris is as old in UTC."""
    paris = STORED_AT.astimezone(timezone(timedelta(hours=1)))
    _vault(tmp_path).store(a_session(stored_at=paris))
    assert _vault(tmp_path).load("atelier-facebook").stored_at == STORED_AT


def test_a_refreshed_session_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """What the service renewed is what the next check starts from; only one file is there."""
    vault = _vault(tmp_path / "sessions")
    vault.store(a_session())
    renewed = a_session(storage_state=a_state("renewed"), used_at=STORED_AT + timedelta(days=1))
    vault.store(renewed)
    assert vault.load("atelier-facebook", SUBJECT) == renewed
    assert [p.name for p in (tmp_path / "sessions").glob("*.age*")] == ["atelier-facebook.age"]


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_only_the_owner_can_read_anything(tmp_path: Path) -> None:
    """Folder 0700 and every file in it 0600, whatever the umask; a folder that stood open is closed."""
    folder = tmp_path / "sessions"
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        vault = _vault(folder)
        with vault.locked("atelier-facebook"):
            vault.store(a_session())
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "atelier-facebook.age": 0o600, "atelier-facebook.lock": 0o600, ".key.lock": 0o600,
    }  # fmt: skip


def test_nothing_is_on_the_disk_in_clear(tmp_path: Path) -> None:
    """No cookie, token or record, no service and no subject is in any byte of the folder, in whatever spelling."""
    vault = _vault(tmp_path)
    vault.store(a_session())
    vault.store(a_session("studio"))
    vault.forget("studio")
    disk = bytes_below(tmp_path)
    assert b"age-encryption.org/v1" in disk, "the sessions are there, sealed"
    assert leaks(disk, (*CANARIES, SUBJECT, "facebook.com")) == []
    clear = json.dumps(a_state()).encode()
    for spelling in (clear, clear.hex().encode(), base64.b64encode(clear), base64.urlsafe_b64encode(b"-" + clear)):
        assert leaks(spelling), "the search finds what is in clear"


def test_any_age_program_can_open_it(tmp_path: Path) -> None:
    """A saved session is an ordinary age file: with the key, its owner is not bound to Témoin."""
    _vault(tmp_path).store(a_session())
    document = json.loads(pyrage.decrypt(_file(tmp_path).read_bytes(), [IDENTITY]))
    assert document["format"] == FORMAT
    assert document["storage_state"] == a_state()


def test_a_session_does_not_print_itself() -> None:
    """Neither a session nor a vault shows a cookie or the key where it is printed."""
    shown = f"{a_session()!r} {a_session()} {open_key(SecretStr(KEY))!r} {a_vault(Path(), KEY)!r}"
    assert leaks(shown.encode(), (*CANARIES, KEY)) == []


# What is wrong


def _cut(data: bytes) -> bytes:
    return data[:-40]


def _headless(data: bytes) -> bytes:
    return data[:30]


def _one_byte(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _of_a_later_version(data: bytes) -> bytes:
    text = pyrage.decrypt(data, [IDENTITY]).replace(FORMAT.encode(), b"temoin.session/2")
    return bytes(pyrage.encrypt(text, [IDENTITY.to_public()]))


def _another_document(_data: bytes) -> bytes:
    return bytes(pyrage.encrypt(json.dumps({"token": COOKIE}).encode(), [IDENTITY.to_public()]))


def _no_json(_data: bytes) -> bytes:
    return bytes(pyrage.encrypt(COOKIE.encode(), [IDENTITY.to_public()]))


def _no_date(data: bytes) -> bytes:
    text = pyrage.decrypt(data, [IDENTITY]).replace(b'"stored_at":"2026', b'"stored_at":"MMXXVI')
    return bytes(pyrage.encrypt(text, [IDENTITY.to_public()]))


def _for_another_key(_data: bytes) -> bytes:
    return sealed(a_session(), x25519.Identity.generate().to_public())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda _data: b"", "damaged: it was cut short or changed"),
        (_headless, "damaged: it was cut short or changed"),
        (_cut, "damaged: it was cut short or changed"),
        (_one_byte, "damaged: it was cut short or changed"),
        (lambda _data: b"PK\x03\x04 something else", "this is not an age file"),
        (lambda _data: json.dumps(a_state()).encode(), "this is not an age file"),
        (_for_another_key, "sealed for another key than the one in TEMOIN_VAULT_KEY"),
        (_of_a_later_version, "has the format temoin.session/2, and this version of Témoin knows temoin.session/1"),
        (_another_document, "no session of Témoin's"),
        (_no_json, "no session of Témoin's"),
        (_no_date, "no session of Témoin's"),
        (lambda _data: sealed(a_session("studio"), IDENTITY.to_public()), "holds the session of studio"),
    ],
)
def test_a_faulty_file_says_what_is_wrong_and_stays(tmp_path: Path, fault: Any, said: str) -> None:
    """Cut, garbage, another key, another format, swapped: one clear sentence each, a remedy, and the file untouched."""
    vault = _vault(tmp_path)
    vault.store(a_session())
    path = _file(tmp_path)
    faulty = fault(path.read_bytes())
    path.write_bytes(faulty)
    with pytest.raises(SessionUnusable) as caught:
        vault.load("atelier-facebook", SUBJECT)
    assert said in caught.value.message
    assert f"{path.parent.name}/{path.name}" in caught.value.message
    assert str(path.parent.parent) not in caught.value.message, "it goes into results; a home folder names a person"
    assert caught.value.remedy
    assert caught.value.reason is Reason.LOGIN_REQUIRED
    assert path.read_bytes() == faulty
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None, "the cause would carry the text of the session"
    assert leaks(str(caught.value).encode()) == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_a_file_is_ever_believed(data: st.DataObject) -> None:
    """Whichever byte is changed and wherever it is cut, nothing but the one kind of error comes of it."""
    whole = SEALED
    cut = data.draw(st.integers(0, len(whole)))
    changed = bytearray(whole)
    changed[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    for faulty in (whole[:cut], bytes(changed), data.draw(st.binary(max_size=300))):
        if faulty != whole:
            with pytest.raises(SessionUnusable):
                opened(faulty, [IDENTITY], "a.age", "the key")


SEALED = sealed(a_session(), IDENTITY.to_public())


def test_no_session_is_the_persons_turn(tmp_path: Path) -> None:
    """An account without a session needs its holder, and is told the command."""
    with pytest.raises(NoSession) as caught:
        _vault(tmp_path / "none").load("atelier-facebook")
    assert caught.value.reason is Reason.LOGIN_REQUIRED
    assert "temoin account login atelier-facebook" in caught.value.remedy
    assert not (tmp_path / "none").exists(), "looking makes nothing"


@pytest.mark.parametrize("name", ["../identity", "", "a/b", "A", ".key", "a..b", "a\0"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """What is no account name is refused before a path is made of it."""
    vault = _vault(tmp_path)
    for act in (vault.load, vault.forget, lambda n: vault.store(a_session(n)), lambda n: vault.locked(n).__enter__()):
        with pytest.raises(ConfigurationError, match="no account name"):
            act(name)


def test_forgetting_needs_no_key_and_leaves_no_session(tmp_path: Path) -> None:
    """A session can be removed even where it can no longer be opened, with what a killed writer left of it."""
    _vault(tmp_path).store(a_session())
    (tmp_path / ".atelier-facebook.age.partial").write_bytes(b"half")
    vault = a_vault(tmp_path)
    assert vault.forget("atelier-facebook") is True
    assert vault.forget("atelier-facebook") is False
    assert [path.suffix for path in tmp_path.iterdir() if path.name != ".key.lock"] == [".lock"]


@pytest.mark.skipif(os.name == "nt", reason="folders of POSIX")
def test_a_session_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """A power cut leaves the old or the new session: the bytes are synced, then the name changes, then the folder."""
    vault, happened = _vault(tmp_path), faulty_disk.happened
    vault.store(a_session())
    happened.clear()
    vault.store(a_session(storage_state=a_state("new")))
    file, folder = _file(tmp_path).stat(), tmp_path.stat()
    assert [event[:2] for event in happened] == [
        ("synced", file.st_ino), ("renamed", file.st_ino), ("synced", folder.st_ino),
    ]  # fmt: skip
    assert happened[0][2] == happened[1][2] == file.st_size, "whole when it was synced"


@pytest.mark.skipif(not FULL.exists(), reason="needs a disk that is always full")
def test_a_full_disk_keeps_the_old_session(tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """Where the new session does not fit, the old one is still there, and nothing half-written beside it."""
    vault = _vault(tmp_path)
    vault.store(a_session())
    faulty_disk.full = True
    with pytest.raises(OutputError, match="No space left"):
        vault.store(a_session(storage_state={}))
    assert vault.load("atelier-facebook") == a_session()
    assert list(tmp_path.glob(".*.partial")) == []


# How long it lasts


def test_a_session_knows_when_its_sign_in_runs_out() -> None:
    """The first of the service's own cookies to run out ends it; one without a date says nothing."""
    assert a_session().runs_out_at(("c_user", "xs")) == datetime(2100, 1, 1, 0, 0, 0, 500000, UTC)
    assert a_session(storage_state=a_state(expires=-1)).runs_out_at(("c_user", "xs")) is None
    for state in (a_state(cookie=""), {"cookies": [], "origins": []}, {}):
        with pytest.raises(SessionUnusable, match="lacks the cookie c_user"):
            replace(a_session(), storage_state=state).runs_out_at(("c_user", "xs"))
