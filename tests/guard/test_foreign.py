"""The guard around a context that somebody else made: what it holds in a real browser, and what its receipt names."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import BrowserContext, async_playwright

from automation.app.receipts import opened, signed
from automation.app.report import SchemaDocument, schema_of
from automation.core.errors import ConfigurationError, FlowError, GuardBreach
from automation.core.receipts import Found, Mode
from automation.evidence.keys.signing import Keys
from automation.guard import read_only
from tests import json_schemas
from tests.guard.browsing import guarded, started, unguarded
from tests.guard.builders import HOSTILE
from tests.guard.hostile.tour import MOMENTS, Ways, take

if TYPE_CHECKING:
    from tests.guard.hostile.site import Site

pytestmark = pytest.mark.browser
POST = "fetch('/%s', {method: 'POST', body: new URLSearchParams({a: 1})}).then(() => 'sent', () => 'stopped')"
NAMED = {
    "prefetch": {"rules", "rules_popup", "away_speculation"},
    "webrtc": {"datagram", "raw"},
}
"""What a receipt calls open → the ways of the hostile site that this is."""


@pytest.mark.parametrize(
    "moments", [("click",), pytest.param(MOMENTS, marks=pytest.mark.rare)], ids=["click", "every moment"]
)
async def test_what_arrives_is_named_by_the_receipt(site: Site, moments: tuple[str, ...]) -> None:
    """Of 165 ways out in a browser that was started without the guard, none arrives that the receipt calls no limit."""
    async with started(*unguarded(site)) as browser, read_only(await browser.new_context(), HOSTILE) as guard:

        async def enter() -> BrowserContext:
            context = await browser.new_context()
            await context.request.dispose()
            return context

        tour = await take(
            site, Ways(enter, lambda context: context.close()), moments=moments, leaving=moments == MOMENTS
        )
    assert len(tour.ran) >= 165
    receipt = guard.receipt
    limits = {way.name for way in receipt.ways if way.found is Found.OPEN}
    arrived = {name.rpartition(".")[2] for name in site.writes | site.away}
    assert arrived <= {channel for limit in limits for channel in NAMED.get(limit, set())}
    assert limits == {"other_clients", "own_requests", "sockets_before", *NAMED}
    assert sum(rule.count for rule in receipt.blocked) >= 120  # sockets are ended unasked
    assert receipt.writes_let_through == 0


async def test_a_page_that_was_open_is_held_and_what_is_named_passes(site: Site) -> None:
    """Before and after the block pages do what they like; in it, only what the policy names, and each inner one."""
    async with started(*unguarded(site)) as browser:
        context = await browser.new_context()
        page, beside = await context.new_page(), await browser.new_page()
        for one in (page, beside):
            await one.goto("https://site.test/blank")
        async with read_only(context, HOSTILE) as guard:
            assert [await page.evaluate(POST % path) for path in ("hit/in", "read")] == ["stopped", "sent"]
            assert await beside.evaluate(POST % "hit/beside") == "stopped"
            assert [(entry.method, entry.path) for entry in guard.stopped] == [
                ("POST", "/hit/in"),
                ("POST", "/hit/beside"),
            ]
            async with read_only(beside.context, HOSTILE, posts=False) as strict:
                assert await page.evaluate(POST % "read") == "stopped"
        assert await page.evaluate(POST % "hit/after") == "sent"
    assert site.writes == {"after"}
    assert [(entry.path, entry.count) for entry in guard.receipt.let_through_by_name] == [("/read", 1)]
    assert (guard.receipt.mode, strict.receipt.mode) == (Mode.POSTS_BY_NAME, Mode.READS_ONLY)
    assert (guard.receipt.self_test, guard.receipt.pages_left_open) == ("passed", 2)
    assert guard.receipt.before == {"page": 2}
    assert strict.receipt.self_test.startswith("passed earlier")


async def test_frames_that_were_open_are_held(site: Site) -> None:
    """A frame of another site has a process of its own, one without an address its parent's: neither sends in a block."""
    async with started(*unguarded(site), "--site-per-process") as browser:
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        for kind in ("src='https://away.test/blank'", "srcdoc='<p>x</p>'"):
            await page.evaluate(f"document.body.insertAdjacentHTML('beforeend', `<iframe {kind}></iframe>`)")
        await page.frames[1].wait_for_url("https://away.test/blank")
        frames = page.frames[1:]
        assert len(frames) == 2
        assert [await frame.evaluate(POST % "hit/before") for frame in frames] == ["sent", "sent"]
        async with read_only(context, HOSTILE) as guard:
            assert [await frame.evaluate(POST % "hit/in") for frame in frames] == ["stopped", "stopped"]
    assert site.writes == {"before"}
    assert [(entry.host, entry.count) for entry in guard.stopped] == [("away.test", 1), ("site.test", 1)]


@pytest.mark.parametrize("said", ["does not have a separate CDP session", "Target closed"])
async def test_a_frame_that_cannot_be_held_refuses_the_block(site: Site, said: str) -> None:
    """Unless Playwright says that it is held with its parent, nobody knows what it will send."""
    async with started(*unguarded(site)) as browser:
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        await page.set_content("<iframe srcdoc=x></iframe>")
        given = context._impl_obj.new_cdp_session

        async def session(**place: Any) -> Any:
            if place["page"] is not page._impl_obj:
                raise RuntimeError(said)
            return await given(**place)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(context._impl_obj, "new_cdp_session", session)
            held = contextlib.nullcontext() if "separate" in said else pytest.raises(GuardBreach, match=said)
            with held:
                async with read_only(context, HOSTILE):
                    pass


@pytest.mark.thorough
async def test_a_context_in_which_nothing_can_be_proven_is_refused(site: Site) -> None:
    """A browser that cannot reach the sink, such as one that is guarded already, gets no guard and says why."""
    async with guarded(site) as (_, browser):
        with pytest.raises(GuardBreach, match="cannot be guarded"):
            async with read_only(await browser.new_context(), HOSTILE):
                pass


async def test_a_receipt_follows_its_schema_and_is_signed(site: Site, tmp_path: Path) -> None:
    """The document is valid, and its signature holds for it alone and for a key that is believed."""
    keys, strange = Keys(tmp_path / "ours"), Keys(tmp_path / "theirs")
    async with started(*unguarded(site)) as browser, read_only(await browser.new_context(), HOSTILE) as guard:
        pass
    document = json.loads(guard.receipt.text())
    json_schemas.follow(document, schema_of(SchemaDocument.RECEIPT))
    envelope = signed(guard.receipt, keys.signing())
    assert opened(envelope, keys.trust()) == document
    for data, trust in ((envelope, strange.trust()), (envelope.replace(b"A", b"B", 1), keys.trust())):
        with pytest.raises(ConfigurationError):
            opened(data, trust)


@pytest.mark.parametrize("policy", [{"hosts": []}, {"host": ["localhost"]}, "missing.toml"])
def test_a_policy_that_says_nothing_is_refused(policy: Any) -> None:
    """Before anything is opened, in words."""
    with pytest.raises(FlowError):
        read_only(None, policy)  # type: ignore[arg-type]


async def test_the_wrong_kind_of_block_is_told() -> None:
    """`with` around a context of the asynchronous API says what to write instead."""
    async with async_playwright(), started() as browser:
        guard = read_only(await browser.new_context(), HOSTILE)
        with pytest.raises(TypeError, match="async with"), guard:
            pass
