"""Finding a service by what somebody types: words in any order, without accents, and with a slip of the finger."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Entry = TypeVar("_Entry")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 4
"""Letters that a word needs to be taken for another one: shorter ones are near to too many."""
_NEAR = 0.75
_BEHIND = 0.3
"""How far behind the best an entry may be to be shown."""


def matching(entries: Sequence[_Entry], sought: str, text_of: Callable[[_Entry], str]) -> tuple[_Entry, ...]:
    """
    The entries that fit best, the best first, else in their order; all of them where nothing is sought.

    Args:
        entries: to choose from.
        sought: as typed. A word that stands in no entry is passed over, as long as another one does.
        text_of: what an entry is found by.
    """
    words = _words(sought)
    if not words:
        return tuple(entries)
    scored = [(_score(words, _words(text_of(entry))), entry) for entry in entries]
    best = max((score for score, _ in scored), default=0.0)
    kept = [(score, entry) for score, entry in scored if score > 0 and score >= best - _BEHIND]
    return tuple(entry for _, entry in sorted(kept, key=lambda found: -found[0]))


def _score(words: Sequence[str], there: Sequence[str]) -> float:
    """How many words fit, and how well; a name that was typed in two words counts as both."""
    return max(sum(_fit(word, there) for word in words), len(words) * _fit("".join(words), there))


def _fit(word: str, there: Sequence[str]) -> float:
    """1 where a word stands there or begins one, a little less inside of one, less than that for one that is near."""
    if any(other.startswith(word) for other in there):
        return 1.0
    if len(word) < _SHORTEST:
        return 0.0
    if any(word in other for other in there):
        return 0.95
    ratio = max((_likeness(word, other) for other in there), default=0.0)
    return 0.9 * ratio if ratio >= _NEAR else 0.0


def _likeness(word: str, other: str) -> float:
    """How near a word is to another, or to as much of its beginning as was typed."""
    return max(
        SequenceMatcher(None, word, part, autojunk=False).ratio() for part in {other, other[: len(word)]} if part
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text)
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)).casefold())
