"""
A handful of declared settings through the whole check: a saved session from the vault, the guard, the evidence.

Real: the runner, the vault, the browser, TLS, the guard, the stand-in's server, the bundle. Not real: the services.
`TEMOIN_TEST_EVERYTHING=1` plays every scenario of every declared setting in every language this way.
"""

from __future__ import annotations

import asyncio
import gzip
import os
from datetime import UTC, datetime

import pytest

import flows as shipped
from automation.authoring.replica import Actor, load_site
from automation.core.accounts import Account, SignInMethod, subject
from automation.session.saved import SavedSession
from tests.builders import some_means
from tests.flows.playing import KEY, Played, play
from tests.tiers import chosen, first

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]

CHOSEN = (
    "linkedin.ai_training protects fr",         # named by a link, in French
    "x.ai_training trains en",                  # one of three boxes; a session cookie with a known name
    "linkedin.ai_training somebody_else en",    # named, and not the one
    "chatgpt.ai_training protects en",          # shown under a fragment, by a button whose name carries the state
    "gemini.keep_activity keep_activity_trains en",  # a button whose accessible name is an action
    "medium.ai_training protects en",           # behind two things to press
    "tumblr.third_party_sharing last_bad en",   # one setting for each blog
    "github_copilot.ai_training stale en",      # another state after loading anew
    "claude.ai_training late en",               # comes late
    "grok.ai_training signed_out en",           # the session is no longer valid
)  # fmt: skip
SITES = {service: load_site(service) for service in shipped.DECLARED}


def title(actor: Actor) -> str:
    """Flow, scenario and language."""
    return f"{actor.flow} {actor.scenario} {actor.locale}"


def label(actor: Actor) -> str:
    """Name of an actor's account."""
    return title(actor).replace(".", "-").replace("_", "-").replace(" ", "-").lower()


EVERYBODY = {title(actor): actor for site in SITES.values() for actor in site.cast}
ACTORS = first(
    *(EVERYBODY.values() if os.environ.get("TEMOIN_TEST_EVERYTHING") else [EVERYBODY[name] for name in CHOSEN]), quick=2
)


def account_of(actor: Actor) -> Account:
    """The account as its owner would write it down."""
    table = SITES[actor.service].options["pages"][actor.flow]
    return Account(
        name=label(actor),
        flow=actor.flow,
        owner=actor.owner,
        identity=actor.identity,
        sign_in=SignInMethod.SESSION,
        objects=table.given(actor.world.get("objects", ())),
    )


def session_of(actor: Actor) -> SavedSession:
    """One that was saved some days ago."""
    saved, state = datetime(2026, 11, 20, tzinfo=UTC), SITES[actor.service].storage_state(actor)
    return SavedSession(label(actor), actor.service, subject(actor.identity, KEY), saved, None, state)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The actors of the tests that were chosen to run, once."""
    folder, actors = tmp_path_factory.mktemp("visits"), chosen(request, __file__)
    means = some_means(folder.with_name("data"))
    for actor in actors:
        means.vault.store(session_of(actor))
    sites = [SITES[service] for service in dict.fromkeys(actor.service for actor in actors)]
    return asyncio.run(play(folder, sites, [account_of(actor) for actor in actors], means))


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_the_whole_check_says_what_the_stand_in_shows(played: Played, actor: Actor) -> None:
    """From a saved session to the verdict, under the guard, nothing else comes out than from the page alone."""
    result = played.results[label(actor)]
    assert actor.expected.allows(result.verdict.value, result.reason.value if result.reason else None), (
        f"{result.verdict} {result.reason}: {result.because} {[s.name for s in result.signals]}"
    )


def test_nothing_was_written(played: Played) -> None:
    """The pages write when they load and when a control is pressed; none of it arrives, and no page is broken."""
    assert played.writes == ()
    assert played.faults == ()
    assert all(result.guard.writes_let_through == 0 for result in played.results.values())


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_a_verdict_has_pictures_of_both_readings(played: Played, actor: Actor) -> None:
    """Where a control was read, its page is pictured before and after loading anew, and the proof names its source."""
    result = played.results[label(actor)]
    if not result.verdict.is_answer:
        return
    pictured = [step.name for step in result.steps if step.picture]
    assert pictured.count("setting") == pictured.count("setting_again") >= 1
    named = {signal.name: signal for signal in result.signals}
    assert named["control.section"].source.startswith("services ")
    assert {"identity.same", "identity.confirmed"} & set(named)


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_evidence_names_nobody(played: Played, actor: Actor) -> None:
    """No file of a bundle holds the person's name, the account's id or its session, packed or not."""
    bundle = played.results[label(actor)].bundle
    assert bundle is not None
    for path in (played.folder / bundle.path).rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            for canary in (actor.name, actor.identity, actor.token("session")):
                assert canary.encode() not in data, f"{path.name} holds a secret"
