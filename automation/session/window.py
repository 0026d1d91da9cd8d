"""The window that a person signs in with: whether one can be shown, and which browser it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import BrowserContext, Error

from automation.browser.capture.facts import browser_facts
from automation.core.errors import ConfigurationError
from automation.session.vault import SigningBrowser
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from automation.browser.environment.machine import Machine


async def browser_of(context: BrowserContext) -> SigningBrowser | None:
    """What the browser says of itself; None where its tab does not answer."""
    page = next((page for page in reversed(context.pages) if not page.is_closed()), None)
    if page is None or context.browser is None:
        return None
    try:
        facts = await browser_facts(await context.new_cdp_session(page))
    except Error:
        return None
    window = facts.window.partition(" ")[0]
    version = context.browser.version
    windowed = not any(part.startswith("--headless") for part in facts.command_line)
    return SigningBrowser(
        facts.executable, version, facts.user_agent, facts.languages, facts.time_zone, window, windowed
    )


SIGN_IN_ELSEWHERE = N_(
    "Sign in on a computer with a screen; `temoin session export` and `temoin session import` then take the session to "
    "this machine. Over SSH, `ssh -X` shows the window at home."
)


def require_screen(machine: Machine, instead: str = SIGN_IN_ELSEWHERE) -> None:
    """
    Make sure that a window can be shown.

    Args:
        machine: this one.
        instead: what to do where it has no screen.

    Raises:
        ConfigurationError: there is no screen.
    """
    shown = machine.system in {"darwin", "win32"} or any(
        machine.variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if not shown:
        raise ConfigurationError(
            "there is no screen to show a window on: neither DISPLAY nor WAYLAND_DISPLAY is set",
            instead,
        )
