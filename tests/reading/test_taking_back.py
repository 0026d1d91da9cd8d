"""Lines beside an answer, nobody's messages, that say that it no longer counts, and those that say nothing of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from automation.reading.inbox.items import judge_item
from automation.reading.inbox.taking_back import takes_back
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.check.test_whole_list import ASKED, ITEM
from tests.reading.outline import Part, el, page
from tests.reading.test_tabs_and_panes import TITLE, item

AGAINST = [
    "Decision: annulled", "Outcome – overruled", "On ice until we hear from you", "Rescinded by Privacy Operations",
    "This outcome is being checked again", "Our letter went to the wrong person", "Step 2 of 4 · reopened",
    "Because you moved abroad, your objection no longer applies.", "We have reconsidered your request",
    "A later decision replaces this one", "Please treat this answer as if it had never been sent",
    "You withdrew your objection", "Result: not yet final", "Requests > Decisions made in error",
    "Décision retirée", "Cette lettre a été envoyée par erreur.", "Opposition suspendue", "Nous avons annulé cette décision",
    "Antwort hinfällig", "Dein Widerspruch ist abgelaufen.", "Wir prüfen deinen Antrag noch einmal", "Ergebnis: ungültig",
    "Respuesta anulada", "Tu oposición ya no está en vigor", "Hemos revocado la decisión", "Caso reabierto",
    "Risposta ritirata", "La decisione non è più in vigore", "Abbiamo riaperto la tua richiesta", "Esito: in attesa",
]  # fmt: skip
BESIDE = [
    "Decision: final", "Answer sent on 3 June", "You can withdraw your objection whenever you like.",
    "Your request cannot be changed any more", "Your objection can no longer be edited", "Is this answer wrong?",
    "This decision replaces the automatic reply", "Notifications of this case are paused", "Other request: reopened",
    "How decisions are reviewed", "Expired codes", "Subscription cancelled", "Message 1 of 3",
    "If your objection was refused, you can write to us.", "Decision made by a person", "Reopened cases",
    "Décision définitive", "Vous pouvez retirer votre opposition à tout moment.", "Commande annulée",
    "Entscheidung endgültig", "Du kannst deinen Widerspruch zurücknehmen.", "Bestellung storniert",
    "Decisión definitiva", "Puedes retirar tu oposición.", "Pedido anulado",
    "Decisione definitiva", "Puoi ritirare la tua opposizione.", "Ordine annullato",
]  # fmt: skip
OFFICE = "Meta Privacy Operations"
SHOWN = (
    el("h1", TITLE),
    ASKED,
    el("article", el("p", OFFICE), el("p", "4 June 2026"), el("p", "We will honor your objection.")),
)
PLACES: list[Callable[[str], tuple[Part, ...]]] = [
    lambda said: (el("main", el("p", said), *SHOWN),),
    lambda said: (el("main", *SHOWN, el("div", said)),),
    lambda said: (el("main", *SHOWN), el("aside", el("h2", "Case"), el("p", said), role="complementary")),
]


@pytest.mark.parametrize("line", AGAINST)
def test_what_takes_an_answer_back(line: str) -> None:
    """Of the answer, of the objection or of its case, or with no subject at all."""
    assert takes_back(line, accepted=True)


@pytest.mark.parametrize("line", BESIDE)
def test_what_leaves_an_answer_alone(line: str) -> None:
    """What may be done, what was done to something else, and how a case goes."""
    assert not takes_back(line, accepted=True)


@pytest.mark.parametrize(
    ("line", "accepted", "against"), [("Request refused", True, True), ("Request refused", False, False)]
)
def test_a_refusal_takes_back_no_refusal(line: str, *, accepted: bool, against: bool) -> None:
    """It says the same once more."""
    assert takes_back(line, accepted=accepted) is against


def _meanings(labels: Labels, *parts: Part) -> frozenset[Meaning]:
    words = PageWords.of(labels, "en")
    return judge_item(item(page(*parts, url=f"{ITEM}4711008150015"), words), words).meanings


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("line", "stands"), [("Decision: annulled", False), ("Decision: final", True)])
def test_such_a_line_counts_wherever_it_stands(
    meta_labels: Labels, place: Callable[[str], tuple[Part, ...]], line: str, *, stands: bool
) -> None:
    """Above the messages, beneath them, beside them."""
    assert _meanings(meta_labels, *place(line)) == ({Meaning.ACCEPTED} if stands else frozenset())


def test_a_label_and_its_value_are_one_line(meta_labels: Labels) -> None:
    """As the two cells of a list of data."""
    data = el("dl", el("dt", "Case"), el("dd", "5190"), el("dt", "Outcome"), el("dd", "overruled"))
    assert not _meanings(meta_labels, el("main", *SHOWN), el("aside", data, role="complementary"))


@pytest.mark.parametrize(("day", "stands"), [("1 June 2026", True), ("9 June 2026", False)])
def test_what_happened_before_the_answer_takes_nothing_back(meta_labels: Labels, day: str, *, stands: bool) -> None:
    """An earlier decision, and then this one."""
    said = _meanings(meta_labels, el("main", el("p", f"Decision corrected on {day}"), *SHOWN))
    assert said == ({Meaning.ACCEPTED} if stands else frozenset())


def test_the_line_of_another_item_is_none_of_this_one(meta_labels: Labels) -> None:
    """In a link or a row of the list beside it."""
    other = el(
        "ul", el("li", el("a", "Decision: annulled", href=f"{ITEM}1", role="link"), role="listitem"), role="list"
    )
    assert _meanings(meta_labels, el("aside", other), el("main", *SHOWN)) == {Meaning.ACCEPTED}
