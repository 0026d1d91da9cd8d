"""One request from the person's window: consent, release, press, second yes, and its departure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from automation.core.errors import NotFiled
from automation.guard.released import ReleasedSubmit
from automation.visit.attended.desk import Consent, Departing, Review, Told
from automation.visit.attended.form import FormInWindow
from automation.visit.attended.setting import SwitchInWindow

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.guard import Guard, Request
    from automation.guard.released import HeldRequest
    from automation.visit.attended.desk import Desk

_Answer = TypeVar("_Answer")
LIMIT_S = 600.0
"""How long the person has for the press, once they agreed."""
ANSWER_S = 20.0
"""How long a request may take to leave, and the page to show what became of it."""
POLL_S = 0.2
_TOLD_S = 2.0
_CLOSED = "the window was closed before anything was sent"
InWindow = FormInWindow | SwitchInWindow
"""What a person sends from their window."""


class Window:
    """
    The person's window: whether it is still there, and what its frames send.

    Args:
        page: its tab.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._closed, self._news = asyncio.Event(), asyncio.Event()
        page.on("close", lambda _: self._closed.set())
        page.context.on("close", lambda _: self._closed.set())
        self._sent_by: dict[str, str] = {}

    async def watch(self, session: CDPSession) -> None:
        """Have the tab tell which of its frames sends each request; workers are not among them."""
        session.on("Network.requestWillBeSent", self._told)
        await session.send("Network.enable")

    def _told(self, event: Mapping[str, Any]) -> None:
        self._sent_by[event["requestId"]] = event.get("frameId", "")
        self._news.set()

    async def is_from_frame(self, request: Request) -> bool:
        """Whether the tab itself tells that a request comes from the frame that it was intercepted for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_TOLD_S):
                while request.network not in self._sent_by:
                    self._news.clear()
                    await self._news.wait()
        return request.frame != "" and self._sent_by.get(request.network) == request.frame

    @property
    def is_there(self) -> bool:
        """Whether the person can still see it."""
        browser = self._page.context.browser
        connected = browser is not None and browser.is_connected()
        return connected and not self._page.is_closed() and not self._closed.is_set()

    async def unless_closed(self, asking: Awaitable[_Answer]) -> _Answer:
        """
        Wait for an answer as long as the window is there.

        Raises:
            NotFiled: it was closed.
        """
        asked, closed = asyncio.ensure_future(asking), asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({asked, closed}, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                return asked.result()
            raise NotFiled(_CLOSED)
        finally:
            asked.cancel()
            closed.cancel()


@dataclass(frozen=True, slots=True)
class Sent:
    """What left, and when (aware, UTC)."""

    review: Review
    released_at: datetime
    """When they typed the account's name."""
    sent_at: datetime
    request: ReleasedSubmit
    """What becomes of the request that left."""
    departed: Departing
    """What they let on."""


async def send_one(form: InWindow, desk: Desk, guard: Guard, window: Window, limit_s: float) -> Sent:
    """
    Ask, release, and wait until the one request has left.

    Args:
        form: in the window.
        desk: the person.
        guard: of the window's context.
        window: that the form is in.
        limit_s: how long they have for the press.

    Raises:
        NotFiled: nothing left.
    """
    await form.outline()
    review = await _agreed(form, desk, window)
    released_at = datetime.now(UTC)
    desk.released(form.form_id)
    released = guard.release(review.submission, limit_s, lambda: desk.leaving(datetime.now(UTC)), window.is_from_frame)
    let_on = False
    try:
        await form.watch(released.press)
        desk.tell(Told.RELEASED)
        held = await _held(released, guard, window, desk.refused)
        departing = Departing.of(held, form.address, review.submission.moment.identity)
        let_on = await window.unless_closed(desk.let_on(departing))
    finally:
        if not let_on:
            released.close()
    if not let_on:
        raise NotFiled("it was not agreed to")
    released.answer(let_on=True)
    await _left(released, window)
    desk.tell(Told.SENT)
    return Sent(review, released_at, datetime.now(UTC), released, departing)


async def _agreed(form: InWindow, desk: Desk, window: Window) -> Review:
    """What the person agreed to: it is still what the form holds when they have typed the account's name."""
    review = await form.review()
    while True:
        said = await window.unless_closed(desk.consent(review))
        if said is Consent.REFUSED:
            raise NotFiled("it was not agreed to")
        again = await form.review()
        if said is Consent.GIVEN and again == review and again.is_ready:
            return review
        if said is Consent.GIVEN:
            desk.tell(_what_is_wrong(review, again))
        review = again


def _what_is_wrong(agreed: Review, now: Review) -> Told:
    """Why what was agreed to is not released."""
    if now != agreed:
        return Told.CHANGED
    if now.setting is None or not now.setting.protects:
        return Told.NOT_SWITCHED
    if now.setting.saved_by_press:
        return Told.PRESSED_EARLY
    return Told.NOT_SWITCHED if now.setting.has_button else Told.NO_BUTTON


async def _held(released: ReleasedSubmit, guard: Guard, window: Window, refused: Callable[[str], None]) -> HeldRequest:
    """Wait until the press made its request; say meanwhile what was refused."""
    mark = guard.mark()
    while released.held is None:
        if not window.is_there:
            raise NotFiled(_CLOSED)
        if released.is_over:
            raise NotFiled("the time was over before the button was pressed")
        since, mark = guard.since(mark), guard.mark()
        for entry in since:
            if not entry.allowed and entry.rule.startswith("submit_"):
                refused(entry.rule)
        await asyncio.sleep(POLL_S)
    return released.held


async def _left(released: ReleasedSubmit, window: Window) -> None:
    """Wait until the request left."""
    give_up = asyncio.get_running_loop().time() + ANSWER_S
    while not released.left:
        if not window.is_there or asyncio.get_running_loop().time() > give_up:
            released.close()
            if released.left:
                return
            raise NotFiled("the request did not leave this machine" if window.is_there else _CLOSED)
        await asyncio.sleep(POLL_S)
