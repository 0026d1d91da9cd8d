"""What of a page is its thread's own text, what is its frame, and what nobody says here."""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.threads.lines import own_blocks
from tests.reading.outline import Part, el, page
from tests.reading.threads.builders import ACCEPTED, TITLE

KEPT, QUOTED, GONE = "kept", "quoted", "gone"


def link(text: str, href: str = "/help/1") -> Part:
    """A link."""
    return el("a", text, href=href, role="link")


def became_of(text: str, *parts: Part | str) -> str:
    """Whether a text of a page is kept, set down as quoted, or gone."""
    view = page(el("main", el("h1", TITLE), el("p", ACCEPTED), *parts), url="https://www.facebook.com/support/1")
    found: list[Block] = [block for block in own_blocks(view, view.blocks()) if text in block.text]
    return GONE if not found else QUOTED if all(block.quoted for block in found) else KEPT


@pytest.mark.parametrize(
    ("text", "parts", "what"),
    [
        # controls, and links to read on with beneath a title for them
        ("See more", (el("button", "See more"),), GONE),
        ("Learn more", (el("a", "Learn more", href="/help/2", role="link"),), GONE),
        ("Your objection was withdrawn", (el("div", "Related articles"), el("p", link("Your objection was withdrawn"))), GONE),
        ("Your objection was withdrawn", (el("div", "See also"), el("p", "Your objection was withdrawn.")), KEPT),
        ("Your objection was withdrawn on 3 May", (el("div", "See also"), el("p", link("Your objection was withdrawn on 3 May"))), QUOTED),
        # a paragraph that is all a link is what another page is called: said by nobody, and not passed over
        ("We will honor your objection.", (el("p", link("We will honor your objection.")),), QUOTED),
        ("Your objection was withdrawn", (el("ul", el("li", link("Your objection was withdrawn"), role="listitem")),), QUOTED),
        ("Read our answer", (el("p", "Read our answer in ", link("this letter")),), KEPT),
        # the way to this page and back, and whose the site is
        ("Help Center", (el("p", f"Help Center » {TITLE}"),), GONE),
        ("Help Center", (el("p", "Help Center » Your objection ended"),), KEPT),
        ("‹ Back", (el("p", link("‹ Back", "/support")),), GONE),
        ("Facebook", (el("p", link("Facebook", "/")),), GONE),
        ("Meta © 2026", (el("p", "Meta © 2026"),), GONE),
        ("© 2026 Meta", (el("p", "© 2026 Meta. Your objection no longer counts."),), KEPT),
        ("Meta © 2026", (el("p", "Meta © 2026 · Your objection was withdrawn"),), KEPT),
        ("© Objection withdrawn", (el("p", "© Objection withdrawn"),), KEPT),
        # notices about cookies stand over any page; the same words beneath an answer are of it
        ("cookie", (el("div", "Your cookie choice has been saved.", role="status"),), GONE),
        ("cookie", (el("div", "Your cookie choice has been saved."),), KEPT),
        # a sample has places that nobody filled in; a message is no box
        (ACCEPTED + " ", (el("div", el("p", "Hi [first name],"), el("p", ACCEPTED + " again"), role="group"),), QUOTED),
        (ACCEPTED + " ", (el("div", el("p", "Hi Leander,"), el("p", ACCEPTED + " again"), role="group"),), KEPT),
        (ACCEPTED + " ", (el("div", el("p", "Hi [name],"), el("p", ACCEPTED + " again"), role="listitem"),), KEPT),
    ],
)  # fmt: skip
def test_what_becomes_of_a_text(text: str, parts: tuple[Part, ...], what: str) -> None:
    """The frame goes by role, link and place; what is in doubt stays, and counts as nobody's own words."""
    assert became_of(text, *parts) == what
