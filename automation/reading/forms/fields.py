"""
One field of a form: what it is called and for, whether it is required or filled in, and what it offers.

Works on what the browser exposes (roles and names), so a field of HTML, one made of `div`s and one in a frame read
alike. What was typed is never read, only whether something is there.
"""

from __future__ import annotations

import re

from automation.core.observations import Field
from automation.page import Node, PageView
from automation.text.labels import Labels
from automation.text.normalizing import base_language, fold, fold_label, quote, spell_out
from automation.text.page_words import PageWords

TOPIC = "topic"
"""Purpose of a choice that says what the objection is about, and neither undoes nor changes it."""
PURPOSES = ("country", "email", "code", "reason")
"""Looked for in this order; a service's form may have others, each by its words under `field.…`."""
FIELD = "field."
"""Beginning of the keys of their words."""
LABEL_LENGTH = 160
"""Longer texts are instructions."""
_STATEMENT = "statement"
"""A box that says that what was written is true, and nothing else."""
_FIELD_ROLES = frozenset(
    {
        "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "switch",
        "Date", "DateTime", "InputTime",
    }
)  # fmt: skip
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})
_MAY_CHANGE_IT = "choice.doubts"
"""Words that take the objection back, narrow it, allow the use, or answer a question whether to."""
_YES_OR_NO = re.compile(r"^(?:yes|no|oui|non|ja|nein)\b")
_COUNTRIES_FROM, _MOST_OPTIONS_KEPT = 16, 40
_OPTION_LENGTH, _CHOSEN_LENGTH = 80, 60


def is_field(view: PageView, node: Node) -> bool:
    """Whether a node is something that a person fills in, outside of the site's own frame."""
    if not node.shown or node.tag == "#text" or node.role not in _FIELD_ROLES or in_chrome(view, node):
        return False
    # A combobox made of divs may hold its own textbox; the outer one counts.
    return not any(a.role == "combobox" for a in view.ancestors(node.index))


def in_chrome(view: PageView, node: Node) -> bool:
    """Whether a node belongs to the site's own frame."""
    return any(a.role in _CHROME for a in view.ancestors(node.index))


def holds_field(view: PageView, index: int) -> bool:
    """Whether a field stands in an element."""
    return any(is_field(view, inner) for inner in view.within(index))


def asks(view: PageView, words: PageWords) -> bool:
    """Whether a page has a field of the form; a search, a survey or a list of languages is none."""
    fields = (node for node in view.shown_nodes() if is_field(view, node) and not view.covered(node.index))
    return any(
        _purpose(node, _kind(node), _label(view, node), words, len(_options(view, node))) != "other" for node in fields
    )


def read_field(view: PageView, node: Node, words: PageWords) -> Field:
    """What a field is called and for, and whether it is required and filled; never what was typed."""
    label, kind, options = _label(view, node), _kind(node), _options(view, node)
    role = _purpose(node, kind, label, words, len(options))
    role = TOPIC if role == "other" and _is_topic(view, node, words) else role
    kept = [quote(option, _OPTION_LENGTH) for option in options]
    return Field(
        label=quote(label, LABEL_LENGTH),
        kind=kind,
        required=_required(node, label),
        filled=_filled(view, node),
        options=tuple(kept) if len(options) <= _MOST_OPTIONS_KEPT else (f"{len(options)} options",),
        role=role,
        chosen=_chosen(view, node) if role == "country" else None,
    )


def _label(view: PageView, node: Node) -> str:
    """The accessible name; without one, what its place in a table tells, or the text just before it in its group."""
    if node.name.strip():
        return node.name
    if beside := _label_before(view, node):
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
    stated = words.find_sentence(f"{FIELD}{_STATEMENT}", label) if kind == "checkbox" else None
    if stated is not None and not stated[1].strip(" .*"):
        return _STATEMENT
    for purpose in purposes(words.labels):
        if words.find_word(f"{FIELD}{purpose}", label):
            if purpose == "country" and kind not in {"select", "text"}:
                continue
            return purpose
    if kind == "textarea":
        return "reason"
    if kind == "select" and options >= _COUNTRIES_FROM:
        return "country"
    return "email" if "mail" in fold(attributes.get("name", "")) else "other"


def purposes(labels: Labels) -> list[str]:
    """What a field can be told to be for: those of every objection, then those that the flow's words name."""
    named = sorted(key.removeprefix(FIELD) for key in labels.entries if key.startswith(FIELD))
    return list(dict.fromkeys((*PURPOSES, *named)))


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
        return quote(_option_text(view, chosen[0]), _CHOSEN_LENGTH) if chosen else None
    text = "".join(n.text for n in view.within(node.index) if n.shown).strip()
    return quote(text, _CHOSEN_LENGTH) or None


# -- choices of what the objection is about


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


def _question(view: PageView, around: Node, first: Node) -> list[str]:
    """What stands in a group before its first choice, or right before the group."""
    texts = [n for n in view.nodes if n.tag == "#text" and n.shown and n.index < first.index and n.text.strip()]
    inside = [n.text for n in texts if view.is_inside(n.index, around.index)]
    return inside[-3:] or [n.text for n in texts[-1:]]


def _radios(view: PageView, around: Node) -> list[Node]:
    return [node for node in view.within(around.index) if node.role == "radio" and node.shown]


# -- what only a field's place tells


def _label_before(view: PageView, node: Node) -> str:
    """
    A field's label in the nearest table or list of definitions around it that has one; else empty.

    A cell, or a row, that holds another field labels that one. Tables within cells are climbed out of.
    """
    for around in view.ancestors(node.index):
        if around.tag == "FORM":
            return ""
        if around.tag == "DD" or around.role == "definition":
            found = _term_before(view, around)
        elif _is_cell(around):
            found = _cell_before(view, around)
        else:
            continue
        if found or sum(is_field(view, inner) for inner in view.within(around.index)) > 1:
            return found
    return ""


def _term_before(view: PageView, definition: Node) -> str:
    for index in reversed(_siblings_before(view, definition)):
        if holds_field(view, index):
            return ""
        if view.nodes[index].tag == "DT" or view.nodes[index].role == "term":
            return _short_text(view, index)
    return ""


def _cell_before(view: PageView, cell: Node) -> str:
    """The cell before this one in its row; else what stands above it, in a row that holds no field."""
    row = view.nodes[cell.parent]
    cells = [index for index in view.children.get(row.index, ()) if _is_cell(view.nodes[index])]
    place = cells.index(cell.index) if cell.index in cells else 0
    marks = ""
    for index in reversed(cells[:place]):
        if holds_field(view, index):
            break
        text = _short_text(view, index)
        if any(map(str.isalnum, text)):
            return f"{text} {marks}".strip()
        marks = text or marks  # "*" in a cell of its own
    rows = reversed(_siblings_before(view, row))
    above = next((i for i in rows if _short_text(view, i) or holds_field(view, i)), None)
    if above is None or holds_field(view, above):
        return ""
    heads = [index for index in view.children.get(above, ()) if _is_cell(view.nodes[index])]
    if len(heads) == len(cells):
        return _short_text(view, heads[place])
    alone = len(heads) == 1 and not any(holds_field(view, index) for index in cells[:place])
    return _short_text(view, heads[0]) if alone else ""


def _siblings_before(view: PageView, node: Node) -> tuple[int, ...]:
    children = view.children.get(node.parent, ())
    return children[: children.index(node.index)] if node.index in children else ()


def _is_cell(node: Node) -> bool:
    return node.tag in {"TD", "TH"} or node.role in {"cell", "gridcell", "rowheader", "columnheader"}


def _short_text(view: PageView, index: int) -> str:
    """What an element says; nothing where that is too long for a label: instructions."""
    text = " ".join(view.text(index).split())
    return text if len(text) <= LABEL_LENGTH else ""
