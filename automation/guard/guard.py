"""The guard of one browser: what it is started with, the contexts it makes, and what it saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from automation.errors import GuardBreach
from automation.guard.flags import guard_arguments
from automation.guard.interception import Interception
from automation.guard.policy import LOCAL_SCHEMES, Policy, decide
from automation.guard.record import Log
from automation.guard.request import Allow, Phase, Refuse, Request
from automation.guard.self_test import SelfTest
from automation.guard.tunnel import Tunnel, routes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Browser, BrowserContext, WebSocketRoute

    from automation.evidence import GuardRecord, RequestRecord

_OWN_OPTIONS = frozenset(
    {
        "proxy",
        "service_workers",
        "ignore_https_errors",
        "http_credentials",
        "client_certificates",
        "accept_downloads",
    }
)
_PASSED: set[tuple[str, ...]] = set()
"""Browsers that passed the self-test in this process."""
_NOT_UP = "start the browser with Guard.arguments(), then attach the guard before any context is made"


class Guard:
    """
    Nothing leaves the browser but what the policy lets through; nothing at all after `sever`.

    One guard for one browser, one context at a time: the session phase and the check phase follow each other.

    Args:
        policy: what the service may be asked for.
        replica_map: host patterns to `address:port` of a stand-in; every other host is then unreachable.
        upstream_ok: without a map, whether real hosts may be dialled.
    """

    def __init__(
        self, policy: Policy, *, replica_map: Mapping[str, str] | None = None, upstream_ok: bool = True
    ) -> None:
        self._policy = policy
        self._routes = routes_of(replica_map) if replica_map is not None else None
        self._upstream_ok = upstream_ok
        self._log = Log()
        self._interception = Interception(self)
        self._browser: Browser | None = None
        self._tunnel: Tunnel | None = None
        self._context: BrowserContext | None = None
        self._phase: Phase | None = None
        self._locked = True
        self._fault = ""
        self._self_test = "not run"

    def arguments(self) -> list[str]:
        """The switches to start Chromium with; the browser must be started without a `proxy` of its own."""
        return guard_arguments()

    async def attach(self, browser: Browser) -> None:
        """
        Put the guard up on a browser without contexts, and try it.

        Raises:
            GuardBreach: if it cannot be put up, or something gets out in the self-test.
        """
        if self._browser is not None or browser.contexts:
            raise GuardBreach("the guard must be put up once, before the first context", _NOT_UP)
        try:
            session = await self._interception.start(browser)
            started_with = (await session.send("Browser.getBrowserCommandLine"))["arguments"]
        except Exception as error:
            raise GuardBreach(f"the guard could not be put up: {error}", _NOT_UP) from error
        missing = [argument for argument in self.arguments() if argument not in started_with]
        if missing:
            raise GuardBreach(f"the browser was started without {missing[0]}", _NOT_UP)
        await self._try(browser, started_with)
        self._browser = browser
        session.on("close", lambda _: self._session_lost())
        browser.on("disconnected", lambda _: self.sever())

    async def _try(self, browser: Browser, started_with: list[str]) -> None:
        """Run the self-test, once in a process for each browser and its switches."""
        kind = (started_with[0], browser.version, *self.arguments())
        if kind in _PASSED:
            self._self_test = "passed earlier in this process, with this browser"
            return
        trial = SelfTest()
        self._interception.watch = trial
        try:
            outcome = await trial.run(browser)
        finally:
            self._interception.watch = self
            self._interception.forget()
        if outcome:
            self.fault(f"self-test: {outcome}")
            raise GuardBreach(
                f"the guard's self-test failed: {outcome}", "use another browser; `temoin doctor` shows what is found"
            )
        self._self_test = "passed"
        _PASSED.add(kind)

    async def new_context(self, phase: Phase, **options: Any) -> BrowserContext:
        """
        Open the context of a phase, with a tunnel of its own.

        Args:
            phase: what may leave from now on.
            options: as Playwright's `new_context` takes them, but for those that the guard sets itself.

        Raises:
            GuardBreach: if the guard is not up, broken, or another context is still open.
        """
        browser = self._ready()
        refused = _OWN_OPTIONS.intersection(options)
        if refused:
            raise GuardBreach(f"the option {min(refused)!r} is the guard's own", "leave it out")
        tunnel = Tunnel(self._policy.hosts, routes=self._routes, note=self._note_tunnel, upstream_ok=self._upstream_ok)
        self._tunnel = tunnel
        try:
            await tunnel.open()
            context = await browser.new_context(
                **options,
                proxy={"server": tunnel.url, "bypass": "<-loopback>"},
                service_workers="block",
                accept_downloads=False,
            )
            self._context = context
            # The context's own HTTP client passes by the interception: nobody may have it.
            await context.request.dispose()
            await context.route_web_socket("**", self._note_socket)
        except BaseException:
            self.sever()
            if self._context is not None:
                await self.close_context(self._context)
            raise
        self._phase = phase
        self._locked = False
        self._log.enter(phase)
        return context

    def _ready(self) -> Browser:
        if self._browser is None:
            raise GuardBreach("the guard is not up", _NOT_UP)
        if self._fault:
            raise GuardBreach(f"the guard is broken: {self._fault}", "start a new browser with a new guard")
        if self._context is not None:
            raise GuardBreach("a guarded context is still open", "close it with Guard.close_context first")
        return self._browser

    async def close_context(self, context: BrowserContext) -> None:
        """Cut the tunnel, then close: closing alone would release what is held back."""
        self.sever()
        try:
            await context.close()
        finally:
            if context is self._context:
                self._context = None
                self._interception.forget()

    def sever(self) -> None:
        """Cut everything now: no request passes, no connection stays, until the next context."""
        self._locked = True
        if self._tunnel is not None:
            self._tunnel.sever()

    @property
    def breached(self) -> bool:
        """Whether something left that should not have, or the guard cannot say that nothing did."""
        return bool(self._fault)

    def record(self) -> GuardRecord:
        """What was let through and what was stopped, up to now."""
        return self._log.record(self._fault or self._self_test)

    def mark(self) -> int:
        """A point in time, for `since`."""
        return self._log.mark()

    def since(self, mark: int) -> tuple[RequestRecord, ...]:
        """What was decided after that point, oldest first; failed answers as entries of their own."""
        return self._log.since(mark)

    def decide(self, request: Request) -> tuple[Allow | Refuse, RequestRecord]:
        """Decide about a request of the browser, and note it."""
        phase = self._phase
        decision: Allow | Refuse = Refuse("locked")
        if phase is not None and (not self._locked or request.scheme in LOCAL_SCHEMES):
            decision = decide(self._policy, phase, request)
        return decision, self._log.add(phase, request, decision)

    def failed(self, entry: RequestRecord) -> None:
        """Note that an allowed request got an error or no answer."""
        self._log.add_failed(entry)

    def leaked(self, request: Request) -> None:
        """An answer came to a request that was never let through: the guard does not hold."""
        self._log.add_leak(self._phase, request)
        self.fault(f"{request.method} to {request.host} left without being asked about")

    def fault(self, what: str) -> None:
        """Close for good."""
        self._fault = self._fault or what
        self.sever()

    def _session_lost(self) -> None:
        self.sever()
        if self._browser is not None and self._browser.is_connected():
            self.fault("the browser no longer asks about its requests")

    def _note_tunnel(self, host: str, outcome: str) -> None:
        if outcome not in {"opened", "unreachable"}:
            self._note("CONNECT", host, "", outcome)

    def _note_socket(self, socket: WebSocketRoute) -> None:
        """A page opened a WebSocket; it is left without a server, and believes what it likes."""
        address = urlsplit(socket.url)
        self._note("GET", (address.hostname or "").lower(), address.path, "socket")

    def _note(self, method: str, host: str, path: str, reason: str) -> None:
        self._log.add(self._phase, Request(method=method, host=host, path=path), Refuse(reason))
