"""
Words and sentences of a table, found by how they begin: of hundreds of templates a page needs a handful.

Compiling a regular expression costs a hundred times what it costs to see that a text does not hold its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self


def beginnings(template: str) -> frozenset[str]:
    """
    How texts that fit a template can begin; holds an empty one where that is left open.

    Args:
        template: folded, with `(a|b)` and `…`, as `automation.text.templates.grouped` reads it.
    """
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
        """
        Sort templates by how they begin.

        Args:
            texts: as they stand in the table.
            folded: how they are compared.
            compiled: from one of the texts to what fits it.
        """
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
