"""Which control a label belongs to: by the control's own name or description, or by the row in which both stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from automation.flow.control_table import OBJECT
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.flow.control_table import ControlTable
    from automation.page import Node, PageView
    from automation.text.page_words import PageWords

_ROLES = {
    "switch": frozenset({"switch", "checkbox", "menuitemcheckbox"}),
    "checkbox": frozenset({"switch", "checkbox", "menuitemcheckbox"}),
    "select": frozenset({"combobox", "listbox", "button"}),
    "menu_button": frozenset({"button"}),
    "state_button": frozenset({"button"}),
    "radio": frozenset({"radio"}),
}
_POPUPS = frozenset({"menu", "listbox", "true"})
_LANDMARKS = frozenset({"main", "dialog", "alertdialog", "form", "RootWebArea", "document"})
_QUOTING = frozenset({"BLOCKQUOTE", "Q", "CITE"})
_HIGHEST = 5
"""How many elements above its label a control may stand and still be in the label's row."""
_MOST_BETWEEN = 1
"""Paragraphs between a label and its control that has no name of its own: what describes it."""
_GLUE = " .:,-"


@dataclass(frozen=True)
class Wanted:
    """The words of one control in the page's language, folded."""

    labels: Mapping[str, Phrase]
    descriptions: frozenset[str]
    values: Mapping[str, str]
    """Folded words of a value → its key."""
    openings: Mapping[str, str]
    """Folded beginning of a line that tells a value → its key."""
    states: Mapping[str, bool]
    """Words for on and off, where a page writes them beside a switch."""

    @classmethod
    def of(cls, table: ControlTable, words: PageWords, name: str) -> Self:
        """Look all words of a table up; `name` is put where a label speaks of one blog, site or team."""

        def folded(key: str | None, strength: str = "names") -> dict[str, Phrase]:
            phrases = words.phrases(key) if key else ()
            return {fold_label(p.text.replace(OBJECT, name)): p for p in phrases if p.strength == strength}

        return cls(
            labels=folded(table.label),
            descriptions=frozenset(folded(table.description)),
            values={text: key for key in table.values for text in folded(key)},
            openings={text: key for key in table.values for text in folded(key, "sentences")},
            states={text: on for key, on in (("state.on", True), ("state.off", False)) for text in folded(key)},
        )

    def value(self, text: str) -> str | None:
        """Key of the value that a text tells; None where it tells none."""
        folded = fold_label(text)
        if folded in self.values:
            return self.values[folded]
        return next((key for opening, key in self.openings.items() if folded.startswith(opening + " ")), None)

    def state(self, text: str) -> bool | None:
        """Whether a text is the word for on or off; None where it is neither."""
        return self.states.get(fold_label(text))

    def ending(self, text: str) -> str:
        """The value or state at the end of a text that begins with a label; empty where it is not so."""
        rest = self._rest(text)
        return (self._known_rest(rest) or "") if rest is not None else ""

    def names(self, text: str) -> Phrase | None:
        """The label that a control's name is: alone, or followed by its description, its value, or both."""
        folded = fold_label(text)
        if folded in self.labels:
            return self.labels[folded]
        if folded in self.descriptions:
            return next(iter(self.labels.values()), None)
        rest = self._rest(text)
        if rest is None or self._known_rest(rest) is None:
            return None
        return next(p for label, p in self._longest_first() if folded.startswith(label))

    def turns_round(self, text: str) -> bool:
        """Whether a line sets words before the label, which may turn its meaning round: "Opt out: …"."""
        folded = fold_label(text)
        return any(
            label in folded and any(c.isalpha() for c in folded.partition(label)[0]) and self.names(text) is None
            for label in self.labels
        )

    def says_nothing(self, text: str) -> bool:
        """Whether a control's name leaves open what it is for: there is none, or it is only a value."""
        folded = fold_label(text)
        return not folded or folded in self.values or folded in self.states

    def _longest_first(self) -> list[tuple[str, Phrase]]:
        return sorted(self.labels.items(), key=lambda item: -len(item[0]))

    def _rest(self, text: str) -> str | None:
        folded = fold_label(text)
        for label, _ in self._longest_first():
            if folded.startswith(label) and folded != label:
                return folded[len(label) :].strip(_GLUE)
        return None

    def _known_rest(self, rest: str) -> str | None:
        """What stands behind a label, without its description; None where it is not known."""
        for description in sorted(self.descriptions, key=len, reverse=True):
            if rest.startswith(description):
                rest = rest[len(description) :].strip(_GLUE)
        return rest if not rest or rest in self.values or rest in self.states else None


def candidates_of(view: PageView, kind: str) -> list[Node]:
    """Every control of a kind that a person can use."""
    found = [n for n in view.everything() if n.role in _ROLES[kind] and operable_by(view, n) is not None]
    if kind == "menu_button":
        return [n for n in found if n.attributes.get("aria-haspopup") in _POPUPS]
    if kind == "select":
        return [n for n in found if n.role != "button" or n.attributes.get("aria-haspopup") in _POPUPS]
    return found


def operable_by(view: PageView, node: Node) -> Node | None:
    """
    What a person sees and presses to use a control: itself, or the label that a hidden input hangs on.

    Sites hide the real checkbox and draw their own; a hidden copy of a whole row has nothing to press.
    """
    if node.shown:
        return node
    if node.tag != "INPUT":
        return None
    own = node.attributes.get("id")
    for other in view.ancestors(node.index):
        if other.tag == "LABEL":
            return other if other.shown else None
    for other in view.shown_nodes():
        if own and other.tag == "LABEL" and other.attributes.get("for") == own:
            return other
    parent = view.nodes[node.parent] if node.parent >= 0 else None
    return parent if parent is not None and parent.shown and parent.tag not in {"BODY", "MAIN"} else None


def find(view: PageView, table: ControlTable, wanted: Wanted) -> list[tuple[Node, Phrase]]:
    """Every control that bears the label; of a choice, the element that holds all its radios."""
    candidates = candidates_of(view, table.kind)
    if table.kind == "radio":
        return _groups(view, candidates, wanted)
    found: dict[int, tuple[Node, Phrase]] = {}
    for node in candidates:
        phrase = (table.kind != "menu_button" and wanted.names(node.name)) or _described(view, node, wanted)
        if phrase:
            found[node.index] = (node, phrase)
    for holder, phrase in _label_texts(view, wanted):
        node_in_row = _in_row(view, wanted, holder, candidates)
        if node_in_row is not None and (table.kind == "menu_button" or wanted.says_nothing(node_in_row.name)):
            found.setdefault(node_in_row.index, (node_in_row, phrase))
    if found and table.two_states:
        found.update(_shut_out(view, wanted))
    return list(found.values())


def _shut_out(view: PageView, wanted: Wanted) -> Iterable[tuple[int, tuple[Node, Phrase]]]:
    """
    Switches of the label that are drawn and cannot be used: behind a dialog, say, that asks the same question anew.

    The accessibility tree leaves them out, so their names are what their own attributes and labels say.
    """
    for node in view.everything():
        box = node.tag == "INPUT" and node.attributes.get("type", "").lower() == "checkbox"
        if node.role or not (box or node.attributes.get("role") in _ROLES["switch"]) or operable_by(view, node) is None:
            continue
        ids, own = node.attributes.get("aria-labelledby", "").split(), node.attributes.get("id")
        around = {a.index for a in view.ancestors(node.index) if a.tag == "LABEL"}
        named_by = (
            n
            for n in view.shown_nodes()
            if n.attributes.get("id") in ids
            or n.index in around
            or (own and n.tag == "LABEL" and n.attributes.get("for") == own)
        )
        names = [
            node.attributes.get("aria-label", ""),
            *("".join(t.text for t in view.within(n.index)) for n in named_by),
        ]
        phrase = next((phrase for name in names if name and (phrase := wanted.names(name))), None)
        if phrase is not None:
            yield node.index, (node, phrase)


def _described(view: PageView, node: Node, wanted: Wanted) -> Phrase | None:
    ids = node.attributes.get("aria-describedby", "").split()
    texts = [view.text(n.index) for n in view.everything() if n.attributes.get("id") in ids] if ids else []
    return next((phrase for text in texts if (phrase := wanted.names(text))), None)


def texts_in(view: PageView, root: int | None = None) -> Iterable[tuple[int, str]]:
    """
    Everything that a person reads as one piece, with the element that holds it.

    Whole lines, and the single texts of which lines are made: `label` and `On` may share one.
    """
    for block in view.blocks(root):
        if not block.quoted and block.node >= 0:
            yield from ((block.node, line.strip()) for line in block.text.split("\n"))
    for node in view.everything() if root is None else view.within(root):
        if node.tag != "#text" or not node.shown or not node.text.strip() or node.struck:
            continue
        if not any(a.tag in _QUOTING for a in view.ancestors(node.index)):
            yield node.parent, node.text.strip()


def _label_texts(view: PageView, wanted: Wanted) -> Iterable[tuple[int, Phrase]]:
    """Elements whose text is the label."""
    for holder, text in texts_in(view):
        phrase = wanted.labels.get(fold_label(text))
        if phrase is not None:
            yield holder, phrase


def _in_row(view: PageView, wanted: Wanted, holder: int, candidates: list[Node]) -> Node | None:
    """The one control in the smallest element around a label that has any; None where it is not clearly its own."""
    chosen = {n.index for n in candidates}
    for root in [view.nodes[holder], *view.ancestors(holder)][:_HIGHEST]:
        if root.role in _LANDMARKS or root.tag in {"BODY", "MAIN", "HTML"}:
            return None
        inside = [n for n in view.within(root.index) if n.index in chosen]
        if inside:
            alone = len(inside) == 1 and not _others_between(view, wanted, root.index, holder, inside[0])
            return inside[0] if alone else None
    return None


def _others_between(view: PageView, wanted: Wanted, root: int, holder: int, control: Node) -> bool:
    """
    Whether an unnamed control may belong to another text than to this label in its row.

    A heading between them, a text that is nearer to the control, or several paragraphs: one describes, two may be
    the next setting.
    """
    inside = list(view.within(root))
    headings = (n for n in inside if n.role == "heading" and n.shown and n.index > holder)
    if any(not view.is_inside(holder, n.index) for n in headings):
        return True
    texts = [n for n in inside if n.tag == "#text" and n.shown and not view.is_inside(n.index, control.index)]
    names = {n.index for n in texts if not _known(wanted, n.text)}
    own = {n.index for n in view.within(holder)}
    for near in view.ancestors(control.index):
        if near.index in {root, holder}:
            break
        there = {name for name in names if view.is_inside(name, near.index)}
        if there and own.isdisjoint(there):
            return True
    between = [n for n in texts if n.index not in own and holder < n.index < control.index]
    paragraph = {n.index: next((a.index for a in view.ancestors(n.index) if a.block), -1) for n in between}
    described = {paragraph[n.index] for n in between if fold_label(n.text) in wanted.descriptions}
    unknown = {paragraph[n.index] for n in between if n.index in names} - described
    return len(unknown) > (0 if described else _MOST_BETWEEN)


def _known(wanted: Wanted, text: str) -> bool:
    """Whether a text is no name: empty, a word for the state, or the description that is known."""
    folded = fold_label(text)
    told = wanted.state(text) is not None or wanted.value(text) is not None
    return told or not folded or folded in wanted.descriptions


def row_of(view: PageView, node: Node, candidates: list[Node]) -> int | None:
    """The widest element around a control that holds no other control of its kind; None where it has none."""
    chosen = {n.index for n in candidates}
    row: int | None = None
    for root in list(view.ancestors(node.index))[: _HIGHEST - 2]:
        if root.role in _LANDMARKS or root.tag in {"BODY", "MAIN", "HTML"}:
            break
        if any(n.index in chosen and n.index != node.index for n in view.within(root.index)):
            break
        row = root.index
    return row


def _groups(view: PageView, radios: list[Node], wanted: Wanted) -> list[tuple[Node, Phrase]]:
    """Elements that hold radios and are called by the label, or stand in its row."""
    found: dict[int, tuple[Node, Phrase]] = {}
    for radio in radios:
        group = next((a for a in view.ancestors(radio.index) if a.role in {"radiogroup", "group"}), None)
        phrase = wanted.names(group.name) if group is not None else None
        if group is not None and phrase is not None:
            found[group.index] = (group, phrase)
    if found:
        return list(found.values())
    chosen = {n.index for n in radios}
    for holder, phrase in _label_texts(view, wanted):
        for root in [view.nodes[holder], *view.ancestors(holder)][:_HIGHEST]:
            if root.role in _LANDMARKS or root.tag in {"BODY", "MAIN", "HTML"}:
                break
            if any(n.index in chosen for n in view.within(root.index)):
                found[root.index] = (root, phrase)
                break
    return list(found.values())
