"""Inboxes and forms that custom elements draw, in shadow trees and slots: read as a person sees them, in a real browser."""

from __future__ import annotations

import pytest

from automation.reading.lists.rows import handle_of, item_rows
from tests.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

NESTED = """<case-list></case-list><script>
customElements.define('case-item', class extends HTMLElement {
  set item([title, day]) { this.attachShadow({mode: 'MODE'}).innerHTML =
    `<button type=button aria-expanded=false aria-controls=b>${title}</button><div>${day}</div><div id=b hidden></div>` } });
customElements.define('case-list', class extends HTMLElement {
  connectedCallback() { const root = this.attachShadow({mode: 'MODE'}); root.innerHTML = '<main><h1>Support Inbox</h1></main>';
    for (const item of ITEMS) { const one = document.createElement('case-item'); one.item = item; root.firstChild.append(one) } } });
</script>"""
SLOTTED = """<main><h1>Support Inbox</h1>LIGHT</main><script>
for (const host of document.querySelectorAll('case-item')) host.attachShadow({mode: 'open'}).innerHTML =
  '<button type=button aria-expanded=false><slot name=title></slot></button><p><slot name=day></slot></p>'</script>"""
SLOTTED_TWICE = """<main><h1>Support Inbox</h1>LIGHT</main><script>
for (const host of document.querySelectorAll('case-item')) host.attachShadow({mode: 'open'}).innerHTML =
  '<case-frame><button slot=head type=button aria-expanded=false><slot name=title></slot></button>' +
  '<slot name=day slot=foot></slot></case-frame>';
for (const host of document.querySelectorAll('case-item')) host.shadowRoot.firstChild.attachShadow({mode: 'open'}).innerHTML =
  '<header role=presentation><slot name=head></slot></header><div><slot name=foot></slot></div>'</script>"""
ROWS_IN_A_LIST = """<main><h1>Support Inbox</h1><case-list>ROWS</case-list></main><script>
const list = document.querySelector('case-list');
list.attachShadow({mode: 'open'}).innerHTML = '<ul><slot></slot></ul>'</script>"""
HOSTS = """<main><h1>Support Inbox</h1>HOSTS</main><script>
for (const host of document.querySelectorAll('case-item')) host.attachShadow({mode: 'open'}).innerHTML =
  `<div>${host.dataset.title}</div><div>${host.dataset.day}</div>`</script>"""
ITEMS = [["Your name change", "3 May 2026"], ["Your objection to AI at Meta", "4 June 2026"]]
LIGHT = "".join(
    f"<case-item><time slot=day>{day}</time><span slot=title>{title}</span></case-item>" for title, day in ITEMS
)
PRESENT = "<case-item role=button tabindex=0 data-title='{}' data-day='{}'></case-item>"


@pytest.mark.parametrize(
    "markup",
    [
        NESTED.replace("MODE", "open").replace("ITEMS", repr(ITEMS)),
        NESTED.replace("MODE", "closed").replace("ITEMS", repr(ITEMS)),
        SLOTTED.replace("LIGHT", LIGHT),
        SLOTTED_TWICE.replace("LIGHT", LIGHT),
        ROWS_IN_A_LIST.replace("ROWS", "".join(f"<li><button>{title}</button> <i>{day}</i></li>" for title, day in ITEMS)),
        HOSTS.replace("HOSTS", "".join(PRESENT.format(title, day) for title, day in ITEMS)),
    ],
    ids=["open", "closed", "slotted", "slotted twice", "list", "hosts"],
)  # fmt: skip
async def test_each_item_is_a_row_with_its_title_and_date(stage: Stage, markup: str) -> None:
    """Content stands where its slot is, and not where it is written."""
    view = await stage.show(markup)
    rows = item_rows(view)
    assert [" ".join(view.text(row.index).split()) for row in rows] == [f"{title} {day}" for title, day in ITEMS]
    assert all(handle_of(view, row) is not None for row in rows)


async def test_a_message_of_slots_keeps_its_order(stage: Stage) -> None:
    """Its author and date come first, although the markup has them last."""
    view = await stage.show(
        "<case-message><p>We will honour your objection.</p><time slot=at>4 June 2026</time><b slot=who>Meta</b></case-message>"
        "<script>document.querySelector('case-message').attachShadow({mode: 'open'}).innerHTML ="
        " '<article><h4><slot name=who></slot></h4><div><slot name=at></slot></div><slot></slot></article>'</script>"
    )
    assert [block.text for block in view.blocks()] == ["Meta", "4 June 2026", "We will honour your objection."]
