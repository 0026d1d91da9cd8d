"""The guard of one browser: what it is started with, the contexts it makes, and what it saw."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from automation.core.errors import BrowserLost, GuardBreach
from automation.guard.client_records import KeyLog, NoKeyError
from automation.guard.departures import Departures
from automation.guard.flags import guard_arguments, trusting
from automation.guard.interception import Interception
from automation.guard.judging import Judge
from automation.guard.policy import GuardPolicy
from automation.guard.request import Phase, failing_closed
from automation.guard.self_test import PASSED_EARLIER, TRIED_BY, certificate, trial_turn, tried
from automation.guard.tunnel import Tunnel, routes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Browser, BrowserContext, WebSocketRoute

    from automation.core.settings import OutgoingProxy

_SAFETY = ("ignore_https_errors", "http_credentials", "client_certificates")
_OWN_OPTIONS = frozenset({*_SAFETY, "proxy", "service_workers", "accept_downloads"})
_OTHER_BROWSER = "do not use this browser: set browser.path to another Chromium, and report what got out"
_NOT_UP = "start the browser with Guard.arguments(), then attach the guard before any context is made"
_DYING_S = 0.25
"""A dying browser loses its session a moment before it is known to be gone."""
_closing: set[asyncio.Task[None]] = set()
_PASSED: set[tuple[str, ...]] = set()  # browsers that passed the self-test in this process


class Guard(Judge):
    """
    Nothing leaves the browser but what the policy lets through; nothing at all after `sever`.

    One guard for one visit, one context at a time: the session phase and the check phase follow each other. A browser
    may serve several visits in turn: the guard of each takes over from the one before, which stays closed.

    Args:
        policy: what the service may be asked for.
        replica_map: host patterns to `address:port` of a stand-in; every other host is then unreachable.
        upstream_ok: without a map, whether real hosts may be dialled.
        proxy: through which real hosts are reached; None for the direct way.
    """

    def __init__(
        self,
        policy: GuardPolicy,
        *,
        replica_map: Mapping[str, str] | None = None,
        upstream_ok: bool = True,
        proxy: OutgoingProxy | None = None,
    ) -> None:
        super().__init__(policy)
        self._routes = routes_of(replica_map) if replica_map is not None else None
        self._upstream_ok, self._proxy = upstream_ok, proxy
        self._keys: KeyLog | None = None
        self._arguments: list[str] = []
        self._interception = Interception(self)
        self._browser: Browser | None = None
        self._tunnel: Tunnel | None = None
        self._context: BrowserContext | None = None
        self._noted_when_over: int | None = None
        self._lost: asyncio.Task[None] | None = None
        self.sockets: list[tuple[str, str]] = []  # host and path of each that a page wanted; none was opened

    def arguments(self, *pinned: str) -> list[str]:
        """
        The switches to start Chromium with; the browser must be started without a `proxy` of its own.

        Args:
            pinned: public keys of stand-ins, which the browser takes whoever vouches for them.
        """
        if not self._arguments:
            self._keys = KeyLog()
            self._arguments = [*guard_arguments(), self._keys.argument, trusting(certificate().spki, *pinned)]
        return self._arguments

    async def attach(self, browser: Browser) -> None:
        """
        Put the guard up on a browser without contexts, and try it.

        Raises:
            GuardBreach: it cannot be put up, or something got out in the self-test.
            BrowserLost: the browser died meanwhile.
        """
        if self._browser is not None or browser.contexts:
            raise GuardBreach("the guard must be put up once, before the first context", _NOT_UP)
        self._browser = browser
        missing, outcome = list[str](), "nothing was tried"
        with failing_closed(partial(self._failed, "the guard could not be put up")):
            session = await self._interception.start(browser)
            started_with = (await session.send("Browser.getBrowserCommandLine"))["arguments"]
            missing = [argument for argument in self.arguments() if argument not in started_with]
            outcome = f"it was started without {missing[0]}" if missing else await self._try(started_with)
        if outcome:
            self.fault(outcome)
            raise GuardBreach(f"the browser cannot be guarded: {outcome}", _OTHER_BROWSER if not missing else _NOT_UP)
        browser.on("disconnected", self._cut)

    async def take_over(self, earlier: Guard) -> bool:
        """
        Take over the browser of a visit that is over, with the interception that was never taken off.

        Returns:
            Whether it was taken over; where not, something is left of the visit, and the browser is to be ended.

        Raises:
            GuardBreach: this guard is up already.
        """
        if self._browser is not None or self._fault:
            raise GuardBreach("a guard can be put up once", _NOT_UP)
        if not await earlier.is_over():
            return False
        browser = earlier._ready()  # nothing is awaited from here on: no moment belongs to neither
        earlier._browser, self._browser = None, browser
        earlier._keys, self._keys = None, earlier._keys
        self._interception, earlier._interception = earlier._interception, Interception(earlier)
        self._interception.watch = self
        self._self_test = PASSED_EARLIER
        browser.remove_listener("disconnected", earlier._cut)
        browser.on("disconnected", self._cut)
        return True

    async def is_over(self, limit_s: float = 5.0) -> bool:
        """
        Whether the visit is over and the browser as empty as before it: another guard may relieve this one.

        Not so where a request came since it was asked before, or where the browser does not answer in time.
        """
        browser = self._browser
        if browser is None or self._fault or self._context is not None or browser.contexts:
            return False
        self.sever()
        noted = self._log.mark() if self._noted_when_over is None else self._noted_when_over
        empty = False
        with failing_closed(lambda _error: None):  # then the browser cannot vouch for itself
            async with asyncio.timeout(limit_s):
                empty = await self._interception.is_empty()
            self._noted_when_over = noted
        return empty and noted == self._log.mark() and not self._fault and browser.is_connected()

    async def _try(self, started_with: list[str]) -> str:
        """Run the self-test, once in a process for each browser; returns what got out."""
        kind = (started_with[0], self._ready().version)
        async with trial_turn():
            if kind in _PASSED:
                self._self_test = PASSED_EARLIER
                return ""
            try:
                outcome = await tried(self._on_trial)
            finally:
                self._interception.watch = self
            if not outcome:
                self._self_test = "passed"
                _PASSED.add(kind)
        return outcome and f"self-test: {outcome}"

    def _on_trial(self, replica_map: Mapping[str, str]) -> Guard:
        """A guard like this one at the same browser, for the self-test's own site; this one refuses everything."""
        trial: Guard = type(self)(GuardPolicy.parse(TRIED_BY), replica_map=replica_map)
        trial._browser, trial._keys, trial._interception = self._browser, self._keys, self._interception
        self._interception.watch = trial
        return trial

    async def new_context(self, phase: Phase, **options: Any) -> BrowserContext:
        """
        Open the context of a phase, with a tunnel of its own.

        Args:
            phase: what may leave from now on.
            options: as Playwright's `new_context` takes them, but for those that the guard sets itself.

        Raises:
            GuardBreach: the guard is not up, broken, or another context is still open.
            BrowserLost: the browser died.
        """
        browser = self._ready()
        taken = _OWN_OPTIONS.intersection(options)
        if taken:
            raise GuardBreach(f"the option {min(taken)!r} is the guard's own", "leave it out")
        self._tunnel = Tunnel(
            self._policy.hosts_in(phase),
            self._departures,
            routes=self._routes,
            note=self._note_connection,
            fault=self.fault,
            dialled=self._log.dialled,
            upstream_ok=self._upstream_ok,
            loopback=self._policy.loopback,
            proxy=self._proxy,
        )
        with failing_closed(partial(self._failed, "a guarded context could not be opened")):
            async with AsyncExitStack() as undo:
                undo.push_async_callback(self._abandon_context)
                await self._tunnel.open()
                context = self._context = await browser.new_context(
                    **options,
                    proxy={"server": self._tunnel.url, "bypass": "<-loopback>"},
                    service_workers="block",
                    accept_downloads=False,
                )
                # The context's own HTTP client passes by the interception: nobody may have it.
                await context.request.dispose()
                await context.route_web_socket("**", self._note_socket)
                undo.pop_all()
            self.begin(phase)
        return context

    def _departures(self) -> Departures:
        return Departures(self._secret, self.leaving, self.not_answered, self.not_left)

    async def _secret(self, kind: str, client_random: bytes) -> bytes:
        if self._keys is None:
            raise NoKeyError(kind)
        return await self._keys.secret(kind, client_random)

    async def _abandon_context(self) -> None:
        self.sever()
        if self._context is not None:
            await self.close_context(self._context)

    def _ready(self) -> Browser:
        if self._browser is None:
            raise GuardBreach("the guard is not up", _NOT_UP)
        if self._fault:
            raise GuardBreach(f"the guard is broken: {self._fault}", "start a new browser with a new guard")
        if self._context is not None:
            raise GuardBreach("a guarded context is still open", "close it with Guard.close_context first")
        return self._browser

    def _failed(self, what: str, error: Exception) -> NoReturn:
        """Close after a failure; raises `BrowserLost` where the browser is gone, else `GuardBreach`."""
        self.sever()
        if self._browser is not None and not self._browser.is_connected():
            raise BrowserLost(f"{what}: the browser is gone", "Try again.") from error
        self.fault(f"{what} ({type(error).__name__})")
        raise GuardBreach(f"{what}: {error}", _NOT_UP) from error

    async def close_context(self, context: BrowserContext) -> None:
        """Cut the tunnel, then close: what is held back has nowhere to go. Raises as `Interception.close` does."""
        self.sever()
        if self._lost is not None:
            await self._lost
        try:
            with failing_closed(self._not_closed):
                await self._interception.close(context)
        finally:
            if context is self._context:
                self._context = None
                self._interception.forget()

    def _not_closed(self, error: Exception) -> None:
        """A browser that is gone has taken its contexts with it."""
        if self._browser is not None and self._browser.is_connected():
            raise error

    def sever(self) -> None:
        """Cut everything now: no request passes, no connection stays, until the next context."""
        super().sever()
        if self._tunnel is not None:
            self._tunnel.sever()

    def _cut(self, _browser: object) -> None:
        """What the kernel still holds for a browser that is gone is thrown away."""
        self.sever()
        if self._keys is not None:
            self._keys.close()

    def lost(self) -> None:
        """Close, as the session is gone; a breach if the browser goes on without it."""
        self.sever()
        self._lost = asyncio.get_running_loop().create_task(self._breached_if_alive())

    async def _breached_if_alive(self) -> None:
        await asyncio.sleep(_DYING_S)
        if self._browser is not None and self._browser.is_connected():
            self.fault("the browser no longer asks about its requests")

    def _note_connection(self, host: str, outcome: str) -> None:
        if outcome not in {"opened", "unreachable"}:
            self._note("CONNECT", host, "", outcome)

    def _note_socket(self, socket: WebSocketRoute) -> None:
        """Note that a page opened a WebSocket; nothing is connected behind it."""
        address = urlsplit(socket.url)
        host = (address.hostname or "").lower()
        self.sockets.append((host, address.path or "/"))
        self._note("GET", host, address.path, "socket")
        end_once(socket)


def end_once(socket: WebSocketRoute) -> None:
    """
    Answer the first close of a page's socket, and no later one.

    Playwright tells each socket of a tab when the tab leaves any page, long after its own, and by default hands that
    on to the present page, twice: four messages for each page and each socket of all pages before it.
    """
    ended = False

    def by_page(code: int | None, reason: str | None) -> None:
        nonlocal ended
        if not ended:
            ended = True
            task = asyncio.ensure_future(socket.close(code=code, reason=reason))
            _closing.add(task)
            task.add_done_callback(_closing.discard)

    socket.on_close(by_page)
    with suppress(AttributeError):  # there is no public way to a server that is not connected to
        socket._impl_obj._server.on_close(lambda _code, _reason: None)  # noqa: SLF001
