"""A process of its own whose guarded page writes without pause, until somebody kills it; see its test."""

from __future__ import annotations

import asyncio
import sys
import time

from playwright.async_api import async_playwright

from automation.guard import Guard, GuardPolicy, Phase
from tests.guard.builders import HOSTILE

WRITES = """
const write = () => {
  fetch('/hit/killed.fetch', {method: 'POST', body: 'x', keepalive: true}).catch(() => 0);
  navigator.sendBeacon('/hit/killed.beacon', 'x');
};
setInterval(write, 1);
addEventListener('pagehide', write);
"""


async def main(path: str, port: str, spki: str, root: str) -> None:
    """Visit, write, wait."""
    guard = Guard(GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{port}"})
    switches = guard.arguments(spki)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=switches, chromium_sandbox=root != "1")
        await guard.attach(browser)
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        await page.evaluate(f"{{{WRITES}}} 0")
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        # Blocks the loop on purpose: what the page writes now is held back, unanswered, until the kill.
        time.sleep(60)  # noqa: ASYNC251


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
