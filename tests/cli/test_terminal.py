"""A person at the terminal: a yes or no in their language, and what is shown while something takes long."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
import typer
from rich.console import Console

from automation.cli import terminal
from automation.cli.options import where_the_program_is
from automation.cli.terminal import agrees
from automation.config import load
from automation.text.language import language
from tests.builders import a_guide


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        ("oui\n", False, True), ("O\n", False, True), ("y\n", False, True), ("non\n", True, False), ("n\n", True, False),
        ("\n", True, True), ("\n", False, False), ("peut-être\noui\n", False, True),
    ],
)  # fmt: skip
def test_oui_is_a_yes(
    typed: str, default: bool, answer: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is neither is asked again, Enter alone says the default, and the choice is shown in the language."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert agrees("Encore un compte ?", language("fr"), default=default) is answer
    assert f"Encore un compte ? {'[O/n]' if default else '[o/N]'} " in capsys.readouterr().err


def test_the_end_of_the_input_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is broken off, as by Ctrl-C."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(typer.Abort):
        agrees("Another account?", language("en"), default=True)


def test_a_remedy_says_where_the_program_is_that_the_shell_would_not_find(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not where no command is named, nor where the shell finds it."""
    program = tmp_path / ".venv" / "bin" / "temoin"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(program)])
    monkeypatch.setenv("PATH", "/nowhere")
    assert where_the_program_is("Run `temoin account login a`.", language("en")).endswith(
        str(Path(".venv") / "bin" / "temoin.")
    )
    assert where_the_program_is("Correct that line.", language("en")) == ""
    monkeypatch.setenv("PATH", str(program.parent))
    assert where_the_program_is("Run `temoin account login a`.", language("en")) == ""


def test_without_a_file_nothing_lies_beside_it() -> None:
    """The empty file in the place of a configuration is no folder for the evidence."""
    assert load(Path(os.devnull)).output == Path("temoin-evidence")


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("en", ["1/3", "claire signing in", "grace  objection form, first address"]),
        ("fr", ["1/3", "claire connexion", "grace  formulaire d’opposition, première adresse"]),
    ],
)
def test_each_account_under_way_has_its_line(lang: str, shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is done has none any more, one that is waiting none yet."""
    console = Console(force_terminal=True, width=60, file=io.StringIO(), color_system=None)
    form = {"en": "objection form, first address", "fr": "formulaire d'opposition, première adresse"}
    guides = {"grace": a_guide(surfaces={"form_a": form})}
    monkeypatch.setattr("rich.console.Console", lambda **_: console)
    with terminal.shown(3, language(lang), guides=guides) as tell:
        for account, what in (
            ("claire", "started"), ("grace", "started"), ("done", "started"), ("claire", "sign_in"),
            ("grace", "form_a"), ("done", "objected"),
        ):  # fmt: skip
            tell(account, what)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    last = text[text.rindex("1/3") :]
    assert all(line in text for line in shown)
    assert "done" not in last


def test_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal nothing is written."""
    with terminal.shown(2, language("en")) as tell:
        tell("claire", "started")
        tell("claire", "objected")
    assert capsys.readouterr() == ("", "")
