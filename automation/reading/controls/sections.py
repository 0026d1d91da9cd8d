"""What holds a place on a page: headings, landmarks, tables; and whether a control there is that of a label."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.reading.controls.rows import BUTTONS, around_both, block_of, explains, has_words, lineage, shown_texts
from automation.reading.controls.words import BADGES, SENTENCE_ENDS
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from automation.page import Node, PageView
    from automation.reading.controls.words import Wanted

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
_FEW_WORDS = 3
"""Of a paragraph between a label and its control; so few, with a capital, may be the name of another setting."""
_TABLES = frozenset({"table", "grid", "treegrid"})
_CELLS = frozenset({"cell", "gridcell", "columnheader", "rowheader"})
_BREADCRUMB = re.compile(
    r"breadcrumbs?(?: navigation| trail)?|fil d'ariane|navigationspfad|brotkrumen(?:navigation)?"
    r"|(?:ruta|camino) de navegación|migas de pan|percorso di navigazione|breadcrumb di navigazione"
)
"""Inferred: what the way to a page is called for screen readers."""
_WHOSE = re.compile(r"^(?:your|my|votre|vos|mes?|ihre?|deine?|tus?|mis?|i tuoi|le tue|seus?|suas?) ")
_BOTH = re.compile(r" (?:and|&|et|und|y|e) ")
_TITLE_PARTS = re.compile(r"\s+[-–—|·•:/]\s+|\s*[|·•]\s*")


# -- headings ----------------------------------------------------------------------------------------------------


def level_of(node: Node) -> int:
    """The level of a heading, as written or else the usual one."""
    written = re.fullmatch(r"H([1-6])", node.tag)
    level = node.attributes.get("aria-level") or (written[1] if written else "")
    return int(level) if level.isdigit() else _USUAL_LEVEL


def dialog_of(view: PageView, index: int) -> int | None:
    """The dialog around a node."""
    return next((n.index for n in lineage(view, index) if n.role in DIALOGS), None)


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


def headings_above(view: PageView, index: int) -> list[Node]:
    """The headings that hold a node, widest first."""
    around = lineage(view, index)
    dialog, frames = dialog_of(view, index), {n.index for n in around if n.role in FRAMES}
    held = {node.index for node in around}
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

    texts = shown_texts(view, heading.index)
    own = [n.text for n in texts if is_own(n)]
    return " ".join("".join(own).split()) if own and len(own) < len(texts) else heading.name


# -- the known section -------------------------------------------------------------------------------------------


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
    names = frozenset(names) - {own}
    told = told or _styled(view, index, names) or _present(view, index, names)
    elsewhere = any(level_of(n) > 1 and fold_label(n.name) != own for n in headings_above(view, index))
    return told or (None if elsewhere else _title(view, index, names))


def _parts_of(name: str) -> tuple[str, ...]:
    """A heading, whose ever it says it is, and what it names, where that is two things: "Security and privacy"."""
    bare = _WHOSE.sub("", name)
    return tuple(dict.fromkeys((name, bare, *_BOTH.split(bare))))


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
            told += [n.text.strip() for n in shown_texts(view, node.index) if has_words(n.text)][-1:]
    return next((part for part in map(fold_label, told) if part in names), None)


# -- tables ------------------------------------------------------------------------------------------------------


def table_row_of(view: PageView, index: int) -> Node | None:
    """The row of a table around a node."""
    return next((a for a in view.ancestors(index) if a.tag == "TR" or a.role == "row"), None)


def heads_of_column(view: PageView, row: Node | None, inside: Node) -> list[str]:
    """
    What stands in the header cells of a table at the place of a row's cell, as far as it has any.

    Of a header whose cells are not those of the row, everything: which of them stands above the cell is not known.
    """
    own = _cells(view, row) if row is not None else []
    at = next((i for i, cell in enumerate(own) if view.is_inside(inside.index, cell.index)), None)
    if row is None or at is None:
        return []
    headers = [
        cells for n in _rows(view, row) if n.index != row.index and all(map(_is_header, cells := _cells(view, n)))
    ]
    headers = [cells for cells in headers if len(cells) > 1 or len(own) == 1]  # one cell names the rows, no column
    heads = [one for cells in headers for one in (cells[at : at + 1] if len(cells) == len(own) else cells)]
    return list(filter(None, (view.text(head.index).strip() for head in heads)))


def names_of_table(view: PageView, row: Node | None) -> list[str]:
    """
    What the table around a row is called, by its name or its caption, and its rows, by lines of one cell.

    Of these the last one above the row counts, and those with which the table begins.
    """
    table = _table_of(view, row)
    if table is None or row is None:
        return []
    above = [n for n in _rows(view, row) if n.index < row.index] if len(_cells(view, row)) > 1 else []
    alone = [len(_cells(view, n)) == 1 for n in above]
    begin = alone.index(False) if False in alone else len(above)
    last = [n for n, one in zip(above[begin:], alone[begin:], strict=True) if one][-1:]
    lines = (n for n in (*above[:begin], *last) if not view.text(n.index).rstrip().endswith(SENTENCE_ENDS))
    captions = (n for n in view.within(table.index) if n.tag == "CAPTION")
    return list(filter(None, (table.name, *(view.text(n.index).strip() for n in (*captions, *lines)))))


def is_definition(view: PageView, row: Node) -> bool:
    """Whether a row is one header cell and what is said of it, in a table whose columns have no heads."""
    head, *said = _cells(view, row) or [row]
    named = head.tag == "TH" or head.role == "rowheader"
    return named and len(said) == 1 and not _is_header(said[0]) and not heads_of_column(view, row, said[0])


def cells_of_rows(view: PageView, row: Node) -> list[list[str]]:
    """The texts of a table's body, row by row."""
    rows = (n for n in _rows(view, row) if n.tag == "TR")
    return [[view.text(n.index).strip() for n in _cells(view, one) if n.tag == "TD"] for one in rows]


def _table_of(view: PageView, row: Node | None) -> Node | None:
    above = view.ancestors(row.index) if row is not None else ()
    return next((a for a in above if a.tag == "TABLE" or a.role in _TABLES), None)


def _rows(view: PageView, row: Node) -> list[Node]:
    """All rows of the table of one."""
    table = _table_of(view, row)
    return [n for n in view.within(table.index) if n.tag == "TR" or n.role == "row"] if table is not None else []


def _cells(view: PageView, row: Node) -> list[Node]:
    children = (view.nodes[i] for i in view.children.get(row.index, ()))
    return [n for n in children if n.tag in {"TD", "TH"} or n.role in _CELLS]


def _is_header(cell: Node) -> bool:
    return cell.tag == "TH" or cell.role == "columnheader"


# -- whose control it is ------------------------------------------------------------------------------------------


def is_own(view: PageView, wanted: Wanted, holder: int, control: Node) -> bool:
    """
    Whether an unnamed control belongs to a label and not to another text that stands between or beside them.

    Not where a heading stands between, a text is nearer to the control, unless it is a sentence beneath it, or two
    paragraphs stand beside both: one describes, two may be the next setting. What stands with the label in a column of
    its own describes it. A heading may have something else of another name below it, and a button be that thing's:
    there, only whole sentences describe.
    """
    root = around_both(view, holder, control.index).index
    inside = [n for n in view.within(root) if n.shown and not view.is_inside(n.index, control.index)]
    between = [n for n in inside if holder < n.index < control.index]
    if any(n.role == "heading" and not view.is_inside(holder, n.index) for n in between):
        return False
    own = _texts_of_label(view, wanted, holder, control)
    if _is_nearer_to_another(view, wanted, control, [n for n in inside if n.tag == "#text"], own, {root, holder}):
        return False
    own |= _column(view, root, holder, control)
    texts = [n for n in between if n.tag == "#text" and n.index not in own]
    whole = control.role in BUTTONS or any(a.role == "heading" for a in lineage(view, holder))
    return _only_describe(view, wanted, texts, whole=whole)


def _texts_of_label(view: PageView, wanted: Wanted, holder: int, control: Node) -> set[int]:
    """All in the element of a label; where that holds the control, too, the label's own lines there."""
    held = list(view.within(holder))
    if view.is_inside(control.index, holder):
        texts = (n for n in held if n.tag == "#text")
        held = [n for n in texts if wanted.heads(n.text) or wanted.names(n.text) or is_known(wanted, n.text)]
    return {n.index for n in held}


def _column(view: PageView, root: int, holder: int, control: Node) -> set[int]:
    """All that stands in the part of a row that begins with the label and does not hold the control."""
    part = next((a for a in lineage(view, holder) if a.parent == root), None)
    if part is None or view.is_inside(control.index, part.index):
        return set()
    begins = any(view.is_inside(text.index, holder) for text in shown_texts(view, part.index)[:1])
    return {n.index for n in view.within(part.index)} if begins else set()


def _only_describe(view: PageView, wanted: Wanted, texts: list[Node], *, whole: bool) -> bool:
    """Whether the paragraphs of some texts only describe what stands above: whole sentences, or one without a title."""
    paragraphs = {n.index: block_of(view, n.parent) for n in texts}
    described = {at for i, at in paragraphs.items() if fold_label(view.nodes[i].text) in wanted.descriptions}
    unknown = {at for i, at in paragraphs.items() if not is_known(wanted, view.nodes[i].text)} - described
    if whole:
        return all(explains(view, at) for at in unknown)
    said = [view.text(at).strip() for at in unknown if at >= 0 and not explains(view, at)]
    titled = any(len(text.split()) <= _FEW_WORDS and text[:1].isupper() for text in said)
    return len(unknown) <= (0 if described else 1) and not titled


def _is_nearer_to_another(
    view: PageView, wanted: Wanted, control: Node, texts: list[Node], own: set[int], ends: set[int]
) -> bool:
    """Whether a name that is not the label's stands in an element around the control in which the label does not."""
    unknown = (n for n in texts if not is_known(wanted, n.text))  # what explains stands beneath the control
    names = {n.index for n in unknown if n.index < control.index or not explains(view, block_of(view, n.parent))}
    near = takewhile(lambda near: near.index not in ends, view.ancestors(control.index))
    held = ({i for i in names if view.is_inside(i, one.index)} for one in near)
    return any(there and own.isdisjoint(there) for there in held)


def is_known(wanted: Wanted, text: str) -> bool:
    """Whether a text is no name: empty or a sign, a word for the state, or the description that is known."""
    said = wanted.tells(text) or wanted.value(text) is not None or fold_label(text) in wanted.descriptions
    return said or not has_words(text)
