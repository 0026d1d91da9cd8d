"""
Picking an element with a real mouse in a real window, without a guard: whatever the click did would show.

Real: X, the mouse, Chromium and its inspection.
"""

from __future__ import annotations

import asyncio
import os

import pytest
from playwright.async_api import Page, async_playwright

from automation.authoring.live_page import Picker
from automation.browser.finder import find_browser
from automation.core.errors import BrowserLost
from automation.core.settings import BrowserSettings
from tests.session.screen import Person

pytestmark = pytest.mark.browser

_PAGE = """<body style="margin:0"><label style="font-size:40px;display:block;margin:200px 60px">
<input type="checkbox" id="box"> <b id="name">Use my uploads</b></label><script>
window.heard = [];
for (const kind of ["mousedown", "mouseup", "click", "dblclick", "pointerdown", "pointerup", "change", "input", "focusin", "keydown"])
  document.addEventListener(kind, (event) => heard.push(kind), true);
</script>"""
_PLACE = """() => { const r = document.getElementById("name").getBoundingClientRect();
return [screenX + (outerWidth - innerWidth) / 2 + r.x + 30, screenY + outerHeight - innerHeight + r.y + r.height / 2]; }"""


async def _heard(page: Page) -> tuple[list[str], bool]:
    heard, ticked = await page.evaluate("() => [heard.splice(0), document.getElementById('box').checked]")
    return heard, ticked


async def test_a_double_click_picks_and_never_reaches_the_page(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three quick clicks pick the name and nothing else happens; afterwards the same click ticks the box as ever."""
    monkeypatch.setenv("DISPLAY", person.display)
    found = find_browser(BrowserSettings(headless=False))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None, channel=found.channel, headless=False,
            chromium_sandbox=found.sandbox, env={**os.environ},
        )  # fmt: skip
        context = await browser.new_context(no_viewport=True)
        page = await context.new_page()
        await page.set_content(_PAGE)
        x, y = await page.evaluate(_PLACE)

        def click(times: int) -> None:
            person._xdotool("mousemove", str(int(x) - 4), str(int(y)))
            person._xdotool("mousemove", str(int(x)), str(int(y)))
            person._xdotool("click", "--repeat", str(times), "--delay", "60", "1")

        session = await context.new_cdp_session(page)
        async with Picker(page, session) as picker:
            await asyncio.to_thread(click, 3)
            picked = await asyncio.wait_for(picker.picked(), 20)
            await asyncio.to_thread(person.wait_until_still)  # on a busy machine the last of the clicks comes later
        assert await _heard(page) == ([], False)
        node = await session.send("DOM.resolveNode", {"backendNodeId": picked})
        name = await session.send(
            "Runtime.callFunctionOn",
            {"objectId": node["object"]["objectId"], "functionDeclaration": "function () { return this.textContent }",
             "returnByValue": True},
        )  # fmt: skip
        assert name["result"]["value"] == "Use my uploads"
        await asyncio.to_thread(click, 1)
        await page.wait_for_function("() => document.getElementById('box').checked")
        heard, ticked = await _heard(page)
        assert ticked
        assert {"mousedown", "mouseup", "click", "change"} <= set(heard)
        await page.close()
        with pytest.raises(BrowserLost, match="window was closed"):
            async with Picker(page, session):
                pass
        await browser.close()
