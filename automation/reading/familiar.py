"""
Whether a sentence beside a decision leaves it alone.

Nobody can list every way of taking a decision back. What can be listed are the words of courtesy, of keeping and of
noting, and those that limit, change, end, suppose or hand over: a sentence that speaks of the decision and holds one of
the second kind, and more than the first, may say anything of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from automation.reading.bearing import SUBJECTS
from automation.reading.plain import undated
from automation.text.normalizing import fold, spell_out

if TYPE_CHECKING:
    from automation.reading.bearing import Bearing

_STATEMENT = re.compile(r"(?:\S+ ){2,}\S+[.!]$")
_LABELLED = re.compile(r"[\w-]+(?: [\w-]+)?: .*[^.!]$")
_WORD = re.compile(r"[^\W\d_]+(?:'\w+)?")
_OF_IT_ALONE = re.compile(
    r"\W*(?:(?:yes|also|so),? )?(?:(?:your|this|the|our) (?:\w+ ){0,2}(?:objection|request|decision|answer|choice"
    r"|opt-?out|case|account|profile|data|information|posts?|photos?|comments?|content)\b(?!:)|it \w+"
    r"|(?:we|meta|you) (?:\w+ ){1,3}(?:your|the|this) (?:\w+ )?"
    r"(?:objection|request|decision|account|profile|data|information|posts?|photos?|comments?|content)\b)"
)
"""A sentence whose subject is the decision or what the person shared: there any new word may say anything of it."""
_THE_DECISION = re.compile(
    r"\W*(?:(?:yes|also|so|that said),? )?(?:your|this|the|our) (?:\w+ )?"
    r"(?:objection|decision|answer|choice|opt-?out) (?!concerns?\b|covers?\b|includes?\b|applies\b)\w+"
)
"""A sentence whose subject is the decision: what else it names is said of that."""
_GENERAL = re.compile(r"\b(?:requests|objections|choices|opt-?outs|ai|training|policy|terms|rules|process|yours)\b")
"""What a later message may change for everybody."""
_POINTS_BACK = re.compile(r"\W*(?:those|these|they)\b")
"""What was asked about, as an answer takes it up: "What about chats?", "Those are a separate product."."""
_MOST_WORDS_OF_A_PLAIN_SENTENCE = 9
_SUBJECTS = frozenset({"person", "told", "general", "past", "aside"})
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
    another: re.Pattern[str]
    cues: re.Pattern[str]

    def may_touch(self, sentence: str, bearings: Sequence[Bearing]) -> bool:
        """Whether a sentence speaks of the decision, may limit or change it, and names no other subject."""
        told = _told(sentence)
        alone = self._leaves_alone(told) or not (self._is_cued(told) or _OF_IT_ALONE.match(told))
        if alone or any(bearing.of_what_others_share(sentence) for bearing in bearings):
            return False
        of_it = self.of_it.search(told) is not None
        maybe = of_it or self.maybe_of_it.search(told) is not None or any(b.refers_to_it(sentence) for b in bearings)
        few = len(told.split()) <= _MOST_WORDS_OF_A_PLAIN_SENTENCE or _THE_DECISION.match(told) is not None
        plainly = of_it and few and not self.another.search(told)
        subjects = _SUBJECTS if plainly else SUBJECTS
        return maybe and not any(bearing.has_another_subject(sentence, subjects) for bearing in bearings)

    def may_touch_later(self, sentence: str, bearings: Sequence[Bearing]) -> bool:
        """The same of a message that came after the decision: there a change of all requests means this one too."""
        told = _told(sentence)
        general = _GENERAL.search(told) is not None and self._is_cued(told)
        unknown = (general or _POINTS_BACK.match(told) is not None) and not self._leaves_alone(told)
        return unknown or self.may_touch(sentence, bearings)

    def _is_cued(self, folded: str) -> bool:
        patterns = (self.cues, self.looking, self.unlasting, self.apart, _STATE)
        return any(pattern.search(folded) for pattern in patterns)

    def _leaves_alone(self, folded: str) -> bool:
        told = self.phrases.sub(" ", folded)
        if not self.words.issuperset(_WORD.findall(told)):
            return False
        return not any(pattern.search(told) for pattern in (self.looking, self.unlasting, self.apart, _STATE))


def is_statement(sentence: str) -> bool:
    """Whether a few words are a sentence, and no label."""
    return _STATEMENT.match(sentence) is not None


def is_strange(sentence: str, language: str, bearings: Sequence[Bearing]) -> bool:
    """
    Whether a sentence that is no known part of a letter may say anything of the decision beside it.

    Where the words of the language are not known, in a question and in a label with its value, whatever refers to the
    decision and names no other subject does.
    """
    familiar = familiar_in(language)
    if familiar is not None and not (sentence.rstrip().endswith("?") or _LABELLED.match(sentence)):
        return familiar.may_touch(sentence, bearings)
    refers = any(bearing.refers_to_it(sentence) for bearing in bearings)
    return refers and not any(bearing.has_another_subject(sentence) for bearing in bearings)


def may_touch_later(sentence: str, language: str, bearings: Sequence[Bearing]) -> bool:
    """Whether a sentence that came after a decision may say something of it; always where the words are not known."""
    familiar = familiar_in(language)
    return familiar is None or familiar.may_touch_later(sentence, bearings)


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
        re.compile("|".join(table["another"])),
        re.compile("|".join(rf"\b(?:{cue})\b" for cue in table["cues"])),
    )
