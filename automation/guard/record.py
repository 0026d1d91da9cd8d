"""What the guard saw, kept so that it can be shown: bounded, and without queries, bodies or headers."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from automation.core.records import GuardRecord, RequestRecord, RuleCount
from automation.guard.released import SUBMIT
from automation.guard.request import Allow, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from automation.guard.request import Refuse, Request

CONNECT_SRC = "connect-src https: data: blob:"
"""Added to every document and worker script: it ends WebSocket, WebSocketStream and WebTransport there."""
ANSWER_FAILED = "answer_failed"
"""Rule of an entry which says that a request let through before got an error status or no answer at all."""
TOO_LARGE = "document_too_large"
"""The same of a document that is larger than any that is handed on to a page."""
HINT_REFUSED = "hint_refused"
"""The same of what shared its connection with a read that was refused, such as one that early hints ask for."""
UNASKED = "unasked"
"""Rule of a request that the browser sent without asking: read where it is a GET that may leave, else refused."""
DISTINCT_MAX = 500
_RECENT_MAX = 4000
_PATH_MAX = 120
_LONG_SEGMENT = re.compile(r"[^/]{49,}")
"""No route of a service is that long; what is may be a token."""
_STANDARD_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT"})


class Log:
    """Every decision of one guard, in order: alike ones counted together, the latest one by one."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, bool]] = Counter()
        self._distinct: dict[RequestRecord, int] = {}
        self._recent: deque[RequestRecord] = deque(maxlen=_RECENT_MAX)
        self._total = 0
        self._truncated = False
        self._phases: dict[str, None] = {}
        self._writes: Counter[str] = Counter()
        self._addresses: dict[str, dict[str, None]] = {}
        self._lost: set[tuple[str, str, str]] = set()
        self.on_refused: Callable[[RequestRecord], None] = lambda _entry: None
        """Told of each entry of a refusal, as it is noted."""

    def enter(self, phase: Phase) -> None:
        """A phase begins."""
        self._phases[phase.value] = None

    def add(self, phase: Phase | None, request: Request, decision: Allow | Refuse) -> RequestRecord:
        """Note a decision; returns the entry as it will be shown."""
        allowed = isinstance(decision, Allow)
        entry = RequestRecord(
            phase=phase.value if phase else "",
            method=request.method if request.method in _STANDARD_METHODS else "other",
            host=request.host[:_PATH_MAX],
            path=_showable(request.path),
            rule=decision.rule if isinstance(decision, Allow) else decision.reason,
            allowed=allowed,
            operation=decision.operation,
        )
        self._counts[entry.phase, entry.rule, allowed] += 1
        if isinstance(decision, Allow) and not decision.reads:
            signs_in = entry.rule == "sign_in" and phase in {Phase.SESSION, Phase.LOGIN}
            files = entry.rule == SUBMIT and phase is Phase.ATTENDED
            self._writes[entry.rule if signs_in or files else ""] += 1
        self._keep(entry)
        if not allowed:
            self.on_refused(entry)
        return entry

    def answered(self, entry: RequestRecord, status: int, failure: str = ANSWER_FAILED) -> None:
        """Note where the answer to a request let through was an error, or where none came (0), and why."""
        if 0 < status < 400:
            return
        place = entry.method, entry.host, entry.path
        if not status and place in self._lost:
            self._lost.discard(place)
            failure = HINT_REFUSED
        self._keep(replace(entry, rule=failure))

    def lost(self, requests: Iterable[Request]) -> None:
        """Note requests whose connection ended because of another one on it."""
        self._lost = {(one.method, one.host[:_PATH_MAX], _showable(one.path)) for one in requests}

    def dialled(self, host: str, address: str) -> None:
        """Note the `ip:port` that a connection to a host went to."""
        self._addresses.setdefault(host, {})[address] = None

    @property
    def addresses(self) -> Mapping[str, tuple[str, ...]]:
        """Host → every `ip:port` that was dialled for it."""
        return {host: tuple(found) for host, found in sorted(self._addresses.items())}

    def _keep(self, entry: RequestRecord) -> None:
        self._total += 1
        self._recent.append(entry)
        if entry in self._distinct:
            self._distinct[entry] += 1
        elif len(self._distinct) < DISTINCT_MAX:
            self._distinct[entry] = 1
        else:
            self._truncated = True

    def mark(self) -> int:
        """A point in time, for `since`."""
        return self._total

    def since(self, mark: int) -> tuple[RequestRecord, ...]:
        """What was noted after that point, oldest first; the latest 4000 at most."""
        skip = max(0, len(self._recent) - max(0, self._total - mark))
        return tuple(islice(self._recent, skip, None))

    def record(self, self_test: str, connect_src: str = CONNECT_SRC) -> GuardRecord:
        """All of it, as evidence keeps it."""

        def counted(*, allowed: bool) -> tuple[RuleCount, ...]:
            kept = ((phase, rule, n) for (phase, rule, passed), n in sorted(self._counts.items()) if passed is allowed)
            return tuple(RuleCount(*one) for one in kept)

        return GuardRecord(
            writes_let_through=self._writes[""],
            sign_in_requests=self._writes["sign_in"],
            allowed=counted(allowed=True),
            blocked=counted(allowed=False),
            requests=tuple(replace(entry, count=count) for entry, count in self._distinct.items()),
            truncated=self._truncated,
            self_test=self_test,
            added_policy=f"Content-Security-Policy: {connect_src}",
            phases=tuple(self._phases),
            released=self._writes[SUBMIT],
        )


def _showable(path: str) -> str:
    """A path without what may be a token, and not longer than 120 characters."""
    return _LONG_SEGMENT.sub("…", path)[:_PATH_MAX]
