"""
Which control a label belongs to: by the control's own name or description, or by the row in which both stand.

A label is of the control in its row only where nothing else there may be what that control sets, and no other name
stands between or beside them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.reading.controls.rows import (
    BUTTONS,
    HIGHEST,
    SETTABLE,
    SWITCHES,
    around_both,
    block_of,
    described_by,
    explains,
    is_landmark,
    is_segment,
    label_of,
    lineage,
    lines_in,
    operable_by,
    operable_in,
    shown_texts,
    texts_in,
)
from automation.reading.controls.sections import is_known, is_own, table_row_of, under_heading
from automation.reading.controls.words import OFFERS, SENTENCE_ENDS, Wanted
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.page import Node, PageView
    from automation.text.labels import Phrase

LabelTexts = list[tuple[int, "Phrase"]]
"""Indexes of elements, and the words of the label that each is."""
Found = dict[int, tuple["Node", "Phrase"]]
"""Controls by their index, each with the words of the label that it bears."""
_ROLES = {
    "switch": SWITCHES | BUTTONS,
    "checkbox": SWITCHES | BUTTONS,
    "select": frozenset({"combobox", "listbox"}) | BUTTONS,
    "menu_button": BUTTONS,
    "state_button": BUTTONS | {"link"},
    "radio": frozenset({"radio"}) | BUTTONS,
}
_POPUPS = frozenset({"menu", "listbox", "true"})
_PRESSED = "aria-pressed"
_OF_A_SETTING = frozenset({"your", "the", "this", "setting"})


def label_texts(view: PageView, wanted: Wanted) -> LabelTexts:
    """Elements whose text is the label, with or without the state, each with its words."""
    return [(holder, phrase) for holder, text in texts_in(view) if (phrase := wanted.heads(text)) is not None]


def candidates_of(view: PageView, kind: str) -> list[Node]:
    """Every control of a kind that a person can use."""

    def may_be(node: Node) -> bool:
        pressed = _PRESSED in node.attributes
        if kind == "state_button":
            return not pressed
        if node.role not in BUTTONS or kind in {"menu_button", "select"}:
            return node.role not in BUTTONS or _opens(node)
        return pressed or (kind == "radio" and is_segment(node))

    return [n for n in view.everything() if n.role in _ROLES[kind] and may_be(n) and operable_by(view, n) is not None]


def with_states(view: PageView) -> list[Node]:
    """Switches, lists and choices: everything on a page that has a state of its own by its role."""
    return [node for kind in ("switch", "select", "radio") for node in candidates_of(view, kind)]


def _opens(node: Node) -> bool:
    return node.attributes.get("aria-haspopup") in _POPUPS or node.tag == "SUMMARY"


def find(view: PageView, kind: str, wanted: Wanted, labels: LabelTexts | None = None) -> list[tuple[Node, Phrase]]:
    """
    Every control of a kind that bears the label; of a choice, the element that holds all its radios.

    With `labels`, what `label_texts` found, where several kinds are sought in turn.
    """
    candidates = candidates_of(view, kind)
    if not candidates:
        return []
    labels = label_texts(view, wanted) if labels is None else labels
    if kind == "radio":
        return _groups(view, candidates, wanted, labels)
    found: Found = {}
    for node in candidates:
        phrase = _named(view, node, wanted) or _described(view, node, wanted) or _offered(view, wanted, node)
        if phrase:
            found[node.index] = (node, phrase)
    telling = candidates
    if kind == "state_button":  # any button may stand in a row; one that shows a state is the row's own
        telling = [n for n in candidates if wanted.tells(" ".join(lines_in(view, n.index)))]
    for holder, phrase in labels:
        beside = _in_row(view, wanted, holder, telling)
        if beside is not None and _may_bear(view, wanted, holder, beside, menu=kind == "menu_button"):
            found.setdefault(beside.index, (beside, phrase))
    nodes = [node for node, _ in found.values()]
    found |= _shut_out(view, wanted, labels, nodes) if found else {}
    nodes = [node for node, _ in found.values()]
    return [one for one in found.values() if not any(_is_part(view, one[0], whole) for whole in nodes)]


def _is_part(view: PageView, node: Node, whole: Node) -> bool:
    """Whether a control is only another's part: a box in a component, set alike, or a disclosure that shows it."""
    if node.index == whole.index:
        return False
    if node.tag == "SUMMARY" and view.is_inside(whole.index, node.parent):
        return True
    states = [
        one.attributes.get("aria-checked", one.attributes.get(_PRESSED, "")) if one.ticked is None else str(one.ticked)
        for one in (node, whole)
    ]
    return view.is_inside(node.index, whole.index) and states[0].lower() == states[1].lower() != ""


# -- by its own name -------------------------------------------------------------------------------------------


def _named(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that a control's name is, also where the name goes on with a text that stands apart from the label."""
    phrase = wanted.names(node.name) or wanted.spoken(node.name)
    if phrase is not None:
        return phrase
    if wanted.beginning(node.name) is None:  # "On Share my posts": a track may say the state before the label
        texts = [n.text for root in _naming(view, node) for n in view.within(root) if n.text.strip()]
        others = [text for text in texts if not wanted.tells(text)]
        return wanted.names(" ".join(others)) if len(others) < len(texts) else None
    for root in _naming(view, node):
        if lines := lines_in(view, root):
            first = wanted.labels.get(fold_label(lines[0])) if not _goes_on(view, wanted, root) else None
            return first or _set_apart(view, root, wanted)
    return None


def _goes_on(view: PageView, wanted: Wanted, root: int) -> bool:
    """Whether the first line of a paragraph is broken and goes on as no sentence: "Share data" and "sheets by mail"."""
    first = next((block.text for block in view.blocks(root) if not block.quoted), "")
    _, _, rest = first.partition("\n")
    return rest != "" and not rest.rstrip().endswith(SENTENCE_ENDS) and not any(map(wanted.tells, rest.split("\n")))


def _naming(view: PageView, node: Node) -> Iterator[int]:
    """Elements that a control takes its name from, if it takes it from the page's text."""
    ids, own = node.attributes.get("aria-labelledby", "").split(), node.attributes.get("id")
    if "aria-label" in node.attributes and "aria-labelledby" not in node.attributes:
        return
    if ids:
        by_id = {n.attributes["id"]: n.index for n in view.everything() if n.attributes.get("id") in ids}
        yield from (by_id[i] for i in ids if i in by_id)
        return
    yield from (a.index for a in view.ancestors(node.index) if a.tag == "LABEL")
    yield from (n.index for n in view.everything() if own and n.tag == "LABEL" and n.attributes.get("for") == own)
    if node.tag != "INPUT":
        yield node.index


def _set_apart(view: PageView, root: int, wanted: Wanted) -> Phrase | None:
    """The label where it is all of the first element in a line, and what follows begins anew."""
    more = [n.index for n in view.within(root) if n.role == "link" and wanted.tells_more(n.name)]
    texts = [n for n in shown_texts(view, root) if not any(view.is_inside(n.index, link) for link in more)]
    if len(texts) < 2 or texts[0].parent == texts[1].parent or not texts[1].text.strip()[0].isupper():
        return None
    first, second = texts[0].index, texts[1].index
    small = any(a.tag == "SMALL" for a in view.ancestors(second))
    between = (n for n in view.everything() if first < n.index < second)
    broken = any(n.tag == "BR" or (n.block and view.is_inside(second, n.index)) for n in between)
    explained = broken and texts[-1].text.rstrip().endswith(SENTENCE_ENDS)
    return wanted.labels.get(fold_label(texts[0].text)) if texts[0].parent != root or small or explained else None


def _described(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that describes a control, or names its group of one, where its own name leaves open what it is for."""
    if not wanted.says_nothing(node.name):
        return None
    phrase = next((phrase for text in described_by(view, node) if (phrase := wanted.names(text))), None)
    group = next((a for a in view.ancestors(node.index) if a.role == "group" and a.name), None)
    if phrase is None and group is not None and [n.index for n in operable_in(view, group.index)] == [node.index]:
        return wanted.labels.get(fold_label(group.name))
    return phrase


def _offered(view: PageView, wanted: Wanted, node: Node) -> Phrase | None:
    """The label in the name of a button that offers the other state than it shows: "Turn on your …", drawn as "Off"."""
    named = fold_label(node.name)
    offer = next((doing for doing in OFFERS if named.startswith(f"{doing} ")), None)
    if offer is None or node.role not in BUTTONS:
        return None
    rest = " ".join(word for word in named.removeprefix(offer).split() if word not in _OF_A_SETTING)
    shown = {wanted.state(line) for line in lines_in(view, node.index)}
    return wanted.labels.get(rest) if shown == {OFFERS[offer]} else None


def _shut_out(view: PageView, wanted: Wanted, labels: LabelTexts, found: list[Node]) -> Found:
    """
    Switches of the label that are drawn and cannot be used: behind a dialog, say, that asks the same question anew.

    The accessibility tree leaves them out, so their names are what their own attributes, labels and rows say. What
    stands right beside a control that was found is part of it: libraries keep a box of their own there.
    """

    def is_switch(node: Node) -> bool:
        box = node.tag == "INPUT" and node.attributes.get("type", "").lower() == "checkbox"
        return box or node.attributes.get("role") in SWITCHES or _PRESSED in node.attributes

    unused = (n for n in view.everything() if not n.role and is_switch(n) and operable_by(view, n) is not None)
    drawn = [n for n in unused if not any(view.is_inside(f.index, n.parent) for f in found)]
    shut: Found = {}
    for node in drawn:
        named = ("".join(text.text for text in view.within(root)) for root in _naming(view, node))
        names = filter(None, (node.attributes.get("aria-label", ""), *named))
        phrase = next((phrase for name in names if (phrase := wanted.beginning(name))), None)
        if phrase is not None:
            shut[node.index] = (node, phrase)
    for holder, phrase in labels if drawn else ():
        if (beside := _in_row(view, wanted, holder, drawn)) is not None:
            shut[beside.index] = (beside, phrase)
    return shut


def _groups(view: PageView, radios: list[Node], wanted: Wanted, labels: LabelTexts) -> list[tuple[Node, Phrase]]:
    """Elements that hold radios, or buttons of which one is pressed, by their own name or the label's row."""
    radios = [n for n in radios if n.role == "radio" or wanted.tells(n.name)]
    found: Found = {}
    for radio in radios:
        group = next((a for a in view.ancestors(radio.index) if a.role in {"radiogroup", "group"}), None)
        phrase = wanted.names(group.name) if group is not None else None
        if group is not None and phrase is not None:
            found[group.index] = (group, phrase)
    return list((found or _groups_in_rows(view, radios, wanted, labels)).values())


def _groups_in_rows(view: PageView, radios: list[Node], wanted: Wanted, labels: LabelTexts) -> Found:
    found: Found = {}
    lines = (label for radio in radios if (label := label_of(view, radio)) is not None)
    own = {radio.name for radio in radios} | {n.text for label in lines for n in view.within(label.index) if n.text}
    known = replace(wanted, values={**wanted.values, **dict.fromkeys(map(fold_label, own), "")})
    for holder, phrase in labels:
        beside = _nearest(view, holder, radios)
        if not beside or not is_own(view, known, holder, beside[0]) or _below_another(view, known, holder, beside[0]):
            continue
        held = (a for a in view.ancestors(beside[0].index) if all(view.is_inside(n.index, a.index) for n in beside))
        root = next(held, None)
        if root is not None and beside == [n for n in radios if view.is_inside(n.index, root.index)]:
            found[root.index] = (root, phrase)
    return found


# -- whose control stands in a row -----------------------------------------------------------------------------


def _may_bear(view: PageView, wanted: Wanted, holder: int, node: Node, *, menu: bool) -> bool:
    """
    Whether the control in a label's row leaves open by its name what it is for, or says no more than the row.

    So does one whose own name is the label and what its row says beside it, read out in one.
    """
    if _is_of_another(view, node, wanted):
        return False
    opens = _opens(node) and any(label in fold_label(node.name) for label in wanted.labels)
    if menu or opens or wanted.says_nothing(node.name):
        return True
    rest = (wanted.rest(node.name) or "").strip(" –").rstrip(".")
    if not rest or wanted.beginning(node.name) is None or any(True for _ in _naming(view, node)):
        return False
    said = fold(view.text(around_both(view, holder, node.index).index))
    return re.search(rf"(?<!\w){re.escape(rest)}(?!\w)", said) is not None


def _is_of_another(view: PageView, node: Node, wanted: Wanted) -> bool:
    """Whether a box without a name chooses a table's row, or is named by the words that follow it in its line."""
    if node.role != "checkbox" or node.name:
        return False
    row = table_row_of(view, node.index)
    operable = [n.index for n in operable_in(view, row.index)] if row is not None else []
    if len(operable) > 1 and node.index == min(operable):
        return True
    beside = (view.nodes[i] for i in view.children.get(node.parent, ()) if i > node.index)
    following = next((n for n in beside if n.shown and view.text(n.index).strip()), None)
    if following is None or following.block:
        return False
    said = view.text(following.index).strip()
    return not (wanted.tells(said) or wanted.names(said) or wanted.beginning(said) or said.endswith(SENTENCE_ENDS))


def _nearest(view: PageView, holder: int, candidates: list[Node]) -> list[Node]:
    """The controls in the smallest element around a label that has any; where none has, those under that heading."""
    chosen = {n.index for n in candidates}
    for root in takewhile(lambda root: not is_landmark(root), lineage(view, holder)[:HIGHEST]):
        if inside := [n for n in view.within(root.index) if n.index in chosen]:
            return inside
    return [n for n in under_heading(view, holder) if n.index in chosen]


def _in_row(view: PageView, wanted: Wanted, holder: int, candidates: list[Node]) -> Node | None:
    """The one control in the smallest element around a label that has any; None where it is not clearly its own."""
    inside = _nearest(view, holder, candidates)
    if len(inside) > 1:
        inside = _beside_in_cells(view, holder, inside)
    elif inside and _below_another(view, wanted, holder, inside[0]):
        return None
    inside = [n for n in inside if not _labels_another(view, holder, n)]
    return inside[0] if len(inside) == 1 and is_own(view, wanted, holder, inside[0]) else None


def _labels_another(view: PageView, holder: int, control: Node) -> bool:
    """Whether a text stands in a label that is another control's: of the box in it, or of the one that it is for."""
    label = next((a for a in lineage(view, holder) if a.tag == "LABEL"), None)
    if label is None or view.is_inside(control.index, label.index):
        return False
    named = label.attributes.get("for")
    of_it = [n for n in view.nodes if named and n.attributes.get("id") == named]
    settable = any(n.role in SETTABLE or n.tag in {"INPUT", "SELECT"} for n in (*of_it, *view.within(label.index)))
    return settable and all(n.index != control.index for n in of_it)


def _below_another(view: PageView, wanted: Wanted, holder: int, control: Node) -> bool:
    """Whether another name stands above a control and the label beneath it: the control may be that name's."""
    if control.index > holder or view.is_inside(holder, control.index):
        return False
    above = (n for n in shown_texts(view, around_both(view, holder, control.index).index) if n.index < control.index)
    names = (n for n in above if not is_known(wanted, n.text) and fold_label(n.text) not in wanted.sections)
    return any(not explains(view, block_of(view, n.parent)) for n in names)


def _beside_in_cells(view: PageView, holder: int, controls: list[Node]) -> list[Node]:
    """
    The control of a label where rows are no elements: names, with what explains them, and controls take turns.

    So from the first to the last, as in a grid; nothing where anything else that one can set stands among them.
    """
    root = around_both(view, holder, controls[0].index).index
    shape = ""
    cells: list[tuple[int, list[Node]]] = []
    for child in view.children.get(root, ()):
        held = [n for n in controls if view.is_inside(n.index, child)]
        if len(held) > 1 or (not held and any(n.role in SETTABLE for n in view.within(child))):
            return []
        if held or not _is_between_rows(view, child, holder, first=not shape):
            shape += "C" if held else "N"
            cells.append((child, held))
    after, before = re.fullmatch("(NC)+", shape), re.fullmatch("(CN)+", shape)
    at = next((i for i, (child, _) in enumerate(cells) if view.is_inside(holder, child)), None)
    return [] if at is None or not (after or before) else cells[at + 1 if after else at - 1][1]


def _is_between_rows(view: PageView, child: int, holder: int, *, first: bool) -> bool:
    """Whether an element without a control is no name: empty, what explains the row before, or another heading."""
    explained = not view.text(child).strip() or (not first and explains(view, child))
    return explained or (view.nodes[child].role == "heading" and not view.is_inside(holder, child))
