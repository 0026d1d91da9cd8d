"""A person at the terminal: asked while the browser's window lives on beside it, and shown how far something is."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeVar

import typer

from automation.app import logs
from automation.app.setup import keep_name, kept_name
from automation.browser.environment.machine import ThisMachine
from automation.browser.environment.record import ci_of
from automation.cli.options import say
from automation.core.errors import CheckError, ConfigurationError, SignInNeeded, TemoinError
from automation.core.flows import FlowGuide
from automation.core.verdicts import Reason, Verdict
from automation.reports.names import term
from automation.session.signing_browser import SIGN_IN_ELSEWHERE, require_screen
from automation.text.catalogue import N_
from automation.text.language import Language

_YES, _NO = frozenset({"y", "yes", "o", "oui"}), frozenset({"n", "no", "non"})


def agrees(question: str, words: Language, *, default: bool = False) -> bool:
    """Ask until the answer is a yes or a no; Enter alone says the default. Raises typer.Abort: the input has ended."""
    choice = words.gettext("[Y/n]") if default else words.gettext("[y/N]")
    while True:
        typer.echo(f"{question} {choice} ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        answer = line.strip().lower()
        if answer in _YES or (default and not answer):
            return True
        if answer in _NO or not answer:
            return False


_INCOMPLETE, _FAULT = 3, 4
_Answer = TypeVar("_Answer")


class Terminal:
    """A person at a terminal, asked on stderr, answering on stdin; `gone` once there is nobody to ask any more."""

    def __init__(self, words: Language, gone: asyncio.Future[None]) -> None:
        self.words, self._gone = words, gone

    def say(self, text: str) -> None:
        """One line."""
        say(text)

    async def ask(self, question: str) -> str:
        """
        A line of text, without white space around it.

        Raises SignInNeeded: the window was closed meanwhile; ConfigurationError: the terminal was.
        """
        typer.echo(f"{question} ", err=True, nl=False)
        line = await self.wait(_line())
        if not line:
            raise ConfigurationError("the terminal was closed before everything was answered", "Nothing was written.")
        return line.strip()

    async def choose(self, question: str, options: Sequence[str]) -> int:
        """
        One of several answers by its number, from 0; no terminal, or no answer, gives None.

        Raises: as `ask`.
        """
        self.say(question)
        for number, option in enumerate(options, 1):
            say(f"  {number}  {option}")
        while True:
            answer = await self.ask(self.words.gettext("1–%(last)s?", last=len(options)))
            if answer.isdecimal() and 1 <= int(answer) <= len(options):
                return int(answer) - 1

    async def wait(self, what: Awaitable[_Answer]) -> _Answer:
        """
        Wait for something in the window or the terminal, as long as the window is there.

        Raises SignInNeeded: the window was closed.
        """
        wanted = asyncio.ensure_future(what)
        try:
            waited: set[asyncio.Future[Any]] = {wanted, self._gone}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not wanted.done():
                raise SignInNeeded("the window was closed before it was finished", "Nothing was written; start again.")
            return wanted.result()
        finally:
            wanted.cancel()


async def _line() -> str:
    """
    The next line of stdin; empty at its end.

    In a thread that nobody waits for: the executor's would keep an interrupted program until Enter is pressed.
    """
    loop = asyncio.get_running_loop()
    read: asyncio.Future[str] = loop.create_future()

    def hand_over(line: str) -> None:
        if not read.done():
            read.set_result(line)

    def work() -> None:
        line = sys.stdin.readline()
        loop.call_soon_threadsafe(hand_over, line)

    threading.Thread(target=work, daemon=True).start()
    return await read


def tell_error(said: str, error: TemoinError, words: Language) -> None:
    """What an error means for what was asked, without secrets, and what to do."""
    say(logs.redact(said))
    if error.remedy:
        say(f"  → {words.said(error.remedy)}")


@contextmanager
def stopped(words: Language) -> Iterator[None]:
    """What ends a visit before its end is told, with exit code 3: nothing was written, and nothing is broken."""
    try:
        yield
    except CheckError as error:
        tell_error(words.gettext("Stopped: %(text)s", text=words.said(error.message)), error, words)
        raise typer.Exit(_FAULT if error.reason is Reason.GUARD_BLOCKED else _INCOMPLETE) from None


def is_terminal() -> bool:
    """Whether somebody can read what is asked, and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def speaker(by: str | None, words: Language) -> str:
    """
    The name of whoever says something: as given, as kept, or asked for once.

    Raises ConfigurationError: nobody is named, and nobody can be asked.
    """
    if by is not None or (by := kept_name()):
        return by
    if not is_terminal():
        raise ConfigurationError("nobody is named who says so", 'Give a name: --by "NAME".')
    name: str = typer.prompt(words.gettext("Your name, which stands beside the answer from now on"), err=True)
    keep_name(name)
    return name.strip()


def require_attendance(command: str, without_screen: str = "") -> None:
    """
    Somebody sits at a terminal with a window beside it; `without_screen` says what to do where there is none.

    Raises ConfigurationError: there is no terminal, no screen, or this is a job of a CI service.
    """
    if service := ci_of():
        raise ConfigurationError(
            f"`{command}` needs a person at the window, and this is a job of {service}", "Run it at your desk."
        )
    if not is_terminal():
        raise ConfigurationError(
            f"`{command}` asks you in the terminal, and this is none", "Run it in a terminal, without a pipe."
        )
    require_screen(ThisMachine(), without_screen or SIGN_IN_ELSEWHERE)


_LONGEST_NAME = 30
_DOING = {"started": N_("starting"), "sign_in": N_("signing in"), "seal": N_("sealing the evidence")}


@contextmanager
def shown(
    total: int, words: Language, *, quiet: bool = False, guides: Mapping[str, FlowGuide] | None = None
) -> Iterator[Callable[[str, str], None]]:
    """
    Show how many accounts are done, and what each that is under way is doing; nothing where it is `quiet`.

    `guides`: account → what its flow calls its pages. Yields what to call with an account's name and what it is doing
    (`automation.visit.runner.Tell`); a verdict ends it.
    """
    from rich.console import Console, Group  # noqa: PLC0415 - rich only where somebody watches

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda *_: None
        return
    from rich.live import Live  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    bar = Progress(SpinnerColumn(), MofNCompleteColumn(), BarColumn(bar_width=24), TimeElapsedColumn())
    lines = Progress(TextColumn("  {task.description}"), TextColumn("[dim]{task.fields[doing]}"))
    whole = bar.add_task("", total=total)
    under_way: dict[str, TaskID] = {}
    ends = {verdict.value for verdict in Verdict}

    def tell(account: str, what: str) -> None:
        if what in ends:
            bar.advance(whole)
            if account in under_way:
                lines.remove_task(under_way.pop(account))
            return
        guide = guides.get(account) if guides else None
        doing = words.gettext(_DOING[what]) if what in _DOING else term("surfaces", what, words, guide)
        if account in under_way:
            lines.update(under_way[account], doing=doing)
        else:
            under_way[account] = lines.add_task(account[:_LONGEST_NAME], doing=doing)

    with Live(Group(bar, lines), console=console, transient=True, refresh_per_second=5):
        yield tell


@contextmanager
def counted() -> Iterator[Callable[[str], None]]:
    """Show how many of an unknown number are done, and which is under way; yields what to call with the next one."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what: None
        return
    with console.status("") as status:
        numbers = count(1)
        yield lambda what: status.update(f"{next(numbers)}  {what[:40]}")
