"""What a document is answered when it asks who is signed in: it holds as long as the document, and the latest counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.async_api import Page

from automation.browser.viewer_answers import ViewerAnswers
from automation.flow.reads import ReadRules
from automation.flow.site import Site
from tests.turns import everything_ready

LOU, BOB = {"email": "lou@a.example"}, {"email": "bob@b.example"}
ME = "https://a.test/api/me"


class Tab:
    """A page that tells what it is told to."""

    def __init__(self) -> None:
        self._listeners: dict[str, Callable[[Any], None]] = {}
        site = SimpleNamespace(owns=lambda url: url.startswith("https://a.test/"), reads=ReadRules())
        self.answers = ViewerAnswers(cast("Page", self), cast("Site", site))

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        """Remember who listens."""
        self._listeners[event] = listener

    def begins(self) -> None:
        """Ask for another document."""
        self._listeners["request"](_Read("https://a.test/", None, document=True))

    async def reads(self, url: str, body: object, *, status: int = 200, method: str = "GET") -> None:
        """Ask for data, and get it."""
        read = _Read(url, body, status=status, method=method)
        self._listeners["request"](read)
        self._listeners["response"](read)
        await everything_ready()


class _Read:
    """A request, and the answer to it."""

    frame = SimpleNamespace(parent_frame=None)

    def __init__(
        self, url: str, body: object, *, document: bool = False, status: int = 200, method: str = "GET"
    ) -> None:
        self.url, self.method, self.status = url, method, status
        self.resource_type = "document" if document else "xhr"
        self.ok, self.request, self._body = status < 400, self, body

    def is_navigation_request(self) -> bool:
        """Whether it is for a document."""
        return self.resource_type == "document"

    async def body(self) -> bytes:
        """The answer's body, a moment later."""
        await asyncio.sleep(0)
        return json.dumps(self._body).encode()


async def test_the_latest_answer_counts_while_its_document_stands() -> None:
    """Another answer at the same address takes its place, a refusal takes it away, and so does another document."""
    tab = Tab()
    tab.begins()
    await tab.reads(ME, LOU)
    await tab.reads("https://a.test/api/posts", {"posts": []})
    assert tab.answers.people == (LOU,)
    await tab.reads(ME, BOB)
    assert tab.answers.people == (BOB,)
    await tab.reads(ME, {"errors": []}, status=401)
    assert tab.answers.people == ()
    await tab.reads(ME, LOU)
    tab.begins()
    assert tab.answers.people == ()


@pytest.mark.parametrize(
    ("url", "method"), [("https://elsewhere.test/api/me", "GET"), (ME, "POST"), ("https://a.test/api/users", "GET")]
)
async def test_what_others_say_or_what_is_no_read_names_nobody(url: str, method: str) -> None:
    """Another host, a request that is no read by its method, an address that does not ask who."""
    tab = Tab()
    await tab.reads(url, LOU, method=method)
    assert tab.answers.people == ()
    assert not tab.answers.waiting
