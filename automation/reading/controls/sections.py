"""What holds a place on a page: its headings, as a table of contents would have them, and its named landmarks."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.reading.controls.rows import BUTTONS, lineage
from automation.reading.controls.words import BADGES
from automation.text.normalizing import fold, fold_label, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from automation.flow.control_table import Meaning
    from automation.page import Node, PageView
    from automation.reading.controls.worded import Entry
    from automation.reading.controls.words import Wanted
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords

_SECTIONING = frozenset({"region", "group", "article", "tabpanel", "listitem", "radiogroup", "dialog", "alertdialog"})
_SECTION_TAGS = frozenset({"SECTION", "ARTICLE", "FIELDSET", "ASIDE", "DETAILS", "LI", "TR", "DIALOG"})
DIALOGS = frozenset({"dialog", "alertdialog"})
_NAMED = _SECTIONING | {"form", "main"}
FRAMES = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_PRESSED = frozenset(
    {"link", "button", "tab", "menuitem", "option", "switch", "checkbox", "radio", "combobox", "listbox", "treeitem"}
)
_CURRENT = frozenset({"page", "true", "step", "location"})
_USUAL_LEVEL = 2
_BREADCRUMB = re.compile(
    r"breadcrumbs?(?: navigation| trail)?|fil d'ariane|navigationspfad|brotkrumen(?:navigation)?"
    r"|(?:ruta|camino) de navegación|migas de pan|percorso di navigazione|breadcrumb di navigazione"
)
"""Inferred: what the way to a page is called for screen readers."""
_WHOSE = re.compile(r"^(?:your|my|votre|vos|mes?|ihre?|deine?|tus?|mis?|i tuoi|le tue|seus?|suas?) ")
_BOTH = re.compile(r" (?:and|&|et|und|y|e) ")
_TITLE_PARTS = re.compile(r"\s+[-–—|·•:/]\s+|\s*[|·•]\s*")
_TRAINS = re.compile(
    r"(?=.*\b(?:train(?:s|ed|ing)?|entraîn\w+|trainier\w+|schul(?:en|ung)|entren\w+|addestr\w+|treinar)\b)"
    r".*\b(?:ai|ia|ki|models?|modèles?|modell\w*|modelos?|machine[ -]learning)\b"
)
"""A sentence on what such a setting is for."""
_A_WHOLE_PHRASE, _OF_A_VALUE = 5, 2
"""Words by which a label or a value is no other setting's."""


def holders(view: PageView, index: int) -> list[str]:
    """
    Names of everything that holds a node: landmarks around it, then the headings above it, nearest first.

    A heading holds what follows it up to the next heading of its level or above, and nothing outside of the section
    in which it stands itself. Inside a dialog only the dialog's own headings count.
    """
    around = lineage(view, index)
    names = [n.name for n in around[1:] if n.role in _NAMED and n.name]
    headings = [_without_extras(view, node) for node in reversed(headings_above(view, index))]
    return names + [name for name in _unfolded_by(view, around) if name not in names] + headings


def place_of(view: PageView, index: int, names: Collection[str], own: str = "") -> str | None:
    """
    The first of these folded names that tells where a node stands; None where nothing does.

    The control's `own` name, where a section bears it too, counts only where it stands there a second time.

    By what holds it; else by what a page has in a heading's stead: a line of text that stands alone above it, the tab
    or link that is marked as the present one, and, outside of dialogs and of any section of another name, the page's
    title or the last part of its breadcrumb.
    """
    above = [part for name in holders(view, index) for part in _parts_of(fold_label(name))]
    told = next((name for name in above if name in names and (name != own or above.count(name) > 1)), None)
    if told is None and own in names:
        names = frozenset(names) - {own}
    told = told or _styled(view, index, names) or _present(view, index, names)
    elsewhere = any(level_of(n) > 1 and fold_label(n.name) != own for n in headings_above(view, index))
    return told or (None if elsewhere else _title(view, index, names))


def _parts_of(name: str) -> tuple[str, ...]:
    """A heading, whose ever it says it is, and what it names, where that is two things: "Security and privacy"."""
    bare = _WHOSE.sub("", name)
    return tuple(dict.fromkeys((name, bare, *_BOTH.split(bare))))


def _unfolded_by(view: PageView, around: list[Node]) -> list[str]:
    """
    Names of the buttons that show what holds a node: open ones that control it, or stand right before it.

    One that is a heading too is told as such.
    """
    around = list(takewhile(lambda n: n.role not in DIALOGS, around))
    ids = {n.attributes["id"] for n in around if "id" in n.attributes}
    held, found = {n.index for n in around}, []
    for node in view.shown_nodes():
        if node.role not in BUTTONS or node.attributes.get("aria-expanded") != "true" or not node.name:
            continue
        controlled = node.attributes.get("aria-controls", "").split()
        beside = view.children.get(node.parent, ())
        after = next((i for i in beside if i > node.index and view.nodes[i].tag != "#text"), -1)
        shows = ids.intersection(controlled) if controlled else after in held
        if shows and not any(a.role == "heading" for a in view.ancestors(node.index)):
            found.append(node.name)
    return found


def _without_extras(view: PageView, heading: Node) -> str:
    """A heading's name without the link to itself and the badges that hang on it."""

    def is_own(text: Node) -> bool:
        inside = (a for a in view.ancestors(text.index) if view.is_inside(a.index, heading.index))
        return fold_label(text.text) not in BADGES and all(a is heading or a.role not in _PRESSED for a in inside)

    texts = [n for n in view.within(heading.index) if n.tag == "#text" and n.shown and n.text.strip()]
    own = [n.text for n in texts if is_own(n)]
    return " ".join("".join(own).split()) if own and len(own) < len(texts) else heading.name


def under_heading(view: PageView, index: int) -> Iterator[Node]:
    """What follows the heading that a node is or stands in, up to the next heading of its level or above."""
    heading = next((n for n in lineage(view, index) if n.role == "heading"), None)
    begun = False
    for node in view.everything() if heading is not None else ():
        if heading is None or node.index == heading.index:
            begun = True
        elif begun and node.role == "heading" and node.shown and level_of(node) <= level_of(heading):
            return
        elif begun and not view.is_inside(node.index, heading.index):
            yield node


def headings_above(view: PageView, index: int) -> list[Node]:
    """The headings that hold a node, widest first."""
    around = lineage(view, index)
    dialog, frames = dialog_of(view, index), {n.index for n in around if n.role in FRAMES}
    held: set[int] = {node.index for node in around}
    stack: list[Node] = []
    for node in takewhile(lambda node: node.index != index, view.everything()):
        if node.role != "heading" or not node.shown or not node.name:
            continue
        above = list(view.ancestors(node.index))
        elsewhere = dialog is not None and all(a.index != dialog for a in above)
        framed = any(a.role in FRAMES and a.index not in frames for a in above)
        if elsewhere or framed or _apart(view, node.index, node.name, held):
            continue
        while stack and level_of(stack[-1]) >= level_of(node):
            stack.pop()
        stack.append(node)
    return stack


def dialog_of(view: PageView, index: int) -> int | None:
    """The dialog around a node."""
    return next((n.index for n in lineage(view, index) if n.role in DIALOGS), None)


def _styled(view: PageView, index: int, names: Collection[str]) -> str | None:
    """
    A line of text that stands alone above a node and is no heading by its role.

    It holds the node where a heading there would: it is neither part of a control nor in a section of its own, and no
    heading of the usual level or above follows it.
    """
    held, dialog = {n.index for n in lineage(view, index)}, dialog_of(view, index)
    order = {n.index: at for at, n in enumerate(view.everything())}
    last = max((order[n.index] for n in headings_above(view, index) if level_of(n) <= _USUAL_LEVEL), default=-1)
    for block in reversed(view.blocks(dialog)):
        name = fold_label(block.text)
        if name not in names or block.quoted or block.node < 0 or not last < order[block.node] < order[index]:
            continue
        pressed = any(a.role in _PRESSED or a.tag == "LABEL" for a in lineage(view, block.node))
        if not pressed and not _apart(view, block.node, block.text, held):
            return name
    return None


def _apart(view: PageView, index: int, name: str, around: Collection[int]) -> bool:
    """
    Whether a heading of that name stands in a section of its own, which ends before what stands `around` begins.

    An item or table row that holds nothing but a heading is the subheading of its list, and no section.
    """
    section = next((a for a in lineage(view, index) if a.role in _SECTIONING or a.tag in _SECTION_TAGS), None)
    if section is None or section.index in around:
        return False
    alone = section.tag in {"LI", "TR"} and fold_label(view.text(section.index)) == fold_label(name)
    return not (alone and section.parent in around)


def _present(view: PageView, index: int, names: Collection[str]) -> str | None:
    """The tab or link that says of itself that it is the one shown."""
    dialog = dialog_of(view, index)
    for node in view.shown_nodes(dialog):
        chosen = node.role == "tab" and node.attributes.get("aria-selected") == "true"
        if not (chosen or node.attributes.get("aria-current") in _CURRENT):
            continue
        name = fold_label(node.name or view.text(node.index, chrome=True))
        if name in names and (dialog is not None or dialog_of(view, node.index) is None):
            return name
    return None


def _title(view: PageView, index: int, names: Collection[str]) -> str | None:
    """A part of the page's title, the heading in its banner, or the end of its breadcrumb; a dialog has its own."""
    if dialog_of(view, index) is not None:
        return None
    told = [*_TITLE_PARTS.split(view.title)]
    for node in view.shown_nodes():
        first = node.role == "heading" and level_of(node) == 1
        if first and any(a.role == "banner" for a in view.ancestors(node.index)):
            told.append(node.name)
        if _BREADCRUMB.fullmatch(fold_label(node.attributes.get("aria-label", ""))):
            texts = [n.text for n in view.within(node.index) if n.tag == "#text" and n.shown]
            told += [text.strip() for text in texts if any(map(str.isalnum, text))][-1:]
    return next((part for part in map(fold_label, told) if part in names), None)


def level_of(node: Node) -> int:
    """The level of a heading, as written or else the usual one."""
    written = re.fullmatch(r"H([1-6])", node.tag)
    level = node.attributes.get("aria-level") or (written[1] if written else "")
    return int(level) if level.isdigit() else _USUAL_LEVEL


# -- whose setting it is ---------------------------------------------------------------------------------------


def place_in(
    view: PageView,
    wanted: Wanted,
    node: Node,
    own: str,
    sections: Collection[str],
    meaning: Meaning | None,
    entries: Collection[Entry],
) -> str | None:
    """
    The known section in which a control of that folded name stands, or that the button beside its state leads to.

    A dialog has a title of its own: there, what the page behind it says of the same setting in words counts, too, where
    it tells the same state; and so does the button called as the setting that says that it opens a dialog.
    """
    present = [entry for entry in entries if entry.present]
    led_to = (fold_label(control.name) for entry in present for control in entry.controls)
    place = place_of(view, node.index, sections, own) or next((name for name in led_to if name in sections), None)
    dialog = dialog_of(view, node.index)
    if place is not None or dialog is None or meaning is None:
        return place
    told = [entry.holder.index for entry in present if wanted.meaning(entry.state) == meaning]
    for button in view.everything():
        if button.attributes.get("aria-haspopup") == "dialog":  # behind a dialog browsers give it no name
            called = {fold_label(button.name), fold_label(view.text(button.index))}
            told += [button.index] if called.intersection(wanted.labels) else []
    behind = (place_of(view, at, sections, own) for at in told if not view.is_inside(at, dialog))
    return next((one for one in behind if one is not None), None)


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
    are trained: the page's address is sourced, too. "On" is any control's, and a value of a word likely another's. In
    a section of another name all of these may be another setting's.
    """
    first = next((n.name for n in view.headings() if level_of(n) == 1), "")
    known = {*wanted.labels, fold_label(first)}
    if any(fold_label(name) not in known for name in holders(view, node.index)):
        return None
    described = next((phrase for _, text in around if (phrase := wanted.describing(text)) is not None), None)
    key = wanted.value(value) if len(value.split()) >= _OF_A_VALUE else None
    valued = (phrase for phrase in words.phrases(key) if fold_label(phrase.text) in wanted.values) if key else iter(())
    told = (sentence for _, text in around if wanted.heads(text) is None for sentence in sentences(text))
    own = _words_in(label.text) >= _A_WHOLE_PHRASE or any(_TRAINS.search(fold(sentence)) for sentence in told)
    return described or next(valued, None) or (label if own else None)


def _words_in(text: str) -> int:
    """How many words a text has; where its script sets none apart, as Chinese does, each has a sign or two."""
    return len(text.split()) if text.isascii() or " " in text else len(text) * 2 // 3
