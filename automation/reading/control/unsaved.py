"""
What a page says against what it shows: that it could not load or save, or shows a draft or an example.

These words come from no source, and need none: they can only take a verdict away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.text.normalizing import fold, sentences, spell_out

if TYPE_CHECKING:
    from automation.page import Node, PageView

_LONGEST_LINE = 160
"""What is longer explains something; it is no message."""
_SAYINGS = re.compile(
    r"""
    unsaved\ changes | \bnot\ (?:yet\ )?(?:saved|stored)$
    | (?:could\ not|cannot|unable\ to|failed\ to)\ (?:store|keep)\b | you\ have\ changed\ \d+
    | (?:was|were|been)\ not\ (?:saved|updated) | not\ been\ (?:saved|updated) | ^saving$
    | (?:could\ not|cannot|unable\ to|failed\ to)\ (?:be\ )?(?:load|sav|updat) | something\ went\ wrong
    | an\ error\ (?:has\ )?occurred | there\ (?:was|is)\ (?:a\ problem|an\ error)\ (?:load|sav|updat|with)
    | \btimed\ out\b | ^not\ saved | \bno\ longer\ has\ any\ effect\b | ^(?:loading|updating)$ | could\ not\ connect
    | could\ not\ be\ (?:fetched|retrieved)
    | (?:having\ )?trouble\ (?:load|sav|updat|connect) | (?:could\ not|cannot|unable\ to|failed\ to)\ (?:fetch|retrieve)
    | not\ able\ to\ (?:load|sav|updat|fetch|retrieve)
    | ^(?:error\ loading|network\ error|save\ failed|connection\ lost)
    | temporarily\ unavailable | no\ internet\ connection | ^reconnecting | changes?\ not\ saved | did\ not\ save
    | \b\d+\ unsaved\ change | you\ have\ (?:made|unsaved)\ changes | settings\ may\ be\ out\ of\ date
    | ^loading\ (?:your|the|settings|preferences|choices) | ^saving\ (?:your|the|changes)
    | overrides\ (?:all|every)\ (?:switch|setting|option)
    | you\ (?:are|seem\ to\ be)\ (?:currently\ )?offline
    | \b(?:practice|demo|sample|example|mock)\ (?:portal|account|workspace|environment|tenant)\b
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

_TAKING = re.compile(
    r"""
    (?:save|accept|agree|continue|confirm|submit|apply|update|next|allow|i\ agree|got\ it|okay|ok)
    (?:\ (?:and|all|changes?|choices?|settings?|preferences?|selection|my|your|the|continue|close|to|use|terms|now))*$
    | (?:enregistrer|accepter|continuer|confirmer|valider|envoyer|appliquer|suivant)\b
    | (?:speichern|akzeptieren|zustimmen|weiter|bestätigen|übernehmen|annehmen)\b
    | (?:guardar|aceptar|continuar|confirmar|enviar|aplicar|siguiente)\b
    | (?:salva|accetta|continua|conferma|invia|applica|avanti)\b
    | (?:salvar|aceitar|avançar|seguinte)\b
    """,
    re.VERBOSE,
)
_DIALOGS = frozenset({"dialog", "alertdialog"})
_NOTICES = frozenset({"alert", "status", "banner"})


def offered(view: PageView, node: Node) -> bool:
    """
    Whether a control stands in a dialog that still waits to be accepted: what it shows is an offer, and not stored.

    Services ask the same question anew that way, with the switch set as they would like it.
    """
    around = view.ancestors(node.index)
    dialog = next((a for a in around if a.role in _DIALOGS or a.tag == "DIALOG"), None)
    if dialog is None:
        return False
    buttons = (
        n for n in view.shown_nodes(dialog.index) if n.role == "button" and n.properties.get("disabled") is not True
    )
    return any(_TAKING.match(fold(n.name)) for n in buttons)


def doubted(view: PageView) -> bool:
    """Whether one of the page's own lines says that what it shows may not be what is stored."""
    blocks = [*view.blocks()]
    blocks += [b for n in view.shown_nodes() if n.role in _NOTICES for b in view.blocks(n.index, chrome=True)]
    lines = (line for block in blocks if not block.quoted for line in block.text.split("\n"))
    told = (sentence for line in lines for sentence in (sentences(line) or [line]))
    return any(_SAYINGS.search(spell_out(fold(one)).rstrip(" .…!")) for one in told if len(one) <= _LONGEST_LINE)
