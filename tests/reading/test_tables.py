"""
Settings that stand in a table: the state is a word in the row of what leads to them.

Pages are outlines; each way has a twin that looks like it and leaves the state open.
"""

from __future__ import annotations

import pytest

from automation.page import PageView
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, HEAD, LABEL, SWITCH, read


def cells(*inside: Part | str) -> Part:
    """A row of a table."""
    return el("tr", *(el("td", one) for one in inside), role="row")


def heads(*names: str) -> Part:
    """The header of a table."""
    return el("tr", *(el("th", name, role="columnheader") for name in names), role="row")


def table(*rows: Part) -> PageView:
    """A page with a table of settings under the known heading."""
    return page(el("main", HEAD, el("table", *rows, role="table", name="")))


LINK = el("a", LABEL, href="/settings/training")
ROW_HEAD = el("div", el("div", LABEL), el("p", ABOUT))
HEADS = heads("Setting", "Status", "Actions")
DATED = heads("Setting", "Status", "Last changed", "")
MANAGE = el("a", "Manage", href="/settings/training")
NEWS = cells(el("a", "Send me news", href="/settings/news"), "On")


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (table(heads("Setting", "Status"), NEWS, cells(LINK, "Off")), "protects"),
        (table(heads("Setting", "Status"), cells(LINK, el("span", "On")), NEWS), "trains"),
        (table(cells(LINK, "On"), NEWS), "trains"),
        (table(heads("Setting", ""), cells(LINK, "On"), NEWS), "trains"),
        (table(heads("Setting", "Default"), NEWS, cells(LINK, "Off")), "control.absent"),
        (table(heads("Setting", "Default", "Status"), cells(LINK, "On", "Off")), "control.absent"),
        (table(heads("Setting", "Default", "Status"), cells(LINK, "", "Off")), "protects"),
        (table(heads("Setting", "Usual", "Status"), cells(LINK, "On", "")), "control.absent"),
        (table(heads("Setting", "Default"), cells("1", LINK, "Off")), "control.absent"),
        (table(HEADS, cells(ROW_HEAD, "OFF", el("button", f"Edit {LABEL}"))), "protects"),
        (table(HEADS, cells(ROW_HEAD, "On", el("button", "Change")), cells("News", "Off")), "trains"),
        (table(HEADS, cells(ROW_HEAD, "On", el("button", f"Stop {LABEL}"))), "control.absent"),
        (table(HEADS, cells(ROW_HEAD, "On", el("button", f"Edit {LABEL} abroad"))), "control.absent"),
        (table(HEADS, cells(ROW_HEAD, "On", el("button", f"Edit {LABEL}", aria_pressed="true"))), "control.absent"),
        (
            table(HEADS, cells(el("div", el("div", LABEL), el("p", "News")), "On", el("button", f"Edit {LABEL}"))),
            "control.absent",
        ),
        (table(heads("Setting", "Status"), cells(LINK, "Turned off by your school.")), "control.absent"),
        (table(heads("Setting", "Status"), cells(LINK, "On", el("a", "Memory", href="/m"))), "control.absent"),
        (table(heads("Setting", "Status"), cells(LINK, "Memory", "On")), "control.absent"),
        (table(heads("Setting", "Status"), cells(LINK, el("blockquote", "On"))), "control.absent"),
        (table(heads("Setting", "Status"), cells(el("a", f"{LABEL} abroad", href="/m"), "On")), "control.absent"),
        (table(heads("Setting", "Status"), cells(LINK, ""), cells("", "On")), "control.absent"),
        (table(DATED, cells(LABEL, "Off", "11 May 2026", MANAGE)), "protects"),
        (table(DATED, cells(LABEL, "On", "—", MANAGE)), "trains"),
        (table(DATED, cells(LABEL, "Off", "Turning on tomorrow", MANAGE)), "control.absent"),
        (table(heads("Setting", "Status", "From", ""), cells(LABEL, "Off", "11 May 2027", MANAGE)), "control.absent"),
        (
            table(heads("Setting", "Status", "Applies to", ""), cells(LABEL, "Off", "New members", MANAGE)),
            "control.absent",
        ),
        (table(cells(LABEL, "Off", "11 May 2026", MANAGE)), "control.absent"),
        (table(heads("Setting", "Status"), cells("News", "On"), cells(ROW_HEAD, "Off")), "protects"),
        (table(heads("Setting", "State", "Last changed"), cells(ROW_HEAD, "On", "11 May 2026")), "trains"),
        (table(heads("Setting", ""), cells(ROW_HEAD, "Off")), "control.absent"),
        (table(cells(ROW_HEAD, "Off")), "control.absent"),
        (table(heads("Setting", "Default"), cells(ROW_HEAD, "Off")), "control.absent"),
        (table(heads("Setting", "Status", "Default"), cells(ROW_HEAD, "Off", "On")), "control.absent"),
        (
            table(heads("Setting", "Status"), cells(el("div", el("div", LABEL), el("p", "News")), "Off")),
            "control.absent",
        ),
        (table(heads("Setting", "Status"), cells(el("div", f"{LABEL} abroad"), "Off")), "control.absent"),
        (table(heads("Setting", "Status"), cells(ROW_HEAD, "Off until 3 May")), "control.absent"),
        (
            table(heads("Setting", "Status"), cells(ROW_HEAD, el("div", "Off", el("button", "Delete")))),
            "control.absent",
        ),
        (
            table(el("caption", "Defaults for new members"), heads("Setting", "Status"), cells(ROW_HEAD, "Off")),
            "control.doubted",
        ),
    ],
)
def test_a_state_in_a_cell_of_the_labels_row(view: PageView, expected: str) -> None:
    """
    The one state in the row of the link or button that leads to it, in a column that is headed by nothing but "status".

    A row without any link or button counts where the column is headed so.
    """
    assert read(view, SWITCH) == expected
