"""What was let through and has not left yet: requests by their place, and the one that a person released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.guard.departures import LetThrough
from automation.guard.request import Allow, Refuse, Request
from automation.guard.submission import NOT_RELEASED, SUBMIT, ReleasedSubmit

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.domain.records import RequestRecord
    from automation.guard.policy import SubmitRule
    from automation.guard.submission import Releasable


class Passing:
    """Between the decision about a request and its departure on the wire."""

    def __init__(self) -> None:
        self._let_through = LetThrough()
        self._released: ReleasedSubmit | None = None

    def begin(self) -> None:
        """A context opens: nothing of an earlier one may leave any more."""
        self.close()
        self._let_through.clear()
        self._released = None

    def close(self) -> None:
        """No submission passes any more."""
        if self._released is not None:
            self._released.close()

    def release(
        self, submission: Releasable, rule: SubmitRule, limit_s: float, leaving: Callable[[], None]
    ) -> ReleasedSubmit:
        """Release one submission; an earlier release is over by this."""
        self.close()
        self._released = ReleasedSubmit(submission, rule, limit_s, leaving)
        return self._released

    def decided(self, request: Request, decision: Allow | Refuse) -> Allow | Refuse:
        """Take note of the policy's decision; what it refuses as a submission may be the one that was released."""
        if isinstance(decision, Refuse):
            if decision.reason == NOT_RELEASED and self._released is not None:
                return self._released.decide(request, decision.operation)
        elif request.scheme == "https":
            self._let_through.add(request)
        return decision

    def answered(self, entry: RequestRecord, status: int) -> None:
        """Take note of an answer; it may be to the submission that was released, and that has left."""
        if self._released is not None and self._released.left and entry.rule == SUBMIT:
            self._released.status = status

    def takes(self, head: Request) -> bool:
        """Whether a request that is about to leave on the wire was let through; each leaves once."""
        return self._let_through.take(head) or (self._released is not None and self._released.leaves(head))

    def not_answered(self, head: Request) -> None:
        """
        A request got no answer before its connection ended; the browser may send it again.

        But for a released submission: the service may have it, whatever became of the answer.
        """
        if self._released is None or not self._released.is_same_place(head):
            self._let_through.add(head)
