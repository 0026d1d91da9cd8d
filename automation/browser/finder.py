"""
Find a browser that starts: the configured one, else Playwright's own, else Chrome or Edge, else the system's.

A browser counts only if it answers `--version`: one whose libraries are missing is passed over, and `why`
says so. What the user configured is never passed over: then it is that one or an error.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from automation.browser.environment.machine import Machine, ThisMachine
from automation.core.errors import BrowserNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.core.settings import BrowserSettings

OLDEST_MAJOR = 120
"""Older ones lack what the guard and the reader rely on."""
GET_ONE = (
    "Get one with: temoin doctor --get-browser\n"
    "    Debian:       sudo apt-get install chromium-headless-shell\n"
    "    Ubuntu:       install Google Chrome, which may build a sandbox there\n"
    "    macOS:        brew install --cask chromium\n"
    "    Windows:      winget install Google.Chrome\n"
    "    anywhere:     python -m playwright install chromium --only-shell\n"
    "    or name one:  TEMOIN_BROWSER__PATH=/path/to/chrome"
)
SHOW_ONE = (
    "Install one that has a window: temoin doctor --get-browser\n"
    "    Debian:       sudo apt-get install chromium\n"
    "    Ubuntu:       install Google Chrome, which may build a sandbox there\n"
    "    macOS:        brew install --cask chromium\n"
    "    Windows:      winget install Google.Chrome\n"
    "    anywhere:     python -m playwright install chromium\n"
    "    or name one:  TEMOIN_BROWSER__PATH=/path/to/chrome"
)
_ON_PATH = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "brave-browser",
)
_CHROMIUM_NAMES = re.compile(r"(google-)?chrom(e|ium)(-browser|-headless-shell|-stable)?|headless_shell|msedge")
_ABSOLUTE = re.compile(rb"/(?:[\w.+-]+/)+[\w.+-]+")
_RESTRICTION = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_CHANNELS = {
    "chrome": ("google/chrome/chrome", "Google Chrome", "Google/Chrome/Application/chrome.exe"),
    "chrome-beta": (
        "google/chrome-beta/chrome",
        "Google Chrome Beta",
        "Google/Chrome Beta/Application/chrome.exe",
    ),
    "chrome-dev": (
        "google/chrome-unstable/chrome",
        "Google Chrome Dev",
        "Google/Chrome Dev/Application/chrome.exe",
    ),
    "msedge": ("microsoft/msedge/msedge", "Microsoft Edge", "Microsoft/Edge/Application/msedge.exe"),
    "msedge-beta": (
        "microsoft/msedge-beta/msedge",
        "Microsoft Edge Beta",
        "Microsoft/Edge Beta/Application/msedge.exe",
    ),
    "msedge-dev": (
        "microsoft/msedge-dev/msedge",
        "Microsoft Edge Dev",
        "Microsoft/Edge Dev/Application/msedge.exe",
    ),
}
"""Name → below /opt, name of the app on macOS, below the program folders of Windows."""
_WITHOUT_CHANNEL = (
    ("chromium.org/chromium/chromium", "Chromium", "Chromium/Application/chrome.exe"),
    ("brave.com/brave/brave", "Brave Browser", "BraveSoftware/Brave-Browser/Application/brave.exe"),
)
"""The same of browsers that Playwright knows by no name."""


@dataclass(frozen=True, slots=True)
class FoundBrowser:
    """A browser that answered."""

    path: Path
    """The program to start; the real one where a wrapper script stands before it."""
    channel: str | None
    source: str
    """`configured`, `playwright`, `channel:chrome`, `system`."""
    version: str
    """Such as `159.0.8154.6`; `unknown` where it cannot be told without a window."""
    sandbox: bool
    """False only for the superuser on Linux, where Chromium refuses to start with its sandbox."""
    why: str
    """How the choice came about, for a person."""
    headless_only: bool = False
    """True for a headless shell, which has no window to show."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    source: str
    channel: str | None = None

    @property
    def headless_only(self) -> bool:
        return "headless" in self.path.name


def find_browser(settings: BrowserSettings, machine: Machine | None = None) -> FoundBrowser:
    """
    Find the browser to use.

    Raises:
        BrowserNotFound: none is usable; the message says what was tried and how to get one.
    """
    machine = machine or ThisMachine()
    chosen = _configured(settings, machine)
    passed_over: list[str] = []
    for candidate in [chosen] if chosen else _everywhere(machine):
        found, fault = _try(candidate, settings, machine)
        if found is None:
            passed_over.append(f"{candidate.path}: {fault}")
            continue
        why = f"found as {found.source}" if not chosen else "named in the settings"
        passed = f"; passed over: {'; '.join(passed_over)}" if passed_over else ""
        return FoundBrowser(
            found.path,
            found.channel,
            found.source,
            fault,
            sandbox=not (machine.root and machine.system.startswith("linux")),
            why=why + passed,
            headless_only=found.headless_only,
        )
    if chosen:
        raise BrowserNotFound(
            f"The browser named in the settings is not usable: {passed_over[0]}.",
            f"Correct browser.path or browser.channel, or take it out to use any browser.\n    {GET_ONE}",
        )
    tried = "\n    ".join(passed_over)
    if not settings.headless:
        raise BrowserNotFound(f"No browser on this machine can show a window.\n    {tried}".rstrip(), SHOW_ONE)
    raise BrowserNotFound(f"No usable browser was found on this machine.\n    {tried}".rstrip(), GET_ONE)


def _try(candidate: _Candidate, settings: BrowserSettings, machine: Machine) -> tuple[_Candidate | None, str]:
    """The candidate, or the program behind it, and its version; or None and what is wrong with it."""
    if not machine.is_program(candidate.path):
        return None, "there is no program"
    for path in _behind_wrapper(candidate.path, machine):
        version = machine.version(path)
        if version is None:
            continue
        real = _Candidate(path, candidate.source, candidate.channel)
        if real.headless_only and not settings.headless:
            return None, "it has no window"
        if version != "unknown" and int(version.partition(".")[0]) < OLDEST_MAJOR:
            return None, f"version {version} is too old, {OLDEST_MAJOR} or newer is needed"
        return real, version
    return None, "it does not start (are its libraries installed?)"


def _configured(settings: BrowserSettings, machine: Machine) -> _Candidate | None:
    if settings.path is not None:
        return _Candidate(settings.path, "configured")
    if settings.channel is None:
        return None
    if settings.channel not in _CHANNELS:
        raise BrowserNotFound(
            f'browser.channel: "{settings.channel}" is no channel.', f"Use one of {', '.join(_CHANNELS)}."
        )
    places = _places(_CHANNELS[settings.channel], machine)
    there = [path for path in places if machine.is_program(path)]
    return _Candidate((there or places or [Path(settings.channel)])[0], f"channel:{settings.channel}", settings.channel)


def _everywhere(machine: Machine) -> Iterator[_Candidate]:
    """Every place in order; only programs that are there."""
    own = [_Candidate(path, "playwright") for path in _playwright_places(machine)]
    forbidden = sandbox_is_for_known_programs(machine)
    if not forbidden:
        yield from own
    for channel in ("chrome", "msedge"):
        for path in _places(_CHANNELS[channel], machine):
            if machine.is_program(path):
                yield _Candidate(path, f"channel:{channel}", channel)
    for name in _ON_PATH:
        found = machine.on_path(name)
        if found is not None:
            yield _Candidate(found, "system")
    others = (path for places in _WITHOUT_CHANNEL for path in _places(places, machine))
    yield from (_Candidate(path, "system") for path in others if machine.is_program(path))
    if forbidden:
        yield from own


def sandbox_is_for_known_programs(machine: Machine) -> bool:
    """
    Whether the system lets only programs that it knows by their place build a sandbox.

    Source: Ubuntu's notes on 23.10 and 24.04: Chrome, Edge and packaged Chromiums have a profile, Playwright's none.
    """
    return not machine.root and machine.read(_RESTRICTION).strip() == b"1"


def _playwright_places(machine: Machine) -> Iterator[Path]:
    """
    The headless shell, then Chromium, of exactly the revision that the installed Playwright wants.

    Source: `browsers.json` of Playwright's driver and its own layout of the cache.
    """
    package = machine.playwright_package()
    if package is None:
        return
    folder = _playwright_cache(package, machine)
    try:
        listed = json.loads(machine.read(package / "driver" / "package" / "browsers.json"))["browsers"]
        revisions = {entry["name"]: entry["revision"] for entry in listed}
    except (ValueError, KeyError, TypeError):
        return
    for name, patterns in (
        (
            "chromium-headless-shell",
            ("*/chrome-headless-shell", "*/headless_shell", "*/chrome-headless-shell.exe"),
        ),
        ("chromium", ("*/chrome", "*/*.app/Contents/MacOS/*", "*/chrome.exe")),
    ):
        installed = folder / f"{name.replace('-', '_')}-{revisions.get(name)}"
        if machine.glob(installed, "INSTALLATION_COMPLETE"):
            for pattern in patterns:
                yield from (path for path in machine.glob(installed, pattern) if machine.is_program(path))


def _playwright_cache(package: Path, machine: Machine) -> Path:
    named = machine.variables.get("PLAYWRIGHT_BROWSERS_PATH")
    if named == "0":
        return package / "driver" / "package" / ".local-browsers"
    if named:
        return Path(named)
    if machine.system == "darwin":
        return machine.home / "Library" / "Caches" / "ms-playwright"
    if machine.system == "win32":
        local = machine.variables.get("LOCALAPPDATA")
        return (Path(local) if local else machine.home / "AppData" / "Local") / "ms-playwright"
    cache = machine.variables.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else machine.home / ".cache") / "ms-playwright"


def _places(of: tuple[str, str, str], machine: Machine) -> list[Path]:
    opt, app, program = of
    if machine.system == "darwin":
        return [Path(f"/Applications/{app}.app/Contents/MacOS/{app}")]
    if machine.system == "win32":
        names = ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)")
        return [Path(machine.variables[name]) / program for name in names if name in machine.variables]
    return [Path("/opt") / opt]


def _behind_wrapper(path: Path, machine: Machine) -> Iterator[Path]:
    """
    The program that a distribution's wrapper script starts, then the script itself.

    Debian's `chromium` and `chromium-headless-shell` are scripts; the second stays as the browser's parent,
    so ending it would leave the browser alive. Scripts elsewhere are somebody's own and have their reasons.
    """
    text = machine.read(path)
    if path.parent in {Path("/usr/bin"), Path("/bin")} and text.startswith(b"#!"):
        named = [Path(raw.decode()) for raw in _ABSOLUTE.findall(text)]
        for real in [*named, Path("/usr/lib") / path.name / path.name, Path("/usr/lib/chromium") / path.name]:
            fits = _CHROMIUM_NAMES.fullmatch(real.name) and real != path
            if fits and machine.is_program(real) and not machine.read(real).startswith(b"#!"):
                yield real
                break
    yield path


def look_for_browser(settings: BrowserSettings) -> asyncio.Future[FoundBrowser]:
    """
    Begin to look for the browser; the driver can start meanwhile.

    Raises, where it is awaited:
        BrowserNotFound: none is there.
    """
    looking = asyncio.get_running_loop().run_in_executor(None, find_browser, settings)
    looking.add_done_callback(lambda done: done.cancelled() or done.exception())  # where nobody asks any more
    return looking
