"""Whether a line beside an answer, which is nobody's message, says that the answer no longer counts."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from automation.text.normalizing import fold, sentences, spell_out

_MOST_WORDS = 24
_STEP = re.compile(r"\s[>›»/]\s")
"""Between the steps of what shows the way to a page."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How one language says it."""

    subject: re.Pattern[str]
    told: re.Pattern[str]
    """A subject, a gap, and that it no longer counts."""
    refused: re.Pattern[str]
    """A subject, a gap, and that it was refused."""
    bare: re.Pattern[str]
    ours: re.Pattern[str]
    may: re.Pattern[str]

    def take_back(self, sentence: str, *, accepted: bool) -> bool:
        if self.bare.match(sentence):
            return True
        found = (
            self.told.match(sentence)
            or self.ours.match(sentence)
            or (self.refused.match(sentence) if accepted else None)
        )
        return found is not None and self.may.search(found[0]) is None


def takes_back(text: str, *, accepted: bool) -> bool:
    """
    Whether a line says so of the answer, of what it answered or of its case: "Decision: void", "On hold".

    Lines are read in every language that answers are read in. The harm: the line is true now, the answer was true then.

    Args:
        text: of a banner, a chip, or one line of a case's data; with its label, where it has one.
        accepted: whether the answer is an acceptance; then its opposite counts, too.
    """
    if len(text.split()) > _MOST_WORDS:
        return False
    told = [spell_out(fold(part)) for line in (text, *sentences(text)) for part in (line, *_STEP.split(line)[-1:])]
    return any(
        not sentence.rstrip().endswith("?") and one.take_back(sentence, accepted=accepted)
        for sentence in told
        for one in _patterns()
    )


def is_label(text: str) -> bool:
    """Whether a line is no more than what such a line may begin with: "Decision"."""
    bare = spell_out(fold(text)).rstrip(" :")
    return any(one.subject.fullmatch(bare) is not None for one in _patterns())


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Patterns, ...]:
    table = tomllib.loads((files("automation.reading.inbox") / "taking_back.toml").read_text(encoding="utf-8"))
    return tuple(
        _Patterns(
            subject=re.compile(one["subject"]),
            told=_after(one["subject"], one["gone"]),
            refused=_after(one["subject"], one["refused"]),
            bare=re.compile(rf"\W*{one['bare']}{one['follows']}"),
            ours=re.compile(rf"\W*(?:[^,:;]{{3,70}}, )?(?:{one['ours']})"),
            may=re.compile(one["may"]),
        )
        for one in table.values()
    )


def _after(subject: str, said: list[str]) -> re.Pattern[str]:
    """A subject that begins a sentence, perhaps after a clause, and what is said of it; a colon ends a label."""
    between = r"(?:(?: [^:;?]{0,60}?)?\s?[:-] (?:[^\W\d]+ ){0,2}| (?:[^:;?]{0,80} )?)"
    value = rf"(?:{'|'.join(said)})(?:(?<= )|(?!\w))"
    return re.compile(rf"\W*(?:[^,:;]{{3,70}}, )?{subject}(?!\w){between}{value}")
