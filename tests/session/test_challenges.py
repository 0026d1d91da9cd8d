"""
What a service asks for: told by its kind, with a picture; and solved by a person, after which the visit can go on.

Real: the browser, the guard, TLS, the replica's server. Not real: the services. The person is played by
Playwright in the same browser; `test_window.py` plays her from outside, with mouse and keys.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from automation.authoring.replica import Actor
from automation.browser.pool import context_options
from automation.core.errors import PageChanged, SignInNeeded
from automation.core.verdicts import ChallengeKind, Reason
from automation.flow import Flow
from automation.guard import Phase
from automation.session.attended import Attended
from automation.session.means import News, Waiting, in_english
from automation.session.page import SignInStopped
from automation.session.password import PasswordSignIn
from automation.session.person import Whose
from tests.flows.test_raw_submit import form_of, refused, send_by_hand, submitted
from tests.session.playing import SITES, TIMEOUT_S, Pictures, Stands, actor_of, cookies_of, credentials_of, guarded
from tests.tiers import first
from tests.turns import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CASES = [
    *(
        ("facebook", scenario)
        for scenario in (
            "captcha", "checkpoint", "automated", "approve", "mail_code", "two_step_phone", "suspended", "too_many",
        )
    ),
    *(("instagram", scenario) for scenario in ("captcha", "automated", "mail_code", "choice", "suspended")),
]  # fmt: skip
_LIMIT_S = 90.0
"""Each watch ends by what it waits for; only a test that fails waits so long."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stands(flows: dict[str, Flow]) -> AsyncIterator[dict[str, Stands]]:
    """One guarded browser for each service, before a stand-in that shows no cookie dialog."""
    facebook, instagram = (SITES[service].having(cookie_dialog=False) for service in ("facebook", "instagram"))
    async with (
        guarded(facebook, flows["facebook.ai_objection"]) as first,
        guarded(instagram, flows["instagram.ai_objection"]) as second,
    ):
        yield {"facebook": first, "instagram": second}


def watching(stands: Stands, actor: Actor, told: list[News], limit_s: float = _LIMIT_S) -> Attended:
    """The watch over an account's window, which looks more often than a person needs it."""
    flow, whose = stands.flow, Whose(actor.identity)
    return Attended(
        stands.guard, flow.site, flow.labels, whose, tell=told.append, say=in_english, limit_s=limit_s, poll_s=0.1
    )


async def the_window(stands: Stands) -> Page:
    """The tab that the person has before her, with the script that hears what is pressed."""

    def opened() -> list[Page]:
        return [page for context in stands.browser.contexts for page in context.pages if page.url.startswith("https:")]

    await until(opened)
    page = opened()[-1]
    await page.wait_for_load_state()
    return page


async def news(told: list[News], expected: News | None = None) -> None:
    """Wait until the person was told something, or this."""
    await until(lambda: expected in told if expected else told)


async def both(watch: Awaitable[Any], person: Awaitable[None]) -> Any:
    """Let the person act while she is watched; what the watch came to."""
    watching = asyncio.ensure_future(watch)
    try:
        await person
        return (await watching).state
    finally:
        watching.cancel()


async def sign_in_by_hand(stands: Stands, actor: Actor) -> None:
    """Give name and password."""
    page = await the_window(stands)
    await page.locator("input[type=text]").first.fill(actor.username)
    await page.locator("input[type=password]").fill(actor.password)
    await page.locator("input[type=password]").press("Enter")


async def answer(stands: Stands, actor: Actor, kind: ChallengeKind, told: list[News]) -> None:
    """What the account's holder does, once she was told what is asked for."""
    await news(told)
    page = await the_window(stands)
    if kind is ChallengeKind.APPROVE:
        stands.replica.approve(actor.username)
        return
    if kind is ChallengeKind.CHOICE:
        await page.get_by_role("button", name="Send code by mail").click()
        await page.wait_for_url("**/codeentry/**")
    if kind in {ChallengeKind.CHECKPOINT, ChallengeKind.AUTOMATED}:
        await page.get_by_role("button", name=re.compile("Continue|Dismiss")).click()
        return
    await page.locator("input").first.fill(actor.answer)
    await page.get_by_role("button", name="Continue", exact=True).click()


@pytest.mark.thorough
@pytest.mark.parametrize(("service", "scenario"), CASES)
async def test_each_challenge_has_its_kind_and_can_be_solved_in_place(
    stands: dict[str, Stands], service: str, scenario: str
) -> None:
    """
    A password try ends at the challenge, which is named and pictured; a person solves it in the same window.

    A suspension and a wanted pause are named too; there nobody can go on.
    """
    there, actor, sink, told = stands[service], actor_of(service, scenario), Pictures(), list[News]()
    flow = there.flow
    context = await there.guard.new_context(Phase.LOGIN, **context_options(locale="en-GB"))
    try:
        with pytest.raises(SignInStopped) as caught:
            await PasswordSignIn(context, flow.site, flow.labels, sink, there.guard, TIMEOUT_S).with_password(
                credentials_of(actor)
            )
        kind = caught.value.kind
        assert kind is not None
        assert kind.value == actor.expected.challenge
        assert actor.expected.allows("needs_human", kind.reason.value)
        assert caught.value.reason is kind.reason
        assert caught.value.trouble.picture in sink.kept
        assert kind.solvable is (scenario not in {"suspended", "too_many"})
        if kind.solvable:
            state = await both(watching(there, actor, told).finish(context), answer(there, actor, kind, told))
            assert actor.identity in cookies_of(state).values()
            assert told[0] == News(Waiting.CHALLENGE, kind)
    finally:
        await there.guard.close_context(context)
    assert there.replica.sign_in_tries[actor.username] == 1
    assert there.replica.writes == []


@pytest.mark.thorough
async def test_a_checkpoint_that_a_check_meets(stands: dict[str, Stands]) -> None:
    """A session stopped at a checkpoint goes into a window; once its holder has confirmed, it is as good as new."""
    there, actor, told = stands["facebook"], actor_of("facebook", "gate_checkpoint"), list[News]()
    state = SITES["facebook"].storage_state(actor)
    home = there.flow.site.sign_in.home

    person = answer(there, actor, ChallengeKind.CHECKPOINT, told)
    after = await both(watching(there, actor, told).go_on(state, home), person)
    assert told[0] == News(Waiting.CHALLENGE, ChallengeKind.CHECKPOINT)
    assert cookies_of(after)["c_user"] == actor.identity
    context = await there.guard.new_context(Phase.CHECK, **context_options(storage_state=after))
    page = await context.new_page()
    await page.goto(home)
    assert page.url == home
    await there.guard.close_context(context)
    assert there.replica.writes == []


@pytest.mark.thorough
async def test_a_password_that_is_asked_for_again(stands: dict[str, Stands]) -> None:
    """A form behind the password opens to the check after the person has given it once more."""
    there, actor, told = stands["facebook"], actor_of("facebook", "reauth"), list[News]()
    url = form_of(SITES["facebook"])

    async def confirm() -> None:
        await news(told)
        page = await the_window(there)
        await page.locator("input[type=password]").fill(actor.password)
        await page.locator("input[type=password]").press("Enter")

    after = await both(watching(there, actor, told).go_on(SITES["facebook"].storage_state(actor), url), confirm())
    assert told[0] == News(Waiting.CHALLENGE, ChallengeKind.REENTER_PASSWORD)
    context = await there.guard.new_context(Phase.CHECK, **context_options(storage_state=after))
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_role("button", name="Submit", exact=True).wait_for()
    await there.guard.close_context(context)


async def test_a_session_of_somebody_else_is_not_taken(stands: dict[str, Stands]) -> None:
    """A session that turns out to be another account's ends as that, and nothing of it is handed back."""
    there, actor = stands["facebook"], actor_of("facebook", "open")
    state = SITES["facebook"].storage_state(actor_of("facebook", "accepted"))
    with pytest.raises(PageChanged) as caught:
        await watching(there, actor, []).go_on(state, there.flow.site.sign_in.home)
    assert caught.value.reason is Reason.WRONG_ACCOUNT


@pytest.mark.rare
async def test_time_runs_out(stands: dict[str, Stands]) -> None:
    """Who does nothing is told what was waited for, and gets no session."""
    there, told = stands["facebook"], list[News]()
    with pytest.raises(SignInNeeded, match="nobody was signed in"):
        await watching(there, actor_of("facebook", "open"), told, limit_s=20.0).sign_in()
    assert told == [News(Waiting.SIGN_IN)]


@pytest.mark.thorough
async def test_a_refused_sign_in_is_told(flows: dict[str, Flow]) -> None:
    """Where the guard refuses what the page sends, the person reads which request it was."""
    actor, told = actor_of("facebook", "open"), list[News]()
    site = SITES["facebook"].having(login="unknown", cookie_dialog=False)
    async with guarded(site, flows["facebook.ai_objection"]) as there:
        watch = asyncio.ensure_future(watching(there, actor, told).sign_in())
        try:
            await sign_in_by_hand(there, actor)
            await news(told, News(Waiting.REFUSED, what="POST www.facebook.com/api/graphql/ (useMadeUpLoginMutation)"))
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        assert there.replica.writes == []


@pytest.mark.parametrize(
    ("service", "scenario"), first(("facebook", "open"), ("facebook", "open_legacy"), ("instagram", "open_divs"))
)
async def test_whoever_signs_in_cannot_file_the_objection(
    stands: dict[str, Stands], service: str, scenario: str
) -> None:
    """In the window for signing in, the form, filled in and sent by hand, does not leave; nor does anything else."""
    there, actor = stands[service], actor_of(service, scenario)
    state = SITES[service].storage_state(actor)
    context = await there.guard.new_context(Phase.LOGIN, **context_options(storage_state=state))
    mark, before = there.guard.mark(), len(there.replica.writes)
    try:
        await send_by_hand(await context.new_page(), form_of(SITES[service]), keys=True)
        await until(lambda: submitted(refused(there.guard, mark)))  # else nothing would be proven
    finally:
        await there.guard.close_context(context)
    assert there.replica.writes[before:] == []
    assert there.guard.record().writes_let_through == 0
