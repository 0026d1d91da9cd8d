"""Which control a label belongs to: by the control's own name or description, or by the row in which both stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.control.belonging import below_another, in_row, is_own, nearest
from automation.reading.control.cells import table_row_of
from automation.reading.control.rows import is_landmark, operable_in, texts_in
from automation.reading.control.wanted import PLAIN_STATES, SENTENCE_ENDS, Wanted
from automation.text.labels import Phrase
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_SWITCHES = frozenset({"switch", "checkbox", "menuitemcheckbox"})
_BUTTONS = frozenset({"button"}) | DISCLOSURES
_ROLES = {
    "switch": _SWITCHES | _BUTTONS,
    "checkbox": _SWITCHES | _BUTTONS,
    "select": frozenset({"combobox", "listbox"}) | _BUTTONS,
    "menu_button": _BUTTONS,
    "state_button": _BUTTONS | {"link"},
    "radio": frozenset({"radio"}) | _BUTTONS,
}
_POPUPS = frozenset({"menu", "listbox", "true"})
_PRESSED = "aria-pressed"
_TELLING = re.compile(r"aria-(?!hidden).*|data-(?:on|off|state|checked|selected|value)|role|alt|href|title")
"""Attributes by which an element says something of its own."""
_DRAWN_AROUND = 3
"""How many elements above a transparent input may hold it together with its drawing."""
LabelTexts = list[tuple[int, Phrase]]
"""Indexes of elements, and the words of the label that each is."""


def candidates_of(view: PageView, kind: str) -> list[Node]:
    """Every control of a kind that a person can use."""
    found = [n for n in view.everything() if n.role in _ROLES[kind] and operable_by(view, n) is not None]
    if kind == "radio":
        return [n for n in found if n.role not in _BUTTONS or _PRESSED in n.attributes or is_segment(n)]
    if kind in {"switch", "checkbox"}:  # a button is one of them where it says that it is pressed or not
        return [n for n in found if n.role not in _BUTTONS or _PRESSED in n.attributes]
    if kind in {"menu_button", "select"}:
        return [n for n in found if n.role not in _BUTTONS or _opens(n)]
    return [n for n in found if _PRESSED not in n.attributes]


def is_segment(node: Node) -> bool:
    """Whether a button says that it is the current one of several or not, as segmented controls do."""
    return node.role == "button" and node.attributes.get("aria-current") in {"true", "false"}


def _opens(node: Node) -> bool:
    return node.attributes.get("aria-haspopup") in _POPUPS or node.tag == "SUMMARY"


def operable_by(view: PageView, node: Node) -> Node | None:
    """
    What a person sees and presses to use a control: itself, or the label that a hidden input hangs on.

    Sites hide the real checkbox or button and draw their own, around it or right under it; a hidden copy of a whole row
    has nothing to press.
    """
    if node.shown:
        return node
    if node.tag != "INPUT" and not (node.tag == "BUTTON" and node.role):  # one that is not laid out has no role
        return None
    label = label_of(view, node)
    if label is not None:
        return label if label.shown else None
    parent = view.nodes[node.parent] if node.parent >= 0 else None
    if parent is None or parent.tag in {"BODY", "MAIN"}:
        return None
    if node.tag != "INPUT":
        return parent if parent.shown and _drawn_beside(view, parent, node) else None
    return parent if parent.shown else _drawn_under(view, node)


def _drawn_beside(view: PageView, parent: Node, button: Node) -> bool:
    """
    Whether all that is shown beside a hidden button is its drawing: what `aria-hidden` keeps from being read out.

    It has no state of its own and no words but those for one, which are compared with the button's.
    """
    beside = [view.nodes[i] for i in view.children.get(parent.index, ()) if i != button.index]
    drawn = [n for n in beside if n.shown and n.tag != "#text"]
    inside = [n for root in drawn for n in view.within(root.index)]
    own = any(n.tag in {"BUTTON", "INPUT"} or any(map(_TELLING.fullmatch, n.attributes)) for n in inside)
    words = [fold_label(n.text) for n in inside if n.tag == "#text" and n.shown and n.text.strip()]
    hidden = all(n.attributes.get("aria-hidden") == "true" for n in drawn)
    return bool(drawn) and hidden and not own and all(word in PLAIN_STATES for word in words)


def _drawn_under(view: PageView, box: Node) -> Node | None:
    """
    The drawing under a transparent input, where nothing around the input takes any room.

    It is the smallest shown element around both, at the input's place, and holds neither words nor another input.
    """
    if box.box is None or min(box.box.width, box.box.height) <= 1:
        return None
    around = next((a for a in list(view.ancestors(box.index))[:_DRAWN_AROUND] if a.shown), None)
    if around is None or around.box is None or is_landmark(around):
        return None
    x, y = box.box.x + box.box.width / 2, box.box.y + box.box.height / 2
    inside = [n for n in view.within(around.index) if n.index != box.index]
    other = any(n.tag == "INPUT" or n.role in _SWITCHES or (n.tag == "#text" and n.text.strip()) for n in inside)
    drawn = any(n.shown and n.box is not None and n.box.holds(x, y) for n in inside)
    return around if around.box.holds(x, y) and drawn and not other else None


def label_of(view: PageView, node: Node) -> Node | None:
    """The label that an input hangs on: the one around it, else the first shown one that names it."""
    around = next((a for a in view.ancestors(node.index) if a.tag == "LABEL"), None)
    own = node.attributes.get("id")
    if around is not None or not own:
        return around
    return next((n for n in view.shown_nodes() if n.tag == "LABEL" and n.attributes.get("for") == own), None)


def find(view: PageView, kind: str, wanted: Wanted, labels: LabelTexts | None = None) -> list[tuple[Node, Phrase]]:
    """
    Every control of a kind that bears the label; of a choice, the element that holds all its radios.

    Args:
        view: the page at rest.
        kind: as in a flow's table.
        wanted: the words.
        labels: what `label_texts` found, where several kinds are sought in turn.
    """
    candidates = candidates_of(view, kind)
    if not candidates:
        return []
    labels = label_texts(view, wanted) if labels is None else labels
    if kind == "radio":
        return _groups(view, candidates, wanted, labels)
    found: dict[int, tuple[Node, Phrase]] = {}
    for node in candidates:
        phrase = _named(view, node, wanted) or _described(view, node, wanted) or _grouped(view, node, wanted)
        if phrase:
            found[node.index] = (node, phrase)
    telling = candidates
    if kind == "state_button":  # any button may stand in a row; one that shows a state is the row's own
        telling = [n for n in candidates if wanted.tells(" ".join(_lines(view, n.index)))]
    for holder, phrase in labels:
        node_in_row = in_row(view, wanted, holder, telling)
        if node_in_row is None or node_in_row.index in found or _is_of_another(view, node_in_row, wanted):
            continue
        open_name = wanted.says_nothing(node_in_row.name) or _spelled_out(view, wanted, holder, node_in_row)
        if open_name or kind == "menu_button" or _offers(wanted, node_in_row):
            found[node_in_row.index] = (node_in_row, phrase)
    if found:
        found.update(_shut_out(view, wanted, labels, [node for node, _ in found.values()]))
    return [one for one in found.values() if not any(_is_part(view, one[0], whole) for whole, _ in found.values())]


def _is_of_another(view: PageView, node: Node, wanted: Wanted) -> bool:
    """Whether a box without a name chooses a table's row, or is named by the words that follow it in its line."""
    if node.role != "checkbox" or node.name:
        return False
    row = table_row_of(view, node.index)
    if (
        row is not None
        and len(operable_in(view, row.index)) > 1
        and node.index == min(n.index for n in operable_in(view, row.index))
    ):
        return True
    beside = [view.nodes[i] for i in view.children.get(node.parent, ()) if i > node.index]
    following = next((n for n in beside if n.shown and view.text(n.index).strip()), None)
    if following is None or following.block:
        return False
    said = view.text(following.index).strip()
    return not (wanted.tells(said) or wanted.names(said) or wanted.beginning(said) or said.endswith(SENTENCE_ENDS))


def _is_part(view: PageView, node: Node, whole: Node) -> bool:
    """Whether a control stands inside another and is set alike: a component bears the role, and so does its box."""
    inside = node.index != whole.index and view.is_inside(node.index, whole.index)
    return inside and _raw_state(node) == _raw_state(whole) != ""


def _raw_state(node: Node) -> str:
    stated = node.attributes.get("aria-checked", node.attributes.get(_PRESSED, ""))
    return stated if node.ticked is None else str(node.ticked).lower()


def _offers(wanted: Wanted, node: Node) -> bool:
    """Whether a menu's button, called by what it does, speaks of the setting: "Turn off your …"."""
    return _opens(node) and any(label in fold(node.name) for label in wanted.labels)


# -- by its own name -------------------------------------------------------------------------------------------


def _named(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that a control's name is, also where the name goes on with a text that stands apart from the label."""
    phrase = wanted.names(node.name) or wanted.spoken(node.name)
    if phrase is not None:
        return phrase
    if wanted.beginning(node.name) is None:
        return _behind_state(view, node, wanted)
    for root in _naming(view, node):
        lines = _lines(view, root)
        first = wanted.labels.get(fold_label(lines[0])) if lines else None
        first = first or _set_apart(view, root, wanted)
        if first is not None:
            return first
        if lines:
            return None
    return None


def _behind_state(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label in a name that begins with the state, where the page writes both apart: a track may say "On"."""
    texts = [n.text for root in _naming(view, node) for n in view.within(root) if n.tag == "#text" and n.text.strip()]
    others = [text for text in texts if not wanted.tells(text)]
    return wanted.names(" ".join(others)) if len(others) < len(texts) else None


def _naming(view: PageView, node: Node) -> Iterator[int]:
    """Elements that a control takes its name from, if it takes it from the page's text."""
    if "aria-label" in node.attributes and "aria-labelledby" not in node.attributes:
        return
    ids, own = node.attributes.get("aria-labelledby", "").split(), node.attributes.get("id")
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
    texts = [
        n
        for n in view.within(root)
        if n.tag == "#text" and n.shown and n.text.strip() and not any(view.is_inside(n.index, link) for link in more)
    ]
    if len(texts) < 2 or texts[0].parent == texts[1].parent or (texts[0].parent == root and not _broken(view, texts)):
        return None
    return wanted.labels.get(fold_label(texts[0].text)) if texts[1].text.strip()[0].isupper() else None


def _broken(view: PageView, texts: Sequence[Node]) -> bool:
    """Whether a line ends between the first two of some texts."""
    first, second = texts[0].index, texts[1].index
    between = (n for n in view.everything() if first < n.index < second)
    return any(n.tag == "BR" or (n.block and view.is_inside(second, n.index)) for n in between)


def _described(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that describes a control whose own name leaves open what it is for."""
    if not wanted.says_nothing(node.name):
        return None
    ids = node.attributes.get("aria-describedby", "").split()
    texts = [view.text(n.index) for n in view.everything() if n.attributes.get("id") in ids] if ids else []
    return next((phrase for text in texts if (phrase := wanted.names(text))), None)


def _grouped(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    """The label that names a group in which a control is the only one, and says of itself what any could: "Enable"."""
    if not wanted.says_nothing(node.name):
        return None
    group = next((a for a in view.ancestors(node.index) if a.role == "group" and a.name), None)
    alone = group is not None and [n.index for n in operable_in(view, group.index)] == [node.index]
    return wanted.labels.get(fold_label(group.name)) if group is not None and alone else None


# -- by its row ------------------------------------------------------------------------------------------------


def label_texts(view: PageView, wanted: Wanted) -> LabelTexts:
    """Elements whose text is the label, with or without the state, each with its words."""
    found = ((holder, wanted.heads(text)) for holder, text in texts_in(view))
    return [(holder, phrase) for holder, phrase in found if phrase is not None]


def _spelled_out(view: PageView, wanted: Wanted, holder: int, node: Node) -> bool:
    """Whether a control's own name is the label and what its row says beside it, read out in one."""
    rest = (wanted.rest(node.name) or "").strip(" –").rstrip(".")
    if not rest or wanted.beginning(node.name) is None or any(True for _ in _naming(view, node)):
        return False
    around = [view.nodes[holder], *view.ancestors(holder)]
    row = next((a for a in around if view.is_inside(node.index, a.index)), None)
    said = fold(view.text(row.index)) if row is not None else ""
    return re.search(rf"(?<!\w){re.escape(rest)}(?!\w)", said) is not None


def _shut_out(
    view: PageView, wanted: Wanted, labels: LabelTexts, found: list[Node]
) -> Iterable[tuple[int, tuple[Node, Phrase]]]:
    """
    Switches of the label that are drawn and cannot be used: behind a dialog, say, that asks the same question anew.

    The accessibility tree leaves them out, so their names are what their own attributes, labels and rows say. What
    stands right beside a control that was found is part of it: libraries keep a box of their own there.
    """
    unnamed = [n for n in view.everything() if not n.role and _drawn_switch(n) and operable_by(view, n) is not None]
    drawn = [n for n in unnamed if not any(view.is_inside(f.index, n.parent) for f in found)]
    for node in drawn:
        names = [
            node.attributes.get("aria-label", ""),
            *("".join(t.text for t in view.within(root)) for root in _naming(view, node)),
        ]
        phrase = next((phrase for name in names if name and (phrase := wanted.beginning(name))), None)
        if phrase is not None:
            yield node.index, (node, phrase)
    for holder, phrase in labels if drawn else ():
        beside = in_row(view, wanted, holder, drawn)
        if beside is not None:
            yield beside.index, (beside, phrase)


def _drawn_switch(node: Node) -> bool:
    box = node.tag == "INPUT" and node.attributes.get("type", "").lower() == "checkbox"
    return box or node.attributes.get("role") in _SWITCHES or _PRESSED in node.attributes


# -- choices ---------------------------------------------------------------------------------------------------


def _groups(view: PageView, radios: list[Node], wanted: Wanted, labels: LabelTexts) -> list[tuple[Node, Phrase]]:
    """Elements that hold radios, or buttons of which one is pressed, by their own name or the label's row."""
    radios = [n for n in radios if n.role == "radio" or wanted.tells(n.name)]
    found: dict[int, tuple[Node, Phrase]] = {}
    for radio in radios:
        group = next((a for a in view.ancestors(radio.index) if a.role in {"radiogroup", "group"}), None)
        phrase = wanted.names(group.name) if group is not None else None
        if group is not None and phrase is not None:
            found[group.index] = (group, phrase)
    if found:
        return list(found.values())
    own = {fold_label(text) for radio in radios for text in (radio.name, *_label_lines(view, radio))}
    known = replace(wanted, values={**wanted.values, **dict.fromkeys(own, "")})
    for holder, phrase in labels:
        beside = nearest(view, holder, radios)
        its = bool(beside) and is_own(view, known, holder, beside[0])
        root = _around(view, beside) if its and not below_another(view, known, holder, beside[0]) else None
        if root is not None and beside == [n for n in radios if view.is_inside(n.index, root.index)]:
            found[root.index] = (root, phrase)
    return list(found.values())


def _label_lines(view: PageView, radio: Node) -> list[str]:
    """The lines of the label that a radio hangs on; its name joins them."""
    label = label_of(view, radio)
    return [n.text for n in view.within(label.index) if n.text] if label is not None else []


def _around(view: PageView, nodes: list[Node]) -> Node | None:
    """The smallest element that holds all of these."""
    return next(
        (a for a in view.ancestors(nodes[0].index) if all(view.is_inside(n.index, a.index) for n in nodes)), None
    )


def _lines(view: PageView, root: int) -> list[str]:
    return [line.strip() for block in view.blocks(root) for line in block.text.split("\n") if not block.quoted]
