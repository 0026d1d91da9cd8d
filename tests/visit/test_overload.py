"""An overloaded machine: fewer visits side by side, said once, and what could not stand still is a `timeout`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from loguru import logger

from automation.browser.capture.record import NoFiles
from automation.core.settings import BrowserSettings
from automation.core.signals import SignalName
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.page.source import LoadedPage, Sought
from automation.visit import runner
from automation.visit.conclusion import judge
from automation.visit.objection import read
from automation.visit.pacing import Overload, Places, machine_load
from automation.visit.reader import Reader, Sight, SignedInAccount, VisitLog
from tests.builders import a_result
from tests.reading.outline import el, page
from tests.visit.source import WrittenPages

BUSY, TWICE, CALM = 40.0, 16.0, 1.0
"""Two cores carry a load of eight."""


@dataclass
class Machine:
    """Two cores with a load that a test sets."""

    load: float = CALM
    said: list[str] = field(default_factory=list)

    @property
    def overload(self) -> Overload:
        """What the run asks; each look may change something."""
        return Overload(lambda: self.load, cores=2, every_s=0.0, beginning_s=0.0)


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A calm machine, and what is logged of it."""
    machine = Machine()
    sink = logger.add(lambda line: machine.said.append(line.record["message"]), level="WARNING")
    yield machine
    logger.remove(sink)


class Visits:
    """Visits that begin when a place is free, and end when the test says so."""

    def __init__(self, places: Places, many: int) -> None:
        self.ends = [asyncio.Event() for _ in range(many)]
        self.began: list[int] = []
        self.tasks = [asyncio.ensure_future(self._one(places, number)) for number in range(many)]

    async def _one(self, places: Places, number: int) -> None:
        async with places.place():
            self.began.append(number)
            await self.ends[number].wait()

    async def end(self, number: int) -> None:
        """End one, and let whoever may begin do so."""
        self.ends[number].set()
        await self.tasks[number]
        await asyncio.sleep(0)

    @property
    def going(self) -> list[int]:
        """Which of them are under way."""
        return [number for number in self.began if not self.tasks[number].done()]


async def test_under_load_places_are_taken_back_as_visits_end_and_come_back_when_it_is_calm(machine: Machine) -> None:
    """Down to one, never to none; nothing under way is interrupted; calm again, one more comes with each end."""
    visits = Visits(Places(4, machine.overload), 12)
    await asyncio.sleep(0)
    assert visits.going == [0, 1, 2, 3]
    machine.load = BUSY
    await visits.end(0)
    assert visits.going == [1, 2, 3], "one place is left, and three visits were under way"
    await visits.end(1)
    await visits.end(2)
    assert visits.going == [3]
    await visits.end(3)
    assert visits.going == [4], "somebody always goes on"
    machine.load = 6.0
    await visits.end(4)
    assert visits.going == [5], "neither too busy nor calm: it stays as it is"
    machine.load = CALM
    await visits.end(5)
    assert visits.going == [6, 7]
    await visits.end(6)
    assert visits.going == [7, 8, 9]
    for number in range(7, 12):
        await visits.end(number)
    assert visits.began == list(range(12)), "in the order in which they asked"
    assert len(machine.said) == 1, "however long it lasts"
    assert "load 40 on 2 cores" in machine.said[0]


async def test_a_run_that_begins_on_a_busy_machine_begins_with_fewer(machine: Machine) -> None:
    """The first look comes before the first visit."""
    machine.load = TWICE
    visits = Visits(Places(4, replace(machine.overload, every_s=15.0)), 4)
    await asyncio.sleep(0)
    assert visits.going == [0, 1]
    for number in range(4):
        await visits.end(number)


@pytest.mark.parametrize(("load", "left"), [(8.0, 8), (8.1, 7), (10.0, 6), (16.0, 4), (24.0, 2), (200.0, 1)])
async def test_as_many_go_on_as_the_load_lets(machine: Machine, load: float, left: int) -> None:
    """In proportion to what is too much of it: a little too much costs one place of eight."""
    machine.load = load
    visits = Visits(Places(8, replace(machine.overload, every_s=3600.0)), 8)
    await asyncio.sleep(0)
    assert len(visits.going) == left
    for number in range(8):
        await visits.end(number)


async def test_an_average_over_a_minute_changes_nothing_twice(machine: Machine) -> None:
    """Within the time that a change needs to show in the load there is no other change."""
    visits = Visits(Places(4, replace(machine.overload, every_s=3600.0)), 8)
    await asyncio.sleep(0)
    machine.load = TWICE
    for number in range(5):
        await visits.end(number)
    assert visits.going == [5, 6]
    for number in range(5, 8):
        await visits.end(number)


async def test_visits_begin_one_after_the_other(machine: Machine) -> None:
    """A place that nobody had before comes a moment after the one before it; one that is given back is taken at once."""
    visits = Visits(Places(4, replace(machine.overload, beginning_s=7200.0)), 3)
    await asyncio.sleep(0)
    assert visits.going == [0]
    await visits.end(0)
    assert visits.going == [1]
    await visits.end(1)
    await visits.end(2)


async def test_the_next_place_comes_by_itself(machine: Machine) -> None:
    """Nobody need end for it."""
    places = Places(3, replace(machine.overload, beginning_s=0.02))
    all_there = asyncio.Barrier(3)

    async def visit() -> None:
        async with places.place():
            await all_there.wait()

    await asyncio.gather(*(visit() for _ in range(3)))


async def test_who_gives_up_waiting_leaves_the_place_to_the_next(machine: Machine) -> None:
    """Cancelled while it waits, or at the moment when its place came: nobody's place is lost."""
    places = Places(1, machine.overload)
    async with AsyncExitStack() as held:
        await held.enter_async_context(places.place())
        visits = Visits(places, 3)
        await asyncio.sleep(0)
        visits.tasks[0].cancel()
        await asyncio.sleep(0)
    visits.tasks[1].cancel()  # its place has just come
    await asyncio.gather(*visits.tasks[:2], return_exceptions=True)
    await asyncio.sleep(0)
    assert visits.going == [2]
    await visits.end(2)


async def test_the_visits_of_a_run_are_fewer_under_load(machine: Machine) -> None:
    """What a run looks at side by side falls with the machine's load, and every account gets its result."""
    going, most, gate = 0, [], asyncio.Event()

    async def look(order: Any, _browsers: Any) -> Any:
        nonlocal going
        going += 1
        most.append(going)
        if len(most) == 4:
            machine.load = BUSY
            gate.set()
        await gate.wait()
        going -= 1
        return a_result(order.account.name)

    browser = BrowserSettings(replica_map={"*.example.org": "127.0.0.1:1"}, concurrency=4)
    stop = asyncio.Event()
    run = runner.SideBySide(browser, "run", _NOBODY, lambda *_: None, stop, machine.overload, look=look)
    results = await run.results([_Order(f"account-{number}") for number in range(10)])  # type: ignore[misc]
    assert [result.account for result in results] == [f"account-{number}" for number in range(10)]
    assert most[:4] == [1, 2, 3, 4]
    assert most[-4:] == [1, 1, 1, 1]
    assert len(machine.said) == 1


def test_the_load_is_the_systems() -> None:
    """A number from the system, where it has one."""
    assert machine_load() >= 0


class RestlessPages(WrittenPages):
    """Pages that never stand still."""

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """As it is when the time for it is over."""
        return replace(await super().settled(quiet_s, until), settled=False)


@pytest.mark.parametrize(("pages", "reason"), [(WrittenPages, Reason.NOT_RECOGNISED), (RestlessPages, Reason.TIMEOUT)])
async def test_what_could_not_stand_still_is_a_timeout(
    flows: dict[str, Flow], pages: type[WrittenPages], reason: Reason
) -> None:
    """The same page without the setting: not recognised where it stood still, out of time where it did not."""
    flow = flows["linkedin.ai_training"]
    (surface,) = flow.rule.surfaces  # type: ignore[union-attr]
    (address,) = flow.surfaces[surface].urls
    log, me = VisitLog.of(flow, _ME), _ME
    source = pages({address: [page(el("h1", "Data privacy"), el("p", "Something else stands here."), url=address)]})
    reader = Reader(Sight(source, NoFiles()), flow, me, log)
    observation = await read(reader, flow, "")
    judgement = judge(observation, flow.states)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNKNOWN, reason)
    assert (SignalName.PAGE_RESTLESS in observation.names()) is (reason is Reason.TIMEOUT)
    assert (b"did not come to rest" in log.journal.lines(None)) is (reason is Reason.TIMEOUT)


_ME = SignedInAccount("100080000000000", confirmed="2026-11-01")
_NOBODY: Any = None


@dataclass
class _Account:
    name: str
    service: str = "facebook"


@dataclass(frozen=True)
class _Means:
    handed_on: object = None


@dataclass(frozen=True)
class _Order:
    """As much of an order as a run asks for before the check."""

    subject: str
    means: _Means = _Means()

    @property
    def account(self) -> _Account:
        """Named as the subject is."""
        return _Account(self.subject)

    def doing(self, what: str) -> None:
        """Nobody is told."""
