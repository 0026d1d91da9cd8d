"""
A page of Playwright's under the guard, for tests of others: it can read a site and change nothing there.

Playwright's synchronous API, which pytest-playwright uses, runs an event loop of its own between the test's calls; the
guard runs on that loop. While the test computes, the loop stands, and so does every request that waits for a decision.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from playwright._impl._impl_to_api_mapping import API_ATTR
from playwright.async_api import Page as AsyncPage
from playwright.async_api import async_playwright
from playwright.sync_api import Page, Playwright

from automation.browser.pool import context_options, launched
from automation.guard import Guard, GuardPolicy, Phase

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Mapping

    from automation.core.records import GuardRecord
    from automation.core.settings import BrowserSettings

_Answer = TypeVar("_Answer")
KEPT_OPTIONS = frozenset(
    {"storage_state", "locale", "timezone_id", "viewport", "color_scheme", "user_agent", "is_mobile"}
)
"""Options of a context that cannot lead past the guard."""


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """A guarded page, and what its guard has seen so far."""

    page: Page
    guard: Guard

    @property
    def record(self) -> GuardRecord:
        """Every request so far, what was refused among them, and how many writes left: 0, or the guard was breached."""
        return self.guard.record()


@contextmanager
def read_only(
    playwright: Playwright, policy: Mapping[str, Any], browser: BrowserSettings, options: Mapping[str, Any]
) -> Iterator[ReadOnly]:
    """
    Open a page in a browser of its own that only lets through what the policy does.

    Args:
        playwright: as pytest-playwright's fixture of that name gives it.
        policy: as a service's `site.toml` has it: `hosts`, and what else may be asked for in `guard` (docs/guard.md).
        browser: which browser, and whether it has a window.
        options: of the context, such as `storage_state` or `locale`; nothing that could lead past the guard.

    Raises:
        FlowError: the policy cannot be used; its message says why.
        GuardBreach: the guard does not hold this browser.
    """
    parsed = GuardPolicy.parse({"guard": {}, **policy})
    guard = Guard(parsed, replica_map=dict(browser.replica_map) or None, proxy=browser.proxy)
    holding = _Holding(playwright, guard, browser, options)
    page = holding.begin()
    try:
        yield ReadOnly(page, guard)
    finally:
        holding.end()


class _Holding:
    """Holds browser and guard in a task on the loop of the synchronous API, while the test goes on."""

    def __init__(
        self, playwright: Playwright, guard: Guard, browser: BrowserSettings, options: Mapping[str, Any]
    ) -> None:
        self._playwright, self._guard, self._browser, self._options = playwright, guard, browser, options
        self._ended = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def begin(self) -> Page:
        """Start; a page of the synchronous API."""
        return _handed_over(self._run(self._begin()))

    def end(self) -> None:
        """Close everything."""
        self._run(self._end())

    def _run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        return self._playwright._sync(work)  # type: ignore[no-any-return]  # noqa: SLF001

    async def _begin(self) -> AsyncPage:
        ready: asyncio.Future[AsyncPage] = asyncio.get_running_loop().create_future()
        self._work = asyncio.ensure_future(self._hold(ready))
        waited: set[asyncio.Future[Any]] = {self._work, ready}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            await self._work  # which raises what went wrong
        return ready.result()

    async def _hold(self, ready: asyncio.Future[AsyncPage]) -> None:
        async with async_playwright() as playwright:
            connection = playwright._impl_obj._connection  # noqa: SLF001
            connection._dispatcher_fiber = self._playwright._dispatcher_fiber  # noqa: SLF001
            async with launched(playwright, self._browser, self._guard):
                context = await self._guard.new_context(Phase.CHECK, **{**context_options(), **self._options})
                ready.set_result(await context.new_page())
                await self._ended.wait()
                await self._guard.close_context(context)

    async def _end(self) -> None:
        self._ended.set()
        if self._work is not None:
            await self._work


def _handed_over(page: AsyncPage) -> Page:
    """The same page for the synchronous API; Playwright keeps one wrapper an object, and it was the other API's."""
    inner = page._impl_obj  # noqa: SLF001
    for owned in (inner, inner.main_frame, inner.context, inner.context.browser):
        if hasattr(owned, API_ATTR):
            delattr(owned, API_ATTR)
    return Page(inner)
