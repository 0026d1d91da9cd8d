"""
Reading a form: its fields, its submit control, and a fingerprint of its structure.

Works on what the browser exposes (roles and names), so an HTML form, a form made of `div`s and one in a frame
read alike. What was typed is never read, only whether something is there.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from automation.domain.observations import Field, Form
from automation.flow.objection_table import OTHER_SHAPE
from automation.reading.form.cells import label_before
from automation.reading.form.steps import later_steps
from automation.reading.form.topics import TOPIC, is_topic
from automation.text.normalizing import fold, fold_label, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.flow.objection_table import FormShape, ObjectionTable
    from automation.page import Node, PageView
    from automation.text.labels import Labels
    from automation.text.page_words import PageWords

_FIELD_ROLES = frozenset(
    {
        "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "switch",
        "Date", "DateTime", "InputTime",
    }
)  # fmt: skip
_BUTTONS = frozenset({"button"})
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})
_HOLDERS = frozenset({"form", "dialog", "alertdialog", "main"})
_FIELD = "field."
_PURPOSES = ("country", "email", "code", "reason")
"""Looked for in this order; a service's form may have others, each by its words under `field.…`."""
_STATEMENT = "statement"
"""A box that says that what was written is true, and nothing else."""


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
        if button.role not in _BUTTONS or _in_chrome(view, button):
            continue
        posts = sends(view, button)
        if not posts and fold_label(button.name) not in known:
            continue
        root = _holder(view, button)
        if root is None or root in found:
            continue
        one = _found(view, surface, root, button, words, table)
        if one is not None:
            found[root] = one
    for node in view.shown_nodes():
        if node.tag != "FORM" or node.index in found or _in_chrome(view, node):
            continue
        later = later_steps(view, node, known, words)
        way_on = next((n for n in view.within(node.index) if n.shown and n.role in _BUTTONS), None)
        one = _found(view, surface, node.index, way_on, words, table) if later and way_on else None
        if one is not None and later is not None:
            form = replace(one.form, submit=quote(later.submit))
            if table is not None:
                form = replace(form, shape=shape_of((*form.fields, *later.fields), table.shapes, words.labels))
            found[node.index] = replace(one, form=form, submit=None)
    return list(found.values())


def _found(
    view: PageView, surface: str, root: int, button: Node, words: PageWords, table: ObjectionTable | None
) -> FoundForm | None:
    """The form that an element holds, with the control that sends it or leads on; None where it has no field."""
    fields = tuple(_fields(view, root, words))
    if not fields or _searches(fields, button):
        return None
    form = _form(view, surface, root, button, fields)
    if table is not None:
        shape = shape_of(fields, table.shapes, words.labels)
        form = replace(form, form_id=_id_in(view, root, table.id_fields), shape=shape)
    inputs = [n for n in view.within(root) if _is_field(view, n)]
    locked = all(n.properties.get("disabled") is True for n in inputs)
    return FoundForm(form, root, button.index, tuple(n.index for n in inputs), locked or view.covered(button.index))


def _searches(fields: tuple[Field, ...], button: Node) -> bool:
    """Whether the one field of a form is called as its button is: "Search" beside "Search", on every page of a site."""
    called = fold_label(button.name)
    return len(fields) == 1 and bool(called) and fields[0].kind == "text" and fold_label(fields[0].label) == called


def _id_in(view: PageView, root: int, names: tuple[str, ...]) -> str | None:
    """The id that a hidden field of the form carries."""
    hidden = {
        n.attributes.get("name", ""): n.attributes.get("value", "")
        for n in view.within(root)
        if n.tag == "INPUT" and n.attributes.get("type", "").lower() == "hidden"
    }
    return next((hidden[name] for name in names if hidden.get(name)), None)


def _form(view: PageView, surface: str, root: int, button: Node, fields: tuple[Field, ...]) -> Form:
    node = view.nodes[root]
    heading = next((h.name for h in _headings_for(view, root)), "")
    enabled = not (
        button.properties.get("disabled") is True
        or button.attributes.get("aria-disabled") == "true"
        or "disabled" in button.attributes
    )
    return Form(
        surface=surface,
        form_id=None,
        heading=quote(heading),
        fields=fields,
        submit=quote(button.name) or None,
        submit_enabled=enabled,
        shape=OTHER_SHAPE,
        fingerprint=_fingerprint(fields, button.name),
        dom="legacy" if node.tag == "FORM" and node.attributes.get("action") else "client",
        in_frame=node.document != 0,
    )


def sends(view: PageView, button: Node) -> bool:
    """Whether a control sends the HTML form that it stands in."""
    kind = button.attributes.get("type", "submit" if button.tag == "BUTTON" else "").lower()
    return kind in {"submit", "image"} and any(a.tag == "FORM" for a in view.ancestors(button.index))


def _in_chrome(view: PageView, node: Node) -> bool:
    return any(a.role in _CHROME for a in view.ancestors(node.index))


def _holder(view: PageView, button: Node) -> int | None:
    """The nearest element around the control that holds fields: a form, dialog or main part before all else."""
    lineage = list(view.ancestors(button.index))
    for node in lineage:
        holds = node.tag == "FORM" or node.role in _HOLDERS
        if holds and any(_is_field(view, n) for n in view.within(node.index)):
            return node.index
    for node in lineage:
        if any(_is_field(view, n) for n in view.within(node.index)):
            return node.index
    return None


def _is_field(view: PageView, node: Node) -> bool:
    if not node.shown or node.tag == "#text" or node.role not in _FIELD_ROLES or _in_chrome(view, node):
        return False
    # A combobox made of divs may hold its own textbox; the outer one counts.
    return not any(a.role == "combobox" for a in view.ancestors(node.index))


def asks(view: PageView, words: PageWords) -> bool:
    """Whether a page has a field of the form; a search, a survey or a list of languages is none."""
    fields = (node for node in view.shown_nodes() if _is_field(view, node) and not view.covered(node.index))
    return any(
        _purpose(node, _kind(node), _label(view, node), words, len(_options(view, node))) != "other" for node in fields
    )


def _fields(view: PageView, root: int, words: PageWords) -> Iterable[Field]:
    for node in view.within(root):
        if not _is_field(view, node):
            continue
        label = _label(view, node)
        kind = _kind(node)
        options = _options(view, node)
        role = _purpose(node, kind, label, words, len(options))
        role = TOPIC if role == "other" and is_topic(view, node) else role
        yield Field(
            label=quote(label, 160),
            kind=kind,
            required=_required(node, label),
            filled=_filled(view, node),
            options=tuple(quote(o, 80) for o in options) if len(options) <= 40 else (f"{len(options)} options",),
            role=role,
            chosen=_chosen(view, node) if role == "country" else None,
        )


def _label(view: PageView, node: Node) -> str:
    """The accessible name; without one, what its place in a table tells, or the text just before it in its group."""
    if node.name.strip():
        return node.name
    if beside := label_before(view, node, lambda other: _is_field(view, other)):
        return beside
    for ancestor in list(view.ancestors(node.index))[:3]:
        before = [n for n in view.within(ancestor.index) if n.index < node.index and n.shown and n.text.strip()]
        if before:
            return before[-1].text
    return node.attributes.get("placeholder", "")


def _kind(node: Node) -> str:
    if node.tag == "INPUT":
        kind = node.attributes.get("type", "text").lower()
        return "text" if kind in {"", "search"} else kind
    # The browser calls everything editable multi-line; only the page's own word counts.
    if node.tag == "TEXTAREA" or node.attributes.get("aria-multiline") == "true":
        return "textarea"
    if node.role in {"combobox", "listbox"}:
        return "select"
    return "text" if node.role in {"textbox", "searchbox"} else node.role


def _purpose(node: Node, kind: str, label: str, words: PageWords, options: int) -> str:
    attributes = node.attributes
    if attributes.get("autocomplete") == "one-time-code" or kind == "code":
        return "code"
    if kind == "email" or attributes.get("autocomplete") == "email":
        return "email"
    if attributes.get("autocomplete") in {"country", "country-name"}:
        return "country"
    stated = words.find_sentence(f"{_FIELD}{_STATEMENT}", label) if kind == "checkbox" else None
    if stated is not None and not stated[1].strip(" .*"):
        return _STATEMENT
    for purpose in purposes(words.labels):
        if words.find_word(f"{_FIELD}{purpose}", label):
            if purpose == "country" and kind not in {"select", "text"}:
                continue
            return purpose
    if kind == "textarea":
        return "reason"
    if kind == "select" and options > 15:
        return "country"
    return "email" if "mail" in fold(attributes.get("name", "")) else "other"


def purposes(labels: Labels) -> list[str]:
    """What a field can be told to be for: those of every objection, then those that the flow's words name."""
    named = sorted(key.removeprefix(_FIELD) for key in labels.entries if key.startswith(_FIELD))
    return list(dict.fromkeys((*_PURPOSES, *named)))


def _required(node: Node, label: str) -> bool | None:
    if node.properties.get("required") is True or "required" in node.attributes:
        return True
    if node.attributes.get("aria-required") in {"true", "false"}:
        return node.attributes["aria-required"] == "true"
    if label.rstrip().endswith("*"):
        return True
    folded = fold(label)
    if any(word in folded for word in ("(optional)", "(facultatif)", "(optionnel)", "(facoltativo)", "(opcional)")):
        return False
    # An HTML control without the attribute is optional to the browser; one made of divs says nothing.
    return False if node.tag in {"INPUT", "TEXTAREA", "SELECT"} else None


def _filled(view: PageView, node: Node) -> bool | None:
    if node.ticked is not None:
        return node.ticked
    if node.tag == "SELECT":
        chosen = [n for n in view.within(node.index) if n.tag == "OPTION" and n.selected]
        return any(n.attributes.get("value", n.name).strip() for n in chosen)
    if node.filled is not None:
        return node.filled
    if node.role in {"checkbox", "radio", "switch"}:
        state = node.attributes.get("aria-checked")
        return None if state not in {"true", "false"} else state == "true"
    if node.role == "textbox":
        return bool("".join(n.text for n in view.within(node.index)).strip())
    return None


def _options(view: PageView, node: Node) -> list[str]:
    if node.tag == "SELECT":
        return [_option_text(view, n) for n in view.within(node.index) if n.tag == "OPTION"]
    return [n.name for n in view.within(node.index) if n.role == "option" and n.name]


def _option_text(view: PageView, option: Node) -> str:
    return option.name or "".join(n.text for n in view.within(option.index)).strip()


def _chosen(view: PageView, node: Node) -> str | None:
    if node.tag == "SELECT":
        chosen = [
            n for n in view.within(node.index) if n.tag == "OPTION" and n.selected and n.attributes.get("value", "x")
        ]
        return quote(_option_text(view, chosen[0]), 60) if chosen else None
    text = "".join(n.text for n in view.within(node.index) if n.shown).strip()
    return quote(text, 60) or None


def _headings_for(view: PageView, root: int) -> list[Node]:
    """Headings of a form, nearest first: inside it, then of what holds it."""
    inside = [n for n in view.within(root) if n.shown and n.role == "heading" and n.name]
    names = [a for a in (view.nodes[root], *view.ancestors(root)) if a.role in {"dialog", "form", "region"} and a.name]
    around = [
        n for a in view.ancestors(root) for n in view.within(a.index) if n.shown and n.role == "heading" and n.name
    ]
    return [*inside, *names, *around]


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


def _fingerprint(fields: tuple[Field, ...], submit: str) -> str:
    structure = [[f.kind, f.role, fold_label(f.label), f.required, sorted(map(fold, f.options))] for f in fields]
    return hashlib.sha256(json.dumps([structure, fold_label(submit)], ensure_ascii=False).encode()).hexdigest()
