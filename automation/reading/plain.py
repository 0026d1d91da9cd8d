"""Sentences of a letter as they are compared: without dates and adverbs between words that belong together."""

from __future__ import annotations

import re
from functools import lru_cache

_MONTHS = (
    "january|february|march|april|may|maius|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    "|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|januar|februar|märz|juni|juli|oktober|dezember"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|°|\.)?"
A_DATE = (
    rf"(?:{_DAY} (?:de )?(?:{_MONTHS})\b\.?(?:,? (?:de )?\d{{4}})?|(?:{_MONTHS})\b\.? {_DAY}(?:,? \d{{4}})?"
    r"|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d{2}-\d{2})"
)
_OF_OBJECTION = re.compile(
    r"(?P<objection>\b(?:objections?|requests?|request to object|forms?|opposition|demande|widerspruch|antrag|einspruch"
    r"|objeción|oposición|solicitud|opposizione|obiezione|richiesta(?: di \w+)?)"
    r"(?: (?:that |which )?you (?:sent|submitted|filed|made)(?: us)?)?)"
    r",? (?:of|from|dated|on|(?:sent|submitted|filed|made|received)(?: on)?|du|en date du|vom|del|de|con fecha|dal"
    r"|in data)"
    rf" {A_DATE}",
    re.IGNORECASE,
)
_CONCESSION = re.compile(
    r",? (?:even though|although|though|while) (?:we|meta) (?:have |will |are )?(?:honou?r|accept|grant)(?:s|ed|ing)?"
    r" your (?:objection|request)(?=[.,;]|$)"
)
_IN_MAY = re.compile(r"(?<=\d )May\b|(?<=\dth )May\b|(?<=\dst )May\b|\bMay(?= \d)")

_ADVERBS = (
    "therefore|thus|hence|hereby|accordingly|consequently|unfortunately|regrettably|sadly|gladly|happily|duly|indeed"
    "|malheureusement|donc|en conséquence|par conséquent|leider|daher|deshalb|somit|hiermit|bedauerlicherweise"
    "|lamentablemente|desafortunadamente|por tanto|por lo tanto|por consiguiente|en consecuencia"
    "|purtroppo|pertanto|quindi|dunque|di conseguenza"
)
_FIRST = re.compile(
    rf"^\s*(?:(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|lastly|finally), |(?:on|am|le|el|il) {A_DATE},? )",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"^\W*(?:just )?(?:something|(?:one|a|another|one last|one more|a few|some) (?:\w+ )?(?:things?|notes?|points?)"
    r"|good|worth|important|useful)(?: [\w'’]+){0,6}: (?=\w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf", (?:{_ADVERBS}), ", re.IGNORECASE)
_ADVERB = re.compile(rf"\b(?:{_ADVERBS})\b,?\s+", re.IGNORECASE)
_AT_ANY_TIME = re.compile(
    rf" (?:on|of|from|dated|am|vom|le|du|el|il|del|dal) (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?{A_DATE}",
    re.IGNORECASE,
)
_LAW = re.compile(
    r",? (?:under|pursuant to|in accordance with|within the meaning of|nach|gemäß|en vertu de|au titre de|conforme a"
    r"|ai sensi)"
    r"(?: (?:the|l'|del|dell'))? ?(?:article|art\.?|artikel|artículo|articolo) ?21(?:\(1\))?(?![\d(])"
    r"(?: (?:of (?:the )?|der |du |del )?(?:uk )?(?:gdpr|dsgvo|rgpd))?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(\byour (?:own )?(?:AI )?(?:objection|request to object)\b"
    r"(?:(?! and your | or your |\brequest|\breport|\bappeal).){0,120}?\b(?:honou?r(?:ed|ing)?)) it\b",
    re.IGNORECASE,
)
_OBJECTION_ALONE = re.compile(
    r"(?:(?:thank you|thanks)(?: very much| again)? for |we(?:'ve|’ve| have)? (?:now )?(?:received|got|reviewed|read"
    r"|considered|looked at) )(?:sending us |sending |submitting )?your (?:own )?(?:AI )?"
    r"(?:objection|request to object)(?: to (?:(?! and (?!improve)|\bor\b)[^,;:.])*)?[.!]?",
    re.IGNORECASE,
)
"""A sentence that names the objection, to whatever, and nothing beside it."""
_ITS_NAME = re.compile(r"\byour (?:own )?(?:AI )?(?:objection|request to object)\b", re.IGNORECASE)
_ANOTHER_REQUEST = re.compile(
    r"\b(?:requests?(?! to object)|reports?|appeals?|complaints?|forms?|applications?|orders?|promises?|not|no|never|if"
    r"|unless|whether|once|when|until|could|would|might|may|cannot|want\w*|wish(?:es|ed)?|asks?|asked"
    r"|cop(?:y|ies)|(?:and|or|nor) your|\w+n['’]t)\b",
    re.IGNORECASE,
)
"""What else may be honoured, and what makes the sentence before one that tells of no objection."""
_IT_IS_HONOURED = re.compile(
    r"^(?P<reviewed>(?:(?:Our (?:\w+ )?team has|We(?:['’]ve| have)?) (?:now )?"
    r"(?:reviewed|examined|considered|assessed|read|looked at) (?:it|this),? and )?)it(?P<will>['’]ll)?"
    r"(?= (?:will be|has been|is|is being|has now been|be) (?:now )?honou?red\b)",
    re.IGNORECASE,
)
_HONOURED_IT = re.compile(r"\b(?P<verb>honou?r(?:ed|ing)?) it\b", re.IGNORECASE)
_ANOTHER_THING = re.compile(
    r"\b(?:request(?! to object)|report|appeal|complaint|form|account|ad|photo)s?\b", re.IGNORECASE
)
_WHEN = re.compile(
    rf"^\s*(?:on|of|from|dated|since|am|vom|seit|le|du|depuis|el|desde el|il|dal) {A_DATE}(?: at \d[\d:.]*)?",
    re.IGNORECASE,
)


_SYMPATHY = re.compile(
    r",? (?:and|because|since) (?:we|i) (?:know|understand|reali[sz]e|appreciate|see|recogni[sz]e)"
    r" (?:that |how (?:much )?|why )?(?:this|it|that) (?:matters|is important|means a lot|counts)"
    r"(?: (?:to|for) (?:you|people|everyone|many people|those|artists|creators)\b[^,;:.]*)?(?=[.!]?$)",
    re.IGNORECASE,
)


def without_when(rest: str) -> str:
    """What follows a decision, without the date right after it: that is when, and not what."""
    return _WHEN.sub("", rest, count=1)


def undated(sentence: str) -> str:
    """A sentence without any date that says when: "We received on 2 June your objection"."""
    return " ".join(_AT_ANY_TIME.sub(" ", sentence).split())


def without_sympathy(sentence: str) -> str:
    """A sentence without a last clause that only says that the service understands: "and we know this matters"."""
    return _SYMPATHY.sub("", sentence, count=1)


def with_subject(sentence: str, before: str) -> str:
    """
    A sentence in which "honour it" is written out, where the one before it names the objection and nothing else.

    "Thank you for your objection to … AI at Meta. We've reviewed it and we'll honour it."
    """
    alone = _OBJECTION_ALONE.fullmatch(before.strip()) is not None and not _ANOTHER_THING.search(sentence)
    if not (alone or _names_it_alone(before)):
        return sentence
    if (it := _IT_IS_HONOURED.match(sentence)) is not None:
        subject = "your objection" if it["reviewed"] else "Your objection"
        return f"{it['reviewed']}{subject}{' will' if it['will'] else ''}{sentence[it.end() :]}"
    return _HONOURED_IT.sub(r"\g<verb> your objection", sentence)


def _names_it_alone(sentence: str) -> bool:
    """Whether a sentence tells something of the objection, and names nothing else that could be honoured."""
    rest = _ITS_NAME.sub("", sentence, count=1)
    return rest != sentence and _ANOTHER_REQUEST.search(rest) is None


@lru_cache(maxsize=4096)
def plain(sentence: str) -> str:
    """
    A sentence as it is compared.

    Without what only points at it ("One more thing: …"), the date of an objection, articles of law and adverbs; "it" is
    written out where it is the objection that the sentence names, and the month of May is no "may".

    "Your objection of 2 May will therefore be honoured" reads as "Your objection will be honoured".
    """
    sentence = _LAW.sub("", _FIRST.sub("", _POINTER.sub("", sentence)))
    sentence = _NAMED.sub(r"\1 your objection", sentence)
    bare = _ADVERB.sub("", _BETWEEN.sub(" ", _OF_OBJECTION.sub(r"\g<objection>", sentence)))
    return _IN_MAY.sub("maius", bare) or sentence


def without_concession(folded: str) -> str:
    """A sentence without the clause that says the decision once more: "…, even though we honour your objection"."""
    return _CONCESSION.sub("", folded)
