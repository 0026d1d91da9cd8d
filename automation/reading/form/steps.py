"""Forms of several steps: the first is shown, and the control that sends all of it stands hidden in the same markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Collection

    from automation.page import Node, PageView
    from automation.text.page_words import PageWords

_NO_FIELDS = frozenset({"hidden", "submit", "button", "reset", "image"})
_SENDING = frozenset({"submit", "image"})
_NO_TEXT = frozenset({"OPTION", "SCRIPT", "STYLE", "TEMPLATE"})
_MOST_WORDS_OF_THE_REST = 60
_DOUBTS = ("withdrawal.words", "opposite.words", "lookalike.words", "elsewhere.words")


def submit_behind_steps(view: PageView, form: Node, names: Collection[str], words: PageWords) -> str | None:
    """
    What the control is called that sends a form whose first step is shown; None where that is not plain.

    Every field of the form is shown, one button leads on and sends nothing, and what is hidden holds that one control
    that sends, in known words, and no word of taking an objection back or of another matter: a later step might ask or
    say anything.

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
    if not (asked and all(n.shown for n in asked) and on and len(sending) == 1):
        return None
    called = _text(view, sending[0]) or sending[0].attributes.get("value", "")
    rest = " ".join(n.text for n in inside if n.tag == "#text" and not n.shown and _is_said(view, n))
    plain = len(rest.split()) <= _MOST_WORDS_OF_THE_REST
    doubted = any(words.with_english.find_word(key, text) for key in _DOUBTS for text in (rest, called, shown[0].name))
    return called if plain and not doubted and fold_label(called) in names else None


def _kind(node: Node) -> str:
    return node.attributes.get("type", "submit" if node.tag == "BUTTON" else "text").lower()


def _is_typed_in(node: Node) -> bool:
    return node.attributes.get("contenteditable", "false") not in {"false", "inherit"}


def _text(view: PageView, node: Node) -> str:
    return " ".join(n.text for n in view.within(node.index) if n.tag == "#text").strip()


def _is_said(view: PageView, text: Node) -> bool:
    return not any(a.tag in _NO_TEXT for a in view.ancestors(text.index))
