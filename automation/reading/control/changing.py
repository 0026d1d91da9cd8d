"""What the button or link is called that leads to a setting, to see or change it, and says nothing of its state."""

from __future__ import annotations

import re

from automation.text.normalizing import fold_label

_CHANGING = frozenset(
    {
        "change", "edit", "manage", "modify", "update", "review", "view", "adjust", "configure", "customize",
        "customise", "modifier", "changer", "gérer", "voir", "vérifier", "ajuster", "configurer", "personnaliser",
        "ändern", "bearbeiten", "verwalten", "ansehen", "anzeigen", "prüfen", "überprüfen", "anpassen", "konfigurieren",
        "cambiar", "editar", "modificar", "gestionar", "ver", "revisar", "ajustar", "configurar", "personalizar",
        "modifica", "cambia", "gestisci", "vedi", "rivedi", "configura", "personalizza", "alterar", "rever",
        "更改", "编辑", "管理",
    }
)  # fmt: skip
"""Inferred: what the button beside a state is called that leads to where it is changed or seen."""
_OPTIONS = re.compile(
    r"(?:(?:more )?options|(?:plus d')?options|(?:weitere )?optionen|(?:más )?opciones|(?:altre )?opzioni)"
    r" (?:for|of|pour|für|para|de|per) (?P<label>.+)"
)
"""Inferred: what the button with three dots is called."""
_SUCH_A_SETTING = frozenset(
    {
        "this", "the", "setting", "settings", "preference", "preferences", "choice", "option", "ce", "cette", "le",
        "la", "réglage", "paramètre", "préférence", "choix", "diese", "die", "einstellung", "auswahl", "este", "esta",
        "el", "ajuste", "preferencia", "opción", "questa", "impostazione", "preferenza", "configuração", "preferência",
    }
)  # fmt: skip
"""Inferred: what such a button calls the setting beside it: "Change this setting"."""
_AROUND = " .:,;–—-()[]«»\"'"
"""What stands between that word and the setting's name, or around the name."""
_OF_AN_APP = "update"
"""Alone it may be what a banner offers: another version."""


def changed_by(name: str) -> str | None:
    """
    What a button or link changes by its name, folded; None where it is no name of that kind.

    Empty where it does not say, or calls it what any setting is called: "Edit", "Change this setting".
    """
    folded = fold_label(name).strip(_AROUND)
    options = _OPTIONS.fullmatch(folded)
    if options is not None:
        return options["label"]
    first, _, rest = folded.partition(" ")
    if first.rstrip(_AROUND) not in _CHANGING or folded == _OF_AN_APP:
        return None
    rest = rest.strip(_AROUND)
    return rest if set(rest.split()) - _SUCH_A_SETTING else ""
