"""Tabs of the shared browser, as in a check but without the guard: the pages are written by the tests themselves."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, CDPSession, Page

from automation.browser.capture import Camera, Masks
from automation.browser.capture.camera import Shot
from automation.browser.pool import context_options
from automation.browser.snapshot import take
from automation.flow.site import EmbeddedId, Masking
from automation.page import Node, PageView
from automation.text.labels import Labels

NAMES = Masking(
    names=(EmbeddedId(near="Person", field="name"),),
    links=("/me/",),
)


@dataclass
class Tab:
    """A tab that looks as in a check."""

    page: Page
    session: CDPSession

    async def view(self) -> PageView:
        """The page as it is now."""
        return await take(self.page, self.session)

    async def shoot(self, masks: Masks | None = None, step: str = "home", focus: str = "") -> Shot | None:
        """Picture it; `focus` is the role of the element to picture alone."""

        def focused(view: PageView) -> Node | None:
            return next((n for n in view.shown_nodes() if n.role == focus), None) if focus else None

        return await Camera(self.page, self.session, self.view).shoot(masks or Masks(NAMES, Labels()), step, focused)


@pytest_asyncio.fixture(loop_scope="session")
async def tab(a_browser: Browser) -> AsyncIterator[Tab]:
    """An empty tab in a context of its own."""
    context = await a_browser.new_context(**context_options())
    page = await context.new_page()
    yield Tab(page, await context.new_cdp_session(page))
    await context.close()


def opened(data: bytes | None) -> Image.Image:
    """A PNG as a picture."""
    assert data is not None
    return Image.open(io.BytesIO(data)).convert("RGB")
