"""Short patterns that tables of words are written in: `(a|b)` alternatives, `…` up to 60 letters of one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from automation.text.normalizing import fold, spell_out

GAP = r"[^.!?]{0,60}?"
"""What `…` stands for."""
_PIECES = re.compile(r"(…|\?|\{\w+\})")


def pattern_of(template: str, holes: Mapping[str, str] | None = None) -> str:
    """
    The regular expression of a template, for folded text with contractions spelled out.

    Args:
        template: `(a|b)` gives alternatives, within one another too, `…` a gap, `x?` makes the letter before
            it optional.
        holes: name → regular expression, for `{name}`.
    """

    def literal(text: str) -> str:
        pieces = (piece for piece in _PIECES.split(text) if piece)
        return "".join(
            GAP
            if piece == "…"
            else piece
            if piece == "?"
            else (holes or {})[piece[1:-1]]
            if piece[0] == "{"
            else re.escape(piece)
            for piece in pieces
        )

    return grouped(spell_out(fold(template).replace("...", "…")), literal)


def grouped(template: str, literal: Callable[[str], str]) -> str:
    """
    The regular expression of a text with groups `(a|b)`; of the alternatives the longest is tried first.

    Args:
        template: folded.
        literal: the regular expression of what stands between brackets and bars.
    """
    pattern, _ = _alternatives(template, 0, literal, within=False)
    return pattern


def _alternatives(template: str, at: int, literal: Callable[[str], str], *, within: bool) -> tuple[str, int]:
    """The alternatives from a place on, up to the bracket that closes them; and the place after that."""
    found, made, begins, plain = list[tuple[int, str]](), "", at, at
    while at < len(template) and not (within and template[at] == ")"):
        mark = template[at]
        if mark == "(" or (within and mark == "|"):
            made += literal(template[plain:at])
            if mark == "(":
                group, at = _alternatives(template, at + 1, literal, within=True)
                made += f"(?:{group})"
            else:
                found.append((at - begins, made))
                made, begins, at = "", at + 1, at + 1
            plain = at
        else:
            at += 1
    found.append((at - begins, made + literal(template[plain:at])))
    return "|".join(option for _, option in sorted(found, key=lambda one: -one[0])), at + 1


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
