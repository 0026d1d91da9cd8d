"""
Reading one control on one page: which it is, what its state means, what holds it. Pure, from a page's view.

"Off" is never what is left when nothing says "on". The state comes from the raw attribute or the live property; the
accessibility tree and the words beside it must agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from automation.domain.signals import SignalName
from automation.flow.control_table import Meaning
from automation.page import Node
from automation.reading.control.caveats import (
    goes_on,
    heads_others,
    is_an_example,
    is_of_a_child,
    is_of_others,
    is_turned_round,
    said_around,
    said_in,
    taken_back,
)
from automation.reading.control.changing import changed_by
from automation.reading.control.contradictions import in_a_choice, told_against
from automation.reading.control.introductions import introduced_as_others
from automation.reading.control.naming import (
    LabelTexts,
    candidates_of,
    find,
    label_texts,
)
from automation.reading.control.neighbours import of_another_line, of_another_row, of_another_section
from automation.reading.control.operable import operable_by, shows_its_state
from automation.reading.control.rows import row_of, texts_in
from automation.reading.control.sections import holders
from automation.reading.control.shown_values import (
    are_boxes,
    choices_of,
    is_a_pair,
    lines_in,
    of_button,
    of_list,
    of_radios,
)
from automation.reading.control.standing import identified_by, place_in
from automation.reading.control.statements import stated
from automation.reading.control.ticks import ticked
from automation.reading.control.unsaved import doubted, offered
from automation.reading.control.wanted import Wanted
from automation.reading.control.worded import Entry, entry_of
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.flow.control_table import ControlTable
    from automation.page import PageView
    from automation.text.page_words import PageWords

_TWO_STATES = ("switch", "radio", "select", "state_button")
_VALUED = ("select", "menu_button", "state_button", "radio", "switch")
"""Kinds that the same setting may be redrawn as: services change the control and keep the words."""
_WORDED = "worded"
"""No control shows the state: words in the label's row or line do."""
Entries = dict[int, tuple[Entry, Phrase]]
"""What is said of the setting in words: by the index of the element that says it, with the label."""


@dataclass(frozen=True, slots=True)
class ControlReading:
    """What one page shows of the control."""

    found: int = 0
    """How many controls are called so; only one counts."""
    meaning: Meaning | None = None
    """None where the state is not stated, or its statements disagree."""
    value: str = ""
    """The state as seen: `on`, `off`, or the words of a value."""
    label: Phrase | None = None
    section: Phrase | None = None
    """The known heading or landmark that holds it; None where none does."""
    described: Phrase | None = None
    """Where no known section holds it: known words, its own or beside it, that no other setting has."""
    headings: tuple[str, ...] = ()
    """What holds it instead, where no known section does."""
    disabled: bool = False
    covered: bool = False
    contradicted: bool = False
    """Another control for the same thing is there, whose states mean something else."""
    unread: bool = False
    """The page was an error, or did not come to rest."""
    doubted: bool = False
    """The page says that it could not load or save, or that it shows a draft."""
    data_missing: bool = False
    """The page did not get all of its data: what it shows may be what stands there when nothing is known."""
    missed: tuple[str, ...] = ()
    """What it asked for and did not get."""
    refused: bool = False
    """Whether any of that was refused by the guard."""
    trouble: str = ""
    """Why the page could not be read, in short."""
    missing: tuple[str, ...] = ()
    """Label keys that the page's language lacks, as `locale:key`."""
    worded: bool = False
    """Whether words tell the state, and no control does."""
    anchor: Node | None = field(default=None, repr=False)
    """What a person sees of it."""

    @property
    def faults(self) -> tuple[SignalName, ...]:
        """What keeps this from being believed; the state is told when there are none."""
        if self.unread and not self.refused:  # a page that waits for what the guard refused never comes to rest
            return (SignalName.CONTROL_UNREAD,)
        if not self.found:
            return (SignalName.CONTROL_ABSENT, *((SignalName.CONTROL_DATA_REFUSED,) if self.refused else ()))
        if self.found > 1:
            return (SignalName.CONTROL_TWICE,)
        told = {
            SignalName.CONTROL_STATELESS: self.meaning is None,
            SignalName.CONTROL_DATA_REFUSED: self.refused,
            SignalName.CONTROL_DATA_MISSING: self.data_missing and not self.refused,
            SignalName.CONTROL_DOUBTED: self.doubted,
            SignalName.CONTROL_DISABLED: self.disabled,
            SignalName.CONTROL_COVERED: self.covered,
            SignalName.CONTROL_CONTRADICTED: self.contradicted,
            SignalName.CONTROL_MISPLACED: self.section is None and self.described is None,
        }
        return tuple(name for name, there in told.items() if there)


def read_page(view: PageView, table: ControlTable, words: PageWords, name: str = "") -> ControlReading:
    """
    Read the control as a page shows it; where only the one is there whose states mean the opposite, that.

    A page in another language, or that declares none, may show the English words: they are looked for everywhere.

    Args:
        view: the page at rest.
        table: what is sought.
        words: the service's, in the page's language.
        name: of the blog, site or team, where its label holds it.
    """
    reading = _read(view, table, words, name)
    if reading.found or table.unlike in {None, table.section} or table.on is None:
        return reading
    other = _read(view, table.turned, words, name)
    return other if other.found == 1 else reading


def _read(view: PageView, table: ControlTable, words: PageWords, name: str) -> ControlReading:
    missing = tuple(f"{words.locale or 'none'}:{key}" for key in table.needed() if not words.covered(key))
    words = words.with_english
    wanted = Wanted.of(table, words, name)
    labels = label_texts(view, wanted)
    entries = _entries(view, wanted, labels)
    drawn, found = _find(view, table, wanted, labels, entries)
    contradicted = table.unlike is not None and _any_called(view, table, words, name)
    if len(found) != 1:
        return ControlReading(len(found), missing=missing, contradicted=contradicted)
    node, phrase = found[0]
    entry = entries[node.index][0] if drawn == _WORDED else None
    meaning, value = _worded(view, wanted, entry) if entry is not None else _state(view, drawn, wanted, node)
    sections = _sections(table, words)
    around = said_in(view, entry.parts) if entry is not None else said_around(view, node, _stateful(view, wanted))
    held_by = holders(view, node.index)
    place = place_in(view, wanted, node, phrase, sections, meaning, [entry for entry, _ in entries.values()])
    described = identified_by(view, wanted, words, node, phrase, value, around) if place is None else None
    placed = place is not None or described is not None
    seen = entry.said_by if entry is not None else operable_by(view, node) or node
    return ControlReading(
        found=1,
        meaning=meaning,
        value=value,
        label=phrase,
        section=sections[place] if place is not None else None,
        described=described,
        headings=() if place is not None else tuple(dict.fromkeys(held_by)),
        disabled=_disabled(view, drawn, node) and (table.locked is None or meaning != table.locked),
        covered=view.covered(seen.index),
        anchor=entry.seen if entry is not None else seen,
        worded=entry is not None,
        contradicted=contradicted or _told_otherwise(view, table, wanted, node, drawn, meaning, entries),
        doubted=(
            doubted(view)
            or not (entry is None or entry.present)
            or offered(view, node)
            or taken_back(wanted, meaning, [text for at, text in around if not in_a_choice(view, at)], sections)
            or told_against(view, wanted, node, meaning, around, choice=drawn == "radio")
            or is_turned_round(view, wanted, node)
            or goes_on(view, wanted, around)
            or is_an_example(view, node)
            or (placed and is_of_others(held_by, sections, view.host, own=table.objects is None))
            or is_of_a_child(view)
            or introduced_as_others(view, wanted, node)
            or heads_others(view, node)
        ),
        missing=missing,
    )


def _sections(table: ControlTable, words: PageWords) -> dict[str, Phrase]:
    """The names of what holds the control; what a button leads to, "Manage AI settings", is titled without the verb."""
    names = words.names(table.section)
    led_to = {rest: phrase for name, phrase in names.items() if (rest := changed_by(name))}
    return {**led_to, **names}


def _entries(view: PageView, wanted: Wanted, labels: LabelTexts) -> Entries:
    """What the page says of the setting in words, once for each text or picture that tells its state."""
    told = ((entry_of(view, wanted, label), phrase) for label, phrase in labels)
    found = {entry.holder.index: (entry, phrase) for entry, phrase in told if entry is not None}
    return {at: one for at, one in found.items() if one[0].present} or found


def _find(
    view: PageView, table: ControlTable, wanted: Wanted, labels: LabelTexts, entries: Entries
) -> tuple[str, list[tuple[Node, Phrase]]]:
    """
    The controls that bear the label, of the declared kind or else of the first other kind that it is drawn as.

    Where none shows a state: what tells it in words.
    """
    kinds = dict.fromkeys((table.kind, *(_TWO_STATES if table.two_states else _VALUED)))
    silent: list[tuple[Node, Phrase]] = []
    for kind in kinds:
        if kind == "switch" and wanted.on is None:
            continue
        found = find(view, kind, wanted, labels)
        buttons = kind == "select" and any(one.role == "button" for one, _ in found)
        if kind.endswith("button") or buttons:  # what shows no state may only lead to the setting, or to more of it
            own = [one for one in found if kind == table.kind and one[0].role != "link"]
            telling = [one for one in found if of_button(view, wanted, one[0])]
            silent = silent or own
            found = [one for one in found if one in own or one in telling] if telling else []
        if found:
            return kind, found
    if entries:
        return _WORDED, [(entry.holder, phrase) for entry, phrase in entries.values()]
    return table.kind, silent


def _told_otherwise(
    view: PageView,
    table: ControlTable,
    wanted: Wanted,
    node: Node,
    drawn: str,
    meaning: Meaning | None,
    entries: Entries,
) -> bool:
    """Whether a control of another kind, or what is said in words, bears the label, too, and means something else."""
    if meaning is None:
        return False
    if {wanted.meaning(entry.state) for entry, _ in entries.values() if entry.present} - {meaning}:
        return True
    labels = label_texts(view, wanted)
    for kind in dict.fromkeys((table.kind, *(_TWO_STATES if table.two_states else _VALUED))):
        if kind == drawn or (kind == "switch" and wanted.on is None):
            continue
        for other, _ in find(view, kind, wanted, labels):
            apart = not (view.is_inside(other.index, node.index) or view.is_inside(node.index, other.index))
            if apart and _state(view, kind, wanted, other)[0] not in {None, meaning}:
                return True
    return False


def _any_called(view: PageView, table: ControlTable, words: PageWords, name: str) -> bool:
    """Whether a control, or a state in words, bears the label that means something else."""
    names = words.names(table.unlike or "")
    roles = frozenset({"switch", "checkbox", "menuitemcheckbox", "radio", "combobox", "listbox", "button"})
    unlike = Wanted.of(table.turned, words, name)
    if any(n.role in roles and fold_label(n.name) in names for n in view.everything()):
        return True
    labels = label_texts(view, unlike)
    in_rows = table.unlike != table.section and any(find(view, kind, unlike, labels) for kind in _TWO_STATES)
    return in_rows or bool(_entries(view, unlike, labels))


def _disabled(view: PageView, kind: str, node: Node) -> bool:
    return any(
        n.properties.get("disabled") is True
        or n.attributes.get("aria-disabled") == "true"
        or "disabled" in n.attributes
        for n in (choices_of(view, node) if kind == "radio" else [node])
    )


# -- the state -----------------------------------------------------------------------------------------------


def _state(view: PageView, kind: str, wanted: Wanted, node: Node) -> tuple[Meaning | None, str]:
    """What the state means, and as what it is shown; None and an empty text where it is not told."""
    beside = _texts_beside(view, kind, wanted, node)
    if any(map(wanted.turns_round, beside)):
        return None, ""
    if kind in {"switch", "checkbox"}:
        on = None if _busy(view, node) else ticked(node)
        if on is None or any(n.ticked is (not on) for n in view.within(node.index)):  # the box of a component
            return None, ""
        set_apart = fold_label(node.name).endswith(f"({wanted.ending(node.name)})") or shows_its_state(
            view, wanted, node
        )
        named = () if set_apart else (wanted.ending(node.name), fold_label(node.name))
        if node.role == "checkbox" and any(wanted.states.get(word) is False for word in named):
            return None, ""  # a box beside "… disabled" says that it is, or that it is not
        meaning, value = wanted.switched(on=on), "on" if on else "off"
        beside.append(wanted.ending(node.name))
    else:
        if (kind == "radio" and are_boxes(choices_of(view, node))) or (kind == "select" and is_a_pair(view, node)):
            wanted = replace(wanted, states={**wanted.answers, **wanted.states})
        read = of_radios if kind == "radio" else of_list if kind == "select" else of_button
        value = read(view, wanted, node)
        meaning = wanted.meaning(value)
    told = {wanted.meaning(text) or wanted.meaning(wanted.ending(text)) for text in beside}
    if meaning is None or told - {None, meaning}:
        return None, ""
    return meaning, value


def _worded(view: PageView, wanted: Wanted, entry: Entry) -> tuple[Meaning | None, str]:
    """What the words of an entry mean, and as what they are shown; nothing where others there turn them round."""
    pressed = [n.index for n in entry.controls if not view.is_inside(entry.said_by.index, n.index)]
    said = [text for at, text in said_in(view, entry.parts) if not any(view.is_inside(at, n) for n in pressed)]
    turned = any(map(wanted.turns_round, said))
    meaning = wanted.meaning(entry.state)
    unsure = turned or meaning is None or _busy(view, entry.holder)
    return (None, "") if unsure else (meaning, entry.state)


def _busy(view: PageView, node: Node) -> bool:
    """Whether the control, or what holds it, says that it is still changing; it may be drawn over and hidden itself."""
    return any(n.attributes.get("aria-busy") == "true" for n in (node, *view.ancestors(node.index)))


def _texts_beside(view: PageView, kind: str, wanted: Wanted, node: Node) -> list[str]:
    """Lines of text in the control's own row; of a choice, none: each of its values is told there."""
    if kind == "radio":
        return []
    row = row_of(view, node, _stateful(view, wanted))
    if row is None:
        return []
    inside = {wanted.state(text) for at, text in texts_in(view, row) if view.is_inside(at, node.index)}
    drawn = kind in {"switch", "checkbox"} and inside >= {True, False}  # "ON OFF" on its track
    found = [
        text
        for holder, text in texts_in(view, row)
        if not (drawn and view.is_inside(holder, node.index))
        and not _may_be_chosen(view, holder)
        and not (wanted.tells(text) and of_another_row(view, wanted, node, holder))
        and not of_another_section(view, wanted, node, holder)
    ]
    lines = lines_in(view, row)
    return [text for text in found if text in lines or not of_another_line(wanted, text, lines)]


def _may_be_chosen(view: PageView, holder: int) -> bool:
    """Whether a text is an entry of an open menu that says that it is not the chosen one."""
    around = (view.nodes[holder], *view.ancestors(holder))
    return any(n.role == "menuitemradio" and n.attributes.get("aria-checked") == "false" for n in around)


def _stateful(view: PageView, wanted: Wanted) -> list[Node]:
    """Everything on a page that has a state of its own."""
    kinds = ("switch", "select", "radio")
    buttons = [n for n in candidates_of(view, "state_button") if _shows_some_state(view, wanted, n)]
    return [*(n for kind in kinds for n in candidates_of(view, kind)), *buttons]


def _shows_some_state(view: PageView, wanted: Wanted, node: Node) -> bool:
    """Whether a button shows a state, be it of another setting: as a line of its own, or as the last words of one."""
    if any(True for line in lines_in(view, node.index) for _ in stated(wanted, line)):
        return False  # "Status: Off" stands in the row of whatever it speaks of
    lines = lines_in(view, node.index)
    last = (line.rpartition(" ")[2] for line in lines)
    words = [*lines, *(word for word in last if not word.islower())]  # little words end many a button: "Sign on"
    return any(map(wanted.tells, words)) or bool(wanted.ending(node.name))
