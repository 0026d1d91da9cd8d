"""
Whether a sentence beside a decision holds nothing but words that leave it alone.

Nobody can list what might take a decision back. What can be listed are the words of courtesy, of keeping and of noting:
a sentence that speaks of the decision and holds any other word may say anything of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from automation.reading.plain import undated
from automation.text.normalizing import fold, spell_out

if TYPE_CHECKING:
    from automation.reading.bearing import Bearing

_WORD = re.compile(r"[^\W\d_]+(?:'\w+)?")
_SUBJECTS = frozenset({"others", "elsewhere", "person", "aside", "further", "things", "apart"})
_STATE = re.compile(
    r"\b(?:was|were) (?:\w+ly |also |still |once |here )*(?:active|valid|effective|safe|secure|final|permanent|set|good"
    r"|true|right|ours|yours|with|in (?:place|effect|force))\b"
)
"""What was so once, and not what was done: "Your objection was active"."""


@dataclass(frozen=True, slots=True)
class Familiar:
    """The words of one language."""

    words: frozenset[str]
    phrases: re.Pattern[str]
    of_it: re.Pattern[str]
    maybe_of_it: re.Pattern[str]
    looking: re.Pattern[str]
    unlasting: re.Pattern[str]
    apart: re.Pattern[str]

    def is_strange(self, sentence: str, bearings: Sequence[Bearing]) -> bool:
        """
        Whether a sentence may say anything of the decision beside it.

        What the person may do and what other people share never touches it; a word such as "it" may mean something
        else that the sentence names.
        """
        told = _told(sentence)
        if self._leaves_alone(told) or any(bearing.of_what_others_share(sentence) for bearing in bearings):
            return False
        if self.of_it.search(told) is not None:
            return not any(bearing.of_the_person(sentence) for bearing in bearings)
        hints = self.maybe_of_it.search(told) is not None or any(b.refers_to_it(sentence) for b in bearings)
        return hints and not any(bearing.has_another_subject(sentence, _SUBJECTS) for bearing in bearings)

    def _leaves_alone(self, folded: str) -> bool:
        told = self.phrases.sub(" ", folded)
        if not self.words.issuperset(_WORD.findall(told)):
            return False
        return not any(pattern.search(told) for pattern in (self.looking, self.unlasting, self.apart, _STATE))


def _told(sentence: str) -> str:
    return spell_out(fold(undated(sentence)))


@lru_cache(maxsize=16)
def familiar_in(language: str) -> Familiar | None:
    """The words of a language; None where there are none."""
    path = files("automation.reading") / "letter_familiar.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")).get(language)
    if table is None:
        return None
    return Familiar(
        frozenset(table["words"].split()),
        re.compile("|".join(table["phrases"])),
        re.compile("|".join(table["speaks"])),
        re.compile("|".join(table["hints"])),
        re.compile(rf"\b(?:is|are|be|gets?) (?:\w+ ){{0,2}}{table['looked']}\b"),
        re.compile(rf"\bwill (?!{table['lasting']}\b)"),
        re.compile("|".join(rf"\b{first}\b.*\b{second}\b" for first, second in table["apart"])),
    )
