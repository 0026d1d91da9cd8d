"""Getting a browser: from Playwright, else from the system's packages. Does nothing where one works already."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from automation.cli.shared.installing import Apt, NobodyToAsk, Offer, Shell

if TYPE_CHECKING:
    from automation.browser.environment.machine import Machine
    from automation.browser.finder import FoundBrowser
    from automation.core.settings.browser import BrowserSettings
    from automation.text.language import Language

PACKAGES = ("chromium-headless-shell", "chromium")
_PATIENCE_MS = 10_000
"""How long Playwright waits for its server, which it asks five times."""
Working = Callable[["BrowserSettings", "Machine"], "FoundBrowser"]


class Start(Protocol):
    """Really starts a browser that was found; raises BrowserNotFound where it does not start."""

    def __call__(self, found: FoundBrowser, *, headless: bool) -> object:
        """Start and end it."""


def working(settings: BrowserSettings, machine: Machine, *, start: Start) -> FoundBrowser:
    """
    A browser that was found and really started.

    Raises:
        BrowserNotFound: there is none.
    """
    from automation.browser.finder import find_browser

    found = find_browser(settings, machine)
    start(found, headless=settings.headless)
    return found


def get_browser(settings: BrowserSettings, machine: Machine, shell: Shell, *, check: Working) -> FoundBrowser:
    """
    Make sure that a browser works; where none does, offer to install one.

    Args:
        settings: a browser named there is never replaced by another.
        machine: where to look, and what is there to install with.
        shell: runs commands, and asks before something is installed.
        check: how a working browser is found; raises BrowserNotFound where there is none.

    Raises:
        BrowserNotFound: nothing helped, or the user did not want it; the message is that of the last try.
    """
    from automation.core.errors import BrowserNotFound

    try:
        return check(settings, machine)
    except BrowserNotFound as error:
        if settings.path is not None or settings.channel is not None:
            raise  # another browser than the one that was asked for would be no help
        last = error
    shell.say(shell.words.gettext("No browser works here yet."))
    for way in _ways(settings, machine, shell):
        for offer in way:
            try:
                wanted = shell.agrees(offer)
            except NobodyToAsk:
                raise BrowserNotFound(
                    "There is no browser, and nobody can be asked whether to install one.",
                    "Say yes beforehand: temoin doctor --get-browser --yes",
                ) from None
            if not wanted:
                break
            if _installed(offer, shell):
                try:
                    return check(settings, machine)
                except BrowserNotFound as error:
                    last = error
                    shell.say(
                        shell.words.gettext(
                            "It is there, but does not work: %(text)s", text=shell.words.said(error.message)
                        )
                    )
    raise last


def _installed(offer: Offer, shell: Shell) -> bool:
    doing = shell.words.gettext("Installing %(what)s", what=offer.what)
    ended = shell.run(offer.command, doing, offer.steps)
    if ended.code:
        trouble = ended.trouble.replace("\n", "\n    ")
        failed = shell.words.gettext("That did not work:")
        shell.say(f"{failed}\n    {trouble}")
    return ended.code == 0


def _ways(settings: BrowserSettings, machine: Machine, shell: Shell) -> Iterator[Iterator[Offer]]:
    """
    The ways to a browser, the best first; each is only looked for once those before it did not help.

    A way offers one thing after the other until one works; a no to one of them is a no to the rest of that way.
    """
    from automation.browser.finder import sandbox_is_for_known_programs

    known_only = sandbox_is_for_known_programs(machine)
    if not known_only:
        yield iter([_from_playwright(settings, shell)])
    apt = Apt.of(machine, shell)
    if apt is not None:
        if known_only:
            yield iter([_chrome(machine, shell)])
        yield _from_packages(apt, PACKAGES if settings.headless else PACKAGES[1:])


def _from_packages(apt: Apt, packages: Sequence[str]) -> Iterator[Offer]:
    for lists_are_fresh in (False, True):  # a fresh system has no lists yet; they are fetched only where needed
        if lists_are_fresh and not apt.update():
            return
        yield from (offer for offer in map(apt.offer, packages) if offer is not None)


def _from_playwright(settings: BrowserSettings, shell: Shell) -> Offer:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if sys.platform != "win32":
        command = ["env", f"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT={_PATIENCE_MS}", *command]
    if settings.headless:
        command.append("--only-shell")
    size = 110_000_000 if settings.headless else 280_000_000
    origin = shell.words.gettext("from Playwright, into its usual cache")
    return Offer("Chromium", origin, _download(size, shell.words), tuple(command))


def _chrome(machine: Machine, shell: Shell) -> Offer:
    before = () if machine.root else ("sudo", "-n")
    origin, size = shell.words.gettext("from Google, through Playwright"), _download(120_000_000, shell.words)
    return Offer("Google Chrome", origin, size, (*before, sys.executable, "-m", "playwright", "install", "chrome"))


def _download(size_bytes: int, words: Language) -> str:
    return words.gettext("about %(size)s to download", size=words.size(size_bytes))
