"""What a thread is about: an objection to AI training, another form of the service, or another matter altogether."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.inbox.speakers import Speaker
from automation.text.normalizing import base_language, fold_label, sentences

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.inbox.turns import Turn
    from automation.reading.letter import LetterGrammar
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords


def request_in(blocks: Sequence[Block], words: PageWords) -> Phrase | None:
    """Words for AI in a sentence or title that speaks of objecting, and names no other subject; a signature is none."""
    signatures = {phrase.text for phrase in words.phrases("reply.frame")}
    for sentence in (sentence for block in blocks for sentence in sentences(block.text)):
        named = (p for key in ("ai.topic", "ai.words") for p in words.find_words(key, sentence))
        ai = next((phrase for phrase in named if phrase.text not in signatures), None)
        other = words.find_word("elsewhere.words", sentence) or words.find_word("lookalike.words", sentence)
        if ai is not None and other is None and words.find_word("objection.words", sentence) is not None:
            return ai
    return None


def request_by_person(own: Sequence[Block], words: PageWords) -> Phrase | None:
    """
    Words for AI in what the person wrote, where it objects and names no other subject.

    Over all of its sentences: "I exercise my right to object. I don't want my posts to train your AI."
    """
    text = " ".join(block.text for block in own)
    other = words.find_word("elsewhere.words", text) or words.find_word("lookalike.words", text)
    objects = words.find_word("objection.words", text) or words.find_word("object.words", text)
    if other is not None or objects is None:
        return None
    return words.find_word("ai.topic", text) or words.find_word("ai.words", text)


def titled_as_another_form(turns: Sequence[Turn], words: PageWords) -> bool:
    """Whether the thread's title says that it is about another request: erasure, third parties, a removed post."""
    title = next((turn.title for turn in turns if turn.title), "")
    if fold_label(title) in words.wherever_known("form.title").names("form.title"):
        return False
    return any(words.find_word(key, title) for key in ("elsewhere.words", "lookalike.words"))


def names_another_form(blocks: Sequence[Block], words: PageWords) -> bool:
    """Whether the service names the number of another of its forms: some are answered in the same words."""
    return any(words.find_word("other.forms", block.text) for block in blocks)


def of_another_matter(blocks: Sequence[Block], words: PageWords, letter: LetterGrammar) -> bool:
    """
    Whether a thread names another matter, and nothing in it but a signature speaks of AI or of objecting.

    Both sides count here: a person who objects asks for an answer. In a language without words for objecting the
    signature alone tells, so nothing is taken for another matter there. A verb of deciding ("honour") does not say what
    is decided.
    """
    texts = [sentence for block in blocks for sentence in sentences(block.text)]
    named = any(
        words.find_word(f"{key}.words", text) for key in ("another", "elsewhere", "lookalike") for text in texts
    )
    if not named or base_language(words.locale) not in words.labels.languages("objection.words"):
        return False
    signatures = {phrase.text for phrase in words.phrases("reply.frame")}
    speaking = ("ai.topic", "ai.words", "objection.words", "object.words")
    return not any(
        phrase.text not in signatures and not letter.decides(phrase.text)
        for text in texts
        for key in speaking
        for phrase in words.wherever_known(key).find_words(key, text)
    )


def has_none_here(turns: Sequence[Turn], letter: LetterGrammar) -> bool:
    """Whether the service says in its own message that this person has not objected, so that nothing is answered."""
    return any(
        letter.has_none_here(sentence)
        for turn in turns
        if turn.speaker is Speaker.SERVICE
        for block in turn.blocks
        if not block.quoted
        for sentence in sentences(block.text)
    )


def stated(blocks: Sequence[Block], letter: LetterGrammar) -> Iterator[Block]:
    """The blocks without what only speaks of a request that is not there: "if you would like to object"."""
    for block in blocks:
        kept = [sentence for sentence in sentences(block.text) if not letter.open_or_absent(sentence)]
        yield replace(block, text="\n\n".join(kept))


def of_no_request(theirs: Sequence[Block], own: Sequence[Block], words: PageWords, letter: LetterGrammar) -> bool:
    """
    Whether a thread names AI or objecting and speaks neither of this person's request nor of what they shared.

    News and advertisements do ("how objections work", "ask Meta AI"). Where the person wrote of it as well, or the
    language has no words for it, it may be an answer.
    """
    if base_language(words.locale) not in letter.languages:
        return False
    speaking = ("ai.topic", "ai.words", "objection.words", "object.words")

    def concerning(blocks: Sequence[Block]) -> list[str]:
        texts = (sentence for block in blocks for sentence in sentences(block.text))
        return [text for text in texts if any(words.wherever_known(key).find_word(key, text) for key in speaking)]

    telling = concerning(theirs)
    return not concerning(own) and not any(letter.speaks_of_it(s) or letter.refers_to_it(s) for s in telling)
