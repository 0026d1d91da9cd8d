"""What a saved session remembers; a browser's storage state that becomes one; the cool-down after failed sign-ins."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.core.errors import OutputError, SessionUnusable
from automation.flow import Flow
from automation.session.saved import (
    Confirmation,
    SavedSession,
    SigningBrowser,
    from_bytes,
    is_storage_state,
    of_service,
    to_bytes,
)
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import new_key, open_key

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OLD = SavedSession("a", "s", "hmac", NOW, None, {"cookies": []})
BROWSER = SigningBrowser("/opt/chrome", "156.0", "Mozilla", "fr", "Europe/Paris", "1280×900", windowed=True)


def test_confirmation_and_browser_come_back() -> None:
    """Sealed with the session: who confirmed when, what is compared, and which browser signed in."""
    confirmation = Confirmation(NOW, {"email": ("ab12",)})
    saved = SavedSession("a", "s", "hmac", NOW, None, {}, confirmation, unconfirmed=False, browser=BROWSER)
    again = from_bytes(to_bytes(saved), "a")
    assert (again.confirmation, again.browser, again.confirmed_on) == (confirmation, BROWSER, "2026-11-26")


def test_a_session_of_an_earlier_version_counts_as_confirmed() -> None:
    """It was stored only once a person had seen who is signed in; an imported one was not."""
    document = json.loads(to_bytes(OLD))
    del document["unconfirmed"]
    assert from_bytes(json.dumps(document).encode(), "a").confirmed_on == "2026-11-26"
    document["unconfirmed"] = True
    assert from_bytes(json.dumps(document).encode(), "a").confirmed_on is None


def test_one_sign_in_serves_several_entries(tmp_path: Path) -> None:
    """The first of a person's entries that has a session is the one whose session is used."""
    from pydantic import SecretStr

    vault = Vault(tmp_path, open_key(SecretStr(new_key()[0])))
    assert vault.holder(("b", "a")) == "b"
    vault.store(OLD)
    assert vault.holder(("b", "a")) == "a"
    assert vault.browser_of("b") is None


def a_state(*cookies: tuple[str, str, str], origins: tuple[str, ...] = ()) -> bytes:
    """A storage state as Playwright writes it: cookies as name, value, domain; origins with storage."""
    made = [{"name": n, "value": v, "domain": d, "path": "/", "expires": -1} for n, v, d in cookies]
    stored = [{"origin": o, "localStorage": [{"name": "k", "value": "v"}]} for o in origins]
    return json.dumps({"cookies": made, "origins": stored}).encode()


def test_of_a_storage_state_only_the_service_is_kept(flows: dict[str, Flow]) -> None:
    """What the browser held of other sites is not taken; a cookie that names the account proves it."""
    site = flows["facebook.ai_objection"].site
    data = a_state(
        ("c_user", "100", ".facebook.com"), ("sid", "x", ".bank.example"), ("t", "1", "notfacebook.com"),
        origins=("https://www.facebook.com", "https://bank.example"),
    )  # fmt: skip
    assert is_storage_state(data)
    state, named = of_service(data, site, "100", "state.json")
    assert ([c["name"] for c in state["cookies"]], [o["origin"] for o in state["origins"]], named) == (
        ["c_user"], ["https://www.facebook.com"], True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (a_state(("c_user", "200", ".facebook.com")), "another account"),
        (a_state(("sid", "x", ".bank.example")), "nothing of Facebook"),
        (a_state(), "nothing of Facebook"),
    ],
)
def test_a_storage_state_that_cannot_be_this_session(data: bytes, message: str, flows: dict[str, Flow]) -> None:
    """Another account's, or another site's; the message holds no value of it."""
    with pytest.raises(SessionUnusable, match=message) as caught:
        of_service(data, flows["facebook.ai_objection"].site, "100", "state.json")
    assert "200" not in str(caught.value)


@pytest.mark.parametrize("data", [b"age-encryption.org/v1\n", b"[]", b"{}", b'{"cookies": 1}', b"\xff"])
def test_what_is_no_storage_state(data: bytes) -> None:
    """A sealed export and anything else is left to the vault."""
    assert not is_storage_state(data)


def test_a_service_whose_cookies_name_nobody(flows: dict[str, Flow]) -> None:
    """There the state is taken and nobody is named: a person has to confirm it."""
    site = flows["github_copilot.training"].site if "github_copilot.training" in flows else _declared(flows)
    data = a_state(("user_session", "x", f".{site.hosts[0]}"))
    state, named = of_service(data, site, "lou", "state.json")
    assert (len(state["cookies"]), named) == (1, False)


def _declared(flows: dict[str, Flow]) -> Any:
    return next(flow.site for flow in flows.values() if not flow.site.identity.names_somebody)


FAILED_AT = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_account_that_never_failed_waits_for_nothing(tmp_path: Path) -> None:
    """Asking makes no record and no folder."""
    assert Cooldown(tmp_path / "cooldown").remaining("a", FAILED_AT) is None
    assert not (tmp_path / "cooldown").exists()


def test_each_failure_waits_longer_and_a_new_process_knows(tmp_path: Path) -> None:
    """One hour, six, a day, three days, and never more; what is on the disk counts, not what a process remembers."""
    now = FAILED_AT
    for hours in (1, 6, 24, 72, 72):
        assert Cooldown(tmp_path).failed("a", "challenge", now) == hours * HOUR
        assert Cooldown(tmp_path).remaining("a", now) == hours * HOUR
        assert Cooldown(tmp_path).remaining("a", now + hours * HOUR - timedelta(seconds=1)) == timedelta(seconds=1)
        now += hours * HOUR
        assert Cooldown(tmp_path).remaining("a", now) is None
    assert Cooldown(tmp_path).remaining("b", FAILED_AT) is None, "accounts wait apart"


def test_a_scheduled_job_tries_five_times_in_a_week(tmp_path: Path) -> None:
    """A job every ten minutes against a wrong password knocks five times in a week, not a thousand."""
    cooldown, tries = Cooldown(tmp_path), 0
    for tick in range(7 * 24 * 6):
        now = FAILED_AT + tick * timedelta(minutes=10)
        if cooldown.remaining("a", now) is None:
            tries += 1
            cooldown.failed("a", "login_required", now)
    assert tries == 5


def test_success_or_a_person_ends_it(tmp_path: Path) -> None:
    """After a good sign-in the next failure is a first one again."""
    cooldown = Cooldown(tmp_path)
    cooldown.failed("a", "challenge", FAILED_AT)
    cooldown.failed("a", "challenge", FAILED_AT)
    assert cooldown.succeeded("a") is True
    assert cooldown.succeeded("a") is False
    assert cooldown.remaining("a", FAILED_AT) is None
    assert cooldown.failed("a", "challenge", FAILED_AT) == HOUR


def test_a_clock_set_back_neither_opens_the_way_nor_closes_it_for_ever(tmp_path: Path) -> None:
    """A failure from a wrong year counts from the first look on: the usual wait, then the way is free."""
    cooldown = Cooldown(tmp_path)
    cooldown.failed("a", "challenge", FAILED_AT + timedelta(days=3650))
    assert cooldown.remaining("a", FAILED_AT) == HOUR
    assert Cooldown(tmp_path).remaining("a", FAILED_AT + HOUR / 2) == HOUR / 2
    assert Cooldown(tmp_path).remaining("a", FAILED_AT + HOUR) is None


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"failures": 1}',
        b'{"failures": 0, "failed_at": "2026-11-25T07:30:00+00:00", "reason": "x"}',
        b'{"failures": "1", "failed_at": "2026-11-25T07:30:00+00:00", "reason": "x"}',
        b'{"failures": true, "failed_at": "2026-11-25T07:30:00+00:00", "reason": "x"}',
        b'{"failures": 1, "failed_at": "2026-11-25T07:30:00", "reason": "x"}',
        b'{"failures": 1, "failed_at": "yesterday", "reason": "x"}',
        b'{"failures": 1, "failed_at": 5, "reason": "x"}',
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_waits_an_hour(tmp_path: Path, text: bytes) -> None:
    """A damaged record is no permission to try, and no reason to wait for ever."""
    (tmp_path / "a.json").write_bytes(text)
    assert Cooldown(tmp_path).remaining("a", FAILED_AT) == HOUR
    assert Cooldown(tmp_path).remaining("a", FAILED_AT + HOUR) is None
    assert Cooldown(tmp_path).failed("a", "challenge", FAILED_AT + HOUR) == 6 * HOUR


def test_the_record_is_private_and_says_what_happened(tmp_path: Path) -> None:
    """Three facts and no secret, readable by its owner only."""
    cooldown = Cooldown(tmp_path / "cooldown")
    cooldown.failed("a", "two_factor", FAILED_AT)
    path = tmp_path / "cooldown" / "a.json"
    assert json.loads(path.read_text()) == {"failures": 1, "failed_at": FAILED_AT.isoformat(), "reason": "two_factor"}
    last = cooldown.last("a")
    assert last is not None
    assert (last.failures, last.reason) == (1, "two_factor")
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_record_nobody_tries_again(tmp_path: Path) -> None:
    """Where the failure cannot be written down, that is an error with its place, not a silent go-ahead."""
    (tmp_path / "cooldown").write_text("in the way")
    with pytest.raises(OutputError, match="cooldown"):
        Cooldown(tmp_path / "cooldown").failed("a", "challenge", FAILED_AT)
