"""A visit of one tab opens its pages as a person does, and waits for an inbox as long as any other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from automation.authoring.replica import Replica, load_site
from automation.core.accounts import SignInMethod
from automation.core.verdicts import Verdict
from automation.visit import runner
from tests.visit.visiting import actor_of, plan_for


@pytest.mark.browser
@pytest.mark.thorough
async def test_in_one_tab_no_page_is_opened_before_the_one_before_it_was_read(tmp_path: Path) -> None:
    """Nothing loads behind a page; "no answer" still rests on two readings and five seconds of standing still."""
    site = load_site("facebook")
    actors = {"open": actor_of(site, "open", "en-GB")}
    async with Replica([site]) as replica:
        plan = plan_for(actors, replica, tmp_path, 1, SignInMethod.SESSION)
        document = await runner.run(replace(plan, browser=replace(plan.browser, one_tab=True)))
    (result,) = document.results
    assert result.verdict is Verdict.NOT_OBJECTED
    assert result.bundle is not None
    lines = (Path(document.run.output) / result.bundle.path / "data/journal.jsonl").read_text().splitlines()
    deeds = [json.loads(line) for line in lines]
    assert {deed["action"] for deed in deeds}.isdisjoint({"load_behind", "leave_open", "come_back"})
    inbox = [deed for deed in deeds if deed["what"] == "support_inbox"]
    assert [deed["action"] for deed in inbox].count("open") == 2
    assert max(deed["took_ns"] for deed in inbox if deed["action"] == "scroll") >= 5_000_000_000
