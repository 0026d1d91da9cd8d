"""To whom the service's messages in a thread are addressed: a case that somebody else shared greets somebody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from automation.reading.threads.authors import GREETING, parts_of
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.text.names import ANYBODY
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.page import Block

_TITLES = frozenset(
    (
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "m", "mme", "mlle", "monsieur", "madame", "herr",
        "frau", "señor", "señora", "sr", "sra", "signor", "signora",
    )
)  # fmt: skip

_NO_NAMES = frozenset(
    (
        "account", "accounts", "ai", "business", "centre", "center", "creator", "ireland", "limited", "main",
        "messenger", "operations", "page", "personal", "platforms", "privacy", "private", "products", "profile",
        "public", "support", "team", "threads", "user", "users", "whatsapp",
    )
)  # fmt: skip
"""Words that stand where a name may, with a capital: "Account: Personal"."""
_MOST_WORDS_OF_A_NAME = 4
_CALLED = re.compile(r"(?:^|(?<=[.!?] ))([^\W\d_][\w'’-]+), (?=\w)", re.MULTILINE)
_WITHIN, _AROUND = re.compile(r"[-’']"), ".'’-"
"""Signs within a name and around it: "Anne-Marie", "O'Neill"."""


def greets_another(turns: Sequence[Turn], holder: AbstractSet[str], service: AbstractSet[str]) -> bool:
    """
    Whether the service greets somebody by a name that is not the holder's.

    Args:
        turns: of the thread.
        holder: names of the account's holder, folded; where there are none, nobody can tell.
        service: the service's own names, folded.
    """
    known = _known(holder)
    if not known:
        return False
    return any(_is_a_name(name, service) and not (set(parts_of(name)) & known) for name in _greeted(turns))


def greets_the_holder(turns: Sequence[Turn], holder: AbstractSet[str]) -> bool:
    """Whether the service greets the account's holder by name, and nobody by a name that is not theirs."""
    known, greeted = _known(holder), _greeted(turns)
    return bool(greeted) and all(set(parts_of(name)) & known for name in greeted)


def without_the_holders_name(blocks: Sequence[Block], holder: AbstractSet[str]) -> tuple[Block, ...]:
    """The paragraphs without the holder's first name where it stands before a sentence: "Maya, we will …"."""
    first = {fold(name).partition(" ")[0] for name in holder if name}
    return tuple(replace(block, text=_CALLED.sub(partial(_unless, first), block.text)) for block in blocks)


def _unless(names: AbstractSet[str], called: re.Match[str]) -> str:
    return "" if fold(called[1]) in names else called[0]


def is_somebody_else(name: str, holder: AbstractSet[str], service: AbstractSet[str]) -> bool:
    """
    Whether a name, as it stands in a text, is a person's who is not the holder; where no holder is known, nobody's.

    Of two of one family the first name tells.
    """
    given = next((part for word in _untitled(name) for part in parts_of(word)), "")
    known = _known(holder)
    ordinary = any(fold(word).strip(".,'’") in _NO_NAMES | service for word in name.split())
    return bool(known and given) and _is_a_name(name, service) and not ordinary and given not in known


def _known(holder: AbstractSet[str]) -> set[str]:
    return {part for name in holder for part in parts_of(name)}


def _greeted(turns: Sequence[Turn]) -> list[str]:
    return [
        match[1]
        for turn in turns
        if turn.speaker is Speaker.SERVICE
        for block in turn.blocks
        if not block.quoted and (match := GREETING.match(block.text.strip())) is not None
    ]


def _is_a_name(text: str, service: AbstractSet[str]) -> bool:
    """
    Whether a greeting holds a name: "Hi Jonas", and not "Hi there", "Dear Customer" or "Hi @jonas.w".

    Behind a title even a word for anybody is one: "Herr Kunde".
    """
    words = _untitled(text)
    titled = len(words) < len(text.split())
    anybody = {*ANYBODY, *service}
    return (
        bool(words)
        and len(words) <= _MOST_WORDS_OF_A_NAME
        and all(word[:1].isupper() and all(map(str.isalpha, _WITHIN.split(word.strip(_AROUND)))) for word in words)
        and (titled or not all(fold(word) in anybody for word in words))
    )


def _untitled(text: str) -> list[str]:
    return [word for word in text.split() if fold(word).strip(".") not in _TITLES]
