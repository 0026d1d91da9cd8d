"""What ties a control to its setting beside its name: the section in which it stands, or words that no other has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.control.sections import dialog_of, in_another_section, place_of
from automation.text.normalizing import fold, fold_label, sentences

if TYPE_CHECKING:
    from collections.abc import Collection

    from automation.flow.control_table import Meaning
    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted
    from automation.reading.control.worded import Entry
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords

_FEWEST_WORDS_OF_A_VALUE = 2
_TRAINS = re.compile(
    r"(?=.*\b(?:train(?:s|ed|ing)?|entraîn\w+|trainier\w+|schul(?:en|ung)|entren\w+|addestr\w+|treinar)\b)"
    r".*\b(?:ai|ia|ki|models?|modèles?|modell\w*|modelos?|machine[ -]learning)\b"
)
"""A sentence on what such a setting is for."""
_A_WHOLE_PHRASE = 5
"""A label of so many words is no other setting's."""


def identified_by(
    view: PageView,
    wanted: Wanted,
    words: PageWords,
    node: Node,
    label: Phrase,
    value: str,
    around: Collection[tuple[int, str]],
) -> Phrase | None:
    """
    Where no known section holds a control: words that tell it from any other. None where nothing does.

    What describes it, its value, or its label, where that is a whole phrase or what stands beside it says that models
    are trained: the page's address is sourced, too. In a section of another name all of these may be another setting's.
    """
    if in_another_section(view, node.index, wanted.labels):
        return None
    beside = (text for _, text in around if wanted.heads(text) is None)
    told = any(_TRAINS.search(fold(sentence)) for text in beside for sentence in sentences(text))
    own = label if told or _words_in(label.text) >= _A_WHOLE_PHRASE else None
    return _description(wanted, words, value, around) or own


def _words_in(text: str) -> int:
    """How many words a text has, by its length where its script sets none apart: Chinese has a sign or two each."""
    return len(text.split()) if text.isascii() or " " in text else len(text) * 2 // 3


def _description(wanted: Wanted, words: PageWords, value: str, around: Collection[tuple[int, str]]) -> Phrase | None:
    """
    Known words of a control that tell it from any other where no section is named: what describes it, or its value.

    "On" and "Off" are any control's; a value of a word is likely to be another's, too.
    """
    described = next((phrase for _, text in around if (phrase := wanted.describing(text)) is not None), None)
    key = wanted.value(value) if len(value.split()) >= _FEWEST_WORDS_OF_A_VALUE else None
    own = (phrase for phrase in words.phrases(key) if fold_label(phrase.text) in wanted.values) if key else iter(())
    return described or next(own, None)


def place_in(
    view: PageView,
    wanted: Wanted,
    node: Node,
    phrase: Phrase,
    sections: Collection[str],
    meaning: Meaning | None,
    entries: Collection[Entry],
) -> str | None:
    """
    The known section in which a control stands.

    A dialog has a title of its own: there, what the page behind it says of the same setting in words counts, too, where
    it tells the same state; and so does the button called as the setting that says that it opens a dialog.
    """
    own = fold_label(phrase.text)
    place = place_of(view, node.index, sections, own) or _led_to(sections, entries)
    dialog = dialog_of(view, node.index)
    if place is not None or dialog is None or meaning is None:
        return place
    told = [e.holder.index for e in entries if e.present and wanted.meaning(e.state) is meaning]
    told += [
        n.index for n in view.everything() if n.attributes.get("aria-haspopup") == "dialog" and _bears(view, wanted, n)
    ]
    behind = (place_of(view, at, sections, own) for at in told if not view.is_inside(at, dialog))
    return next((one for one in behind if one is not None), None)


def _led_to(sections: Collection[str], entries: Collection[Entry]) -> str | None:
    """The section that the button beside a state in words leads to: "Manage AI settings"."""
    named = (fold_label(control.name) for entry in entries if entry.present for control in entry.controls)
    return next((name for name in named if name in sections), None)


def _bears(view: PageView, wanted: Wanted, button: Node) -> bool:
    """Whether a button is called as the setting; behind a dialog browsers give it no name."""
    return any(fold_label(text) in wanted.labels for text in (button.name, view.text(button.index)) if text)
