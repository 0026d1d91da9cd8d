"""A person goes through the account's own pages; what they name is sealed, asked about, and nothing is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from automation.authoring.replica import Replica, load_site
from automation.core.looks import NEXT_STEP, Look, Says, ShownKind
from automation.core.verdicts import Verdict
from automation.evidence.verify.opened import open_evidence
from automation.reading.looks import look_of, questions_of
from automation.visit import live_look, runner
from automation.visit.account import check
from automation.visit.conclusion import conclude, terms_of
from tests.visit.visiting import actor_of, plan_for

if TYPE_CHECKING:
    from playwright.async_api import Page

WRITE = """() => fetch('/api/graphql/', {method: 'POST', body: 'fb_api_req_friendly_name=useWriteMutation'})
  .then(answer => answer.status, () => 'refused')"""


@pytest.mark.browser
async def test_a_setting_that_a_person_goes_to_stands_as_they_say(tmp_path: Path) -> None:
    """Its controls are asked about, the likeliest first; until they say which it is, and how it stands: unknown."""

    class Person:
        async def sees(self) -> None:
            """The page on which the visit begins shows it."""

    site = load_site("x")
    async with Replica([site]) as replica:
        plan = plan_for({"one": actor_of(site, "trains")}, replica, tmp_path / "evidence")
        document = await runner.run(plan, look=partial(check, work=live_look.LiveLook(Person())))
        assert replica.writes == []
    (result,) = document.results
    assert (result.verdict, result.next_step) == (Verdict.UNKNOWN, NEXT_STEP)
    assert result.bundle is not None
    seen = open_evidence(Path(document.run.output) / result.bundle.path, None, any_stand_in=True).observation
    assert seen is not None
    flow = plan.flows[seen.flow]
    question = questions_of(seen, flow.labels)[0]
    assert (question.kind, question.state) == (ShownKind.CONTROL, "on")

    def answered(says: Says) -> Verdict:
        at = datetime(2026, 12, 2, tzinfo=UTC)
        look = look_of(question, says, flow=seen.flow, by="Nora", at=at, bundle="ab" * 32)
        look = replace(look, stand_in=True)
        terms = terms_of(result, at.date(), strict=False)
        return conclude(replace(flow, looks=(look,)), seen, None, terms).verdict

    assert answered(Says.ON) is Verdict.NOT_OBJECTED
    assert answered(Says.OFF) is answered(Says.UNSURE) is Verdict.UNKNOWN


@pytest.mark.browser
async def test_what_a_person_goes_to_is_what_they_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It is one question, for this account only, without the person's own words.

    Their answer is the account's; until then it is unknown. What the page tries to write is refused.
    """
    shown: list[Page] = []
    told: list[Any] = []

    def reader_of(*given: Any) -> Any:
        shown.append(next(one for one in given if hasattr(one, "goto")))
        return real(*given)

    class Person:
        async def sees(self) -> None:
            (page,) = shown
            await page.get_by_text("Vous opposer").first.click()
            await page.get_by_text("Nous avons examiné").first.wait_for()
            told.append(await page.evaluate(WRITE))

    real = live_look.reader_of
    monkeypatch.setattr(live_look, "reader_of", reader_of)
    site = load_site("facebook")
    async with Replica([site]) as replica:
        plan = plan_for({"manon": actor_of(site, "accepted", "fr-FR")}, replica, tmp_path / "evidence")
        document = await runner.run(plan, look=partial(check, work=live_look.LiveLook(Person())))
        assert replica.writes == []
    assert told == ["refused"]
    (result,) = document.results
    assert (result.verdict, result.next_step) == (Verdict.UNKNOWN, NEXT_STEP)
    assert result.bundle is not None
    seen = open_evidence(Path(document.run.output) / result.bundle.path, None, any_stand_in=True).observation
    assert seen is not None
    (question,) = seen.shown
    assert any("nous allons respecter votre opposition" in line for line in question.lines)
    assert not any("Je m’oppose" in line or "Manon" in line for line in question.lines)
    assert question.picture in {artifact.path for artifact in result.evidence}

    def answered(says: Says, lines: tuple[str, ...] = question.lines) -> Verdict:
        at = datetime(2026, 12, 2, tzinfo=UTC)
        look = Look(
            ShownKind.LIST, says, seen.flow, "fr", (lines,), "Nora", at, "ab" * 32, subject=seen.subject,
            state=question.state, stand_in=True,
        )  # fmt: skip
        flow = replace(plan.flows[seen.flow], looks=(look,))
        return conclude(flow, seen, None, terms_of(result, at.date(), strict=False)).verdict

    assert answered(Says.ACCEPTED) is Verdict.OBJECTED
    assert answered(Says.REFUSED) is Verdict.REFUSED
    assert answered(Says.ACCEPTED, question.lines[1:]) is Verdict.UNKNOWN
