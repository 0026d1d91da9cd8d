"""What holds a place on a page: its headings, as a table of contents would have them, and its named landmarks."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.control.wanted import BADGES
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from automation.page import Node, PageView

_SECTIONING = frozenset({"region", "group", "article", "tabpanel", "listitem", "radiogroup", "dialog", "alertdialog"})
_SECTION_TAGS = frozenset({"SECTION", "ARTICLE", "FIELDSET", "ASIDE", "DETAILS", "LI", "TR", "DIALOG"})
_ITEMS = frozenset({"LI", "TR"})
_DIALOGS = frozenset({"dialog", "alertdialog"})
_NAMED = _SECTIONING | {"form", "main"}
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_PRESSED = frozenset(
    {"link", "button", "tab", "menuitem", "option", "switch", "checkbox", "radio", "combobox", "listbox", "treeitem"}
)
_UNFOLDING = frozenset({"button"}) | DISCLOSURES
_CURRENT = frozenset({"page", "true", "step", "location"})
_USUAL_LEVEL = 2
_BREADCRUMB = re.compile(
    r"breadcrumbs?(?: navigation| trail)?|fil d'ariane|navigationspfad|brotkrumen(?:navigation)?"
    r"|(?:ruta|camino) de navegación|migas de pan|percorso di navigazione|breadcrumb di navigazione"
)
"""Inferred: what the way to a page is called for screen readers."""
_OF_ALL_SETTINGS = frozenset(
    {
        "settings", "account settings", "your settings", "preferences", "general", "account", "your account",
        "paramètres", "réglages", "compte", "einstellungen", "konto", "configuración", "ajustes", "cuenta",
        "impostazioni", "definições", "configurações", "privacy", "privacy settings", "your privacy", "data",
        "your data", "data and privacy", "data & privacy", "privacy and data", "privacy & data",
        "privacy preferences", "security", "privacy and security", "privacy & security", "security and privacy",
        "security & privacy", "data controls", "data settings", "data privacy", "ai", "ai settings", "ai features",
        "ai preferences", "ai & data", "ai and data", "confidentialité", "vie privée", "données et confidentialité",
        "données", "datenschutz", "daten", "privatsphäre", "daten und datenschutz", "privacidad",
        "datos y privacidad", "datos", "riservatezza", "dati e privacy", "dati", "privacidade", "dados", "ia", "ki",
        "features", "options", "controls", "permissions", "policies", "advanced", "advanced settings",
        "设置", "隐私", "数据管理", "数据控制", "隐私设置",
    }
)  # fmt: skip
"""Inferred: what a page of settings, or its part for data, is called that has no further sections."""
_ON_USE = re.compile(
    r"how (?:we|\w+) uses? your (?:data|information|content)|comment (?:nous utilisons|\w+ utilise) vos données"
    r"|(?:wie|so) (?:wir|\w+) (?:ihre|deine) daten (?:verwende[nt]|nutz(?:en|t))"
    r"|cómo (?:usa|utiliza) \w+ (?:tus|sus) datos"
    r"|come \w+ (?:usa|utilizza) i tuoi dati|como (?:o |a )?\w+ (?:usa|utiliza) (?:os )?seus dados"
)
"""Inferred: how else a part of a page is headed that is for data: "How Example uses your data"."""
_WHOSE = re.compile(r"^(?:your|my|votre|vos|mes?|ihre?|deine?|tus?|mis?|i tuoi|le tue|seus?|suas?) ")
_BOTH = re.compile(r" (?:and|&|et|und|y|e) ")
_TITLE_PARTS = re.compile(r"\s+[-–—|·•:/]\s+|\s*[|·•]\s*")


def holders(view: PageView, index: int) -> list[str]:
    """
    Names of everything that holds a node: landmarks around it, then the headings above it, nearest first.

    A heading holds what follows it up to the next heading of its level or above, and nothing outside of the section
    in which it stands itself. Inside a dialog only the dialog's own headings count.
    """
    lineage = [view.nodes[index], *view.ancestors(index)]
    names = [n.name for n in lineage[1:] if n.role in _NAMED and n.name]
    headings = [_without_extras(view, node) for node in reversed(headings_above(view, index))]
    return names + [name for name in _unfolded_by(view, lineage) if name not in names] + headings


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
    elsewhere = (n for n in headings_above(view, index) if level_of(n) > 1 and fold_label(n.name) != own)
    return told or (None if any(True for _ in elsewhere) else _title(view, index, names))


def _parts_of(name: str) -> tuple[str, ...]:
    """A heading, whose ever it says it is, and what it names, where that is two things: "Security and privacy"."""
    bare = _WHOSE.sub("", name)
    return tuple(dict.fromkeys((name, bare, *_BOTH.split(bare))))


def in_another_section(view: PageView, index: int, own: Collection[str]) -> bool:
    """
    Whether something with a name of its own holds a node: a heading beneath the page's first, a landmark, a dialog.

    Names of the settings as a whole, and the control's `own`, are none.
    """
    first = next((n.name for n in view.headings() if level_of(n) == 1), "")
    known = {*own, *_OF_ALL_SETTINGS, fold_label(first)}
    named = (fold_label(name) for name in holders(view, index))
    return any(name not in known and _ON_USE.fullmatch(name) is None for name in named)


def _unfolded_by(view: PageView, lineage: list[Node]) -> list[str]:
    """
    Names of the buttons that show what holds a node: open ones that control it, or stand right before it.

    One that is a heading too is told as such.
    """
    lineage = list(takewhile(lambda n: n.role not in _DIALOGS, lineage))
    around = {n.index for n in lineage}
    ids = {n.attributes["id"] for n in lineage if "id" in n.attributes}
    found = []
    for node in view.shown_nodes():
        if node.role not in _UNFOLDING or node.attributes.get("aria-expanded") != "true" or not node.name:
            continue
        if any(a.role == "heading" for a in view.ancestors(node.index)):
            continue
        controlled = node.attributes.get("aria-controls", "").split()
        beside = view.children.get(node.parent, ())
        after = next((i for i in beside if i > node.index and view.nodes[i].tag != "#text"), -1)
        if ids.intersection(controlled) or (not controlled and after in around):
            found.append(node.name)
    return found


def _without_extras(view: PageView, heading: Node) -> str:
    """A heading's name without the link to itself and the badges that hang on it."""
    texts = [n for n in view.within(heading.index) if n.tag == "#text" and n.shown and n.text.strip()]
    own = [
        n.text
        for n in texts
        if all(a.role not in _PRESSED or view.is_inside(heading.index, a.index) for a in view.ancestors(n.index))
        and fold_label(n.text) not in BADGES
    ]
    return " ".join("".join(own).split()) if own and len(own) < len(texts) else heading.name


def under_heading(view: PageView, index: int) -> Iterator[Node]:
    """What follows the heading that a node is or stands in, up to the next heading of its level or above."""
    heading = next((n for n in [view.nodes[index], *view.ancestors(index)] if n.role == "heading"), None)
    if heading is None:
        return
    begun = False
    for node in view.everything():
        if node.index == heading.index:
            begun = True
        elif begun and node.role == "heading" and node.shown and level_of(node) <= level_of(heading):
            return
        elif begun and not view.is_inside(node.index, heading.index):
            yield node


def headings_above(view: PageView, index: int) -> list[Node]:
    """The headings that hold a node, widest first."""
    lineage = [view.nodes[index], *view.ancestors(index)]
    around = {node.index for node in lineage}
    dialog = dialog_of(view, index)
    chrome = {n.index for n in lineage if n.role in _CHROME}
    stack: list[Node] = []
    for node in view.everything():
        if node.index == index:
            break
        if node.role != "heading" or not node.shown or not node.name:
            continue
        above = list(view.ancestors(node.index))
        if dialog is not None and all(a.index != dialog for a in above):
            continue
        if any(a.role in _CHROME and a.index not in chrome for a in above):
            continue
        if _apart(view, node.index, node.name, around):
            continue
        while stack and level_of(stack[-1]) >= level_of(node):
            stack.pop()
        stack.append(node)
    return stack


def dialog_of(view: PageView, index: int) -> int | None:
    """The dialog around a node."""
    return next((n.index for n in [view.nodes[index], *view.ancestors(index)] if n.role in _DIALOGS), None)


def _styled(view: PageView, index: int, names: Collection[str]) -> str | None:
    """
    A line of text that stands alone above a node and is no heading by its role.

    It holds the node where a heading there would: it is neither part of a control nor in a section of its own, and no
    heading of the usual level or above follows it.
    """
    lineage = [view.nodes[index], *view.ancestors(index)]
    around, dialog = {n.index for n in lineage}, dialog_of(view, index)
    order = {n.index: at for at, n in enumerate(view.everything())}
    last = max((order[n.index] for n in headings_above(view, index) if level_of(n) <= _USUAL_LEVEL), default=-1)
    for block in reversed(view.blocks(dialog)):
        name = fold_label(block.text)
        if name not in names or block.quoted or block.node < 0 or not last < order[block.node] < order[index]:
            continue
        above = [view.nodes[block.node], *view.ancestors(block.node)]
        pressed = any(a.role in _PRESSED or a.tag == "LABEL" for a in above)
        if not pressed and not _apart(view, block.node, block.text, around):
            return name
    return None


def _apart(view: PageView, index: int, name: str, around: Collection[int]) -> bool:
    """
    Whether a heading of that name stands in a section of its own, which ends before what stands `around` begins.

    An item or table row that holds nothing but a heading is the subheading of its list, and no section.
    """
    lineage = [view.nodes[index], *view.ancestors(index)]
    section = next((a for a in lineage if a.role in _SECTIONING or a.tag in _SECTION_TAGS), None)
    if section is None or section.index in around:
        return False
    alone = section.tag in _ITEMS and fold_label(view.text(section.index)) == fold_label(name)
    return not (alone and section.parent in around)


def _present(view: PageView, index: int, names: Collection[str]) -> str | None:
    """The tab or link that says of itself that it is the one shown."""
    dialog = dialog_of(view, index)
    for node in view.shown_nodes(dialog):
        if dialog is None and dialog_of(view, node.index) is not None:
            continue
        chosen = node.role == "tab" and node.attributes.get("aria-selected") == "true"
        current = chosen or node.attributes.get("aria-current") in _CURRENT
        name = fold_label(node.name or view.text(node.index, chrome=True)) if current else ""
        if name in names:
            return name
    return None


def _title(view: PageView, index: int, names: Collection[str]) -> str | None:
    """A part of the page's title, or the heading that a page's frame bears for it; a dialog has a title of its own."""
    if dialog_of(view, index) is not None:
        return None
    framed = [n.name for n in view.shown_nodes() if n.role == "heading" and level_of(n) == 1 and _in_banner(view, n)]
    told = (*_TITLE_PARTS.split(view.title), *framed, *_ends_of_ways(view))
    return next((part for part in map(fold_label, told) if part in names), None)


def _ends_of_ways(view: PageView) -> Iterator[str]:
    """The last part of what shows the way to a page, "Settings › Privacy", where it says that it does so."""
    for node in view.shown_nodes():
        if _BREADCRUMB.fullmatch(fold_label(node.attributes.get("aria-label", ""))):
            texts = [n.text for n in view.within(node.index) if n.tag == "#text" and n.shown]
            said = [text.strip() for text in texts if any(map(str.isalnum, text))]
            yield from said[-1:]


def _in_banner(view: PageView, node: Node) -> bool:
    return any(a.role == "banner" for a in view.ancestors(node.index))


def level_of(node: Node) -> int:
    """The level of a heading, as written or else the usual one."""
    written = re.fullmatch(r"H([1-6])", node.tag)
    level = node.attributes.get("aria-level") or (written[1] if written else "")
    return int(level) if level.isdigit() else _USUAL_LEVEL
