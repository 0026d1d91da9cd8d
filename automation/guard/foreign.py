"""
The guard around a context that somebody else made: any script of Playwright's, synchronous or not, or over CDP.

There is no tunnel and there are no switches: it holds what the interception is asked about, in the whole browser, and
the header ends sockets; a receipt names the rest. The one code serves both of Playwright's interfaces: it is
written for the asynchronous one, and the synchronous one runs it on the event loop that it has of its own.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from automation import __version__
from automation.core.errors import FlowError, GuardBreach
from automation.core.receipts import Mode, Receipt, Way
from automation.guard.decision import LOCAL_SCHEMES
from automation.guard.interception import Interception
from automation.guard.judging import Judge
from automation.guard.measuring import Trial, measured
from automation.guard.own_policy import OwnPolicy
from automation.guard.policy import GuardPolicy
from automation.guard.record import ANSWER_FAILED, CONNECT_SRC, HINT_REFUSED, TOO_LARGE
from automation.guard.request import READING, Allow, Phase, Refuse, Request
from automation.guard.self_test import PASSED_EARLIER, trial_turn

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from playwright.async_api import Browser, BrowserContext, Frame, Page
    from playwright.sync_api import BrowserContext as SyncContext

    from automation.core.records import RequestRecord
    from automation.guard.judging import Decided

_QUIET_S = 0.1
"""How long nothing may be asked for until the block is over."""
_KEPT_MAX = 1000
_OTHER_BROWSER = (
    "Take a Chromium that reaches 127.0.0.1 of this machine without a proxy, or the fixture read_only_page."
)
_HELD_WITH_PARENT = "does not have a separate CDP session"  # untold: Playwright's words; it has no code for that
_NO_DECISION = frozenset({ANSWER_FAILED, TOO_LARGE, HINT_REFUSED, "local"})
_MEASURED: WeakKeyDictionary[Any, tuple[Way, ...]] = WeakKeyDictionary()  # browsers that were tried in this process


def read_only(
    context: BrowserContext | SyncContext, policy: Mapping[str, Any] | str | Path, *, posts: bool = True
) -> ReadOnly:
    """
    A guard around a context, and the whole browser that it is in: `async with`, or `with` for the synchronous API.

    Args:
        context: of Chromium, however it came about.
        policy: the path of a `site.toml`; or the keys `hosts`, `posts`, `writes`, `guard` (docs/read-only-anywhere.md).
        posts: whether the POSTs that the policy names as reads may leave; else GET and HEAD alone.

    Raises:
        FlowError: the policy cannot be used.
    """
    if isinstance(policy, Mapping):
        written = json.dumps(policy, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
        return ReadOnly(context, OwnPolicy.of(policy, "policy"), hashlib.sha256(written.encode()).hexdigest(), posts)
    path = Path(policy)
    try:
        content = path.read_bytes()
        found = GuardPolicy.parse(tomllib.loads(content.decode()), path.name)
    except (OSError, ValueError) as error:
        raise FlowError(
            f"{path.name}: cannot be read ({type(error).__name__})", "Name a service's site.toml."
        ) from None
    return ReadOnly(context, found, hashlib.sha256(content).hexdigest(), posts)


class ReadOnly(Judge):
    """What `read_only` gives: a guard while its block lasts, and its receipt then and afterwards."""

    def __init__(self, context: BrowserContext | SyncContext, policy: GuardPolicy, digest: str, posts: bool) -> None:
        super().__init__(policy)
        self._given, self._digest, self._posts = context, digest, posts
        self._browser: Browser
        self._version = ""
        self._interceptions: list[Interception] = []
        self._session_over = False
        self._trial: Trial | None = None
        self._asked: dict[tuple[object, ...], Decided] = {}
        self._ways: tuple[Way, ...] = ()
        self._before: Mapping[str, int] = {}
        self._begun_at = datetime.now(UTC)
        self._ended_at: datetime | None = None
        self._left_open = 0

    # -- the block ------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        if hasattr(self._given, "_sync"):
            raise TypeError("a context of the synchronous API is guarded by `with`, not by `async with`")
        await self._enter()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self._leave(failed=kind is not None)

    def __enter__(self) -> Self:
        if not hasattr(self._given, "_sync"):
            raise TypeError("a context of the asynchronous API is guarded by `async with`, not by `with`")
        self._given._sync(self._enter())  # noqa: SLF001
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._given._sync(self._leave(failed=kind is not None))  # type: ignore[union-attr]  # noqa: SLF001

    async def _enter(self) -> None:
        from playwright.async_api import Browser  # noqa: PLC0415 - whoever made the context has it

        inner: Any = self._given._impl_obj  # noqa: SLF001 - the same object behind either interface
        if self._interceptions or inner.browser is None:
            raise GuardBreach(
                "this context cannot be guarded", "Open a guard for each block, around a context of Chromium."
            )
        self._browser = Browser(inner.browser)
        self._version = self._browser.version
        outcome = ""
        try:
            async with trial_turn():
                known = _MEASURED.get(inner.browser)
                if known is None:
                    outcome, self._ways = await measured(self._browser, self._put_up)
                else:
                    self._ways = known
                    await self._put_up()
            self._trial = None
            # A client of its own, which no page has and nobody is asked about.
            await inner.request.dispose(None)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no guard
            outcome = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        if outcome:
            self.fault(outcome)
            await self._take_off()
            raise GuardBreach(f"the context cannot be guarded: {outcome}", _OTHER_BROWSER)
        self._self_test = "passed" if known is None else PASSED_EARLIER
        _MEASURED[inner.browser] = self._ways

    async def _put_up(self, trial: Trial | None = None) -> None:
        interception = Interception(self)
        self._interceptions.append(interception)
        session = await interception.start(self._browser)
        session.on("close", self._closed)
        self._trial = trial
        self.begin(Phase.CHECK)
        targets = (await session.send("Target.getTargets"))["targetInfos"]
        own = trial.hosts if trial is not None else ()
        self._before = Counter(each["type"] for each in targets if not any(host in each["url"] for host in own))
        for page in self._pages():
            await self._hold(page)

    def _pages(self) -> list[Page]:
        return [page for context in self._browser.contexts for page in context.pages]

    async def _hold(self, page: Page) -> None:
        """Ask about the requests of a page that is open: the browser asks about those of later documents alone."""
        from playwright.async_api import BrowserContext, Frame  # noqa: PLC0415

        context = BrowserContext(page.context._impl_obj)  # noqa: SLF001
        places: tuple[Page | Frame, ...] = (page, *page.frames[1:])
        for place in places:
            interception = Interception(self)
            try:
                await interception.hold(await context.new_cdp_session(place))
            except Exception as error:  # what is gone asks for nothing; a frame of the page's process is held with it
                gone = page.is_closed() or (isinstance(place, Frame) and place.is_detached())
                if not gone and (place is page or _HELD_WITH_PARENT not in str(error)):
                    raise
            else:
                self._interceptions.append(interception)

    def _closed(self, _session: object) -> None:
        self._session_over = True

    async def _leave(self, *, failed: bool) -> None:
        await self.until_quiet(_QUIET_S)
        connected = self._browser.is_connected()
        if connected and self._session_over:
            self.fault("the browser no longer asks about its requests")
        self._left_open = len(self._pages()) if connected else 0
        await self._take_off()
        self.sever()
        self._ended_at = datetime.now(UTC)
        if self.breached and not failed:
            raise GuardBreach(
                f"the guard does not hold: {self._fault}", "Believe nothing of what was read in this block."
            )

    async def _take_off(self) -> None:
        for interception in reversed(self._interceptions):
            with suppress(Exception):  # a page or a browser that is gone took its session with it
                await interception.release()

    # -- each request ---------------------------------------------------------------------------------------

    def decide(self, request: Request) -> Decided | Awaitable[Decided]:
        """Decide, and note it; a page that was open before is asked about twice, and noted once."""
        if self._trial is not None and request.host in self._trial.hosts:
            return self._trial.decide(request)
        asked = (request.network, request.method, request.host, request.path, request.query, request.body)
        if request.network and asked in self._asked:
            return self._asked[asked]
        decided = super().decide(request)
        if isinstance(decided, tuple) and isinstance(decided[0], Allow):  # what was refused is not asked about again
            if len(self._asked) > _KEPT_MAX:
                self._asked.clear()
            self._asked[asked] = decided
        return decided

    def _decision(self, request: Request) -> Allow | Refuse:
        decision = super()._decision(request)
        named = isinstance(decision, Allow) and request.method not in READING and request.scheme not in LOCAL_SCHEMES
        return Refuse("write") if named and not self._posts else decision

    def lost(self) -> None:
        """A page that closes takes its session with it; that the browser's own is over is noted by `_closed`."""

    @property
    def connect_src(self) -> str:
        """The policy that is added to documents and workers, so that they open no socket."""
        return f"{CONNECT_SRC} http:"

    # -- what it says ---------------------------------------------------------------------------------------

    @property
    def stopped(self) -> tuple[RequestRecord, ...]:
        """What was stopped so far, alike ones counted together."""
        return tuple(entry for entry in self.record().requests if not entry.allowed)

    @property
    def receipt(self) -> Receipt:
        """The receipt as of now; the whole one after the block."""
        seen, policy = self.record(), self._policy
        names = bool(policy.named_posts or policy.guard.read_paths or policy.guard.operations)
        left = (entry for entry in seen.requests if entry.allowed and entry.rule not in _NO_DECISION)
        return Receipt(
            temoin=__version__,
            browser=self._version,
            begun_at=self._begun_at,
            ended_at=self._ended_at,
            mode=Mode.POSTS_BY_NAME if self._posts and names else Mode.READS_ONLY,
            policy_sha256=self._digest,
            hosts=policy.hosts.texts,
            self_test=seen.self_test,
            writes_let_through=seen.writes_let_through,
            allowed=seen.allowed,
            blocked=seen.blocked,
            let_through_by_name=tuple(entry for entry in left if entry.method not in READING),
            stopped=self.stopped,
            truncated=seen.truncated,
            ways=self._ways,
            before=dict(self._before),
            pages_left_open=self._left_open,
            added_policy=seen.added_policy,
        )
