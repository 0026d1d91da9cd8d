"""
A test account signs in with its password once, not at every check: what one sign-in left is used as long as it lives.

Real: the runner, the vault's files, the browser, the guard, TLS, the replica's server. Not real: the services, and
where no browser is needed the context.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from automation.authoring.replica import Actor, Replica
from automation.core.accounts import Account, SignInMethod
from automation.core.errors import VaultError
from automation.core.results import Result
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.session.means import Means
from automation.session.phase import KeptSession
from automation.session.vault import Vault
from automation.session.vault_keys import VaultKey
from automation.visit import runner
from tests.builders import some_means
from tests.session.playing import SITES, actor_of
from tests.visit.test_runner import plan_for

SITE = SITES["facebook"]
ACTORS = {
    "alive": actor_of("facebook", "accepted"),
    "over": actor_of("facebook", "open"),
    "of-somebody-else": actor_of("facebook", "under_review"),
}


async def check(names: list[str], replica: Replica, place: Path, means: Means) -> dict[str, Result]:
    """What `temoin check` does: everything anew, but for what is on disk."""
    plan = plan_for({name: ACTORS[name] for name in names}, replica, place / "evidence")
    document = await runner.run(replace(plan, means=means))
    return {result.account: result for result in document.results}


def spoil(name: str, actor: Actor, means: Means) -> None:
    """Put another sign-in into a kept session: of `actor`, or one that the service no longer knows."""
    saved = means.vault.load(name)
    state = SITE.storage_state(actor)
    if actor is ACTORS[name]:
        cookies = [{**c, "value": "gone"} if c["name"] == SITE.session.token else c for c in state["cookies"]]
        state = {**state, "cookies": cookies}
    means.vault.store(replace(saved, storage_state=state))


@pytest.mark.browser
@pytest.mark.rare
async def test_a_password_is_given_again_only_when_the_kept_session_is_over(tmp_path: Path) -> None:
    """
    The second check signs nobody in whose session lives, and signs in once where the service has ended it.

    A kept session that shows somebody else is no verdict and no reason to try the password.
    """
    names, means = list(ACTORS), some_means(tmp_path / "temoin")
    tries = {name: ACTORS[name].username for name in names}
    async with Replica([SITE]) as replica:
        first = await check(names, replica, tmp_path, means)
        assert {name: replica.sign_in_tries[tries[name]] for name in names} == dict.fromkeys(names, 1)
        assert {entry.account for entry in means.vault.entries()} == set(names)
        assert all(result.guard.sign_in_requests for result in first.values())

        spoil("over", ACTORS["over"], means)
        spoil("of-somebody-else", actor_of("facebook", "accepted_closed"), means)
        kept = means.vault.load("alive")
        second = await check(names, replica, tmp_path, means)
        assert {name: replica.sign_in_tries[tries[name]] for name in names} == {
            "alive": 1, "over": 2, "of-somebody-else": 1,
        }  # fmt: skip
    for name in ("alive", "over"):
        assert second[name].verdict is first[name].verdict
        assert second[name].attempts == 1
    assert second["alive"].guard.sign_in_requests == 0
    assert second["alive"].guard.phases == ("check",)
    assert second["over"].guard.sign_in_requests > 0
    wrong = second["of-somebody-else"]
    assert (wrong.verdict, wrong.reason) == (Verdict.NEEDS_HUMAN, Reason.WRONG_ACCOUNT)
    fresh = means.vault.load("alive")
    assert fresh.stored_at == kept.stored_at, "the day of the sign-in stays"
    assert fresh.used_at is not None
    assert kept.used_at is not None
    assert fresh.used_at > kept.used_at, "what the service renewed is kept"
    assert replica.writes == []


class Context:
    """A browser context, signed in as an account."""

    def __init__(self, actor: Actor, cookies: dict[str, str] | None = None) -> None:
        self._state = SITE.storage_state(actor)
        self._cookies = SITE.session_cookies(actor) if cookies is None else cookies

    async def storage_state(self, **_: Any) -> Any:
        """As Playwright gives it."""
        return self._state

    async def cookies(self, _: Any) -> list[dict[str, str]]:
        """Those of the service."""
        return [{"name": name, "value": value} for name, value in self._cookies.items()]


def kept(vault: Vault, flows: dict[str, Flow], sign_in: SignInMethod = SignInMethod.PASSWORD) -> KeptSession:
    """The session of the account `alive`."""
    actor = ACTORS["alive"]
    account = Account("alive", actor.flow, actor.owner, actor.identity, sign_in=sign_in)
    return KeptSession(account, "a1" * 32, flows[actor.flow].site, vault)


async def test_a_file_that_cannot_be_opened_stays_as_it_is(tmp_path: Path, flows: dict[str, Flow]) -> None:
    """Damaged or of another key: signing in is possible, and what it leaves is not put in the file's place."""
    one, other = some_means(tmp_path).vault, some_means(tmp_path).vault
    file = tmp_path / "sessions" / "alive.age"
    await kept(one, flows).put_back(Context(ACTORS["alive"]))  # type: ignore[arg-type]
    sealed = file.read_bytes()
    for content in (sealed, sealed[:-9], b""):
        file.write_bytes(content)
        session = kept(other, flows)
        assert session.open_spare() is None
        await session.put_back(Context(ACTORS["alive"]))  # type: ignore[arg-type]
        assert file.read_bytes() == content


async def test_what_is_not_surely_this_accounts_is_not_kept(tmp_path: Path, flows: dict[str, Flow]) -> None:
    """No sign-in, somebody else's, or one that names nobody: no file; a person saw the last one, a program did not."""
    vault, actor = some_means(tmp_path).vault, ACTORS["alive"]
    own = SITE.session_cookies(actor)
    for cookies in ({}, {**own, SITE.session.identity: "61550000000099"}, {**own, SITE.session.token: ""}):
        await kept(vault, flows).put_back(Context(actor, cookies))  # type: ignore[arg-type]
        assert vault.entries() == ()
    await kept(vault, flows).put_back(Context(actor))  # type: ignore[arg-type]
    assert [entry.account for entry in vault.entries()] == ["alive"]


@pytest.mark.usefixtures("no_keyring")
async def test_without_a_key_nothing_is_kept_and_nothing_fails(tmp_path: Path, flows: dict[str, Flow]) -> None:
    """A machine without a keyring and without TEMOIN_VAULT_KEY signs in at each check, and writes no session at all."""
    vault = Vault(tmp_path / "sessions", VaultKey())
    session = kept(vault, flows)
    assert session.open_spare() is None
    await session.put_back(Context(ACTORS["alive"]))  # type: ignore[arg-type]
    assert list((tmp_path / "sessions").glob("*age*")) == []
    with pytest.raises(VaultError, match="keyring"):
        await kept(vault, flows, SignInMethod.SESSION).put_back(Context(ACTORS["alive"]))  # type: ignore[arg-type]
