"""
What a page says against what it shows: that it could not load or save, or shows a draft.

These words come from no source, and need none: they can only take a verdict away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.text.normalizing import fold, spell_out

if TYPE_CHECKING:
    from automation.page import PageView

_LONGEST_LINE = 160
"""What is longer explains something; it is no message."""
_SAYINGS = re.compile(
    r"""
    unsaved\ changes | (?:was|were|been)\ not\ (?:saved|updated) | not\ been\ (?:saved|updated) | ^saving$
    | (?:could\ not|cannot|unable\ to|failed\ to)\ (?:be\ )?(?:load|sav|updat) | something\ went\ wrong
    | an\ error\ (?:has\ )?occurred | you\ (?:are|seem\ to\ be)\ (?:currently\ )?offline
    | modifications\ non\ enregistr | pas\ été\ (?:enregistr|mis) | une\ erreur\ (?:est\ survenue|s'est\ produite)
    | impossible\ (?:de\ charger|d'enregistrer) | échec\ (?:du\ chargement|de\ l'enregistrement)
    | (?:vous\ êtes|actuellement)\ hors\ (?:ligne|connexion) | ^enregistrement$
    | nicht\ (?:gespeichert|geladen|aktualisiert) | ist\ schief\s?ge | ein\ fehler\ ist\ aufgetreten | sind\ offline
    | sin\ guardar | algo\ (?:ha\ ido|salió)\ mal | (?:se\ ha\ producido|se\ produjo|ha\ ocurrido)\ un\ error
    | no\ se\ (?:pudo|ha\ podido|pudieron)\ (?:cargar|guardar) | estás\ sin\ conexión
    | modifiche\ non\ salvate | qualcosa\ è\ andato\ storto | si\ è\ verificato\ un\ errore
    | impossibile\ (?:caricare|salvare) | sei\ offline
    | alterações\ não\ (?:salvas|guardadas) | algo\ (?:deu\ errado|correu\ mal) | ocorreu\ um\ erro
    | não\ foi\ possível\ (?:carregar|salvar|guardar) | (?:você\ está|está)\ offline
    """,
    re.VERBOSE,
)


def doubted(view: PageView) -> bool:
    """Whether one of the page's own lines says that what it shows may not be what is stored."""
    lines = (line for block in view.blocks() if not block.quoted for line in block.text.split("\n"))
    return any(_SAYINGS.search(spell_out(fold(line)).rstrip(" .…!")) for line in lines if len(line) <= _LONGEST_LINE)
