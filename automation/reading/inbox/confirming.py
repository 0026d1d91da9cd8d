"""Whether a sentence may be confirmed by a person: one that hedges, quotes or conflicts with known words may not."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.flow.confirmed import ConfirmedSentence
from automation.reading.inbox.kept import says_something, spoken
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.reading.particulars import HOLES
from automation.text.catalogue import N_
from automation.text.labels import ANY, whole_form
from automation.text.normalizing import base_language, fold
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from automation.domain.replies import Reply
    from automation.reading.letter import LetterGrammar
    from automation.text.labels import Labels

_FEWEST_WORDS, _MOST_WORDS = 3, 60
_MAY_DECIDE = "effect"
"""The part of a letter that may be all it says of the decision: "We will not use your information …"."""
_MARKS_OF_A_QUOTATION = ('"', "'' ", "``", "„")


class Refusal(StrEnum):
    """Why a sentence cannot be confirmed. A closed list."""

    NOT_THERE = N_("it does not stand in this answer")
    SHORT = N_("it is too short or too long to say one thing")
    A_PART = N_("letters of every kind hold such a sentence; it decides nothing")
    A_TITLE = N_("it is the title of the conversation")
    ASKS = N_("it asks something")
    QUOTES = N_("it quotes somebody")
    HEDGES = N_("it depends on something, or takes something back")
    ELSEWHERE = N_("it speaks of another matter than AI")
    CONFLICTS = N_("known words in it say something else")
    CONFLICTS_BESIDE = N_("another sentence of this answer is known to say something else")
    CONFIRMED_OTHERWISE = N_("it was confirmed with another meaning; revoke that first")
    NOT_THE_SERVICE = N_("nothing on the page says that the service wrote it")


def may_not_confirm(reply: Reply, sentence: str, means: Meaning, labels: Labels) -> Refusal | None:
    """
    Why a person may not say what a sentence means; None where they may.

    Args:
        reply: the answer in which it stands.
        sentence: as `spoken` gives it.
        means: what the person says it means.
        labels: the flow's words, with what was confirmed before.
    """
    words = PageWords.of(labels, reply.locale)
    if sentence not in spoken(reply):
        return Refusal.NOT_THERE
    if any(whole_form(sentence) == whole_form(turn.title) for turn in reply.turns):
        return Refusal.A_TITLE
    if not any(sentence in spoken(turn_of) for turn_of in _by_the_service(reply)):
        return Refusal.NOT_THE_SERVICE
    return _plainly_wrong(sentence, words) or _in_conflict(sentence, means, words) or _beside(reply, means, words)


def _by_the_service(reply: Reply) -> Sequence[Reply]:
    """The turns that are not known to be somebody else's; the user's own are not kept at all."""
    spoken_for = [turn for turn in reply.turns if turn.speaker == "service"]
    turns = spoken_for or [turn for turn in reply.turns if not turn.marked]
    return [replace(reply, turns=(turn,)) for turn in turns]


def _plainly_wrong(sentence: str, words: PageWords) -> Refusal | None:
    folded, letter = fold(sentence), letter_in(words.locale)
    bare = [word for word in folded.split() if not any(hole in word for hole in HOLES)]
    if not says_something(sentence) or not _FEWEST_WORDS <= len(bare) <= _MOST_WORDS:
        return Refusal.SHORT
    if any(mark in folded for mark in _MARKS_OF_A_QUOTATION) or folded.startswith(">"):
        return Refusal.QUOTES
    if folded.rstrip().endswith("?"):
        return Refusal.ASKS
    if letter.part(sentence) not in {None, _MAY_DECIDE} and not letter.decides(sentence):
        return Refusal.A_PART
    near = words.with_english if words.locale else words.wherever_known("hedge.words")
    undone = near.find_word("withdrawal.words", sentence) and near.find_word("decision.words", sentence)
    if letter.undoing(sentence) or undone or _hedges(sentence, letter, near):
        return Refusal.HEDGES
    return Refusal.ELSEWHERE if near.find_word("elsewhere.words", sentence) else None


def _hedges(sentence: str, letter: LetterGrammar, words: PageWords) -> bool:
    """Whether it depends on something; a mere "not" is no hedge, and neither is what a letter may begin with."""
    bare = letter.without_lead(sentence)
    plain = {phrase.text for phrase in words.phrases("negation.words")}
    found = (p for key in ("hedge.words", "conditional.words") for p in words.find_words(key, bare))
    return any(phrase.text not in plain for phrase in found)


def _in_conflict(sentence: str, means: Meaning, words: PageWords) -> Refusal | None:
    """Known words of another meaning anywhere in it, in any language; or the same sentence with another meaning."""
    for other in Meaning:
        key = f"reply.{other}"
        everywhere = words.wherever_known(key)
        if other is not means and any(
            phrase.strength == "whole" and phrase.text == whole_form(sentence) for phrase in everywhere.phrases(key)
        ):
            return Refusal.CONFIRMED_OTHERWISE
        if other is not means and everywhere.holds_sentence(key, sentence):
            return Refusal.CONFLICTS
    return Refusal.CONFLICTS if means is Meaning.ACCEPTED and _denies(sentence, words) else None


def _denies(sentence: str, words: PageWords) -> bool:
    """Whether it says "not" of something that is decided, outside of what letters hold in every case."""
    letter = letter_in(words.locale)
    denied = words.with_english.find_word("negation.words", sentence) is not None and letter.decides(sentence)
    return denied and letter.part(sentence) is None


def _beside(reply: Reply, means: Meaning, words: PageWords) -> Refusal | None:
    """What else stands in the answer is confirmed with it, so it must not be known to decide otherwise."""
    letter = letter_in(words.locale)
    decided = {Meaning.ACCEPTED, Meaning.REFUSED}
    for sentence in spoken(reply):
        for other in decided - {means}:
            if words.wherever_known(f"reply.{other}").holds_sentence(f"reply.{other}", sentence):
                return Refusal.CONFLICTS_BESIDE
        if letter.undoing(sentence) or (means is Meaning.ACCEPTED and _denies(sentence, words)):
            return Refusal.CONFLICTS_BESIDE
    return None


def confirmed(
    reply: Reply, sentence: str, means: Meaning, *, flow: str, who: str, bundle: str, when: date
) -> ConfirmedSentence:
    """
    What is noted of a sentence: itself, and what else stood in the answer, both folded.

    Args:
        reply: the answer in which it stands.
        sentence: as `spoken` gives it.
        means: what the person says it means.
        flow: id of the flow that read it.
        who: the person.
        bundle: SHA-256 of the manifest of the bundle they looked at.
        when: the day.
    """
    beside = dict.fromkeys(whole_form(text) for text in spoken(reply) if text != sentence and says_something(text))
    return ConfirmedSentence(
        flow=flow,
        locale=base_language(reply.locale) or ANY,
        means=means.value,
        text=whole_form(sentence),
        beside=tuple(beside),
        who=who,
        when=when,
        bundle=bundle,
    )
