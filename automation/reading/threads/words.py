"""The words by which a message list says who speaks and what it is made of: the rows of `words.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.text.normalizing import base_language, fold
from automation.text.templates import anywhere, beginning, whole

LANGUAGES = ("en", "fr", "de", "es", "it")
_BEGINNING = frozenset({"empty"})
_ANYWHERE = frozenset({"forwarded", "happenings", "partial"})
_HOLES = {
    "author": {"who": "(.{1,80}?)", "date": "(?:(?:at|um|à|a las|alle|[ ,])+)?"},
    "between": {"who": "(.{1,80}?)"},
    "sent": {"who": "(.{1,80}?)"},
    "more": {"count": r"(?:\+ ?)?(?:\d+ )?"},
    "collapsed": {"count": r"(?:\d+ )?", "number": r"(?: \(?\d+\)?)?"},
}


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("automation.reading.threads") / "words.toml").read_text(encoding="utf-8"))


def languages_of(locale: str) -> list[str]:
    """The page's language first, then English, in which services answer too; all where the page names none."""
    own = base_language(locale)
    return list(dict.fromkeys((own, "en"))) if own in LANGUAGES else [*LANGUAGES]


def _rows(key: str, locale: str, *, alone: bool = False) -> list[str]:
    return [row for language in ([locale] if alone else languages_of(locale)) for row in _tables()[key][language]]


@lru_cache(maxsize=512)
def phrases(key: str, locale: str, *, alone: bool = False) -> re.Pattern[str]:
    """
    The rows of a key in a page's language and in English, as one pattern for folded text.

    Args:
        key: as `words.toml` explains it. Most are to be matched whole, `empty` at the beginning of a text; those of
            what is mentioned (`forwarded`, `happenings`, `notices`, `partial`) are to be searched for.
        locale: of the page, BCP-47; every language counts where it is not known.
        alone: only this language, one of `LANGUAGES`.
    """
    rows = _rows(key, locale, alone=alone)
    if key in _BEGINNING:
        return beginning(rows)
    return anywhere(rows) if key in _ANYWHERE else whole(rows, _HOLES.get(key))


@lru_cache(maxsize=128)
def word_list(key: str, locale: str) -> frozenset[str]:
    """The single words of a key (`roles`, `tags`), folded."""
    return frozenset(fold(word) for row in _rows(key, locale) for word in row.strip("()").split("|"))


def forwards(line: str) -> bool:
    """Whether a line says, in any language, that a forwarded message follows."""
    return phrases("forwarded", "").search(fold(line)) is not None
