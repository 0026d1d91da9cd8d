"""A sign-in page: nothing is pressed again while the first press may yet arrive, nor once the page went on late."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from automation.core.records import RequestRecord
from automation.flow import Flow
from automation.session.page import SignInPage
from automation.session.password import Clock, give_code

LEFT = RequestRecord("session", "POST", "www.facebook.com", "/login/", rule="sign_in", allowed=True)


class Tab:
    """As much of a tab as tells of its requests."""

    def __init__(self) -> None:
        self.context = self
        self._hears: dict[str, Callable[[Any], None]] = {}

    def on(self, event: str, hears: Callable[[Any], None]) -> None:
        """Remember who listens."""
        self._hears[event] = hears

    def tells(self, event: str, what: Any) -> None:
        """Tell them."""
        self._hears[event](what)

    async def cookies(self, _urls: list[str]) -> list[Any]:
        """Nobody is signed in."""
        return []


class Post:
    """A request of the page's script; its own answer, too."""

    method, resource_type = "POST", "xhr"

    @property
    def request(self) -> Post:
        """Of the answer."""
        return self

    def is_navigation_request(self) -> bool:
        """It loads no page."""
        return False


class Records(list[RequestRecord]):
    """What the guard noted."""

    def mark(self) -> int:
        """The end as it stands."""
        return len(self)

    def since(self, mark: int) -> list[RequestRecord]:
        """What came after."""
        return self[mark:]


@pytest.fixture
def records() -> Records:
    """Nothing yet."""
    return Records()


@pytest.fixture
def tab() -> Tab:
    """With nothing under way."""
    return Tab()


@pytest.fixture
def page(tab: Tab, records: Records, flows: dict[str, Flow]) -> SignInPage:
    """The sign-in page of Facebook in that tab."""
    flow, nobody = flows["facebook.ai_objection"], None
    return SignInPage(tab, nobody, flow.site, flow.labels, nobody, records)  # type: ignore[arg-type]


def test_a_page_has_had_its_time_once_nothing_is_under_way(page: SignInPage, tab: Tab) -> None:
    """Not while a request waits for its answer, nor right after one came; what the guard refuses is no answer."""
    sent, refused = Post(), Post()
    assert page.had_time(-math.inf)
    tab.tells("request", sent)
    tab.tells("request", refused)
    assert not page.had_time(-math.inf)
    tab.tells("requestfailed", refused)
    assert not page.had_time(-math.inf)
    tab.tells("response", sent)
    assert not page.had_time(-math.inf), "the page may be changing"


async def test_a_press_whose_request_waits_for_the_guard_has_not_failed(
    page: SignInPage, tab: Tab, records: Records
) -> None:
    """The page has asked for it and it has not left: whether something left is said once that is known."""
    mark = records.mark()
    tab.tells("request", Post())
    left = asyncio.ensure_future(page.something_left(mark))
    await asyncio.sleep(0)
    assert not left.done()
    records.append(LEFT)
    assert await left


class _Page:
    """A page whose field is there when it is looked for first, and gone once the code was sent with Enter."""

    def __init__(self) -> None:
        self.filled: list[str] = []
        self.requests = SimpleNamespace(mark=lambda: 0)
        self.tab = self
        self.site = SimpleNamespace(sign_in=SimpleNamespace(code_fields=()))

    def locator(self, _selector: str) -> _Page:
        return self

    @property
    def first(self) -> _Page:
        return self

    async def count(self) -> int:
        return 0 if self.filled else 1

    async def fill(self, text: str) -> None:
        self.filled.append(text)

    async def press(self, _key: str) -> None:
        pass

    async def something_left(self, _mark: int) -> bool:
        return False

    async def press_only(self, *_selectors: str) -> bool:
        pytest.fail("a button of the next page was pressed: it may be a prompt to trust this device")


async def test_nothing_is_pressed_once_the_field_is_gone() -> None:
    """Enter was enough and nobody saw it: the next page's button answers another question, and is left alone."""
    page = _Page()
    assert await give_code(cast("SignInPage", page), SecretStr("JBSWY3DPEHPK3PXP"), Clock())
    assert len(page.filled) == 1
