"""Giving the code of a second factor, where the page goes on late."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from pydantic import SecretStr

from automation.session.password import Clock, give_code

if TYPE_CHECKING:
    from automation.session.page import SignInPage


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
