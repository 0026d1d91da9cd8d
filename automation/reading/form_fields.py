"""
One field of a form: what it is called and for, whether it is required or filled in, and what it offers.

Works on what the browser exposes (roles and names), so a field of HTML, one made of `div`s and one in a frame read
alike. What was typed is never read, only whether something is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from automation.core.observations import Field
from automation.flow.control_table import OTHER_SHAPE, FormShape
from automation.page import Node, PageView
from automation.text.labels import Labels
from automation.text.normalizing import base_language, fold, fold_label, quote, spell_out
from automation.text.page_words import PageWords

TOPIC = "topic"
"""Purpose of a choice that says what the objection is about, and neither undoes nor changes it."""
_PURPOSES = ("country", "email", "code", "reason")
"""Looked for in this order; a service's form may have others, each by its words under `field.…`."""
_FIELD, _STATEMENT = "field.", "statement"
"""Beginning of the keys of their words; a box that says that what was written is true, and nothing else."""
_LONGEST_LABEL, _LONGEST_OPTION, _LONGEST_CHOSEN = 160, 80, 60
_COUNTRIES_FROM, _MOST_OPTIONS_KEPT = 16, 40
_FIELD_ROLES = frozenset(
    {
        "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "switch",
        "Date", "DateTime", "InputTime",
    }
)  # fmt: skip
CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})
_CELLS = frozenset({"cell", "gridcell", "rowheader", "columnheader"})
_MAY_CHANGE_IT = "choice.doubts"
"""Words that take the objection back, narrow it, allow the use, or answer a question whether to."""
_YES_OR_NO = re.compile(r"^(?:yes|no|oui|non|ja|nein)\b")
_OPTIONAL = ("(optional)", "(facultatif)", "(optionnel)", "(facoltativo)", "(opcional)")
SENDING = frozenset({"submit", "image"})
_NO_FIELDS = SENDING | {"hidden", "button", "reset"}
_NO_TEXT = frozenset({"OPTION", "SCRIPT", "STYLE", "TEMPLATE"})
_TYPED = frozenset({"text", "email", "tel", "textarea"})


def is_field(view: PageView, node: Node) -> bool:
    """Whether a node is something that a person fills in, outside of the site's own frame."""
    if not node.shown or node.tag == "#text" or node.role not in _FIELD_ROLES:
        return False
    # A combobox made of divs may hold its own textbox; the outer one counts.
    return not any(a.role in CHROME or a.role == "combobox" for a in view.ancestors(node.index))


def holds_field(view: PageView, index: int) -> bool:
    """Whether a field stands in an element."""
    return any(is_field(view, inner) for inner in view.within(index))


def asks(view: PageView, words: PageWords) -> bool:
    """Whether a page has a field of the form; a search, a survey or a list of languages is none."""
    fields = (node for node in view.shown_nodes() if is_field(view, node) and not view.covered(node.index))
    return any(read_field(view, node, words).role not in {"other", TOPIC} for node in fields)


def read_field(view: PageView, node: Node, words: PageWords) -> Field:
    """What a field is called and for, and whether it is required and filled; never what was typed."""
    is_list = node.tag == "SELECT"
    inside = list(view.within(node.index))
    listed = [n for n in inside if (n.tag == "OPTION" if is_list else n.role == "option" and n.name)]
    options = [n.name or "".join(text.text for text in view.within(n.index)).strip() for n in listed]
    label, kind = _label(view, node), _kind(node)
    role = _purpose(node, kind, label, words, len(options))
    role = TOPIC if role == "other" and _is_topic(view, node, words) else role
    shown = "".join(n.text for n in inside if n.shown).strip()
    selected = (o for n, o in zip(listed, options, strict=True) if n.selected and n.attributes.get("value", "x"))
    chosen = next(selected, "") if is_list else shown
    kept = tuple(quote(option, _LONGEST_OPTION) for option in options)
    return Field(
        label=quote(label, _LONGEST_LABEL),
        kind=kind,
        required=_required(node, label),
        filled=_filled(view, node),
        options=kept if len(options) <= _MOST_OPTIONS_KEPT else (f"{len(options)} options",),
        role=role,
        chosen=(quote(chosen, _LONGEST_CHOSEN) or None) if role == "country" else None,
    )


def _label(view: PageView, node: Node) -> str:
    """The accessible name; without one, what its place in a table tells, or the text just before it in its group."""
    if told := node.name if node.name.strip() else _label_before(view, node):
        return told
    for ancestor in islice(view.ancestors(node.index), 3):
        before = [n for n in view.within(ancestor.index) if n.index < node.index and n.shown and n.text.strip()]
        if before:
            return before[-1].text
    return node.attributes.get("placeholder", "")


def input_type(node: Node) -> str:
    """The type of an input or button, be it the one of those that state none."""
    return node.attributes.get("type", "submit" if node.tag == "BUTTON" else "text").lower()


def _kind(node: Node) -> str:
    if node.tag == "INPUT":
        return "text" if input_type(node) in {"", "search"} else input_type(node)
    # The browser calls everything editable multi-line; only the page's own word counts.
    if node.tag == "TEXTAREA" or node.attributes.get("aria-multiline") == "true":
        return "textarea"
    if node.role in {"combobox", "listbox"}:
        return "select"
    return "text" if node.role in {"textbox", "searchbox"} else node.role


def _purpose(node: Node, kind: str, label: str, words: PageWords, options: int) -> str:
    completed = node.attributes.get("autocomplete", "").removesuffix("-name").replace("one-time-", "")
    sure = next((purpose for purpose in ("code", "email", "country") if purpose in {completed, kind}), None)
    if sure is not None:
        return sure
    stated = words.find_sentence(f"{_FIELD}{_STATEMENT}", label) if kind == "checkbox" else None
    if stated is not None and not stated[1].strip(" .*"):
        return _STATEMENT
    for purpose in purposes(words.labels):
        chosen_from = purpose != "country" or kind in {"select", "text"}
        if chosen_from and words.find_word(f"{_FIELD}{purpose}", label):
            return purpose
    if kind == "textarea":
        return "reason"
    if kind == "select" and options >= _COUNTRIES_FROM:
        return "country"
    return "email" if "mail" in fold(node.attributes.get("name", "")) else "other"


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
    # An HTML control without the attribute is optional to the browser; one made of divs says nothing.
    optional = node.tag in {"INPUT", "TEXTAREA", "SELECT"} or any(word in fold(label) for word in _OPTIONAL)
    return False if optional else None


def _filled(view: PageView, node: Node) -> bool | None:
    if node.ticked is not None:
        return node.ticked
    if node.tag == "SELECT":
        chosen = [n for n in view.within(node.index) if n.tag == "OPTION" and n.selected]
        return any(n.attributes.get("value", n.name).strip() for n in chosen)
    if node.filled is not None:
        return node.filled
    if node.role in {"checkbox", "radio", "switch"}:
        return {"true": True, "false": False}.get(node.attributes.get("aria-checked", ""))
    return bool("".join(n.text for n in view.within(node.index)).strip()) if node.role == "textbox" else None


def _is_topic(view: PageView, node: Node, words: PageWords) -> bool:
    """
    Whether a radio button is one of several that name what an objection is about: "My own posts", "Third parties".

    Nothing in the group may speak of a use, of an objection that exists, or of "yes" or "no" save where the question is
    whose information it is, in a language whose words for that are known.
    """
    known = words.wherever_known(_MAY_CHANGE_IT)
    around = next((a for a in view.ancestors(node.index) if len(_radios(view, a)) > 1), None)
    if node.role != "radio" or around is None or base_language(view.locale) not in {"", *known.languages}:
        return False
    group = [n for n in _radios(view, around) if n.attributes.get("name") == node.attributes.get("name")]
    if len(group) < 2 or not all(radio.name.strip() for radio in group):
        return False
    asked = [spell_out(fold(text)) for text in (around.name, *_question(view, around, group[0]))]
    named = [spell_out(fold(radio.name)) for radio in group]
    if any((hit := known.find_sentence("choice.whose", text)) and hit[1].strip() == "?" for text in asked):
        named = [_YES_OR_NO.sub("", text) for text in named]
    alone = known.names(_MAY_CHANGE_IT)
    return not any(known.find_word(_MAY_CHANGE_IT, t) or fold_label(t).strip(" .") in alone for t in (*named, *asked))


def _radios(view: PageView, around: Node) -> list[Node]:
    return [node for node in view.within(around.index) if node.role == "radio" and node.shown]


def _question(view: PageView, around: Node, first: Node) -> list[str]:
    """What stands in a group before its first choice, or right before the group."""
    texts = [n for n in view.nodes if n.tag == "#text" and n.shown and n.index < first.index and n.text.strip()]
    inside = [n.text for n in texts if view.is_inside(n.index, around.index)]
    return inside[-3:] or [n.text for n in texts[-1:]]


# -- what only a field's place tells


def _label_before(view: PageView, node: Node) -> str:
    """
    A field's label in the nearest table or list of definitions around it that has one; else empty.

    A cell, or a row, that holds another field labels that one. Tables within cells are climbed out of.
    """
    for around in view.ancestors(node.index):
        if around.tag == "FORM":
            return ""
        is_definition = around.tag == "DD" or around.role == "definition"
        if not is_definition and not _is_cell(around):
            continue
        found = _term_before(view, around) if is_definition else _cell_before(view, around)
        if found or sum(is_field(view, inner) for inner in view.within(around.index)) > 1:
            return found
    return ""


def _term_before(view: PageView, definition: Node) -> str:
    before = _siblings_before(view, definition)
    found = (i for i in before if view.nodes[i].tag == "DT" or view.nodes[i].role == "term" or holds_field(view, i))
    nearest = next(found, None)
    return "" if nearest is None or holds_field(view, nearest) else _short_text(view, nearest)


def _cell_before(view: PageView, cell: Node) -> str:
    """The cell before this one in its row; else what stands above it, in a row that holds no field."""
    row = view.nodes[cell.parent]
    cells = [index for index in view.children.get(row.index, ()) if _is_cell(view.nodes[index])]
    place, marks = cells.index(cell.index) if cell.index in cells else 0, ""
    for index in reversed(cells[:place]):
        if holds_field(view, index):
            break
        text = _short_text(view, index)
        if any(map(str.isalnum, text)):
            return f"{text} {marks}".strip()
        marks = text or marks  # "*" in a cell of its own
    rows = _siblings_before(view, row)
    above = next((i for i in rows if _short_text(view, i) or holds_field(view, i)), None)
    if above is None or holds_field(view, above):
        return ""
    heads = [index for index in view.children.get(above, ()) if _is_cell(view.nodes[index])]
    if len(heads) == len(cells):
        return _short_text(view, heads[place])
    alone = len(heads) == 1 and not any(holds_field(view, index) for index in cells[:place])
    return _short_text(view, heads[0]) if alone else ""


def _siblings_before(view: PageView, node: Node) -> tuple[int, ...]:
    """Nearest first."""
    children = view.children.get(node.parent, ())
    return children[: children.index(node.index)][::-1] if node.index in children else ()


def _is_cell(node: Node) -> bool:
    return node.tag in {"TD", "TH"} or node.role in _CELLS


def _short_text(view: PageView, index: int) -> str:
    """What an element says; nothing where that is too long for a label: instructions."""
    text = " ".join(view.text(index).split())
    return text if len(text) <= _LONGEST_LABEL else ""


# -- fields of later steps, of which the browser tells nothing yet


def read_hidden_field(view: PageView, form: Node, node: Node, fields: Sequence[Node], words: PageWords) -> Field | None:
    """A field of a later step, where it is one to write in that every such form may have, by its own label."""
    label = _hidden_label(view, form, node, fields)
    found = (role for role in _PURPOSES if label and words.find_word(f"{_FIELD}{role}", label))
    role = next(found, "")
    kind = "select" if node.tag == "SELECT" else "textarea" if node.tag == "TEXTAREA" else input_type(node)
    fits = role == "country" if kind == "select" else role and kind in _TYPED
    required = "required" in node.attributes or node.attributes.get("aria-required") == "true"
    return Field(quote(label, _LONGEST_LABEL), kind, required, node.filled, (), role) if fits else None


def _hidden_label(view: PageView, form: Node, field: Node, fields: Sequence[Node]) -> str:
    """What a hidden field is called, of which the browser tells nothing: beside it, where no other field is."""
    if field.attributes.get("aria-label", "").strip():
        return field.attributes["aria-label"]
    for around in islice(view.ancestors(field.index), 3):
        inside = [n for n in view.within(around.index) if n.index != field.index]
        if around.index == form.index or {n.index for n in fields}.intersection(n.index for n in inside):
            return ""
        before = (n for n in inside if n.index < field.index and n.text.strip() and is_said(view, n))
        if texts := [n.text.strip() for n in before]:
            return texts[-1]
    return ""


def can_be_filled(node: Node) -> bool:
    """Whether an element is made to be filled in, be it shown or not."""
    editable = node.attributes.get("contenteditable", "false") not in {"false", "inherit"}
    return (
        editable or node.tag in {"TEXTAREA", "SELECT"} or (node.tag == "INPUT" and input_type(node) not in _NO_FIELDS)
    )


def is_said(view: PageView, node: Node) -> bool:
    """Whether a node is a text that a page says once it shows it."""
    return node.tag == "#text" and not any(a.tag in _NO_TEXT for a in view.ancestors(node.index))


# -- which of the documented forms it is


def shape_of(fields: Sequence[Field], shapes: Sequence[FormShape], labels: Labels) -> str:
    """Which of the documented forms this is; `other` as soon as a field is none of theirs."""
    roles = {field.role: field for field in fields if field.role != TOPIC}

    def is_called(field: Field, key: str) -> bool:  # in whatever language: the form may not be in the page's
        return any(labels.find_word(key, locale, field.label) for locale in labels.entries.get(key, {}))

    def fits(shape: FormShape) -> bool:
        known = set(shape.needs) <= set(roles) <= {*shape.needs, *shape.may}
        optional = all(roles[role].required is not True for role in shape.optional if role in roles)
        return known and optional and all(is_called(roles[r], key) for r, key in shape.words.items() if r in roles)

    return next((shape.name for shape in shapes if fits(shape)), OTHER_SHAPE)
