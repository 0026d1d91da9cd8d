"""What the views of a list are called: open, closed, archived."""

from __future__ import annotations

import re

from automation.reading.threads.authors import SEPARATED
from automation.reading.threads.dates import find_date
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_words

MOST_WORDS_OF_A_SECTION, MOST_WORDS_OF_A_ROW, NEAR = 5, 12, 3
UNDER_WAY = r"open|pending|active|offene?n?|ouvert\w*|abiert\w+|apert\w+"
ENDED = (
    r"closed|resolved|past|previous|archived|answered|completed|earlier|older"
    r"|(?:ab)?geschlossene?n?|erledigte?n?|beantwortete?n?|fermé\w*|clos\w*|terminé\w*|résolu\w*"
    r"|cerrad\w+|resuelt\w+|chius\w+|risolt\w+"
)
OF_SOME = re.compile(rf"(?<!\w)(?:{UNDER_WAY}|{ENDED})(?!\w)")
"""Which of the items a part of the list holds."""
COMMANDS = re.compile(
    r"(?:open an?|new|mark|delete|remove|close|withdraw|cancel|archive|reopen|send|log|sign|clear|hide|block|report"
    r"|sort|filter\w*|alle?s? (?:als|löschen)|marquer|supprimer|marcar|eliminar|segna|elimina)\b"
)
_BESIDE_A_DAY = re.compile(
    r"\b(?:cases?|requests?|items?|messages?|reports?|threads?|conversations?|tickets?|since|before|after|until|from|to|last"
    r"|updated?|on|in|the|and|of|all|show|my|your|our|own|older|ones?|archive\w*|seit|vor|bis|depuis|avant|jusqu\w*|desde|hasta|dal|fino)\b"
)
"""What the name of a view may hold beside a day: "Closed cases since 21 May"."""
_FOLDER = re.compile(
    r"(?:(?:un)?solved|unresolved|unread|unanswered|recent|archive|history|spam|trash|bin|junk|deleted|mine"
    r"|current|ongoing|finished|aktuelle?|laufende?|en cours|actuel(?:le)?s?|actual(?:es)?|attual[ei]"
    r"|ungelesene?|ungelöste?|archiviert?e?|archiv|papierkorb|non lus?|archivée?s?|archives|corbeille"
    r"|no leídos?|archivad[oa]s?|papelera|non lett[ie]|archiviat[ei]|archivio|cestino"
    r"|abert[oa]s?|fechad[oa]s?|resolvid[oa]s?|arquivad[oa]s?|pendentes?|encerrad[oa]s?|não lid[oa]s?)"
)
_LABEL = re.compile(
    r"(?:status|state|show(?:ing)?|view(?:ing)?|filter(?:ed)?(?: by)?|display(?:ing)?|only|statut|état|zustand|estado"
    r"|stato|afficher|affichage|anzeigen?|mostrar?|mostra|filtrer?|filtro|filtra|filtre) "
)
"""What stands before the name of a view: "Status: Open"."""
_OPEN = re.compile(r"(?:open|active) (?:only|\w+s)(?: only)?")
"""Where "open" is no verb."""


def names_a_view(text: str, locale: str) -> bool:
    """Whether a name is that of a part of the items, or of all: "Closed (2)", "Status: open", "All"."""
    return names_a_part(text, locale) or named_for_all(text, locale)


def names_a_part(text: str, locale: str) -> bool:
    """Whether a name is that of a part of the items: "Closed (2)", "Status: open", "Show resolved requests"."""
    said = _without_counts(text)
    bare = _LABEL.sub("", said)
    if not said or len(said.split()) > MOST_WORDS_OF_A_SECTION or _is_an_item(text, locale):
        return False
    if any(known.fullmatch(each) for known in (phrases("states", locale), _FOLDER, _OPEN) for each in (said, bare)):
        return True
    turns = any(phrases(key, locale).fullmatch(said) for key in ("turning", "more"))
    acts = bare.startswith("open ") or (bare == said and COMMANDS.match(said) is not None)
    return not turns and not acts and OF_SOME.search(bare) is not None


def _is_an_item(text: str, locale: str) -> bool:
    """Whether a name says more than a status and a day: "Your objection · Answered · 21 May 2026"."""
    *before, when = SEPARATED.split(" ".join(text.split()))
    status = before and re.search(rf"(?:{UNDER_WAY}|{ENDED})$", fold(before[-1]))
    rest = re.findall(r"[^\W\d_]+", _BESIDE_A_DAY.sub(" ", OF_SOME.sub(" ", fold(" ".join(before)))))
    return bool(status) and find_date(when, locale).at is not None and bool(rest)


def named_for_all(text: str, locale: str) -> bool:
    """Whether a tab or filter is called as the one for all items."""
    said = _without_counts(text)
    return any(phrases("everything", locale).fullmatch(each) is not None for each in (said, _LABEL.sub("", said)))


def _without_counts(text: str) -> str:
    return " ".join(re.sub(r"\b\d+\b", " ", fold_words(text)).split())
