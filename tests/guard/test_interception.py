"""What a DevTools event says is read as the request that will leave; sockets and switches of the browser."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import playwright
import pytest

from automation.guard import Phase
from automation.guard.flags import DISABLED_FEATURES, PLAYWRIGHT_DISABLED_FEATURES, guard_arguments
from automation.guard.guard import end_once
from automation.guard.interception import request_of
from tests.guard.browsing import guarded
from tests.guard.fakes import paused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.guard.hostile.site import Site


def part(content: bytes) -> dict[str, str]:
    """One piece of a body, as DevTools gives it."""
    return {"bytes": base64.b64encode(content).decode()}


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ({}, None),
        ({"hasPostData": True, "postDataEntries": [part(b"a=1")]}, b"a=1"),
        ({"hasPostData": True, "postDataEntries": [part(b"a="), part(b"\xff\x00")]}, b"a=\xff\x00"),
        ({"hasPostData": True, "postDataEntries": [part(b"a=1"), {}]}, b""),
        ({"hasPostData": True}, b""),
        ({"hasPostData": True, "postData": "a=1"}, b""),
    ],
    ids=["none", "one piece", "bytes", "a file among it", "a stream", "a rendering alone"],
)
def test_a_body_is_seen_whole_or_not_at_all(request_: dict[str, Any], body: bytes | None) -> None:
    """A body of which a part cannot be seen counts as one that cannot be seen, never as the part."""
    event = paused("POST")
    event["request"].update(request_)
    assert request_of(event).body == body


@pytest.mark.parametrize(
    ("url", "scheme", "host", "path", "query"),
    [
        ("https://Site.test/a%2Fb?q=1&r", "https", "site.test", "/a%2Fb", "q=1&r"),
        ("https://site.test", "https", "site.test", "/", ""),
        ("https://site.test:8443/", "https", "site.test:8443", "/", ""),
        ("https://user:word@site.test:443/", "https", "site.test", "/", ""),
        ("http://site.test/", "http", "site.test", "/", ""),
        ("http://site.test:443/", "http", "site.test:443", "/", ""),
        ("blob:https://site.test/1", "blob", "", "https://site.test/1", ""),
    ],
)
def test_an_address_is_taken_apart(url: str, scheme: str, host: str, path: str, query: str) -> None:
    """Host in lower case, with its port only where it is not the scheme's own; path and query stay encoded."""
    request = request_of(paused(url=url))
    assert (request.scheme, request.host, request.path, request.query) == (scheme, host, path, query)


def test_cookies_are_left_out() -> None:
    """The guard decides without cookies and cannot record what it does not hold."""
    event = paused()
    event["request"]["headers"]["X-FB-Friendly-Name"] = "AQuery"
    assert request_of(event).headers == {"x-fb-friendly-name": "AQuery"}


def test_documents_are_navigations() -> None:
    """Pages and frames are navigations, whatever opened them."""
    assert request_of(paused(kind="Document")).navigation
    assert not request_of(paused(kind="XHR")).navigation


_CLOSES = """new Promise(done => {
  const socket = new WebSocket("wss://site.test/socket");
  socket.onopen = () => socket.close(3001, "enough");
  socket.onclose = event => done([event.code, event.reason]);
})"""


class FakeSocket:
    """A socket that notes how it was closed."""

    def __init__(self) -> None:
        self.ends: list[Callable[..., Any]] = []
        self.closed: list[tuple[int | None, str | None]] = []

    def on_close(self, end: Callable[..., Any]) -> None:
        """Take what is to be called when the page closes it, or is left."""
        self.ends.append(end)

    async def close(self, *, code: int | None, reason: str | None) -> None:
        """Note it."""
        self.closed.append((code, reason))


async def test_later_pages_hear_nothing_of_a_socket() -> None:
    """Playwright tells it at each page that follows; the first time is handed on."""
    socket = FakeSocket()
    end_once(socket)  # type: ignore[arg-type]
    for _ in range(3):
        socket.ends[0](None, None)
    await asyncio.sleep(0)
    assert socket.closed == [(None, None)]


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_page_that_closes_its_socket_hears_that_it_is_closed(site: Site) -> None:
    """As on a page that nobody guards, also once other pages came before; nothing is connected."""
    site.pages["/empty"] = (200, "Content-Type: text/html\r\n", b"<p>nothing")
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        for _ in range(2):
            await page.goto("https://site.test/empty")
            assert await page.evaluate(_CLOSES) == [3001, "enough"]
        assert guard.sockets == [("site.test", "/socket")] * 2
        await guard.close_context(context)
        assert not guard.breached


DRIVER = Path(playwright.__file__).parent / "driver" / "package" / "lib"


def features_that_playwright_switches_off() -> list[str]:
    """The list in the driver's own code, wherever this version keeps it."""
    for source in sorted(DRIVER.rglob("*.js")):
        found = re.search(r"disabledFeatures = \[(.*?)\]\.filter", source.read_text(errors="replace"), re.DOTALL)
        if found and "electron" not in source.parts:
            return re.findall(r'^\s*"(\w+)"', found.group(1), re.MULTILINE)
    pytest.fail("Playwright keeps its list of switched-off features elsewhere now")


def test_playwrights_own_list_is_repeated() -> None:
    """A second --disable-features replaces the first: what Playwright switches off must stay off."""
    theirs = features_that_playwright_switches_off()
    assert len(theirs) > 5
    assert set(theirs) == set(PLAYWRIGHT_DISABLED_FEATURES)


def test_one_list_of_features_holds_both() -> None:
    """There is one --disable-features among the switches, with Playwright's features and ours."""
    lists = [a for a in guard_arguments() if a.startswith("--disable-features=")]
    assert len(lists) == 1
    names = lists[0].partition("=")[2].split(",")
    assert set(names) == {*PLAYWRIGHT_DISABLED_FEATURES, *DISABLED_FEATURES}
    assert len(names) == len(set(names))
