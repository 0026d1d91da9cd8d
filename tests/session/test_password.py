"""
Signing in: every language of the cookie dialog, every generation of the form, one try each, and what goes wrong.

Real: the browser, the guard, TLS, the replica's server. Not real: the services.
"""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import BrowserContext, Route, async_playwright
from pydantic import SecretStr

from automation.browser import context_options, launched
from automation.browser_settings import BrowserSettings
from automation.evidence import Artifact
from automation.guard import Guard, Phase, Policy
from automation.replica import Actor, Replica, ReplicaSite, load_site
from automation.session import SignIn, SignInStopped
from automation.settings import AccountSecrets
from automation.verdicts import Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from playwright.async_api import Browser, Request

    from automation.flow import Flow

pytestmark = pytest.mark.browser

SITES = {service: load_site(service) for service in ("facebook", "instagram")}
LANGUAGES = SITES["facebook"].options["languages"]
IN_THE_WAY = {"after_password", "after_login", "two_step", "gate", "session_dead", "cookie_identity", "acting"}
_TIMEOUT_S = 8.0


@dataclass
class Pictures:
    """A sink that keeps what it is given."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Keep one file."""
        self.kept[path] = data
        return Artifact(path, kind, media_type, hashlib.sha256(data).hexdigest(), len(data), datetime.now(UTC))


def plain_actors(service: str) -> list[Actor]:
    """Accounts that nothing stops on their way in."""
    return [actor for actor in SITES[service].cast if not IN_THE_WAY & actor.world.keys()]


def credentials_of(actor: Actor, totp_secret: str | None = None) -> AccountSecrets:
    """What an account signs in with."""
    return AccountSecrets(
        SecretStr(actor.username), SecretStr(actor.password), SecretStr(totp_secret) if totp_secret else None
    )


@asynccontextmanager
async def guarded(site: ReplicaSite, flow: Flow) -> AsyncIterator[tuple[Replica, Guard]]:
    """A replica and a browser under the flow's guard."""
    async with Replica([site]) as replica, async_playwright() as playwright:
        settings = BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,))
        guard = Guard(Policy.parse(flow.site.tables), replica_map=replica.replica_map)
        async with launched(playwright, settings, guard):
            yield replica, guard


async def sign_in(
    guard: Guard, flow: Flow, credentials: AccountSecrets, locale: str = "en-GB", sink: Pictures | None = None
) -> Mapping[str, Any]:
    """One attempt in a context of its own, as a check makes it; returns the storage state."""
    context = await guard.new_context(Phase.SESSION, **context_options(locale=locale))
    try:
        signing_in = SignIn(context, flow.site, flow.labels, sink or Pictures(), guard, _TIMEOUT_S)
        return await signing_in.with_password(credentials)
    finally:
        await guard.close_context(context)


def cookies_of(state: Mapping[str, Any]) -> dict[str, str]:
    """Cookies of a storage state."""
    return {cookie["name"]: cookie["value"] for cookie in state["cookies"]}


@pytest.mark.parametrize("service", SITES)
async def test_signing_in_through_every_cookie_dialog(service: str, flows: dict[str, Flow]) -> None:
    """In each of the dialog's languages what is optional is declined once, and one try signs the account in."""
    assert len(LANGUAGES) == len(set(LANGUAGES)) == 19
    assert SITES[service].options["languages"] == LANGUAGES
    flow = flows[f"{service}.ai_objection"]
    actors = plain_actors(service)[: len(LANGUAGES)]
    async with guarded(SITES[service].having(cookie_dialog=True), flow) as (replica, guard):
        for language, actor in zip(LANGUAGES, actors, strict=True):
            before = len(replica.sign_ins)
            state = await sign_in(guard, flow, credentials_of(actor), language)
            assert actor.identity in cookies_of(state).values(), language
            declined = [entry for entry in replica.sign_ins[before:] if "Cookie" in entry.operation]
            assert len(declined) == 1, language
        assert dict(replica.sign_in_tries) == dict.fromkeys([actor.username for actor in actors], 1)
        assert not guard.breached


@pytest.mark.parametrize(
    ("service", "generation"),
    [
        ("facebook", "2024"),
        ("facebook", "2025"),
        ("facebook", "2026"),
        ("instagram", "username"),
        ("instagram", "email"),
        ("instagram", "unnamed"),
    ],
)
async def test_every_generation_of_the_login_form(service: str, generation: str, flows: dict[str, Flow]) -> None:
    """Whatever the fields are called, one try signs in, with and without the cookie dialog in front."""
    flow = flows[f"{service}.ai_objection"]
    with_dialog, without = plain_actors(service)[:2]
    for shown, actor in ((True, with_dialog), (False, without)):
        site = SITES[service].having(login=generation, cookie_dialog=shown)
        async with guarded(site, flow) as (replica, guard):
            state = await sign_in(guard, flow, credentials_of(actor))
            assert actor.identity in cookies_of(state).values()
            assert dict(replica.sign_in_tries) == {actor.username: 1}
            assert any("Cookie" in entry.operation for entry in replica.sign_ins) is shown


@pytest.mark.parametrize("secret", ["ABC", "not base32: 0189", "ÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉÉ"])
async def test_a_secret_that_cannot_be_one(secret: str, flows: dict[str, Flow]) -> None:
    """A TOTP secret that is too short or no Base32 ends with the person, with a picture, and is not repeated."""
    flow = flows["facebook.ai_objection"]
    actor = next(a for a in SITES["facebook"].cast if a.scenario == "two_step" and a.locale == "en-GB")
    sink = Pictures()
    async with guarded(SITES["facebook"], flow) as (replica, guard):
        with pytest.raises(SignInStopped) as caught:
            await sign_in(guard, flow, credentials_of(actor, secret), sink=sink)
        assert dict(replica.sign_in_tries) == {actor.username: 1}
    assert caught.value.reason is Reason.TWO_FACTOR
    assert caught.value.reason.verdict is Verdict.NEEDS_HUMAN
    assert "TOTP_SECRET" in caught.value.message
    assert secret not in caught.value.message
    assert caught.value.trouble.picture in sink.kept


async def test_the_secret_of_another_account(flows: dict[str, Flow]) -> None:
    """A code that the service refuses is given once; then it is the person's turn."""
    flow = flows["facebook.ai_objection"]
    actor = next(a for a in SITES["facebook"].cast if a.scenario == "two_step" and a.locale == "en-GB")
    async with guarded(SITES["facebook"], flow) as (replica, guard):
        with pytest.raises(SignInStopped) as caught:
            await sign_in(guard, flow, credentials_of(actor, "A" * 32))
        codes = [entry for entry in replica.sign_ins if "Code" in entry.operation]
    assert caught.value.reason is Reason.TWO_FACTOR
    assert len(codes) == 1


@pytest.mark.parametrize("spell", [str.lower, lambda s: " ".join(s[i : i + 4] for i in range(0, len(s), 4))])
async def test_a_secret_as_the_service_shows_it(spell: Any, flows: dict[str, Flow]) -> None:
    """Lower case and groups of four, as services print the key, make the same codes."""
    flow = flows["facebook.ai_objection"]
    actor = next(a for a in SITES["facebook"].cast if a.scenario == "two_step" and a.locale == "en-GB")
    async with guarded(SITES["facebook"], flow) as (_replica, guard):
        state = await sign_in(guard, flow, credentials_of(actor, spell(str(actor.totp_secret))))
    assert actor.identity in cookies_of(state).values()


LOGIN = """<!doctype html><html lang="en"><title>Log in</title><body><main>
<input type="text" aria-label="Email address" style="display:block">
<input type="password" aria-label="Password" style="display:block">
<div role="button" tabindex="0" id="other">Create new account</div>
<div role="button" tabindex="0" id="go">Log in</div></main>
<script>
document.getElementById("go").addEventListener("click", async () => {
  const [name, password] = document.querySelectorAll("input");
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
    """No form element and no Enter: the div that is called "Log in" is pressed, once, with name and password given."""
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
    signing_in = SignIn(context, site, flows["facebook.ai_objection"].labels, Pictures(), Requests(context), _TIMEOUT_S)
    state = await signing_in.with_password(AccountSecrets(SecretStr("lou@example.org"), SecretStr("pässwörd 1")))
    assert tries == ['["lou@example.org","pässwörd 1"]']
    assert {"c_user", "xs"} <= cookies_of(state).keys()
    await context.close()
