"""What stands in one row with a label: its state in words, and what describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.reading.control.cells import heads_of_column, table_row_of
from automation.reading.control.wanted import BADGES, SENTENCE_ENDS, Wanted
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from automation.page import Node, PageView

HIGHEST = 5
"""How many elements above its label a control may stand and still be in the label's row."""
_WORDED_STEPS = 2
"""How often what is around a control may gain words: by its label, and by what stands beneath both."""
_LANDMARKS = frozenset({"main", "dialog", "alertdialog", "form", "RootWebArea", "document"})
_QUOTING = frozenset({"BLOCKQUOTE", "Q", "CITE"})
_STATED = frozenset({"aria-pressed", "aria-checked", "aria-expanded", "aria-current"})
"""Attributes of a control that has a state of its own."""
_HELP = re.compile(r"help|support|learn|faq|article|polic|privacy|legal|terms|about", re.IGNORECASE)
"""What stands in the path of an address that explains something."""
_PARTS = frozenset({"listitem", "row", "region", "article", "group", "gridcell"})
_PARTS_BY_TAG = frozenset({"LI", "SECTION", "ARTICLE", "FIELDSET", "TR"})
_NOT_THE_PRESENT = re.compile(
    r"\b(?:default|recommend\w*|suggest\w*|region|country|countries|not available|doesn't apply"
    r"|no effect(?! on who (?:can )?(?:see|read|find)s?\b)|does not apply|appl(?:y|ies) (?:only )?to|until|again on"
    r"|from \d|before \d|it was|was on|was off|turned (?:on|off)|switched (?:on|off)"
    r"|on this device|this device only|not saved|by itself|paused|last choice|example|saving|when you save|confirm"
    r"|finish|your (?:child|school|organi[sz]ation|employer)"
    r"|other profile|par défaut|recommandé|région|jusqu'au|exemple|standardmäßig|empfohlen|beispiel|bis zum)\b"
)
_NAME_OF_STATE = re.compile(
    r"^(?:(?:current )?(?:status|state|setting|value)|currently|statut|état|zustand|aktuell|estado|stato)\s*:\s*",
    re.IGNORECASE,
)
"""What may stand before a state in its own line: "Status: Off"."""
_CHANGED = re.compile(
    r"(?:last )?(?:changed|updated|modified|edited|change|update|edit)(?: (?:on|at))?"
    r"|(?:dernière modification|modifié le|zuletzt geändert|geändert am|última modificación|ultima modifica)"
)
_DAY = re.compile(r"[–—-]|never|jamais|nie|nunca|mai|(?=.*\d)[\w./-]+(?:,? [\w./-]+){0,3}(?:,? \d{1,2}:\d{2})?")
SETTABLE = frozenset(
    {
        "switch", "checkbox", "menuitemcheckbox", "radio", "combobox", "listbox", "textbox", "slider", "spinbutton",
        "button",
    }
)  # fmt: skip


def is_landmark(node: Node) -> bool:
    """Whether an element is too wide to be a row."""
    return node.role in _LANDMARKS or node.tag in {"BODY", "MAIN", "HTML"}


def texts_in(view: PageView, root: int | None = None) -> Iterable[tuple[int, str]]:
    """
    Everything that a person reads as one piece, with the element that holds it.

    Whole lines, and the single texts of which lines are made: `label` and `On` may share one.
    """
    for block in view.blocks(root):
        if not block.quoted and block.node >= 0:
            yield from ((block.node, line.strip()) for line in block.text.split("\n"))
    for node in view.everything() if root is None else view.within(root):
        if node.tag != "#text" or not node.shown or not node.text.strip() or node.struck:
            continue
        if not any(a.tag in _QUOTING for a in view.ancestors(node.index)):
            yield node.parent, node.text.strip()


def stated_beside(view: PageView, wanted: Wanted, holder: int) -> tuple[Node, str] | None:
    """
    A button or link in a label's row, and the one state that stands there as text: "Off", "Change".

    Each of them must go with the state. None where the row holds another control, another name or a second state.
    """
    for root in (view.nodes[holder], *view.ancestors(holder))[:HIGHEST]:
        if is_landmark(root):
            return None
        parts = _term_of(view, root, holder) or [root.index]
        controls = [control for part in parts for control in operable_in(view, part)]
        if not controls:
            continue
        if not all(_only_leads_on(control) and not _stands_apart(view, root, holder, control) for control in controls):
            return None
        inside = {n.index for control in controls for n in view.within(control.index)}
        if len(controls) > 1 and not _stand_together(view, parts, controls, inside):
            return None
        texts = [text for part in parts for at, text in _texts_but_links(view, part) if at not in inside]
        for control in reversed(controls):  # "Off Manage"
            texts = [text.removesuffix(view.text(control.index).strip()).strip() for text in texts]
        texts = [_NAME_OF_STATE.sub("", f"{_without_day(text)} ").strip() for text in texts]
        texts = [text for text in texts if text]
        states = {fold_label(text): text for text in texts if wanted.tells(text)}
        others = [text for text in texts if not wanted.tells(text) and wanted.heads(text) is None]
        longer = [text for text in others if wanted.value(text) is not None and _DAY.fullmatch(wanted.since(text))]
        if any(_may_name(text) or qualifies(wanted, text) for text in others if text not in longer):
            return None
        state = next(iter(states.values())) if len(states) == 1 else ""
        if any(wanted.meaning(text) != wanted.meaning(state) for text in longer):
            return None
        agree = all(
            wanted.changes(control.name) or (control.role == "button" and wanted.goes_with(control.name, state))
            for control in controls
        )
        return (controls[0], state) if state and agree else None
    return None


def _without_day(text: str) -> str:
    """A text without what says, in brackets behind it, when it was last changed."""
    before, opened, behind = text.strip().removesuffix(")").rpartition("(")
    changed = _CHANGED.match(fold_label(behind)) if opened and text.strip().endswith(")") else None
    dated = changed is not None and _DAY.fullmatch(fold_label(behind)[changed.end() :].strip()) is not None
    return before.strip() if dated else text


def _only_leads_on(control: Node) -> bool:
    """Whether a control is a button or link that has no state of its own, unless it opens something."""
    return control.role in {"button", "link"} and not (_STATED - {"aria-expanded"}).intersection(control.attributes)


def _stand_together(view: PageView, parts: Iterable[int], controls: list[Node], inside: set[int]) -> bool:
    """
    Whether several buttons belong to one state: each has another name, all stand beneath it and nothing between them.

    The harm: a row with its own "Manage" would be read by the state and button of the setting below it.
    """
    first, last = min(control.index for control in controls), max(control.index for control in controls)
    texts = [n for part in parts for n in view.within(part) if n.tag == "#text" and n.shown and n.text.strip()]
    between = any(first < n.index < last and n.index not in inside for n in texts)
    named = {fold_label(control.name) for control in controls}
    beneath = any(n.index > last and n.index not in inside for n in texts)
    return len(named) == len(controls) and not between and not beneath


def _term_of(view: PageView, root: Node, holder: int) -> list[int]:
    """In a list of terms without elements for its rows: the one that holds a label, and what is said of it."""
    children = view.children.get(root.index, ()) if root.tag == "DL" else ()
    term = next((i for i in children if view.nodes[i].tag == "DT" and view.is_inside(holder, i)), None)
    if term is None:
        return []
    said = takewhile(lambda i: view.nodes[i].tag != "DT", children[children.index(term) + 1 :])
    return [term, *said]


def _stands_apart(view: PageView, root: Node, holder: int, control: Node) -> bool:
    """Whether a control stands in a section, item or row of its own, beside the one of the label."""
    between = []
    for around in view.ancestors(control.index):
        if around.index == root.index:
            break
        between.append(around)
    parts = (a for a in between if a.role in _PARTS or a.tag in _PARTS_BY_TAG)
    return any(not view.is_inside(holder, part.index) for part in parts)


def qualifies(wanted: Wanted, text: str) -> bool:
    """
    Whether a sentence in the row says of the state that it is not the present one, or holds for a time or place only.

    The harm: "Off", beside "Default for new accounts.", would be what protects this one.
    """
    return fold_label(text) not in wanted.descriptions and _NOT_THE_PRESENT.search(fold_label(text)) is not None


def stated_in_cell(view: PageView, wanted: Wanted, holder: int) -> tuple[Node, str] | None:
    """
    The one link or button in a label's table row, and the one state that stands there in a cell of its own.

    It is called as the label, or as what changes it: "Edit", "Edit …". Another column may hold when that was last done.
    A row without any may be changed elsewhere: there the column must say that it holds the present states.
    None where the row holds anything else, or where the column of the state is headed by something that is not known to
    be the present state: what is usual, say.
    """
    row = table_row_of(view, holder)
    if row is None:
        return None
    controls = [n for n in view.within(row.index) if n.shown and n.role in SETTABLE | {"link"}]
    if len(controls) > 1 or not all(n.role in {"link", "button"} and wanted.leads_to(n.name) for n in controls):
        return None
    if any(_STATED.intersection(n.attributes) for n in controls):
        return None
    inside = {n.index for control in controls for n in view.within(control.index)}
    texts = [n for n in view.within(row.index) if n.tag == "#text" and n.shown and n.text.strip()]
    beside = [n for n in texts if n.index not in inside]
    states = [n for n in beside if wanted.state(n.text) is not None or wanted.value(n.text) is not None]
    others = [
        n.text
        for n in beside
        if n not in states and wanted.heads(n.text) is None and not _says_when_changed(view, row, n)
    ]
    if len(states) != 1 or any(map(_may_name, others)):
        return None
    if any(n.struck or any(a.tag in _QUOTING for a in view.ancestors(n.index)) for n in states):
        return None
    heads = heads_of_column(view, row, states[0])
    if not all(map(wanted.heads_state, heads)) or not (controls or heads):
        return None
    return (controls[0] if controls else view.nodes[states[0].parent]), states[0].text.strip()


def _says_when_changed(view: PageView, row: Node, text: Node) -> bool:
    """Whether a text is the day on which a row was last changed, as its column's head says, or a dash in its place."""
    heads = heads_of_column(view, row, text)
    dated = _DAY.fullmatch(fold_label(text.text)) is not None
    return dated and bool(heads) and all(_CHANGED.fullmatch(fold_label(head)) for head in heads)


def _may_name(text: str) -> bool:
    """Whether a text is no sentence, and so may be the name of another setting."""
    badge = fold_label(text) in BADGES and _NOT_THE_PRESENT.search(fold_label(text)) is None
    return not text.rstrip().endswith(SENTENCE_ENDS) and not badge


def row_of(view: PageView, node: Node, others: Iterable[Node]) -> int | None:
    """
    The widest element around a control that holds no other control; None where it has none.

    Elements that only wrap the control or what is around it, and add no words, are no step on the way.
    """
    chosen = {n.index for n in others}
    row: int | None = None
    steps, said = 0, view.text(node.index)
    for number, root in enumerate(view.ancestors(node.index)):
        text = view.text(root.index)
        steps, said = steps + (text != said), text
        if is_landmark(root) or (number >= HIGHEST - 2 and steps > _WORDED_STEPS):
            break
        if any(n.index in chosen and n.index != node.index for n in view.within(root.index)):
            break
        row = root.index
    return row


def operable_in(view: PageView, root: int) -> list[Node]:
    """What can be set or followed within an element, but for links in what explains it."""
    return [
        n
        for n in view.within(root)
        if n.shown and (n.role in SETTABLE or (n.role == "link" and not _explained_by(view, n)))
    ]


def _texts_but_links(view: PageView, root: int) -> Iterable[tuple[int, str]]:
    """The texts of an element without the links in what explains it: "Learn more"."""
    links = [n for n in view.within(root) if n.role == "link" and n.shown and _explained_by(view, n)]
    inside = {n.index for link in links for n in view.within(link.index)}
    named = [view.text(link.index).strip() for link in links]
    for at, text in texts_in(view, root):
        if at not in inside:
            yield at, next((text.removesuffix(name).strip() for name in named if text.endswith(name)), text)


def _explained_by(view: PageView, link: Node) -> bool:
    """Whether a link stands in a line with sentences that explain something: "… to improve it. Learn more"."""
    target = urlsplit(urljoin(view.url, link.attributes.get("href", "")))
    if target.hostname == view.host and _HELP.search(target.path) is None:
        return False  # "… when you save. Save" acts
    shown, holder = view.text(link.index).strip(), next((a.index for a in view.ancestors(link.index) if a.block), -1)
    lines = (text for _, text in texts_in(view, holder) if shown and shown in text) if holder >= 0 else ()
    return any(line.replace(shown, "", 1).rstrip().endswith(SENTENCE_ENDS) for line in lines)


def explains(view: PageView, root: int) -> bool:
    """Whether a paragraph is made of whole sentences; a name is not."""
    text = view.text(root).strip() if root >= 0 else ""
    return text.endswith(SENTENCE_ENDS) or len(sentences(text)) > 1
