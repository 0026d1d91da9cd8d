"""Questions in a service's letter, and what the next sentence says to them: "Am I protected? No."."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from automation.text.normalizing import fold, spell_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.reading.letter import LetterGrammar

_IN_THEIR_VOICE = re.compile(r"\b(?:i|i'm|i've|i'll|my|me)\b")
"""A question of the person's in a service's letter, as a list of questions and answers holds them."""
_OF_MINE = re.compile(r"\W*(?:so,? )?(?:am i|have i|was i|will i be|is my|are my|has my|have my)\b")
_TO_DO = re.compile(r"\W*(?:so,? )?(?:do i (?:\w+ )?(?:have|need) to|must i)\b")
_EXPLAINS = re.compile(r"(?:it|this|that) (?:means|would mean)\b|in that case\b|then\b")
_AFFIRMS = re.compile(
    r"\W*(?:yes|it (?:does|covers|applies|includes|stays|lasts)|they (?:are|do)|all (?:of )?|everything|both"
    r"|your objection|our decision|ja|oui|sí|sì)\b(?!,? (?:but|except|unless|aber|mais|pero|ma)\b)"
)
"""How an answer begins that affirms what was asked."""
_DENIES = re.compile(
    r"\W*(?:no|not|only|partly|partially|yes,? (?:but|except|unless)|unfortunately|in part|nein|nicht|nur|non|pas"
    r"|seulement|solo|sólo|soltanto|ja,? aber|sí,? pero|sì,? ma|oui,? mais)\b"
)
"""How an answer begins that denies what was asked, or narrows it."""


def explained(told: Sequence[str], letter: LetterGrammar) -> list[str]:
    """Sentences that only explain what was asked as a possibility: "What happens if we accept it? It means that …"."""
    return [
        answer
        for asked, answer in pairwise(told)
        if asked.rstrip().endswith("?") and _EXPLAINS.match(fold(answer)) and letter.supposes(asked)
    ]


def only_asks(asked: str, answer: str | None, letter: LetterGrammar, *, objects: bool) -> bool:
    """
    Whether a sentence is a question that is put for the person, and that the next one does not deny: "No.".

    Args:
        asked: a sentence.
        answer: the one after it; None at the end of the letter.
        letter: how letters in its language are made.
        objects: whether the sentence speaks of objecting.
    """
    if answer is None or not asked.rstrip().endswith("?"):
        return False
    if _IN_THEIR_VOICE.search(fold(asked)) and not (objects or letter.touches(asked)):
        return True  # the answer is looked at by itself
    denied = _DENIES.match(fold(answer)) is not None or letter.negates(answer)
    return not (denied or letter.bears(answer) or letter.narrows(answer))


def leaves_open(asked: str, answer: str, letter: LetterGrammar) -> bool:
    """Whether a question asks how far the decision goes ("Are my photos included?") and is not plainly affirmed."""
    if not asked.rstrip().endswith("?"):
        return False
    question, said = fold(asked), fold(answer)
    denied = _DENIES.match(said) is not None
    affirmed = _AFFIRMS.match(said) is not None
    if (_OF_MINE.match(question) and denied) or (_TO_DO.match(question) and affirmed):
        return True  # "Am I protected? No.", "Do I have to do anything? Yes, …"
    if letter.asks_of_use(asked):
        return not denied or letter.narrows(answer)
    if not letter.asks_how_far(asked):
        return False
    return not affirmed or letter.negates(answer) or letter.narrows(answer)


_ALSO_ASKED = re.compile(
    r"\W*(?:(?:as for|regarding|about|on|concerning) your (?:other|second|further) (?:question|request|point|wish)"
    r"|you (?:also|further|in addition) (?:asked|requested|wanted)"
    r"|your (?:other|second|further) (?:question|request|point))\b"
)
_OF_ANOTHER_KIND = re.compile(
    r"\b(?:taken out of|remov\w+|delet\w+|eras\w+|cop(?:y|ies)|download|correct\w*|rectif\w*|ads?|advert\w*|password"
    r"|refund)\b"
)
_OF_THE_OBJECTION = re.compile(r"\b(?:object\w*|honou?r\w*|cover\w*|includ\w*|appl(?:y|ies)|in future|from now on)\b")
_THAT = re.compile(
    r"\W*(?:unfortunately,? )?(?:that|this|it|we (?:cannot|are not able to|are unable to) do (?:that|this|it))\b"
)


def answers_another_question(asked: str, answer: str, letter: LetterGrammar) -> bool:
    """
    Whether a sentence says no to what the person wanted beside the objection, as the sentence before it tells.

    "You also asked whether information can be taken out of trained models. That isn't possible."
    """
    question, told = fold(asked), spell_out(fold(answer))
    another = _ALSO_ASKED.match(question) is not None and _OF_ANOTHER_KIND.search(question) is not None
    of_that = _THAT.match(told) is not None and _OF_THE_OBJECTION.search(f"{question} {told}") is None
    return another and of_that and not letter.undoes(answer)
