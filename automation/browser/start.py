"""The one way a browser is started, and why one did not start, told for a person."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from automation.config.source_lines import is_secret
from automation.core import settings
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Browser, Playwright

    from automation.browser.finder import FoundBrowser

_SIGNS = (
    "error while loading", "sandbox", "zygote", "cannot open",  # untold: Chromium says so
    "missing dependencies", "display", "executable doesn",
)  # fmt: skip

_NOT_FOR_BROWSERS = settings.VARIABLES | {"sslkeylogfile"}
"""Variables that would lead a browser past its tunnel, or have it write down what it says; in lower case."""
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where Linux keeps it
_NO_SCREEN = N_(
    "There is no screen to show a window on. A check needs none: set browser.headless = true. Sign in and record on a "
    "computer with a screen, or write a flow's files by hand: docs/add-a-service.md."
)
ROOMY_BYTES = 2_000_000_000
"""Some browsers side by side take about a gigabyte; Docker's usual 64 MB would end them."""


async def start(
    playwright: Playwright,
    found: FoundBrowser,
    variables: Mapping[str, str] | None = None,
    *,
    roomy_bytes: int = ROOMY_BYTES,
    **options: Any,
) -> Browser:
    """
    Start a browser that was found, with its sandbox wherever Chromium has one.

    Args:
        playwright: the running driver.
        found: which browser.
        variables: of its environment, beside or instead of ours, such as the screen to show its window on.
        roomy_bytes: from how much shared memory on pages are drawn there, and not in files on the disk.
        options: further ones of Playwright's `launch`, `headless` and `args` among them.

    Raises:
        BrowserNotFound: it does not start; the message holds its own words.
    """
    from playwright.async_api import Error  # noqa: PLC0415 - slow to import

    from automation.core.errors import BrowserNotFound  # noqa: PLC0415

    try:
        return await playwright.chromium.launch(
            executable_path=found.path,
            channel=found.channel,
            chromium_sandbox=found.sandbox,  # left to Playwright, it would be off for everybody
            ignore_default_args=["--disable-dev-shm-usage"] if shared_memory_bytes() >= roomy_bytes else None,
            env=environment_of({**os.environ, **(variables or {})}),
            **options,
        )
    except Error as error:
        cause = cause_in(error.message)
        raise BrowserNotFound(f"{found.path} does not start: {cause}", remedy_for(cause)) from None


def environment_of(variables: Mapping[str, str]) -> dict[str, str | float | bool]:
    """What of our own environment a browser gets: all but our secrets, and what would lead past the guard."""
    return {
        name: value
        for name, value in variables.items()
        if name.lower() not in _NOT_FOR_BROWSERS and not is_secret(name)
    }


def shared_memory_bytes() -> int:
    """
    How much shared memory is free to draw pages in; Playwright puts them into files on the disk.

    Source: Playwright's `chromiumSwitches`, and `crbug.com/715363` for the switch.
    """
    try:
        there = os.statvfs(_SHARED_MEMORY)
    except (AttributeError, OSError):  # not on Linux
        return 0
    return there.f_bavail * there.f_frsize


def cause_in(message: str) -> str:
    """The line that says why, out of Playwright's report, which also repeats the whole command."""
    lines = [re.sub(r"^(\[\w+=?\d*\])+ *", "", line.strip(" -")) for line in message.splitlines()]
    lines = [line for line in lines if line and not line.startswith("<")]
    telling = [line for line in lines if any(sign in line.lower() for sign in _SIGNS)]
    return (telling or lines or ["it gave no reason"])[0][:300]


def remedy_for(cause: str) -> str:
    """What helps against it."""
    lower = cause.lower()
    if "error while loading" in lower or "missing dependencies" in lower:
        return "Libraries are missing: sudo python -m playwright install-deps chromium, or use the system's Chromium."
    if "sandbox" in lower or "zygote" in lower:
        return (
            "Your system does not let this browser build its sandbox. Install Chrome or your system's Chromium, which "
            "it knows, or allow user namespaces (Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; "
            "in a container: docs/container.md)."
        )
    if "display" in lower:
        return _NO_SCREEN
    return "Try another one with browser.path, or get one with: temoin doctor --get-browser"
