"""What the page of a form says of every objection made by it: that speaks of no objection that exists already."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence

from automation.text.normalizing import fold, spell_out

_SCOPE = re.compile(
    r"(?:your|an|each|every|this) (?:objection|request|objection request) is (?:always )?(?:only )?"
    r"(?:about|to|for|limited to|tied to|meant for) (?P<what>[^.!?]+)[.!]?"
)
_OF_ITS_SUBJECT = re.compile(
    r"(?:your?|our|us|the|this|that|these|those|all|any|own|personal|public|information|data|content|posts?|comments?"
    r"|photos?|videos?|messages?|accounts?|profiles?|pages?|use|of|being|used|for|to|train|training|develop|developing"
    r"|improve|improving|ai|at|on|from|in|by|with|only|alone|and|or|not|about|concerning|what|others?|people|somebody"
    r"|else|have|shared?|posted|cent(?:er|re)|generative|models|products|features|signed|linked|belongs?)"
)
"""What such a sentence is made of, beside names; no word of anything that happened, or of a time."""
_GOES_ON = re.compile(r"(?:it|that|this|they|we|i)(?:'\w+)? ")
"""How a sentence begins that may say what became of the objection of which the one before it speaks."""


def explanations(sentences: Sequence[str]) -> frozenset[str]:
    """Those of the sentences of a page that only explain an objection; none where the next one may go on about it."""
    after = [*map(fold, sentences[1:]), ""]
    return frozenset(
        sentence
        for sentence, following in zip(sentences, after, strict=True)
        if _tells_the_scope(sentence) and _GOES_ON.match(following) is None
    )


def _tells_the_scope(sentence: str) -> bool:
    """Whether it says no more than what an objection by the form is about: "… is about your own account"."""
    match = _SCOPE.fullmatch(spell_out(fold(sentence)).strip())
    names = {fold(word) for word in re.findall(r"\b[A-Z]\w*", sentence)} - {month.casefold() for month in month_name}
    said = set(re.findall(r"[\w']+", match["what"])) - names if match else set[str]()
    return match is not None and all(map(_OF_ITS_SUBJECT.fullmatch, said))
