"""
Sentences with values in them, in another language.

Errors and log lines are written in English where they happen, as `f"there is no {path}"`. The catalogue holds them as
`there is no %(path)s`; here a finished sentence finds its entry again, and its values go into the translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_VALUE = re.compile(r"%\((\w+)\)s")
_LEAD = re.compile(r"\s*(?:[→✗!-]\s+)?")
_END = re.compile(r"(?<=[.?!]) ")
_PLACE = re.compile(r"(?:\S+: )+")
"""Where something is wrong, in front of what: `temoin.toml:12: `, "`key`: "."""
_LEAST = 5
"""Letters of its own that an entry with values needs; one such as `%(name)s: %(text)s` would fit everything."""
_DEEPEST = 4
"""How deep a sentence may stand in another, as its value."""


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    translation: str
    literal: tuple[int, int]
    """Letters that are no value, and characters: of two entries that fit, the one with more is meant."""


class SaidSentences:
    """Finds finished sentences in a catalogue."""

    def __init__(self, sentences: Iterable[tuple[str, str]], typeset: Callable[[str], str]) -> None:
        self._whole: dict[str, str] = {}
        entries = []
        for sentence, translation in sentences:
            self._whole[sentence.replace("%%", "%")] = typeset(translation.replace("%%", "%"))
            bare = _VALUE.sub("", sentence)
            literal = sum(letter.isalpha() for letter in bare)
            if literal >= _LEAST and _VALUE.search(sentence):
                entries.append(_Entry(_pattern(sentence), typeset(translation), (literal, len(bare))))
        self._entries = sorted(entries, key=lambda entry: entry.literal, reverse=True)

    def __call__(self, text: str) -> str:
        """The text in the other language; what the catalogue does not know stays as it is."""
        return self._text(text, _DEEPEST)

    def _text(self, text: str, depth: int) -> str:
        """Line by line where each line is known; else as a whole, which a value of several lines may need."""
        if whole := self._whole.get(text):
            return whole
        lines = text.split("\n")
        told = [self._line(line, depth) for line in lines]
        whole = None if all(told) or len(lines) == 1 else self._with_values(text, depth)
        return whole or "\n".join(one or line for one, line in zip(told, lines, strict=True))

    def _line(self, line: str, depth: int) -> str | None:
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        said = self._sentence(line[start:], depth)
        return line[:start] + said if said else None

    def _sentence(self, text: str, depth: int) -> str | None:
        """The translation of a text: as a whole, with values, after a place, or sentence by sentence."""
        if known := self._known(text):
            return known
        if not text or depth == 0:
            return None
        if (place := _PLACE.match(text)) and (rest := self._known(text[place.end() :])):
            return place[0] + rest
        return self._with_values(text, depth) or self._after_place(text, depth) or self._one_by_one(text, depth)

    def _known(self, text: str) -> str | None:
        """A text without values in it, whatever the full stop."""
        bare = text.rstrip(". ")
        forms = ((text, ""), (bare, text[len(bare) :]), (f"{bare}.", ""))
        return next((self._whole[known] + ending for known, ending in forms if known in self._whole), None)

    def _with_values(self, text: str, depth: int) -> str | None:
        bare = text.rstrip(".")
        for entry in self._entries:
            for candidate, ending in ((text, ""), (bare, text[len(bare) :])):
                if match := entry.pattern.fullmatch(candidate):
                    found = match.groupdict(default="")
                    values = {name: self._value(value, depth) for name, value in found.items()}
                    return (entry.translation % values).lstrip() + ending
        return None

    def _value(self, value: str, depth: int) -> str:
        return self._text(value, depth - 1) if " " in value else value

    def _after_place(self, text: str, depth: int) -> str | None:
        """`temoin.toml:12: a sentence`."""
        place, separator, rest = text.partition(": ")
        said = self._sentence(rest, depth - 1) if separator else None
        return f"{place}{separator}{said}" if said else None

    def _one_by_one(self, text: str, depth: int) -> str | None:
        first, *others = _END.split(text, maxsplit=1)
        if not others:
            return None
        one, rest = self._sentence(first, depth - 1), self._sentence(others[0], depth - 1)
        return f"{one or first} {rest or others[0]}" if one or rest else None


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _VALUE.split(sentence)
    pattern = ""
    seen: set[str] = set()
    if len(parts) > 3 and not parts[0] and parts[2].startswith(" "):
        # `Did you mean …? Known accounts: …`: what stands first may be nothing, and the blank behind it goes with it
        seen.add(parts[1])
        parts[:3] = [parts[2][1:]]
        pattern = f"(?:(?P<{next(iter(seen))}>.*?) )?"
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part.replace("%%", "%"))
        else:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.*?)"
            seen.add(part)
    return re.compile(pattern, re.DOTALL)
