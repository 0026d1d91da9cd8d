"""Patterns for hosts, paths, queries and operation names: `*` stands for anything, all else for itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


def _regex(pattern: str) -> str:
    return ".*".join(re.escape(part) for part in pattern.split("*"))


@dataclass(frozen=True)
class Patterns:
    """A list of patterns, compiled once; a text matches if one of them fits it whole."""

    texts: tuple[str, ...] = ()
    any_case: bool = False

    @classmethod
    def of(cls, texts: Iterable[str], *, any_case: bool = False) -> Self:
        """Build from any iterable of patterns."""
        return cls(tuple(texts), any_case)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        flags = re.DOTALL | (re.IGNORECASE if self.any_case else 0)
        # (?!) never matches: an empty list fits nothing.
        return re.compile("|".join(f"(?:{_regex(text)})" for text in self.texts) or "(?!)", flags)

    def fit(self, text: str) -> bool:
        """Whether one of the patterns fits the whole text."""
        return self._compiled.fullmatch(text) is not None

    def __bool__(self) -> bool:
        return bool(self.texts)


def most_specific(patterns: Iterable[str], host: str) -> str | None:
    """
    The pattern that says most about a host: itself before any wildcard, then the longest wildcard.

    `*.example.org` covers every depth below example.org, not example.org itself.
    """
    fitting = [pattern for pattern in patterns if pattern == host or Patterns((pattern,)).fit(host)]
    return max(fitting, key=lambda pattern: (pattern == host, len(pattern)), default=None)
