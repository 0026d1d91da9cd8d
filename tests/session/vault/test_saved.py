"""What a saved session remembers beside the session itself; and a browser's storage state that becomes one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from automation.core.errors import SessionUnusable
from automation.session.saved import (
    Confirmation,
    SavedSession,
    SigningBrowser,
    from_bytes,
    is_storage_state,
    of_service,
    to_bytes,
)
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key

if TYPE_CHECKING:
    from pathlib import Path

    from automation.flow import Flow

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
