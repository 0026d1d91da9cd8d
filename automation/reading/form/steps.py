"""Forms of several steps: the first is shown, and the control that sends all of it stands hidden in the same markup."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from automation.domain.observations import Field
from automation.text.normalizing import fold_label, quote

if TYPE_CHECKING:
    from collections.abc import Collection

    from automation.page import Node, PageView
    from automation.text.page_words import PageWords

_NO_FIELDS = frozenset({"hidden", "submit", "button", "reset", "image"})
_SENDING = frozenset({"submit", "image"})
_NO_TEXT = frozenset({"OPTION", "SCRIPT", "STYLE", "TEMPLATE"})
_MOST_WORDS_OF_THE_REST = 60
_TYPED = frozenset({"text", "email", "tel", "textarea"})
_NEAR = 3
_ROLES = ("country", "email", "code", "reason")
_DOUBTS = ("withdrawal.words", "opposite.words", "lookalike.words", "elsewhere.words")


@dataclass(frozen=True, slots=True)
class LaterSteps:
    """What the markup holds of the steps of a form that are not shown."""

    submit: str
    """What the control is called that sends the form."""
    fields: tuple[Field, ...]
    """The fields to write in."""


def later_steps(view: PageView, form: Node, names: Collection[str], words: PageWords) -> LaterSteps | None:
    """
    What comes behind the first step of a form, which alone is shown; None where that is not plain.

    Every field of the form is shown or is one to write in that the form is known to have, one button leads on and sends
    nothing, and what is hidden holds that one control that sends, in known words, and no word of taking an objection
    back or of another matter: a later step might ask or say anything.

    Args:
        view: the page.
        form: an HTML form.
        names: folded names of what sends the form.
        words: of the page.
    """
    inside = list(view.within(form.index))
    asked = [
        n
        for n in inside
        if n.tag in {"TEXTAREA", "SELECT"} or (n.tag == "INPUT" and _kind(n) not in _NO_FIELDS) or _is_typed_in(n)
    ]
    buttons = [
        n for n in inside if n.tag == "BUTTON" or n.role == "button" or (n.tag == "INPUT" and _kind(n) in _SENDING)
    ]
    shown, hidden = ([n for n in buttons if n.shown is seen] for seen in (True, False))
    sending = [n for n in hidden if _kind(n) in _SENDING]
    on = len(shown) == 1 and _kind(shown[0]) == "button" and "disabled" not in shown[0].attributes
    later = [_field(view, form, n, asked, words) for n in asked if not n.shown]
    known = [field for field in later if field is not None]
    if len(later) == len(asked) or len(known) < len(later) or not on or len(sending) != 1:
        return None
    called = _text(view, sending[0]) or sending[0].attributes.get("value", "")
    rest = " ".join(n.text for n in inside if n.tag == "#text" and not n.shown and _is_said(view, n))
    plain = len(rest.split()) <= _MOST_WORDS_OF_THE_REST
    doubted = any(words.with_english.find_word(key, text) for key in _DOUBTS for text in (rest, called, shown[0].name))
    return LaterSteps(called, tuple(known)) if plain and not doubted and fold_label(called) in names else None


def _field(view: PageView, form: Node, node: Node, fields: Collection[Node], words: PageWords) -> Field | None:
    """A field of a later step, where it is one to write in that every such form may have, by its own label."""
    label = _label(view, form, node, fields)
    role = next((role for role in _ROLES if label and words.find_word(f"field.{role}", label)), "")
    kind = "select" if node.tag == "SELECT" else "textarea" if node.tag == "TEXTAREA" else _kind(node)
    fits = role == "country" if kind == "select" else role and kind in _TYPED
    required = "required" in node.attributes or node.attributes.get("aria-required") == "true"
    return Field(quote(label, 160), kind, required, node.filled, (), role) if fits else None


def _label(view: PageView, form: Node, field: Node, fields: Collection[Node]) -> str:
    """What a hidden field is called, of which the browser tells nothing: beside it, where no other field is."""
    if field.attributes.get("aria-label", "").strip():
        return field.attributes["aria-label"]
    for around in islice(view.ancestors(field.index), _NEAR):
        inside = {n.index for n in view.within(around.index)}
        if around.index == form.index or any(n.index in inside for n in fields if n.index != field.index):
            return ""
        texts = (n for n in view.within(around.index) if n.tag == "#text" and n.text.strip() and _is_said(view, n))
        before = [n.text.strip() for n in texts if n.index < field.index]
        if before:
            return before[-1]
    return ""


def _kind(node: Node) -> str:
    return node.attributes.get("type", "submit" if node.tag == "BUTTON" else "text").lower()


def _is_typed_in(node: Node) -> bool:
    return node.attributes.get("contenteditable", "false") not in {"false", "inherit"}


def _text(view: PageView, node: Node) -> str:
    return " ".join(n.text for n in view.within(node.index) if n.tag == "#text").strip()


def _is_said(view: PageView, text: Node) -> bool:
    return not any(a.tag in _NO_TEXT for a in view.ancestors(text.index))
