"""Signing in to the replica, without a browser."""

from __future__ import annotations

import json

import pyotp
import pytest

from automation.authoring.replica import Actor, load_site
from tests.replica.asking import Asker, Reply

SITES = {service: load_site(service) for service in ("facebook", "instagram")}
FACEBOOK = "https://www.facebook.com"
INSTAGRAM = "https://www.instagram.com"


def actor_of(service: str, scenario: str) -> Actor:
    """First account of a scenario."""
    return next(actor for actor in SITES[service].cast if actor.scenario == scenario)


async def send_password(ask: Asker, actor: Actor, password: str | None = None) -> Reply:
    """Send name and password as the service's page does."""
    given = actor.password if password is None else password
    if actor.service == "facebook":
        return await ask(
            f"{FACEBOOK}/login/device-based/regular/login/?login_attempt=1",
            method="POST",
            form={"email": actor.username, "pass": given, "next": f"{FACEBOOK}/support/"},
        )
    return await ask(
        f"{INSTAGRAM}/api/v1/web/accounts/login/ajax/",
        method="POST",
        form={"username": actor.username, "password": given},
    )


async def send_code(ask: Asker, actor: Actor, code: str, cookies: dict[str, str]) -> Reply:
    """Send a one-time code as the service's page does."""
    host, name = (
        (f"{FACEBOOK}/api/graphql/", "useTwoFactorLoginValidateCodeMutation")
        if actor.service == "facebook"
        else (f"{INSTAGRAM}/api/graphql", "useAuthPlatformSubmitCodeMutation")
    )
    variables = json.dumps({"input": {"code": code}, "route": "/x/?next=%2Fsupport%2F"})
    return await ask(
        host, method="POST", form={"fb_api_req_friendly_name": name, "variables": variables}, cookies=cookies
    )


@pytest.mark.parametrize("service", SITES)
async def test_a_right_password_opens_a_session(service: str) -> None:
    """The right password sets the cookies of a session, and the session opens pages."""
    site, actor = SITES[service], actor_of(service, "open")
    ask = Asker(site)
    reply = await send_password(ask, actor)
    assert reply.cookies[site.session.identity] == actor.identity
    home = FACEBOOK if service == "facebook" else INSTAGRAM
    page = await ask(f"{home}/support/", cookies=reply.cookies)
    assert (page.status, page.defined("CurrentUserInitialData")["ACCOUNT_ID"]) == (200, actor.identity)
    assert ask.ledger.sign_in_tries[actor.username] == 1
    assert len(ask.ledger.sign_ins) == 1
    assert ask.ledger.writes == []


@pytest.mark.parametrize("service", SITES)
async def test_a_wrong_password_is_counted_and_opens_nothing(service: str) -> None:
    """A wrong password sets no session; each try is counted for that account."""
    site, actor = SITES[service], actor_of(service, "open")
    ask = Asker(site)
    for _ in range(2):
        reply = await send_password(ask, actor, "not it")
        assert site.session.token not in reply.cookies
        assert "was incorrect" in reply.text
    assert ask.ledger.sign_in_tries[actor.username] == 2


@pytest.mark.parametrize("service", SITES)
async def test_a_code_is_checked(service: str) -> None:
    """With a second step the password alone opens nothing; only the right one-time code does."""
    site, actor = SITES[service], actor_of(service, "two_step")
    ask = Asker(site)
    reply = await send_password(ask, actor)
    assert site.session.token not in reply.cookies
    wrong = await send_code(ask, actor, "000000", reply.cookies)
    assert site.words.text("code_wrong", actor.locale) in json.loads(wrong.text)["data"]["error"]
    right = await send_code(ask, actor, pyotp.TOTP(str(actor.totp_secret)).now(), reply.cookies)
    assert right.cookies[site.session.identity] == actor.identity
    assert json.loads(right.text)["data"]["uri"] == "/support/"
    assert len(ask.ledger.sign_ins) == 3
    assert ask.ledger.writes == []


STOPS = {
    "captcha": "stop_captcha_title",
    "approve": "stop_approve_title",
    "mail_code": "stop_mail_code_title",
    "checkpoint": "stop_checkpoint_title",
    "suspended": "stop_suspended_title",
}


@pytest.mark.parametrize("service", SITES)
@pytest.mark.parametrize("scenario", STOPS)
async def test_what_can_stand_in_the_way(service: str, scenario: str) -> None:
    """After the right password such an account lands on the page that stops it, and has no session."""
    site, actor = SITES[service], actor_of(service, scenario)
    ask = Asker(site)
    reply = await send_password(ask, actor)
    assert site.session.token not in reply.cookies
    place = reply.location or json.loads(reply.text)["uri"]
    home = FACEBOOK if service == "facebook" else INSTAGRAM
    page = await ask(f"{home}{place}", cookies=reply.cookies)
    assert page.status == 200
    assert site.words.text(STOPS[scenario], actor.locale) in page.text.replace("&#39;", "'")


@pytest.mark.parametrize("service", SITES)
async def test_without_a_session_the_pages_lead_to_the_login(service: str) -> None:
    """Someone who is not signed in, or whose session is dead, is sent to the login page with the way back."""
    site = SITES[service]
    place = f"{FACEBOOK}/support/" if service == "facebook" else f"{INSTAGRAM}/support/"
    dead = actor_of(service, "session_dead")
    for cookies in ({}, {site.session.token: "made up"}, site.session_cookies(dead)):
        reply = await Asker(site)(place, cookies=cookies)
        assert reply.status == 302
        assert "login" in reply.location
        assert reply.location.endswith("next=" + place.replace(":", "%3A").replace("/", "%2F"))


async def test_a_sign_in_request_with_a_session_is_a_write() -> None:
    """Whoever is signed in and sends a password again has written something."""
    site, actor = SITES["facebook"], actor_of("facebook", "open")
    ask = Asker(site)
    await ask(f"{FACEBOOK}/login/", method="POST", form={"pass": "x"}, cookies=site.session_cookies(actor))
    assert [write.path for write in ask.ledger.writes] == ["/login/"]
