"""Tabs of the shared browser, as in a check but without the guard: the pages are written by the tests themselves."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, BrowserContext, CDPSession, Page

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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _context(a_browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await a_browser.new_context(**context_options())
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(_context: BrowserContext) -> AsyncIterator[Tab]:
    """A tab with an empty document: the one of the test before, unless that has closed it."""
    page = _context.pages[0] if _context.pages else await _context.new_page()
    await page.goto("about:blank")
    session = await _context.new_cdp_session(page)
    yield Tab(page, session)
    if not page.is_closed():
        await session.detach()


def opened(data: bytes | None) -> Image.Image:
    """A PNG as a picture."""
    assert data is not None
    return Image.open(io.BytesIO(data)).convert("RGB")
