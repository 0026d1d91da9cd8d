"""The words that the stand-in pages show, each with the place it is known from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

from collections.abc import Mapping

from automation.core.errors import FlowError

MADE_UP = "made up"
"""How the source of an invented word begins."""


@dataclass(frozen=True, slots=True)
class Word:
    """One text in one language."""

    text: str
    source: str
    """Where it is documented; begins with `made up` for an invented one."""

    @property
    def made_up(self) -> bool:
        """Whether no source gives it."""
        return self.source.startswith(MADE_UP)


@dataclass(frozen=True, slots=True)
class ReplicaWords:
    """Texts by key and locale. Locales are BCP-47; a bare language stands for all its regions."""

    entries: Mapping[str, Mapping[str, Word]]
    fallbacks: Mapping[str, str]
    """Keys that real pages leave in another language, with that language."""

    def word(self, key: str, locale: str) -> Word:
        """
        Find a text: the exact locale, then its language, then the entry's own fallback.

        Raises: FlowError, where the key has no text in that language.
        """
        entry = self.entries.get(key)
        if entry is None:
            raise FlowError(f"The replica has no words called {key!r}.", "Add them to a words.toml.")
        for name in (locale, locale.partition("-")[0], self.fallbacks.get(key, "")):
            if name in entry:
                return entry[name]
        raise FlowError(f"The replica's words {key!r} say nothing in {locale}.", "Add that language.")

    def text(self, key: str, locale: str) -> str:
        """Text of `word`."""
        return self.word(key, locale).text


def load_words(files: Iterable[Path]) -> ReplicaWords:
    """
    Read word files; a later file replaces single texts of an earlier one.

    A file holds a table a key. `source` counts for all its texts, `fallback` names the language that is shown
    where there is none; every other key is a locale, with a text or `{ text = …, source = … }`.

    Raises: FlowError, for a text without a source.
    """
    entries: dict[str, dict[str, Word]] = {}
    fallbacks: dict[str, str] = {}
    for path in files:
        for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            source = table.pop("source", "")
            fallback = table.pop("fallback", None)
            if fallback:
                fallbacks[key] = fallback
            entry = entries.setdefault(key, {})
            for locale, value in table.items():
                entry[locale] = _word(path, key, locale, value, source)
    return ReplicaWords(entries, fallbacks)


def _word(path: Path, key: str, locale: str, value: Any, source: str) -> Word:
    text, own = (value["text"], value.get("source", source)) if isinstance(value, dict) else (value, source)
    if not own or not isinstance(text, str):
        raise FlowError(f"{path.name}: [{key}] {locale} has no source.", 'Add source = "…".')
    return Word(text, own)
