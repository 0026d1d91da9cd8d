"""
A password is given once: whatever is lost on the way, and however often a schedule comes back.

Real: the runner with its second try, the record of failed sign-ins on disk, the browser and its death by SIGKILL, the
guard, the replica's server, `temoin account logout`. Not real: the services.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from automation.authoring.replica import Actor, Replica
from automation.core.accounts import SignInMethod, subject
from automation.core.results import Result
from automation.core.verdicts import Reason, Verdict
from automation.session.saved import SavedSession
from automation.session.vault import Cooldown
from automation.visit import runner
from automation.visit.order import Limits
from tests.builders import some_means
from tests.session.playing import SITES, actor_of
from tests.visit.test_runner import _set, plan_for, watch_browsers

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
LOGIN = "www.facebook.com/login/"
_LONG_ENOUGH_S = 20.0
"""To get as far as the password, on a busy machine as well."""


class Losing(Replica):
    """A replica at which signing in gets lost: the browser dies, or no answer ever comes."""

    def __init__(self, *, kills_at: str = "", silent_for: str = "") -> None:
        super().__init__([SITES["facebook"]])
        self.browsers: dict[str, int] = {}
        """User name → process id of its browser; `watch_browsers` fills it in."""
        self.deaths = 0
        self._kills_at, self._silent_for = kills_at, silent_for
        inner: Callable[..., Awaitable[None]] = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            body = bytearray()

            async def listening() -> Any:
                message = await receive()
                body.extend(message.get("body", b""))
                return message

            async def answering(message: Any) -> None:
                await self._lose(f"{scope['method']} {scope['path']}", body.decode())
                await send(message)

            await inner(scope, listening, answering)

        self._app = app  # type: ignore[assignment]

    async def _lose(self, request: str, body: str) -> None:
        """Let it come to what was ordered, now that the request has been counted and before it is answered."""
        name = parse_qs(body).get("email", [""])[0]
        if name and name == self._silent_for:
            await self._stopping.wait()
        if self._kills_at and self._kills_at in {request, name}:
            pids = [self.browsers[name]] if name else list(self.browsers.values())
            self._kills_at = ""
            self.deaths += len(pids)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)


async def check(actors: Mapping[str, Actor], replica: Replica, place: Path, **limits: float) -> dict[str, Result]:
    """What `temoin check` does: everything anew, but for what is on disk."""
    plan = plan_for(dict(actors), replica, place / "evidence", sign_in=SignInMethod.PASSWORD)
    if limits:  # what ends then is the visit, and not a page of it
        plan = replace(plan, browser=replace(plan.browser, timeout_s=120.0))
    document = await runner.run(
        replace(plan, means=some_means(place / "temoin"), limits=Limits(**limits)), lambda name, _: _set(name)
    )
    return {result.account: result for result in document.results}


async def forget(name: str, place: Path) -> None:
    """`temoin account logout`, in a process of its own, on the same data folder."""
    command = [sys.executable, "-m", "automation", "account", "logout", name]
    environment = {**os.environ, "XDG_DATA_HOME": str(place), "LANG": "en_GB.UTF-8"}
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=root, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert (process.returncode, out.decode()) == (0, f"{name}: forgotten.\n")


async def test_a_failed_sign_in_is_tried_again_only_when_somebody_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A refused password, and one that left with a browser that then died, are each given once.

    The next check of both asks the login page for nothing at all; after `temoin account logout` it is tried again.
    """
    actors = {"refused": actor_of("facebook", "wrong_password"), "died": actor_of("facebook", "other_identity")}
    refused, died = (actor.username for actor in actors.values())
    async with Losing(kills_at=died) as replica:
        watch_browsers(replica, monkeypatch, {name: actor.username for name, actor in actors.items()})  # type: ignore[arg-type]
        first = await check(actors, replica, tmp_path)
        assert replica.deaths == 1
        assert dict(replica.sign_in_tries) == {refused: 1, died: 1}
        assert (first["refused"].verdict, first["refused"].reason) == (Verdict.NEEDS_HUMAN, Reason.LOGIN_REQUIRED)
        lost = first["died"]
        assert (lost.reason, lost.failed_step, lost.attempts) == (Reason.BROWSER_LOST, "sign_in", 1)

        pages = replica.pages_served.total()
        for result in (await check(actors, replica, tmp_path)).values():
            assert (result.verdict, result.reason) == (Verdict.NEEDS_HUMAN, Reason.LOGIN_REQUIRED)
            assert "signing in failed lately" in result.because
            assert "not tried again for 60 min" in result.because
            assert result.guard.allowed == ()
        assert replica.pages_served.total() == pages, "no page was asked for, not even the login page"
        assert dict(replica.sign_in_tries) == {refused: 1, died: 1}

        for name in actors:
            await forget(name, tmp_path)
        again = await check(actors, replica, tmp_path)
        assert dict(replica.sign_in_tries) == {refused: 2, died: 2}
        assert again["died"].reason is Reason.WRONG_ACCOUNT, "signed in this time, as the page says as another"
    cooldown = Cooldown(tmp_path / "temoin" / "cooldown")
    assert cooldown.last("died") is None
    last = cooldown.last("refused")
    assert last is not None
    assert (last.failures, last.reason) == (1, "login_required")
    assert replica.writes == []


async def test_a_sign_in_that_never_ends_is_not_begun_again(tmp_path: Path) -> None:
    """Where the whole visit runs out of time after the password left, there is no second try, and the wait begins."""
    actor = actor_of("facebook", "accepted")
    async with Losing(silent_for=actor.username) as replica:
        result = (await check({"silent": actor}, replica, tmp_path, visit_s=_LONG_ENOUGH_S))["silent"]
        assert dict(replica.sign_in_tries) == {actor.username: 1}
    assert (result.verdict, result.reason, result.attempts) == (Verdict.UNKNOWN, Reason.TIMEOUT, 1)
    assert f"{_LONG_ENOUGH_S:g} s" in result.because
    last = Cooldown(tmp_path / "temoin" / "cooldown").last("silent")
    assert last is not None
    assert last.reason == "timeout"


async def test_a_browser_that_dies_while_an_ended_session_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that began with a kept session, found it ended and gave the password does not give it again."""
    actor = actor_of("facebook", "accepted")
    async with Losing(kills_at=actor.username) as replica:
        watch_browsers(replica, monkeypatch, {"ended": actor.username})  # type: ignore[arg-type]
        plan = plan_for({"ended": actor}, replica, tmp_path / "evidence", sign_in=SignInMethod.PASSWORD)
        state = SITES["facebook"].storage_state(actor)
        for cookie in state["cookies"]:
            if cookie["name"] == SITES["facebook"].session.token:
                cookie["value"] = "gone"
        digest = subject(actor.identity, plan.identity_key)
        plan.means.vault.store(SavedSession("ended", "facebook", digest, datetime.now(UTC), None, state))
        (result,) = (await runner.run(plan, lambda name, _: _set(name))).results
        assert replica.deaths == 1
        assert dict(replica.sign_in_tries) == {actor.username: 1}
    assert (result.reason, result.failed_step, result.attempts) == (Reason.BROWSER_LOST, "sign_in", 1)
    assert plan.means.cooldown.last("ended") is not None


@pytest.mark.parametrize(
    ("kills_at", "scenario", "said"),
    [
        ("GET /login/", "other_identity", Reason.WRONG_ACCOUNT),  # nothing was tried then, and nobody has to wait
        ("GET /support/", "accepted", Verdict.OBJECTED),  # the session of the first attempt is gone on with
    ],
    ids=["before the password left", "after signing in"],
)
async def test_a_browser_that_dies_beside_the_sign_in_costs_no_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills_at: str, scenario: str, said: Reason | Verdict
) -> None:
    """The check tries once more, and the password is given once in all."""
    actor = actor_of("facebook", scenario)
    async with Losing(kills_at=kills_at) as replica:
        watch_browsers(replica, monkeypatch, {"beside": actor.username})  # type: ignore[arg-type]
        result = (await check({"beside": actor}, replica, tmp_path))["beside"]
        assert replica.deaths == 1
        assert dict(replica.sign_in_tries) == {actor.username: 1}
    assert said in {result.verdict, result.reason}
    assert result.attempts == 2
    assert Cooldown(tmp_path / "temoin" / "cooldown").last("beside") is None
