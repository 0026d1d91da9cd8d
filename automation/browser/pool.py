"""The browsers of a run: started under guard, lent to one visit after the other, ended when one is not as it was."""

from __future__ import annotations

import asyncio
import platform
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from playwright.async_api import Browser, Error, Playwright

from automation import __version__
from automation.browser.environment.record import ci_of
from automation.browser.finder import FoundBrowser, look_for_browser
from automation.browser.hidden_screen import HiddenScreen
from automation.browser.start import start
from automation.core.errors import BrowserLost, CheckError
from automation.core.records import Environment
from automation.guard import Guard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping

    from automation.core.settings import BrowserSettings

_LAST_WORDS_S = 0.1
_MOST_HEARINGS = 10
_CLOSING_S = 15.0
_TUNNEL = (
    "in-process tunnel on the loopback address, which reads what is sent and changes nothing"  # untold: for the record
)
MOST_VISITS = 20
"""After so many a browser is ended, whatever its state: what it gathers unseen must not grow with the run."""
VIEWPORT = {"width": 1280, "height": 900}
_CONTEXT: Mapping[str, Any] = {
    "viewport": VIEWPORT,
    "device_scale_factor": 1,
    "color_scheme": "light",
    "reduced_motion": "reduce",
}


def context_options(**more: Any) -> dict[str, Any]:
    """How every context looks: pinned, so that the same page gives the same picture."""
    return {**_CONTEXT, **more}


@dataclass(slots=True)
class _Kept:
    """One browser, and the guard of its latest visit."""

    browser: Browser
    environment: Environment
    guard: Guard
    visits: int = 1


class Browsers:
    """
    The browsers of one run; all of them are gone once it is left (`async with`).

    Each serves one visit at a time, in contexts of that visit's own and under its own guard. It serves another one only
    if the guard finds it as empty as before, and never after a fault, a crash, or a visit that was broken off.

    Args:
        playwright: the driver.
        settings: which browser, and how it is started.
        most_visits: how many a browser serves. One with a window serves one: its person sees it come and go.
        found: by `look_for_browser`; None looks for one when it is wanted.
    """

    def __init__(
        self,
        playwright: Playwright,
        settings: BrowserSettings,
        *,
        most_visits: int = MOST_VISITS,
        found: Awaitable[FoundBrowser] | None = None,
    ) -> None:
        self._playwright, self._settings = playwright, settings
        self._found = found
        self._most_visits = most_visits if settings.headless else 1
        self._idle: list[_Kept] = []
        self._screen: HiddenScreen | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_end(kept.browser) for kept in idle))
        if self._screen is not None:
            self._screen.stop()

    @asynccontextmanager
    async def borrowed(
        self, guard: Guard, like: BrowserSettings | None = None
    ) -> AsyncIterator[tuple[Browser, Environment]]:
        """
        A browser for one visit, with its guard up.

        Args:
            guard: of that visit.
            like: settings of its own for this visit, whose window is kept out of the way; such a browser serves one.

        Raises:
            BrowserNotFound: none is there, or the one that is does not start.
            GuardBreach: the guard could not be put up.
        """
        if like is not None:
            kept = await self._out_of_the_way(guard, like)
        else:
            kept = await self._taken_over(guard) or await self._started(guard)
        orderly = False
        try:
            yield kept.browser, kept.environment
            orderly = True
        except CheckError as error:
            orderly = not isinstance(error, BrowserLost)
            raise
        finally:
            guard.sever()
            if like is None and orderly and kept.visits < self._most_visits and await visit_is_over(guard):
                self._idle.append(kept)
            else:
                await _end(kept.browser)

    async def _taken_over(self, guard: Guard) -> _Kept | None:
        while self._idle:
            kept = self._idle.pop()
            if await guard.take_over(kept.guard):
                kept.guard = guard
                kept.visits += 1
                return kept
            await _end(kept.browser)
        return None

    @property
    def has_hidden_screen(self) -> bool:
        """Whether windows that are kept out of the way are on a screen that nobody sees."""
        return self._screen is not None

    async def _out_of_the_way(self, guard: Guard, like: BrowserSettings) -> _Kept:
        """A browser with a window of its own, on a screen that nobody sees where there is one."""
        if self._screen is None:
            self._screen = await HiddenScreen.start()
        variables = {"DISPLAY": self._screen.display} if self._screen else {}
        return await self._start(guard, like, await look_for_browser(like), variables)

    async def _started(self, guard: Guard) -> _Kept:
        found = await (self._found or look_for_browser(self._settings))
        return await self._start(guard, self._settings, found, {})

    async def _start(
        self, guard: Guard, settings: BrowserSettings, found: FoundBrowser, variables: Mapping[str, str]
    ) -> _Kept:
        arguments = guard.arguments(*settings.replica_spki)
        browser = await start(
            self._playwright,
            found,
            variables,
            headless=settings.headless,
            handle_sigint=False,  # Ctrl-C ends visits one by one, not their browsers
            slow_mo=settings.slow_mo_ms or None,
            args=arguments,
        )
        async with AsyncExitStack() as undo:
            undo.push_async_callback(_end, browser)
            undo.callback(guard.sever)
            await guard.attach(browser)
            undo.pop_all()
        return _Kept(browser, environment(found, browser.version, arguments, settings), guard)


@asynccontextmanager
async def launched(
    playwright: Playwright, settings: BrowserSettings, guard: Guard
) -> AsyncIterator[tuple[Browser, Environment]]:
    """A browser for one visit alone, as `Browsers.borrowed` gives it; both are gone afterwards, whatever happens."""
    async with Browsers(playwright, settings, most_visits=1) as browsers, browsers.borrowed(guard) as borrowed:
        yield borrowed


async def visit_is_over(guard: Guard) -> bool:
    """
    Whether a visit is over, once its pages' last requests were heard.

    Chromium tells of what a page sends as it goes up to some hundredths of a second after its context is closed (30 to
    50 ms seen). All of it is refused; a browser that asks for something after that is not used again.
    """
    heard = -1
    for _ in range(_MOST_HEARINGS):
        if heard == guard.mark():
            break
        heard = guard.mark()
        await asyncio.sleep(_LAST_WORDS_S)
    return await guard.is_over()


async def _end(browser: Browser) -> None:
    with suppress(Error, TimeoutError):  # it may have died before, or hang: its process ends with the driver
        async with asyncio.timeout(_CLOSING_S):
            await browser.close()


def environment(found: FoundBrowser, version: str, arguments: list[str], settings: BrowserSettings) -> Environment:
    """On what the visit is made."""
    return Environment(
        temoin=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        browser=f"Chromium {version}",
        browser_path=found.path.name if found.path else (found.channel or ""),
        browser_source=found.source,
        arguments=tuple(argument for argument in arguments if not argument.startswith("--ssl-key-log-file=")),
        sandbox=found.sandbox,
        viewport=f"{VIEWPORT['width']}×{VIEWPORT['height']} at scale 1",  # untold: for the record
        time_zone="UTC",
        proxy=_TUNNEL if settings.proxy is None else f"{_TUNNEL}, through an outgoing proxy",  # untold: for the record
        stand_in=bool(settings.replica_map),
        ci=bool(ci_of()),
    )
