"""Is everything there that a check needs: what is missing on this machine, and how to get it."""

from __future__ import annotations

import asyncio
import os
import platform
import shlex
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import flows
from automation.app.notices import NAMELESS_LINE
from automation.app.session_ends import soon_ended
from automation.app.setup import data_folder, require_identities, vault_key
from automation.browser.environment.machine import Machine, ThisMachine
from automation.browser.finder import FoundBrowser, find_browser
from automation.browser.probe import Probed, probe
from automation.config import Settings, check_flows, env_files, passed_over
from automation.config.installation import ways_to_add
from automation.core.accounts import SignInMethod
from automation.core.errors import BrowserNotFound, ConfigurationError, TemoinError, VaultError
from automation.core.settings import BrowserSettings
from automation.session.signing_browser import require_window
from automation.text.catalogue import N_
from automation.text.language import Language


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that was looked at."""

    name: str
    """`python`, `browser`, `fonts`, `output`, `configuration`; where needed `variables`, `key`, `sessions`,
    `screen`, `window`, `notify`."""
    state: str
    """`ok`, `missing`, or `note`: works, but not as well as it could."""
    found: str
    remedy: str = ""


class Surroundings:
    """The computer, the browser once it is started, and what is installed; the call may bring another (`ctx.obj`)."""

    def __init__(self) -> None:
        self.machine: Machine = ThisMachine()
        self.python: tuple[int, int] = sys.version_info[:2]

    def start(self, found: FoundBrowser, *, headless: bool) -> Probed:
        """Really start a browser and end it. Raises BrowserNotFound: it does not start."""
        return asyncio.run(probe(found, headless=headless))

    def free_bytes(self, folder: Path) -> int:
        """How much room a folder has; nothing stays behind in it. Raises OSError: it takes no file."""
        with tempfile.TemporaryFile(dir=folder):
            return shutil.disk_usage(folder).free

    def has_module(self, name: str) -> bool:
        """Whether a module could be imported."""
        return find_spec(name) is not None


_KEYRING = {
    "linux": N_("Debian, Ubuntu: sudo apt-get install gnome-keyring"),
    "darwin": N_("macOS: the Keychain is there; unlock it with: security unlock-keychain"),
    "win32": N_("Windows: the Credential Manager is there; start Témoin as the user who is logged in"),
}


def means(settings: Settings, around: Surroundings, words: Language) -> Iterator[DoctorFinding]:
    """One finding for each thing that this configuration needs; nothing for what it does not."""
    waiting = [account.name for account in settings.accounts if account.sign_in is SignInMethod.SESSION]
    absent = [name for name in waiting if not (data_folder() / "sessions" / f"{name}.age").exists()]
    if waiting:
        key = _key(settings, around.machine, words)
        yield key
        if key.state != "missing":
            yield _sessions(len(waiting), absent, soon_ended(settings, words), words)
    elif not settings.accounts:  # the demo needs no key, and the first account may bring one
        key = _key(settings, around.machine, words)
        offered = words.gettext("`temoin ui` and `temoin account add` ask, and make one in a private file.")
        yield key if key.state == "ok" else replace(key, state="note", remedy=f"{offered}\n    {key.remedy}")
    if absent or not settings.accounts:
        yield _window(settings.browser, around.machine, words)
    if settings.notifications.urls and around.has_module("apprise"):
        yield DoctorFinding("notify", "ok", words.gettext("%(what)s is installed", what="temoin[notify]"))
    elif settings.notifications.urls:
        found = words.gettext("%(what)s is not installed", what="temoin[notify]")
        yield DoctorFinding("notify", "missing", found, "\n    ".join(ways_to_add("notify")))


def _window(settings: BrowserSettings, machine: Machine, words: Language) -> DoctorFinding:
    """Whether a window can be shown, in which a person signs in."""
    try:
        require_window(settings, machine)
    except BrowserNotFound as error:
        return DoctorFinding("window", "note", error.message, error.remedy)
    except ConfigurationError as error:
        return DoctorFinding("screen", "note", error.message, error.remedy)
    return DoctorFinding("screen", "ok", words.gettext("A screen and a browser for the window in which you sign in"))


def _key(settings: Settings, machine: Machine, words: Language) -> DoctorFinding:
    """Whether the saved sessions can be sealed and opened."""
    try:
        made = vault_key(settings).is_made()
    except VaultError as error:
        way = words.gettext(_KEYRING.get(machine.system, _KEYRING["linux"]))
        return DoctorFinding("key", "missing", error.message.rstrip(), f"{error.remedy}\n    {way}")
    where = "TEMOIN_VAULT_KEY" if settings.vault_key else words.gettext("the system's keyring")
    found = N_("Key of the sessions: %(where)s") if made else N_("Key of the sessions: will be made in %(where)s")
    return DoctorFinding("key", "ok", words.gettext(found, where=where))


def _sessions(count: int, absent: list[str], soon: Sequence[str], words: Language) -> DoctorFinding:
    """How many sessions there are, or the accounts that nobody has signed in yet, or that will soon have to again."""
    told = [words.gettext("Not signed in yet: %(accounts)s", accounts=", ".join(absent))] if absent else []
    if found := "\n    ".join((*told, *soon)):
        return DoctorFinding(
            "sessions", "note", found, "\n    ".join(f"temoin account login {name}" for name in absent)
        )
    saved = words.ngettext("%(num)s saved session", "%(num)s saved sessions", count, num=count)
    return DoctorFinding("sessions", "ok", saved)


OLDEST_PYTHON = (3, 11)
FREE_MB = 200
_SYSTEMS = {"linux": "Debian, Ubuntu", "darwin": "macOS", "win32": "Windows"}
_PYTHON = {
    "linux": "sudo apt-get install python3 python3-venv",
    "darwin": "brew install python",
    "win32": "winget install Python.Python.3.13",
}
_FONTS = {
    "linux": "sudo apt-get install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji",
    "darwin": "brew install --cask font-noto-sans font-noto-sans-cjk",
    "win32": "Settings > System > Optional features > Supplemental fonts",
}
_SCRIPTS = {
    "latin": "Latn", "greek": "Grek", "cyrillic": "Cyrl", "arabic": "Arab", "hebrew": "Hebr", "devanagari": "Deva",
    "thai": "Thai", "chinese": "Hani", "japanese": "Jpan", "korean": "Kore", "emoji": "Zsye",
}  # fmt: skip
"""Writing system of `automation.browser.probe.SCRIPTS` → its code in ISO 15924."""


def examine(
    config: Path | None, around: Surroundings, read: Callable[..., Settings], words_of: Callable[[Settings], Language]
) -> tuple[list[DoctorFinding], Language]:
    """
    Look at everything; the language goes with it, because only the configuration may say which.

    `read` is as `automation.config.load`; `around` is everything outside the program.
    """
    try:
        settings = read(config)
        known = flows.load(settings.flow_paths)
        check_flows(settings, known)
        require_identities(settings, known)
        words = words_of(settings)
        configuration = _configured(settings, words)
    except ConfigurationError as error:
        settings = Settings()  # where even the environment is wrong
        for less in (partial(read, Path(os.devnull)), partial(read, config, for_signing_in=False)):
            with suppress(ConfigurationError):
                settings = less()
        words = words_of(settings)
        configuration = _missing("configuration", error)
    findings = [_python(around, words), *_browser(settings.browser, around, words)]
    findings += [_output(settings.output, around, words), configuration, *_files(config, words)]
    return [*findings, *means(settings, around, words)], words


def _missing(name: str, error: TemoinError) -> DoctorFinding:
    return DoctorFinding(name, "missing", error.message.rstrip(), error.remedy)


def _python(around: Surroundings, words: Language) -> DoctorFinding:
    version = platform.python_version()
    if around.python >= OLDEST_PYTHON:
        return DoctorFinding("python", "ok", f"Python {version}")
    wanted = ".".join(map(str, OLDEST_PYTHON))
    said = words.gettext("Install Python %(version)s or newer.", version=wanted)
    return DoctorFinding("python", "missing", f"Python {version}", _how(said, _PYTHON, around.machine, words))


def _how(said: str, ways: Mapping[str, str], machine: Machine, words: Language) -> str:
    """A remedy with the way that this system has; all ways where it is none of the three."""
    here = {machine.system: ways[machine.system]} if machine.system in ways else ways
    told = (words.gettext("%(what)s: %(text)s", what=_SYSTEMS[system], text=way) for system, way in here.items())
    return "\n    ".join((said, *told))


def _browser(settings: BrowserSettings, around: Surroundings, words: Language) -> list[DoctorFinding]:
    """The browser, really started, and the fonts that it draws with."""
    try:
        found = find_browser(settings, around.machine)
        probed = around.start(found, headless=settings.headless)
    except BrowserNotFound as error:
        return [_missing("browser", error)]
    what, remedy = f"Chromium {probed.version}", ""
    text = words.gettext("%(what)s: %(text)s", what=what, text=found.path)
    if not found.sandbox:
        text = words.gettext("%(browser)s, without its sandbox", browser=text)
        remedy = words.gettext("Run Témoin as an ordinary user: for root, Chromium demands --no-sandbox.")
    browser = DoctorFinding("browser", "ok" if found.sandbox else "note", text, remedy)
    return [browser, _fonts(probed.missing_scripts, around.machine, words)]


def _fonts(missing: tuple[str, ...], machine: Machine, words: Language) -> DoctorFinding:
    if not missing:
        return DoctorFinding("fonts", "ok", words.gettext("Fonts for every script"))
    found = words.gettext(
        "No fonts for: %(scripts)s", scripts=", ".join(words.script(_SCRIPTS[name]) for name in missing)
    )
    remedy = _how(words.gettext("Pictures will show boxes for these."), _FONTS, machine, words)
    return DoctorFinding("fonts", "missing" if "latin" in missing else "note", found, remedy)


def _output(folder: Path, around: Surroundings, words: Language) -> DoctorFinding:
    """Whether evidence can be written; nothing stays behind."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    try:
        free = around.free_bytes(there)
    except OSError as error:
        why = error.strerror or str(error)
        return DoctorFinding(
            "output",
            "missing",
            words.gettext("%(folder)s: cannot be written to (%(why)s)", folder=folder, why=why),
            words.gettext("Give yourself the right to write there, or name another folder with output."),
        )
    text = words.gettext("%(folder)s: %(size)s free", folder=folder, size=words.size(free))
    if free >= FREE_MB * 1_000_000:
        return DoctorFinding("output", "ok", text)
    return DoctorFinding("output", "note", text, words.gettext("Free some space: a check takes a few MB."))


def _files(config: Path | None, words: Language) -> Iterator[DoctorFinding]:
    """Lines of a `.env` that set nothing, and files with secrets that other users of this machine may read."""
    with suppress(ConfigurationError):  # a file that cannot be read is told as the configuration's fault
        for place, line in passed_over(config):
            found = words.gettext(NAMELESS_LINE, file=place, line=line)
            remedy = words.gettext("Write NAME=value, such as TEMOIN_VAULT_KEY=AGE-SECRET-KEY-1…")
            yield DoctorFinding("variables", "note", found, remedy)
    if os.name == "nt":
        return
    for path in (*env_files(config), *sorted((data_folder() / "keys").glob("*.key"))):
        with suppress(OSError):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                found = words.gettext("Others on this machine may read %(file)s", file=path)
                yield DoctorFinding("permissions", "note", found, f"chmod 600 {shlex.quote(str(path))}")


def _configured(settings: Settings, words: Language) -> DoctorFinding:
    if settings.config is None:
        text = words.gettext("No temoin.toml here")
        remedy = words.gettext("The demo needs none; for your accounts, `temoin ui` or `temoin account add` writes it.")
        return DoctorFinding("configuration", "note", text, remedy)
    count = len(settings.accounts)
    accounts = words.ngettext("%(num)s account", "%(num)s accounts", count, num=count)
    text = words.gettext("%(what)s: %(text)s", what=settings.config, text=accounts)
    return DoctorFinding("configuration", "ok", text)
