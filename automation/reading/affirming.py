"""
Whether a sentence says that an answer given before still counts: "…, so your objection is honoured there too".

A person asks after an acceptance whether it holds for another account, or for how long, and is told that it does. Such
a sentence decides nothing anew; what stands around it is read as any other words are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.narrowing import takes_away
from automation.reading.plain import plain
from automation.text.normalizing import fold, spell_out

if TYPE_CHECKING:
    from automation.reading.letter import LetterGrammar

_IT = r"(?:your (?:own )?(?:ai )?(?:objection|request to object)|yours|it)"
_STILL = r"(?:also |already |still |now |therefore )*"
_AFFIRMS = re.compile(
    r"(?:^|(?<=[.:;,] )|(?<=\bso )|(?<=\band )|(?<=\bbecause )|(?<=\bsince )|(?<=\bthat )|(?<=\bthen ))"
    rf"(?:{_IT} {_STILL}(?:is|has been|remains|stays|continues to be|will remain|will stay|will be) {_STILL}"
    r"(?:(?:being )?honou?red|in (?:place|force|effect)|valid|active|recorded (?:on|in) your account)"
    rf"|{_IT} {_STILL}(?:counts|applies|stands|holds)"
    rf"|(?:we|meta) (?:will )?{_STILL}(?:(?:continue to |keep )?honou?r(?:ing)?|(?:continue to apply|keep applying))"
    r" (?:it|yours|your (?:own )?objection)"
    rf"|(?:your (?:own )?(?:ai )?objection|yours) {_STILL}(?:has been|was|is) {_STILL}(?:accepted|granted|approved)"
    r"|(?:it|this|that) (?:does|will) not (?:affect|change|touch)"
    r" (?:your objection|the objection (?:that )?we (?:have )?honou?red))"
    r"(?: (?:there|here|on it|for it|for that one|for both|as we (?:told|wrote to) you|as before))?"
    r"(?: (?:too|as well|now|already|today))?"
    r"(?: (?:for )?as long as you (?:have|use|keep) (?:an?|the|your|this) account"
    r"|,? unless you (?:tell us otherwise|change your mind|withdraw it|take it back|ask us to (?:end|undo|remove) it)"
    r"|(?<=\bcounts) (?:even )?(?:if|when) you (?:later )?(?:change|switch|move|rename|get|buy) [^,;:]+"
    r"| (?:across|in|throughout) (?:all )?(?:of )?(?:our|the) (?:systems|products|apps|services)"
    r"(?: (?:that )?we use for ai(?: training)?| for ai(?: at meta)?)?)*"
    r"(?=$|[.,;:]| (?:and|so|because|since)\b)"
)
_LINKS = re.compile(
    r"^(?:[.,;:]* ?(?:and|so|because|since|that|yes|well|sure|of course|until then)?\b)*"
    r"|(?:\b(?:and|so|because|since|that))?[.,;:]* ?$"
)
_FOR_A_PART = re.compile(r"^(?:for|on|in|at|by|as an?|which|pending|under|regarding|concerning|as (?:for|to|regards)) ")
_OF_THE_WHOLE = re.compile(r"\b(?:accounts cent(?:er|re)|now|moment|both|all|your objection)\b")


def reaffirms(sentence: str, letter: LetterGrammar) -> bool:
    """Whether a sentence says that the objection is honoured still, or there as well, and takes nothing of it back."""
    around = _around(sentence)
    return around is not None and not any(_doubtful(piece, letter) for piece in around)


def _around(sentence: str) -> list[str] | None:
    """What stands before and after the words that it still counts; None where there are none."""
    folded = spell_out(fold(plain(sentence))).strip(" .!")
    found = _AFFIRMS.search(folded)
    if found is None:
        return None
    pieces = (folded[: found.start()], folded[found.end() :])
    return [bare for piece in pieces if (bare := _LINKS.sub("", piece.strip(" ,;:.")).strip(" ,;:."))]


def _doubtful(piece: str, letter: LetterGrammar) -> bool:
    again = _AFFIRMS.fullmatch(piece) is not None
    partly = _FOR_A_PART.match(piece) is not None and _OF_THE_WHOLE.search(piece) is None
    bears = letter.bears(piece) or letter.undoing(piece) or letter.negates(piece) or letter.supposes(piece)
    return not again and (
        partly or bears or takes_away(piece) or letter.narrows(f", {piece}") or letter.is_unplaced(piece)
    )
