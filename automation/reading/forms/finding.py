"""
Finding forms: their fields, the control that sends them, whether more steps follow, and which documented form it is.

The fingerprint is over the structure alone: what is filled in leaves it as it is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from automation.core.observations import Field, Form
from automation.flow.control_table import OTHER_SHAPE, FormShape, ObjectionTable
from automation.reading.forms.fields import (
    FIELD,
    LABEL_LENGTH,
    PURPOSES,
    TOPIC,
    holds_field,
    in_chrome,
    is_field,
    read_field,
)
from automation.text.normalizing import fold, fold_label, quote

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from automation.page import Node, PageView
    from automation.text.labels import Labels
    from automation.text.page_words import PageWords

_HOLDERS = frozenset({"form", "dialog", "alertdialog", "main"})


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form and where it stands in the page."""

    form: Form
    root: int
    """Index of the node that holds it."""
    submit: int | None
    """Index of the control that sends it; None where a later step shows it."""
    inputs: tuple[int, ...]
    """Index of the node of each of its fields, in their order."""
    covered: bool
    """Whether a person could not use it: something lies over it, or every field is disabled."""


def find_forms(view: PageView, surface: str, words: PageWords, table: ObjectionTable | None = None) -> list[FoundForm]:
    """
    Every form on the page that has at least one field and a control that would send it.

    A control sends a form when it is of type submit inside an HTML form, or when its name is one of the words
    of `form.submit` in the page's language. It may stand hidden in a later step of the same HTML form. Without the
    flow's table no id and no shape is told.
    """
    known = words.names("form.submit")
    found: dict[int, FoundForm] = {}
    for button in view.shown_nodes():
        if button.role != "button" or in_chrome(view, button):
            continue
        root = _holder(view, button) if sends(view, button) or fold_label(button.name) in known else None
        if root is not None and root not in found:
            one = _found(view, surface, root, button, words, table)
            if one is not None:
                found[root] = one
    for node in view.shown_nodes():
        if node.tag == "FORM" and node.index not in found and not in_chrome(view, node):
            one = _first_step(view, surface, node, words, table)
            if one is not None:
                found[node.index] = one
    return list(found.values())


def _found(
    view: PageView, surface: str, root: int, button: Node, words: PageWords, table: ObjectionTable | None
) -> FoundForm | None:
    """The form that an element holds, with the control that sends it or leads on; None where it has no field."""
    inputs = [node for node in view.within(root) if is_field(view, node)]
    fields = tuple(read_field(view, node, words) for node in inputs)
    if not fields or _searches(fields, button):
        return None
    form = _form(view, surface, root, button, fields)
    if table is not None:
        shape = shape_of(fields, table.shapes, words.labels)
        form = replace(form, form_id=_id_in(view, root, table.id_fields), shape=shape)
    locked = all(node.properties.get("disabled") is True for node in inputs)
    covered = locked or view.covered(button.index)
    return FoundForm(form, root, button.index, tuple(node.index for node in inputs), covered)


def _searches(fields: tuple[Field, ...], button: Node) -> bool:
    """Whether the one field of a form is called as its button is: "Search" beside "Search", on every page of a site."""
    called = fold_label(button.name)
    return len(fields) == 1 and bool(called) and fields[0].kind == "text" and fold_label(fields[0].label) == called


def _id_in(view: PageView, root: int, names: tuple[str, ...]) -> str | None:
    """The id that a hidden field of the form carries."""
    hidden = {
        node.attributes.get("name", ""): node.attributes.get("value", "")
        for node in view.within(root)
        if node.tag == "INPUT" and node.attributes.get("type", "").lower() == "hidden"
    }
    return next((hidden[name] for name in names if hidden.get(name)), None)


def _form(view: PageView, surface: str, root: int, button: Node, fields: tuple[Field, ...]) -> Form:
    node = view.nodes[root]
    disabled = (
        button.properties.get("disabled") is True
        or button.attributes.get("aria-disabled") == "true"
        or "disabled" in button.attributes
    )
    structure = [[f.kind, f.role, fold_label(f.label), f.required, sorted(map(fold, f.options))] for f in fields]
    told = json.dumps([structure, fold_label(button.name)], ensure_ascii=False)
    return Form(
        surface=surface,
        form_id=None,
        heading=quote(_heading(view, root)),
        fields=fields,
        submit=quote(button.name) or None,
        submit_enabled=not disabled,
        shape=OTHER_SHAPE,
        fingerprint=hashlib.sha256(told.encode()).hexdigest(),
        dom="legacy" if node.tag == "FORM" and node.attributes.get("action") else "client",
        in_frame=node.document != 0,
    )


def _heading(view: PageView, root: int) -> str:
    """The nearest heading of a form: inside it, then its own name or that of what holds it, then around it."""
    around = list(view.ancestors(root))
    inside = [n.name for n in view.within(root) if n.shown and n.role == "heading" and n.name]
    names = [n.name for n in (view.nodes[root], *around) if n.role in {"dialog", "form", "region"} and n.name]
    if inside or names:
        return (inside or names)[0]
    headings = (n.name for a in around for n in view.within(a.index) if n.shown and n.role == "heading" and n.name)
    return next(headings, "")


def sends(view: PageView, button: Node) -> bool:
    """Whether a control sends the HTML form that it stands in."""
    kind = button.attributes.get("type", "submit" if button.tag == "BUTTON" else "").lower()
    return kind in {"submit", "image"} and any(a.tag == "FORM" for a in view.ancestors(button.index))


def _holder(view: PageView, button: Node) -> int | None:
    """The nearest element around the control that holds fields: a form, dialog or main part before all else."""
    lineage = list(view.ancestors(button.index))
    named = [node for node in lineage if node.tag == "FORM" or node.role in _HOLDERS]
    holding = (node.index for node in (*named, *lineage) if holds_field(view, node.index))
    return next(holding, None)


# -- forms of several steps

_NO_FIELDS = frozenset({"hidden", "submit", "button", "reset", "image"})
_SENDING = frozenset({"submit", "image"})
_NO_TEXT = frozenset({"OPTION", "SCRIPT", "STYLE", "TEMPLATE"})
_TYPED = frozenset({"text", "email", "tel", "textarea"})
_MOST_HIDDEN_WORDS = 60
_STEP_DOUBTS = ("withdrawal.words", "opposite.words", "lookalike.words", "elsewhere.words")


def _first_step(
    view: PageView, surface: str, form: Node, words: PageWords, table: ObjectionTable | None
) -> FoundForm | None:
    """
    A form of which the first step alone is shown; None where what comes behind it is not plain.

    Every field of the form is shown or is one to write in that the form is known to have, one button leads on and sends
    nothing, and what is hidden holds the one control that sends, in known words, and no word of taking an objection
    back or of another matter: a later step might ask or say anything.
    """
    inside = list(view.within(form.index))
    buttons = [node for node in inside if _is_button(node)]
    shown = [node for node in buttons if node.shown]
    sending = [node for node in buttons if not node.shown and _type(node) in _SENDING]
    later = _later_fields(view, form, words)
    if later is None or len(sending) != 1 or len(shown) != 1:
        return None
    called = _text_or_value(view, sending[0])
    leads_on = _type(shown[0]) == "button" and "disabled" not in shown[0].attributes
    rest = [node.text for node in inside if not node.shown and _is_said(view, node)]
    known = fold_label(called) in words.names("form.submit")
    found = _found(view, surface, form.index, shown[0], words, table)
    if found is None or not (leads_on and known and _is_plain(words, rest, called, shown[0])):
        return None
    whole = replace(found.form, submit=quote(called))
    if table is not None:
        whole = replace(whole, shape=shape_of((*whole.fields, *later), table.shapes, words.labels))
    return replace(found, form=whole, submit=None)


def _later_fields(view: PageView, form: Node, words: PageWords) -> tuple[Field, ...] | None:
    """The fields of a form that are not shown; None where one of them is not known, or none is shown."""
    asked = [node for node in view.within(form.index) if _can_be_filled(node)]
    later = [_later_field(view, form, node, asked, words) for node in asked if not node.shown]
    known = tuple(field for field in later if field is not None)
    return known if len(known) == len(later) < len(asked) else None


def _text_or_value(view: PageView, button: Node) -> str:
    text = " ".join(node.text for node in view.within(button.index) if node.tag == "#text").strip()
    return text or button.attributes.get("value", "")


def _is_plain(words: PageWords, hidden: Sequence[str], called: str, on: Node) -> bool:
    """Whether hidden steps say little, and neither they nor their buttons speak of undoing or of another matter."""
    rest = " ".join(hidden)
    doubts = (words.with_english.find_word(key, text) for key in _STEP_DOUBTS for text in (rest, called, on.name))
    return len(rest.split()) <= _MOST_HIDDEN_WORDS and not any(doubts)


def _is_button(node: Node) -> bool:
    return node.tag == "BUTTON" or node.role == "button" or (node.tag == "INPUT" and _type(node) in _SENDING)


def _can_be_filled(node: Node) -> bool:
    editable = node.attributes.get("contenteditable", "false") not in {"false", "inherit"}
    return editable or node.tag in {"TEXTAREA", "SELECT"} or (node.tag == "INPUT" and _type(node) not in _NO_FIELDS)


def _later_field(view: PageView, form: Node, node: Node, fields: Collection[Node], words: PageWords) -> Field | None:
    """A field of a later step, where it is one to write in that every such form may have, by its own label."""
    label = _hidden_label(view, form, node, fields)
    role = next((role for role in PURPOSES if label and words.find_word(f"{FIELD}{role}", label)), "")
    kind = "select" if node.tag == "SELECT" else "textarea" if node.tag == "TEXTAREA" else _type(node)
    fits = role == "country" if kind == "select" else role and kind in _TYPED
    required = "required" in node.attributes or node.attributes.get("aria-required") == "true"
    return Field(quote(label, LABEL_LENGTH), kind, required, node.filled, (), role) if fits else None


def _hidden_label(view: PageView, form: Node, field: Node, fields: Collection[Node]) -> str:
    """What a hidden field is called, of which the browser tells nothing: beside it, where no other field is."""
    if field.attributes.get("aria-label", "").strip():
        return field.attributes["aria-label"]
    for around in islice(view.ancestors(field.index), 3):
        others = (n for n in fields if n.index != field.index)
        if around.index == form.index or any(view.is_inside(n.index, around.index) for n in others):
            return ""
        texts = (n for n in view.within(around.index) if n.text.strip() and _is_said(view, n))
        before = [n.text.strip() for n in texts if n.index < field.index]
        if before:
            return before[-1]
    return ""


def _type(node: Node) -> str:
    return node.attributes.get("type", "submit" if node.tag == "BUTTON" else "text").lower()


def _is_said(view: PageView, node: Node) -> bool:
    return node.tag == "#text" and not any(a.tag in _NO_TEXT for a in view.ancestors(node.index))


# -- which of the documented forms it is


def shape_of(fields: tuple[Field, ...], shapes: tuple[FormShape, ...], labels: Labels) -> str:
    """Which of the documented forms this is; `other` as soon as a field is none of theirs."""
    return next((shape.name for shape in shapes if _has_shape(fields, shape, labels)), OTHER_SHAPE)


def _has_shape(fields: tuple[Field, ...], shape: FormShape, labels: Labels) -> bool:
    roles = {field.role: field for field in fields if field.role != TOPIC}
    if not set(shape.needs) <= set(roles) <= {*shape.needs, *shape.may}:
        return False
    if any(roles[role].required is True for role in shape.optional if role in roles):
        return False
    return all(_is_called(roles[role], key, labels) for role, key in shape.words.items() if role in roles)


def _is_called(field: Field, key: str, labels: Labels) -> bool:
    """Whether a field's label holds words of a key, of whatever language: the form may not be in the page's."""
    locales = labels.entries.get(key, {})
    return any(labels.find_word(key, locale, field.label) for locale in locales)


def are_copies(forms: list[Form]) -> bool:
    """
    Whether all are one form, drawn more than once: whichever one reads, it says the same.

    Where both carry the same ids in their markup, the browser gives the labels of both to the first.
    """
    first, *others = forms
    return all(
        (form.form_id, form.submit, form.submit_enabled) == (first.form_id, first.submit, first.submit_enabled)
        and len(form.fields) == len(first.fields)
        and all(
            (field.kind, field.required, field.options) == (own.kind, own.required, own.options)
            and fold_label(field.label) in fold_label(own.label)
            for field, own in zip(form.fields, first.fields, strict=True)
        )
        for form in others
    )


def _twins(form: Form) -> bool:
    typed = [fold_label(f.label) for f in form.fields if f.kind not in {"radio", "checkbox"} and f.label]
    return len(typed) != len(set(typed))
