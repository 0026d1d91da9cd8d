"""
Reading one control on one page: find it, read its state, doubt it. Pure, from a page's view.

"Off" is never what is left when nothing says "on". The state comes from the raw attribute or the live property; the
accessibility tree and the words beside it must agree with it. A doubt withholds, and is a person's to settle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.flow.control_table import ControlTable, Meaning
from automation.page import Node, PageView, once_a_page
from automation.reading.controls.doubts import (
    has_caveat,
    of_another,
    of_another_line,
    offer_doubt,
    page_doubt,
    said_around,
)
from automation.reading.controls.finding import LabelTexts, candidates_of, find, label_texts, with_states
from automation.reading.controls.outcome import ControlReading, doubt_of, identified_by, place_in
from automation.reading.controls.rows import (
    has_words,
    is_disabled,
    is_segment,
    label_of,
    lineage,
    lines_in,
    operable_by,
    row_of,
    said_in,
    shown_texts,
    texts_in,
    ticked,
)
from automation.reading.controls.sections import holders
from automation.reading.controls.worded import Entry, entry_of
from automation.reading.controls.words import BADGES, SENTENCE_ENDS, Wanted, changed_by, stated
from automation.text.labels import Phrase
from automation.text.normalizing import fold, fold_label
from automation.text.page_words import PageWords

_TWO_STATES = ("switch", "radio", "select", "state_button")
_VALUED = ("select", "menu_button", "state_button", "radio", "switch")
"""Kinds that the same setting may be redrawn as: services change the control and keep the words."""
_WORDED = "worded"
"""No control shows the state: words in the label's row or line do."""
_CALLED = frozenset({"switch", "checkbox", "menuitemcheckbox", "radio", "combobox", "listbox", "button"})
Entries = dict[int, tuple[Entry, Phrase]]
"""What is said of the setting in words: by the index of the element that says it, with the label."""
_NOTHING: tuple[None, str] = (None, "")
_PAIR, _A_SENTENCE, _DRAWN_AROUND = 2, 5, 3
_DRAWN_BOX = re.compile(r"^[◉○●◯⚪⚫☐☑☒\u2713\u2714]\s*")
"""How some draw the box of a choice: as a sign before its name."""


@once_a_page
def read_page(view: PageView, table: ControlTable, words: PageWords, name: str = "") -> ControlReading:
    """
    Read the control as a page shows it; where only the one is there whose states mean the opposite, that.

    A page in another language, or that declares none, may show the English words: they are looked for everywhere. The
    `name` is that of the blog, site or team, where the label holds it.
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
    return any(map(is_disabled, _choices_of(view, node) if drawn == "radio" else [node]))


def _turned_is_there(view: PageView, table: ControlTable, words: PageWords, name: str) -> bool:
    """Whether a control, or a state in words, bears the label that means something else."""
    names = words.names(table.unlike or "")
    unlike = _Sought.on(view, table.turned, Wanted.of(table.turned, words, name))
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
        buttons = (n for n in candidates_of(view, "state_button") if _shows_some_state(view, wanted, n))
        stateful = [*with_states(view), *buttons]
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
                telling = [one for one in found if _of_button(self.view, self.wanted, one[0])]
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
            read = _of_radios if kind == "radio" else _of_list if kind == "select" else _of_button
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


def _of_list(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one chosen option of a list; of one made of a button or box, the text that it shows, or that is beside it."""
    inside = [n for n in view.within(node.index) if _is_option(n)]
    if inside:
        chosen = [n for n in inside if n.selected or n.attributes.get("aria-selected") == "true"]
        texts = ("".join(n.text for n in view.within(one.index)).strip() for one in chosen)
        return (chosen[0].name or next(texts)) if len(chosen) == 1 else ""
    if node.tag != "INPUT":
        return _of_button(view, wanted, node)
    # Components draw the value beside a field in which one may search; what stands in the field is read by nobody.
    around = list(view.ancestors(node.index))[:_DRAWN_AROUND] if not node.filled else []
    lines = next((told for one in around if (told := [line for line in lines_in(view, one.index) if line])), [])
    return lines[0] if len(lines) == 1 and wanted.meaning(lines[0]) is not None else ""


def _is_option(node: Node) -> bool:
    """Whether an element is a choice of a list."""
    return node.role == "option" or node.tag == "OPTION"


def _of_button(view: PageView, wanted: Wanted, node: Node) -> str:
    """
    The state that a button shows: as its one text, as its one line that is a state, or at the end of its name.

    Its accessible name alone is not enough, which may be what a press would do, but where it shows no text and is
    called as label and state, set apart: "Data sharing, off". Where the name tells a state, what it shows agrees.
    """
    texts, named = [n.text for n in shown_texts(view, node.index)], wanted.ending(node.name)
    if any(wanted.joins(text) and text.rsplit(maxsplit=1)[-1].islower() for text in texts):
        return ""  # "Keep activity on" asks for it
    if not texts and not wanted.joins(node.name):
        return named
    pieces = [text.strip() for text in texts if has_words(text) and not wanted.leads_to(text)]
    told = pieces[0] if len(pieces) == 1 else " ".join(lines_in(view, node.index))
    lines = (told, wanted.ending(told), *lines_in(view, node.index))
    shown = {line: meaning for line in lines if (meaning := wanted.meaning(line)) is not None}
    if not shown or len({*shown.values(), *([wanted.meaning(named)] if named else [])}) != 1:
        return ""
    value = min(shown, key=len)
    return next((text.strip() for text in texts if fold_label(text) == value), value)  # as the page writes it


def _choices_of(view: PageView, node: Node) -> list[Node]:
    """What one chooses from in an element: radios, and buttons that say whether they are pressed or the current one."""
    buttons = (n for n in view.within(node.index) if n.role in {"radio", "button"})
    return [n for n in buttons if n.role == "radio" or "aria-pressed" in n.attributes or is_segment(n)]


def _of_radios(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one ticked choice, where all are known and every other one says that it is not ticked."""
    choices = _choices_of(view, node)
    named = [_of_choice(view, wanted, n) for n in choices]
    if len(choices) < _PAIR or not all(named) or any(ticked(n) is None for n in choices):
        return ""
    chosen = [name for name, choice in zip(named, choices, strict=True) if ticked(choice)]
    return chosen[0] if len(chosen) == 1 and len(set(map(wanted.meaning, named))) > 1 else ""


def _of_choice(view: PageView, wanted: Wanted, choice: Node) -> str:
    """The value that a choice stands for: its name, or its or its label's first line where the others describe it."""
    told = next((named for named in _names_of(wanted, choice) if wanted.meaning(named) is not None), "")
    if told:
        return told
    root = (label_of(view, choice) or choice).index
    lines, apart = [line for line in lines_in(view, root) if line], _value_apart(view, wanted, root)
    lines = [*apart, *lines[1:]] if apart else lines
    if not lines or [line for line in lines if wanted.meaning(line) is not None] != lines[:1]:
        return ""
    if not apart and any(_limits(wanted, line) for line in lines[1:]):
        return ""
    named, first = fold_label(choice.name), fold_label(lines[0])
    return lines[0] if named == first or named.startswith(f"{first} ") else ""


def _names_of(wanted: Wanted, choice: Node) -> tuple[str, ...]:
    """A choice's name; without the label at its end, "Allow …"; and before a dash: "Off - nothing is used"."""
    shown = _DRAWN_BOX.sub("", choice.name)
    folded, labels = fold_label(shown), (f" {label}" for label in wanted.labels)
    unlabelled = next((folded.removesuffix(label) for label in labels if folded.endswith(label)), folded)
    state, _, behind = fold(shown).partition(" - ")
    before_dash = behind and wanted.state(state) is not None and not _limits(wanted, behind)
    return (shown, unlabelled, *([state] if before_dash else []))


def _value_apart(view: PageView, wanted: Wanted, root: int) -> list[str]:
    """
    The value at the beginning of a line and what describes it there, in an element of its own that begins anew.

    "On Your notes may be used": a badge, a whole sentence or as many words. A few words, small letters and what limits
    the value may make it another one: "Off Sundays", "Off Except for shared notes".
    """
    texts = shown_texts(view, root)
    if len(texts) < _PAIR or texts[0].parent == texts[1].parent or wanted.meaning(texts[0].text) is None:
        return []
    first, *said = (n.text.strip() for n in texts)

    def describes(text: str) -> bool:
        whole = text.endswith(SENTENCE_ENDS) or len(text.split()) >= _A_SENTENCE
        return fold_label(text).strip("()") in BADGES or (whole and not _limits(wanted, text))

    return [first, *said] if all(map(describes, said)) and said[0].strip("(")[:1].isupper() else []


def _limits(wanted: Wanted, text: str) -> bool:
    return has_caveat(wanted, text, "choice")


def _is_pair(view: PageView, kind: str, node: Node) -> bool:
    """Whether a choice or list offers two things to choose from: of these, "No" may be one."""
    if kind == "select":
        return sum(map(_is_option, view.within(node.index))) == _PAIR
    choices = _choices_of(view, node) if kind == "radio" else []
    return len(choices) == _PAIR and all(n.role == "radio" for n in choices)  # of two buttons, one may be an answer
