"""
Every declared setting in every state, and the ways to mislead, read by the real reader on stored pages.

The reader is one for all: of the ways to mislead, each setting plays every second one, so that each is played on half
of the settings; `TEMOIN_TEST_EVERYTHING=1` plays all of them on all, once they are recorded so. The stand-ins' words
come from the documented facts and not from the flows' label tables. Real: what Chromium said of each page, the reader,
the flows, the judge. Not real: the services; and here the pages were filled in rather than fetched. What needs a
network (sessions, the guard, coming late) is in test_declared_visits.
"""

from __future__ import annotations

import pytest

import flows as shipped
from automation.authoring.replica import Actor, load_site
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from tests.stored.visits import declared, label, play, unconfirmed

ACTORS = declared()
UNCONFIRMED = unconfirmed()


def of_way(way: str) -> list[Actor]:
    """Of each declared setting the actor that shows one way to mislead."""
    found = [actor for actor in ACTORS if actor.scenario.endswith(way)]
    assert len(found) == len({actor.flow for actor in ACTORS})
    return found


@pytest.mark.parametrize("actor", ACTORS, ids=label)
async def test_the_page_is_read_right_or_honestly_not(flows: dict[str, Flow], actor: Actor) -> None:
    """What the stand-in shows is what is said; what it does not prove is not said, with the reason why."""
    answer = await play(actor, flows[actor.flow])
    assert actor.expected.allows(answer.verdict, answer.reason), answer


@pytest.mark.parametrize("actor", of_way("renamed"), ids=label)
async def test_a_control_of_another_name_says_which_names_were_looked_for(flows: dict[str, Flow], actor: Actor) -> None:
    """A renamed control is told by the key of the names that the page did not show, never by a verdict."""
    answer = await play(actor, flows[actor.flow])
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.how("control.absent").endswith(": control.label")


@pytest.mark.parametrize("actor", of_way("strange"), ids=label)
async def test_a_language_without_words_names_the_missing_ones(flows: dict[str, Flow], actor: Actor) -> None:
    """On a page in a language that no source covers, the answer names the keys that lack words there."""
    answer = await play(actor, flows[actor.flow])
    assert {"nl:control.label", "nl:control.section"} <= set(answer.missing)


@pytest.mark.parametrize("actor", UNCONFIRMED, ids=lambda actor: label(actor, None))
async def test_a_session_that_nobody_confirmed_proves_nothing_unless_the_page_names_the_account(
    flows: dict[str, Flow], actor: Actor
) -> None:
    """Where no source says how a service names who is signed in, an unconfirmed session is `identity_unconfirmed`."""
    answer = await play(actor, flows[actor.flow], None)
    if load_site(actor.service).options["pages"][actor.flow].link:
        assert actor.expected.allows(answer.verdict, answer.reason), answer
        assert answer.how("identity.same")
    else:
        assert (answer.verdict, answer.reason) == (Verdict.NEEDS_HUMAN, Reason.IDENTITY_UNCONFIRMED), answer
        assert answer.observation
        seen = {signal.name for signal in answer.observation.signals}
        assert any(name.startswith("control.") for name in seen), "what was read must still be reported"


def test_every_declared_service_has_a_stand_in_in_both_states() -> None:
    """Each declared flow is played with content kept out and with content used, at least in one language."""
    played = {(actor.flow, actor.world["state"]) for actor in ACTORS if "state" in actor.world}
    assert played == {
        (name, state)
        for service in shipped.DECLARED
        for name in load_site(service).options["pages"]
        for state in ("good", "bad")
    }
