"""What a person sees while accounts are looked at: how many are done, and what each of the others is doing."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from automation.cli import terminal
from automation.text.language import language
from tests.builders import a_guide


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("en", ["1/3", "claire signing in", "grace  objection form, first address"]),
        ("fr", ["1/3", "claire connexion", "grace  formulaire d’opposition, première adresse"]),
    ],
)
def test_each_account_under_way_has_its_line(lang: str, shown: list[str]) -> None:
    """One that is done has none any more, one that is waiting none yet."""
    console = Console(force_terminal=True, width=60, file=io.StringIO(), color_system=None)
    form = {"en": "objection form, first address", "fr": "formulaire d'opposition, première adresse"}
    guides = {"grace": a_guide(surfaces={"form_a": form})}
    with terminal._lines(console, 3, language(lang), guides) as tell:
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
