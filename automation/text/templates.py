"""Short patterns that tables of words are written in: `(a|b)` alternatives, `…` up to 60 letters of one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from automation.text.normalizing import fold, spell_out

GAP = r"[^.!?]{0,60}?"
"""What `…` stands for."""
_PIECES = re.compile(r"(\([^()]*\)|…|\?|\{\w+\})")


def pattern_of(template: str, holes: Mapping[str, str] | None = None) -> str:
    """
    The regular expression of a template, for folded text with contractions spelled out.

    Args:
        template: `(a|b)` gives alternatives, `…` a gap, `x?` makes the letter before it optional, in alternatives too.
        holes: name → regular expression, for `{name}`.
    """
    made = []
    for piece in _PIECES.split(spell_out(fold(template).replace("...", "…"))):
        if piece.startswith("(") and piece.endswith(")"):
            options = (re.escape(option).replace(r"\?", "?") for option in piece[1:-1].split("|"))
            made.append("(?:" + "|".join(options) + ")")
        elif piece == "…":
            made.append(GAP)
        elif piece == "?":
            made.append("?")
        elif piece.startswith("{"):
            made.append((holes or {})[piece[1:-1]])
        else:
            made.append(re.escape(piece))
    return "".join(made)


def whole(templates: Iterable[str], holes: Mapping[str, str] | None = None) -> re.Pattern[str]:
    """Any of the templates; to be matched with `fullmatch`."""
    return re.compile("|".join(f"(?:{pattern_of(template, holes)})" for template in templates))


def beginning(templates: Iterable[str]) -> re.Pattern[str]:
    """Any of the templates at the beginning of a text, up to the end of a word."""
    return re.compile("|".join(f"(?:{pattern_of(t)}{_end(t)})" for t in templates))


def anywhere(templates: Iterable[str]) -> re.Pattern[str]:
    """Any of the templates anywhere in a text, as words of their own."""
    return re.compile("|".join(rf"(?:(?<!\w){pattern_of(t)}{_end(t)})" for t in templates))


def _end(template: str) -> str:
    return r"" if template.endswith((" ", "…", "( |):")) else r"(?!\w)"
