"""
A page that stands open behind another one goes on as it would in front.

What it shows late is seen only because of that. Real: the browser, as the reader's tabs are opened in it.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

_COUNTS = """<script>let began = 0, frames = 0, ticks = 0; const hidden = [];
(function again() { frames += 1; requestAnimationFrame(again); })(); setInterval(() => { ticks += 1; }, 50);
addEventListener('visibilitychange', () => hidden.push(document.visibilityState), true);</script>"""


async def test_a_tab_behind_another_neither_sleeps_nor_knows(a_browser: Browser) -> None:
    """Its clock and its drawing go on, and its scripts are not told that nobody sees it."""
    context = await a_browser.new_context()
    front, left = await context.new_page(), await context.new_page()
    await left.set_content(_COUNTS)
    await front.bring_to_front()
    await left.evaluate("began = performance.now(), frames = 0, ticks = 0")
    await left.wait_for_function("frames >= 20 && ticks >= 15")  # behind another, Chromium draws nothing by itself
    assert await left.evaluate("performance.now() - began") < 12_000, "and lets a clock tick once a second"
    assert await left.evaluate("[document.visibilityState, hidden.length]") == ["visible", 0]
    await context.close()
