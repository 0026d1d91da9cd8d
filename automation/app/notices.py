"""What goes wrong beside what was asked for, and costs it nothing: told at once, by whoever talks to the user."""

from __future__ import annotations

import sys
from typing import Protocol

from automation.text.catalogue import N_


class Teller(Protocol):
    """Shows a notice."""

    def __call__(self, text: str, remedy: str, mark: str) -> None:
        """Show it: English, as in errors, or a sentence in the user's language already."""


def _in_english(text: str, remedy: str, mark: str) -> None:
    print(f"{mark} {text}", *([f"  → {remedy}"] if remedy else []), sep="\n", file=sys.stderr)  # noqa: T201


NAMELESS_LINE = N_("%(file)s, line %(line)s has no NAME=, and is passed over.")
"""Of a `.env`; it never repeats the line, which may be a key."""
_teller: list[Teller] = [_in_english]


def told_by(teller: Teller) -> None:
    """From now on notices are shown by this one, in the whole process; jobs of the window have threads of their own."""
    _teller[0] = teller


def tell(text: str, remedy: str = "", *, mark: str = "!") -> None:
    """Tell what is wrong and what to do, and go on; the mark is `✗` where something was passed over."""
    _teller[0](text, remedy, mark)
