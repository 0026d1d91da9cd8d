"""
Reading one control on one page: find it, read its state, doubt it. Pure, from a page's view.

"Off" is never what is left when nothing says "on". The state comes from the raw attribute or the live property; the
accessibility tree and the words beside it must agree with it. A doubt withholds, and is a person's to settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from automation.flow.control_table import ControlTable, Meaning
from automation.page import Node, PageView, once_a_page
from automation.reading.controls.doubts import (
    of_another,
    of_another_line,
    offer_doubt,
    page_doubt,
    said_around,
)
from automation.reading.controls.finding import LabelTexts, candidates_of, find, label_texts
from automation.reading.controls.rows import (
    lineage,
    lines_in,
    operable_by,
    row_of,
    said_in,
    texts_in,
    ticked,
)
from automation.reading.controls.sections import holders, identified_by, place_in
from automation.reading.controls.statements import stated
from automation.reading.controls.worded import Entry, entry_of
from automation.reading.controls.words import Wanted, changed_by
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.text.page_words import PageWords
from automation.reading.controls.outcome import ControlReading, doubt_of
from automation.reading.controls.values import PAIR, choices_of, is_option, of_button, of_list, of_radios

_TWO_STATES = ("switch", "radio", "select", "state_button")
_VALUED = ("select", "menu_button", "state_button", "radio", "switch")
"""Kinds that the same setting may be redrawn as: services change the control and keep the words."""
_WORDED = "worded"
"""No control shows the state: words in the label's row or line do."""
_CALLED = frozenset({"switch", "checkbox", "menuitemcheckbox", "radio", "combobox", "listbox", "button"})
Entries = dict[int, tuple[Entry, Phrase]]
"""What is said of the setting in words: by the index of the element that says it, with the label."""
_NOTHING: tuple[None, str] = (None, "")


@once_a_page
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
    sought = _Sought.on(view, table, Wanted.of(table, words, name))
    contradicted = table.unlike is not None and _turned_is_there(view, table, words, name)
    drawn, found = sought.controls()
    if len(found) != 1:
        return ControlReading(len(found), missing=missing, contradicted=contradicted)
    return replace(_read_one(sought, words, drawn, *found[0], contradicted=contradicted), missing=missing)


def _read_one(
    sought: _Sought, words: PageWords, drawn: str, node: Node, phrase: Phrase, *, contradicted: bool
) -> ControlReading:
    """The only control of the label, or the only entry that tells its state in words."""
    view, table, wanted = sought.view, sought.table, sought.wanted
    entry = sought.entries[node.index][0] if drawn == _WORDED else None
    meaning, value = _worded_state(view, wanted, entry) if entry is not None else sought.state(drawn, node)
    sections = _sections(table, words)
    around = said_in(view, entry.parts) if entry is not None else said_around(view, node, sought.stateful)
    held_by = holders(view, node.index)
    entries = [entry for entry, _ in sought.entries.values()]
    place = place_in(view, wanted, node, fold_label(phrase.text), sections, meaning, entries)
    described = identified_by(view, wanted, words, node, phrase, value, around) if place is None else None
    held = (held_by, sections) if place or described else ((), sections)
    elsewhere = value if entry is not None and not entry.present else ""
    unsettled = page_doubt(view) or offer_doubt(view, node) or elsewhere
    seen = entry.said_by if entry is not None else operable_by(view, node) or node
    return ControlReading(
        found=1,
        at=node.index,
        meaning=meaning,
        value=value,
        label=phrase,
        section=sections[place] if place is not None else None,
        described=described,
        headings=tuple(dict.fromkeys(held_by)),
        disabled=_is_disabled(view, node, drawn) and meaning != (table.locked or ""),
        covered=view.covered(seen.index),
        anchor=entry.seen if entry is not None else seen,
        worded=entry is not None,
        contradicted=contradicted or sought.tells_otherwise(node, drawn, meaning),
        doubt=unsettled or doubt_of(view, wanted, node, meaning, around, held, choice=drawn == "radio"),
        unsettled=unsettled != "",
    )


def _sections(table: ControlTable, words: PageWords) -> dict[str, Phrase]:
    """The names of what holds the control; what a button leads to, "Manage AI settings", is titled without the verb."""
    names = words.names(table.section)
    return {**{rest: phrase for called, phrase in names.items() if (rest := changed_by(called))}, **names}


def _is_disabled(view: PageView, node: Node, drawn: str) -> bool:
    """Whether a control says that it cannot be used; of a choice, one of those to choose from."""
    return any(
        n.properties.get("disabled") is True
        or n.attributes.get("aria-disabled") == "true"
        or "disabled" in n.attributes
        for n in (choices_of(view, node) if drawn == "radio" else [node])
    )


def _turned_is_there(view: PageView, table: ControlTable, words: PageWords, name: str) -> bool:
    """Whether a control, or a state in words, bears the label that means something else."""
    names, unlike = (
        words.names(table.unlike or ""),
        _Sought.on(view, table.turned, Wanted.of(table.turned, words, name)),
    )
    if any(n.role in _CALLED and fold_label(n.name) in names for n in view.everything()):
        return True
    in_rows = table.unlike != table.section and any(unlike.find(kind) for kind in _TWO_STATES)
    return in_rows or bool(unlike.entries)


@dataclass(frozen=True)
class _Sought:
    """One setting on one page."""

    view: PageView
    table: ControlTable
    wanted: Wanted
    labels: LabelTexts
    entries: Entries
    """What the page says of the setting in words, once for each text or picture that tells its state."""
    stateful: Sequence[Node]
    """Everything on the page that has a state of its own, be it of another setting."""

    @classmethod
    def on(cls, view: PageView, table: ControlTable, wanted: Wanted) -> _Sought:
        labels = label_texts(view, wanted)
        told = ((entry_of(view, wanted, label), phrase) for label, phrase in labels)
        found = {entry.holder.index: (entry, phrase) for entry, phrase in told if entry is not None}
        entries = {at: one for at, one in found.items() if one[0].present} or found
        stateful = [node for kind in ("switch", "select", "radio") for node in candidates_of(view, kind)]
        stateful += [n for n in candidates_of(view, "state_button") if _shows_some_state(view, wanted, n)]
        return cls(view, table, wanted, labels, entries, stateful)

    @property
    def kinds(self) -> list[str]:
        """As what it may be drawn, the declared kind first; a setting of other values is no switch."""
        kinds = dict.fromkeys((self.table.kind, *(_TWO_STATES if self.table.two_states else _VALUED)))
        return [kind for kind in kinds if kind != "switch" or self.wanted.on is not None]

    def find(self, kind: str) -> list[tuple[Node, Phrase]]:
        """The controls of a kind that bear the label."""
        return find(self.view, kind, self.wanted, self.labels)

    def controls(self) -> tuple[str, list[tuple[Node, Phrase]]]:
        """
        The controls that bear the label, of the declared kind or else of the first other kind that it is drawn as.

        Where none shows a state: what tells it in words.
        """
        silent: list[tuple[Node, Phrase]] = []
        for kind in self.kinds:
            found = self.find(kind)
            buttons = kind == "select" and any(one.role == "button" for one, _ in found)
            if kind.endswith("button") or buttons:  # what shows no state may only lead to the setting, or to more of it
                own = [one for one in found if kind == self.table.kind and one[0].role != "link"]
                telling = [one for one in found if of_button(self.view, self.wanted, one[0])]
                silent = silent or own
                found = [one for one in found if one in own or one in telling] if telling else []
            if found:
                return kind, found
        if self.entries:
            return _WORDED, [(entry.holder, phrase) for entry, phrase in self.entries.values()]
        return self.table.kind, silent

    def tells_otherwise(self, node: Node, drawn: str, meaning: Meaning | None) -> bool:
        """Whether a control of another kind, or what is said in words, bears the label and means something else."""
        told = {self.wanted.meaning(entry.state) for entry, _ in self.entries.values() if entry.present}
        if meaning is None or told - {meaning}:
            return meaning is not None
        others = [(kind, other) for kind in self.kinds if kind != drawn for other, _ in self.find(kind)]
        inside = self.view.is_inside
        apart = ((k, n) for k, n in others if not (inside(n.index, node.index) or inside(node.index, n.index)))
        return any(self.state(kind, other)[0] not in {None, meaning} for kind, other in apart)

    def state(self, kind: str, node: Node) -> tuple[Meaning | None, str]:
        """What the state means, and as what it is shown; None and an empty text where it is not told."""
        view, wanted = self.view, self.wanted
        beside = self._texts_beside(kind, node)
        if any(map(wanted.turns_round, beside)):
            return _NOTHING
        if kind in {"switch", "checkbox"}:
            on = None if _is_busy(view, node) or _says_opposite(wanted, node) else ticked(node)
            if on is None or any(n.ticked is (not on) for n in view.within(node.index)):  # the box of a component
                return _NOTHING
            meaning, value = wanted.switched(on=on), "on" if on else "off"
            beside.append(wanted.ending(node.name))
        else:
            if _is_pair(view, kind, node):
                wanted = replace(wanted, states={**wanted.answers, **wanted.states})
            read = of_radios if kind == "radio" else of_list if kind == "select" else of_button
            value = read(view, wanted, node)
            meaning = wanted.meaning(value)
        told = {wanted.meaning(text) or wanted.meaning(wanted.ending(text)) for text in beside}
        return _NOTHING if meaning is None or told - {None, meaning} else (meaning, value)

    def _texts_beside(self, kind: str, node: Node) -> list[str]:
        """Lines of text in the control's own row; of a choice, none: each of its values is told there."""
        view, wanted = self.view, self.wanted
        row = row_of(view, node, self.stateful) if kind != "radio" else None
        if row is None:
            return []
        texts, lines = list(texts_in(view, row)), lines_in(view, row)
        inside = {wanted.state(text) for at, text in texts if view.is_inside(at, node.index)}
        drawn = kind in {"switch", "checkbox"} and inside >= {True, False}  # "ON OFF" on its track
        return [
            text
            for at, text in texts
            if not (drawn and view.is_inside(at, node.index))
            and not any(
                n.role == "menuitemradio" and n.attributes.get("aria-checked") == "false" for n in lineage(view, at)
            )
            and not of_another(view, wanted, node, at)
            and (text in lines or not of_another_line(wanted, text, lines))
        ]


def _says_opposite(wanted: Wanted, box: Node) -> bool:
    """Whether a box is called by a word for "off": "… disabled" says that it is, or that it is not."""
    ending, named = wanted.ending(box.name), fold_label(box.name)
    off = any(wanted.states.get(word) is False for word in (ending, named))
    return box.role == "checkbox" and off and not named.endswith(f"({ending})")


def _worded_state(view: PageView, wanted: Wanted, entry: Entry) -> tuple[Meaning | None, str]:
    """What the words of an entry mean, and as what they are shown; nothing where others there turn them round."""
    pressed = [n.index for n in entry.controls if not view.is_inside(entry.said_by.index, n.index)]
    said = [text for at, text in said_in(view, entry.parts) if not any(view.is_inside(at, n) for n in pressed)]
    meaning = wanted.meaning(entry.state)
    unsure = any(map(wanted.turns_round, said)) or meaning is None or _is_busy(view, entry.holder)
    return _NOTHING if unsure else (meaning, entry.state)


def _is_busy(view: PageView, node: Node) -> bool:
    """Whether the control, or what holds it, says that it is still changing; it may be drawn over and hidden itself."""
    return any(n.attributes.get("aria-busy") == "true" for n in lineage(view, node.index))


def _shows_some_state(view: PageView, wanted: Wanted, node: Node) -> bool:
    """Whether a button shows a state, be it of another setting: as a line of its own, or as the last words of one."""
    lines = lines_in(view, node.index)
    if any(True for line in lines for _ in stated(wanted, line)):
        return False  # "Status: Off" stands in the row of whatever it speaks of
    last = (line.rpartition(" ")[2] for line in lines)
    words = [*lines, *(word for word in last if not word.islower())]  # little words end many a button: "Sign on"
    return any(map(wanted.tells, words)) or bool(wanted.ending(node.name))


# -- which value it shows, in the page's own words; empty where it shows none for certain --------------------------


def _is_pair(view: PageView, kind: str, node: Node) -> bool:
    """Whether a choice or list offers two things to choose from: of these, "No" may be one."""
    if kind == "select":
        return sum(map(is_option, view.within(node.index))) == PAIR
    choices = choices_of(view, node) if kind == "radio" else []
    return len(choices) == PAIR and all(n.role == "radio" for n in choices)  # of two buttons, one may be an answer
