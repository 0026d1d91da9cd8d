"""One request: the consent to what the form holds, the release, the press, the second yes, and its departure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from automation.core.errors import NotFiled
from automation.guard.submission import HeldRequest, ReleasedSubmit
from automation.visit.attended.desk import Consent, Told
from automation.visit.attended.review import Departing, Review

if TYPE_CHECKING:
    from automation.guard import Guard
    from automation.visit.attended.desk import Desk
    from automation.visit.attended.window import Window

LIMIT_S = 600.0
"""How long the person has for the press, once they agreed."""
ANSWER_S = 20.0
"""How long a request may take to leave, and the page to show what became of it."""
POLL_S = 0.2


class InWindow(Protocol):
    """What a person sends from their window: a form, or a switch that the page's script saves."""

    @property
    def form_id(self) -> str:
        """What stands on record for it."""

    async def outline(self) -> None:
        """Draw a line around what they are to press."""

    async def review(self) -> Review:
        """How it stands now, and what may be sent."""

    async def watch(self, pressed: Callable[[], None]) -> None:
        """Tell of each press by their own mouse or keys."""

    @property
    def address(self) -> str:
        """Of the document that they see it in."""

    async def is_answered(self) -> bool:
        """Whether the page shows that it was sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What left, and when."""

    review: Review
    released_at: datetime
    """When they typed the account's name; aware, UTC."""
    sent_at: datetime
    """Aware, UTC."""
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
    await form.watch(released.press)
    desk.tell(Told.RELEASED)
    held = await _held(released, guard, window, desk.refused)
    departing = Departing.of(held, form.address, review.submission.moment.identity)
    let_on = False
    try:
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
            released.close()
            raise NotFiled("the window was closed before anything was sent")
        if released.is_over:
            released.close()
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
            raise NotFiled(
                "the request did not leave this machine"
                if window.is_there
                else "the window was closed before anything was sent"
            )
        await asyncio.sleep(POLL_S)
