"""Whether a sentence is about answering the letter alone: "This inbox cannot accept incoming messages"."""

from __future__ import annotations

import re
from typing import Final

from automation.text.normalizing import fold

TAKEN_IN: Final = re.compile(r"\baccept (?=(?:any )?(?:incoming|messages|replies|e-?mails?|answers)\b)")
"""No decision: what an inbox accepts."""
_ANSWERS = re.compile(
    r"\b(?:incoming|receiv\w+|monitor\w+|unmonitored|unattended|read|repl(?:y|ies|ied|ying)|answer\w*|respon[ds]\w*"
    r"|messages?|automat\w+"
    r"|re[cç]ev\w+|reçu\w*|lue?s?|consult\w+|répon\w+|empf\w+|gelesen|überwach\w+|beantwort\w+|antwort\w*|nachrichten"
    r"|recib\w+|leíd\w+|supervis\w+|mensajes|ricev\w+|lett[aoei]|monitorat\w+|rispo\w+|messaggi)\b"
)
_OF_A_CASE = re.compile(
    r"\b(?:object\w*|opposition|widerspr\w+|einspruch\w*|objeción|oposición|opposizione|obiezione|posts?|photos?|used?"
    r"|uses|using|information|data|ai|decisi\w+|décisi\w+|entscheid\w+|account (?:is|isn't|cannot|can't|does|doesn't)"
    r"|wrong|until|till|before|unless|follows?|final|confirm\w*|complet\w*"
    r"|jusqu\w*|avant|bis|bevor|hasta|antes|finché|prima)\b"
)
"""What is said of a case, or of what has to happen first, beside that nobody reads answers."""


def is_of_replying_alone(sentence: str) -> bool:
    """Whether a sentence that begins like "please do not reply" says nothing of a case."""
    folded = TAKEN_IN.sub("", fold(sentence))
    return _ANSWERS.search(folded) is not None and _OF_A_CASE.search(folded) is None
