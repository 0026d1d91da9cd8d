"""Pages of the objection form as outlines, and what the reader makes of them."""

from __future__ import annotations

import flows
from automation.core.signals import SignalName
from automation.flow.control_table import ObjectionTable
from automation.page.read_page import ReadPage
from automation.reading.forms import FormPage, read_form_page
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

FLOW = flows.find(only={"facebook.ai_objection"}).flows["facebook.ai_objection"]
assert isinstance(FLOW.rule, ObjectionTable)
TABLE: ObjectionTable = FLOW.rule
URL = f"https://www.facebook.com/help/contact/{TABLE.form_ids[0]}"
TITLES = {
    "en": "Object to your information being used for AI at Meta",
    "fr": "Opposition à l'utilisation de vos informations pour l'IA de Meta",
    "de": "Einspruch gegen die Verwendung deiner Informationen für KI bei Meta",
}
TITLE = TITLES["en"]
EMAIL = el("input", role="textbox", name="Email address", type="email")
REASON = el("textarea", role="textbox", name="Please tell us how this processing impacts you (optional)")
SUBMIT = el("button", "Submit")
LOOKED_AT = el("p", "We'll look at your objection in line with data protection law.")


def form(*inside: Part | str) -> Part:
    """An HTML form that asks for an e-mail address and something else, and can be sent."""
    return el("form", EMAIL, *inside, SUBMIT)


def read_form(*inside: Part | str, title: str = TITLE, locale: str = "en", url: str = URL) -> FormPage:
    """What the page at the form's address is that has this title, and holds this below it."""
    view = page(el("main", el("h1", title), *inside), url=url)
    visit = ReadPage("form_a", url, url, (), 200, view, settled=True, answers=(), locale=locale, seconds=0.0)
    return read_form_page(visit, TABLE, PageWords.of(FLOW.labels, locale), login=False)


def told(*inside: Part | str, title: str = TITLE, locale: str = "en") -> set[SignalName]:
    """Names of the signals of such a page."""
    return {signal.name for signal in read_form(*inside, title=title, locale=locale).signals}
