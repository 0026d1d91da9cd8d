"""Asking a person for a yes or a no, in their language: `oui` is a yes to whoever is asked in French."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
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
