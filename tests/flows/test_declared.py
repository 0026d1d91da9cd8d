"""
Every declared setting in every state, and the ways to mislead, read by the real reader in a real browser.

The reader is one for all: of the ways to mislead, each setting plays every second one, so that each is played on half
of the settings; `TEMOIN_TEST_EVERYTHING=1` plays all of them on all. The stand-ins' words come from the documented facts and not from the flows' label tables. Real: the browser, the
reader, the flows, the judge. Not real: the services; and here the pages are filled in rather than fetched, so that
hundreds of them take seconds. What needs a network (sessions, the guard, coming late) is in test_declared_visits.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from playwright.async_api import async_playwright

import flows as shipped
from automation.browser.finder import find_browser
from automation.check.judge import judge
from automation.check.visit.read import read
from automation.domain.settings.browser import BrowserSettings
from automation.domain.verdicts import Reason, Verdict
from automation.errors import CheckError
from automation.flow import Flow
from automation.reader import Reader
from automation.replica import Actor, load_site
from automation.replica.filled import CONFIRMED, filled_reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_TABS = 4
SITES = {service: load_site(service) for service in shipped.DECLARED}
_ON_ALL = ("protects", "trains", "bad", "renamed", "strange", "disagrees", "gone", "unlisted")


def chosen() -> list[tuple[str, Actor]]:
    """Service and actor: states, and what every setting has to bear; every second one of the rest."""
    filled = [(service, a) for service, site in SITES.items() for a in site.cast if a.world["served"] != "only"]
    ways = sorted({actor.scenario.rpartition("_")[2] for _, actor in filled} - set(_ON_ALL))
    flows = sorted({actor.flow for _, actor in filled})
    everything = bool(os.environ.get("TEMOIN_TEST_EVERYTHING"))

    def plays(actor: Actor) -> bool:
        way = actor.scenario.rpartition("_")[2]
        return everything or way in _ON_ALL or (flows.index(actor.flow) + ways.index(way)) % 2 == 0

    return [(service, actor) for service, actor in filled if plays(actor)]


ACTORS = chosen()
UNCONFIRMED = [actor for _, actor in ACTORS if actor.scenario in {"protects", "trains"} and actor.locale == "en"]


@dataclass(frozen=True)
class Told:
    """What was made of one page."""

    verdict: Verdict
    reason: Reason | None
    missing: tuple[str, ...]
    signals: Mapping[str, str]
    """Name → how."""


def label(actor: Actor, confirmed: str | None = CONFIRMED) -> str:
    """Flow, scenario, language, and whether somebody confirmed the session."""
    return f"{actor.flow}-{actor.scenario}-{actor.locale}{'' if confirmed else '-unconfirmed'}"


async def tell(reader: Reader, flow: Flow) -> Told:
    """Read one setting and judge it, as a check does."""
    try:
        observation = await read(reader, flow, "subject")
    except CheckError as error:
        return Told(error.reason.verdict, error.reason, (), {})
    answer = judge(observation, flow.states)
    return Told(
        answer.verdict, answer.reason, answer.missing, {s.name: f"{s.how}: {s.quote}" for s in observation.signals}
    )


async def play() -> dict[str, Told]:
    """Read every page, a few side by side in one browser."""
    flows = shipped.load()
    waiting = [(actor, CONFIRMED) for _, actor in ACTORS] + [(actor, None) for actor in UNCONFIRMED]
    told: dict[str, Told] = {}
    found = find_browser(BrowserSettings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            chromium_sandbox=found.sandbox,
        )

        async def work() -> None:
            page = await browser.new_page()
            session = await page.context.new_cdp_session(page)
            while waiting:
                actor, confirmed = waiting.pop()
                flow = flows[actor.flow]
                reader = filled_reader(page, session, flow, SITES[actor.service], actor, confirmed=confirmed)
                told[label(actor, confirmed)] = await tell(reader, flow)

        await asyncio.gather(*(work() for _ in range(_TABS)))
        await browser.close()
    return told


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    """All pages, once."""
    return asyncio.run(play())


@pytest.mark.parametrize("actor", [actor for _, actor in ACTORS], ids=label)
def test_the_page_is_read_right_or_honestly_not(told: dict[str, Told], actor: Actor) -> None:
    """What the stand-in shows is what is said; what it does not prove is not said, with the reason why."""
    answer = told[label(actor)]
    assert actor.expected.allows(answer.verdict, answer.reason), answer


def test_a_control_of_another_name_says_which_names_were_looked_for(told: dict[str, Told]) -> None:
    """A renamed control is told by the key of the names that the page did not show, never by a verdict."""
    renamed = [actor for _, actor in ACTORS if actor.scenario.endswith("renamed")]
    assert len(renamed) == len({actor.flow for _, actor in ACTORS})
    for actor in renamed:
        answer = told[label(actor)]
        assert answer.verdict is Verdict.UNKNOWN, actor.flow
        assert answer.signals["control.absent"].endswith(": control.label"), actor.flow


def test_a_language_without_words_names_the_missing_ones(told: dict[str, Told]) -> None:
    """On a page in a language that no source covers, the answer names the keys that lack words there."""
    strange = [actor for _, actor in ACTORS if actor.scenario.endswith("strange")]
    assert len(strange) == len({actor.flow for _, actor in ACTORS})
    for actor in strange:
        assert {"nl:control.label", "nl:control.section"} <= set(told[label(actor)].missing), actor.flow


@pytest.mark.parametrize("actor", UNCONFIRMED, ids=lambda actor: label(actor, None))
def test_a_session_that_nobody_confirmed_proves_nothing_unless_the_page_names_the_account(
    told: dict[str, Told], actor: Actor
) -> None:
    """Where no source says how a service names who is signed in, an unconfirmed session is `identity_unconfirmed`."""
    answer = told[label(actor, None)]
    if SITES[actor.service].options["pages"][actor.flow].link:
        assert actor.expected.allows(answer.verdict, answer.reason), answer
        assert "identity.same" in answer.signals
    else:
        assert (answer.verdict, answer.reason) == (Verdict.NEEDS_HUMAN, Reason.IDENTITY_UNCONFIRMED), answer
        assert any(name.startswith("control.") for name in answer.signals), "what was read must still be reported"


def test_every_declared_service_has_a_stand_in_in_both_states() -> None:
    """Each declared flow is played with content kept out and with content used, at least in one language."""
    played = {(actor.flow, actor.world["state"]) for _, actor in ACTORS if "state" in actor.world}
    assert played == {
        (name, state) for site in SITES.values() for name in site.options["pages"] for state in ("good", "bad")
    }
