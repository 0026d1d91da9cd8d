"""Which value a list, a button or a choice shows, in the page's own words; empty where it shows none for certain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.control.caveats import has_caveat
from automation.reading.control.naming import is_segment
from automation.reading.control.operable import label_of
from automation.reading.control.rows import qualifies
from automation.reading.control.ticks import ticked
from automation.reading.control.wanted import BADGES, SENTENCE_ENDS
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted

_PAIR = 2
_A_SENTENCE = 5
"""Words; fewer, without a full stop, may belong to the value's name."""
_LIMITING = re.compile(
    r"(?:except|only|but|unless|for|if|when|while|until|not|sauf|seulement|uniquement|mais|pour|si|quand|nur|außer|aber|für"
    r"|wenn|bis|salvo|solo|excepto|pero|para|cuando|hasta|tranne|eccetto|ma|per|se|quando|fino|exceto|apenas|mas)\b"
)
"""How a text begins that may limit the value before it; it can only take a verdict away."""
_DRAWN_BOX = re.compile(r"^[◉○●◯⚪⚫☐☑☒\u2713\u2714]\s*")
"""How some draw the box of a choice: as a sign before its name."""
_DRAWN_AROUND = 3
"""How many elements above a field may hold it together with its value."""


def of_list(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one chosen option of a list; of one made of a button or box, the text that it shows, or that is beside it."""
    inside = [n for n in view.within(node.index) if n.role == "option" or n.tag == "OPTION"]
    if inside:
        chosen = [n for n in inside if n.selected or n.attributes.get("aria-selected") == "true"]
        return (chosen[0].name or _text(view, chosen[0])) if len(chosen) == 1 else ""
    return _beside_field(view, wanted, node) if node.tag == "INPUT" else of_button(view, wanted, node)


def _beside_field(view: PageView, wanted: Wanted, field_: Node) -> str:
    """
    The value of a list made of an empty field: the one line of the nearest element around it that shows any text.

    Components draw the value beside the field, in which one may search; what stands in the field is read by nobody.
    """
    if field_.filled:
        return ""
    around = list(view.ancestors(field_.index))[:_DRAWN_AROUND]
    lines = next((told for one in around if (told := [line for line in lines_in(view, one.index) if line])), [])
    return lines[0] if len(lines) == 1 and wanted.meaning(lines[0]) is not None else ""


def _text(view: PageView, node: Node) -> str:
    return "".join(n.text for n in view.within(node.index)).strip()


def of_button(view: PageView, wanted: Wanted, node: Node) -> str:
    """
    The state that a button shows: as its one text, as its one line that is a state, or at the end of its name.

    Its accessible name alone is not enough, which may be what a press would do, but where it shows no text and is
    called as label and state, set apart: "Data sharing, off". Where the name tells a state, what it shows agrees.
    """
    texts = [n.text for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip()]
    if any(map(wanted.asks, texts)):
        return ""
    told, named = _told(view, node), wanted.ending(node.name)
    if not texts and not wanted.joins(node.name):
        return named
    pieces = [text.strip() for text in texts if any(map(str.isalnum, text)) and not wanted.leads_to(text)]
    told = pieces[0] if len(pieces) == 1 else told
    lines = (told, wanted.ending(told), *lines_in(view, node.index))
    shown = {line: meaning for line in lines if (meaning := wanted.meaning(line)) is not None}
    agreed = {*shown.values(), *([wanted.meaning(named)] if named else [])}
    if not shown or len(agreed) != 1:
        return ""
    value = min(shown, key=len)
    return next((text.strip() for text in texts if fold_label(text) == value), value)  # as the page writes it


def _told(view: PageView, node: Node) -> str:
    return " ".join(lines_in(view, node.index))


def choices_of(view: PageView, node: Node) -> list[Node]:
    """What one chooses from in an element: radios, and buttons that say whether they are pressed or the current one."""
    return [
        n
        for n in view.within(node.index)
        if n.role == "radio" or (n.role == "button" and ("aria-pressed" in n.attributes or is_segment(n)))
    ]


def of_radios(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one ticked choice, where all are known and every other one says that it is not ticked."""
    choices = choices_of(view, node)
    named = {n.index: _of_choice(view, wanted, n) for n in choices}
    if are_boxes(choices) and not all(named.values()):
        named = {**named, **_of_answers(wanted, choices)}
    if len(choices) < 2 or any(not named[n.index] or ticked(n) is None for n in choices):
        return ""
    chosen = [named[n.index] for n in choices if ticked(n)]
    differ = len({wanted.meaning(name) for name in named.values()}) > 1
    return chosen[0] if len(chosen) == 1 and differ else ""


def is_a_pair(view: PageView, node: Node) -> bool:
    """Whether a list offers two things to choose from."""
    return sum(n.role == "option" or n.tag == "OPTION" for n in view.within(node.index)) == _PAIR


def _of_answers(wanted: Wanted, choices: list[Node]) -> dict[int, str]:
    """Of two choices that begin with opposite answers, "Allow companies to …" and "Don't allow", these answers."""
    found = {}
    for choice in choices:
        said = fold_label(_DRAWN_BOX.sub("", choice.name))
        begun = [word for word in wanted.answers if f"{said} ".startswith(f"{word} ")]
        answer = max(begun, key=len, default="")
        if answer and not _limits(wanted, said[len(answer) :].strip(" ,:-")):
            found[choice.index] = answer
    return found if len({wanted.answers[answer] for answer in found.values()}) == len(choices) else {}


def are_boxes(choices: list[Node]) -> bool:
    """Whether choices are drawn to be chosen from: of two buttons, "No" may be what one answers by a press."""
    return len(choices) == _PAIR and all(n.role == "radio" for n in choices)


def _of_choice(view: PageView, wanted: Wanted, choice: Node) -> str:
    """The value that a choice stands for: its name, or its or its label's first line where the others describe it."""
    shown = _DRAWN_BOX.sub("", choice.name)
    for named in (shown, wanted.without_label(shown), _behind_dash(wanted, shown)):
        if wanted.meaning(named) is not None:
            return named
    label = label_of(view, choice)
    lines = [line for line in lines_in(view, (label or choice).index) if line]
    apart = _set_apart(view, wanted, (label or choice).index)
    lines = [*apart, *lines[1:]] if apart else lines
    told = [line for line in lines if wanted.meaning(line) is not None]
    if not lines or told != lines[:1] or (not apart and any(_limits(wanted, line) for line in lines[1:])):
        return ""
    if label is None and any(qualifies(wanted, line) for line in lines[1:]):
        return ""
    named, first = fold_label(choice.name), fold_label(lines[0])
    return lines[0] if named == first or named.startswith(f"{first} ") else ""


def _behind_dash(wanted: Wanted, name: str) -> str:
    """The state with which a choice's name begins, before a dash and what it brings about: "Off - nothing is used"."""
    state, _, told = fold(name).partition(" - ")
    return state if told and wanted.state(state) is not None and not _limits(wanted, told) else ""


def _set_apart(view: PageView, wanted: Wanted, root: int) -> list[str]:
    """
    The value at the beginning of a line and what describes it there, in an element of its own that begins anew.

    "On Your notes may be used": a badge, a whole sentence or as many words. A few words, small letters and what limits
    the value may make it another one: "Off Sundays", "Off Except for shared notes".
    """
    texts = [n for n in view.within(root) if n.tag == "#text" and n.shown and n.text.strip()]
    if len(texts) < _PAIR or texts[0].parent == texts[1].parent or wanted.meaning(texts[0].text) is None:
        return []
    said = [n.text.strip() for n in texts[1:]]
    plain = all(fold_label(text).strip("()") in BADGES or _describes(wanted, text) for text in said)
    return [texts[0].text.strip(), *said] if plain and said[0].strip("(")[:1].isupper() else []


def _describes(wanted: Wanted, text: str) -> bool:
    """Whether a text says what a value brings about, and not when or for what it holds."""
    whole = text.endswith(SENTENCE_ENDS) or len(text.split()) >= _A_SENTENCE
    return whole and not _limits(wanted, text)


def _limits(wanted: Wanted, text: str) -> bool:
    return _LIMITING.match(fold_label(text)) is not None or has_caveat(wanted, text)


def lines_in(view: PageView, root: int) -> list[str]:
    """The lines of text in an element, without what is quoted."""
    return [line.strip() for block in view.blocks(root) for line in block.text.split("\n") if not block.quoted]
