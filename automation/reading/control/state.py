"""
Reading one control on one page: which it is, what its state means, what holds it. Pure, from a page's view.

"Off" is never what is left when nothing says "on". The state comes from the raw attribute or the live property; the
accessibility tree and the words beside it must agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from automation.domain.signals import SignalName
from automation.flow.control_table import Meaning
from automation.page import Node
from automation.reading.control.naming import Wanted, candidates_of, find, operable_by, row_of, texts_in
from automation.reading.control.sections import holders
from automation.reading.control.unsaved import doubted
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.flow.control_table import ControlTable
    from automation.page import PageView
    from automation.text.page_words import PageWords

_TRISTATE = {"true": True, "false": False}
_KEPT_STATE = {"checked": True, "unchecked": False, "on": True, "off": False}


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
    missing: tuple[str, ...] = ()
    """Label keys that the page's language lacks, as `locale:key`."""
    anchor: Node | None = field(default=None, repr=False)
    """What a person sees of it."""

    @property
    def faults(self) -> tuple[SignalName, ...]:
        """What keeps this from being believed; the state is told when there are none."""
        if self.unread:
            return (SignalName.CONTROL_UNREAD,)
        if not self.found:
            return (SignalName.CONTROL_ABSENT,)
        if self.found > 1:
            return (SignalName.CONTROL_TWICE,)
        told = {
            SignalName.CONTROL_STATELESS: self.meaning is None,
            SignalName.CONTROL_DATA_MISSING: self.data_missing,
            SignalName.CONTROL_DOUBTED: self.doubted,
            SignalName.CONTROL_DISABLED: self.disabled,
            SignalName.CONTROL_COVERED: self.covered,
            SignalName.CONTROL_CONTRADICTED: self.contradicted,
            SignalName.CONTROL_MISPLACED: self.section is None,
        }
        return tuple(name for name, there in told.items() if there)


def read_page(view: PageView, table: ControlTable, words: PageWords, name: str = "") -> ControlReading:
    """
    Read the control as a page shows it.

    Args:
        view: the page at rest.
        table: what is sought.
        words: the service's, in the page's language.
        name: of the blog, site or team, where its label holds it.
    """
    wanted = Wanted.of(table, words, name)
    missing = tuple(f"{words.locale or 'none'}:{key}" for key in table.needed() if not words.covered(key))
    found = find(view, table, wanted)
    contradicted = table.unlike is not None and _any_called(view, words.names(table.unlike))
    if len(found) != 1:
        return ControlReading(len(found), missing=missing, contradicted=contradicted)
    node, phrase = found[0]
    meaning, value = _state(view, table, wanted, node)
    sections = words.names(table.section)
    section = next((sections[n] for n in map(fold_label, holders(view, node.index)) if n in sections), None)
    anchor = operable_by(view, node) or node
    return ControlReading(
        found=1,
        meaning=meaning,
        value=value,
        label=phrase,
        section=section,
        disabled=_disabled(view, table, node),
        covered=view.covered(anchor.index),
        anchor=anchor,
        contradicted=contradicted,
        doubted=doubted(view),
        missing=missing,
    )


def _any_called(view: PageView, names: Iterable[str]) -> bool:
    roles = frozenset({"switch", "checkbox", "menuitemcheckbox", "radio", "combobox", "listbox", "button"})
    wanted = frozenset(names)
    return any(n.role in roles and fold_label(n.name) in wanted for n in view.everything())


def _disabled(view: PageView, table: ControlTable, node: Node) -> bool:
    return any(
        n.properties.get("disabled") is True
        or n.attributes.get("aria-disabled") == "true"
        or "disabled" in n.attributes
        for n in (_choices(view, node) if table.kind == "radio" else [node])
    )


# -- the state -----------------------------------------------------------------------------------------------


def _state(view: PageView, table: ControlTable, wanted: Wanted, node: Node) -> tuple[Meaning | None, str]:
    """What the state means, and as what it is shown; None and an empty text where it is not told."""
    if table.two_states:
        on = None if _busy(view, node) else ticked(node)
        texts = [*_texts_beside(view, table, node), wanted.ending(node.name)]
        beside = {wanted.state(text) for text in texts} - {None}
        if on is None or beside - {on} or any(map(wanted.turns_round, texts)):
            return None, ""
        return table.meaning(on=on), "on" if on else "off"
    said = {
        "select": _of_list,
        "menu_button": _of_menu_button,
        "state_button": _of_state_button,
        "radio": _of_radios,
    }[table.kind](view, wanted, node)
    key = wanted.value(said)
    return (table.values[key], said) if key else (None, "")


def ticked(node: Node) -> bool | None:
    """
    Whether a switch, checkbox or radio is on; None where that is not stated, or two statements disagree.

    The accessibility tree calls a switch without any state "off" as well, so its word counts only against; so does
    the state that some libraries keep in `data-state`.
    """
    attribute = node.attributes.get("aria-checked")
    stated = [] if attribute is None else [_TRISTATE.get(attribute)]
    if node.ticked is not None:
        stated.append(node.ticked)
    exposed = node.properties.get("checked")
    if exposed is not None:
        exposed = _TRISTATE.get(str(exposed).lower())
    kept = _KEPT_STATE.get(node.attributes.get("data-state", ""))
    if kept is not None and stated:
        stated.append(kept)
    if not stated or any(state is not stated[0] for state in stated) or exposed is not stated[0]:
        return None
    return stated[0]


def _busy(view: PageView, node: Node) -> bool:
    """Whether the control, or what holds it, says that it is still changing; it may be drawn over and hidden itself."""
    return any(n.attributes.get("aria-busy") == "true" for n in (node, *view.ancestors(node.index)))


def _texts_beside(view: PageView, table: ControlTable, node: Node) -> list[str]:
    """Lines of text in the control's own row."""
    row = row_of(view, node, candidates_of(view, table.kind))
    return [text for _, text in texts_in(view, row)] if row is not None else []


def _lines(view: PageView, root: int) -> list[str]:
    return [line.strip() for block in view.blocks(root) for line in block.text.split("\n") if not block.quoted]


def _of_list(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one chosen option of a list; of a list made of a button or box, the text that it shows."""
    inside = [n for n in view.within(node.index) if n.role == "option" or n.tag == "OPTION"]
    if inside:
        chosen = [n for n in inside if n.selected or n.attributes.get("aria-selected") == "true"]
        return (chosen[0].name or _text(view, chosen[0])) if len(chosen) == 1 else ""
    shown = [line for line in _lines(view, node.index) if wanted.value(line)]
    return shown[0] if len(shown) == 1 else ""


def _text(view: PageView, node: Node) -> str:
    return "".join(n.text for n in view.within(node.index)).strip()


def _of_menu_button(view: PageView, wanted: Wanted, node: Node) -> str:
    """The text that a button shows; never its accessible name, which may be what a press would do."""
    shown = " ".join(_lines(view, node.index))
    row = row_of(view, node, candidates_of(view, "menu_button"))
    said = {wanted.value(text) for _, text in texts_in(view, row)} - {None} if row is not None else set()
    return shown if said <= {wanted.value(shown)} else ""


def _of_state_button(view: PageView, wanted: Wanted, node: Node) -> str:
    """The end of a button's name, where what it shows ends alike."""
    named, shown = wanted.ending(node.name), wanted.ending(" ".join(_lines(view, node.index)))
    return named if named == shown else ""


def _choices(view: PageView, node: Node) -> list[Node]:
    return [n for n in view.within(node.index) if n.role == "radio"]


def _of_radios(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one ticked choice, where all are known and every other one says that it is not ticked."""
    choices = _choices(view, node)
    if not choices or any(wanted.value(n.name) is None or ticked(n) is None for n in choices):
        return ""
    chosen = [n.name for n in choices if ticked(n)]
    return chosen[0] if len(chosen) == 1 else ""
