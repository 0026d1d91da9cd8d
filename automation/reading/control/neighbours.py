"""Whether a state in words belongs to the row of a control, or to a row of another name beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.control.introductions import heads_what_was
from automation.reading.control.rows import texts_in
from automation.reading.control.sections import headings_above, level_of
from automation.reading.control.state_words import TURNING
from automation.reading.control.statements import OF_ITSELF, is_generic, own_words, speaks_of_itself, stated
from automation.reading.control.wanted import SENTENCE_ENDS, Wanted
from automation.text.normalizing import fold, fold_label, fold_words

if TYPE_CHECKING:
    from automation.page import Node, PageView

_LEADING_ON = frozenset({"button", "link"}) | DISCLOSURES
_LONG_WORD = 4
"""Letters; shorter words are in any two names."""


def of_another_row(view: PageView, wanted: Wanted, control: Node, holder: int) -> bool:
    """
    Whether what stands in an element is said of another setting, whose row lies beside that of a control.

    Both are parts of one element: the control's holds its label, the other one begins with a name of its own. That has
    no word of the label, and both parts are drawn alike; or its state leads to where that setting is changed.
    """
    mine = [control, *view.ancestors(control.index)]
    lineage = [view.nodes[holder], *view.ancestors(holder)]
    around = {n.index for n in mine}
    at = next((i for i, n in enumerate(lineage) if n.index in around), 0)
    if at == 0 or lineage[at].index == control.index:
        return False
    part, top = lineage[at - 1], lineage[at]
    own = next(n for n in mine if n.parent == top.index)
    labelled = any(wanted.heads(text) is not None for _, text in texts_in(view, own.index))
    texts = [n for n in view.within(part.index) if n.tag == "#text" and n.shown and n.text.strip()]
    if not labelled or len(texts) < 2 or any(wanted.heads(text) is not None for _, text in texts_in(view, part.index)):
        return False
    name = texts[0].text.strip()
    pressed = next((a for a in view.ancestors(texts[0].index) if a.role == "button"), None)
    if pressed is not None and not view.is_inside(holder, pressed.index):  # what a press does is no setting's name
        return False
    if (
        name.endswith(SENTENCE_ENDS)
        or wanted.tells(name)
        or speaks_of_itself(wanted, name)
        or any(stated(wanted, name))
    ):
        return False
    whole = own.index == control.index and part.block and _tells_itself(view, wanted, control)
    alike = (part.tag == own.tag or whole) and not _may_be_its(wanted, name)
    return alike or _leads_on(view, wanted, part, holder)


def _tells_itself(view: PageView, wanted: Wanted, control: Node) -> bool:
    """Whether a control that is the whole of a row shows its label and, apart from that, its state."""
    texts = [n.text for n in view.within(control.index) if n.tag == "#text" and n.shown and n.text.strip()]
    return any(wanted.heads(text) is not None for text in texts) and any(map(wanted.tells, texts))


def of_another_section(view: PageView, wanted: Wanted, control: Node, holder: int) -> bool:
    """
    Whether what stands in an element is headed by another name than what holds the control, and so is another's.

    That section has ended before the control, or begins after it at the level of its section or above; or its heading
    says that it tells what has been. A heading that may speak of the setting itself separates nothing, and a text that
    names the setting speaks of it wherever it stands, but in a log.
    """
    own, others = headings_above(view, control.index), headings_above(view, holder)
    known = {heading.index for heading in own}
    held = [heading for heading in own if wanted.heads(heading.name) is None]
    least = max((level_of(heading) for heading in held), default=0)
    named = any(label in fold(view.text(holder, chrome=True)) for label in wanted.labels)
    foreign = [heading for heading in others if heading.index not in known]
    if any(heads_what_was(heading.name) for heading in foreign):
        return True
    apart = (h for h in foreign if h.index < control.index or level_of(h) <= least)
    return not named and any(not _may_head_it(wanted, heading.name) for heading in apart)


def of_another_line(wanted: Wanted, text: str, lines: list[str]) -> bool:
    """Whether a state is only a part of a line that has a name of its own: "Auto-delete Off · after 18 months"."""
    holding = [line for line in lines if f" {fold_words(text)} " in f" {fold_words(line)} "]
    return wanted.tells(text) and bool(holding) and all(_begins_otherwise(wanted, line, text) for line in holding)


def _begins_otherwise(wanted: Wanted, line: str, state: str) -> bool:
    before = f" {fold_words(line)} ".partition(f" {fold_words(state)} ")[0].strip()
    own = wanted.beginning(line) is not None or wanted.heads(line) is not None or OF_ITSELF.match(before) is not None
    return bool(before) and not own and not speaks_of_itself(wanted, before)


def _may_be_its(wanted: Wanted, name: str) -> bool:
    """Whether a name may be the setting's own: it shares a word, or says only what such settings are."""
    return OF_ITSELF.match(fold(name)) is not None or _may_head_it(wanted, name)


def _may_head_it(wanted: Wanted, name: str) -> bool:
    shared = {word for word in fold_words(name).split() if len(word) >= _LONG_WORD} & own_words(wanted)
    return bool(shared) or is_generic(wanted, name)


def _leads_on(view: PageView, wanted: Wanted, part: Node, holder: int) -> bool:
    """Whether a state is that of a link or button, has an arrow behind it, or a button beside it that changes it."""
    pressed = [n for n in view.within(part.index) if n.shown and n.role in _LEADING_ON]
    held = any(view.is_inside(holder, n.index) for n in pressed)
    changed = any(wanted.changes(n.name) or fold_label(n.name) in TURNING for n in pressed)
    return held or changed or wanted.leads_on(view.text(holder))
