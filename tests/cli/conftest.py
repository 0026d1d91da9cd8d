"""Calling the program as a person does, without starting another process."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from loguru import logger
from typer import Typer
from typer.testing import CliRunner

from automation import cli
from automation.browser.environment import record
from automation.cli.shared import common, logs, terminal
from automation.text.redaction import Redactor


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call of the program ended with."""

    code: int
    out: str
    err: str


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
    common.given = common.CommonOptions()
    yield
    common.given = common.CommonOptions()
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
        ended = CliRunner().invoke(app, arguments, piped, catch_exceptions=False, prog_name="temoin", obj=around)
        return Answer(ended.exit_code, ended.stdout, ended.stderr)

    return call
