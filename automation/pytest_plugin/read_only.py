"""
A page of Playwright's under the guard, for tests of others: it can read a site and change nothing there.

Playwright's synchronous API, which pytest-playwright uses, runs an event loop of its own between the test's calls; the
guard runs on that loop. While the test computes, the loop stands, and so does every request that waits for a decision.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from playwright._impl._impl_to_api_mapping import API_ATTR
from playwright.async_api import Page as AsyncPage
from playwright.async_api import async_playwright
from playwright.sync_api import Error, Page, Playwright

from automation.browser.pool import Browsers, context_options
from automation.core.errors import TemoinError
from automation.core.records import RequestRecord
from automation.guard import Guard, Phase
from automation.guard.own_policy import OwnPolicy
from automation.guard.request import READING

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Mapping

    from automation.core.records import GuardRecord
    from automation.core.settings import BrowserSettings

_Answer = TypeVar("_Answer")
KEPT_OPTIONS = frozenset(
    {"storage_state", "locale", "timezone_id", "viewport", "color_scheme", "user_agent", "is_mobile", "base_url"}
)
"""Options of a context that cannot lead past the guard."""
_ACTS = frozenset(
    {"blur", "check", "click", "dblclick", "dispatchEvent", "dragAndDrop", "evaluateExpression",
     "evaluateExpressionHandle", "fill", "focus", "goBack", "goForward", "goto", "hover", "keyboardDown",
     "keyboardInsertText", "keyboardPress", "keyboardType", "keyboardUp", "mouseClick", "mouseDown", "mouseMove",
     "mouseUp", "press", "reload", "selectOption", "selectText", "setContent", "setInputFiles", "tap", "touchscreenTap",
     "type", "uncheck"}
)  # fmt: skip
"""Messages to Playwright's driver after which a page may send something."""
_QUIET_S = 0.05
"""So long after the last request the test is over: what a press at its end sends comes within some milliseconds."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A request that the guard stopped."""

    entry: RequestRecord
    place: str
    """File and line of the test's latest act before it; empty where there was none."""

    def __str__(self) -> str:
        one = self.entry
        host = one.host if one.rule == "host_not_listed" else ""
        said = f"{one.method} {host}{one.path} ({one.rule})"
        return f"{said}, pressed at {self.place}" if self.place else said

    def fits(self, expected: str) -> bool:
        """Whether it is what a marker names: `POST /save`, `GET stats.example/*`."""
        one = self.entry
        return any(fnmatchcase(f"{one.method} {where}", expected) for where in (one.path, one.host + one.path))


class ReadOnly:
    """A guarded page, and what its guard has seen so far."""

    def __init__(self, browsers: SharedBrowsers, guard: Guard, policy: OwnPolicy, test: pytest.Item) -> None:
        self._browsers, self._guard, self._policy, self._test = browsers, guard, policy, test
        self.page: Page
        self.stops: list[Stop] = []
        self._place = ""
        guard.tell(self._stopped)

    @property
    def record(self) -> GuardRecord:
        """Every request so far, what was refused among them, and how many writes left: 0, or the guard was breached."""
        return self._guard.record()

    def acted(self) -> None:
        """Note from which line of the test the driver is told something."""
        frame = getattr(asyncio.current_task(), "__pw_caller_frame__", None)
        while frame is not None and frame.f_code.co_filename != str(self._test.path):
            frame = frame.f_back
        if frame is not None:
            self._place = f"{self._test.path.name}:{frame.f_lineno}"

    def _stopped(self, entry: RequestRecord) -> None:
        after_the_end = entry.rule == "locked" and entry.method in {*READING, "CONNECT"}
        if not after_the_end and entry.rule != "telemetry" and not self._policy.is_bystander(entry.host):
            self.stops.append(Stop(entry, self._place))

    @contextmanager
    def judging(self) -> Iterator[None]:
        """
        The test's own part: it fails where something was stopped that it did not expect, and where nothing of that was.

        A page that was not reached makes an error of Playwright's; what the guard stopped says more, in one line.
        """
        failed: Error | None = None
        try:
            yield
        except Error as error:
            failed = error
        self._browsers.run(self._guard.until_quiet(_QUIET_S))
        self.fail_for_unexpected()
        if failed is not None:
            raise failed
        for expected in self._expected():
            if not any(stop.fits(expected) for stop in self.stops):
                raise _failed(f"The guard was to stop {expected!r}, and nothing of it was sent.")

    def fail_for_unexpected(self) -> None:
        """Fail the test for what was stopped and is not named by its marker."""
        expected = self._expected()
        unexpected = [stop for stop in self.stops if not any(map(stop.fits, expected))]
        if unexpected:
            first = unexpected[0]
            more = f" and {len(unexpected) - 1} more" if len(unexpected) > 1 else ""
            marker = f'@pytest.mark.read_only_stops("{first.entry.method} {first.entry.path}")'
            raise _failed(
                f"the guard stopped: {first}{more}\n  → if the test means it: {marker}; else docs/read-only-tests.md"
            ) from None

    def _expected(self) -> list[str]:
        return [text for marker in self._test.iter_markers("read_only_stops") for text in marker.args]


class SharedBrowsers:
    """
    The guarded browsers of one session of pytest, one for all tests with the same settings.

    Args:
        playwright: as pytest-playwright's fixture of that name gives it.
    """

    def __init__(self, playwright: Playwright) -> None:
        self._playwright, self._open = playwright, AsyncExitStack()
        self._driver: Any = None
        self._kept: list[tuple[BrowserSettings, Browsers]] = []
        self.present: ReadOnly | None = None

    def run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        """Run it on the loop of the synchronous API."""
        return self._playwright._sync(work)  # type: ignore[no-any-return]  # noqa: SLF001

    def close(self) -> None:
        """End them."""
        self.run(self._open.aclose())

    async def of(self, settings: BrowserSettings) -> Browsers:
        """Those with these settings."""
        if self._driver is None:
            self._driver = await self._open.enter_async_context(async_playwright())
            connection = self._driver._impl_obj._connection  # noqa: SLF001
            connection._dispatcher_fiber = self._playwright._dispatcher_fiber  # noqa: SLF001
            tell = connection.send_message_to_server

            def told(owner: Any, method: str, *rest: Any) -> Any:
                if method in _ACTS and self.present is not None:
                    self.present.acted()
                return tell(owner, method, *rest)

            connection.send_message_to_server = told
        found = next((browsers for kept, browsers in self._kept if kept == settings), None)
        if found is None:
            found = await self._open.enter_async_context(Browsers(self._driver, settings))
            self._kept.append((settings, found))
        return found


@contextmanager
def read_only(
    browsers: SharedBrowsers,
    written: Mapping[str, Any],
    settings: BrowserSettings,
    options: Mapping[str, Any],
    test: pytest.Item,
) -> Iterator[ReadOnly]:
    """
    Open a page in a context of its own that only lets through what the policy does; errors are a few lines.

    Args:
        browsers: of the session.
        written: `hosts`, and what else may be asked for (docs/read-only-tests.md).
        settings: which browser, and whether it has a window.
        options: of the context, such as `storage_state` or `locale`; nothing that could lead past the guard.
        test: whose page it is.
    """
    opened = AsyncExitStack()
    try:
        policy = OwnPolicy.of(written, "read_only_policy")
        guard = Guard(policy, replica_map=dict(settings.replica_map) or None, proxy=settings.proxy)
        watched = browsers.present = ReadOnly(browsers, guard, policy, test)
        watched.page = _handed_over(browsers.run(_page(browsers, guard, settings, options, opened)))
    except TemoinError as error:
        browsers.run(opened.aclose())
        raise _failed(str(error)) from None
    try:
        yield watched
    finally:
        before = len(watched.stops)
        browsers.run(opened.aclose())
        browsers.present = None
    if guard.breached:
        raise _failed(f"the guard does not hold: {guard.record().self_test}")
    if len(watched.stops) > before:
        watched.fail_for_unexpected()


async def _page(
    browsers: SharedBrowsers,
    guard: Guard,
    settings: BrowserSettings,
    options: Mapping[str, Any],
    opened: AsyncExitStack,
) -> AsyncPage:
    await opened.enter_async_context((await browsers.of(settings)).borrowed(guard))
    context = await guard.new_context(Phase.CHECK, **{**context_options(), **options})
    opened.push_async_callback(guard.close_context, context)
    return await context.new_page()


def _failed(text: str) -> BaseException:
    """A test's failure that is told by its text alone."""
    return pytest.fail.Exception(text, pytrace=False)


def _handed_over(page: AsyncPage) -> Page:
    """The same page for the synchronous API; Playwright keeps one wrapper an object, and it was the other API's."""
    inner = page._impl_obj  # noqa: SLF001
    for owned in (inner, inner.main_frame, inner.context, inner.context.browser):
        if hasattr(owned, API_ATTR):
            delattr(owned, API_ATTR)
    return Page(inner)
