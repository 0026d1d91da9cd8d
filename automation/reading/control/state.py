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
    is_of_others,
    is_turned_round,
    said_around,
    said_in,
    taken_back,
)
from automation.reading.control.contradictions import told_against
from automation.reading.control.naming import (
    LabelTexts,
    candidates_of,
    find,
    label_texts,
    operable_by,
)
from automation.reading.control.neighbours import of_another_line, of_another_row, of_another_section
from automation.reading.control.rows import row_of, texts_in
from automation.reading.control.sections import dialog_of, holders, in_another_section, place_of
from automation.reading.control.shown_values import are_boxes, choices_of, lines_in, of_button, of_list, of_radios
from automation.reading.control.statements import stated
from automation.reading.control.ticks import ticked
from automation.reading.control.unsaved import doubted, offered
from automation.reading.control.wanted import Wanted
from automation.reading.control.worded import Entry, entry_of
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Collection

    from automation.flow.control_table import ControlTable
    from automation.page import PageView
    from automation.text.page_words import PageWords

_TWO_STATES = ("switch", "radio", "select", "state_button")
_VALUED = ("select", "menu_button", "state_button", "radio", "switch")
"""Kinds that the same setting may be redrawn as: services change the control and keep the words."""
_FEWEST_WORDS_OF_A_VALUE = 2
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
    """Where no known section holds it: known words beside it that no other setting has."""
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
    Read the control as a page shows it.

    A page in another language, or that declares none, may show the English words: they are looked for everywhere.

    Args:
        view: the page at rest.
        table: what is sought.
        words: the service's, in the page's language.
        name: of the blog, site or team, where its label holds it.
    """
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
    sections = words.names(table.section)
    around = said_in(view, entry.parts) if entry is not None else said_around(view, node, _stateful(view, wanted))
    held_by = holders(view, node.index)
    place = _place(view, wanted, node, phrase, sections, meaning, entries)
    seen = entry.said_by if entry is not None else operable_by(view, node) or node
    return ControlReading(
        found=1,
        meaning=meaning,
        value=value,
        label=phrase,
        section=sections[place] if place is not None else None,
        described=_description(wanted, words, value, around)
        if place is None and not in_another_section(view, node.index, wanted.labels)
        else None,
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
            or taken_back(wanted, meaning, [text for _, text in around], sections)
            or told_against(view, wanted, node, meaning, around, choice=drawn == "radio")
            or is_turned_round(view, wanted, node)
            or goes_on(view, wanted, around)
            or is_an_example(view, node)
            or is_of_others(held_by, sections, own=table.objects is None)
            or heads_others(view, node)
        ),
        missing=missing,
    )


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


def _description(wanted: Wanted, words: PageWords, value: str, around: Collection[tuple[int, str]]) -> Phrase | None:
    """
    Known words of a control that tell it from any other where no section is named: what describes it, or its value.

    "On" and "Off" are any control's; a value of a word is likely to be another's, too.
    """
    described = next((phrase for _, text in around if (phrase := wanted.describing(text)) is not None), None)
    key = wanted.value(value) if len(value.split()) >= _FEWEST_WORDS_OF_A_VALUE else None
    own = (phrase for phrase in words.phrases(key) if fold_label(phrase.text) in wanted.values) if key else iter(())
    return described or next(own, None)


def _place(
    view: PageView,
    wanted: Wanted,
    node: Node,
    phrase: Phrase,
    sections: Collection[str],
    meaning: Meaning | None,
    entries: Entries,
) -> str | None:
    """
    The known section in which a control stands.

    A dialog has a title of its own: there, what the page behind it says of the same setting in words counts, too, where
    it tells the same state; and so does the button called as the setting that says that it opens a dialog.
    """
    own = fold_label(phrase.text)
    place = place_of(view, node.index, sections, own)
    dialog = dialog_of(view, node.index)
    if place is not None or dialog is None or meaning is None:
        return place
    told = [e.holder.index for e, _ in entries.values() if e.present and wanted.meaning(e.state) is meaning]
    told += [
        n.index for n in view.everything() if n.attributes.get("aria-haspopup") == "dialog" and _bears(view, wanted, n)
    ]
    behind = (place_of(view, at, sections, own) for at in told if not view.is_inside(at, dialog))
    return next((one for one in behind if one is not None), None)


def _bears(view: PageView, wanted: Wanted, button: Node) -> bool:
    """Whether a button is called as the setting; behind a dialog browsers give it no name."""
    return any(fold_label(text) in wanted.labels for text in (button.name, view.text(button.index)) if text)


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
    unlike = Wanted.of(table.model_copy(update={"label": table.unlike}), words, name)
    return any(n.role in roles and fold_label(n.name) in names for n in view.everything()) or bool(
        _entries(view, unlike, label_texts(view, unlike))
    )


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
        set_apart = fold_label(node.name).endswith(f"({wanted.ending(node.name)})")
        named = () if set_apart else (wanted.ending(node.name), fold_label(node.name))
        if node.role == "checkbox" and any(wanted.states.get(word) is False for word in named):
            return None, ""  # a box beside "… disabled" says that it is, or that it is not
        meaning, value = wanted.switched(on=on), "on" if on else "off"
        beside.append(wanted.ending(node.name))
    else:
        if kind == "radio" and are_boxes(choices_of(view, node)):
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
    found = [
        text
        for holder, text in texts_in(view, row)
        if not (wanted.tells(text) and of_another_row(view, wanted, node, holder))
        and not of_another_section(view, wanted, node, holder)
    ]
    lines = lines_in(view, row)
    return [text for text in found if text in lines or not of_another_line(wanted, text, lines)]


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
