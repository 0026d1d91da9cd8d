"""`make snapshots`: visit the stand-ins in a real browser, under the guard, and store what it says of each page."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from loguru import logger
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

import flows as shipped
from automation.authoring.replica import Actor, Replica, load_site
from automation.authoring.replica.trial import FilledPages
from automation.browser.capture import NoFiles
from automation.browser.finder import find_browser
from automation.browser.pool import context_options, launched
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy, Phase
from automation.page.source import PageSource
from automation.visit.reader import Reader, Sight, VisitLog
from automation.visit.reader.live import live_tab
from tests.stored import tape, visits
from tests.stored.sources import Recording
from tests.stored.tape import Tape

_SIDE_BY_SIDE = 3
_TIMEOUT_S = 8.0
SITES = {service: load_site(service) for service in (*shipped.ANSWERED, *shipped.DECLARED)}
FLOWS = shipped.load()


async def record(services: list[str]) -> int:
    """Record the visits of these services; how many of them did not say what their stand-in shows."""
    waiting = [one for service in services for one in visits.of_service(service)]
    tapes: dict[str, list[Tape]] = {service: [] for service in services}
    wrong = 0
    sites = [SITES[service] for service in shipped.ANSWERED]
    async with Replica(sites) as replica, async_playwright() as playwright, plain(playwright) as browser:

        async def work() -> None:
            nonlocal wrong
            while waiting:
                actor, confirmed = waiting.pop()
                one = Tape(visits.label(actor, confirmed))
                filled = actor.service not in shipped.ANSWERED  # put into a tab; nothing of it comes by network
                async with apart(browser) if filled else guarded(playwright, replica, actor) as context:
                    told = await visits.tell(await live_reader(context, actor, confirmed, one), FLOWS[actor.flow])
                tapes[actor.service].append(one)
                right = not confirmed or actor.expected.allows(told.verdict, told.reason)
                wrong += not right
                sys.stdout.write(f"{len(waiting):4} {' ' if right else '!'} {one.name}: {told.verdict} {told.reason}\n")
                sys.stdout.flush()

        await asyncio.gather(*(work() for _ in range(_SIDE_BY_SIDE)))
    for service, recorded in tapes.items():
        tape.write(visits.DATA / f"{service}.xz", visits.made_of(service), recorded)
    return wrong


@asynccontextmanager
async def plain(playwright: Playwright) -> AsyncIterator[Browser]:
    """Whatever Chromium this machine has, without the guard."""
    found = find_browser(BrowserSettings())
    browser = await playwright.chromium.launch(
        executable_path=str(found.path) if found.path else None,
        channel=found.channel,
        chromium_sandbox=found.sandbox,
    )
    yield browser
    await browser.close()


@asynccontextmanager
async def apart(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A context of its own."""
    context = await browser.new_context()
    yield context
    await context.close()


@asynccontextmanager
async def guarded(playwright: Playwright, replica: Replica, actor: Actor) -> AsyncIterator[BrowserContext]:
    """A guarded browser in which the actor is signed in, as in a check."""
    site = SITES[actor.service]
    settings = BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,))
    guard = Guard(GuardPolicy.parse(FLOWS[actor.flow].site.tables), replica_map=replica.replica_map)
    async with launched(playwright, settings, guard):
        options = context_options(storage_state=site.storage_state(actor))
        context = await guard.new_context(Phase.CHECK, **options)
        try:
            yield context
        finally:
            await guard.close_context(context)


async def live_reader(context: BrowserContext, actor: Actor, confirmed: str | None, one: Tape) -> Reader:
    """A check's own reader of live tabs, each of which is recorded."""
    flow, account = FLOWS[actor.flow], visits.account_of(actor, confirmed)
    log = VisitLog.of(flow, account)

    async def tab() -> Reader:
        source = await _source(await context.new_page(), actor, log)
        one.tabs.append([])
        return Reader(Sight(Recording(source, one.tabs[-1]), NoFiles()), flow, account, log, tab)

    log.in_front = reader = await tab()
    return reader


async def _source(page: Page, actor: Actor, log: VisitLog) -> PageSource:
    session = await page.context.new_cdp_session(page)
    live = live_tab(page, session, FLOWS[actor.flow], log, _TIMEOUT_S)
    return live if actor.service in shipped.ANSWERED else FilledPages(live, SITES[actor.service], actor)


def main() -> int:
    """Record the services that are named, or all."""
    logger.remove()
    return 1 if asyncio.run(record(sys.argv[1:] or [*shipped.ANSWERED, *shipped.DECLARED])) else 0


if __name__ == "__main__":
    sys.exit(main())
