"""Fields that nothing names but the cell, the term or the row before them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import flows
from automation.flow.objection_table import ObjectionTable
from automation.reading.form.fields import find_forms
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

FLOW = "facebook.ai_objection"
EMAIL, REASON, COUNTRY = "Email address", "How this processing impacts you (optional)", "Country of residence"


def field(tag: str = "input") -> Part:
    """A field without a name, deep in boxes."""
    inner = el(tag, role="textbox", name="", type="text")
    return el("div", el("div", el("div", el("div", inner))))


def select() -> Part:
    """A list without a name."""
    options = (el("option", country, role="option") for country in ("France", "Spain"))
    return el("select", *options, role="combobox", name="")


def table(*rows: Sequence[Part | str]) -> Part:
    """A table of rows of cells."""
    return el("table", el("tbody", *(el("tr", *(el("td", cell) for cell in cells)) for cells in rows)))


def read(labels: Labels, *inside: Part) -> tuple[list[tuple[str, str]], str]:
    """The labels and purposes of a form's fields, and which of the known forms it is."""
    rule = flows.find(only={FLOW}).flows[FLOW].rule
    assert isinstance(rule, ObjectionTable)
    view = page(el("main", el("form", *inside, el("button", "Submit", type="submit"))))
    (found,) = find_forms(view, "form", PageWords.of(labels, "en"), rule)
    return [(one.label, one.role) for one in found.form.fields], found.form.shape


NESTED = table((table((table((field(),)),)),))
KNOWN = [
    (table((EMAIL, field()), (REASON, field())),),
    (table((EMAIL,), (field(),), (REASON,), (field("textarea"),)),),
    (table((EMAIL, NESTED), (REASON, field("textarea"))),),
    (el("dl", el("dt", EMAIL), el("dd", field()), el("dt", REASON), el("dd", field("textarea"))),),
    (
        el(
            "dl",
            el("div", el("dt", EMAIL), el("dd", field())),
            el("div", el("dt", REASON), el("dd", field("textarea"))),
        ),
    ),
    (table((EMAIL, REASON), (field(), field("textarea"))),),
]


@pytest.mark.parametrize("inside", KNOWN)
def test_a_field_is_called_what_stands_before_it(meta_labels: Labels, inside: tuple[Part, ...]) -> None:
    """In the cell or term before, in the row above, at the head of its column, and around tables within cells."""
    assert read(meta_labels, *inside) == ([(EMAIL, "email"), (REASON, "reason")], "eu_2025")


def test_a_list_in_a_table_is_told_by_its_cell(meta_labels: Labels) -> None:
    """Too few countries to be known as such."""
    fields, shape = read(meta_labels, table((COUNTRY, select()), (EMAIL, "*", field()), ("Reason", field("textarea"))))
    assert ([role for _, role in fields], fields[1][0], shape) == (
        ["country", "email", "reason"],
        f"{EMAIL} *",
        "eu_2024",
    )


@pytest.mark.parametrize(
    "inside",
    [
        (table((EMAIL, field(), field())),),
        (table((EMAIL, field()), ("", field())),),
        (table((EMAIL, field())), table((field(),))),
        (el("dl", el("dt", EMAIL), el("dd", field()), el("dd", field())),),
        (table((EMAIL, "", field()), (field(), "", field())),),
    ],
)
def test_a_label_is_that_of_one_field(meta_labels: Labels, inside: tuple[Part, ...]) -> None:
    """A field without a label of its own is none that is known, and so is its form."""
    fields, shape = read(meta_labels, *inside)
    assert [role for _, role in fields].count("email") == 1
    assert shape == "other"


def test_instructions_are_no_label(meta_labels: Labels) -> None:
    """What is too long for a label may name anything."""
    told = "We will write to your email address when we have looked at how this processing impacts you. " * 2
    assert read(meta_labels, table((told,), (field(),))) == ([("", "other")], "other")
