"""The one submission that a person released: held on its way out, shown to them, and let on by a second yes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from automation.guard.request import Allow, Refuse, Request, same_place
from automation.guard.submission import Part

if TYPE_CHECKING:
    from automation.guard.policy import GuardPolicy
    from automation.guard.submission import Releasable

SUBMIT = "submit"
"""The rule by which a released submission passes."""
NOT_RELEASED = "submit_not_released"
NOT_PRESSED, ALTERED, AGAIN, KEPT = "submit_not_pressed", "submit_altered", "submit_again", "submit_kept"
_PRESS_S = 15.0
"""How long after the press its request may come: the page may check the form, or ask for a token, in between."""


@dataclass(frozen=True, slots=True)
class HeldRequest:
    """A request that waits for the person's second yes."""

    request: Request = field(repr=False)
    operation: str
    parts: tuple[Part, ...]


class ReleasedSubmit:
    """
    One submission, released by a person: it may leave once, after a press and a second yes, until the time is over.

    Args:
        submission: what was reviewed.
        policy: what the service's file declares of it.
        limit_s: how long the person has for the press.
        leaving: told just before it leaves on the wire.
        clock: monotonic, in seconds.
        is_from_frame: whether the page itself tells of a request as one of the frames that the person saw; a worker or
            an empty frame sends under the name of the frame that made it.
    """

    def __init__(
        self,
        submission: Releasable,
        policy: GuardPolicy,
        limit_s: float,
        leaving: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        *,
        is_from_frame: Callable[[Request], Awaitable[bool]],
    ) -> None:
        self._submission, self._policy, self._leaving, self._clock = submission, policy, leaving, clock
        self._is_from_frame = is_from_frame
        self._until = clock() + limit_s
        self._pressed_at: float | None = None
        self._passed: Request | None = None
        self._answer: asyncio.Future[bool | None] | None = None
        self._closed = False
        self.held: HeldRequest | None = None
        """The request that the person is asked about."""
        self.left = False
        """Whether it was handed to the wire: the service may have it."""
        self.status: int | None = None
        """HTTP status of the answer, as soon as it begins; 0: none comes; None: it is not known yet."""

    @property
    def spent(self) -> bool:
        """Whether the one request was let through."""
        return self._passed is not None

    @property
    def failed(self) -> bool:
        """Whether an error came back, or it is known that nothing does."""
        return self.status is not None and not 0 < self.status < 400

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it; a request that is held still may."""
        return self._closed or self.spent or (self.held is None and self._clock() >= self._until)

    def press(self) -> None:
        """The person pressed the form's own button."""
        self._pressed_at = self._clock()

    def close(self) -> None:
        """Nothing passes any more, and what is held stays."""
        self._closed = True
        self.answer(let_on=False)

    def answer(self, *, let_on: bool) -> None:
        """Take what the person says to the request that is held."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(let_on)

    def decide(self, request: Request, operation: str) -> Refuse | Awaitable[Allow | Refuse]:
        """Refuse what is not the submission; what is one waits for the person, and is spent by their yes."""
        if self.spent:
            return Refuse(AGAIN, operation)
        if self.is_over:
            return Refuse(NOT_RELEASED, operation)
        if self._pressed_at is None or self._clock() - self._pressed_at > _PRESS_S:
            return Refuse(NOT_PRESSED, operation)
        parts = self._submission.parts_of(request, self._policy)
        return Refuse(ALTERED, operation) if parts is None else self._hold(HeldRequest(request, operation, parts))

    async def _hold(self, held: HeldRequest) -> Allow | Refuse:
        if not await self._is_from_frame(held.request):
            return Refuse(ALTERED, held.operation)
        if self.spent or self._closed or not self._replaces(held):
            return Refuse(AGAIN, held.operation)
        self.held, self._answer = held, asyncio.get_running_loop().create_future()
        let_on = await self._answer
        if let_on is None:
            return Refuse(AGAIN, held.operation)
        if not let_on or self._closed:
            self._closed = True
            return Refuse(KEPT, held.operation)
        self._passed = held.request
        return Allow(SUBMIT, reads=False, operation=held.operation)

    def _replaces(self, held: HeldRequest) -> bool:
        """Whether nothing is held, or the same: a browser gives a form up that is pressed twice, and sends it anew."""
        if self.held is None or self._answer is None:
            return True
        if self._answer.done() or held.parts != self.held.parts or not same_place(held.request, self.held.request):
            return False
        self._answer.set_result(None)
        return True

    def leaves(self, head: Request) -> bool:
        """Whether what is about to leave on the wire is the request that passed; it leaves once."""
        passed = self._passed
        if passed is None or self.left or self._closed or not self.is_same_request(head):
            return False
        said = ("content-length", "content-type")
        expected = (str(len(passed.body or b"")), passed.headers.get("content-type", ""))
        if tuple(head.headers.get(name, "") for name in said) != expected or not self._names_account(head.cookie):
            return False
        self._leaving()
        self.left = True
        return True

    def _names_account(self, cookie: str) -> bool:
        """Whether the cookies that go with it, where the service has such, name the account of the review alone."""
        sent = [one.strip().partition("=")[::2] for one in cookie.split(";")]
        rule, identity = self._policy.identity, self._submission.moment.identity
        if any(name in rule.acting_cookies and value for name, value in sent):
            return False
        named = {unquote(value).strip('"') for name, value in sent if name in rule.cookies}
        return not rule.cookies or named == {identity}

    def is_same_request(self, head: Request) -> bool:
        """Whether a request goes to where the one that passed went."""
        return self._passed is not None and same_place(self._passed, head)
