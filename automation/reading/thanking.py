"""For what a sentence thanks a person: for putting something right, or for changing their objection."""

from __future__ import annotations

import re

from automation.text.normalizing import fold, spell_out

_DETAIL = (
    r"(?:e-?mail(?: address)?|address|name|spelling|details?|information|data|form|date(?: of birth)?|country|username"
    r"|typo|mistake|error|slip)"
)
_OF_A_DETAIL = rf"(?: (?:of|to|in|about|with|regarding) (?:your|the) {_DETAIL})?"
_GIVEN = (
    r"(?:(?:sending|giving|making|providing) (?:us )?)?(?:the|your|this|that) (?:quick |prompt |kind |helpful )?"
    rf"(?:corrections?{_OF_A_DETAIL}|corrected {_DETAIL})"
)
_DONE = (
    rf"correcting (?:it|this|that|(?:your|the) {_DETAIL})"
    r"|(?:pointing out|telling us about|letting us know about|spotting|noticing|clearing up)"
    rf" (?:the|this|that|our|your) (?:mistake|error|typo|slip){_OF_A_DETAIL}"
)
_THANKS = re.compile(
    rf"(?:many thanks|thanks|thank you)(?: (?:so|very) much| a lot| again)? for (?:{_GIVEN}|{_DONE})"
    r"(?:, \w+)?[.!]?"
)

_CHANGES_IT = re.compile(
    r"(?:many thanks|thanks|thank you)\b.{0,20} for (?!sending|submitting|filing|making|raising|lodging|entering"
    r"|explaining|sharing|describing|completing|writing|expressing|forwarding|providing|registering|repeating|resending)"
    r"\w+ing (?:us )?(?:your|the|this) (?:\w+ )?(?:objection|request|choice|decision|opt-out|mind)\b"
)


def thanks_for_a_correction(sentence: str) -> bool:
    """
    Whether a sentence thanks for a correction of what the person had sent, and says nothing else.

    "Thank you for the correction." before a decision tells how it came about; behind it, it may mean the decision.
    """
    return _THANKS.fullmatch(spell_out(fold(sentence)).strip()) is not None


def thanks_for_changing_it(sentence: str) -> bool:
    """Whether a sentence thanks for something that was done to the objection: "Thank you for changing your request"."""
    return _CHANGES_IT.match(spell_out(fold(sentence)).strip()) is not None
