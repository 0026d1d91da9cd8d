"""The browser that signed in is the browser that checks: which one a visit is made with, and how it differs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from automation.browser import hidden_screen
from automation.browser.environment.machine import Machine, has_screen
from automation.browser.finder import find_browser
from automation.core.errors import BrowserNotFound, ConfigurationError
from automation.core.records import BrowserFacts
from automation.core.settings import BrowserSettings
from automation.session.saved import SigningBrowser
from automation.text.catalogue import N_

_SIZE = re.compile(r"(\d{3,4})×(\d{3,4})")
_SMALLEST = (800, 500)


def settings_like(
    signed_in: SigningBrowser | None, settings: BrowserSettings, machine: Machine, *, screen: bool | None = None
) -> BrowserSettings | None:
    """
    How to start the browser that signed in, for a visit of its own; None where the usual one serves.

    A session that was made in a window is used in a window of that browser, unless somebody set `headless`. Stand-ins
    stay headless, and so does a machine that has no browser with a window, or no screen and no way to make one.
    `screen` says whether a window can be shown out of the way; None looks for a way.
    """
    if signed_in is None or not signed_in.windowed or settings.headless_by_hand or settings.replica_map:
        return None
    if not settings.headless:
        return None  # somebody watches, in a window of their own
    if not (screen if screen is not None else hidden_screen.which() or has_screen(machine)):
        return None
    own = replace(settings, headless=False)
    program = Path(signed_in.executable)
    if settings.path is None and settings.channel is None and machine.is_program(program):
        own = replace(own, path=program)
    try:
        find_browser(own, machine)
    except BrowserNotFound:
        return None
    return own


def window_options(signed_in: SigningBrowser | None) -> dict[str, Any]:
    """The size of the window that signed in, as an option of a context; empty where it is not known."""
    size = _SIZE.fullmatch(signed_in.window) if signed_in else None
    if size is None:
        return {}
    width, height = int(size[1]), int(size[2])
    usable = width >= _SMALLEST[0] and height >= _SMALLEST[1]
    return {"viewport": {"width": width, "height": height}} if usable else {}


def differences(signed_in: SigningBrowser | None, facts: BrowserFacts, version: str) -> tuple[str, ...]:
    """How the browser of a visit differs from the one that signed in, as the service may see it; one line each."""
    if signed_in is None:
        return ()
    pairs: tuple[tuple[str, str, str], ...] = (
        ("window", _shown(signed_in.windowed), _shown(is_windowed(facts))),
        ("program", Path(signed_in.executable).name, Path(facts.executable).name),
        ("version", signed_in.version, version),
        ("user agent", signed_in.user_agent, facts.user_agent),
        ("languages", signed_in.languages, facts.languages),
        ("time zone", signed_in.time_zone, facts.time_zone),
        ("window size", signed_in.window, facts.window.partition(" ")[0]),
    )
    return tuple(
        f"{what}: {now or 'unknown'}, signed in with {then}" for what, then, now in pairs if then and then != now
    )


def _shown(windowed: bool) -> str:
    return "yes" if windowed else "none"


def is_windowed(facts: BrowserFacts) -> bool:
    """Whether the browser that says this of itself had a window."""
    return not any(part.startswith("--headless") for part in facts.command_line)


SIGN_IN_ELSEWHERE = N_(
    "Sign in on a computer with a screen; `temoin account export` and `temoin account import` then take the session to "
    "this machine. Over SSH, `ssh -X` shows the window at home."
)


def require_screen(machine: Machine, instead: str = SIGN_IN_ELSEWHERE) -> None:
    """Make sure that a window can be shown; else ConfigurationError, which says what to do `instead`."""
    if not has_screen(machine):
        raise ConfigurationError(
            "there is no screen to show a window on: neither DISPLAY nor WAYLAND_DISPLAY is set",
            instead,
        )


def require_window(settings: BrowserSettings, machine: Machine) -> None:
    """
    Make sure that a window can be shown, and that some browser has one.

    Raises ConfigurationError: there is no screen; BrowserNotFound: no browser with a window. Both say what to do.
    """
    require_screen(machine)
    find_browser(replace(settings, headless=False), machine)
