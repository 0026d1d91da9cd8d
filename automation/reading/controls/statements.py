"""Sentences that state how a setting stands, and for what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from automation.reading.controls.words import TABLE, Wanted
from automation.text.normalizing import fold, sentences, spell_out

if TYPE_CHECKING:
    from automation.flow.control_table import Meaning

STATEMENTS = {name: frozenset(words) for name, words in TABLE["statements"].items()}
_ON, _OFF, YES, NO = (STATEMENTS[name] for name in ("on", "off", "yes", "no"))
_LETS_IN, _KEEPS_OUT, _NEGATIONS, _SHORT = (STATEMENTS[n] for n in ("lets_in", "keeps_out", "negations", "short"))
_ITSELF, SUCH = STATEMENTS["itself"], STATEMENTS["itself"] | STATEMENTS["such"]
_PLACE = re.compile(r"\bon (?:this|that|your|our|my|the|all|any|every|an?|which|what|how)\b")
"""English: "on" that tells where."""
_SINCE = re.compile(r"\s(?:since|as of|depuis|seit|desde|dal|dalla|sedert)\b.*$")
_ON_A_DAY = re.compile(r"\s(?:on|am|le|el|il|em|at|um) [^.]*\d.*$")
"""What follows a state and says when it was set."""
_FOR_NOW = re.compile(
    r"\b(?:no momento|de momento|en este momento|al momento|im (?:moment|augenblick)|pour (?:l'instant|le moment))\b"
)
_APART = re.compile(r"\s*(?:\s[-–—]\s|[·|,;:(])\s*")
_SET_WHEN = re.compile(
    r"(?:last |just |recently )?(?:updated|changed|saved|modified|set|edited|turned|switched|since|as of|today"
    r"|yesterday|just now|\d|modifié|mis à jour|depuis|aujourd'hui|hier|aktualisiert|geändert|gespeichert|seit|heute"
    r"|gestern|actualizad[oa]|desde|hoy|ayer|aggiornat[oa]|dal|oggi|ieri)"
)
"""What stands behind a state and says when it was set: "On – updated just now"."""
_BRACKETS = re.compile(r"\(([^()]*)\)")
WORD = re.compile(r"[^\W_]+")


def stated(wanted: Wanted, line: str) -> Iterator[Meaning]:
    """
    What a line tells of the setting's state in words, once for each sentence of it that does.

    A sentence counts where all of its words belong to such a statement, or are the setting's own; any other word may
    name another setting, or a condition. The word for a state alone is none: who draws a switch may write it there for
    what it is.
    """
    said = set(WORD.findall(fold(line)))
    if "?" in line or wanted.tells(line) or (len(said) > 1 and said <= YES | NO):  # or what one may choose from
        return
    for sentence in sentences(line) or [line]:
        named = _BRACKETS.sub(" ", sentence)
        for part in (named, *_BRACKETS.findall(sentence)):
            folded = spell_out(fold(part)).strip(" .…!:")
            meaning = _meaning_of(wanted, folded)
            lead, *behind = _APART.split(folded, maxsplit=1)
            if meaning is None and behind and wanted.tells(lead) and _SET_WHEN.match(behind[0]):
                meaning = wanted.meaning(lead)
            of_name = part is not named and wanted.tells(part) and not speaks_of_itself(wanted, named)
            if meaning is not None and not of_name:  # "Auto-delete (Off)"
                yield meaning


def _meaning_of(wanted: Wanted, folded: str) -> Meaning | None:
    """What the words of a sentence tell together; None where one of them may tell something else."""
    said = WORD.findall(_PLACE.sub(" ", _ON_A_DAY.sub("", _SINCE.sub("", _FOR_NOW.sub(" ", folded)))))
    told: set[Meaning | None] = set()
    rest: list[str] = []
    turned = False
    for at, word in enumerate(said):
        meaning = _meaning_of_word(wanted, word, said[at - 1] if at else "")
        within = 0 < at < len(said) - 1
        little = within and (word in _SHORT or (word == "on" and said[at + 1] not in _ITSELF))
        if meaning is not None and not little:
            told.add(meaning)
        elif word in _NEGATIONS:
            turned = not turned
        elif word != "opted":
            rest.append(word)
    if not told and rest and said[-1] in YES | NO:  # "Your choice: No"
        told, turned = {wanted.switched(on=said[-1] in YES)}, False
        rest = [word for word in rest if word not in YES]
    if len(told) != 1 or not SUCH.union(own_words(wanted)).issuperset(rest):
        return None
    meaning = told.pop()
    return meaning if not turned or meaning is None else "protects" if meaning == "trains" else "trains"


def _meaning_of_word(wanted: Wanted, word: str, before: str) -> Meaning | None:
    if word in _LETS_IN or (word, before) == ("in", "opted"):
        return "trains"
    if word in _KEEPS_OUT or (word, before) == ("out", "opted"):
        return "protects"
    return wanted.switched(on=word in _ON) if word in _ON | _OFF else None


def speaks_of_itself(wanted: Wanted, name: str) -> bool:
    """Whether a name before a state is only what any setting's state is called, or the setting's own words."""
    return set(WORD.findall(fold(name))) <= _ITSELF | _NEGATIONS | own_words(wanted)


def own_words(wanted: Wanted) -> frozenset[str]:
    """The words of the setting's labels and sections."""
    return frozenset(word for name in (*wanted.labels, *wanted.sections) for word in WORD.findall(name))
