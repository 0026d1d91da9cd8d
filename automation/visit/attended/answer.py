"""What the page says after the form was sent: the number of the case, and how long an answer may take."""

from __future__ import annotations

import re

from automation.text.normalizing import quote

_REFERENCE = re.compile(
    r"(?:case|reference|ticket|confirmation|dossier|référence|suivi|fall|vorgang|aktenzeichen|caso|riferimento)"
    r"(?:\s+(?:number|no\.?|id|nummer|numéro|n°|número|numero))?(?:\s+(?:is|est|ist|es|è))?\s*[:#]?\s*#?\s*([A-Z0-9][A-Z0-9-]{4,39})\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"[^.\n]*\b\d{1,3}\s+(?:hours?|days?|weeks?|months?|business days?|heures?|jours?|semaines?|mois|stunden|tagen?|"
    r"wochen|monaten?|ore|giorni|settimane|horas|días|semanas|dias)\b[^.\n]*\.?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


def reference_in(text: str) -> str:
    """The number of a case in a text; empty where none is given, or where it may be a word."""
    return next((found[1] for found in _REFERENCE.finditer(text) if _DIGIT.search(found[1])), "")


def promise_in(text: str) -> str:
    """The sentence that says how long it will take, as the page has it; empty where none does."""
    found = _PROMISE.search(text)
    return quote(found[0].strip(), 200) if found else ""
