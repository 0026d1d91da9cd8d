"""Getting a browser: from Playwright, else from the system's packages. Does nothing where one works already."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.browser_finder import FoundBrowser
    from automation.browser_settings import BrowserSettings
    from automation.machine import Machine

PACKAGES = ("chromium-headless-shell", "chromium")


Start = Callable[[Sequence[str]], int]
Working = Callable[["BrowserSettings", "Machine"], "FoundBrowser"]


def start(command: Sequence[str]) -> int:
    """Run a command with its output on stderr; its exit code, 127 where there is no such program."""
    typer.echo(f"$ {' '.join(command)}", err=True)
    try:
        return subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603
    except FileNotFoundError:
        return 127


def working(settings: BrowserSettings, machine: Machine) -> FoundBrowser:
    """
    A browser that was found and really started.

    Raises:
        BrowserNotFound: there is none.
    """
    import asyncio

    from automation.browser_finder import find_browser
    from automation.browser_probe import probe

    found = find_browser(settings, machine)
    asyncio.run(probe(found, headless=settings.headless))
    return found


def get_browser(
    settings: BrowserSettings, machine: Machine, *, run: Start = start, check: Working = working
) -> FoundBrowser:
    """
    Make sure that a browser works, installing one if none does.

    Args:
        settings: a browser named there is never replaced by another.
        machine: where to look, and what is there to install with.
        run: how commands are run.
        check: how a working browser is found; raises BrowserNotFound where there is none.

    Raises:
        BrowserNotFound: nothing helped; the message is that of the last try.
    """
    from automation.errors import BrowserNotFound

    try:
        return check(settings, machine)
    except BrowserNotFound as error:
        if settings.path is not None or settings.channel is not None:
            raise  # another browser than the one that was asked for would be no help
        last = error
    for commands in _ways(settings, machine, run):
        if all(run(command) == 0 for command in commands):
            try:
                return check(settings, machine)
            except BrowserNotFound as error:
                last = error
    raise last


def _ways(settings: BrowserSettings, machine: Machine, run: Start) -> Iterator[list[list[str]]]:
    """Lists of commands, each list one way to a browser."""
    from automation.browser_finder import sandbox_is_for_known_programs

    shell = ["--only-shell"] if settings.headless else []
    only_known = sandbox_is_for_known_programs(machine)
    if not only_known:
        yield [[sys.executable, "-m", "playwright", "install", "chromium", *shell]]
    if machine.on_path("apt-get") is None:
        return
    if machine.root:
        before: list[str] = []
    elif machine.on_path("sudo") is not None and run(["sudo", "-n", "true"]) == 0:
        before = ["sudo", "-n"]
    else:
        return
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if only_known:
        yield [[*before, sys.executable, "-m", "playwright", "install", "chrome"]]
    packages = PACKAGES if settings.headless else PACKAGES[1:]
    for package in packages:
        yield [[*apt, "install", "-y", package]]
    for package in packages:  # a fresh system has no lists yet; they are fetched only where needed
        yield [[*apt, "update"], [*apt, "install", "-y", package]]
