"""
A state that stands in words: in the row, definition or line of a setting's label, where nothing is set.

What leads on from there agrees with it, or there is nothing of the kind. A line that names something else, a second
state, or anything that may be set there leaves it open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES, Node
from automation.reading.controls.doubts import doubted, has_caveat
from automation.reading.controls.lines import CHANGED, STATE_SIGN, Line, is_day, lines_of, names_another, state_in
from automation.reading.controls.rows import (
    HIGHEST,
    PICTURES,
    SETTABLE,
    block_of,
    has_words,
    is_landmark,
    lineage,
    operable_in,
)
from automation.reading.controls.sections import (
    FRAMES,
    cells_of_rows,
    heads_of_column,
    holders,
    is_definition,
    names_of_table,
    table_row_of,
)
from automation.reading.controls.words import OFFERS, is_generic
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from automation.page import PageView
    from automation.reading.controls.words import Wanted

_LEADING_SIGNS = frozenset("✎✏🖉🖊›»>❯▸▶→⋮…⚙ \ufe0f")
"""Letters by which a button is drawn that leads on; a cross takes something away."""
_PARTS = frozenset({"listitem", "row", "region", "article", "group", "gridcell"})
_PARTS_BY_TAG = frozenset({"LI", "SECTION", "ARTICLE", "FIELDSET", "TR"})
_PAIR = 2
_PASSING = frozenset({"log", "status", "alert", "tooltip", "marquee", "timer", "figure", "code", "comment", "feed"})
_CHOSEN = (SETTABLE | DISCLOSURES | {"option", "menuitem", "menuitemradio", "tab", "treeitem"}) - {"textbox"}
_ASIDE = FRAMES | _PASSING | _CHOSEN | PICTURES
"""Roles of a page's frame, of what it says in passing, and of what is pressed or chosen: one gets it by that."""
_EXAMPLES = frozenset({"CODE", "PRE", "SAMP", "KBD", "FIGURE", "BLOCKQUOTE", "TEMPLATE", "OUTPUT", "SVG", "LABEL"})
_STATED = frozenset({"aria-pressed", "aria-checked", "aria-current", "aria-selected"})
"""Attributes of a control that has a state of its own."""
_FIELDS = frozenset({"INPUT", "SELECT", "TEXTAREA"})
_NO_FIELDS = frozenset({"hidden", "button", "submit", "reset", "image"})
"""Types of an input in which nothing is set."""


Told = list[tuple[Line, str | None]]
"""The lines of an element, each with the state that it tells; empty for none, None where it may be another's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page says of one setting in words."""

    parts: tuple[int, ...]
    """Indexes of the elements that make it up: its row with what explains it, or a term and what is said of it."""
    said_by: Node
    """The text or picture that tells the state."""
    holder: Node
    """The element that does."""
    seen: Node
    """The smallest element in which a person sees label and state; of a list of terms, the state's own."""
    state: str
    labels: int
    """How many of its lines are the label."""
    controls: tuple[Node, ...]
    """What stands there that may lead on from it."""
    present: bool = True
    """Whether nothing around it says that it is an example, what is usual, or the like."""


# -- entries -----------------------------------------------------------------------------------------------------


def entry_of(view: PageView, wanted: Wanted, label: int) -> Entry | None:
    """
    The entry of a label, with its one state; None where there is none, or where anything leaves it open.

    It is the widest element around the label that names nothing else: what explains the state stands there too.
    """
    row, found = table_row_of(view, label), None
    for root in [row] if row is not None else _widening(view, label):
        parts = tuple(_term_of(view, root, label) or _in_turn(view, wanted, root, label) or [root.index])
        controls = tuple(n for part in parts for n in operable_in(view, part) if not wanted.tells_more(n.name))
        told = [(line, state_in(wanted, line)) for line in _read(view, wanted, parts, controls, label)]
        states = [state for _, state in told]
        if not any(states) and not (controls and None in states):
            continue  # a label and its button, above what tells the state
        if found is not None and _begins_another(wanted, found, controls, told):
            break
        found = _entry(view, wanted, label, parts, controls, told)
        if found is None or not _is_plain(view, wanted, root, label, found):
            return None
        found = replace(found, present=not _stands_elsewhere(view, wanted, root, found.said_by))
    return found if found is not None and _holds_its_links(view, label, found) else None


def _holds_its_links(view: PageView, label: int, entry: Entry) -> bool:
    """Whether no link around the label goes on beyond the entry: it leads to something else then."""
    links = [n for n in view.ancestors(label) if n.role == "link"]
    return all(any(view.is_inside(link.index, part) for part in entry.parts) for link in links)


def _widening(view: PageView, label: int) -> Iterator[Node]:
    """The elements around a label, up to a row's width, but for parts of a line; some have no box of their own."""
    around = takewhile(lambda root: not is_landmark(root), lineage(view, label)[:HIGHEST])
    return (root for root in around if root.block or root.role == "link" or root.box is None)


def _term_of(view: PageView, root: Node, label: int) -> list[int]:
    """In a list of terms without elements for its rows: the one that holds a label, and what is said of it."""
    children = view.children.get(root.index, ()) if root.tag == "DL" else ()
    term = next((i for i in children if view.nodes[i].tag == "DT" and view.is_inside(label, i)), None)
    if term is None:
        return []
    return [term, *takewhile(lambda i: view.nodes[i].tag != "DT", children[children.index(term) + 1 :])]


def _in_turn(view: PageView, wanted: Wanted, root: Node, label: int) -> list[int]:
    """Where names and states take turns from the first to the last, as in a grid: a label and the state behind it."""
    children = ((i, list(lines_of(view, [i]))) for i in view.children.get(root.index, ()))
    told = [(i, all(state_in(wanted, one) == one.text for one in lines)) for i, lines in children if lines]
    own = next((at for at, (i, _) in enumerate(told) if view.is_inside(label, i)), None)
    turns = all(is_state is bool(at % _PAIR) for at, (_, is_state) in enumerate(told))
    whole = len(told) > _PAIR and len(told) % _PAIR == 0
    return [i for i, _ in told[own : own + _PAIR]] if turns and whole and own is not None else []


def _read(
    view: PageView, wanted: Wanted, parts: tuple[int, ...], controls: Iterable[Node], label: int
) -> Iterator[Line]:
    """The lines of an entry but those that its columns' heads explain, and pictures that show no state."""
    links = (n for part in parts for n in view.within(part) if n.role == "link" and n.shown)
    more = [n for n in links if wanted.tells_more(n.name)]
    pressed = [n for n in controls if n.role != "link" or not view.is_inside(label, n.index)]
    left_out = {n.index for one in (*more, *pressed) for n in view.within(one.index)}
    row = table_row_of(view, label)
    for line in lines_of(view, parts, left_out):
        heads = heads_of_column(view, row, line.nodes[0]) if is_day(line.text) else []
        dated = bool(heads) and all(CHANGED.fullmatch(fold_label(head)) for head in heads)
        told = line.nodes[0].tag == "#text" or STATE_SIGN.search(line.sign) or state_in(wanted, line)
        if told and not dated:
            yield line


def _begins_another(wanted: Wanted, found: Entry, controls: Iterable[Node], told: Told) -> bool:
    """Whether a wider element than an entry's holds another one: a name, the label again, a control with a name."""
    named = any(state is None and names_another(wanted, line) for line, state in told)
    return named or _labels(wanted, told) > found.labels or not all(_may_be_its(wanted, one) for one in controls)


def _labels(wanted: Wanted, told: Told) -> int:
    return sum(wanted.heads(line.text) is not None for line, _ in told)


def _entry(
    view: PageView, wanted: Wanted, label: int, parts: tuple[int, ...], controls: tuple[Node, ...], told: Told
) -> Entry | None:
    """What the lines of an entry say together: one state, and nothing that may be another's."""
    states = [(line, state) for line, state in told if state]
    if any(state is None for _, state in told) or len({wanted.meaning(state) for _, state in states}) != 1:
        return None
    line, state = states[0]
    said_by = next((n for n, piece in zip(line.nodes, line.pieces, strict=True) if piece == state), line.nodes[-1])
    holder = view.nodes[said_by.parent] if said_by.tag == "#text" else said_by
    both = next(n for n in lineage(view, holder.index) if view.is_inside(label, n.index))
    seen = holder if both.tag == "DL" or both.box is None else both
    return Entry(parts, said_by, holder, seen, state, _labels(wanted, told), controls)


def _is_plain(view: PageView, wanted: Wanted, root: Node, label: int, entry: Entry) -> bool:
    """Whether nothing that stands in an entry, or right behind it, may be set, or leaves its state open."""
    row, controls = table_row_of(view, label), (*entry.controls, *_right_behind(view, wanted, entry.parts))
    heads = heads_of_column(view, row, entry.said_by)
    if row is not None and not (controls or heads or is_definition(view, row) or _is_of_states(view, wanted, row)):
        return False
    between = (takewhile(lambda a: a.index != root.index, view.ancestors(one.index)) for one in entry.controls)
    parts = [a for a in chain.from_iterable(between) if a.role in _PARTS or a.tag in _PARTS_BY_TAG]
    apart = any(not view.is_inside(label, part.index) for part in parts)  # in a section, item or row of its own
    if apart or not all(map(wanted.heads_state, heads)) or len(entry.controls) > 1:
        return False
    tabled, headed = row is not None, bool(heads)
    if not all(_leads_on(view, wanted, one, label, entry.state, tabled=tabled, headed=headed) for one in controls):
        return False
    item = root.tag in {"LI", "TR"} or root.role in {"listitem", "row"}
    in_order = entry.said_by.index > label or item or block_of(view, label) == block_of(view, entry.said_by.index)
    return in_order and not _may_be_set(view, entry.parts)


def _is_of_states(view: PageView, wanted: Wanted, row: Node) -> bool:
    """Whether a table is a list of names, each with a state beside it, and has no heads."""
    cells = cells_of_rows(view, row)
    return len(cells) >= _PAIR and all(len(c) == _PAIR and wanted.tells(c[1]) for c in cells)


# -- what can be pressed there -----------------------------------------------------------------------------------


def _leads_on(
    view: PageView, wanted: Wanted, control: Node, label: int, state: str, *, tabled: bool, headed: bool
) -> bool:
    """
    Whether a button or link leaves the state beside it as it is: it leads to the setting, or offers the other state.

    A button that is called as the setting may be what has the state, and hide it: only in a table it leads there. Where
    the column says that the present states stand there, any icon will do.
    """
    ending = wanted.ending(control.name)
    other = ending != "" and wanted.meaning(ending) != wanted.meaning(state)
    if control.role not in {"button", "link"} or _STATED.intersection(control.attributes) or other:
        return False
    if control.role == "link" and view.is_inside(label, control.index):
        return True
    if not has_words(control.name):
        drawn = not control.name and any(n.tag in {"SVG", "IMG"} for n in view.within(control.index))
        return headed or drawn or (control.name != "" and _LEADING_SIGNS.issuperset(control.name))
    if control.role == "link":
        return wanted.leads_to(control.name)
    offered = OFFERS.get(fold_label(control.name))  # "Turn on" beside "Off"
    offers = wanted.changes(control.name) or (offered is not None and offered is wanted.state(state))
    named = ending != "" and wanted.changes(view.text(control.index))  # read out as "…: On", drawn as "Change"
    return named or offers or (tabled and wanted.leads_to(control.name))


def _right_behind(view: PageView, wanted: Wanted, parts: tuple[int, ...]) -> Iterator[Node]:
    """What can be set right behind an entry and has no name of its own: it may be what the entry speaks of."""
    last = max(n.index for part in parts for n in view.within(part))
    main = next((a for a in view.ancestors(parts[0]) if is_landmark(a)), None)
    for node in view.within(main.index) if main is not None else ():
        if node.index <= last or not (node.shown or (node.tag in _FIELDS and not _is_shut(view, node))):
            continue
        if node.tag == "#text" and node.text.strip():
            return
        if node.role in SETTABLE or node.tag in _FIELDS:
            apart = takewhile(lambda a: not view.is_inside(parts[0], a.index), view.ancestors(node.index))
            if _may_be_its(wanted, node) and not any(view.text(a.index) for a in apart):
                yield node
            return


def _is_shut(view: PageView, node: Node) -> bool:
    return any(a.tag == "DIALOG" and not a.shown for a in view.ancestors(node.index))


def _may_be_its(wanted: Wanted, control: Node) -> bool:
    """Whether a control may be an entry's own: it has no name, or one that says no more than what it does."""
    name = control.name
    own = wanted.leads_to(name) or wanted.says_nothing(name) or wanted.beginning(name) is not None
    return not has_words(name) or own or fold_label(name) in OFFERS


def _may_be_set(view: PageView, parts: Collection[int]) -> bool:
    """Whether an entry holds what has a state of its own, even hidden, or what is pressed and says nothing."""

    def has_state(node: Node) -> bool:
        field = node.tag in _FIELDS and node.attributes.get("type", "").lower() not in _NO_FIELDS
        roles = {node.role, node.attributes.get("role", "")} & (SETTABLE - {"button"})
        return field or bool(roles) or bool(_STATED.intersection(node.attributes))

    def is_silent(node: Node) -> bool:
        told = "onclick" in node.attributes or node.attributes.get("tabindex", "").isdigit()
        speaks = bool(view.text(node.index)) or (node.role in PICTURES and has_words(node.name))
        return told and node.role not in {"button", "link"} and not speaks

    labelled = {n.attributes["id"] for n in view.nodes if n.attributes.get("id") and has_state(n)}
    nodes = (n for part in parts for n in view.within(part) if n.tag != "#text")
    return any(
        has_state(n) or is_silent(n) or (n.tag == "LABEL" and n.attributes.get("for") in labelled) for n in nodes
    )


# -- what stands around it ---------------------------------------------------------------------------------------


def _stands_elsewhere(view: PageView, wanted: Wanted, root: Node, said_by: Node) -> bool:
    """Whether a state is told in passing, in the page's frame, or under words that make it no present one."""

    def is_aside(node: Node) -> bool:
        if node.role == "status" or node.tag == "OUTPUT":  # a place for the state that holds no more
            return not wanted.tells(view.text(node.index).strip())
        live = node.attributes.get("aria-live") in {"polite", "assertive"}
        headed = any(n.role == "heading" and n.shown for n in view.within(node.index))
        return node.role in _ASIDE or node.tag in _EXAMPLES or (live and not headed)

    if any(is_aside(node) for node in view.ancestors(said_by.index)):
        return True
    row = table_row_of(view, said_by.index)
    named = (*heads_of_column(view, row, said_by), *names_of_table(view, row))
    held_by = takewhile(lambda name: fold_label(name) not in wanted.sections, holders(view, said_by.index))
    above = lines_beside(view, wanted, root, below=False)
    below = lines_beside(view, wanted, root, below=True)
    return any(_takes_away(wanted, title) for title in chain(named, held_by, above)) or any(
        has_caveat(wanted, line) or _says_when(line) for line in below
    )


def lines_beside(view: PageView, wanted: Wanted, root: Node, *, below: bool, links: bool = True) -> Iterator[str]:
    """
    The nearest line above an entry at every step up to the page's main part; or the one right below it.

    What tells a state or can be set, with `links` also what leads on, is an entry like this one: passed over above, and
    below the end.
    """

    def is_entry(sibling: int, lines: list[Line]) -> bool:
        set_there = operable_in(view, sibling) if links else [n for n in view.within(sibling) if n.role in SETTABLE]
        parts = (part for one in lines for part in (one.text, *one.pieces, one.text.rpartition(":")[2]))
        return bool(set_there) or any(map(wanted.tells, parts))

    for node in takewhile(lambda node: not is_landmark(node), lineage(view, root.index)):
        siblings = [i for i in view.children.get(node.parent, ()) if i != node.index and (i > node.index) is below]
        told = ((i, lines) for i in (siblings if below else reversed(siblings)) if (lines := list(lines_of(view, [i]))))
        for sibling, lines in told:
            entry = is_entry(sibling, lines)
            if not entry:
                yield lines[0 if below else -1].text
            if below:
                return
            if not entry:
                break


def _takes_away(wanted: Wanted, title: str) -> bool:
    """Whether a title, or the last sentence above, says that what it heads is no present state of this setting."""
    if fold_label(title) in {*wanted.sections, *wanted.labels, *wanted.descriptions}:
        return False
    last = (sentences(title) or [title])[-1].strip()
    introduces = last.endswith(":") and not is_generic(wanted, last)
    where = "above" if last.endswith((".", "!", "。")) else "heading"
    return introduces or _says_when(title) or doubted("log", last) or doubted(where, last, of=("words",))


def _says_when(line: str) -> bool:
    """Whether a line is a day, or tells how long ago something was."""
    return is_day(line) or doubted("when", line)
