"""To whom the service's messages in a thread are addressed: a case that somebody else shared greets somebody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.turns import Turn
from automation.text.normalizing import fold

_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|bonjour|salut|chère?|hallo|liebe[rs]?|guten tag|hola|estimad[oa]|ciao|gentile|car[oa]|beste)"
    r" ([^,!.:;?\n]{2,40})\s*[,!:\n]",
    re.IGNORECASE,
)
_TITLES = frozenset(
    (
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "m", "mme", "mlle", "monsieur", "madame", "herr",
        "frau", "señor", "señora", "sr", "sra", "signor", "signora",
    )
)  # fmt: skip


def greets_another(turns: Sequence[Turn], holder: AbstractSet[str]) -> bool:
    """
    Whether the service greets somebody by a name that is not the holder's.

    Args:
        turns: of the thread.
        holder: names of the account's holder, folded; where there are none, nobody can tell.
    """
    known = {part for name in holder for part in _parts(name)}
    if not known:
        return False
    greeted = [
        match[1]
        for turn in turns
        if turn.speaker is Speaker.SERVICE
        for block in turn.blocks
        if not block.quoted and (match := _GREETING.match(block.text.strip())) is not None
    ]
    return any(_is_a_name(name) and not (set(_parts(name)) & known) for name in greeted)


def _is_a_name(text: str) -> bool:
    """Whether a greeting holds a name: "Hi Jonas", and not "Hi there", "Dear user" or "Hi @jonas.w"."""
    words = [word for word in text.split() if fold(word).strip(".") not in _TITLES]
    return (
        bool(words) and len(words) <= 4 and all(word[:1].isupper() and word.strip(".'’-").isalpha() for word in words)
    )


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\s.,_@-]+", fold(name)) if len(part) > 1]
