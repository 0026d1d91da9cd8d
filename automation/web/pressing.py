"""What the program advises, with the name of the button where a command has one in this window."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.reports.advice import Advice
    from automation.text.language import Language

SIGN_IN, SIGN_IN_AGAIN = N_("Sign in"), N_("Sign in again")
BUTTONS: Mapping[str, str] = {
    "login": SIGN_IN_AGAIN,
    "check": N_("Check the account now"),
    "object": N_("File an objection"),
    "look": N_("Say what the picture shows"),
    "inbox": N_("Look for answers now"),
    "verify": N_("Verify the evidence"),
    "init": N_("Add an account"),
}
"""Command → the button that does the same here."""
_COMMAND = re.compile(rf"(`?)temoin ({'|'.join(BUTTONS)})(?![\w-])(?: (?!--|[a-z-]* )[^\s`,;]*[^\s`,;.])?\1")
_WITHOUT_BUTTON = re.compile(r"--attended|temoin session confirm")
"""What only the command line has, for sessions that never saw a window: a step with it is left out here."""


def pressed(text: str, words: Language, *, signed_in: bool = True) -> str:
    """A text, in whatever language, with the names of buttons where it names their commands."""

    def button(found: re.Match[str]) -> str:
        name = SIGN_IN if found[2] == "login" and not signed_in else BUTTONS[found[2]]
        return words.quoted(words.gettext(name))

    return _COMMAND.sub(button, text)


def in_window(advice: Advice, words: Language, *, signed_in: bool) -> Advice:
    """What to do about a result, with the buttons of this window."""
    steps = (step for step in advice.steps if not _WITHOUT_BUTTON.search(step.text))
    return replace(
        advice, steps=tuple(replace(step, text=pressed(step.text, words, signed_in=signed_in)) for step in steps)
    )
