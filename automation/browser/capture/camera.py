"""The picture of one moment: the whole page under its masks, and the form or control cut out of it."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loguru import logger
from PIL import Image
from playwright.async_api import CDPSession, Error, Page

from automation.browser.capture.cover import LONGEST_PICTURE_PX, Covered, covered
from automation.browser.capture.plan import MaskPlan, plan
from automation.evidence.write import secret_scan
from automation.page import Box, Node, PageView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.browser.capture.masks import Masks

_TRIES = 3
_MARGIN_PX = 12
_PICTURE_TIMEOUT_S = 10.0
_NEARLY_ALL = 0.9

Look = Callable[[], Awaitable[PageView]]
"""Looks at the page anew."""
FocusOf = Callable[[PageView], Node | None]
"""Finds the form or control in a page."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The picture of one moment, what was cut out of it, and the plan that says what is hidden in them."""

    plan: MaskPlan
    """Of the page as it stood still, before the picture and after it, or under its masks."""
    view: PageView
    """The same page; for finding what was read, never for writing."""
    whole: bytes
    """PNG of the whole page."""
    focus: bytes | None
    """PNG of the form or control, cut out of it; None without one."""
    area: tuple[int, int, int, int] | None
    """Left, top, width, height of the form or control on the page, with a margin; None without one."""
    page_size: tuple[int, int]
    shown: tuple[int, int, int, int]
    """Left, top, width, height of the window on the page."""
    covered: tuple[Covered, ...]


class Camera:
    """
    Takes pictures of one tab.

    Args:
        page: the tab.
        session: a CDP session of it.
        look: describes the page as it is now; a page that has not changed is best the same object.
    """

    def __init__(self, page: Page, session: CDPSession, look: Look) -> None:
        self._page, self._session, self._look = page, session, look

    async def shoot(
        self, masks: Masks, step: str, focus_of: FocusOf = lambda _: None, *, bare: bool = False
    ) -> Shot | None:
        """
        Take all pictures of the page as it is now; of one that is no evidence (`bare`), with known words only.

        Whatever the page shows meanwhile must have been masked too: it is looked at again afterwards, and a page
        that shows something new to hide is taken anew. None where it never stands still or cannot be pictured. A page
        that is in every way as it was before the picture needs no second plan; any other is looked at under its masks,
        where animations stand at their end.
        """
        for moving in (False, *[True] * _TRIES):
            try:
                async with asyncio.timeout(_PICTURE_TIMEOUT_S):
                    shot = await self._try(masks, step, focus_of, bare=bare, moving=moving)
            except (Error, TimeoutError) as error:
                logger.debug("no picture of step {}: {}", step, type(error).__name__)
                if self._page.is_closed():
                    return None
                continue
            if shot is not None:
                return shot
            logger.debug("the page changed or moved while it was pictured at step {}", step)
        return None

    async def unmasked(self) -> bytes | None:
        """A PNG of the whole page as the account's holder sees it; None where it cannot be taken."""
        try:
            async with asyncio.timeout(_PICTURE_TIMEOUT_S):
                metrics = await self._session.send("Page.getLayoutMetrics")
                return await self._clip(_whole(metrics))
        except (Error, TimeoutError):
            return None

    async def _try(self, masks: Masks, step: str, focus_of: FocusOf, *, bare: bool, moving: bool) -> Shot | None:
        view = await self._look()
        focused = focus_of(view)
        planned = plan(view, masks, step, bare=bare, focus=focused)
        async with covered(self._page, self._session, view.frames, planned.covers) as laid:
            metrics = await self._session.send("Page.getLayoutMetrics")
            page, seen = _whole(metrics), metrics["cssVisualViewport"]
            fits = page.height <= seen["clientHeight"] and page.width <= seen["clientWidth"]
            whole = await self._clip(None if fits else page)
            again = await self._look() if moving else view
            after = plan(again, masks, step, bare=bare, focus=focus_of(again)) if moving else planned
        if not moving and await self._look() is not view:
            return None
        if after.view.frames != view.frames or not set(after.covers) <= set(planned.covers):
            return None
        area = _around(view, focused, page)
        return Shot(
            plan=after,
            view=again,
            whole=whole,
            focus=await asyncio.to_thread(_cut, whole, area) if area is not None else None,
            area=(int(area.x), int(area.y), int(area.width), int(area.height)) if area is not None else None,
            page_size=(int(page.width), int(page.height)),
            shown=(int(seen["pageX"]), int(seen["pageY"]), int(seen["clientWidth"]), int(seen["clientHeight"])),
            covered=laid,
        )

    async def _clip(self, area: Box | None) -> bytes:
        """A PNG of part of the page; of the window without one."""
        options: dict[str, Any] = {"format": "png"}
        if area is not None:
            clip = {"x": area.x, "y": area.y, "width": area.width, "height": area.height, "scale": 1}
            options |= {"clip": clip, "captureBeyondViewport": True}
        answer = await self._session.send("Page.captureScreenshot", options)
        try:
            return await asyncio.to_thread(lambda: secret_scan.stripped(base64.b64decode(answer["data"])))
        except ValueError:
            raise Error("the browser gave no picture") from None


def _whole(metrics: Any) -> Box:
    size, seen = metrics["cssContentSize"], metrics["cssLayoutViewport"]
    width, height = max(size["width"], seen["clientWidth"]), max(size["height"], seen["clientHeight"])
    return Box(0, 0, width, min(height, LONGEST_PICTURE_PX))


def _cut(whole: bytes, area: Box) -> bytes:
    """A PNG of part of a picture, pixel by pixel the same."""
    part = Image.open(io.BytesIO(whole)).crop(
        (int(area.x), int(area.y), int(area.x + area.width), int(area.y + area.height))
    )
    data = io.BytesIO()
    part.save(data, "PNG")
    return secret_scan.stripped(data.getvalue())


def _around(view: PageView, focus: Node | None, page: Box) -> Box | None:
    """The rectangle of an element with a margin, in the whole page; None where it is nearly all of the page."""
    if focus is None or focus.box is None:
        return None
    dx, dy = offset_of(view, focus.document)
    left, top = max(0.0, focus.box.x + dx - _MARGIN_PX), max(0.0, focus.box.y + dy - _MARGIN_PX)
    right = min(page.width, focus.box.x + dx + focus.box.width + _MARGIN_PX)
    bottom = min(page.height, focus.box.y + dy + focus.box.height + _MARGIN_PX)
    if right - left < 1 or bottom - top < 1:
        return None
    if (right - left) * (bottom - top) > _NEARLY_ALL * page.width * page.height:
        return None
    return Box(round(left), round(top), round(right - left), round(bottom - top))


def box_on_page(view: PageView, node: Node) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of an element on the whole page; None where it is not laid out."""
    if node.box is None or node.box.width < 1 or node.box.height < 1:
        return None
    dx, dy = offset_of(view, node.document)
    return round(node.box.x + dx), round(node.box.y + dy), round(node.box.width), round(node.box.height)


def offset_of(view: PageView, document: int) -> tuple[float, float]:
    """Where a frame's document begins in the whole page; frames scrolled inside are taken as unscrolled."""
    x = y = 0.0
    for holder in _holders(view, document):
        if holder.box is not None:
            x, y = x + holder.box.x, y + holder.box.y
    return x, y


def _holders(view: PageView, document: int) -> Iterator[Node]:
    """The elements that hold a document, from the inside out."""
    while document > 0:
        root = next((n for n in view.nodes if n.document == document), None)
        if root is None or root.parent < 0:
            return
        holder = view.nodes[root.parent]
        yield holder
        document = holder.document
