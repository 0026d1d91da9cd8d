"""
What a service says of its decision in words of its own: that it is taken back, or that it was carried out.

A table of sentences is never complete. What can be told are the kinds of words that meet in a clause: who ends what,
for how long, for whom, or what is noted where.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

_HOLE = re.compile(r"\{(\w+)\}")
_KINDS = ("taken_back", "deferred", "assures", "leaves_whole")


@lru_cache(maxsize=16)
def own_words_in(language: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a language, by their kind; one that fits nothing where it has no table."""
    table = _tables().get(language, {})
    words: dict[str, str] = table.get("words", {})
    return {kind: re.compile("|".join(_filled(p, words) for p in table.get(kind, ())) or r"(?!)") for kind in _KINDS}


def _filled(pattern: str, words: dict[str, str]) -> str:
    """A pattern with each `{name}` replaced by the words of that kind, which may hold such names themselves."""
    while (filled := _HOLE.sub(lambda hole: words.get(hole[1], hole[0]), pattern)) != pattern:
        pattern = filled
    return pattern


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    path = files("automation.reading") / "letter_own_words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
