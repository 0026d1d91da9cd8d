"""A browser that is none: it records what the guard asks of it, and fails where it is told to."""

from __future__ import annotations

import asyncio
import base64
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.async_api import Browser

    from automation.guard import Guard


@contextmanager
def no_descriptors() -> Iterator[None]:
    """This process can open nothing more: no file, no socket, no port."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Failing:
    """Where to fail: the name of a step, and with what; or where a page never answers."""

    def __init__(self, step: str = "", error: BaseException | None = None, *, hangs: bool = False) -> None:
        self.step = step
        self.hangs = hangs
        self.error = error or RuntimeError("injected")
        self.reached: list[str] = []

    def at(self, step: str) -> None:
        """Every step of the fakes passes here."""
        self.reached.append(step)
        if step == self.step:
            raise self.error


class FakeSession:
    """A DevTools session: `sent` lists commands with their parameters."""

    def __init__(self, failing: Failing) -> None:
        self._failing = failing
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.listeners: dict[str, Callable[..., Any]] = {}
        self.arguments = ["/usr/bin/fake"]
        self.contexts: list[str] = []
        """What the browser says of contexts other than its own."""
        self.targets: list[dict[str, str]] = []
        """What it says of pages and workers."""
        self.meanwhile: Callable[[str], None] = lambda _command: None
        """Called while a command is answered."""
        self.pieces, self.endless = 1, False
        """How much of a document comes at once, and whether it never ends."""
        self.hangs = False
        """Whether no command is answered any more."""

    def on(self, event: str, listener: Callable[..., Any]) -> None:
        """Remember who listens."""
        self.listeners[event] = listener

    async def send(self, command: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Note the command; answer the two that are asked for something."""
        self._failing.at(command)
        if self.hangs:
            await asyncio.Event().wait()
        self.sent.append((command, parameters or {}))
        self.meanwhile(command)
        if command == "Browser.getBrowserCommandLine":
            return {"arguments": self.arguments}
        if command == "Target.getBrowserContexts":
            return {"browserContextIds": self.contexts, "defaultBrowserContextId": "own"}
        if command == "Target.getTargets":
            return {"targetInfos": self.targets}
        if command == "Fetch.takeResponseBodyAsStream":
            return {"stream": "1"}
        if command == "IO.read":
            return {
                "data": base64.b64encode(b"<p>hi" * self.pieces).decode(),
                "base64Encoded": True,
                "eof": not self.endless,
            }
        return {}


class FakeContext:
    """A context; also stands for its own HTTP client."""

    def __init__(self, failing: Failing, options: dict[str, Any]) -> None:
        self._failing = failing
        self.options = options
        self.closed = False
        self.request = self
        self.disposed = False

    async def dispose(self) -> None:
        """The HTTP client is put out of use."""
        self._failing.at("request.dispose")
        self.disposed = True

    async def route_web_socket(self, pattern: str, handler: Callable[..., Any]) -> None:
        """WebSockets are routed nowhere."""
        self._failing.at("route_web_socket")

    async def new_page(self) -> FakePage:
        """A page that does nothing."""
        self._failing.at("new_page")
        return FakePage(self._failing)

    async def close(self) -> None:
        """Close, once."""
        self._failing.at("context.close")
        self.closed = True


class FakePage:
    """A page on which every script returns 200."""

    def __init__(self, failing: Failing) -> None:
        self._failing = failing

    async def goto(self, address: str) -> None:
        """Go nowhere."""
        if self._failing.hangs:
            await asyncio.Event().wait()
        self._failing.at("goto")

    async def evaluate(self, script: str) -> int:
        """Run nothing."""
        self._failing.at("evaluate")
        return 200


class FakeBrowser:
    """A browser with one session; `made` lists its contexts."""

    version = "1.0"

    def __init__(self, failing: Failing | None = None) -> None:
        self.failing = failing or Failing()
        self.session = FakeSession(self.failing)
        self.made: list[FakeContext] = []
        self.contexts: list[Any] = []
        self.connected = True
        self.listeners: dict[str, Callable[..., Any]] = {}

    def started_by(self, guard: Guard) -> Browser:
        """As if it had been started with what this guard wants; for where a real browser is expected."""
        self.session.arguments = ["/usr/bin/fake", *guard.arguments()]
        return cast("Browser", self)

    def is_connected(self) -> bool:
        """Whether it lives."""
        return self.connected

    def on(self, event: str, listener: Callable[..., Any]) -> None:
        """Remember who listens."""
        self.listeners[event] = listener

    def remove_listener(self, event: str, listener: Callable[..., Any]) -> None:
        """Forget who listens; it must be the one that does."""
        assert self.listeners.pop(event) == listener

    async def new_browser_cdp_session(self) -> FakeSession:
        """The one session."""
        self.failing.at("new_browser_cdp_session")
        return self.session

    async def new_context(self, **options: Any) -> FakeContext:
        """A new context."""
        self.failing.at("new_context")
        self.made.append(FakeContext(self.failing, options))
        return self.made[-1]


def paused(
    method: str = "GET", url: str = "https://site.test/", *, kind: str = "XHR", number: int = 1, **more: Any
) -> dict[str, Any]:
    """A `Fetch.requestPaused` event; with `responseStatusCode` among `more` it tells of an answer."""
    return {
        "requestId": f"interception-job-{number}.0",
        "resourceType": kind,
        "request": {"method": method, "url": url, "headers": {"Cookie": "secret=1"}},
        **more,
    }
