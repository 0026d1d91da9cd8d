"""Reading one control by the names that it may have: a switch, a choice, a line of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.controls.rows import SWITCHES, shown_texts
from automation.text.normalizing import fold_label, without_signs

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.page import Node, PageView

_SENDING = frozenset({"submit", "image", "reset"})
REVEALING = frozenset({"link", "tab", "button", "menuitem", "treeitem", "row", "listitem", "option", *DISCLOSURES})
"""Roles of what may only show more."""
_LONGEST_VALUE = 60
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
_ROWS = frozenset({"listitem", "row", "option", "article"})


def switch(view: PageView, names: frozenset[str]) -> bool | None:
    """
    A switch or checkbox by its label: on, off, or None where its state is not stated or it is not the only one.

    From the raw attribute or the live property, never from the accessibility tree, which calls a switch
    without a state "off".
    """
    found = view.by_name(names, SWITCHES)
    if len(found) != 1:
        return None
    node = found[0]
    if node.ticked is not None:
        return node.ticked
    return {"true": True, "false": False}.get(node.attributes.get("aria-checked", ""))


def choice(view: PageView, names: frozenset[str]) -> str | None:
    """The value of a named choice: of a drop-down, or the text that follows the label in its own row."""
    for node in view.by_name(names, frozenset({"combobox", "listbox", "radiogroup"})):
        chosen = [
            n for n in view.within(node.index) if n.selected or n.ticked or n.attributes.get("aria-checked") == "true"
        ]
        if len(chosen) == 1:
            return chosen[0].name or None
    return _beside(view, names)


def present(view: PageView, names: frozenset[str]) -> bool:
    """Whether a heading, control or line of text with this label is shown."""
    return any(fold_label(n.name) in names for n in view.shown_nodes() if n.name) or any(
        fold_label(b.text) in names for b in view.blocks()
    )


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
    if not any(a.tag == "FORM" or a.role == "form" for a in view.ancestors(node.index)):
        return kind not in _SENDING
    return node.role == "tab" and (node.tag not in {"BUTTON", "INPUT"} or kind == "button")


def is_open(node: Node) -> bool | None:
    """What a control says of itself; of one without a role only the attribute does."""
    said = node.properties.get("expanded")
    return {"true": True, "false": False}.get(node.attributes.get("aria-expanded", "")) if said is None else bool(said)


def may_choose(view: PageView, node: Node) -> bool:
    """
    Whether a node is a row of a list that says whether it is the one shown beside it, and not a switch of its own.

    Such a row is the only control of its item and holds more than a name: a title and a date, say. Or it is an element
    without any role that takes the focus: what a page makes of plain boxes.
    """
    if is_plain_row(view, node):
        return True
    around = list(view.ancestors(node.index))
    row = next((a for a in around if a.role in _ROWS), None)
    if row is None or node.role != "button" or "aria-checked" in node.attributes or not node.shown:
        return False
    controls = [n for n in view.within(row.index) if n.shown and n.properties.get("focusable")]
    in_form = any(a.tag == "FORM" or a.role == "form" for a in around)
    return controls == [node] and not in_form and len(shown_texts(view, node.index)) > 1


def is_plain_row(view: PageView, node: Node) -> bool:
    """Whether a node has no role, takes the focus all the same, holds several texts, and no control nor form."""
    if node.role or not node.shown or not node.attributes.get("tabindex", "").isdigit():
        return False
    if any(a.tag == "FORM" or a.role in {"form", *REVEALING} for a in view.ancestors(node.index)):
        return False
    inside = (n for n in view.within(node.index) if n.shown and n is not node)
    return len(shown_texts(view, node.index)) > 1 and not any(n.properties.get("focusable") for n in inside)


def revealing(view: PageView, names: frozenset[str]) -> list[Node]:
    """
    What shows more and is called so; else what says so in its tooltip: an account's menu bears its holder's name.

    A tab, and an expander that is shut, come before links: a menu may lead to a page of the same name.
    """
    found = _called(view, names)
    # An entry of a tree is called as the link that it holds.
    found = [n for n in found if not any(o is not n and view.is_inside(o.index, n.index) for o in found)]
    found = [n for n in found if n.role == "tab" or n.attributes.get("aria-expanded") == "false"] or found
    titled = (n for n in view.shown_nodes() if fold_label(n.attributes.get("title", "")) in names)
    return found or [n for n in titled if may_reveal(view, n)]


def _called(view: PageView, names: frozenset[str]) -> list[Node]:
    """What shows more and is called so: by these names, by those of its settings, or by the first text in it."""
    longer = frozenset(f"{name} settings" for name in names if not name.endswith("settings"))
    told: tuple[Callable[[Node], bool], ...] = (
        lambda n: fold_label(n.name) in names,
        lambda n: fold_label(n.name) in longer,  # "Reading settings"
        lambda n: without_signs(n.name) in names,
        lambda n: _heads(view, n, names),
    )
    nodes = [n for n in view.shown_nodes() if n.role in REVEALING]
    tried = ([n for n in nodes if is_so(n) and may_reveal(view, n)] for is_so in told)
    return next(filter(None, tried), [])


def _heads(view: PageView, node: Node, names: frozenset[str]) -> bool:
    """Whether the first of several texts in a row is one of these names: "Data sharing", "Off"."""
    texts = shown_texts(view, node.index)
    return len(texts) > 1 and fold_label(texts[0].text) in names


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


def _beside(view: PageView, names: frozenset[str]) -> str | None:
    lines = [(line.strip(), block.node) for block in view.blocks() for line in block.text.split("\n")]
    at = [i for i, (line, _) in enumerate(lines) if fold_label(line) in names]
    if len(at) != 1 or at[0] + 1 >= len(lines):
        return None
    (_, label), (value, holder) = lines[at[0]], lines[at[0] + 1]
    row = {label, *(a.index for a in list(view.ancestors(label))[:3])}
    inside = holder in row or any(a.index in row for a in list(view.ancestors(holder))[:3])
    return value if inside and len(value) <= _LONGEST_VALUE else None
