"""Runs of the runner's tests: accounts of a stand-in that kills browsers, or never answers."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import flows as shipped
from automation.authoring.replica import Actor, Replica, ReplicaSite, load_site
from automation.browser.pool import Browsers
from automation.config import AccountSecrets
from automation.core.accounts import Account, AccountKind, SignInMethod, subject
from automation.core.results import RunDocument
from automation.core.settings import BrowserSettings
from automation.guard import Guard
from automation.session.saved import SavedSession
from automation.visit import runner
from automation.visit.order import Limits
from tests.builders import A_MOMENT, a_sealer, some_means

KEY = b"key of a test of the runner"
ACCOUNT: ContextVar[str] = ContextVar("account")
"""Whose visit this is, for who starts its browser."""


FORM = "/help/contact/"
SETTING = "/settings/grok_settings"
"""Where the answer is read: Meta's form, the page of X."""


class Killing(Replica):
    """A replica that kills an account's browser when that account asks for its page, as often as it is told to."""

    def __init__(self, sites: Sequence[ReplicaSite], actors: Mapping[str, Actor], times: Mapping[str, int]) -> None:
        super().__init__(sites)
        self.left = dict(times)
        """Account → how many kills are left."""
        self.killed: Counter[str] = Counter()
        self.browsers: dict[str, int] = {}
        """Account → process id of the browser that looks at it now."""
        self._sessions = {name: actor.token("session") for name, actor in actors.items()}
        inner: Callable[..., Awaitable[None]] = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["path"].startswith((FORM, SETTING)):
                self._kill_if_due(dict(scope["headers"]).get(b"cookie", b"").decode())
            await inner(scope, receive, send)

        self._app = app  # type: ignore[assignment]

    def _kill_if_due(self, cookies: str) -> None:
        for name, token in self._sessions.items():
            if token in cookies and self.left.get(name, 0):
                self.left[name] -= 1
                self.killed[name] += 1
                os.kill(self.browsers[name], signal.SIGKILL)


class Holding(Replica):
    """A replica that never answers who asks for the page of the setting."""

    def __init__(self, site: ReplicaSite) -> None:
        super().__init__([site])
        inner: Callable[..., Awaitable[None]] = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["path"].startswith(SETTING):
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            await inner(scope, receive, send)

        self._app = app  # type: ignore[assignment]


def watch_browsers(replica: Killing, monkeypatch: pytest.MonkeyPatch, names: Mapping[str, str] | None = None) -> None:
    """
    Note which process is the browser of which account; nothing else about launching changes.

    Args:
        replica: where it is noted.
        monkeypatch: puts the launching back.
        names: account → name under which its browser is noted; its own where there is none.
    """

    @asynccontextmanager
    async def noting(browsers: Browsers, guard: Guard, like: BrowserSettings | None = None) -> AsyncIterator[Any]:
        async with lent(browsers, guard, like) as (browser, environment):
            session = await browser.new_browser_cdp_session()
            processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
            await session.detach()
            pid = next(int(process["id"]) for process in processes if process["type"] == "browser")
            account = ACCOUNT.get()
            replica.browsers[(names or {}).get(account, account)] = pid
            yield browser, environment

    lent = Browsers.borrowed
    monkeypatch.setattr(Browsers, "borrowed", noting)


def plan_for(
    actors: Mapping[str, Actor],
    replica: Replica,
    output: Path,
    side_by_side: int | None = None,
    sign_in: SignInMethod = SignInMethod.SESSION,
) -> runner.RunPlan:
    """All accounts at once, or so many side by side; from their saved sessions, or by their passwords."""
    means = some_means(output.with_name("data"))
    for name, actor in actors.items() if sign_in is SignInMethod.SESSION else ():
        state = load_site(actor.service).storage_state(actor)
        means.vault.store(SavedSession(name, actor.service, subject(actor.identity, KEY), A_MOMENT, None, state))
    return runner.RunPlan(
        accounts=[
            Account(name, actor.flow, actor.owner, actor.identity, AccountKind(actor.kind), sign_in=sign_in)
            for name, actor in actors.items()
        ],
        flows=shipped.load(),
        browser=BrowserSettings(
            replica_map=replica.replica_map,
            replica_spki=(replica.spki,),
            concurrency=side_by_side or len(actors),
            timeout_s=30.0,
        ),
        output=output,
        identity_key=KEY,
        means=means,
        sealer=a_sealer(output, output.with_name("data")),
        credentials={
            name: AccountSecrets(SecretStr(actor.username), SecretStr(actor.password)) for name, actor in actors.items()
        },
    )


def actor_of(site: ReplicaSite, scenario: str, locale: str = "en") -> Actor:
    """The account of a scenario."""
    return next(actor for actor in site.cast if (actor.scenario, actor.locale) == (scenario, locale))


async def one_visit(output: Path, replica: Replica, **limits: float) -> RunDocument:
    """One account's run on a stand-in of X."""
    async with replica:
        plan = plan_for({"one": actor_of(load_site("x"), "trains")}, replica, output)
        return await runner.run(replace(plan, limits=Limits(**limits)))
