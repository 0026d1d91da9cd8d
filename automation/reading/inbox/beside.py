"""What stands in one message beside its answer, and leaves that open."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.bearing import folded_in
from automation.reading.inbox.alarms import Heard, told
from automation.reading.meanings import Meaning
from automation.reading.questions import explained
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.reading.letter import LetterGrammar

_DECISIONS = frozenset({Meaning.ACCEPTED, Meaning.REFUSED})
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
    return tuple(
        s
        for s in others
        if (letter.decides(s) or fold(s) != title) and s not in possible
        if letter.brings_about(s)
        or (letter.decides(s) and letter.part(s) is None and not (letter.supposes(s) or letter.undoing(s)))
        or (only_status and letter.part(s) is None and letter.refers_to_it(s) and not letter.supposes(s))
    )
