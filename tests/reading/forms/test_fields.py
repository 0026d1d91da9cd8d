"""Forms of every make are read alike, in a real browser; and fields that nothing names but their place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.reading.forms import FoundForm, are_copies, find_forms
from automation.text.page_words import PageWords
from tests.conftest import Stage
from tests.reading.forms.form_pages import FLOW, SUBMIT, TABLE
from tests.reading.outline import Part, el, page

WORDS = PageWords.of(FLOW.labels, "en")
PLAIN = """<main><h1>Object</h1><form action="/ajax/help/contact/submit/page" method=post>
<input type=hidden name=support_form_id value=6359191084165019>
<label>Country of residence <select name=c required><option value="">Choose<option value=FR selected>France</select></label>
<label for=e>Email address</label><input id=e type=email name=Field1 value="a@example.org" required>
<span id=r>How this processing impacts you</span><textarea aria-labelledby=r required></textarea>
<button>Submit</button></form></main>"""
DIVS = """<div role=main><div role=heading aria-level=1>Object</div>
<div><span>Email address</span><div role=textbox contenteditable=true aria-label="Email address">a@example.org</div></div>
<div role=textbox contenteditable=true aria-multiline=true aria-label="How this impacts you (optional)"></div>
<div role=button tabindex=0 aria-disabled=true>Submit</div></div>"""
BOX = "<label>Additional information <textarea></textarea></label>"
SEARCH = '<form method=post><input aria-label="Find"><button>Find</button></form>'
DISABLED = "<main><fieldset disabled><label>Email <input type=email></label><button>Submit</button></fieldset></main>"


async def forms(stage: Stage, html: str) -> list[FoundForm]:
    """What is found in a body."""
    return find_forms(await stage.show(html, "en"), "form", WORDS, TABLE)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("html", "fields", "expected"),
    [
        (
            PLAIN,
            [("country", "select", True, True), ("email", "email", True, True), ("reason", "textarea", True, False)],
            ("6359191084165019", "Submit", True, "eu_2024", "legacy", False),
        ),
        (
            DIVS,
            [("email", "text", None, True), ("reason", "textarea", False, False)],
            (None, "Submit", False, "eu_2025", "client", False),
        ),
        (
            f"<iframe width=800 height=600 srcdoc='{PLAIN}'></iframe>",
            [("country", "select", True, True), ("email", "email", True, True), ("reason", "textarea", True, False)],
            ("6359191084165019", "Submit", True, "eu_2024", "legacy", True),
        ),
    ],
)
async def test_a_form_of_each_make(stage: Stage, html: str, fields: list[object], expected: tuple[object, ...]) -> None:
    """Purpose, kind, required and filled of each field; id, submit control, shape and make; nothing that was typed."""
    (found,) = await forms(stage, html)
    form = found.form
    assert [(f.role, f.kind, f.required, f.filled) for f in form.fields] == fields
    assert (form.form_id, form.submit, form.submit_enabled, form.shape, form.dom, form.in_frame) == expected
    assert "example.org" not in repr(form)
    if form.fields[0].kind == "select":
        assert (form.fields[0].options, form.fields[0].chosen) == (("Choose", "France"), "France")


@pytest.mark.browser
async def test_a_second_box_is_for_what_else_there_is_to_say(stage: Stage) -> None:
    """The optional one of 2024: not a second reason. One that has to be filled in is of another form."""
    (found,) = await forms(stage, PLAIN.replace("<button", f"{BOX}<button", 1))
    assert [(field.role, field.label) for field in found.form.fields][-1] == ("further", "Additional information")
    assert found.form.shape == "eu_2024"
    (found,) = await forms(stage, PLAIN.replace("<button", BOX.replace("area>", "area required>", 1) + "<button", 1))
    assert found.form.shape == "other"


@pytest.mark.browser
async def test_the_fingerprint_follows_the_structure_only(stage: Stage) -> None:
    """What is filled in leaves it alone; a field more, another label or another option changes it."""
    same = PLAIN.replace("a@example.org", "").replace(" selected", "")
    changed = (
        PLAIN.replace("<button>", "<label>More<input></label><button>"),
        PLAIN.replace("Email address", "E-mail"),
        PLAIN.replace("<option value=FR", "<option value=BE>Belgique<option value=FR"),
    )
    base, again, *others = [(await forms(stage, html))[0].form.fingerprint for html in (PLAIN, same, *changed)]
    assert base == again
    assert base not in others


@pytest.mark.browser
@pytest.mark.parametrize(
    ("html", "number"),
    [
        ("<main><h1>Object</h1><label>Email<input></label></main>", 0),
        ("<main><button>Submit</button></main>", 0),
        ("<header role=banner><form><input name=q aria-label=Search><button>Submit</button></form></header>", 0),
        ("<main><label>Email<input></label><div role=button tabindex=0>Lähetä</div></main>", 0),
        (PLAIN + SEARCH, 1),
        (PLAIN + SEARCH.replace("<button>Find", "<button>Send"), 2),
        (PLAIN + PLAIN, 2),
    ],
)
async def test_what_is_a_form(stage: Stage, html: str, number: int) -> None:
    """It has fields and a control known to send, and is no search, nor in the site's own frame."""
    assert len(await forms(stage, html)) == number


@pytest.mark.browser
@pytest.mark.parametrize(
    ("second", "copies"),
    [
        (PLAIN, True),
        (PLAIN.replace("How this processing impacts you", "Why you no longer object").replace("=r", "=own"), False),
        (PLAIN.replace("<button>Submit", "<input type=text aria-label=Name><button>Submit"), False),
        (PLAIN.replace("6359191084165019", "1994830130782319"), False),
        (PLAIN.replace("<button>", "<button disabled>"), False),
        (DIVS, False),
    ],
)
async def test_one_form_drawn_twice_is_one(stage: Stage, second: str, copies: bool) -> None:
    """Any other field, number, name or state makes it a form of its own."""
    assert are_copies([each.form for each in await forms(stage, PLAIN + second)]) is copies


@pytest.mark.browser
async def test_a_form_whose_fields_are_all_disabled_cannot_be_used(stage: Stage) -> None:
    """A disabled fieldset is a form that nobody can fill in."""
    assert all(found.covered for found in await forms(stage, DISABLED))
    assert not any(found.covered for found in await forms(stage, DISABLED.replace(" disabled", "")))


# -- fields that nothing names but the cell, the term or the row before them

MAIL, REASON, COUNTRY = "Email address", "How this processing impacts you (optional)", "Country of residence"


def field(tag: str = "input") -> Part:
    """A field without a name, deep in boxes."""
    return el("div", el("div", el("div", el("div", el(tag, role="textbox", name="", type="text")))))


def rows(*cells_of: Sequence[Part | str]) -> Part:
    """A table of rows of cells."""
    return el("table", el("tbody", *(el("tr", *(el("td", cell) for cell in cells)) for cells in cells_of)))


def read(*inside: Part) -> tuple[list[tuple[str, str]], str]:
    """The labels and purposes of a form's fields, and which of the known forms it is."""
    view = page(el("main", el("form", *inside, SUBMIT)))
    (found,) = find_forms(view, "form", WORDS, TABLE)
    return [(one.label, one.role) for one in found.form.fields], found.form.shape


TERMS = [el("dt", MAIL), el("dd", field()), el("dt", REASON), el("dd", field("textarea"))]


@pytest.mark.parametrize(
    "inside",
    [
        rows((MAIL, field()), (REASON, field())),
        rows((MAIL,), (field(),), (REASON,), (field("textarea"),)),
        rows((MAIL, rows((rows((field(),)),))), (REASON, field("textarea"))),
        rows((MAIL, REASON), (field(), field("textarea"))),
        el("dl", *TERMS),
        el("dl", el("div", *TERMS[:2]), el("div", *TERMS[2:])),
    ],
)
def test_a_field_is_called_what_stands_before_it(inside: Part) -> None:
    """In the cell or term before, in the row above, at the head of its column, and around tables within cells."""
    assert read(inside) == ([(MAIL, "email"), (REASON, "reason")], "eu_2025")


def test_a_list_in_a_table_is_told_by_its_cell() -> None:
    """Too few countries to be known as such; a mark in a cell of its own belongs to the label."""
    countries = el("select", el("option", "France", role="option"), role="combobox", name="")
    fields, shape = read(rows((COUNTRY, countries), (MAIL, "*", field()), ("Reason", field("textarea"))))
    assert fields == [(COUNTRY, "country"), (f"{MAIL} *", "email"), ("Reason", "reason")]
    assert shape == "eu_2024"


@pytest.mark.parametrize(
    "inside",
    [
        (rows((MAIL, field(), field())),),
        (rows((MAIL, field()), ("", field())),),
        (rows((MAIL, field())), rows((field(),))),
        (el("dl", el("dt", MAIL), el("dd", field()), el("dd", field())),),
        (rows((MAIL, "", field()), (field(), "", field())),),
    ],
)
def test_a_label_is_that_of_one_field(inside: tuple[Part, ...]) -> None:
    """A field without a label of its own is none that is known, and so is its form."""
    fields, shape = read(*inside)
    assert [role for _, role in fields].count("email") == 1
    assert shape == "other"


def test_instructions_are_no_label() -> None:
    """What is too long for a label may name anything."""
    told = "We will write to your email address when we have looked at how this processing impacts you. " * 2
    assert read(rows((told,), (field(),))) == ([("", "other")], "other")
