"""Tabs of a visit: which page is read, which loads behind it, and that one behind another goes on as in front."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser

from automation.authoring.replica import Replica, load_site
from automation.browser.capture import Journal, NoFiles
from automation.core.accounts import SignInMethod
from automation.core.errors import BrowserLost, CheckError, SiteUnreachable
from automation.core.verdicts import Verdict
from automation.visit import runner
from automation.visit.reader.navigator import Sight, TwoTabs
from tests.visit.source import WrittenPages, a_view
from tests.visit.visiting import actor_of, plan_for

A, B, C, OTHER = (f"https://www.example.org/{name}" for name in ("a", "b", "c", "other"))


class Source(WrittenPages):
    """One tab; some of its addresses cannot be reached."""

    def __init__(self, broken: dict[str, CheckError]) -> None:
        super().__init__({url: [a_view(url)] for url in (A, B, C, OTHER)})
        self.broken = broken

    async def go(self, target: str) -> int | None:
        """Go there, or fail."""
        if target in self.broken:
            self.asked.append(f"go {target}")
            raise self.broken[target]
        return await super().go(target)


class Visit:
    """Two tabs of a visit, and what each was asked for."""

    def __init__(self, **broken: CheckError) -> None:
        failing = {f"https://www.example.org/{name}": error for name, error in broken.items()}
        self.first, self.second = Source(failing), Source(failing)
        self.opened, self.journal = 0, Journal()
        self.tabs = TwoTabs(Sight(self.first, NoFiles()), self._another, self.journal)

    async def _another(self) -> Sight:
        self.opened += 1
        return Sight(self.second, NoFiles())

    async def shown(self, target: str) -> str:
        """Go to an address, let whatever is behind load, and say what is shown in front."""
        await self.tabs.go(target)
        for _ in range(5):
            await asyncio.sleep(0)
        return (await self.tabs.front.tab.look()).address


def gone(tab: WrittenPages) -> list[str]:
    """Where a tab went, in order."""
    return [asked.removeprefix("go ") for asked in tab.asked if asked.startswith("go ")]


async def test_the_next_page_loads_behind_the_one_that_is_read() -> None:
    """Each page is asked for once, one ahead of what is read, and comes to the front before it is read."""
    visit = Visit()
    await visit.tabs.go(OTHER)
    await visit.tabs.expect([("a", A), ("b", B), ("c", C)])
    assert [await visit.shown(target) for target in (A, B, C)] == [A, B, C]
    assert (gone(visit.first), gone(visit.second), visit.opened) == ([OTHER, B], [A, C], 1)
    assert visit.second.asked.index("front") > visit.second.asked.index(f"go {A}")


async def test_no_page_is_asked_for_before_its_turn() -> None:
    """While the first is read the second loads, and the third waits: a service sees them one by one."""
    visit = Visit()
    await visit.tabs.expect([("a", A), ("b", B), ("c", C)])
    await visit.shown(A)
    assert (gone(visit.first), gone(visit.second)) == ([B], [A])


async def test_other_pages_may_come_between() -> None:
    """What was not expected is gone to in front, and what has loaded behind waits."""
    visit = Visit()
    await visit.tabs.expect([("a", A), ("b", B)])
    assert [await visit.shown(target) for target in (A, OTHER, C, B)] == [A, OTHER, C, B]
    assert (gone(visit.first), gone(visit.second)) == ([B], [A, OTHER, C])


async def test_without_a_word_of_what_follows_there_is_one_tab() -> None:
    """A reader that expects nothing opens nothing behind the page."""
    visit = Visit()
    assert [await visit.shown(target) for target in (A, B)] == [A, B]
    assert (gone(visit.first), gone(visit.second), visit.opened) == ([A, B], [], 0)


@pytest.mark.parametrize("error", [SiteUnreachable("it does not answer", ""), BrowserLost("it is gone", "")])
async def test_a_page_that_fails_behind_fails_where_it_is_gone_to(error: CheckError) -> None:
    """Not before, and not for another page; the page in front stays, and the further ones go on."""
    visit = Visit(b=error)
    await visit.tabs.expect([("a", A), ("b", B), ("c", C)])
    assert await visit.shown(A) == A
    with pytest.raises(type(error)):
        await visit.tabs.go(B)
    assert (await visit.tabs.front.tab.look()).address == A
    assert await visit.shown(C) == C


async def test_past_every_cache_nothing_counts_that_had_loaded() -> None:
    """A page that is to be fresh is asked for anew, even where it stands behind already."""
    visit = Visit()
    await visit.tabs.expect([("a", A), ("b", B)])
    await visit.shown(A)
    await visit.tabs.leave()
    assert await visit.shown(B) == B
    assert gone(visit.second) == [A, B]


async def test_the_journal_tells_when_a_page_was_asked_for() -> None:
    """A page that loads behind another one has an entry of its own, before it is opened."""
    visit = Visit()
    await visit.tabs.expect([("a", A)])
    await visit.shown(A)
    (line,) = visit.journal.lines(None).decode().splitlines()
    assert '"action":"load_behind"' in line
    assert '"what":"a"' in line


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


_COUNTS = """<script>let began = 0, frames = 0, ticks = 0; const hidden = [];
(function again() { frames += 1; requestAnimationFrame(again); })(); setInterval(() => { ticks += 1; }, 50);
addEventListener('visibilitychange', () => hidden.push(document.visibilityState), true);</script>"""


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_tab_behind_another_neither_sleeps_nor_knows(a_browser: Browser) -> None:
    """Its clock and its drawing go on, and its scripts are not told that nobody sees it."""
    context = await a_browser.new_context()
    front, left = await context.new_page(), await context.new_page()
    await left.set_content(_COUNTS)
    await front.bring_to_front()
    await left.evaluate("began = performance.now(), frames = 0, ticks = 0")
    await left.wait_for_function("frames >= 20 && ticks >= 15")  # behind another, Chromium draws nothing by itself
    assert await left.evaluate("performance.now() - began") < 12_000, "and lets a clock tick once a second"
    assert await left.evaluate("[document.visibilityState, hidden.length]") == ["visible", 0]
    await context.close()
