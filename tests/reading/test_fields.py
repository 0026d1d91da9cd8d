"""Forms of every make are read alike, in a real browser."""

from __future__ import annotations

import pytest

import flows
from automation.flow.objection_table import ObjectionTable
from automation.reading.form.fields import FoundForm, find_forms
from automation.reading.form.recognition import are_copies
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.conftest import Stage

pytestmark = pytest.mark.browser
FLOW = "facebook.ai_objection"

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


async def forms(stage: Stage, labels: Labels, html: str, lang: str = "en") -> list[FoundForm]:
    """What is found in a body."""
    table = flows.find(only={FLOW}).flows[FLOW].rule
    assert isinstance(table, ObjectionTable)
    return find_forms(await stage.show(html, lang), "form", PageWords.of(labels, lang), table)


async def test_an_html_form(stage: Stage, meta_labels: Labels) -> None:
    """Label, kind, purpose, required, filled and options of each field; id, submit control and make of the form."""
    (found,) = await forms(stage, meta_labels, PLAIN)
    form = found.form
    assert [(f.role, f.kind, f.required, f.filled) for f in form.fields] == [
        ("country", "select", True, True),
        ("email", "email", True, True),
        ("reason", "textarea", True, False),
    ]
    assert form.fields[0].options == ("Choose", "France")
    assert form.fields[0].chosen == "France"
    assert (form.form_id, form.submit, form.submit_enabled) == ("6359191084165019", "Submit", True)
    assert (form.shape, form.dom, form.in_frame) == ("eu_2024", "legacy", False)
    assert "example.org" not in repr(form)


async def test_a_form_made_of_divs(stage: Stage, meta_labels: Labels) -> None:
    """The client's own DOM: no form element, a button by its name, a disabled submit control."""
    (found,) = await forms(stage, meta_labels, DIVS)
    assert [(f.role, f.kind, f.required, f.filled) for f in found.form.fields] == [
        ("email", "text", None, True),
        ("reason", "textarea", False, False),
    ]
    assert (found.form.shape, found.form.dom, found.form.submit_enabled) == ("eu_2025", "client", False)
    assert "example.org" not in repr(found.form)


async def test_a_second_box_is_for_what_else_there_is_to_say(stage: Stage, meta_labels: Labels) -> None:
    """The optional one of 2024: not a second reason. One that has to be filled in is of another form."""
    boxes = "<label>Additional information <textarea></textarea></label>"
    (found,) = await forms(stage, meta_labels, PLAIN.replace("<button", f"{boxes}<button", 1))
    assert [(field.role, field.label) for field in found.form.fields][-1] == ("further", "Additional information")
    assert found.form.shape == "eu_2024"
    required = boxes.replace("<textarea>", "<textarea required>")
    (found,) = await forms(stage, meta_labels, PLAIN.replace("<button", f"{required}<button", 1))
    assert found.form.shape == "other"


async def test_the_search_of_the_site_is_no_second_form(stage: Stage, meta_labels: Labels) -> None:
    """Where its one box is called as its button is."""
    search = '<form method=post><input aria-label="Find"><button>Find</button></form>'
    assert len(await forms(stage, meta_labels, PLAIN + search)) == 1
    assert len(await forms(stage, meta_labels, PLAIN + search.replace("<button>Find", "<button>Send"))) == 2


async def test_a_form_in_a_frame(stage: Stage, meta_labels: Labels) -> None:
    """A framed form is found and said to be framed."""
    (found,) = await forms(stage, meta_labels, f"<iframe width=800 height=600 srcdoc='{PLAIN}'></iframe>")
    assert found.form.in_frame


async def test_the_fingerprint_follows_the_structure_only(stage: Stage, meta_labels: Labels) -> None:
    """What is filled in leaves it alone; a field more, another label or another option changes it."""
    base = (await forms(stage, meta_labels, PLAIN))[0].form.fingerprint
    same = PLAIN.replace("a@example.org", "").replace(" selected", "")
    assert (await forms(stage, meta_labels, same))[0].form.fingerprint == base
    for changed in (
        PLAIN.replace("<button>", "<label>More<input></label><button>"),
        PLAIN.replace("Email address", "E-mail"),
        PLAIN.replace("<option value=FR", "<option value=BE>Belgique<option value=FR"),
    ):
        assert (await forms(stage, meta_labels, changed))[0].form.fingerprint != base


@pytest.mark.parametrize(
    "html",
    [
        "<main><h1>Object</h1><label>Email<input></label></main>",
        "<main><button>Submit</button></main>",
        "<header role=banner><form><input name=q aria-label=Search><button>Submit</button></form></header>",
        "<main><label>Email<input></label><div role=button tabindex=0>Lähetä</div></main>",
    ],
)
async def test_what_is_no_form(stage: Stage, meta_labels: Labels, html: str) -> None:
    """Without fields, without a control known to send, or in the site's own frame, there is no form."""
    assert await forms(stage, meta_labels, html) == []


async def test_two_forms_are_two(stage: Stage, meta_labels: Labels) -> None:
    """Two forms on a page are both reported; which one counts is not guessed."""
    assert len(await forms(stage, meta_labels, PLAIN + PLAIN)) == 2


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
async def test_one_form_drawn_twice_is_one(stage: Stage, meta_labels: Labels, second: str, copies: bool) -> None:
    """Any other field, number, name or state makes it a form of its own."""
    found = await forms(stage, meta_labels, PLAIN + second)
    assert are_copies([each.form for each in found]) is copies


async def test_a_form_whose_fields_are_all_disabled_cannot_be_used(stage: Stage, meta_labels: Labels) -> None:
    """A disabled fieldset is a form that nobody can fill in."""
    html = "<main><fieldset disabled><label>Email <input type=email></label><button>Submit</button></fieldset></main>"
    assert all(found.covered for found in await forms(stage, meta_labels, html))
    (open_form,) = await forms(stage, meta_labels, html.replace(" disabled", ""))
    assert not open_form.covered
