"""Words of courtesy before what a page says: "Sorry, …", "Unfortunately, …". They change nothing of it."""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"\s*(?:"
    r"(?:(?:we(?:'re| are)|i'm|i am) )?(?:very |so |really )?(?:sorry|afraid)|unfortunately|apologies|our apologies"
    r"|we (?:regret|apologi[sz]e)|regrettably"
    r"|(?:(?:nous (?:en )?sommes )?(?:vraiment )?désolée?s?)|malheureusement|nous regrettons"
    r"|leider|es tut uns leid|entschuldigung|wir bedauern"
    r"|lo sentimos|lamentablemente|por desgracia|desafortunadamente"
    r"|ci dispiace|siamo spiacenti|spiacenti|purtroppo"
    r")(?P<after>[,:;!–—-]*(?:\s*(?:but|that|mais|que|aber|dass|pero|ma|che)\b,?)?)\s+",
    re.IGNORECASE,
)


def without_courtesy(sentence: str) -> str:
    """The sentence without an apology at its beginning; what it says begins as a sentence of its own would."""
    match = _LEAD.match(sentence.replace("’", "'"))
    return sentence[match.end() :] if match is not None else sentence
