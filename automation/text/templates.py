"""
Short patterns that tables of words are written in: `(a|b)` alternatives, `…` up to 60 letters of one sentence.

Words and sentences of a table are found by how they begin: of hundreds of templates a page needs a handful, and
compiling a regular expression costs a hundred times what it costs to see that a text does not hold its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

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
        known = {"…": GAP, "?": "?"} | {f"{{{name}}}": pattern for name, pattern in (holes or {}).items()}
        return "".join(known[piece] if _PIECES.fullmatch(piece) else re.escape(piece) for piece in _PIECES.split(text))

    return grouped(spell_out(fold(template).replace("...", "…")), literal)


def grouped(template: str, literal: Callable[[str], str]) -> str:
    """
    The regular expression of a folded text with groups `(a|b)`; of the alternatives the longest is tried first.

    `literal` gives the expression of what stands between brackets and bars.
    """
    return _alternatives(template, 0, literal, within=False)[0]


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


def beginnings(template: str) -> frozenset[str]:
    """How texts that fit a folded template (see `grouped`) can begin; holds an empty one where that is left open."""
    plain = re.split(r"[(…]", template, maxsplit=1)[0]
    if plain or not template.startswith("("):
        return frozenset({plain})
    options, rest = _options(template)
    return frozenset(start for option in options for start in beginnings(option + rest))


def _options(template: str) -> tuple[list[str], str]:
    """The alternatives of the group that a template starts with, and what follows the group."""
    options, depth, begins = list[str](), 0, 1
    for at, mark in enumerate(template):
        depth += (mark == "(") - (mark == ")")
        if depth == 0 or (depth == 1 and mark == "|"):
            options.append(template[begins:at])
            begins = at + 1
        if depth == 0:
            return options, template[at + 1 :]
    return [*options, template[begins:]], ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is compiled once a text begins as it does."""

    text: str
    """As it stands in the table."""
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """Those of one key in one language."""

    each: tuple[Template, ...]
    begins: tuple[str, ...]
    """How texts begin that fit one of them."""
    compiled: Callable[[str], re.Pattern[str]]
    """From a template to what fits it, from its first letter on."""

    @classmethod
    def of(cls, texts: Iterable[str], folded: Callable[[str], str], compiled: Callable[[str], re.Pattern[str]]) -> Self:
        """Sort templates, as they stand in a table, by how they begin; see `compiled`, and how texts are `folded`."""
        each = tuple(Template(text, tuple(beginnings(folded(text)))) for text in dict.fromkeys(texts))
        return cls(each, tuple(dict.fromkeys(start for one in each for start in one.begins)), compiled)

    def at_start(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Each template that a folded text starts with, and where that ends."""
        if text.startswith(self.begins):
            for one in self.each:
                if text.startswith(one.begins) and (match := self.compiled(one.text).match(text)):
                    yield one.text, match

    def anywhere(self, text: str) -> bool:
        """Whether one stands in a folded text, from the beginning of a word on."""
        places = {start: [*_places(start, text)] for start in self.begins if start in text}
        return any(
            self.compiled(one.text).match(text, at) is not None
            for one in self.each
            for start in one.begins
            for at in places.get(start, ())
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase, or the beginning, the end or the midst of one."""

    text: str
    """Folded."""
    begins: bool
    """Whether no letter may stand before it."""
    ends: bool
    """Whether no letter may stand after it."""

    def stands_in(self, text: str) -> bool:
        """Whether it stands in a folded text."""
        if self.text not in text:
            return False
        places = _places(self.text, text) if self.begins else _anyhow(self.text, text)
        return any(not self.ends or not _is_letter(text[at + len(self.text) :][:1]) for at in places)


def _places(start: str, text: str) -> Iterator[int]:
    """Where a text holds a beginning that no letter stands before."""
    return (at for at in _anyhow(start, text) if at == 0 or not _is_letter(text[at - 1]))


def _anyhow(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _is_letter(mark: str) -> bool:
    r"""As `\w` of a regular expression."""
    return mark.isalnum() or mark == "_"
