"""Installing programs for the user: says what and how large, asks, and shows one line of progress."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from automation.browser.environment.machine import Machine, has_screen
from automation.browser.finder import FoundBrowser, find_browser, sandbox_is_for_known_programs
from automation.cli.terminal import agrees, is_terminal
from automation.core.errors import BrowserNotFound
from automation.core.settings import BrowserSettings
from automation.text.catalogue import N_
from automation.text.language import Language

_LINES = 2
_PERCENT = re.compile(r"(?<!\d)(\d{1,3})% of ")
"""As Playwright tells how far it is."""
_AMOUNT = r"([\d.,]+) (B|kB|MB|GB)"
_UNITS = {"B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_STEP = re.compile(r"Get:\d|Unpacking |Setting up ")
"""
A line of apt-get for each step of a package. Its own `APT::Status-Fd` breaks packages that ask questions as they are
set up, where it is stdout, and gets lost behind sudo, where it is another.
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be installed."""

    what: str
    """Its name, for people."""
    origin: str
    """Where it comes from and, where that is not obvious, where it goes; in few words."""
    size: str
    command: tuple[str, ...]
    steps: int = 0
    """How many steps the command tells; 0: it tells how far it is in per cent, or not at all."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    output: str

    @property
    def trouble(self) -> str:
        """Why it failed, in a line or two of its own."""
        lines = [line for line in map(str.strip, self.output.splitlines()) if line and not _PERCENT.search(line)]
        telling = [line for line in lines if re.match(r"E: |W: |Error|error|Failed", line)]
        return "\n".join(list(dict.fromkeys(telling))[:_LINES] or lines[-_LINES:])


class Shell(Protocol):
    """Runs commands, and asks the user before something is installed."""

    words: Language
    """Of the user's language."""

    def agrees(self, offer: Offer) -> bool:
        """Say what is offered and ask whether to install it; True without asking where the user said so before."""

    def run(self, command: Sequence[str], doing: str = "", steps: int = 0) -> Ended:
        """Run a command to its end; `doing` is shown meanwhile, with how far it is."""

    def say(self, text: str) -> None:
        """One line for the user."""


class NobodyToAsk(Exception):
    """Something could be installed, but there is no terminal, and the user did not say --yes."""


class TerminalShell:
    """The shell of this machine; `yes` installs without asking."""

    def __init__(self, words: Language, *, yes: bool) -> None:
        self.words, self._yes = words, yes

    def agrees(self, offer: Offer) -> bool:
        """Say what is offered and ask whether to install it. Raises NobodyToAsk: there is no terminal to ask at."""
        what = f"{offer.what} ({offer.origin})"
        self.say(self.words.gettext("%(what)s: %(text)s", what=what, text=offer.size))
        if self._yes:
            return True
        if not is_terminal():
            raise NobodyToAsk
        try:
            return agrees(self.words.gettext("Install it?"), self.words, default=True)
        except typer.Abort:
            return False

    def run(self, command: Sequence[str], doing: str = "", steps: int = 0) -> Ended:
        """Run a command with nothing to read; exit code 127 where there is no such program."""
        lines: list[str] = []
        done = 0
        with _progress(doing) as show:
            try:
                process = subprocess.Popen(  # noqa: S603 - our own commands
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    text=True, encoding="utf-8", errors="replace",
                )  # fmt: skip
            except FileNotFoundError:
                return Ended(127, f"{command[0]}: no such program")
            with process:
                for line in process.stdout or ():
                    lines.append(line)
                    if match := _PERCENT.search(line):
                        show(int(match[1]))
                    elif steps and _STEP.match(line):
                        done += 1
                        show(min(99, 100 * done // steps))
        return Ended(process.returncode, "".join(lines))

    def say(self, text: str) -> None:
        """One line on stderr."""
        typer.echo(text, err=True)


@contextmanager
def _progress(doing: str) -> Iterator[Callable[[int], None]]:
    """One line that moves on a terminal, one line that stands elsewhere; yields what to call with the per cent."""
    console = Console(stderr=True)
    if not doing or not console.is_terminal:
        if doing:
            typer.echo(f"{doing} …", err=True)
        yield lambda _percent: None
        return
    what, bar = TextColumn("{task.description}"), BarColumn(bar_width=20)
    columns = (SpinnerColumn(), what, bar, TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(doing, total=100)
        yield lambda percent: progress.update(task, completed=percent)


class Apt:
    """
    Debian's packages, where this user may install them without a password; nothing that is only recommended.

    `before` makes a command the superuser's. Source of what it prints: apt-get(8), with `LC_ALL=C`.
    """

    def __init__(self, before: Sequence[str], shell: Shell) -> None:
        self.before, self._shell = tuple(before), shell
        self._apt = (*before, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get")

    @classmethod
    def of(cls, machine: Machine, shell: Shell) -> Apt | None:
        """None where there is no apt-get, or where it would need a password."""
        if machine.on_path("apt-get") is None:
            return None
        if machine.root:
            return cls((), shell)
        if machine.on_path("sudo") is not None and shell.run(["sudo", "-n", "true"]).code == 0:
            return cls(("sudo", "-n"), shell)
        return None

    def offer(self, *packages: str) -> Offer | None:
        """What installing these packages would bring; None where one of them is not known."""
        install = ("install", "--yes", "--no-install-recommends")
        planned = self._shell.run([*self._apt, *install, "--print-uris", *packages])  # prints, and installs nothing
        count = re.search(r"(\d+) newly installed", planned.output)
        if planned.code or not count:
            return None
        options = ("-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0")
        return Offer(
            what=", ".join(packages),
            origin="apt",
            size=_size(planned.output, int(count[1]), self._shell.words),
            command=(*self._apt, *options, *install, *packages),
            steps=3 * int(count[1]),
        )

    def update(self) -> bool:
        """Fetch the lists of packages; whether that worked."""
        doing = self._shell.words.gettext("Fetching the lists of packages")
        return self._shell.run([*self._apt, "update"], doing).code == 0


def _size(planned: str, count: int, words: Language) -> str:
    """Number of packages, what has to be downloaded and what they take on disk, as apt-get says it."""
    parts = [words.ngettext("%(num)s package", "%(num)s packages", count, num=count)]
    for pattern, said in (
        (rf"Need to get (?:[^/\n]*/)?{_AMOUNT} of archives", N_("%(size)s to download")),
        (rf"After this operation, {_AMOUNT} of additional disk space", N_("%(size)s on disk")),  # untold: apt's words
    ):
        if found := re.search(pattern, planned):
            size = round(float(found[1].replace(",", "")) * _UNITS[found[2]])
            parts.append(words.gettext(said, size=words.size(size)))
    return ", ".join(parts)


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
    A browser that was found and really started; without its window, unless somebody wants that always.

    Raises BrowserNotFound: there is none.
    """
    found = find_browser(settings, machine)
    start(found, headless=settings.headless or not settings.headless_by_hand)
    return found


def get_browsers(settings: BrowserSettings, machine: Machine, shell: Shell, *, check: Working) -> FoundBrowser:
    """
    As `get_browser`; where there is a screen, one that shows windows, too, unless the user does not want it.

    Raises BrowserNotFound: not even one that reads works.
    """
    named = settings.path is not None or settings.channel is not None
    if has_screen(machine) and not named:
        try:
            return get_browser(replace(settings, headless=False), machine, shell, check=check)
        except BrowserNotFound as error:
            if not settings.headless:
                raise
            shell.say(shell.words.said(error.message))
    return get_browser(settings, machine, shell, check=check)


def get_browser(settings: BrowserSettings, machine: Machine, shell: Shell, *, check: Working) -> FoundBrowser:
    """
    Make sure that a browser works; where none does, offer to install one. One that `settings` name is never replaced.

    `check` finds a working browser. Raises BrowserNotFound: nothing helped, or the user did not want it; the message
    is that of the last try.
    """
    try:
        return check(settings, machine)
    except BrowserNotFound as error:
        if settings.path is not None or settings.channel is not None:
            raise  # another browser than the one that was asked for would be no help
        last = error
    _ = shell.words.gettext
    if settings.headless:
        shell.say(_("No browser works here yet."))
    else:
        shell.say(_("To sign in to an account, a window has to open, and no browser here shows one."))
    for offer in (offer for way in _ways(settings, machine, shell) for offer in _wanted(way, shell)):
        ended = shell.run(offer.command, _("Installing %(what)s", what=offer.what), offer.steps)
        if ended.code:
            shell.say("\n    ".join((_("That did not work:"), *ended.trouble.split("\n"))))
            continue
        try:
            return check(settings, machine)
        except BrowserNotFound as error:
            last = error
            shell.say(_("It is there, but does not work: %(text)s", text=shell.words.said(error.message)))
    raise last


def _wanted(way: Iterable[Offer], shell: Shell) -> Iterator[Offer]:
    """What the user agrees to: a no to one thing is a no to the rest of that way."""
    for offer in way:
        try:
            if not shell.agrees(offer):
                return
        except NobodyToAsk:
            raise BrowserNotFound(
                "No such browser is there, and nobody can be asked whether to install one.",
                "Say yes beforehand: temoin doctor --get-browser --yes",
            ) from None
        yield offer


def _ways(settings: BrowserSettings, machine: Machine, shell: Shell) -> Iterator[Iterable[Offer]]:
    """
    The ways to a browser, the best first; each is only looked for once those before it did not help.

    A way offers one thing after the other until one works.
    """
    known_only = sandbox_is_for_known_programs(machine)
    if not known_only:
        yield [_from_playwright(settings, shell)]
    if (apt := Apt.of(machine, shell)) is None:
        return
    if known_only:
        origin, size = shell.words.gettext("from Google, through Playwright"), _download(120_000_000, shell.words)
        command = (*apt.before, sys.executable, "-m", "playwright", "install", "chrome")
        yield [Offer("Google Chrome", origin, size, command)]
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
    size = 280_000_000
    if settings.headless:
        command, size = [*command, "--only-shell"], 110_000_000
    origin = shell.words.gettext("from Playwright, into its usual cache")
    return Offer("Chromium", origin, _download(size, shell.words), tuple(command))


def _download(size_bytes: int, words: Language) -> str:
    return words.gettext("about %(size)s to download", size=words.size(size_bytes))
