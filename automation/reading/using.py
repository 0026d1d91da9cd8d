"""What a service says that it still uses: beside an acceptance such a sentence may take most of it back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from automation.text.normalizing import fold, spell_out

_CLAUSES = re.compile(r"[,;:.()]| - | (?:and|but|so|because|y|pero|porque|e|ed|ma|perché) ")
_MEANS = re.compile(
    r"\b(?:which|this|that|it) means(?: that)?\b|\b(?:lo que|esto) significa que\b|\b(?:ciò|questo) significa che\b"
)
_FOR_AI = re.compile(r"\b(?:ai|ia|models?|model[il]\w*|train\w*|entren\w+|addestr\w+)\b")
_TO_DEVELOP = re.compile(r"\b(?:develop\w*|improv\w*|desarroll\w+|mejor\w+|svilupp\w+|miglior\w+)\b")
_ADVICE = re.compile(r"\W*(?:please )?use your (?:\w+ )?(?:settings|preferences|controls)\W*")
_NO_LONGER = re.compile(r"\b(?:no longer|no more|never|ya no|mai più)\b")


@dataclass(frozen=True, slots=True)
class _Uses:
    """How one language says that something of the person's is used; what is used, or for what, stands behind it."""

    says: re.Pattern[str]
    negated: re.Pattern[str]
    """What makes it a use that is not, that is the person's choice, or that is only spoken of."""
    of_the_letter: re.Pattern[str]
    """What a service needs to answer at all, right after "your"."""
    for_another_end: re.Pattern[str]
    """Ends that are not those of the objection."""


_USES = (
    _Uses(
        re.compile(
            r"\b(?:us(?:e|es|ing)(?! of)|agree(?:s|d)? (?:to|with|that)|train(?:s|ing)?|learn(?:s|ing)?|feed(?:s|ing)?"
            r"|rel(?:y|ies|ying)|draw(?:s|ing)?|process(?:es|ing)?|(?:limit|restrict|confin|reduc|narrow)\w*)"
            r"(?: [\w-]+){0,4}? (?:your|what you|anything you) "
            r"|\b(?:your|what you|anything you) (?=(?:[\w-]+ ){1,6}?"
            r"(?:will|are|is|may|can|might|stays?|remains?|continues? to)"
            r"(?: (?:be|still|only|just|also|now|then|being|kept))* (?:used|processed|learn(?:ed|t) from|fed|in use)\b)"
        ),
        re.compile(
            r"\b(?:not|never|cannot|no|none|neither|nor|nobody|stop\w*|ceas\w*|without|avoid\w*|refrain\w*|exclud\w*"
            r"|(?:instead|rather) (?:of|than)|end(?:s|ed)?|object\w*|opposed?|opt\w*|how|why"
            r"|the ways?(?: that| in which)?(?= (?:we|your|meta)\b)"
            r"|you (?:can|may|could|will|might|want|wish|have|would)|(?:if|when|that|which|where) you)\b"
        ),
        re.compile(
            r"(?:\w+ ){0,2}?(?:e-?mails?|address|phone|number|contact|answers?|feedback"
            r"|reply|replies|rating|reports?"
            r"|form|objection|request|reasons?|explanation|opinion|device|browser|rights?|choice|decision"
            r"|(?:write|wrote|sent|told) us)\b"
        ),
        re.compile(
            r"\bto (?:reply|respond|answer|contact|handle|review|verify|confirm|identify|get back|provide|offer|show"
            r"|run|operate|deliver|personali[sz]e|help you|protect|keep (?:you|our|meta))\b"
            r"|\bfor other purposes\b|\b(?:in line|in accordance) with\b|\bunder article\b"
        ),
    ),
    _Uses(
        re.compile(
            r"\b(?:us|utiliz|entren)(?:aremos|amos|ar|ando)(?: [\w-]+){0,4}? (?:tus?|sus?) "
            r"|\b(?:tus?|sus?) (?=(?:(?!no |nunca |tampoco )[\w-]+ ){1,4}?se (?:usar|utilizar|seguir)\w*)"
        ),
        re.compile(r"\b(?:no|nunca|ni|sin|tampoco|dej\w+|si|cómo|como)\b"),
        re.compile(r"(?:\w+ )?(?:correo|dirección|respuesta|opinión|solicitud|objeción)\b"),
        re.compile(r"\bpara (?:responder|contestar|contactar|tramitar|revisar|verificar|ofrecer|prestar|proteger)"),
    ),
    _Uses(
        re.compile(
            r"\b(?:us|utilizz|addestr)(?:eremo|iamo|are|ando)(?: [\w-]+){0,4}? (?:tuo|tua|tuoi|tue|suo|sua|suoi|sue) "
            r"|\b(?:tuoi|tue|tua|tuo) (?=(?:(?!non |mai )[\w-]+ ){1,4}?(?:verranno|saranno|verrà|sarà)"
            r" (?:\w+ )?(?:usat|utilizzat)\w+)"
        ),
        re.compile(r"\b(?:non|mai|né|senza|neppure|neanche|smett\w+|cess\w+|se|come)\b"),
        re.compile(r"(?:\w+ )?(?:e-?mail|indirizzo|risposta|opinione|richiesta|obiezione|opposizione)\b"),
        re.compile(r"\bper (?:rispondere|contattarti|gestire|verificare|offrire|fornire|proteggere)"),
    ),
)


def still_uses(sentence: str) -> bool:
    """
    Whether a sentence says that something of the person's is used, and neither "not" nor for which other end.

    "We will use only your private messages" says "only" and means more than an acceptance leaves.
    """
    told = _MEANS.sub("", spell_out(fold(sentence))).replace("nothing but", "only")
    return any(_says_so(uses, clause) for clause in _CLAUSES.split(told) for uses in _USES)


def _says_so(uses: _Uses, clause: str) -> bool:
    found = uses.says.search(clause)
    if found is None or _ADVICE.fullmatch(clause) or uses.negated.search(clause[: found.end()]):
        return False
    rest = clause[found.end() :]
    needed = uses.of_the_letter.match(rest) or (uses.for_another_end.search(rest) and not _TO_DEVELOP.search(rest))
    return not (_NO_LONGER.search(rest) or (needed and not _FOR_AI.search(rest)))
