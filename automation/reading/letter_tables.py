"""The patterns in which letters of support desks are described, by language: `letter_parts.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.text.templates import anywhere, beginning, whole

PARTS = (
    "greeting", "thanks", "about", "reference", "status", "effect", "scope", "caveat", "next", "survey",
    "do_not_reply", "delay", "signature", "legal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grammar:
    """The patterns of one language, for folded text with contractions spelled out."""

    leads: re.Pattern[str]
    acts: re.Pattern[str]
    decides: re.Pattern[str]
    undoing: re.Pattern[str]
    undoes: re.Pattern[str]
    earlier: re.Pattern[str]
    received: re.Pattern[str]
    supersedes: re.Pattern[str]
    upholds: re.Pattern[str]
    closes: re.Pattern[str]
    names_it: re.Pattern[str]
    again: re.Pattern[str]
    means: re.Pattern[str]
    inverted: re.Pattern[str]
    parts: tuple[tuple[str, re.Pattern[str]], ...]

    def upright(self, clause: str) -> str:
        """A clause with its subject before its verb again, where an adverb stood before both."""
        return self.inverted.sub(r"\2 \1", clause, count=1)


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, Any]]:
    """The tables of every language, as they are written."""
    return tomllib.loads((files("automation.reading") / "letter_parts.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def grammar_of(language: str) -> Grammar:
    """The patterns of a language that has a table."""
    table = tables()[language]
    parts = tuple((name, beginning(table[name])) for name in PARTS)
    return Grammar(
        leads=beginning(table["leads"]),
        acts=anywhere(table["acts"]),
        undoing=re.compile("|".join(rf"(?<!\w){stem}" for stem in table["undoing"])),
        decides=re.compile("|".join(rf"(?<!\w){stem}" for stem in table["decides"])),
        undoes=anywhere(table["undoes"]),
        earlier=beginning(table["earlier"]),
        received=beginning(table["received"]),
        supersedes=re.compile(f"(?:{anywhere(table['supersedes']).pattern})$"),
        upholds=whole(table["upholds"]),
        closes=whole(table["closes"]),
        names_it=whole(table["names_it"]),
        again=anywhere(table["again"]),
        means=beginning(table["means"]),
        inverted=re.compile(rf"^{table['inverted']}(?!\w)" if "inverted" in table else r"(?!)()()"),
        parts=parts,
    )
