"""What the running browser says of itself."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from automation.core.records import BrowserFacts

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

_WORLD = "temoin"
_ASK = """({
  languages: navigator.languages.join(", "), agent: navigator.userAgent,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  window: `${innerWidth}×${innerHeight} at scale ${devicePixelRatio}, screen ${screen.width}×${screen.height}`,
})"""
_PATH = re.compile(r"(?<==)(?:[A-Za-z]:)?[\\/].*")


async def browser_facts(session: CDPSession) -> BrowserFacts:
    """
    Ask a tab, apart from its page's own scripts.

    Raises:
        playwright.async_api.Error: the tab is gone.
    """
    started_with = (await session.send("Browser.getBrowserCommandLine"))["arguments"]
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})
    answer = await session.send(
        "Runtime.evaluate",
        {"expression": _ASK, "contextId": world["executionContextId"], "returnByValue": True},
    )
    said = answer["result"]["value"]
    return BrowserFacts(
        executable=started_with[0],
        command_line=tuple(_PATH.sub(lambda path: "…/" + PurePath(path[0]).name, part) for part in started_with[1:]),
        languages=said["languages"],
        time_zone=said["zone"],
        window=said["window"],
        user_agent=said["agent"],
    )
