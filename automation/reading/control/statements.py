"""
A line in words that tells the state of the setting at hand once more: "Current status: Off", "Vous l'avez désactivé".

A line counts where all of its words belong to such a statement, or are the setting's own; any other word may name
another setting, or a condition. These words come from no source, and need none: they can only take a verdict away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from automation.text.normalizing import fold, sentences, spell_out

if TYPE_CHECKING:
    from automation.flow.control_table import Meaning
    from automation.reading.control.wanted import Wanted


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ON = _words(
    "on enabled active activated ein an aktiv aktiviert eingeschaltet angeschaltet activé activée activés activées"
    " actif active allumé activado activada activo encendido encendida habilitado habilitada attivo attivato"
    " attivata abilitato abilitata acceso ativado ativada ativo ativa ligado ligada aan ingeschakeld włączone"
    " włączony"
)
_OFF = _words(
    "off disabled inactive deactivated aus inaktiv deaktiviert ausgeschaltet abgeschaltet désactivé désactivée"
    " désactivés désactivées inactif inactive éteint desactivado desactivada inactivo inactiva apagado apagada"
    " deshabilitado deshabilitada disattivo disattivato disattivata disabilitato disabilitata spento inattivo"
    " desativado desativada inativo inativa desligado desligada uit uitgeschakeld wyłączone wyłączony"
)
_LETS_IN = _words("allowed permitted granted accepted autorisé autorisée erlaubt permitido consentito")
_KEEPS_OUT = _words(
    "denied refused declined withdrawn blocked forbidden excluded refusé refusée bloqué abgelehnt blockiert"
    " widersprochen denegado rechazado bloqueado negato rifiutato bloccato"
)
_OPTED = {"in": True, "out": False}
_YES, _NO = _words("yes ja oui sí sì sim"), _words("no nein non não nee")
ANSWERS = _YES | _NO
_NEGATIONS = _words("not nicht pas non no não niet")
_SHORT = _words("an ein aus aan uit")
"""These are little words, too: they tell a state at the beginning of a line or at its end, and else nothing."""
_OF_ITSELF = _words(
    # English
    "status state setting settings switch toggle option choice selection selected value mode preference preferences"
    " consent permission answer training current currently presently now right at the moment present today still"
    " already your you have has been are is it its this that my our we to set turned switched as of here for account"
    " profile"
    # German
    " zustand einstellung wert auswahl wahl antwort schalter zustimmung einwilligung aktuell aktueller aktuelle"
    " aktuelles derzeit derzeitig derzeitiger momentan zurzeit gerade jetzt ihre ihr deine dein sie du haben hast"
    " ist sind es das diese dieser dieses der die für konto dem auf gesetzt steht"
    # French
    " n ne statut état réglage paramètre valeur choix préférence réponse consentement interrupteur actuel actuelle"
    " actuellement maintenant votre ton vos vous tu avez as l le la les ce cet cette est a été pour compte en moment"
    " sur défini définie à c"
    # Spanish, Italian, Portuguese
    " estado ajuste valor opción elección preferencia respuesta consentimiento configuración actual actualmente"
    " ahora tu su has ha está esta este esto es el lo se encuentra cuenta stato impostazione valore opzione scelta"
    " preferenza risposta consenso attuale attualmente ora tua tuo il hai è questa questo per di configuração opção"
    " escolha preferência resposta atual atualmente agora sua seu você o para conta da de"
    # Dutch, Polish
    " instelling waarde keuze huidige momenteel nu je jouw uw stan ustawienie obecnie"
)
_OF_SUCH = _words(
    "ai machine learning model models participation contribution contributions improvement data content use usage"
    " sharing collection processing analysis generative ki daten nutzung teilnahme ia données utilisation datos uso"
    " participación dati utilizzo partecipazione dados participação"
)
"""What any setting of this kind may be called by, in a word or two."""
_OR_ITS_OPPOSITE = _words("opt out in privacy protection third party")
OF_ITSELF = re.compile(r"(?:this|it|its|the|your|that|currently|current|now|status|state|setting|value|is)\b")
"""How the beginning of a line speaks of the setting at hand before it tells a state."""
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
_WORD = re.compile(r"[^\W_]+")


def stated(wanted: Wanted, line: str) -> Iterator[Meaning]:
    """
    What a line tells of the setting's state in words, once for each sentence of it that does.

    The word for a state alone is none: who draws a switch may write it there for what it is.
    """
    own = own_words(wanted)
    if len(both := set(_WORD.findall(fold(line)))) > 1 and both <= ANSWERS:
        return  # what one may choose from
    for sentence in (sentences(line) or [line]) if "?" not in line else ():
        named = _BRACKETS.sub(" ", sentence)
        for part in (named, *_BRACKETS.findall(sentence)):
            folded = spell_out(fold(part)).strip(" .…!:")
            meaning = _of(wanted, folded, own)
            lead, *behind = _APART.split(folded, maxsplit=1)
            if meaning is None and behind and wanted.tells(lead) and _SET_WHEN.match(behind[0]):
                meaning = wanted.meaning(lead)
            others = (
                part is not named and wanted.tells(part) and not speaks_of_itself(wanted, named)
            )  # "Auto-delete (Off)"
            if meaning is not None and not others and not wanted.tells(line):
                yield meaning


def speaks_of_itself(wanted: Wanted, name: str) -> bool:
    """Whether a name before a state is only what any setting's state is called, or the setting's own words."""
    return set(_WORD.findall(fold(name))) <= _OF_ITSELF | _NEGATIONS | own_words(wanted)


def is_generic(wanted: Wanted, name: str) -> bool:
    """Whether a name says no more than what any setting of this kind may be called."""
    return set(_WORD.findall(fold(name))) <= _OF_ITSELF | _OF_SUCH | _OR_ITS_OPPOSITE | own_words(wanted)


def own_words(wanted: Wanted) -> frozenset[str]:
    """The words of the setting's labels and sections."""
    return frozenset(word for name in (*wanted.labels, *wanted.sections) for word in _WORD.findall(name))


def _of(wanted: Wanted, folded: str, own: Collection[str]) -> Meaning | None:
    said = _WORD.findall(_PLACE.sub(" ", _ON_A_DAY.sub("", _SINCE.sub("", _FOR_NOW.sub(" ", folded)))))
    told, rest = _told(wanted, said)
    if not told or len(set(told)) > 1 or not set(rest) <= _OF_ITSELF | _OF_SUCH | set(own):
        return None
    return told[0]


def _told(wanted: Wanted, said: list[str]) -> tuple[list[Meaning], list[str]]:
    """What the words of a sentence tell, and those that tell nothing."""
    told: list[Meaning] = []
    rest: list[str] = []
    turned = False
    for at, word in enumerate(said):
        meaning = _meaning(wanted, word, said[at - 1] if at else "")
        within = at not in {0, len(said) - 1}
        little = within and (word in _SHORT or (word == "on" and said[at + 1] not in _OF_ITSELF))
        if meaning is not None and not little:
            told.append(meaning)
        elif word in _NEGATIONS:
            turned = not turned
        elif word != "opted":
            rest.append(word)
    if not told and said and said[-1] in _YES | _NO and rest and wanted.on is not None:
        meaning = wanted.switched(on=said[-1] in _YES)
        return ([meaning] if meaning else []), [word for word in rest if word not in _YES]
    opposite: dict[Meaning, Meaning] = {"trains": "protects", "protects": "trains"}
    return [opposite[one] if turned else one for one in told], rest


def _meaning(wanted: Wanted, word: str, before: str) -> Meaning | None:
    """What one word says of the setting."""
    if before == "opted" and word in _OPTED:
        return "trains" if _OPTED[word] else "protects"
    if word in _LETS_IN | _KEEPS_OUT:
        return "trains" if word in _LETS_IN else "protects"
    if word in _ON | _OFF and wanted.on is not None:
        return wanted.switched(on=word in _ON)
    return None
