"""Rows of settings: how wide one is, what a person reads and presses in it, and what only shows more of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.controls.words import BADGES, PLAIN_STATES, SENTENCE_ENDS
from automation.text.normalizing import fold_label, sentences, without_signs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from automation.page import Node, PageView

HIGHEST = 5
"""How many elements above its label a control may stand and still be in the label's row."""
SWITCHES = frozenset({"switch", "checkbox", "menuitemcheckbox"})
SETTABLE = SWITCHES | {"radio", "combobox", "listbox", "textbox", "slider", "spinbutton", "button"}
BUTTONS = frozenset({"button"}) | DISCLOSURES
CHOICES = frozenset({"radio", "option", "menuitemradio"})
PICTURES = frozenset({"img", "image"})
QUOTING = frozenset({"BLOCKQUOTE", "Q", "CITE"})
REVEALING = BUTTONS | {"link", "tab", "menuitem", "treeitem", "row", "listitem", "option"}
"""Roles of what may only show more."""
_SENDING = frozenset({"submit", "image", "reset"})
_ITEMS = frozenset({"listitem", "row", "option", "article"})
_LANDMARKS = frozenset({"main", "dialog", "alertdialog", "form", "RootWebArea", "document"})
_WORDED_STEPS, _DRAWN_AROUND, _LONGEST_VALUE = 2, 3, 60
"""
How often what is around a control may gain words: by its label, and by what stands beneath both; how many elements
above a transparent input may hold it together with its drawing; characters of a value.
"""
_TELLING = re.compile(r"aria-(?!hidden).*|data-(?:on|off|state|checked|selected|value)|role|alt|href|title")
"""Attributes by which an element says something of its own."""
_TRISTATE = {"true": True, "false": False}
_KEPT_STATE = {"checked": True, "unchecked": False, "on": True, "off": False}
_OF_AN_ACCOUNT = r"(?:user|account|profile|avatar)"
_ACCOUNT_MENU = re.compile(
    rf"(?:open |show )?(?:the |your |my )?{_OF_AN_ACCOUNT}(?:(?: and| &)? (?:options|navigation|settings))?"
    r"(?: menu| button)?(?:[:,] .{1,60}| \(.{1,60}\))?"
    r"|(?:ouvrir |afficher )?(?:le |mon )?(?:menu )?(?:(?:de l')?utilisateur|(?:du |mon )?compte|(?:du |mon )?profil)"
    r"|(?:mein )?(?:konto|benutzer|profil)(?:men[uü])?(?: öffnen)?"
    r"|(?:abrir )?(?:el )?(?:men[uú] )?(?:de(?:l| la)? |mi )?(?:usuario|cuenta|perfil)"
    r"|(?:apri )?(?:il )?(?:mio )?(?:menu )?(?:dell'|del )?(?:utente|account|profilo)"
)
"""Inferred: what a button is called that opens the menu of one's own account."""


# -- texts ---------------------------------------------------------------------------------------------------


def lineage(view: PageView, index: int) -> list[Node]:
    """A node and all that is around it, nearest first."""
    return [view.nodes[index], *view.ancestors(index)]


def around_both(view: PageView, index: int, other: int) -> Node:
    """The smallest element that holds two nodes, or is one of them and holds the other."""
    return next(a for a in lineage(view, index) if view.is_inside(other, a.index))


def is_landmark(node: Node) -> bool:
    """Whether an element is too wide to be a row."""
    return node.role in _LANDMARKS or node.tag in {"BODY", "MAIN", "HTML"}


def shown_texts(view: PageView, root: int) -> list[Node]:
    """The single texts in an element that a person sees."""
    return [n for n in view.within(root) if n.tag == "#text" and n.shown and n.text.strip()]


def lines_in(view: PageView, root: int) -> list[str]:
    """The lines of text in an element, without what is quoted."""
    return [line.strip() for block in view.blocks(root) for line in block.text.split("\n") if not block.quoted]


def texts_in(view: PageView, root: int | None = None) -> Iterator[tuple[int, str]]:
    """
    Everything that a person reads as one piece, with the element that holds it.

    Whole lines, and the single texts of which lines are made: `label` and `On` may share one.
    """
    for block in view.blocks(root):
        if not block.quoted and block.node >= 0:
            yield from ((block.node, line.strip()) for line in block.text.split("\n"))
    for node in view.everything() if root is None else view.within(root):
        said = node.tag == "#text" and node.shown and not node.struck and node.text.strip()
        if said and not any(a.tag in QUOTING for a in view.ancestors(node.index)):
            yield node.parent, said


def said_in(view: PageView, roots: Iterable[int]) -> list[tuple[int, str]]:
    """The lines of text in some elements, each with what holds it, and what pictures there are called."""
    roots = tuple(roots)
    pictures = (n for root in roots for n in view.shown_nodes(root) if n.role in PICTURES and n.name.strip())
    texts = (text for root in roots for text in texts_in(view, root))
    return list(dict.fromkeys((*texts, *((n.index, n.name.strip()) for n in pictures))))


def described_by(view: PageView, node: Node) -> list[str]:
    """The texts of the elements that a control names as describing it."""
    ids = node.attributes.get("aria-describedby", "").split()
    return [view.text(n.index) for n in view.everything() if n.attributes.get("id") in ids] if ids else []


def block_of(view: PageView, index: int) -> int:
    """The paragraph around a node, or another element that breaks the line; -1 without one."""
    return next((a.index for a in lineage(view, index) if a.block), -1)


def has_words(text: str) -> bool:
    """Whether a text holds more than signs."""
    return any(map(str.isalnum, text))


def is_a_name(text: str) -> bool:
    """Whether a text is no sentence, and so may be the name of another setting."""
    return not text.rstrip().endswith(SENTENCE_ENDS) and fold_label(text) not in BADGES


def explains(view: PageView, root: int) -> bool:
    """Whether a paragraph is made of whole sentences; a name is not."""
    text = view.text(root).strip() if root >= 0 else ""
    return text.endswith(SENTENCE_ENDS) or len(sentences(text)) > 1


# -- rows and what is pressed in them --------------------------------------------------------------------------


def row_of(view: PageView, node: Node, others: Iterable[Node]) -> int | None:
    """
    The widest element around a control that holds no other control; None where it has none.

    Elements that only wrap the control or what is around it, and add no words, are no step on the way.
    """
    chosen = {n.index for n in others if n.index != node.index}
    row: int | None = None
    steps, said = 0, view.text(node.index)
    for number, root in enumerate(view.ancestors(node.index)):
        text = view.text(root.index)
        steps, said = steps + (text != said), text
        too_wide = is_landmark(root) or (number >= HIGHEST - 2 and steps > _WORDED_STEPS)
        if too_wide or any(n.index in chosen for n in view.within(root.index)):
            break
        row = root.index
    return row


def operable_in(view: PageView, root: int) -> list[Node]:
    """What can be set or followed within an element."""
    return [n for n in view.within(root) if n.shown and (n.role in SETTABLE or n.role == "link")]


def is_segment(node: Node) -> bool:
    """Whether a button says that it is the current one of several or not, as segmented controls do."""
    return node.role == "button" and node.attributes.get("aria-current") in _TRISTATE


def ticked(node: Node) -> bool | None:
    """
    Whether a switch, checkbox or radio is on; None where that is not stated, or two statements disagree.

    The accessibility tree calls a switch without any state "off" as well, so its "off" counts only against; so does
    the state that some libraries keep in `data-state`.
    """
    attribute = node.attributes.get("aria-checked", node.attributes.get("aria-pressed"))
    if attribute is None and is_segment(node):  # the accessibility tree says nothing of which segment is current
        return node.attributes["aria-current"] == "true"
    stated: list[bool | None] = [] if attribute is None else [_TRISTATE.get(attribute)]
    stated += [] if node.ticked is None else [node.ticked]
    word = node.properties.get("checked", node.properties.get("pressed"))
    exposed = None if word is None else _TRISTATE.get(str(word).lower())
    kept = _KEPT_STATE.get(node.attributes.get("data-state", ""))
    if not stated:
        return True if exposed and kept is not False else None  # a component may keep its state in no attribute
    stated += [] if kept is None else [kept]
    return stated[0] if all(state is stated[0] for state in (*stated, exposed)) else None


def is_disabled(node: Node) -> bool:
    """Whether a control says that it does nothing now."""
    said = node.attributes.get("aria-disabled") == "true" or "disabled" in node.attributes
    return said or node.properties.get("disabled") is True


def label_of(view: PageView, node: Node) -> Node | None:
    """The label that an input hangs on: the one around it, else the first shown one that names it."""
    around = next((a for a in view.ancestors(node.index) if a.tag == "LABEL"), None)
    own = node.attributes.get("id")
    if around is not None or not own:
        return around
    return next((n for n in view.shown_nodes() if n.tag == "LABEL" and n.attributes.get("for") == own), None)


def operable_by(view: PageView, node: Node) -> Node | None:
    """
    What a person sees and presses to use a control: itself, or the label that a hidden input hangs on.

    Sites hide the real checkbox or button and draw their own, around it or right under it; a hidden copy of a whole row
    has nothing to press, nor has a button that is not laid out, which has no role.
    """
    if node.shown or (node.tag != "INPUT" and not (node.tag == "BUTTON" and node.role)):
        return node if node.shown else None
    if (label := label_of(view, node)) is not None:
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
    if any(n.tag in {"BUTTON", "INPUT"} or any(map(_TELLING.fullmatch, n.attributes)) for n in inside):
        return False
    words = (fold_label(n.text) for root in drawn for n in shown_texts(view, root.index))
    hidden = all(n.attributes.get("aria-hidden") == "true" for n in drawn)
    return bool(drawn) and hidden and all(word in PLAIN_STATES for word in words)


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
    if any(n.tag == "INPUT" or n.role in SWITCHES or (n.tag == "#text" and n.text.strip()) for n in inside):
        return None
    drawn = any(n.shown and n.box is not None and n.box.holds(x, y) for n in inside)
    return around if around.box.holds(x, y) and drawn else None


# -- by its label alone ------------------------------------------------------------------------------------------


def switch(view: PageView, names: frozenset[str]) -> bool | None:
    """
    A switch or checkbox by its label: on, off, or None where its state is not stated or it is not the only one.

    From the raw attribute or the live property, never from the accessibility tree, which calls a switch
    without a state "off".
    """
    found = view.by_name(names, SWITCHES)
    if len(found) != 1:
        return None
    return _TRISTATE.get(found[0].attributes.get("aria-checked", "")) if found[0].ticked is None else found[0].ticked


def choice(view: PageView, names: frozenset[str]) -> str | None:
    """The value of a named choice: of a drop-down, or the text that follows the label in its own row."""
    for node in view.by_name(names, frozenset({"combobox", "listbox", "radiogroup"})):
        inside = view.within(node.index)
        chosen = [n for n in inside if n.selected or n.ticked or n.attributes.get("aria-checked") == "true"]
        if len(chosen) == 1:
            return chosen[0].name or None
    lines = [(line.strip(), block.node) for block in view.blocks() for line in block.text.split("\n")]
    at = [i for i, (line, _) in enumerate(lines) if fold_label(line) in names]
    if len(at) != 1 or at[0] + 1 >= len(lines):
        return None
    (_, label), (value, holder) = lines[at[0]], lines[at[0] + 1]
    row = {label, *(a.index for a in list(view.ancestors(label))[:3])}
    inside_row = holder in row or any(a.index in row for a in list(view.ancestors(holder))[:3])
    return value if inside_row and len(value) <= _LONGEST_VALUE else None


def present(view: PageView, names: frozenset[str]) -> bool:
    """Whether a heading, control or line of text with this label is shown."""
    shown = (*(n.name for n in view.shown_nodes() if n.name), *(block.text for block in view.blocks()))
    return any(fold_label(text) in names for text in shown)


# -- what only shows more ----------------------------------------------------------------------------------------


def _in_form(view: PageView, node: Node) -> bool:
    return any(a.tag == "FORM" or a.role == "form" for a in view.ancestors(node.index))


def may_reveal(view: PageView, node: Node) -> bool:
    """
    Whether a node only shows more: not a submit control, not a switch, and inside a form nothing but a tab.

    Settings pages put their tabs inside the one form that all tabs share. A tab there must be no element that sends
    the form by itself: a `<button>` does unless its type says otherwise.
    """
    if node.role not in REVEALING or not node.shown:
        return False
    if node.role == "link":
        return not node.attributes.get("href", "").lower().startswith(("javascript:", "data:", "mailto:"))
    if "aria-pressed" in node.attributes or "aria-checked" in node.attributes:
        return False
    kind = node.attributes.get("type", "").lower()
    if not _in_form(view, node):
        return kind not in _SENDING
    return node.role == "tab" and (node.tag not in {"BUTTON", "INPUT"} or kind == "button")


def is_open(node: Node) -> bool | None:
    """What a control says of itself; of one without a role only the attribute does."""
    said = node.properties.get("expanded")
    return _TRISTATE.get(node.attributes.get("aria-expanded", "")) if said is None else bool(said)


def may_choose(view: PageView, node: Node) -> bool:
    """
    Whether a node is a row of a list that says whether it is the one shown beside it, and not a switch of its own.

    Such a row is the only control of its item and holds more than a name: a title and a date, say. Or it is an element
    without any role that takes the focus: what a page makes of plain boxes.
    """
    if is_plain_row(view, node):
        return True
    row = next((a for a in view.ancestors(node.index) if a.role in _ITEMS), None)
    if row is None or node.role != "button" or "aria-checked" in node.attributes or not node.shown:
        return False
    controls = [n for n in view.within(row.index) if n.shown and n.properties.get("focusable")]
    return controls == [node] and not _in_form(view, node) and len(shown_texts(view, node.index)) > 1


def is_plain_row(view: PageView, node: Node) -> bool:
    """Whether a node has no role, takes the focus all the same, holds several texts, and no control nor form."""
    if node.role or not node.shown or not node.attributes.get("tabindex", "").isdigit():
        return False
    if _in_form(view, node) or any(a.role in REVEALING for a in view.ancestors(node.index)):
        return False
    inside = (n for n in view.within(node.index) if n.shown and n is not node)
    return len(shown_texts(view, node.index)) > 1 and not any(n.properties.get("focusable") for n in inside)


def revealing(view: PageView, names: frozenset[str]) -> list[Node]:
    """
    What shows more and is called so; else what says so in its tooltip: an account's menu bears its holder's name.

    Called by these names, by those of its settings ("Reading settings"), or by the first of several texts in it. A tab,
    and an expander that is shut, come before links: a menu may lead to a page of the same name.
    """
    found = _called(view, names)
    # An entry of a tree is called as the link that it holds.
    found = [n for n in found if not any(o is not n and view.is_inside(o.index, n.index) for o in found)]
    found = [n for n in found if n.role == "tab" or n.attributes.get("aria-expanded") == "false"] or found
    titled = (n for n in view.shown_nodes() if fold_label(n.attributes.get("title", "")) in names)
    return found or [n for n in titled if may_reveal(view, n)]


def _called(view: PageView, names: frozenset[str]) -> list[Node]:
    longer = frozenset(f"{name} settings" for name in names if not name.endswith("settings"))
    told: tuple[Callable[[Node], bool], ...] = (
        lambda n: fold_label(n.name) in names,
        lambda n: fold_label(n.name) in longer,
        lambda n: without_signs(n.name) in names,
        lambda n: len(texts := shown_texts(view, n.index)) > 1 and fold_label(texts[0].text) in names,
    )
    nodes = [n for n in view.shown_nodes() if n.role in REVEALING]
    tried = ([n for n in nodes if is_so(n) and may_reveal(view, n)] for is_so in told)
    return next(filter(None, tried), [])


def account_menu(view: PageView) -> Node | None:
    """The one button outside the page's main part that says that it opens a menu, is shut, and is called so."""
    found = [
        node
        for node in view.shown_nodes()
        if node.role == "button" and _ACCOUNT_MENU.fullmatch(fold_label(node.name)) and may_reveal(view, node)
        if node.attributes.get("aria-haspopup") in {"menu", "true"} or "aria-expanded" in node.attributes
        if is_open(node) is not True and not any(a.role in {"main", "form"} for a in view.ancestors(node.index))
    ]
    return found[0] if len(found) == 1 else None
