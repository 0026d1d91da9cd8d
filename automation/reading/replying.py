"""Whether a sentence is about the letter alone: that nobody reads answers, that a survey changes nothing."""

from __future__ import annotations

import re
from typing import Final

from automation.text.normalizing import fold, spell_out

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


_THIS_REPLACES = re.compile(
    r"\W*(?:this|it)(?: (?:message|decision|letter|reply|answer|response|e-?mail))?"
    r" (?:replaces|supersedes) (?:our|the|any) "
)
_NOT_BY_A_SURVEY = re.compile(
    r"\W*(?:(?:your|the) (?:answers?|feedback|ratings?|opinion|score|response)"
    r"(?: (?:to|in|of) (?:this|the|our) survey)?|(?:this|the|our) (?:short )?survey"
    r"|answering(?: (?:it|this|the survey))?|it (?:only )?takes (?:[\w-]+ ){1,4}(?:minutes?|seconds?) and)"
    r" (?:will not|does not|do not|cannot|has no|have no)"
    r" (?:affect|change|influence|alter|(?:effect|influence|bearing|impact) on)"
    r" (?:(?:our|the|this|your) (?:decision|objection|outcome|request|reply|answer|case)|it|this)\W*"
)


_TO_STRANGERS = re.compile(
    r"\W*if you (?:have )?(?:received|got|get) (?:it|this(?: (?:message|letter|e-?mail|communication|reply))?)"
    r" (?:in error|by mistake|in mistake),? (?:(?:please|kindly|and|it|this|us|to|at once|immediately|then|the|all|any"
    r"|your|copies|sender|message|letter|e-?mail|attachments?|delete|destroy|return|tell|notify|inform|contact|let|know"
    r"|from|system) ?,?)+[.!]?"
)
"""What is printed beneath every letter for whom it was not meant."""
_NOTED = re.compile(r"^\W*(?:please )?(?:note|be aware|bear in mind|keep in mind|remember)(?: that|:)?,? (?=\w)")


def is_to_strangers(sentence: str) -> bool:
    """Whether a sentence asks whom a letter was not meant for to delete it, and nothing else."""
    return _TO_STRANGERS.fullmatch(spell_out(fold(sentence))) is not None


def without_noting(folded: str) -> str:
    """A folded sentence without "please note that" before it."""
    return _NOTED.sub("", folded, count=1)


_ANOTHER_FORM = re.compile(
    r"\b(?:separate|different|another|other|special) (?:\w+ )?(?:forms?|page|requests?|process|team|inbox|department)\b"
    r"|\b(?:there is|we have) (?:a|its|their) (?:\w+ )?form (?:for|of its own)\b"
    r"|\b(?:requests|objections) (?:(?:made|sent|filed) )?(?:through|via|on|by|with) that (?:\w+ )?form\b"
    r"|\bcannot (?:take|accept|handle|answer) (?:such|these|those) (?:requests|objections|questions)\b"
)


def points_to_another_form(sentence: str) -> bool:
    """Whether a sentence says that what it names belongs to another form: it says nothing of what this is about."""
    return _ANOTHER_FORM.search(spell_out(fold(sentence))) is not None


def replaces_another(sentence: str) -> bool:
    """Whether a sentence says that the message in which it stands replaces an earlier one: what is said here counts."""
    return _THIS_REPLACES.match(spell_out(fold(sentence))) is not None


def is_of_a_survey_alone(sentence: str) -> bool:
    """Whether a sentence says, and nothing else, that what somebody answers to a survey changes nothing."""
    return _NOT_BY_A_SURVEY.fullmatch(spell_out(fold(sentence))) is not None


_STATUS = re.compile(
    r"\W*(?:(?:current|case|request) )?(?:status|statut|estado|stato)(?: (?:of|de|des?|del|della) [\w' ]{4,30})?\W*"
)
_MOST_WORDS_OF_A_STATUS = 4
_BADGE = re.compile(
    r"\W*(?:ended|closed|resolved|completed|done|solved|finished|archived|answered|replied|open|new|read|unread|sent"
    r"|submitted|received|processing|in (?:review|progress|process)|under review"
    r"|(?:awaiting|waiting for)(?: (?:your|our|a))? (?:reply|response|answer)"
    r"|terminée?|close|clôturée?|fermée?|résolue?|traitée?|envoyée?|reçue?|en attente(?: de (?:votre |ta )?réponse)?"
    r"|en cours(?: d'examen| de traitement)?"
    r"|beendet|geschlossen|abgeschlossen|erledigt|gelöst|beantwortet|offen|neu|gesendet|eingegangen"
    r"|in (?:bearbeitung|prüfung)|warten auf antwort"
    r"|cerrad[oa]|resuelt[oa]|finalizad[oa]|enviad[oa]|recibid[oa]|en revisión|en curso"
    r"|chius[oa]|risolt[oa]|conclus[oa]|inviat[oa]|ricevut[oa]|in revisione|in corso)\W*"
)


def is_status(label: str, value: str) -> bool:
    """Whether a label and what stands behind it are the status of a case, as two cells or two lines tell it."""
    few = 0 < len(value.split()) <= _MOST_WORDS_OF_A_STATUS and not value.rstrip().endswith(":")
    return few and _STATUS.fullmatch(fold(label)) is not None


def is_badge(sentence: str) -> bool:
    """Whether a line is a bare word for how far a case has come: it says nothing of how it was decided."""
    return _BADGE.fullmatch(fold(sentence)) is not None
