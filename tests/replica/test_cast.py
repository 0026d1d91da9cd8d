"""The made-up accounts and what they declare."""

from __future__ import annotations

import pytest

from automation.authoring.replica import Expectation, cast, load_site
from automation.authoring.replica.actors import Scenario, actors_of
from automation.core.accounts import AccountKind
from automation.core.errors import FlowError
from automation.core.verdicts import Reason, Verdict

SERVICES = ["facebook", "instagram"]
ACTORS = [actor for service in SERVICES for actor in cast(service)]


def test_an_expectation_is_a_real_answer() -> None:
    """Each expected answer is one that Témoin can give, and its reason belongs to its verdict."""
    for actor in ACTORS:
        expected = actor.expected
        for text in (f"{expected.verdict}/{expected.reason or ''}", *expected.also):
            verdict, _, reason = text.partition("/")
            assert verdict in set(Verdict), actor
            assert not reason or Reason(reason).verdict == verdict, actor


def test_a_service_may_have_more_settings_than_there_are_names() -> None:
    """Names never run out and never repeat, so a stand-in may show as many settings as its service has."""
    expected = {"en": Expectation("objected")}
    title = {"en": "Off", "fr": "Inactif"}
    scenarios = [Scenario(f"off_{number}", "acme.ai_training", title, {}, expected) for number in range(3000)]
    names = [actor.name for actor in actors_of("acme", scenarios)]
    assert len(set(names)) == len(names) == 3000


def test_the_demo_shows_everything() -> None:
    """The demo has all seven verdicts, English and French, both services, and at least a dozen accounts."""
    shown = [actor for actor in ACTORS if actor.demo]
    assert len(shown) >= 12
    assert {actor.verdict for actor in shown} == set(Verdict)
    assert {actor.locale.partition("-")[0] for actor in shown} >= {"en", "fr"}
    assert {actor.service for actor in shown} == set(SERVICES)
    assert all(actor.page for actor in shown if actor.kind == AccountKind.PAGE_ADMIN)
    assert any(actor.kind == AccountKind.PAGE_ADMIN for actor in shown)
    assert ("accepted", "fr-FR", "unknown", "locale_uncovered") in {
        (actor.scenario, actor.locale, actor.verdict, actor.reason) for actor in shown
    }


def test_objected_only_where_acceptance_is_known() -> None:
    """No account is expected to be `objected` in a language whose acceptance no source gives."""
    assert {actor.locale.partition("-")[0] for actor in ACTORS if actor.verdict == "objected"} == {"en", "es", "it"}


@pytest.mark.parametrize("service", SERVICES)
def test_accounts_can_be_told_apart(service: str) -> None:
    """No two accounts of a service share a name, an id or a session."""
    actors = cast(service)
    for values in (
        [actor.username for actor in actors],
        [actor.identity for actor in actors],
        [actor.token("session") for actor in actors],
    ):
        assert len(set(values)) == len(actors)


def test_a_session_outlives_the_replica() -> None:
    """An account's session is the same after its data is read anew, so a saved one stays good."""
    first, second = (load_site("facebook").cast[0] for _ in range(2))
    assert first.token("session") == second.token("session")
    assert first.password == second.password


def test_secrets_do_not_print() -> None:
    """Neither password nor one-time secret stands in an account's text."""
    actor = next(actor for actor in ACTORS if actor.totp_secret)
    assert actor.password not in repr(actor)
    assert str(actor.totp_secret) not in repr(actor)


@pytest.mark.parametrize(
    ("verdict", "reason", "right"),
    [
        ("unknown", "ambiguous", True),
        ("unknown", "timeout", False),
        ("pending", None, True),
        ("needs_human", "blocked", True),
        ("needs_human", "challenge", False),
    ],
)
def test_which_answers_are_right(verdict: str, reason: str | None, right: bool) -> None:
    """The expected answer is right, so is a listed other one, and nothing else."""
    expected = Expectation("unknown", "ambiguous", ("pending", "needs_human/blocked"))
    assert expected.allows(verdict, reason) is right


def test_options_are_checked() -> None:
    """Another generation of the login page is one word; a word that means nothing is refused."""
    site = load_site("facebook")
    assert site.having(login="2024").options["login"] == "2024"
    assert site.options["login"] == "2026"
    with pytest.raises(FlowError, match="no option"):
        site.having(logon="2024")


def test_a_service_without_replica_is_named() -> None:
    """Asking for a service that has no stand-in says which and where it would be."""
    with pytest.raises(FlowError, match=r"flows/nowhere/replica/site\.toml"):
        load_site("nowhere")
