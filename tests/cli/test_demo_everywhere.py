"""
`temoin demo --all-services`: every declared setting, kept out by one made-up company and left open by another.

Real: the stand-ins, the browser, the guard, the vault, the seal. The whole cast takes minutes: of it, one service plays.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import flows
from automation.app.demo import length_of, parts_of, perform, played
from automation.authoring.replica import load_site
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Verdict
from automation.text.language import language

pytestmark = pytest.mark.rare


def test_every_setting_is_played_in_both_states() -> None:
    """Two companies have an account for each declared setting: named apart, one in French where its words are known."""
    declared = [name for name, flow in flows.load().items() if flow.site.id in flows.DECLARED]
    sites = {service: load_site(service) for service in flows.SERVICES}
    everybody = list(parts_of(sites, everybody=True))
    parts = [part for part in everybody if part.account.owner in {"Cabinet Arnaud", "Studio Besson"}]
    assert all(part.session for part in parts)
    assert sorted(part.account.flow for part in parts) == sorted(declared * 2)
    names = [part.account.name for part in everybody]
    assert len(names) == len(set(names))
    french = [part for part in parts if part.actor.locale == "fr"]
    assert {part.account.flow for part in french} >= {"linkedin.ai_training"}
    verdicts = {part.account.owner: part.actor.verdict for part in parts if part.account.flow == "linkedin.ai_training"}
    assert verdicts == {"Cabinet Arnaud": "objected", "Studio Besson": "not_objected"}


def test_the_plain_demo_shows_each_answer_and_kind_of_account() -> None:
    """
    Every answer and every kind of account is there, over both services with an inbox, and nobody who adds neither.

    Whoever is stopped while signing in signs in with a password; the others have a session already.
    """
    sites = {service: load_site(service) for service in flows.ANSWERED}
    shown, everybody = (list(parts_of(sites, everybody=every)) for every in (False, True))
    assert {part.actor.verdict for part in shown} == {verdict.value for verdict in Verdict}
    assert {part.account.kind for part in shown} == {part.account.kind for part in everybody}
    assert {part.account.service for part in shown} == set(flows.ANSWERED)
    assert len(shown) == len(Verdict) + 1, "and one letter that a look at another marks as changed"
    assert [part.actor.scenario for part in shown if part.account.name == "louis-facebook"] == ["accepted_limited"]
    assert all((part.session is None) is part.actor.is_stopped_signing_in for part in shown)


def test_the_demo_begins_with_what_ends_soon_and_what_takes_longest() -> None:
    """Whoever is stopped while signing in comes first, for an answer within seconds; then whoever would end last."""
    parts = sorted(
        parts_of({service: load_site(service) for service in flows.ANSWERED}, everybody=False), key=length_of
    )
    verdicts = [part.actor.verdict for part in parts]
    assert verdicts[0] == "needs_human"
    assert verdicts[1 : verdicts.count("not_objected") + 1] == ["not_objected"] * verdicts.count("not_objected")


@pytest.mark.browser
async def test_what_is_shown_everywhere_is_what_is_said(tmp_path: Path) -> None:
    """One run, one document: the answers are those of the stand-ins, and no write reached any of them."""
    sites = {service: load_site(service) for service in flows.SERVICES}
    parts = [part for part in parts_of(sites, everybody=True) if part.account.flow.startswith("gemini.")]
    words = language("en")
    document, writes = await perform(
        parts, [sites["gemini"]], flows.load(), tmp_path / "ev", BrowserSettings(), lambda _a, _w: None, asyncio.Event()
    )
    guides = {flow.id: flow.guide for flow in flows.load().values()}
    assert played(document, parts, writes, guides, tmp_path / "ev", words)[1] == 0
    assert writes == 0
    assert {(result.account, result.verdict.value) for result in document.results} == {
        ("gemini-audio-a", "objected"), ("gemini-keep-activity-a", "objected"),
        ("gemini-audio-b", "not_objected"), ("gemini-keep-activity-b", "not_objected"),
    }  # fmt: skip
    assert {result.guard.writes_let_through for result in document.results} == {0}
