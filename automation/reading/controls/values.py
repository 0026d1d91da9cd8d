"""The value that a list, a button or a choice shows."""

from __future__ import annotations

import re

from automation.page import Node, PageView
from automation.reading.controls.doubts import (
    has_caveat,
)
from automation.reading.controls.rows import (
    has_words,
    is_segment,
    label_of,
    lines_in,
    shown_texts,
    ticked,
)
from automation.reading.controls.words import BADGES, SENTENCE_ENDS, Wanted
from automation.text.normalizing import fold, fold_label

PAIR, _A_SENTENCE, _DRAWN_AROUND = 2, 5, 3
_DRAWN_BOX = re.compile(r"^[◉○●◯⚪⚫☐☑☒\u2713\u2714]\s*")
"""How some draw the box of a choice: as a sign before its name."""


def of_list(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one chosen option of a list; of one made of a button or box, the text that it shows, or that is beside it."""
    inside = [n for n in view.within(node.index) if is_option(n)]
    if inside:
        chosen = [n for n in inside if n.selected or n.attributes.get("aria-selected") == "true"]
        texts = ("".join(n.text for n in view.within(one.index)).strip() for one in chosen)
        return (chosen[0].name or next(texts)) if len(chosen) == 1 else ""
    if node.tag != "INPUT":
        return of_button(view, wanted, node)
    # Components draw the value beside a field in which one may search; what stands in the field is read by nobody.
    around = list(view.ancestors(node.index))[:_DRAWN_AROUND] if not node.filled else []
    lines = next((told for one in around if (told := [line for line in lines_in(view, one.index) if line])), [])
    return lines[0] if len(lines) == 1 and wanted.meaning(lines[0]) is not None else ""


def is_option(node: Node) -> bool:
    """Whether an element is a choice of a list."""
    return node.role == "option" or node.tag == "OPTION"


def of_button(view: PageView, wanted: Wanted, node: Node) -> str:
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


def choices_of(view: PageView, node: Node) -> list[Node]:
    """What one chooses from in an element: radios, and buttons that say whether they are pressed or the current one."""
    buttons = (n for n in view.within(node.index) if n.role in {"radio", "button"})
    return [n for n in buttons if n.role == "radio" or "aria-pressed" in n.attributes or is_segment(n)]


def of_radios(view: PageView, wanted: Wanted, node: Node) -> str:
    """The one ticked choice, where all are known and every other one says that it is not ticked."""
    choices = choices_of(view, node)
    named = [_of_choice(view, wanted, n) for n in choices]
    if len(choices) < PAIR or not all(named) or any(ticked(n) is None for n in choices):
        return ""
    chosen = [name for name, choice in zip(named, choices, strict=True) if ticked(choice)]
    return chosen[0] if len(chosen) == 1 and len(set(map(wanted.meaning, named))) > 1 else ""


def _of_choice(view: PageView, wanted: Wanted, choice: Node) -> str:
    """The value that a choice stands for: its name, or its or its label's first line where the others describe it."""
    shown = _DRAWN_BOX.sub("", choice.name)
    state, _, told = fold(shown).partition(" - ")  # "Off - nothing is used"
    before_dash = state if told and wanted.state(state) is not None and not _limits(wanted, told) else ""
    for named in (shown, wanted.without_label(shown), before_dash):
        if wanted.meaning(named) is not None:
            return named
    label = label_of(view, choice)
    lines = [line for line in lines_in(view, (label or choice).index) if line]
    apart = _set_apart(view, wanted, (label or choice).index)
    lines = [*apart, *lines[1:]] if apart else lines
    if not lines or [line for line in lines if wanted.meaning(line) is not None] != lines[:1]:
        return ""
    if not apart and any(_limits(wanted, line) for line in lines[1:]):
        return ""
    named, first = fold_label(choice.name), fold_label(lines[0])
    return lines[0] if named == first or named.startswith(f"{first} ") else ""


def _set_apart(view: PageView, wanted: Wanted, root: int) -> list[str]:
    """
    The value at the beginning of a line and what describes it there, in an element of its own that begins anew.

    "On Your notes may be used": a badge, a whole sentence or as many words. A few words, small letters and what limits
    the value may make it another one: "Off Sundays", "Off Except for shared notes".
    """
    texts = shown_texts(view, root)
    if len(texts) < PAIR or texts[0].parent == texts[1].parent or wanted.meaning(texts[0].text) is None:
        return []
    first, *said = (n.text.strip() for n in texts)

    def describes(text: str) -> bool:
        whole = text.endswith(SENTENCE_ENDS) or len(text.split()) >= _A_SENTENCE
        return fold_label(text).strip("()") in BADGES or (whole and not _limits(wanted, text))

    return [first, *said] if all(map(describes, said)) and said[0].strip("(")[:1].isupper() else []


def _limits(wanted: Wanted, text: str) -> bool:
    return has_caveat(wanted, text, "choice")
