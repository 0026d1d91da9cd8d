"""
Checks with saved sessions: used without signing in, kept fresh, believed only while they are the account's own.

Real: the vault's files, a second process that holds a lock, the browser, the guard, TLS, the replica's server. Not
real: the services.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import flows as shipped
from automation.authoring.replica import Actor, Replica, ReplicaSite
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.errors import VaultError
from automation.core.results import Result
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.reports.advice import advise
from automation.session.means import Means
from automation.session.saved import SavedSession
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import new_key, open_key
from automation.text.language import language
from automation.visit import runner
from tests.builders import a_sealer
from tests.session.playing import SITES, actor_of, cookies_of

SITE = SITES["facebook"]
IDENTITY_KEY = b"key of a test of saved sessions"
STORED_AT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=9)
SCENARIOS = {
    "kept": "accepted",
    "dead": "session_dead",
    "somebody-else": "accepted_rows",
    "swapped-midway": "open",
    "swapped-at-the-end": "under_review",
    "signed-out-at-the-end": "refused",
    "ran-out": "open_2024",
    "of-another-identity": "open_divs",
    "of-another-key": "open_legacy",
    "cut-short": "open_frame",
    "in-use": "open_linked",
    "none": "open_document",
}
"""Account → what the stand-in would show to whoever is really signed in as it."""
HOME, INBOX = "www.facebook.com/", "www.facebook.com/support/"
STRANGER = actor_of("facebook", "accepted_closed")
HOLD = """
import pathlib, sys
from automation.session.vault import Vault
from automation.session.vault_keys import VaultKey
with Vault(pathlib.Path(sys.argv[1]), VaultKey()).locked("in-use"):
    print("held", flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Change:
    """What the service does to a browser's cookies when it answers a page."""

    page: str
    """As `host/path`."""
    visit: int
    """Which answer to that page, from 1."""
    cookies: Mapping[str, str]
    """An empty value takes the cookie away."""


class Changing(Replica):
    """A replica that hands another session to some accounts in the middle of their visit."""

    def __init__(self, site: ReplicaSite, changes: Mapping[str, Change]) -> None:
        super().__init__([site])
        self._changes, self._domain, self._cookie = changes, site.session.domain, site.session.identity
        self.seen: Counter[tuple[str, str]] = Counter()
        """Identity and `host/path` → how often it was asked for."""
        inner: Callable[..., Awaitable[None]] = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            due = self._due(scope)

            async def changed(message: Any) -> None:
                if due is not None and message["type"] == "http.response.start":
                    message = {**message, "headers": [*message["headers"], *self._headers(due)]}
                await send(message)

            await inner(scope, receive, changed)

        self._app = app  # type: ignore[assignment]

    def _due(self, scope: Any) -> Change | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        headers = dict(scope["headers"])
        morsel = SimpleCookie(headers.get(b"cookie", b"").decode()).get(self._cookie)
        seen = (morsel.value if morsel else "", headers[b"host"].decode().partition(":")[0] + scope["path"])
        self.seen[seen] += 1
        change = self._changes.get(seen[0])
        return change if change and (change.page, change.visit) == (seen[1], self.seen[seen]) else None

    def _headers(self, change: Change) -> list[tuple[bytes, bytes]]:
        rest = f"; Domain={self._domain}; Path=/; Secure; SameSite=None"
        lines = [f"{name}={value}{rest}{'' if value else '; Max-Age=0'}" for name, value in change.cookies.items()]
        return [(b"set-cookie", line.encode()) for line in lines]


@dataclass(frozen=True)
class Ran:
    """One run over all accounts, and what it left."""

    results: Mapping[str, Result]
    code: int
    before: Mapping[str, bytes]
    """Account → its session file before the run."""
    after: Mapping[str, bytes]
    vault: Vault
    replica: Changing
    holder: int
    """The process that held a lock meanwhile."""
    ended_at: datetime


def account_of(name: str, actor: Actor) -> Account:
    """An account whose session a person saved."""
    return Account(name, actor.flow, actor.owner, actor.identity, sign_in=SignInMethod.SESSION)


def saved(name: str, actor: Actor, **changes: Any) -> SavedSession:
    """The session of an account, as signing in had left it nine days ago."""
    state = SITE.storage_state(actor)
    session = SavedSession(name, "facebook", subject(actor.identity, IDENTITY_KEY), STORED_AT, None, state)
    return replace(session, **changes)


def expired(actor: Actor) -> dict[str, Any]:
    """A session whose cookies ended two days ago."""
    state: dict[str, Any] = SITE.storage_state(actor)
    return {**state, "cookies": [{**cookie, "expires": time.time() - 172_800} for cookie in state["cookies"]]}


def fill(folder: Path, vault: Vault, actors: Mapping[str, Actor]) -> None:
    """Save what each account's name promises."""
    for name in ("kept", "dead", "swapped-midway", "swapped-at-the-end", "signed-out-at-the-end", "in-use"):
        vault.store(saved(name, actors[name]))
    vault.store(saved("somebody-else", actors["somebody-else"], storage_state=SITE.storage_state(STRANGER)))
    vault.store(saved("ran-out", actors["ran-out"], storage_state=expired(actors["ran-out"])))
    vault.store(saved("of-another-identity", STRANGER))
    Vault(folder, open_key(SecretStr(new_key()[0]))).store(saved("of-another-key", actors["of-another-key"]))
    vault.store(saved("cut-short", actors["cut-short"]))
    file = folder / "cut-short.age"
    file.write_bytes(file.read_bytes()[:-40])


def changes_for(actors: Mapping[str, Actor]) -> dict[str, Change]:
    """By identity: the inbox signs somebody else in; the last page does, or signs out."""
    stranger = SITE.session_cookies(STRANGER)
    return {
        actors["swapped-midway"].identity: Change(INBOX, 1, stranger),
        actors["swapped-at-the-end"].identity: Change(HOME, 2, stranger),
        actors["signed-out-at-the-end"].identity: Change(HOME, 2, {SITE.session.token: ""}),
    }


def files_in(folder: Path) -> dict[str, bytes]:
    """Account → its session file."""
    return {path.stem: path.read_bytes() for path in folder.glob("*.age")}


@contextmanager
def held_elsewhere(folder: Path) -> Iterator[int]:
    """Another process that holds the lock of `in-use`; yields its id."""
    holding = [sys.executable, "-c", HOLD, str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "held"
        yield other.pid
        other.stdin.close()


async def check_all(base: Path) -> Ran:
    """Check every account in one run."""
    actors = {name: actor_of("facebook", scenario) for name, scenario in SCENARIOS.items()}
    folder, evidence = base / "data" / "sessions", base / "evidence"
    vault = Vault(folder, open_key(SecretStr(new_key()[0])))
    fill(folder, vault, actors)
    before = files_in(folder)
    with held_elsewhere(folder) as holder:
        async with Changing(SITE, changes_for(actors)) as replica:
            plan = runner.RunPlan(
                accounts=[account_of(name, actor) for name, actor in actors.items()],
                flows=shipped.load(),
                browser=BrowserSettings(
                    replica_map=replica.replica_map, replica_spki=(replica.spki,), concurrency=3, timeout_s=30.0
                ),
                output=evidence,
                identity_key=IDENTITY_KEY,
                means=Means(vault, Cooldown(base / "data" / "cooldown")),
                sealer=a_sealer(evidence, base / "data"),
            )
            document = await runner.run(plan)
    results = {result.account: result for result in document.results}
    assert list(results) == list(SCENARIOS)
    ended = datetime.now(UTC)
    return Ran(results, document.run.exit_code, before, files_in(folder), vault, replica, holder, ended)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All accounts, in one run."""
    return asyncio.run(check_all(tmp_path_factory.mktemp("sessions")))


def untouched(ran: Ran, name: str) -> bool:
    """Whether a session file is byte for byte what it was; sealing anew never gives the same bytes."""
    return ran.after[name] == ran.before[name]


@pytest.mark.thorough
@pytest.mark.browser
def test_a_saved_session_is_used_and_kept_fresh(ran: Ran) -> None:
    """
    Its account gets its verdict without signing in, and the service's renewed cookie is in the vault afterwards.

    The day on which the person signed in stays; the last good use is now; what it proves is read at both ends.
    """
    result, actor = ran.results["kept"], actor_of("facebook", "accepted")
    assert (result.verdict, result.reason) == (Verdict.OBJECTED, None)
    assert "identity.same" in {signal.name for signal in result.signals}
    assert ran.replica.seen[actor.identity, HOME] == 2, "once at the start, once at the end"
    session = ran.vault.load("kept", subject(actor.identity, IDENTITY_KEY))
    assert session.stored_at == STORED_AT
    assert session.used_at is not None
    assert result.started_at < session.used_at < ran.ended_at
    before, after = cookies_of(SITE.storage_state(actor)), cookies_of(session.storage_state)
    assert SITE.session.renewed not in before
    assert after[SITE.session.renewed].startswith(actor.token("renewed"))
    assert before.items() <= after.items(), "what the service did not change is still there"
    assert result.guard.sign_in_requests == 0
    assert result.guard.phases == ("check",)


@pytest.mark.thorough
@pytest.mark.browser
def test_nobody_signs_in_for_a_saved_session(ran: Ran) -> None:
    """Whatever is wrong with a session, no password is sent, nothing is written, and no failed sign-in is counted."""
    assert ran.replica.sign_in_tries == Counter()
    assert ran.replica.sign_ins == []
    assert ran.replica.writes == []
    assert ran.replica.faults == []
    assert ran.code == 3


SAID = {
    "dead": (Reason.LOGIN_REQUIRED, "sign"),
    "somebody-else": (Reason.WRONG_ACCOUNT, "another account than the one expected"),
    "swapped-midway": (Reason.WRONG_ACCOUNT, "another account than the one expected"),
    "swapped-at-the-end": (Reason.WRONG_ACCOUNT, "another account than the one expected"),
    "ran-out": (Reason.LOGIN_REQUIRED, "the saved session ran out on"),
    "of-another-identity": (Reason.LOGIN_REQUIRED, "of another identity than the one in temoin.toml"),
    "of-another-key": (Reason.LOGIN_REQUIRED, "sealed for another key than the one in TEMOIN_VAULT_KEY"),
    "cut-short": (Reason.LOGIN_REQUIRED, "this file is damaged"),
    "none": (Reason.LOGIN_REQUIRED, "there is no saved session of this account"),
}


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize("name", SAID)
def test_a_session_that_is_not_this_accounts_gives_no_verdict(ran: Ran, name: str) -> None:
    """
    Dead, strange, swapped on the way or at the very end, run out, unreadable or missing: its reason, no verdict.

    Nothing that was read is believed, and the file stays byte for byte as it was.
    """
    result, (reason, words) = ran.results[name], SAID[name]
    assert (result.verdict, result.reason) == (reason.verdict, reason)
    assert words in result.because
    assert not result.verdict.is_answer
    assert (result.signals, result.form) == ((), None)
    assert result.attempts == 1
    assert name == "none" or untouched(ran, name)


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize("name", [name for name, (reason, _) in SAID.items() if reason is Reason.LOGIN_REQUIRED])
@pytest.mark.parametrize("code", ["en", "fr"])
def test_who_must_sign_in_is_told_the_command(ran: Ran, name: str, code: str) -> None:
    """The next step names `temoin account login` with the account's own name, in both languages."""
    steps = [words.text for words in advise(ran.results[name], None, language(code)).steps]
    assert any(f"temoin account login {name}" in step.replace("\N{NO-BREAK SPACE}", " ") for step in steps)


@pytest.mark.thorough
@pytest.mark.browser
def test_a_swap_really_happened(ran: Ran) -> None:
    """The stand-in did sign somebody else in, after it had shown the right account."""
    midway, end = (actor_of("facebook", SCENARIOS[name]) for name in ("swapped-midway", "swapped-at-the-end"))
    assert ran.replica.seen[midway.identity, INBOX] == 1
    assert ran.replica.seen[end.identity, INBOX] >= 1
    assert ran.replica.seen[end.identity, HOME] == 2


@pytest.mark.thorough
@pytest.mark.browser
def test_a_sign_out_at_the_end_costs_the_saved_session_nothing(ran: Ran) -> None:
    """Where the last page takes the session away, what was read stands, and the dead remains are not put back."""
    result = ran.results["signed-out-at-the-end"]
    assert result.verdict is Verdict.REFUSED
    assert untouched(ran, "signed-out-at-the-end")


@pytest.mark.thorough
@pytest.mark.browser
def test_a_session_in_use_costs_only_its_own_account(ran: Ran) -> None:
    """Its result says which process holds it; it is tried once more, and the service is never asked."""
    result = ran.results["in-use"]
    assert (result.verdict, result.reason, result.attempts) == (Verdict.UNKNOWN, Reason.TIMEOUT, 2)
    assert f"the process {ran.holder} is using the saved session" in result.because
    assert untouched(ran, "in-use")
    assert not any(who == actor_of("facebook", SCENARIOS["in-use"]).identity for who, _ in ran.replica.seen)


async def test_a_key_that_fits_nothing_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    """With a wrong key there is one message and no result, no folder and no browser; the file stays."""
    actor = actor_of("facebook", "accepted")
    folder = tmp_path / "sessions"
    Vault(folder, open_key(SecretStr(new_key()[0]))).store(saved("kept", actor))
    before = files_in(folder)
    wrong = Vault(folder, open_key(SecretStr(new_key()[0])))
    plan = runner.RunPlan(
        accounts=[account_of("kept", actor)],
        flows=shipped.load(),
        browser=BrowserSettings(path=tmp_path / "no-browser"),
        output=tmp_path / "evidence",
        identity_key=IDENTITY_KEY,
        means=Means(wrong, Cooldown(tmp_path / "cooldown")),
        sealer=a_sealer(tmp_path / "evidence", tmp_path),
    )
    with pytest.raises(VaultError, match="opens none of the saved sessions"):
        await runner.run(plan)
    assert files_in(folder) == before
    assert not (tmp_path / "evidence").exists()
