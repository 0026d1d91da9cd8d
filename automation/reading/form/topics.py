"""Choices of a form that say what the objection is about, and neither undo nor change it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.text.normalizing import base_language, fold, spell_out

if TYPE_CHECKING:
    from automation.page import Node, PageView

TOPIC = "topic"
"""What such a choice is for."""
_LANGUAGES = frozenset({"", "en", "fr", "de", "es", "it", "pt"})
_FEWEST = 2
_MAY_CHANGE_IT = re.compile(
    r"\b(?:us(?:e|es|ed|ing|age)|allow\w*|permit\w*|agree\w*|accept\w*|consent\w*|let|stop\w*|start\w*|continu\w*|keep\w*"
    r"|yes|no|not|none|withdraw\w*|undo\w*|revok\w*|cancel\w*|resum\w*|remov\w*|delet\w*|end|opt\w*|already|again"
    r"|previous\w*|earlier|existing|chang\w*|updat\w*|instead|only|train\w*|enabl\w*|disabl\w*|turn\w*|else's"
    r"|utilis\w*|autoris\w*|permett\w*|consen\w*|arrêt\w*|cess\w*|gard\w*|oui|non|pas|retir\w*|annul\w*|supprim\w*|déjà"
    r"|modifi\w*|seulement|uniquement|entraîn\w*|activ\w*|désactiv\w*"
    r"|nutz\w*|verwend\w*|erlaub\w*|zustimm\w*|gestatt\w*|beend\w*|weiter\w*|ja|nein|nicht|kein\w*|zurück\w*|widerruf\w*"
    r"|lösch\w*|bereits|änder\w*|nur|aktivier\w*|deaktivier\w*"
    r"|us[oa]\w{0,4}|utiliz\w*|acept\w*|autoriz\w*|dej[aeo]\w*|segu\w*|sí|elimin\w*|ya|cambi\w*|sol[oa]|sólo|desactiv\w*|entren\w*"
    r"|utilizz\w*|accett\w*|smett\w*|interromp\w*|sì|ritir\w*|già|modific\w*|addestr\w*|attiv\w*|disattiv\w*"
    r"|aceit\w*|parar|sim|não|já|alter\w*|só|apenas|trein\w*)\b"
)
"""Words of a choice that takes the objection back, narrows it, allows the use, or answers a question whether to."""
_SWITCHED = re.compile(r"\W*(?:on|off|an|aus|ein|oui|non|si|no)\W*")

_WHOSE = re.compile(
    r"(?:is|does|are) (?:this|it|you|your|the)(?: (?:request|form|message|objection|enquiry))?(?: asking| writing)?"
    r" (?:about|concern|regard|relate to) (?:you|yourself|your(?: own)?(?: personal)? (?:information|data|content))\?"
    r"|(?:est-ce que )?(?:cette|votre) (?:demande|opposition) (?:concerne|porte)(?:-t-elle)?(?: sur)?"
    r" (?:vous|vos(?: propres)? (?:informations|données)(?: personnelles)?) ?\?"
    r"|(?:geht es um|betrifft (?:deine|ihre|diese) anfrage) (?:deine|ihre)(?: eigenen)? (?:informationen|daten)\?"
)
"""A question that asks whose information it is; "yes" answers that, and not whether to object."""
_YES_OR_NO = re.compile(r"^(?:yes|no|oui|non|ja|nein)\b")


def is_topic(view: PageView, node: Node) -> bool:
    """
    Whether a radio button is one of several that name what an objection is about: "My own posts", "Third parties".

    Nothing in the group may speak of a use, of an objection that exists, or of "yes" or "no" save where the question is
    whose information it is, in a language whose words for that are known.
    """
    if node.role != "radio" or base_language(view.locale) not in _LANGUAGES:
        return False
    around = next((a for a in view.ancestors(node.index) if len(_radios(view, a)) >= _FEWEST), None)
    group = _radios(view, around) if around is not None else []
    name = node.attributes.get("name", "")
    if name and any(n.attributes.get("name", name) != name for n in group):
        group = [n for n in group if n.attributes.get("name") == name]
    if around is None or len(group) < _FEWEST or not all(n.name.strip() for n in group):
        return False
    asked = [around.name, *(text for text in _before(view, around, group[0]))]
    named, told = ([spell_out(fold(text)) for text in texts] for texts in ([n.name for n in group], asked))
    if any(map(_WHOSE.fullmatch, told)):
        named = [_YES_OR_NO.sub("", text) for text in named]
    texts = [*named, *told]
    return not any(_MAY_CHANGE_IT.search(text) or _SWITCHED.fullmatch(text) for text in texts)


def _radios(view: PageView, around: Node) -> list[Node]:
    return [n for n in view.within(around.index) if n.role == "radio" and n.shown]


def _before(view: PageView, around: Node, first: Node) -> list[str]:
    """The question above the first choice: what stands in the group before it, or right before the group."""
    inside = [n.text for n in view.within(around.index) if n.tag == "#text" and n.shown and n.index < first.index]
    if inside:
        return inside[-3:]
    before = [n.text for n in view.nodes if n.tag == "#text" and n.shown and n.index < first.index and n.text.strip()]
    return before[-1:]
