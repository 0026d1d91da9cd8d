"""
What filing one step costs: `python benchmarks/capture.py`.

A page with a form and a page with a long feed are pictured, masked and written, apart from loading them. Target: a step
with a form ≤ 0.15 s on an idle machine, so that a check stays within 0.5 s of the bare visit for each few steps.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.async_api import async_playwright

from automation.browser.capture import Camera, Masks, Recorder
from automation.browser.finder import find_browser
from automation.browser.pool import context_options
from automation.browser.snapshot import Snapshots
from automation.core.records import Artifact
from automation.core.settings import BrowserSettings
from automation.flow.site import EmbeddedId, Masking
from automation.text.labels import Labels
from tests.builders import A_MOMENT

ROUNDS = 10
HEAD = (
    "<!doctype html><html lang=en><style>body { font: 15px sans-serif; width: 800px; margin: 20px auto }</style>"
    '<script type="application/json">{"Person": {"name": "Claire Moreau"}}</script>'
)
PAGES = {
    "form": HEAD
    + "<h1>Object</h1><p>Hello Claire Moreau</p>"
    + "<p>You may object to your information being used. " * 12
    + "<form><label>E-mail <input value=claire@example.org></label><textarea rows=6 cols=80></textarea>"
    + "<button>Submit</button></form>",
    "feed of 300 posts": HEAD
    + "<div role=article><h3>Somebody</h3><p>claire@example.org wrote to Claire Moreau about <a href=/x>this</a>"
    "<p>and something else</div>" * 300,
}


class Sink:
    """Counts bytes."""

    def __init__(self) -> None:
        self.size_bytes = 0

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Count one file."""
        self.size_bytes += len(data)
        return Artifact(path, kind, media_type, "", len(data), A_MOMENT)


async def main() -> None:
    """Print the median of some rounds for each page."""
    found = find_browser(BrowserSettings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            chromium_sandbox=found.sandbox,
        )
        for name, html in PAGES.items():
            page = await (await browser.new_context(**context_options())).new_page()
            session = await page.context.new_cdp_session(page)
            await page.set_content(html)
            took, sizes = [], []
            for _ in range(ROUNDS):
                sink = Sink()
                masks = Masks(Masking(names=(EmbeddedId(near="Person", field="name"),)), Labels())
                recorder = Recorder(Camera(page, session, Snapshots(page, session).glance), masks, sink)
                began = time.perf_counter()
                await recorder.step(
                    1, "form", None, lambda view: next((n for n in view.nodes if n.tag == "FORM"), None)
                )
                took.append(time.perf_counter() - began)
                sizes.append(sink.size_bytes)
            print(f"{name}: {statistics.median(took) * 1000:.0f} ms, {sizes[0] / 1000:.0f} kB")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
