"""
Signing in: every language of the cookie dialog, every generation of the form, one try each, and what goes wrong.

Real: the browser, the guard, TLS, the replica's server. Not real: the services.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Request, Route
from pydantic import SecretStr

from automation.authoring.replica import Actor
from automation.browser.pool import context_options
from automation.config import AccountSecrets
from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.flow import Flow
from automation.guard import Phase
from automation.session.page import SignInPage, SignInStopped
from automation.session.password import Clock, PasswordSignIn
from tests.session.playing import SITES, TIMEOUT_S, Pictures, Stands, actor_of, cookies_of, credentials_of, guarded
from tests.tiers import first

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.asyncio(loop_scope="module")]

LANGUAGES = SITES["facebook"].options["languages"]
IN_THE_WAY = {"after_password", "after_login", "two_step", "gate", "session_dead", "cookie_identity", "acting"}


def plain_actors(service: str) -> list[Actor]:
    """Accounts that nothing stops on their way in."""
    return [actor for actor in SITES[service].cast if not IN_THE_WAY & actor.world.keys()]


async def sign_in(
    stands: Stands,
    credentials: AccountSecrets,
    locale: str = "en-GB",
    sink: Pictures | None = None,
    now: Callable[[], float] = time.time,
) -> Mapping[str, Any]:
    """One attempt in a context of its own, as a check makes it; returns the storage state."""
    context = await stands.guard.new_context(Phase.SESSION, **context_options(locale=locale))
    flow = stands.flow
    try:
        signing_in = PasswordSignIn(
            context, flow.site, flow.labels, sink or Pictures(), stands.guard, TIMEOUT_S, clock=Clock(now)
        )
        return await signing_in.with_password(credentials)
    finally:
        await stands.guard.close_context(context)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def facebook(flows: dict[str, Flow]) -> AsyncIterator[Stands]:
    """The stand-in of Facebook, and one guarded browser for many tries."""
    async with guarded(SITES["facebook"], flows["facebook.ai_objection"]) as stands:
        yield stands


@pytest.mark.parametrize(
    ("service", "languages"),
    # The words are shared, and so is the dialog.
    first(
        ("facebook", LANGUAGES[::6]),
        ("instagram", LANGUAGES[3::9]),
        ("facebook", LANGUAGES),
        mark=pytest.mark.rare,
    ),
    ids=["facebook", "instagram", "every language"],
)
async def test_signing_in_through_every_cookie_dialog(
    service: str, languages: tuple[str, ...], flows: dict[str, Flow]
) -> None:
    """In the dialog's languages what is optional is declined once, and one try signs the account in."""
    assert len(LANGUAGES) == len(set(LANGUAGES)) == 19
    assert SITES[service].options["languages"] == LANGUAGES
    flow = flows[f"{service}.ai_objection"]
    actors = plain_actors(service)[: len(languages)]
    async with guarded(SITES[service].having(cookie_dialog=True), flow) as stands:
        for language, actor in zip(languages, actors, strict=True):
            before = len(stands.replica.sign_ins)
            state = await sign_in(stands, credentials_of(actor), language)
            assert actor.identity in cookies_of(state).values(), language
            declined = [entry for entry in stands.replica.sign_ins[before:] if "Cookie" in entry.operation]
            assert len(declined) == 1, language
        assert dict(stands.replica.sign_in_tries) == dict.fromkeys([actor.username for actor in actors], 1)
        assert not stands.guard.breached


GENERATIONS = [
    ("facebook", "2024"), ("facebook", "2025"), ("facebook", "2026"),
    ("instagram", "username"), ("instagram", "email"), ("instagram", "unnamed"),
]  # fmt: skip


@pytest.mark.parametrize("shown", first(*(True, False), mark=pytest.mark.rare), ids=["dialog", "no dialog"])
@pytest.mark.parametrize(("service", "generation"), GENERATIONS)
async def test_every_generation_of_the_login_form(
    service: str, generation: str, shown: bool, flows: dict[str, Flow]
) -> None:
    """Whatever the fields are called, one try signs in, with and without the cookie dialog in front."""
    actor = plain_actors(service)[0]
    site = SITES[service].having(login=generation, cookie_dialog=shown)
    async with guarded(site, flows[f"{service}.ai_objection"]) as stands:
        state = await sign_in(stands, credentials_of(actor))
        assert actor.identity in cookies_of(state).values()
        assert dict(stands.replica.sign_in_tries) == {actor.username: 1}
        assert any("Cookie" in entry.operation for entry in stands.replica.sign_ins) is shown


@pytest.mark.parametrize("secret", ["ABC", "not base32: 0189", "ÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉ"])
async def test_a_secret_that_cannot_be_one(secret: str, facebook: Stands) -> None:
    """A TOTP secret that is too short or no Base32 ends with the person, with a picture, and is not repeated."""
    actor, sink = actor_of("facebook", "two_step"), Pictures()
    before = facebook.replica.sign_in_tries[actor.username]
    with pytest.raises(SignInStopped) as caught:
        await sign_in(facebook, credentials_of(actor, secret), sink=sink)
    assert facebook.replica.sign_in_tries[actor.username] == before + 1
    assert caught.value.reason is Reason.TWO_FACTOR
    assert caught.value.reason.verdict is Verdict.NEEDS_HUMAN
    assert "TOTP_SECRET" in caught.value.message
    assert secret not in caught.value.message
    assert caught.value.trouble.picture in sink.kept


def codes_since(stands: Stands, before: int) -> list[str]:
    """Operations with a code that reached the stand-in."""
    return [entry.operation for entry in stands.replica.sign_ins[before:] if "Code" in entry.operation]


async def test_the_secret_of_another_account(facebook: Stands) -> None:
    """A code that the service refuses is given once; then it is the person's turn, and that is what is said."""
    before = len(facebook.replica.sign_ins)
    with pytest.raises(SignInStopped) as caught:
        await sign_in(facebook, credentials_of(actor_of("facebook", "two_step"), "A" * 32))
    assert caught.value.kind is ChallengeKind.TWO_STEP
    assert "did not accept the code" in caught.value.message
    assert len(codes_since(facebook, before)) == 1


async def test_a_code_page_that_sends_on_a_click_alone(facebook: Stands) -> None:
    """No form, no Enter, two buttons that are no buttons: the one that sends the code is pressed."""
    actor, before = actor_of("facebook", "code_click"), len(facebook.replica.sign_ins)
    state = await sign_in(facebook, credentials_of(actor, actor.totp_secret))
    assert actor.identity in cookies_of(state).values()
    assert codes_since(facebook, before) == ["useTwoFactorLoginValidateCodeMutation"]


@pytest.mark.parametrize(("ahead_s", "side"), [(95.0, "ahead of"), (-3600.0, "behind")])
async def test_a_clock_that_is_wrong(ahead_s: float, side: str, facebook: Stands) -> None:
    """Where this machine's clock is not the service's, that is what is said, and no code is wasted on it."""
    actor, before = actor_of("facebook", "two_step"), len(facebook.replica.sign_ins)
    with pytest.raises(SignInStopped) as caught:
        await sign_in(facebook, credentials_of(actor, actor.totp_secret), now=lambda: time.time() + ahead_s)
    assert codes_since(facebook, before) == []
    assert caught.value.reason is Reason.TWO_FACTOR
    told = re.search(r"clock is (\d+) s (ahead of|behind) the service's", caught.value.message)
    assert told is not None
    assert told[2] == side
    assert abs(int(told[1]) - abs(ahead_s)) <= 4


async def test_a_sign_in_that_the_guard_does_not_know(flows: dict[str, Flow]) -> None:
    """What the page sends and the guard refuses is named, as the guard's doing; nothing reaches the service."""
    actor = actor_of("facebook", "open")
    site = SITES["facebook"].having(login="unknown")
    async with guarded(site, flows["facebook.ai_objection"]) as stands:
        with pytest.raises(SignInStopped) as caught:
            await sign_in(stands, credentials_of(actor))
        assert stands.replica.writes == []
    assert caught.value.reason is Reason.GUARD_BLOCKED
    assert caught.value.message.endswith(": POST www.facebook.com/api/graphql/ (useMadeUpLoginMutation)")


@pytest.mark.parametrize("scenario", ["save_login", "remember_browser", "phone_number", "notifications"])
async def test_what_is_offered_afterwards_is_left_alone(scenario: str, facebook: Stands) -> None:
    """Keep the login, trust this device, add a phone number, notify me: none is accepted, and the session is there."""
    actor, before = actor_of("facebook", scenario), len(facebook.replica.sign_ins)
    state = await sign_in(facebook, credentials_of(actor, actor.totp_secret))
    assert facebook.replica.writes == []
    asked = {entry.operation for entry in facebook.replica.sign_ins[before:]}
    assert actor.identity in cookies_of(state).values()
    assert asked <= {"", "CookieSettingsCookieDialogMutation", "useTwoFactorLoginValidateCodeMutation"}


@pytest.mark.parametrize("spell", [str.lower, lambda s: " ".join(s[i : i + 4] for i in range(0, len(s), 4))])
async def test_a_secret_as_the_service_shows_it(spell: Any, facebook: Stands) -> None:
    """Lower case and groups of four, as services print the key, make the same codes."""
    actor = actor_of("facebook", "two_step")
    state = await sign_in(facebook, credentials_of(actor, spell(str(actor.totp_secret))))
    assert actor.identity in cookies_of(state).values()


LOGIN = """<!doctype html><html lang="en"><title>Log in</title><body><main>
<input type="text" aria-label="Email address" style="display:block">
<input type="password" aria-label="Password" style="display:block">
<div role="button" tabindex="0" id="other">Create new account</div>
<div role="button" tabindex="0" id="go">Log in</div></main>
<script>
document.getElementById("go").addEventListener("click", async () => {
  const [name, password] = document.querySelectorAll("input");
  await new Promise((done) => {
    const opening = indexedDB.open("keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("device");
    opening.onsuccess = () => {
      const writing = opening.result.transaction("device", "readwrite");
      writing.objectStore("device").put("of this browser", "key");
      writing.oncomplete = () => { opening.result.close(); done(); };
    };
  });
  await fetch("/login/try", {method: "POST", body: JSON.stringify([name.value, password.value])});
  document.cookie = "c_user=1000; path=/; secure"; document.cookie = "xs=token; path=/; secure";
  location.href = "/";
});
</script></body></html>"""


@dataclass(frozen=True)
class Seen:
    """What the fake below reports of a request."""

    method: str
    allowed: bool = True

    @property
    def rule(self) -> str:
        """The guard's name for it."""
        return "get" if self.method == "GET" else "sign_in"


class Requests:
    """The guard's view of what left, without a guard."""

    def __init__(self, context: BrowserContext) -> None:
        self.seen: list[Seen] = []
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.seen.append(Seen(request.method))

    def mark(self) -> int:
        """Now, as a number."""
        return len(self.seen)

    def since(self, mark: int) -> tuple[Any, ...]:
        """Requests since then."""
        return tuple(self.seen[mark:])


async def test_a_form_that_sends_only_on_a_click(a_browser: Browser, flows: dict[str, Flow]) -> None:
    """No form and no Enter: the div called "Log in" is pressed, once; what the page keeps in IndexedDB is kept too."""
    site = flows["facebook.ai_objection"].site
    context = await a_browser.new_context()
    tries: list[str] = []

    async def answer(route: Route) -> None:
        if route.request.method == "POST":
            tries.append(route.request.post_data or "")
            await route.fulfill(status=200, body="{}", content_type="application/json")
        elif "/login" in route.request.url:
            await route.fulfill(status=200, body=LOGIN, content_type="text/html")
        else:
            await route.fulfill(status=200, body="<title>Home</title><h1>Home</h1>", content_type="text/html")

    await context.route("**", answer)
    signing_in = PasswordSignIn(
        context, site, flows["facebook.ai_objection"].labels, Pictures(), Requests(context), TIMEOUT_S
    )
    state = await signing_in.with_password(AccountSecrets(SecretStr("lou@example.org"), SecretStr("pässwörd 1")))
    assert tries == ['["lou@example.org","pässwörd 1"]']
    assert {"c_user", "xs"} <= cookies_of(state).keys()
    databases = [database for origin in state["origins"] for database in origin["indexedDB"]]
    assert [database["name"] for database in databases] == ["keys"]
    await context.close()


async def test_no_answer_is_no_refusal(a_browser: Browser, flows: dict[str, Flow]) -> None:
    """However long ago something was sent: as long as the service has not answered it, the page had no time to change."""
    flow, held, met = flows["facebook.ai_objection"], asyncio.Event(), asyncio.Event()

    async def answer(route: Route) -> None:
        if route.request.method == "POST":
            met.set()
            await held.wait()
            await route.abort()
        else:
            await route.fulfill(status=200, body="<title>Code</title>", content_type="text/html")

    async with await a_browser.new_context() as context:
        await context.route("**", answer)
        tab = await context.new_page()
        session = await context.new_cdp_session(tab)
        page = SignInPage(tab, session, flow.site, flow.labels, Pictures(), Requests(context))
        assert page.had_time(-math.inf)
        await tab.goto(flow.site.sign_in.url)
        await tab.evaluate("void fetch('/two_step', {method: 'POST', body: '123456'}).catch(() => {})")
        await met.wait()
        assert not page.had_time(-math.inf)
        async with tab.expect_event("requestfailed"):
            held.set()
        assert not page._unanswered
