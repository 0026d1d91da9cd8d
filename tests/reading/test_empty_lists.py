"""Words with which a list says that it is empty, and what may stand before or after them."""

from __future__ import annotations

import pytest

from automation.reading.lists.completeness import says_empty
from tests.reading.outline import el, page


def says(text: str, locale: str) -> bool:
    """Whether a page with these words says that its list is empty."""
    view = page(el("main", el("h1", "Support Inbox"), el("p", text)))
    return says_empty(view, locale)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "You're up to date: there's nothing in your inbox."),
        ("en", "All done! Your inbox is empty."),
        ("en", "You’re all caught up – you have no messages"),
        ("en", "Good news, there are no requests to show."),
        ("en", "There's nothing here since you haven't contacted us."),
        ("en", "There is nothing in your Support Inbox, and we haven't sent you any messages here."),
        ("de", "Du hast keine Nachrichten im Support-Postfach und hast auch noch keine Anfrage gestellt."),
        ("fr", "Tout est à jour : vous n’avez aucun message."),
        ("de", "Alles erledigt: Dein Postfach ist leer."),
        ("es", "Estás al día: no hay mensajes."),
        ("it", "Tutto a posto, non ci sono messaggi."),
    ],
)
def test_a_list_says_that_it_is_empty_behind_a_friendly_word(locale: str, text: str) -> None:
    """What stands before it says no more than that."""
    assert says(text, locale)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "You're up to date"),
        ("en", "You're all caught up: no new messages."),
        ("en", "Closed: you have no requests."),
        ("en", "Facebook: there are no messages."),
        ("en", "Last month: your inbox is empty."),
        ("en", "If all is done: there is nothing here."),
        ("en", "You have no messages this month."),
        ("en", "You haven't sent any messages today."),
        ("en", "You have no requests since 3 May 2026."),
        ("en", "There are no cases in 2026."),
        ("en", "You have no messages in this folder of yours, and what was answered you find under a tab of its own."),
        ("en", "You have no messages, and no new requests."),
        ("en", "You have no messages here, and not all folders of your account could be shown on this page."),
        ("en", "You have no messages in this view, and answers older than a month are not listed here."),
        ("en", "You have no messages here, and nothing is shown of what is older, which you have not sent."),
        ("en", "You have no messages here, and nothing older that you sent is listed on this page of yours."),
        ("fr", "Vous êtes à jour : aucun nouveau message."),
        ("fr", "Vous n'avez aucune demande cette semaine."),
        ("de", "Geschlossen: Du hast keine Anfragen."),
        ("de", "Du hast keine Anfragen diesen Monat."),
    ],
)
def test_a_list_that_is_empty_of_some_of_its_items_is_not_empty(locale: str, text: str) -> None:
    """The new ones, the closed ones, those of a month or of another product: the answer may be among the rest."""
    assert not says(text, locale)


def test_a_part_of_a_list_says_that_it_is_empty_by_its_name() -> None:
    """Under "Closed", "no closed requests" says all; under "Open" it says nothing of what is open."""
    view = page(el("main", el("h1", "Support Inbox"), el("p", "No closed requests.")))
    assert says_empty(view, "en", part="closed")
    assert not says_empty(view, "en", part="open")
    assert not says_empty(view, "en")
