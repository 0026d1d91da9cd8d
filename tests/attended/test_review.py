"""What is put into the form and shown of it: the person's words before ours, a country by its name, nothing invented."""

from __future__ import annotations

import pytest

import flows
from automation.app.filing import wanting_lines
from automation.core.errors import NotFiled
from automation.core.settings import BrowserSettings
from automation.guard.submission import ScriptedSubmission
from automation.text.language import language
from automation.visit.attended.controls import Held
from automation.visit.attended.desk import Review, SettingReview, is_windowed, option_for, reason_in, with_window
from automation.visit.attended.filing import declared_form, promise_in, reference_in

SHIPPED = {"fr": "J'exerce mon droit.", "en": "I exercise my right."}


@pytest.mark.parametrize(
    ("locale", "own", "text"),
    [
        ("fr-FR", {}, "J'exerce mon droit."),
        ("fr-FR", {"fr": "Mes photos."}, "Mes photos."),
        ("pt-BR", {"pt": "Minhas fotos.", "pt-BR": "Fotos do Brasil."}, "Fotos do Brasil."),
        ("fr", {"en": "My photographs."}, "J'exerce mon droit."),
        ("nl-NL", {"fr": "Mes photos."}, ""),
        ("", {}, ""),
    ],
)
def test_the_reason_is_in_the_pages_language(locale: str, own: dict[str, str], text: str) -> None:
    """The person's own text of that language first, then the guide's; in another language nothing is put in."""
    assert reason_in(locale, own, SHIPPED) == text


@pytest.mark.parametrize(
    ("region", "options", "locale", "option"),
    [
        ("FR", ("Choose", "Germany", "France"), "en-GB", "France"),
        ("DE", ("Allemagne", "France"), "fr-FR", "Allemagne"),
        ("DE", ("Germany", "France"), "fr-FR", "Germany"),
        ("DE", ("Germany", "Germany"), "en-GB", None),
        ("DE", ("Austria",), "en-GB", None),
        (None, ("France",), "en-GB", None),
        ("FR", ("France",), "no-such-language", "France"),
    ],
)
def test_a_country_is_chosen_by_its_name(
    region: str | None, options: tuple[str, ...], locale: str, option: str | None
) -> None:
    """In the page's language or in English; where that is not one option, the person chooses."""
    assert option_for(region, options, locale) == option


def test_an_empty_field_is_expected_to_send_nothing() -> None:
    """A field that holds nothing has no text that could stand for it; line ends are those of a field."""
    empty, text = Held("a", "", ()).sent, Held("", "x", ("one\r\ntwo",)).sent
    assert (empty.values, text.values) == (frozenset(), frozenset({"one\ntwo"}))


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Your case number is 4417-2218-AB.", "4417-2218-AB"),
        ("Reference: #AB123456", "AB123456"),
        ("Votre numéro de dossier : voir plus bas", ""),
        ("Dossier n° 2026-00417", "2026-00417"),
        ("In this case nothing happens.", ""),
    ],
)
def test_the_number_of_a_case_is_no_word(text: str, reference: str) -> None:
    """A number that the page gives is kept; a word that stands where one could is not taken for it."""
    assert reference_in(text) == reference


def test_the_promised_delay_is_kept_as_the_page_says_it() -> None:
    """The sentence with the delay, in whatever language; none where the page promises nothing."""
    assert promise_in("Thank you.\nWe usually answer within 14 days. See you.") == "We usually answer within 14 days."
    assert promise_in("Nous répondons sous 30 jours.") == "Nous répondons sous 30 jours."
    assert promise_in("We have received your request.") == ""


@pytest.mark.parametrize(
    ("protects", "has_button", "is_ready", "told"),
    [
        (False, False, False, "The setting stands as before"),
        (False, True, False, "The setting stands as before"),
        (True, False, False, "no button that saves it is shown"),
        (True, True, True, ""),
    ],
)
def test_a_setting_is_released_once_it_is_switched_and_can_be_saved(
    protects: bool, has_button: bool, is_ready: bool, told: str
) -> None:
    """Whoever has switched it is not told to switch it, which would send the opposite."""
    submission = ScriptedSubmission("studio.test", frozenset({"F1"}), "PUT", {})
    setting = SettingReview("Drafts", protects, (), has_button=has_button)
    review = Review("Drafts", "Save", (), submission, setting)
    assert review.is_ready is is_ready
    said = "".join(wanting_lines(review, language("en")))
    assert told in said if told else not said


FLOWS = flows.load()


@pytest.mark.parametrize("flow", ["facebook.ai_objection", "instagram.ai_objection"])
def test_the_forms_of_the_objection_can_be_filed(flow: str) -> None:
    """Their services' files say which request files them, and where it names the form."""
    assert declared_form(FLOWS[flow]).form_ids


@pytest.mark.parametrize("flow", ["linkedin.ai_training", "github_copilot.ai_training", "x.ai_training"])
def test_settings_are_left_to_the_person(flow: str) -> None:
    """No source says what their pages send when they are switched: nothing is opened, and that is said."""
    with pytest.raises(NotFiled, match="no source says what its button sends"):
        declared_form(FLOWS[flow])


def test_a_window_is_wanted_whatever_is_configured() -> None:
    """A headless browser in the configuration gets a window here, and one without is told from its own command line."""
    assert with_window(BrowserSettings(headless=True, concurrency=8)) == BrowserSettings(headless=False, concurrency=1)
    assert is_windowed(("chromium", "--enable-automation"))
    assert not is_windowed(("chromium", "--headless"))
    assert not is_windowed(("chromium", "--headless=new"))
    assert not is_windowed(())
