"""Asking a person for a yes or a no, in their language: `oui` is a yes to whoever is asked in French."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import typer

from automation.app import logs
from automation.browser.environment.machine import ThisMachine
from automation.browser.environment.record import ci_of
from automation.core.errors import CheckError, ConfigurationError, SignInNeeded
from automation.core.verdicts import Reason
from automation.session import SIGN_IN_ELSEWHERE, require_screen
from automation.text.language import Language

_YES, _NO = frozenset({"y", "yes", "o", "oui"}), frozenset({"n", "no", "non"})


def agrees(question: str, words: Language, *, default: bool = False) -> bool:
    """
    Ask until the answer is a yes or a no; Enter alone says the default.

    Raises:
        typer.Abort: the input has ended.
    """
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
    """
    A person at a terminal; what is asked goes to stderr, answers come from stdin.

    Args:
        words: of the language in which the person is asked.
        gone: done once there is nobody to ask any more, as when the window was closed.
    """

    def __init__(self, words: Language, gone: asyncio.Future[None]) -> None:
        self.words, self._gone = words, gone

    def say(self, text: str) -> None:
        """One line."""
        typer.echo(text, err=True)

    async def ask(self, question: str) -> str:
        """
        A line of text, without white space around it.

        Raises:
            SignInNeeded: the window was closed meanwhile.
            ConfigurationError: the terminal was.
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
            typer.echo(f"  {number}  {option}", err=True)
        while True:
            answer = await self.ask(self.words.gettext("1–%(last)s?", last=len(options)))
            if answer.isdecimal() and 1 <= int(answer) <= len(options):
                return int(answer) - 1

    async def wait(self, what: Awaitable[_Answer]) -> _Answer:
        """
        Wait for something in the window or the terminal, as long as the window is there.

        Raises:
            SignInNeeded: the window was closed.
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


@contextmanager
def stopped(words: Language) -> Iterator[None]:
    """What ends a visit before its end is told, with exit code 3: nothing was written, and nothing is broken."""
    try:
        yield
    except CheckError as error:
        typer.echo(logs.redact(words.gettext("Stopped: %(text)s", text=words.said(error.message))), err=True)
        if error.remedy:
            typer.echo(f"  → {words.said(error.remedy)}", err=True)
        raise typer.Exit(_FAULT if error.reason is Reason.GUARD_BLOCKED else _INCOMPLETE) from None


def is_terminal() -> bool:
    """Whether somebody can read what is asked, and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def require_attendance(command: str, without_screen: str = "") -> None:
    """
    Somebody sits at a terminal with a window beside it.

    Args:
        command: its name, for the message.
        without_screen: what to do where there is no screen; empty: sign in elsewhere.

    Raises:
        ConfigurationError: there is no terminal, no screen, or this is a job of a CI service.
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
