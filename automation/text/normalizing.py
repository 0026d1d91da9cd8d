"""Comparing words as a person would: the same letters, whatever the typography."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_QUOTES = str.maketrans(
    "’‘ʼ`´“”„«»‹›–—‑",
    '\'\'\'\'\'"""""""---',
    "\u00ad\u200b\u200e\u200f\u2060\ufeff",  # nothing of these is seen
)
_AT_HAND = 2048
"""Texts kept folded: every sentence of a page is compared with hundreds of words."""
_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){6,}")
_ITEM = re.compile(r"\s*(?:[-–•·*▪◦‣✓✔✅☑]|\(?\d{1,2}[.)])\s+\S")
_PICTOGRAM = r"[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff][\ufe0f\u200d]*"
_SENTENCE_END = re.compile(
    rf"(?<=[.!?…。])(?<!^\d\.)(?<!^\d\d\.)[\"')\]]*\s+|\n\s*\n|\s*(?<!\S)(?:{_PICTOGRAM})+(?:\s+|$)"
)


@lru_cache(maxsize=_AT_HAND)
def fold(text: str) -> str:
    """Fold normal form, case, white space, quotes and dashes; nothing else, so that words keep their meaning."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_QUOTES)).strip().casefold()


_CONTRACTIONS = (
    ("can't", "cannot"),
    ("can not", "cannot"),
    ("won't", "will not"),
    ("n't", " not"),
    ("it's", "it is"),
    ("that's", "that is"),
    ("i'm", "i am"),
    ("'ve", " have"),
    ("'re", " are"),
    ("'ll", " will"),
)


@lru_cache(maxsize=_AT_HAND)
def spell_out(folded: str) -> str:
    """Folded English with its contractions written out, so that "won't" and "will not" are one; others unchanged."""
    for short, long in _CONTRACTIONS:
        folded = folded.replace(short, long)
    return folded


_ICON_BEHIND = re.compile(
    r"(?:\s*(?:arrow_\w+|expand_(?:more|less)|keyboard_\w+|chevron_\w+|navigate_\w+|unfold_\w+|more_(?:vert|horiz)))+$"
)
"""Names of icons that a font draws as one sign: Google's pages hold them as text."""
SIGNS_BEHIND = re.compile(r"[\s\"'›»>→❯▸▶⌄▾\ue000-\uf8ff]+$")
"""Arrows and symbols of a font at the end of a text."""


def fold_label(text: str) -> str:
    """Fold a control's label: also without the marks that sites hang on it (`*`, `:`, `…`)."""
    return fold(text).rstrip(" *:….").strip()


def without_signs(text: str) -> str:
    """A label, folded, without the arrow, icon or symbol of a font that may stand behind it."""
    folded = fold_label(text)
    return SIGNS_BEHIND.sub("", _ICON_BEHIND.sub("", folded)) or folded


def fold_words(text: str) -> str:
    """The words of a text alone: without punctuation, arrows and other marks."""
    return " ".join(_WORD.findall(fold(text)))


def sentences(text: str) -> list[str]:
    """Split one block of text into sentences; an emoji that stands alone ends one as a full stop does."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def is_item(line: str) -> bool:
    """Whether a line begins with the mark of a list's item."""
    return _ITEM.match(line) is not None


def lines_apart(text: str) -> list[str]:
    """
    Split one block of text where a line was ended on purpose, and not because it was full.

    That is where the next line begins as a sentence does, and its first word would still have found room; or where it
    is an item of a list.
    """
    lines = text.split("\n")
    room = max(map(len, lines))
    pieces, written = lines[:1], ""
    for before, line in pairwise(lines):
        written = before.strip() or written
        first = line.lstrip(" \t\"'([-–•·*>¡¿")
        full = len(before) + 1 + len(line.split(" ", 1)[0]) > room
        listed = is_item(line) and (written.endswith(":") or is_item(pieces[-1]))
        if not listed and (first[:1].islower() or full or not before.strip()):
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return pieces


def quote(text: str, limit: int = 240) -> str:
    """Shorten an excerpt for evidence, with e-mail addresses and long numbers masked."""
    masked = _LONG_NUMBER.sub("[number]", _EMAIL.sub("[e-mail]", _SPACE.sub(" ", text).strip()))
    return masked if len(masked) <= limit else masked[: limit - 1] + "…"


def base_language(locale: str) -> str:
    """`fr` of `fr-CA` or `fr_CA`."""
    return locale.replace("_", "-").partition("-")[0].casefold()


def canonical_locale(text: str) -> str:
    """BCP-47 spelling of a page's language: `fr_FR` → `fr-FR`; empty where it says nothing usable."""
    match = re.fullmatch(r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_].*)?\s*", text)
    if match is None:
        return ""
    language, script, region = match.groups()
    parts = [language.lower(), script.title() if script else None, region.upper() if region else None]
    return "-".join(part for part in parts if part)
