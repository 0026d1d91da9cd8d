"""What goes wrong beside what was asked for, and costs it nothing: told at once, by whoever talks to the user."""

from __future__ import annotations

import sys
from collections.abc import Callable

from automation.text.catalogue import N_

NAMELESS_LINE = N_("%(file)s, line %(line)s has no NAME=, and is passed over.")
"""Of a `.env`; it never repeats the line, which may be a key."""
Teller = Callable[[str, str, str], None]
"""Shows a text and its remedy, English as in errors or in the user's language already, behind a mark."""
_teller: list[Teller] = [
    lambda text, remedy, mark: print(f"{mark} {text}" + (f"\n  → {remedy}" if remedy else ""), file=sys.stderr)  # noqa: T201
]


def told_by(teller: Teller) -> None:
    """From now on notices are shown by this one, in the whole process; jobs of the window have threads of their own."""
    _teller[0] = teller


def tell(text: str, remedy: str = "", *, mark: str = "!") -> None:
    """Tell what is wrong and what to do, and go on; the mark is `✗` where something was passed over."""
    _teller[0](text, remedy, mark)
