"""What is said of each request of one visit: before it is sent, on the wire, and of its answer."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.core.errors import GuardBreach
from automation.guard.decision import LOCAL_SCHEMES, decide
from automation.guard.departures import Permits
from automation.guard.record import ANSWER_FAILED, CONNECT_SRC, UNASKED, Log
from automation.guard.released import ALTERED, NOT_RELEASED, SUBMIT, ReleasedSubmit
from automation.guard.request import READING, Allow, Phase, Refuse, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping

    from automation.core.records import GuardRecord, RequestRecord
    from automation.guard.policy import GuardPolicy
    from automation.guard.submission import Releasable

Decided = tuple[Allow | Refuse, "RequestRecord"]
"""What is said of a request, and the entry of it in the record."""
NOT_RUN = "not run"  # untold: a key of `reports.names`
_MOST_TURNS = 20


class Judge:
    """
    Judges by one policy and phase; after a fault, and while it is locked, nothing passes.

    Args:
        policy: what the service may be asked for.
    """

    def __init__(self, policy: GuardPolicy) -> None:
        self._policy = policy
        self._log, self.permits = Log(), Permits()
        self._phase: Phase | None = None
        self._locked = True
        self._fault, self._self_test = "", NOT_RUN
        self._released: ReleasedSubmit | None = None
        self.on_refused: Callable[[Request, Refuse], None] = lambda *_: None
        """Told of each refusal by the policy, for the author of one; what it is told goes into no record."""

    def begin(self, phase: Phase) -> None:
        """Open a phase; nothing that was let through or released before may leave any more."""
        self._release(None)
        self.permits.clear()
        self._phase, self._locked = phase, False
        self._log.enter(phase)

    def sever(self) -> None:
        """Let nothing pass until the next phase begins."""
        self._locked = True
        if self._released is not None:
            self._released.close()

    def fault(self, what: str) -> None:
        """Close for good."""
        self._fault = self._fault or what
        self.sever()

    def lost(self) -> None:
        """Close, as nobody is asked any more."""
        self.sever()

    def tell(self, of_refusal: Callable[[RequestRecord], None]) -> None:
        """Tell of each refusal's entry as it is noted, those of the tunnel among them."""
        self._log.on_refused = of_refusal

    @property
    def connect_src(self) -> str:
        """The policy that is added to documents and workers, so that they open no socket."""
        return f"{CONNECT_SRC} http:" if self._policy.loopback else CONNECT_SRC

    @contextmanager
    def only_reading(self) -> Iterator[None]:
        """Hold the open context to what the check phase lets through, for the block."""
        before, self._phase = self._phase, Phase.CHECK
        self._log.enter(Phase.CHECK)
        try:
            yield
        finally:
            self._phase = before

    # -- the one submission ---------------------------------------------------------------------------------

    def release(
        self,
        submission: Releasable,
        limit_s: float,
        leaving: Callable[[], None],
        is_from_frame: Callable[[Request], Awaitable[bool]],
    ) -> ReleasedSubmit:
        """
        Hold what a person reviewed for their second yes, once, after a press; `leaving` is told just before it leaves.

        Raises:
            GuardBreach: nobody files anything in the open context.
        """
        if self._phase is not Phase.ATTENDED or self._locked or self._fault:
            raise GuardBreach("nothing can be released in this phase", "open a context for Phase.ATTENDED first")
        released = ReleasedSubmit(submission, self._policy, limit_s, leaving, is_from_frame=is_from_frame)
        self._release(released)
        return released

    def _release(self, released: ReleasedSubmit | None) -> None:
        if self._released is not None:
            self._released.close()
        self._released = released

    # -- each request ---------------------------------------------------------------------------------------

    def decide(self, request: Request) -> Decided | Awaitable[Decided]:
        """Decide about a request of the browser, and note it; what waits for a person is noted once they decided."""
        decision = self._decision(request)
        if isinstance(decision, Allow):
            if request.scheme not in LOCAL_SCHEMES:
                self.permits.grant(request)
        elif decision.reason == NOT_RELEASED and self._released is not None:
            answer = self._released.decide(request, decision.operation)
            if not isinstance(answer, Refuse):
                return self._held(request, answer)
            decision = answer
        return decision, self._log.add(self._phase, request, decision)

    async def _held(self, request: Request, answer: Awaitable[Allow | Refuse]) -> Decided:
        decision = await answer
        return decision, self._log.add(self._phase, request, decision)

    def _decision(self, request: Request) -> Allow | Refuse:
        if self._phase is None or (self._locked and request.scheme not in LOCAL_SCHEMES):
            return Refuse("locked")
        decision = decide(self._policy, self._phase, request)
        if isinstance(decision, Refuse):
            self.on_refused(request, decision)
        return decision

    def ended(self, number: str) -> None:
        """The interception heard the end of a request: what it was let through by lapses."""
        self.permits.withdraw(number)

    def leaving(self, request: Request) -> bool:
        """
        Whether a request that is about to leave on the wire may.

        The interception let it through; or it is a GET that it was not asked about, such as a preload by early hints,
        and is decided about here. Anything else that it was not asked about stays.
        """
        released = self._released
        if not self._locked and (self.permits.take(request) or (released is not None and released.leaves(request))):
            return True
        decision = self._decision(request)
        if isinstance(decision, Allow):
            decision = replace(decision, rule=UNASKED) if request.method in READING else Refuse(UNASKED)
        elif released is not None and released.is_same_request(request):
            decision = Refuse(ALTERED, decision.operation)
        self._log.add(self._phase, request, decision)
        return isinstance(decision, Allow)

    def not_answered(self, request: Request) -> None:
        """
        A request got no answer before its connection ended; the browser may send it again.

        But for a released submission: the service may have it, whatever became of the answer.
        """
        if self._released is None or not self._released.is_same_request(request):
            self.permits.grant(request)

    def not_left(self, refused: Request, carried: Iterable[Request]) -> None:
        """A page can lose its connection to what it hints at; its record says why it has no answer."""
        if refused.method in READING and refused.resource != "WebSocket":
            self._log.lost(carried)

    def answered(self, entry: RequestRecord, status: int, failure: str = ANSWER_FAILED) -> None:
        """Note what an allowed request was answered with (0: nothing): of the record are errors."""
        self._log.answered(entry, status, failure)
        if self._released is not None and self._released.left and entry.rule == SUBMIT:
            self._released.status = status

    def leaked(self, request: Request) -> None:
        """An answer came to a request that was never let through: the guard does not hold."""
        self._log.add(self._phase, request, Allow("undecided", reads=False))
        self.fault(f"{request.method} to {request.host} left without being asked about")

    def _note(self, method: str, host: str, path: str, reason: str) -> None:
        self._log.add(self._phase, Request(method=method, host=host, path=path), Refuse(reason))

    # -- the record -----------------------------------------------------------------------------------------

    @property
    def breached(self) -> bool:
        """Whether something left that should not have, or the guard cannot say that nothing did."""
        return bool(self._fault)

    def record(self) -> GuardRecord:
        """What was let through and what was stopped, up to now."""
        return self._log.record(self._fault or self._self_test, self.connect_src)

    @property
    def addresses(self) -> Mapping[str, tuple[str, ...]]:
        """Host → every `ip:port` that was dialled for it. The browser itself only sees the tunnel."""
        return self._log.addresses

    def mark(self) -> int:
        """A point in time, for `since`."""
        return self._log.mark()

    async def until_quiet(self, quiet_s: float) -> None:
        """Wait until nothing was asked for during that time; twenty times as long at most."""
        for _ in range(_MOST_TURNS):
            heard = self.mark()
            await asyncio.sleep(quiet_s)
            if heard == self.mark():
                return

    def since(self, mark: int) -> tuple[RequestRecord, ...]:
        """What was decided after that point, oldest first; failed answers as entries of their own."""
        return self._log.since(mark)
