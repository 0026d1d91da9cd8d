"""A control is on, off or not stated; never "off" because nothing says that it is on."""

from __future__ import annotations

import pytest

from automation.reading.controls.rows import choice, may_choose, may_reveal, present, switch
from tests.conftest import Stage

pytestmark = pytest.mark.browser
NAME = frozenset({"private account"})
STYLE = "<style>[role=switch]{width:40px;height:20px}</style>"


@pytest.mark.parametrize(
    ("html", "state"),
    [
        ("<div role=switch tabindex=0 aria-checked=true aria-label='Private account'></div>", True),
        ("<div role=switch tabindex=0 aria-checked=false aria-label='Private account'></div>", False),
        ("<div role=switch tabindex=0 aria-label='Private account'></div>", None),
        ("<div role=switch tabindex=0 aria-checked=mixed aria-label='Private account'></div>", None),
        ("<label><input type=checkbox checked> Private account</label>", True),
        ("<label><input type=checkbox> Private account</label>", False),
        ("<label><input type=checkbox> Private account</label>" * 2, None),
        ("<p>Private account</p>", None),
    ],
)
async def test_a_switch_is_on_off_or_not_stated(stage: Stage, html: str, state: bool | None) -> None:
    """Raw attribute or live property; without a state, with two of one name, or absent: not stated."""
    assert switch(await stage.show(STYLE + html), NAME) is state


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ("<label>Audience <select><option>Public<option selected>Friends</select></label>", "Friends"),
        ("<div><span>Audience</span><br><span>Public</span></div>", "Public"),
        ("<div><p>Audience</p><p>Only me</p></div>", "Only me"),
        ("<div><p>Audience</p></div>", None),
    ],
)
async def test_a_choice_is_the_value_of_its_row(stage: Stage, html: str, value: str | None) -> None:
    """The chosen option, or the text beside the label in the same row."""
    assert choice(await stage.show(html), frozenset({"audience"})) == value


async def test_presence(stage: Stage) -> None:
    """A label counts wherever it is shown, and not where it is hidden."""
    assert present(await stage.show("<p>Private account</p>"), NAME)
    assert not present(await stage.show("<p hidden>Private account</p>"), NAME)


@pytest.mark.parametrize(
    ("html", "may"),
    [
        ("<button>More</button>", True),
        ("<button type=submit>More</button>", False),
        ("<form><button>More</button></form>", False),
        ("<form><button type=button>More</button></form>", False),
        ("<form><div role=tablist><div role=tab tabindex=0>More</div></div></form>", True),
        ("<form><div role=tablist><button role=tab type=button>More</button></div></form>", True),
        ("<form><div role=tablist><button role=tab>More</button></div></form>", False),
        ("<form><div role=tablist><input role=tab type=submit value=More></div></form>", False),
        ("<button aria-pressed=false>More</button>", False),
        ("<a href='javascript:save()'>More</a>", False),
        ("<a href='/more'>More</a>", True),
    ],
)
async def test_what_only_shows_more_may_be_pressed(stage: Stage, html: str, may: bool) -> None:
    """Links, tabs and expanders; inside a form a tab alone, and only one that cannot send the form by itself."""
    view = await stage.show(html)
    (node,) = [n for n in view.shown_nodes() if n.name == "More"]
    assert may_reveal(view, node) is may


ROW = "<ul><li>{inside}</li></ul>"


@pytest.mark.parametrize(
    ("html", "may"),
    [
        (ROW.format(inside="<button aria-pressed=false><b>Case 1</b> <i>June 1</i></button>"), True),
        (ROW.format(inside="<button aria-pressed=false>Case 1</button>"), False),
        (
            ROW.format(inside="<button aria-pressed=false><b>Case 1</b> <i>June 1</i></button><button>Star</button>"),
            False,
        ),
        (ROW.format(inside="<button aria-checked=false><b>Case 1</b> <i>June 1</i></button>"), False),
        ("<form>" + ROW.format(inside="<button aria-pressed=false><b>Case</b> <i>1</i></button>") + "</form>", False),
        ("<button aria-pressed=false><b>Case 1</b> <i>June 1</i></button>", False),
    ],
)
async def test_a_row_that_is_pressed_to_be_shown_is_no_switch(stage: Stage, html: str, may: bool) -> None:
    """The only control of its row, with more than a name; never in a form."""
    view = await stage.show(html)
    node = next(n for n in view.shown_nodes() if n.role == "button" or n.tag == "BUTTON")
    assert may_choose(view, node) is may
