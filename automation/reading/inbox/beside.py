"""What stands in one message beside its answer, and leaves that open."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile
from typing import TYPE_CHECKING

from automation.reading.bearing import folded_in
from automation.reading.inbox.alarms import Heard, told
from automation.reading.inbox.order import is_later
from automation.reading.threads.authors import Speaker
from automation.reading.meanings import Meaning
from automation.reading.narrowing import takes_away
from automation.reading.questions import explained
from automation.reading.using import still_uses
from automation.text.normalizing import fold, spell_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.reading.threads.turns import Turn
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords

_DECISIONS = frozenset({Meaning.ACCEPTED, Meaning.REFUSED})
OF_IT = ("ai.topic", "ai.words", "objection.words", "object.words")
"""Kinds of words by which a text is of an objection to AI."""
_TELLING_WORD = re.compile(
    r"\b(?!(?:what|when|this|that|these|those|have|will|would|could|should|your|with|from|does|then|than|them|they"
    r"|there|which|where|about|after|before|please|thanks?|again|been|were|here|just|only|also|more|some)\b)\w{4,}"
)
"""A word that can show what a question and its answer are about."""
_STATUS = frozenset({"status", "reference"})


def without_acknowledgement(heard: Heard, letter: LetterGrammar) -> Heard:
    """A turn that decides, without "we have received your request": that is how it came to be decided."""
    said = tuple(s for s in heard.text.said if s.meaning is not Meaning.PENDING or not letter.acknowledges(s.sentence))
    return replace(heard, text=replace(heard.text, said=said))


def decision_of(heard: Heard) -> set[Meaning]:
    """What a message decides; two of them where it contradicts itself."""
    return {said.meaning for said in heard.text.said} & _DECISIONS


def beside_a_refusal(heard: Heard, letter: LetterGrammar, *, replaced: bool) -> tuple[str, ...]:
    """
    What leaves a refusal open in its own message: something wanted or awaited, or that it was an error.

    Where it replaces another decision, "Please disregard our previous message" means that one.
    """
    said = heard.text.said
    if all(each.meaning is not Meaning.REFUSED for each in said):
        return ()
    waits = tuple(s.sentence for s in said if s.meaning in {Meaning.PENDING, Meaning.MORE_INFORMATION})
    sentences_told = told(heard.turn)
    last = max(
        (n for n, s in enumerate(sentences_told) if any(fold(each.sentence) in fold(s) for each in said)), default=0
    )
    undoing = (s for s in sentences_told[last + 1 :] if letter.undoes(s) or (doubts_a_refusal(s, letter)))
    return waits + tuple(s for s in undoing if not (replaced and letter.supersedes(s)))


_DOUBTS_IT = re.compile(
    r"^\W*(?:(?:so|and|but|however|therefore|that is why|which is why),? )?"
    r"(?:i|we|they|he|she|meta|someone|somebody|(?:a|an|my|our|the|another|one of (?:my|our)) (?:\w+ ){0,2}\w+)"
    r" (?:(?:(?:have|has|now|also|therefore) )*(?:asked|passed|handed|sent|gave|given|forwarded|escalated)"
    r"|(?:(?:now|also|therefore) )*(?:am|are|is|will|shall) (?:(?:be|now|also|therefore|going to) )*"
    r"(?:look\w*|review\w*|check\w*|examin\w*|assess\w*|consider\w*|tak\w+|giv\w+))\b"
    r"(?!.*\byou (?:can|may|could|have to|need to|should)\b).*"
    r"\b(?:again|once more|anew|afresh|a second time|(?:another|a (?:fresh|new|second|closer)) (?:look|review))\b"
    r"|\b(?:it|this|that|which) (?:should (?:not|never) have (?:been|happened)"
    r"|(?:was|is) (?:not (?:right|correct|fair|justified)|wrong|unjust\w*|an? (?:error|mistake|oversight)))\b"
    r"|\b(?:it|(?:this|that|the|our) (?:decision|answer|refusal)|this|that) is"
    r" (?:not (?:yet )?(?:final|definite|settled)|only (?:provisional|preliminary)|provisional|preliminary)\b"
    r"|\bwe (?:got (?:it|this|that) wrong|were wrong|made (?:a|an) (?:error|mistake))\b"
)


_UNTIL_THEN = re.compile(r"\b(?:until|pending|while)\b.*\b(?:look|review|check)\w*\b.*\b(?:again|once more|anew)\b")


def doubts_a_refusal(sentence: str, letter: LetterGrammar) -> bool:
    """Whether a sentence says that a refusal is looked at again, or was wrong: "A colleague will check it again"."""
    told_of_it = folded_in(sentence)
    doubts = _DOUBTS_IT.search(told_of_it) is not None and not letter.supposes(sentence)
    return doubts or _UNTIL_THEN.search(told_of_it) is not None


_FOR_A_TIME = re.compile(r"\b(?:only|until|unless|while|pending|again|for (?:now|the time being))\b")
_AS_BEFORE = re.compile(
    r"(?:^|[,;:] |\b(?:and|but|so) )"
    r"(?:(?:the|our|this|your) (?:answer|decision|outcome|refusal)(?: (?:for|on|about|to) .{2,40})?"
    r" (?:stays|remains|is|is still) (?:the same|unchanged|as it (?:is|was)|what it was)"
    r"|(?:(?:until|till) then,? )?(?:there is no change|nothing (?:changes|has changed)))\W*$"
)


def follows_a_refusal(sentence: str, letter: LetterGrammar) -> bool:
    """Whether a sentence says what a refusal brings about, or that it stays: "We'll keep using what you share."."""
    ends = letter.brings_about(sentence) or letter.negates(sentence) or _FOR_A_TIME.search(fold(sentence)) is not None
    return _AS_BEFORE.search(folded_in(sentence)) is not None or (still_uses(sentence) and not ends)


_WISHES = {
    "en": re.compile(
        r"\b(?:(?:can|could|may|might|would|will) (?:i|we|you)\b|please|kindly"
        r"|(?:want|wish|like|love|need)(?:ed)? (?:to|you)\b|rather|prefer\w*|instead|back|again|undo\w*|stop\w*|forget"
        r"|remove|cancel\w*|withdr\w+|change[ds]? my)\b"
    )
}
"""Words of a question that asks for something to be done, or may; elsewhere nothing tells the one from the other."""
_NOT_ASIDE = re.compile(r"\b(?:objections?|go(?:es)? on|keeps?|continu\w*)\b")


def _asks_how(turns: Sequence[Turn], decided: Turn, turn: Turn, asked: Sequence[Turn], language: str) -> bool:
    """Whether a message follows a question beneath a decision on something else: how it is, and not for a favour."""
    before = list(takewhile(lambda each: each is not turn, dropwhile(lambda each: each is not decided, turns)))
    latest = next((each for each in reversed(before) if each.speaker is Speaker.PERSON and each.blocks), None)
    wishes = _WISHES.get(language)
    if latest is None or wishes is None or not any(each is latest for each in asked):
        return False
    return wishes.search(spell_out(fold(" ".join(block.text for block in latest.blocks)))) is None


_ASKS_OF_IT = re.compile(
    r"\b(?:am i|are we|are they|is it|is that) (?:\w+ ){0,3}?(?:on|off|in|out|covered|included|safe|protected)\b"
    r"|\b(?:stays?|staying|stayed|left|kept|(?:leave|keep) (?:me|my|mine|it|them)) (?:\w+ )?(?:out|alone)\b"
    r"|\b(?:have i got (?:that|this|it) right|is (?:that|this|it) (?:right|correct)|just to be sure|just checking)\b"
    r"|\bto confirm\b|\b(?:yes|right|correct|then)\?\W*$"
)
"""A question whether what was decided holds for what the person shares."""
_DENIES = re.compile(
    r"^\W*(?:no|not|nope|sadly|unfortunately|(?:i am|we are) afraid|you were|it was|they were|it did|it used to|for now"
    r"|only|partly|almost|nearly|that was|until)\b"
)
_FIRST_SENTENCES = 3


def denied(turns: Sequence[Turn], decided: Turn) -> list[str]:
    """
    What the service answers to the person's question whether an acceptance holds, where that begins with "not".

    Whatever follows: "Am I on the list then?", "You were until Friday. A clean-up took you off again."
    """
    since = list(dropwhile(lambda each: each is not decided, turns))[1:]
    return [
        sentence
        for asked, answer in pairwise([each for each in since if each.blocks and each.speaker is not Speaker.UNKNOWN])
        if (asked.speaker, answer.speaker) == (Speaker.PERSON, Speaker.SERVICE)
        if _ASKS_OF_IT.search(spell_out(fold(" ".join(block.text for block in asked.blocks))))
        for sentence in told(answer)[:_FIRST_SENTENCES]
        if _DENIES.match(spell_out(fold(sentence)))
    ]


def _leaves_alone(sentence: str, letter: LetterGrammar) -> bool:
    """Whether a sentence that answers such a question says "not" of nothing, and takes nothing back."""
    tells = (
        letter.bears,
        letter.undoing,
        letter.negates,
        letter.retracts,
        letter.is_unplaced,
        letter.puts_back,
        takes_away,
        still_uses,
    )
    return _NOT_ASIDE.search(fold(sentence)) is None and not any(tell(sentence) for tell in tells)


def asks_aside(turn: Turn, words: PageWords, letter: LetterGrammar) -> bool:
    """Whether a person asks something, and names neither AI nor an objection, nor what was decided."""
    text = " ".join(block.text for block in turn.blocks)
    return "?" in text and not letter.refers_to_it(text) and not any(words.find_word(key, text) for key in OF_IT)


def is_aside(
    sentence: str, turn: Turn, decided: Turn, turns: Sequence[Turn], asked: Sequence[Turn], letter: LetterGrammar
) -> bool:
    """Whether a sentence written after a decision answers a question about something else, or how something is."""
    before = [each for each in asked if is_later(each, decided) and is_later(turn, each)]
    told_how = _asks_how(turns, decided, turn, asked, letter.languages[0]) and _leaves_alone(sentence, letter)
    return told_how or (letter.is_aside(sentence) and _answers(sentence, before))


def _answers(sentence: str, asked: Sequence[Turn]) -> bool:
    """Whether a sentence takes up a word of a question: "In which format are my photos?", "Photos come as …"."""
    words = {word for turn in asked for block in turn.blocks for word in _TELLING_WORD.findall(fold(block.text))}
    return not words.isdisjoint(_TELLING_WORD.findall(fold(sentence)))


_CASE = r"(?:this|your|the) (?:case|request|ticket|objection)"
_ENDED_WITHOUT = re.compile(
    rf"\b(?:we (?:have )?(?:now )?closed|we (?:have )?(?:had to|have to) close|closing) {_CASE}\b"
    rf"|\b{_CASE} (?:has been|was|is|had to be) (?:now )?(?:\w+ )?closed (?:because|as|since|without|for)\b"
)
"""A case that ended undecided, for a reason of its own: nobody is looking at it."""


def beside_a_receipt(heard: Heard, letter: LetterGrammar) -> tuple[str, ...]:
    """
    What may decide beside an acknowledgement, in words that nobody knows: "It has no merit", "It takes effect today".

    Whatever tells a decision, or what one brings about, as a fact. Beside a status alone ("Status: open") whatever
    refers to it, for then nobody said in words that nothing is decided.
    """
    said = {fold(each.whole or each.sentence) for each in heard.text.said}
    others = [s for s in told(heard.turn) if not any(fold(s) in one or one in fold(s) for one in said)]
    title = fold(heard.turn.title)
    possible = explained(told(heard.turn), letter)
    only_status = all(letter.part(each.whole or each.sentence) in _STATUS for each in heard.text.said)
    ended = tuple(s for s in others if _ENDED_WITHOUT.search(spell_out(fold(s))))
    return ended + tuple(
        s
        for s in others
        if (letter.decides(s) or fold(s) != title) and s not in possible
        if letter.brings_about(s)
        or (letter.decides(s) and letter.part(s) is None and not (letter.supposes(s) or letter.undoing(s)))
        or (only_status and letter.part(s) is None and letter.refers_to_it(s) and not letter.supposes(s))
    )
