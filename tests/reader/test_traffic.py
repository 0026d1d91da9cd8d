"""Whose answer it is: what an earlier page asked for says nothing of the present one, however late it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

from playwright.async_api import Error, Page

from automation.reader.traffic import Answer, Traffic

READ = "SupportInboxQuery"


class Tab:
    """A page that tells what it is told to."""

    main_frame = None

    def __init__(self) -> None:
        self._listeners: dict[str, Callable[[Any], None]] = {}

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        """Remember who listens."""
        self._listeners[event] = listener

    def tell(self, event: str, about: Any) -> None:
        """Tell of an event."""
        self._listeners[event](about)


class Read:
    """A data request of a page, and the answer to it; `body` None: the browser has it no more."""

    method, resource_type, post_data, redirected_from, url, status = "POST", "fetch", "", None, "https://a.test/", 200

    def __init__(self, body: dict[str, Any] | None = None) -> None:
        self.headers = {"x-fb-friendly-name": READ}
        self._body = body
        self.request = self

    def is_navigation_request(self) -> bool:
        """It is none."""
        return False

    async def body(self) -> bytes:
        """The answer's body, a moment later."""
        await asyncio.sleep(0)
        if self._body is None:
            raise Error("No resource with given identifier found")
        return json.dumps(self._body).encode()


def listening() -> tuple[Traffic, Tab]:
    """Somebody who listens to a page."""
    traffic, tab = Traffic(frozenset({READ})), Tab()
    traffic.listen(cast("Page", tab))
    return traffic, tab


async def test_a_read_that_a_page_left_behind_is_not_the_next_ones() -> None:
    """Begun before the next page was opened and failed, answered or lost after it: none of it counts."""
    traffic, tab = listening()
    failed, late, lost, reading = Read(), Read({"items": []}), Read(), Read({"items": []})
    for read in (failed, late, lost, reading):
        tab.tell("request", read)
    tab.tell("response", reading)
    traffic.reset()
    tab.tell("requestfailed", failed)
    tab.tell("response", late)
    tab.tell("response", lost)
    await asyncio.sleep(0.01)
    assert traffic.answers == []
    assert traffic.waiting == 0


async def test_the_pages_own_reads_count_whatever_came_of_them() -> None:
    """An answer, a failure, and an answer whose body is gone."""
    traffic, tab = listening()
    traffic.reset()
    answered, failed, lost = Read({"items": []}), Read(), Read()
    for read in (answered, failed, lost):
        tab.tell("request", read)
    assert traffic.waiting == 3
    tab.tell("response", answered)
    tab.tell("requestfinished", answered)
    tab.tell("requestfailed", failed)
    tab.tell("response", lost)
    tab.tell("requestfinished", lost)
    assert traffic.waiting == 2, "their bodies are still being read"
    await asyncio.sleep(0.01)
    assert traffic.waiting == 0
    assert sorted(traffic.answers, key=lambda answer: answer.status or 0) == [
        Answer(READ, None), Answer(READ, None), Answer(READ, 200, {"items": []}),
    ]  # fmt: skip
