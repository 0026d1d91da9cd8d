"""Objections to another use of one's information than for AI: to marketing, say, by the form that takes them all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from automation.reading.inbox.matter import names_it
from automation.reading.letter import letter_in
from automation.text.normalizing import fold, sentences, spell_out

if TYPE_CHECKING:
    from automation.page import Block
    from automation.text.page_words import PageWords

_USE = (
    r"(?:(?:direct|personali[sz]ed|targeted|e-?mail|postal|online) )*"
    r"(?:marketing(?: messages| emails)?|advertising|advertisements?|adverts?|ads|newsletters?|market research)"
)
_MINE = r"(?:personal )?(?:data|information|activity|browsing(?: history)?|location|interests)"
_USES = rf"{_USE}(?:(?:,|,? and|,? or)(?: for| to)? {_USE})*"
_NAMED = re.compile(rf"\b(?:for|to|against|about|from|of) (?:the )?{_USE}\b")
_CALLED = re.compile(rf"[^.:]{{3,40}}(?::|\s[-–—])\s(?:the )?{_USE}\W*")
"""A title that names the other use behind a mark: "Your objection: direct marketing"."""
_OF_MORE = re.compile(
    r"\b(?:models?|learn\w*|train\w*|develop\w*|improv\w*|both|objections|others?|also|too|as well)\b"
)
"""Words by which a decision may be about more than what the title names."""
_OBJECTS = re.compile(
    rf"(?:hereby )?(?:i|we) (?:hereby |do |would like to |want to |wish to )?(?:object|am objecting|oppose)(?: to)?"
    rf" (?:(?:the |any |your )?(?:use|using|processing|handling) (?:of )?my {_MINE}"
    rf"(?: being used)? (?:for|in)|my {_MINE} being (?:used|processed) (?:for|in)|(?:any )?)"
    rf" ?(?:the purposes? of )?{_USES}"
)
_IS_NOT_ABOUT = re.compile(
    r"(?:please note (?:that )?|note (?:that )?)?(?:this|your|the|that|our) (?:request|objection|form|case|reply|answer"
    r"|decision|message) (?:is|was|does|did|has) not (?:about|for|concern|cover|include|relate to|apply to|extend to"
    r"|affect|mention|been about|anything to do with)"
    r" (?P<what>(?:any |the )?other uses? of your (?:information|data),?"
    r" (?:for example|such as|like|including) [^,.;:!?]+|[^,.;:!?]+)"
)
_IS_APART_FROM = re.compile(
    r"(?:this|that|it)(?: request| objection| form)? (?:is|was) (?:an? )?(?:entirely |quite |completely )?"
    r"(?:(?:separate|different|another) (?:matter|thing|subject|request|question|form|objection)"
    r"|unrelated|separate|independent)"
    r" (?:from|than|to|of) (?P<what>[^,.;:!?]+)(?:, (?:for which|which) [^,.;:!?]+)?"
)
_SHOWS_THE_WAY = re.compile(
    r"(?:there is|there's|we have|meta has) (?:a|an|another) (?:separate |different |other |own |special )?form for"
    r" (?:that|this|it|objections?[^,.;:!?]*|objecting[^,.;:!?]*|AI[^,.;:!?]*)"
    r"|(?:for that|to object[^,.;:!?]*|if you (?:want|wish|would like) to object[^,.;:!?]*),?"
    r" (?:please |you can |you need to )?(?:use|fill in|fill out|complete|submit|send|see|visit|go to|open|there is)"
    r" [^,.;:!?]*\b(?:form|page|privacy cent(?:er|re))[^,.;:!?]*"
    r"|(?:as )?for (?:any |all |an )?"
    r"(?:others?|another|separate|further|different|anything|everything|requests?|matters?|questions?|objections?)\b"
    r"[^.;:!?]*\bAI\b[^.;:!?]*,? (?:please |kindly |you can |you need to )?"
    r"(?:use|fill in|complete|submit|see|visit|go to|open)"
    r" [^,.;:!?]*\b(?:form|page|privacy cent(?:er|re)|help cent(?:er|re))[^,.;:!?]*",
    re.IGNORECASE,
)
_A_FORM_APART = re.compile(
    r"\b(?:form|procedure|process|request)s? of (?:its|their) own\b"
    r"|\b(?:separate|different|another|(?:its|their) own) (?:\w+ )?(?:form|procedure|process|request)s?\b"
    r"|\b(?:is|are) (?:handled|dealt with|treated|looked at|decided) (?:separately|apart|elsewhere)\b"
)
_NO_WAY = re.compile(r"\b(?:again|already|once more|another time|instead|only|no longer|first)\b")
_FRAMES = frozenset({"greeting", "thanks", "signature", "survey", "do_not_reply"})
_MOST_WORDS_OF_A_NAME = 3


def of_another_use(title: str, theirs: Sequence[Block], own: Sequence[Block], words: PageWords) -> bool:
    """
    Whether a thread is about an objection to another use, whatever became of that, and AI is named to leave it out.

    Every sentence of the service that decides names the other use, or the title does. That it is all the person
    objected to their own words say, or the service does: "This request was not about AI at Meta". Anything else that
    names AI, or what feeds it, leaves the thread what it is.
    """
    letter = letter_in(words.locale)
    told, asked = ([s for block in blocks for s in sentences(block.text)] for blocks in (theirs, own))
    left_out = [s for s in told if _leaves_ai_out(s, words)]
    shown = [s for s in told if s not in left_out and _shows_the_way(s)]
    others = [s for s in told if s not in left_out and s not in shown]
    plainly = [s for s in asked if _objects_to_it(s)]
    if any(_names_ai(text, words) for text in (title, *others, *asked) if text not in plainly):
        return False
    deciding = [s for s in others if (letter.decides(s) or letter.brings_about(s)) and s != title]
    called = _NAMED.search(_folded(title)) is not None or any(_CALLED.fullmatch(_folded(s)) for s in (title, *others))
    about = [s for s in deciding if _NAMED.search(_folded(s)) is None]
    named = not about or (called and (bool(left_out) or not any(_OF_MORE.search(_folded(s)) for s in about)))
    objected = bool(plainly) and all(
        s in plainly or letter.part(s) in _FRAMES or len(s.split()) <= _MOST_WORDS_OF_A_NAME for s in asked
    )
    return named and (bool(left_out) or objected) and not any(map(letter.undoing, others))


def sets_ai_apart(sentence: str, words: PageWords) -> bool:
    """
    Whether a sentence says that AI has a form of its own, and names nobody else's information.

    The harm: an objection to something else was accepted, and would be told as one to AI.
    """
    other = any(words.find_word(key, sentence) for key in ("elsewhere.words", "lookalike.words"))
    return _A_FORM_APART.search(_folded(sentence)) is not None and _names_ai(sentence, words) and not other


def _leaves_ai_out(sentence: str, words: PageWords) -> bool:
    told = _folded(sentence).strip(" .!")
    found = _IS_NOT_ABOUT.fullmatch(told) or _IS_APART_FROM.fullmatch(told)
    return found is not None and _names_ai(found["what"], words) and _NO_WAY.search(found["what"]) is None


def _shows_the_way(sentence: str) -> bool:
    told = _folded(sentence).strip(" .!")
    return _SHOWS_THE_WAY.fullmatch(told) is not None and _NO_WAY.search(told) is None


def _objects_to_it(sentence: str) -> bool:
    return _OBJECTS.fullmatch(_folded(sentence).strip(" .!")) is not None


def _names_ai(text: str, words: PageWords) -> bool:
    keys = ("ai.topic", "ai.words", "feeding.words")
    return any(names_it([key], text, words.wherever_known(key)) for key in keys)


def _folded(sentence: str) -> str:
    return spell_out(fold(sentence))
