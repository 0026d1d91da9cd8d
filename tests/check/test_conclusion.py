"""What the judge cannot know: in which country the account is, and whose words count under strict terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from automation.check.conclusion import Terms, conclude, country_code, heard
from automation.domain.observations import Observation
from automation.domain.signals import SignalName
from automation.domain.verdicts import Reason, Verdict
from automation.flow import Flow
from tests.builders import a_field, a_form
from tests.reading.test_confirmed_words import POLISH, observation_of, taught

OPEN = "not_objected"
NOT_HERE = "not_in_this_region"


def seen(flow: Flow, because: str, chosen: str | None = None) -> Observation:
    """All that a state needs, and the form with a country chosen in it."""
    state = next(state for state in flow.states if because in {state.because, state.verdict.value})
    signals = tuple(SignalName(name).seen("form_a") for name in state.needs)
    country = a_field("Country of residence", kind="select", role="country", chosen=chosen)
    form = a_form(fields=(a_field(), country)) if chosen else None
    return Observation(flow.id, flow.revision, "subject", "en-GB", signals, form=form)


def verdict_of(flow: Flow, observation: Observation, region: str | None) -> tuple[Verdict, Reason | None]:
    """The verdict for an account whose owner says that it is in a country."""
    judgement = conclude(flow, observation, None, Terms("profile", region, strict=False, today=date(2026, 11, 27)))
    return judgement.verdict, judgement.reason


@pytest.fixture
def flow(flows: dict[str, Flow]) -> Flow:
    """Facebook's."""
    return flows["facebook.ai_objection"]


@pytest.mark.parametrize(
    ("chosen", "region", "answer"),
    [
        ("France", "FR", (Verdict.NOT_OBJECTED, None)),
        ("United States", "FR", (Verdict.UNKNOWN, Reason.WRONG_REGION)),
        ("United States", None, (Verdict.NOT_OBJECTED, None)),
        ("Choose a country", "FR", (Verdict.NOT_OBJECTED, None)),
        (None, "FR", (Verdict.NOT_OBJECTED, None)),
    ],
)
def test_a_form_for_another_country_says_nothing_of_the_account(
    flow: Flow, chosen: str | None, region: str | None, answer: tuple[Verdict, Reason | None]
) -> None:
    """Only where its owner named a country, the form shows one, and they differ."""
    assert verdict_of(flow, seen(flow, OPEN, chosen), region) == answer


@pytest.mark.parametrize(
    ("region", "answer"),
    [
        ("FR", (Verdict.UNKNOWN, Reason.WRONG_REGION)),
        ("US", (Verdict.NOT_OFFERED, None)),
        (None, (Verdict.NOT_OFFERED, None)),
    ],
)
def test_who_has_the_right_is_not_told_that_there_is_none(
    flow: Flow, region: str | None, answer: tuple[Verdict, Reason | None]
) -> None:
    """In a country that has the form, "not offered" tells of the place from which the service was asked."""
    assert "FR" in flow.regions
    assert "US" not in flow.regions
    assert verdict_of(flow, seen(flow, NOT_HERE), region) == answer


@pytest.mark.parametrize(
    ("name", "locale", "code"),
    [
        ("France", "fr-FR", "FR"),
        ("Frankreich", "de-DE", "FR"),
        ("GERMANY", "en-GB", "DE"),
        ("Atlantis", "en-GB", None),
        ("Frankreich", "en-GB", None),
        ("Europe", "en-GB", None),
        ("France", "no such locale", None),
    ],
)
def test_a_country_is_known_by_its_name_in_the_language_of_the_page(name: str, locale: str, code: str | None) -> None:
    """Whole names only; a continent is no country."""
    assert country_code(name, locale) == code


def test_a_persons_words_are_heard_where_there_is_a_reply(flow: Flow) -> None:
    """They add to a kept reply, never under strict terms; a visit without one, and one by a flow without, stay as they are."""
    letter, silent = observation_of(POLISH, flow), seen(flow, OPEN)
    knowing = replace(flow, confirmed=(taught(letter),))
    assert SignalName.REPLY_ACCEPTED in heard(knowing, letter, strict=False).names()
    for by, observation, strict in ((knowing, letter, True), (knowing, silent, False), (flow, letter, False)):
        assert heard(by, observation, strict=strict) is observation
