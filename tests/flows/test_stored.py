"""
Every scenario with a form and an inbox, read by the real reader on stored pages.

Real: what Chromium said of each page under the guard, the reader, the flows, the judge. What needs the visit itself
(signing in, evidence, what is refused) is in test_suite.
"""

from __future__ import annotations

import pytest

import flows as shipped
from automation.authoring.replica import Actor
from automation.flow import Flow
from tests.stored.visits import label, made_of, of_service, play, signed_in, stored

ACTORS = signed_in()


@pytest.mark.parametrize("actor", ACTORS, ids=label)
async def test_the_verdict_is_right_or_an_honest_unknown(flows: dict[str, Flow], actor: Actor) -> None:
    """What the stand-in shows is what is said; what it does not prove is not said."""
    answer = await play(actor, flows[actor.flow])
    assert actor.expected.allows(answer.verdict, answer.reason), answer


@pytest.mark.parametrize("service", [*shipped.ANSWERED, *shipped.DECLARED])
def test_the_stored_pages_are_those_of_the_stand_in(service: str) -> None:
    """Whoever changes a stand-in, or how a page is looked at, records anew: `make snapshots ARGS=service`."""
    digest, visits = stored(service)
    assert digest == made_of(service)
    assert set(visits) == {label(actor, confirmed) for actor, confirmed in of_service(service)}
