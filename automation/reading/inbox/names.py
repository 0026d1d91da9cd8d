"""What is written as somebody's name is: nobody knows the names of a service's people, or of the holder's friends."""

from __future__ import annotations

import re

from automation.text.normalizing import fold

SEPARATED = re.compile(r"\s+[·•|–—-]\s+")
"""Between the parts of a line: "Meta · latest · 25 May 2025"."""
_OF_SENTENCES = frozenset(
    ["from", "until", "after", "before", "since", "only", "not", "your", "posts", "photos", "than"]
)
"""Inferred: small words that a name does not hold, and a line that narrows an answer does."""
_SMALL = frozenset((
    "and", "d'", "da", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "et", "la", "le",
    "of", "van", "von", "y", "zu", "al", "bin", "ibn", "the",
))  # fmt: skip
"""Words of a name that no capital begins."""
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")

GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|ch[eè]re?|hallo|liebe[rs]?"
    r"|guten tag|sehr geehrte[rs]?|hola|estimad[oa]|ciao|gentile|car[oa]|beste)"
    r" ((?:(?:mrs?|ms|mx|dr|prof|mme|m|sra?)\. )?[^,!.:;?\n]{2,40})\s*[,!:\n]",
    re.IGNORECASE,
)
"""A line that greets, and whom."""


def parts_of(name: str) -> list[str]:
    """The words of a name, folded, without initials."""
    return [part for part in re.split(r"[\s.,_@-]+", fold(name)) if len(part) > 1]


def is_written_as_a_name(line: str, rest: str) -> bool:
    """
    Whether what stands beside a date is written as a name is: one word, or with capitals.

    "Objection removed · 2 days ago" is no author, and "Valid until 1 June" is none.

    Args:
        line: as it stands on the page.
        rest: the same, folded, without the date.
    """
    parts = set(re.findall(r"\w+", rest))
    words = [word for word in _WORD.findall(line) if parts & set(re.findall(r"\w+", fold(word)))]
    return len(words) < 2 or all(not word[0].islower() or fold(word) in _SMALL for word in words)


def is_of_a_sentence(line: str, rest: str) -> bool:
    """Whether what stands beside an age is part of a sentence, as no name is: "Your posts from 5 years ago"."""
    words = [trimmed(fold(word)) for word in line.split()]
    return SEPARATED.search(line) is None and any(word in _OF_SENTENCES for word in words if word in rest.split())


def is_short_for(text: str, name: str) -> bool:
    """Whether a text is a name, one with initials ("Camille L."), or the name with its parts turned."""
    words, parts = text.replace(",", " ").split(), name.split()
    if not words or not parts or len(words) > len(parts):
        return False
    if sorted(words) == sorted(parts):
        return True
    return len(words) > 1 and all(
        word == part or (len(word.rstrip(".")) == 1 and part.startswith(word.rstrip(".")))
        for word, part in zip(words, parts, strict=False)
    )


def trimmed(text: str) -> str:
    """A text without the signs and symbols around it."""
    return re.sub(r"^[^\w(]+|[^\w).]+$", "", text)
