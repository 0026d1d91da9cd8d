"""What the judge cannot know: in which country the account is, and whose words count under strict terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from automation.core.looks import NEXT_STEP, Says
from automation.core.observations import Observation
from automation.core.signals import SignalName
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.visit.conclusion import Terms, conclude, country_code, next_step
from tests.builders import a_field, a_form
from tests.reading.letters.builders import a_look, a_turn, an_item, an_observation

OPEN = "not_objected"
NOT_HERE = "not_in_this_region"
TERMS = Terms("profile", "FR", strict=False, today=date(2026, 11, 27))


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


STRANGE = "Your wish is granted: nothing of yours will be fed to our machines."


def test_an_answer_names_the_looks_that_it_needs(flow: Flow) -> None:
    """Of all looks those without which it would be another one; none where words with a source say it."""
    letter = an_observation(an_item(STRANGE, labels=flow.labels), labels=flow.labels)
    other = an_observation(an_item("Quite another letter.", labels=flow.labels), labels=flow.labels)
    look, beside = a_look(letter, Says.ACCEPTED, flow.labels), a_look(other, Says.REFUSED, flow.labels)
    knowing = replace(flow, looks=(beside, look))
    judgement = conclude(knowing, letter, None, TERMS)
    assert (judgement.verdict, judgement.looks) == (Verdict.OBJECTED, (look.named,))
    assert conclude(knowing, seen(flow, OPEN), None, TERMS).looks == ()


def test_two_messages_that_were_looked_at_apart_name_both_looks(flow: Flow) -> None:
    """Neither look alone answers for the thread, and the answer says that it rests on both."""
    first, last = "We are going through a pile of wishes.", STRANGE
    letters = [an_observation(an_item(text, labels=flow.labels), labels=flow.labels) for text in (first, last)]
    looks = tuple(
        a_look(letter, says, flow.labels) for letter, says in zip(letters, (Says.PENDING, Says.ACCEPTED), strict=True)
    )
    turns = (a_turn(first, day="2026-05-01"), a_turn(last, day="2026-05-03"))
    both = an_observation(an_item(*turns, labels=flow.labels), labels=flow.labels)
    judgement = conclude(replace(flow, looks=looks), both, None, TERMS)
    assert (judgement.verdict, judgement.looks) == (Verdict.OBJECTED, tuple(look.named for look in looks))


def test_looks_count_neither_under_strict_terms_nor_from_a_stand_in_for_the_real_service(flow: Flow) -> None:
    """What was seen at a stand-in answers for stand-ins; with `strict` no look does."""
    letter = an_observation(an_item(STRANGE, labels=flow.labels), labels=flow.labels)
    look = a_look(letter, Says.ACCEPTED, flow.labels)
    at_a_stand_in = replace(flow, looks=(replace(look, stand_in=True),))
    assert conclude(at_a_stand_in, letter, None, TERMS).verdict is Verdict.UNKNOWN
    assert conclude(at_a_stand_in, letter, None, replace(TERMS, stand_in=True)).verdict is Verdict.OBJECTED
    strict = conclude(replace(flow, looks=(look,)), letter, None, replace(TERMS, strict=True))
    assert (strict.verdict, strict.looks) == (Verdict.UNKNOWN, ())


def test_an_unknown_that_a_picture_can_answer_says_look(flow: Flow) -> None:
    """The next step is a look, and not where the words are known, or nobody's word is taken."""
    letter = an_observation(an_item(STRANGE, labels=flow.labels), labels=flow.labels)
    judgement = conclude(flow, letter, None, TERMS)
    assert next_step(flow, letter, judgement, TERMS) == NEXT_STEP
    assert next_step(flow, letter, judgement, replace(TERMS, strict=True)) != NEXT_STEP
    assert next_step(flow, None, judgement, TERMS) != NEXT_STEP
