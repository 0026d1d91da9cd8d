"""Calling the program as a person does, without starting another process."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from loguru import logger
from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner

from automation import cli
from automation.app import logs
from automation.browser.environment import record
from automation.cli import options, terminal
from automation.text.redaction import Redactor


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call of the program ended with."""

    code: int
    out: str
    err: str

    def ended(self, code: int, *said: str, out: tuple[str, ...] = ()) -> None:
        """Make sure that it ended so, and said this on standard error and that on standard output."""
        assert self.code == code, self
        for word in said:
            assert word in self.err
        for word in out:
            assert word in self.out


Program = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder, no variables of the machine, and a log that is put back."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("TEMOIN_")]:
        monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    root = logging.getLogger()
    before = root.handlers[:], root.level
    options.given.begin(None)
    yield
    options.given.begin(None)
    logger.remove()
    root.handlers[:], root.level = before
    logs._current = Redactor()


@pytest.fixture
def at_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal and a screen, outside of CI."""
    for name in ("CI", *record._CI):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr(terminal, "is_terminal", lambda: True)


@pytest.fixture
def temoin() -> Program:
    """
    The program: arguments in, exit code and both outputs out.

    What is piped into it, where something is; what stands in for the world around it; another program of the same frame.
    """

    def call(*arguments: str, piped: str | None = None, around: object = None, app: Typer = cli.app) -> Answer:
        with CliRunner().isolation(piped) as (out, err, _):
            try:
                _commands(app, arguments).main(arguments, prog_name="temoin", obj=around)
            except SystemExit as ended:
                code = int(ended.code or 0)
            sys.stdout.flush()
            sys.stderr.flush()
            return Answer(code, out.getvalue().decode(), err.getvalue().decode())

    return call


def _commands(app: Typer, arguments: tuple[str, ...]) -> Any:
    """
    Its commands, made once for all calls: that takes longer than most of them.

    Not where help is asked for, which is translated in place, nor for completion, which looks at the machine first.
    """
    asks_for_help = not arguments or arguments[0].startswith("-") or {"-h", "--help"}.intersection(arguments)
    in_english = os.environ["LANG"].startswith("en") and "fr" not in " ".join(arguments).replace("=", " ").split()
    return get_command(app) if asks_for_help or not in_english else _made_once(app)


_made_once = cache(get_command)
