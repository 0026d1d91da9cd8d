"""
Flows of one's own against MediaWiki and DokuWiki: real applications, in English and French, read-only.

Real: both applications with their own pages, scripts, databases and files; the browser, TLS, the guard, signing in by
the flow site's own description, the vault, the runner, the bundle. Not real: the host names, and that one process
stands between browser and application to end TLS and count what is asked for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import async_playwright
from pydantic import SecretStr

import flows as shipped
from automation.browser.environment.record import ci_of
from automation.browser.pool import launched
from automation.config import AccountSecrets
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.results import Result
from automation.core.settings import BrowserSettings
from automation.core.signals import SignalKind
from automation.core.verdicts import Verdict
from automation.flow import Flow
from automation.guard import Guard, GuardPolicy, Phase
from automation.session.password import PasswordSignIn as Password
from automation.session.saved import SavedSession
from automation.visit import runner
from tests.builders import a_sealer, some_means
from tests.real import applications
from tests.real.serving import Asked, Served, over_tls
from tests.session.playing import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.rare, pytest.mark.timeout(900)]

KEY = b"key of a test"
FLOWS = Path(__file__).parent / "flows"
READER = "Alice"
GOOD, BAD = Verdict.OBJECTED, Verdict.NOT_OBJECTED
MEDIAWIKI = ("mediawiki.email", "mediawiki.gender", "mediawiki.thumbnails")
DOKUWIKI = ("dokuwiki.remember_me", "dokuwiki.mailguard", "dokuwiki.access")
# Keyed by verdict: how the owner of the setting leaves it.
PREFERENCES = {
    GOOD: {"disablemail": "1", "gender": "unknown", "thumbsize": "2"},
    BAD: {"disablemail": "0", "gender": "female", "thumbsize": "5"},
}
SETTINGS = {GOOD: {"rememberme": 0, "mailguard": "hex"}, BAD: {"rememberme": 1, "mailguard": "none"}}
PERMISSIONS = {GOOD: 0, BAD: 1}
ROUNDS = [(GOOD, "en"), (BAD, "fr"), (BAD, "en"), (GOOD, "fr")]
ROUNDS = ROUNDS if os.environ.get("TEMOIN_TEST_EVERYTHING") else ROUNDS[:2]


@dataclass
class Played:
    """What a few rounds of checks led to."""

    results: dict[tuple[str, str, Verdict], Result] = field(default_factory=dict)
    """By flow, language, and how the setting stands."""
    asked: list[Asked] = field(default_factory=list)
    """Everything that reached the applications while settings were read."""
    signing_in: list[Asked] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Tables and files that are not what they were before settings were read."""
    with_password: Result | None = None


@dataclass
class _Stage:
    """Both applications behind TLS, and what accounts are checked with."""

    wiki: applications.MediaWiki
    notes: applications.DokuWiki
    served: tuple[Served, Served]
    folder: Path
    flows: Mapping[str, Flow]
    played: Played = field(default_factory=Played)

    def __post_init__(self) -> None:
        self.means = some_means(self.folder / "data")

    @property
    def browser(self) -> BrowserSettings:
        merged = {host: to for one in self.served for host, to in one.replica_map.items()}
        return BrowserSettings(
            replica_map=merged, replica_spki=tuple(one.spki for one in self.served), concurrency=3, timeout_s=60.0
        )

    async def sign_in(self, accounts: list[Account]) -> None:
        """Sign one person in, once, as the flow's site describes it, and keep the session for her accounts."""
        flow = self.flows[accounts[0].flow]
        guard = Guard(GuardPolicy.parse(flow.site.tables), replica_map=self.browser.replica_map)
        async with async_playwright() as playwright, launched(playwright, self.browser, guard):
            context = await guard.new_context(Phase.SESSION)
            way = Password(context, flow.site, flow.labels, Pictures(), guard, self.browser.timeout_s)
            state = await way.with_password(_secrets(accounts[0].identity))
            await guard.close_context(context)
        now = datetime.now(UTC)
        for account in accounts:
            whose = subject(account.identity, KEY)
            self.means.vault.store(SavedSession(account.name, flow.site.id, whose, now, None, state))

    async def check(self, accounts: list[Account], stands: Verdict, language: str) -> None:
        """Let the owners set everything, check, and compare what the applications hold before and after."""
        for option, value in {"language": language, **PREFERENCES[stands]}.items():
            self.wiki.choose(READER, option, value)
        self.notes.choose(lang=language, **SETTINGS[stands])
        self.notes.permit(PERMISSIONS[stands])
        before, since = (self.wiki.state(), self.notes.state()), [len(one.asked) for one in self.served]
        for result in await self._run(accounts):
            self.played.results[result.flow, language, stands] = result
        for one, start in zip(self.served, since, strict=True):
            self.played.asked.extend(one.asked[start:])
        for old, new in zip(before, (self.wiki.state(), self.notes.state()), strict=True):
            self.played.changed.extend(name for name in {*old, *new} if old.get(name) != new.get(name))

    async def _run(self, accounts: list[Account]) -> tuple[Result, ...]:
        evidence = self.folder / "evidence"
        plan = runner.RunPlan(
            accounts=accounts,
            flows=self.flows,
            browser=self.browser,
            output=evidence,
            identity_key=KEY,
            means=self.means,
            sealer=a_sealer(evidence, self.folder / "data"),
            credentials={account.name: _secrets(account.identity) for account in accounts},
        )
        return (await runner.run(plan)).results


def _secrets(person: str) -> AccountSecrets:
    return AccountSecrets(SecretStr(person), SecretStr(applications.PASSWORD), None)


def _account(flow: str, person: str, how: SignInMethod = SignInMethod.SESSION) -> Account:
    name = f"{flow}-{how}".replace(".", "-").replace("_", "-")  # what is kept for one name serves no other
    return Account(name=name, flow=flow, owner="Hearth", identity=person, sign_in=how)


@asynccontextmanager
async def _staged(folder: Path) -> AsyncIterator[_Stage]:
    async with AsyncExitStack() as stack:
        wiki = stack.enter_context(applications.mediawiki(folder / "mediawiki", READER))
        notes = stack.enter_context(applications.dokuwiki(folder / "dokuwiki"))
        served = [await stack.enter_async_context(over_tls(app.host, app.inside)) for app in (wiki, notes)]
        yield _Stage(wiki, notes, (served[0], served[1]), folder, shipped.load([FLOWS]))


async def play(folder: Path) -> Played:
    """Sign both people in; then read every setting as its owner left it, in one language after the other."""
    async with _staged(folder) as stage:
        reader = [_account(flow, READER) for flow in MEDIAWIKI]
        keeper = [_account(flow, stage.notes.person) for flow in DOKUWIKI]
        await stage.sign_in(reader)
        await stage.sign_in(keeper)
        stage.played.signing_in = [one for served in stage.served for one in served.asked]
        for stands, language in ROUNDS:
            await stage.check([*keeper, *reader], stands, language)
        whole = await stage._run([_account(MEDIAWIKI[0], READER, SignInMethod.PASSWORD)])
        stage.played.with_password = whole[0]
        return stage.played


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Both applications, started once; a CI job that lacks them is set up wrongly."""
    if lacking := applications.missing():
        reason = f"{', '.join(lacking)} of Debian 13 not installed; `make services` gets them there"
        pytest.fail(reason) if ci_of() else pytest.skip(reason)
    return asyncio.run(play(tmp_path_factory.mktemp("real")))


@pytest.mark.parametrize(("stands", "language"), ROUNDS)
@pytest.mark.parametrize("flow", [*MEDIAWIKI, *DOKUWIKI])
def test_the_verdict_follows_the_setting(played: Played, flow: str, language: str, stands: Verdict) -> None:
    """A checkbox, a list and a choice of each application, told as their owners left them, in English and French."""
    result = played.results[flow, language, stands]
    said = [(signal.name, signal.how, signal.quote) for signal in result.signals]
    assert (result.verdict, result.reason) == (stands, None), (result.because, result.missing, said)
    assert result.locale == language
    assert {signal.kind for signal in result.signals} >= {SignalKind.CONTROL, SignalKind.LANDMARK}


def test_nothing_is_written_while_settings_are_read(played: Played) -> None:
    """Counted in front of the applications: reads alone arrive, and by the guard's record nothing else was let out."""
    assert len(played.asked) > 4 * len(played.results), "the count is worth something only where pages were fetched"
    assert [one for one in played.asked if one.method not in {"GET", "HEAD"}] == []
    assert {result.guard.writes_let_through for result in played.results.values()} == {0}


def test_the_chore_that_a_page_asks_for_is_not_done(played: Played) -> None:
    """DokuWiki's pages have the wiki do its chores by a picture; the site's file names it, and it is never fetched."""
    assert not any("taskrunner" in one.path for one in played.asked)
    blocked = {rule.rule for result in played.results.values() for rule in result.guard.blocked}
    assert "telemetry" in blocked


def test_the_applications_hold_what_they_held(played: Played) -> None:
    """
    After a check every row of MediaWiki's database and every file of DokuWiki is what it was.

    DokuWiki's own cache and its log of PHP's complaints are left out: its server writes them on any visit.
    """
    ours = [name for name in played.changed if not name.startswith(("data/cache/", "data/log/"))]
    assert ours == []


def test_signing_in_sends_the_form_and_nothing_else(played: Played) -> None:
    """Each sign-in, as the flow's site describes it, is one request that writes: the login form."""
    writes = [one.path.partition("?")[0] for one in played.signing_in if one.method == "POST"]
    assert sorted(writes) == ["/doku.php", "/index.php/Special:UserLogin"]


def test_a_check_may_sign_in_by_itself(played: Played) -> None:
    """Name and password from the environment, the account named by the wiki's own cookie and link, and a verdict."""
    result = played.with_password
    assert result is not None
    assert (result.verdict, result.guard.sign_in_requests) == (BAD, 1)
    assert "identity.same" in {signal.name for signal in result.signals}
