"""What one sentence of a text does to an answer: it says one, doubts it, supposes it, or leaves it alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

from automation.reading.affirming import reaffirms
from automation.reading.decisions import decisions_in, holds_known_words, without_greeting
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning, Said
from automation.reading.narrowing import if_one_objects, of_later_account
from automation.reading.plain import plain, with_subject
from automation.reading.replying import is_badge, is_of_a_survey_alone, is_to_strangers
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords


class Vocabulary:
    """The words of one text, in the languages in which each kind of word is looked for; see `vocabulary_of`."""

    def __init__(self, words: PageWords, key: str, letter: LetterGrammar | None) -> None:
        self.key, self.letter = key, letter
        self.wide = words.with_english.also(*words.labels.languages(f"{key}.accepted"))
        self.own = words.or_english
        self.near = self.own.with_english
        self.objecting = words.wherever_known("object.words")
        """A title in another language than the page's may still be about it: there the sourced words count."""


@lru_cache(maxsize=64)
def vocabulary_of(words: PageWords, key: str, letter: LetterGrammar | None) -> Vocabulary:
    """The words of one text: the same ones for the same arguments."""
    return Vocabulary(words, key, letter)


class Kind(Enum):
    """What one sentence does to the reading of a text."""

    SAID = auto()
    UNCLEAR = auto()
    DOUBT = auto()
    """It says "not" or "no longer" of a decision; it counts where nothing is said, or beside an acceptance."""
    SUPPOSED = auto()
    """Known words in a condition or a report: they answer nothing, and contradict an acceptance only."""
    SUPERSEDES = auto()
    """It says that an earlier answer no longer counts: it leaves a decision after it alone."""
    OPEN = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """One sentence, and what it does."""

    sentence: str
    """As it stands on the page."""
    kind: Kind
    objects: bool
    """Whether it speaks of objecting."""
    concerns: bool
    """Whether it speaks of an objection, of AI, or answers one."""
    said: Said | None = None
    quoted: bool = False
    meant: str = ""
    """The sentence, or what it completes as an item of a list."""


@lru_cache(maxsize=2048)
def look_at(
    written: str,
    starts: tuple[str, ...],
    quoted: bool,
    vocabulary: Vocabulary,
    *,
    before: str = "",
    completed: str = "",
) -> Look:
    """
    What one sentence does. An inbox is read twice, and each letter in it says much the same: answers are kept.

    Args:
        written: as it stands on the page.
        starts: where it may start.
        quoted: whether it stands in what somebody quotes.
        vocabulary: the words of the text.
        before: the sentence before it.
        completed: it, or what it completes as an item of a list.
    """
    full = with_subject(written, before) if vocabulary.letter is not None else written
    starts = (full, *starts) if full != written else starts
    sentence = plain(full)
    near, letter, key = vocabulary.near, vocabulary.letter, vocabulary.key
    folded = fold(sentence)
    quoted = quoted or (folded.startswith('"') if letter is not None else '"' in folded)
    listed = completed not in {"", written}
    meant = plain(completed) if listed else sentence
    part = letter.part(without_greeting(meant)) or letter.part(meant) if letter is not None else None
    if not quoted and vocabulary.wide.find_sentence(f"{key}.beside", sentence) is not None:
        part = part or "beside"
    asks = near.find_word("objection.words", sentence) is not None and not sentence.rstrip().endswith("?")
    survey = part == "survey" and not (asks and letter is not None and letter.acts(sentence))
    found = decisions_in(sentence, [*map(plain, starts)], letter, near, vocabulary.wide, key, survey=survey)
    objects = bool(
        near.find_word("objection.words", sentence) or vocabulary.objecting.find_word("object.words", sentence)
    )
    named = any(vocabulary.own.find_word(name, sentence) is not None for name in ("ai.words", "ai.subject"))
    concerns = objects or bool(found) or named or letter_in(near.locale).brings_about(sentence)
    decided = not quoted and not any(hit.hedged for hit in found) and len({hit.said.meaning for hit in found}) == 1
    if sentence.rstrip().endswith("?") and any(hit.said.meaning is not Meaning.MORE_INFORMATION for hit in found):
        decided = False
    if decided and not objects and near.find_word("another.words", sentence) is not None:
        decided = False  # "About the comment that you reported: we need more information"
    if decided:
        said = found[0].said  # as it stands on the page, whatever was left out to read it
        said = replace(
            said,
            whole=written,
            sentence=said.sentence if fold(said.sentence) in fold(written) else without_greeting(written),
        )
        return Look(written, Kind.SAID, objects, concerns, said)
    granted = letter is not None and part == "caveat" and letter.grants_beside_others(sentence)
    beside = letter.without_concession(sentence) if letter is not None and granted else sentence
    upheld = letter is not None and not quoted and (letter.assures(sentence) or reaffirms(sentence, letter))
    known = not upheld and (bool(found) or holds_known_words(beside, vocabulary.wide, key))
    if letter is None:
        kind = _kind_of_any(sentence, near, known=known, quoted=quoted and objects, beside=part is not None)
    else:
        kind = _kind_in_letter(meant, near, letter, part, known=known, quoted=quoted, objects=objects)
        kind = Kind.NOTHING if upheld else kind
        if listed and kind not in {Kind.UNCLEAR, Kind.DOUBT} and letter.qualifies(sentence, meant):
            kind = Kind.DOUBT
    return Look(written, kind, objects, concerns, quoted=quoted, meant=completed or written)


def _kind_of_any(sentence: str, words: PageWords, *, known: bool, quoted: bool, beside: bool) -> Kind:
    """What a sentence does whose writer is not known."""
    if beside or (known and not quoted and _TELLS_WHETHER.search(fold(sentence))):
        return Kind.NOTHING
    if known or quoted:
        return Kind.UNCLEAR
    decides = words.find_word("decision.words", sentence) is not None
    if words.find_word("withdrawal.words", sentence):
        return Kind.UNCLEAR if decides else Kind.DOUBT
    return Kind.DOUBT if decides and words.find_word("negation.words", sentence) else Kind.NOTHING


_TELLS_WHETHER = re.compile(
    r"\b(?:tells?|let|informs?|notif(?:y|ies)|decides?|says?|see|hear|know|find out)\b.{0,30}\bwhether\b"
)
"""A decision that is still to come, whoever tells of it: "We tell you whether we will honour your objection"."""
_MOST_WORDS_OF_A_CHOICE = 3
_NEVER_DECIDES = frozenset({"beside", "survey", "do_not_reply"})
"""Parts of a letter whose "not" and "if" are about the letter itself."""


def _kind_in_letter(
    sentence: str,
    words: PageWords,
    letter: LetterGrammar,
    part: str | None,
    *,
    known: bool,
    quoted: bool,
    objects: bool,
) -> Kind:
    """What a sentence of the service's own letter does that decides nothing plainly."""
    if part == "survey" and not sentence.rstrip().endswith("?") and len(sentence.split()) > _MOST_WORDS_OF_A_CHOICE:
        part = None  # "No profile matches" begins like a choice of "Yes" and "No"
    alone = is_of_a_survey_alone(sentence) or is_badge(sentence) or is_to_strangers(sentence)
    if part in _NEVER_DECIDES or (quoted and not known) or alone:
        return Kind.NOTHING
    if not quoted and letter.supersedes(sentence):
        return Kind.SUPERSEDES
    if not quoted and letter.supposes(sentence) and not letter.undoing(sentence):
        # "If you later add another account, the objection is honoured there too" is about that account.
        if of_later_account(sentence) or (known and if_one_objects(sentence)):
            return Kind.NOTHING
        if known:
            return Kind.SUPPOSED
    if known:
        return Kind.UNCLEAR
    if part == "next" and sentence.rstrip().endswith("?") and not objects:
        return Kind.NOTHING  # "Still need help?"
    if letter.bears(sentence):
        decided = objects or words.find_word("decision.words", sentence) is not None
        return Kind.UNCLEAR if decided and letter.undoes(sentence) else Kind.DOUBT
    if part is None and (objects or letter.decides(sentence)):
        return Kind.OPEN
    return Kind.NOTHING
