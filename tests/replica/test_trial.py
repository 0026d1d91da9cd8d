"""A trial on the stand-in finds a flow that is wrong, and counts what reaches the stand-in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from automation.authoring.replica import load_site
from automation.authoring.replica.trial import Tried, scenarios_of, try_flow
from automation.core.settings import BrowserSettings
from automation.flow import load_flow
from tests.edits import edit
from tests.flow.made_up import write_setting

pytestmark = [pytest.mark.browser, pytest.mark.rare]


@pytest.fixture(scope="module")
def inverted(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    """One round of a flow that takes on for off."""
    folder = tmp_path_factory.mktemp("ours")
    edit(write_setting(folder) / "flow.toml", 'on = "trains"', 'on = "protects"')
    return asyncio.run(play(folder))


async def play(folder: Path) -> list[Tried]:
    """The round in a real browser, the served pages under the guard."""
    flow, site = load_flow(folder / "acme" / "ai_training"), load_site("acme", folder)
    told: list[Tried] = []
    async with async_playwright() as playwright:
        (tried,) = await try_flow(playwright, flow, site, BrowserSettings(), tell=told.append)
    assert len(told) == len(tried) == scenarios_of(flow, site)
    return tried


def test_a_wrong_polarity_is_caught(inverted: list[Tried]) -> None:
    """Every scenario with a verdict comes out the other way round, filled in and served, and is called wrong."""
    wrong = {(t.scenario, t.served, t.verdict) for t in inverted if not t.right}
    assert wrong == {
        ("protects", False, "not_objected"), ("protects", True, "not_objected"), ("late", True, "not_objected"),
        ("bar", False, "not_objected"), ("below", True, "not_objected"),
        ("trains", False, "objected"), ("trains", True, "objected"),
        ("hidden_copy", False, "not_objected"), ("hidden_copy_bad", False, "objected"),
    }  # fmt: skip


def test_why_is_told(inverted: list[Tried]) -> None:
    """Each answer carries what it rests on, so that a person can mend the flow."""
    why = {t.scenario: t.why for t in inverted}
    assert "control.section" in why["protects"]
    assert "control.absent" in why["renamed"]
    assert "nl:control.label" in why["strange"]
    assert "sign in" in why["signed_out"]
