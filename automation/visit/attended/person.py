"""Whether a person is there who can file something: a terminal or the page, a window, no CI service."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.browser.environment.machine import ThisMachine, surrounding_variables
from automation.browser.environment.record import ci_of
from automation.core.errors import ConfigurationError
from automation.session import require_screen

if TYPE_CHECKING:
    from automation.core.settings import BrowserSettings

_AT_YOUR_DESK = "Run it at your desk, in a terminal, on a computer with a screen. Nothing switches this off."


def require_person(*, at_terminal: bool = True) -> None:
    """
    Make sure that somebody can be asked, and see what they are asked about. Nothing switches this off.

    Args:
        at_terminal: whether they are asked in the terminal; else in a page that this machine serves to them.

    Raises:
        ConfigurationError: this is a job of a CI service, there is no terminal, or no screen.
    """
    service = ci_of() or ("a CI service" if "CI" in surrounding_variables() else "")
    if service:
        raise ConfigurationError(f"an objection is filed by a person, and this is a job of {service}", _AT_YOUR_DESK)
    if at_terminal and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigurationError("an objection is filed by a person, and nobody can be asked here", _AT_YOUR_DESK)
    require_screen(ThisMachine())


def with_window(settings: BrowserSettings) -> BrowserSettings:
    """The same browser with a window, one at a time, whatever is configured."""
    return replace(settings, headless=False, concurrency=1)


def is_windowed(command_line: tuple[str, ...]) -> bool:
    """Whether a browser that says how it was started has a window."""
    return bool(command_line) and not any(part.startswith("--headless") for part in command_line)
