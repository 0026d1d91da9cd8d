"""
Every declared setting in every state and with every way to mislead, read by the real reader in a real browser.

The stand-ins' words come from the documented facts and not from the flows' label tables. Real: the browser, the
reader, the flows, the judge. Not real: the services; and here the pages are filled in rather than fetched, so that
six hundred of them take seconds. What needs a network (sessions, the guard, coming late) is in test_declared_visits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from playwright.async_api import async_playwright

import flows as shipped
from automation.browser_finder import find_browser
from automation.browser_settings import BrowserSettings
from automation.errors import CheckError
from automation.flow import Flow
from automation.flow.reading import read
from automation.judge import judge
from automation.replica import Actor, load_site
from automation.verdicts import Reason, Verdict
from tests.flows.staged import StagedReader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_TABS = 4
_NEEDS_NETWORK = {"late"}
SITES = {service: load_site(service) for service in shipped.DECLARED}
ACTORS = [
    (service, actor)
    for service, site in SITES.items()
    for actor in site.cast
    if not any(actor.scenario.endswith(name) for name in _NEEDS_NETWORK)
]


@dataclass(frozen=True)
class Told:
    """What was made of one page."""

    verdict: Verdict
    reason: Reason | None
    missing: tuple[str, ...]
    signals: Mapping[str, str]
    """Name → how."""


def label(actor: Actor) -> str:
    """Service, scenario and language."""
    return f"{actor.flow}-{actor.scenario}-{actor.locale}"


async def tell(reader: StagedReader, flow: Flow) -> Told:
    """Read one setting and judge it, as a check does."""
    try:
        observation = await read(reader, flow, "subject")
    except CheckError as error:
        return Told(error.reason.verdict, error.reason, (), {})
    answer = judge(observation, flow.states)
    return Told(
        answer.verdict, answer.reason, answer.missing, {s.name: f"{s.how}: {s.quote}" for s in observation.signals}
    )


async def play() -> dict[str, Told]:
    """Read every page, a few side by side in one browser."""
    flows = shipped.load()
    waiting = list(ACTORS)
    told: dict[str, Told] = {}
    found = find_browser(BrowserSettings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            args=[] if found.sandbox else ["--no-sandbox"],
        )

        async def work() -> None:
            page = await browser.new_page()
            session = await page.context.new_cdp_session(page)
            while waiting:
                service, actor = waiting.pop()
                flow = flows[actor.flow]
                told[label(actor)] = await tell(StagedReader(page, session, flow, SITES[service], actor), flow)

        await asyncio.gather(*(work() for _ in range(_TABS)))
        await browser.close()
    return told


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    """All pages, once."""
    return asyncio.run(play())


@pytest.mark.parametrize(("service", "actor"), ACTORS, ids=[label(actor) for _, actor in ACTORS])
def test_the_page_is_read_right_or_honestly_not(told: dict[str, Told], service: str, actor: Actor) -> None:
    """What the stand-in shows is what is said; what it does not prove is not said, with the reason why."""
    answer = told[label(actor)]
    assert actor.expected.allows(answer.verdict, answer.reason), answer
