"""Turns at a service: how many at once, how far apart, and no other service waits for it."""

from __future__ import annotations

import asyncio
import time

from automation.core.settings import BrowserSettings
from automation.visit.pacing import Pacing


async def begun(pacing: Pacing, services: list[str], *, lasts_s: float = 0.0) -> tuple[dict[str, list[float]], int]:
    """When each service's visits began, and how many of one service went on at the same time at most."""
    began: dict[str, list[float]] = {service: [] for service in services}
    going, most = dict.fromkeys(services, 0), 0

    async def visit(service: str) -> None:
        nonlocal most
        async with pacing.turn(service):
            began[service].append(time.monotonic())
            going[service] += 1
            most = max(most, going[service])
            await asyncio.sleep(lasts_s)
            going[service] -= 1

    await asyncio.gather(*(visit(service) for service in services))
    return began, most


async def test_no_more_visits_of_one_service_go_on_than_allowed() -> None:
    """Six accounts, two at a time."""
    began, most = await begun(Pacing(2, 0.0), ["facebook"] * 6, lasts_s=0.02)
    assert len(began["facebook"]) == 6
    assert most == 2


async def test_two_beginnings_lie_apart() -> None:
    """However many may go on at once, each begins a moment after the one before."""
    clock, waited = 100.0, list[float]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    pacing = Pacing(8, 2.0, now=lambda: clock, wait=wait)
    await begun(pacing, ["facebook"] * 4)
    assert waited == [0.0, 2.0, 4.0, 6.0]
    clock = 107.0
    await begun(pacing, ["facebook", "instagram", "facebook"])
    assert waited[4:] == [1.0, 0.0, 3.0], "the fifth at 108, and a moment after it the sixth"
    clock = 200.0
    await begun(pacing, ["facebook"])
    assert waited[-1] == 0.0


async def test_a_service_does_not_wait_for_another_one() -> None:
    """While one service's accounts wait a minute for each other, the other's begin at once."""
    pacing = Pacing(1, 60.0)
    async with asyncio.timeout(30), pacing.turn("facebook"):
        waiting = asyncio.ensure_future(begun(pacing, ["facebook"]))
        began, _ = await begun(pacing, ["instagram"])
        assert len(began["instagram"]) == 1
        assert not waiting.done()
        waiting.cancel()


async def test_who_gives_up_waiting_leaves_the_turn_to_the_next() -> None:
    """A cancelled account holds nothing."""
    pacing = Pacing(1, 0.0)
    async with asyncio.timeout(30):
        async with pacing.turn("facebook"):
            waiting = asyncio.ensure_future(begun(pacing, ["facebook"]))
            await asyncio.sleep(0)
            waiting.cancel()
        began, _ = await begun(pacing, ["facebook"])
    assert len(began["facebook"]) == 1


def test_stand_ins_are_not_spared() -> None:
    """A service's pace is kept, a stand-in's is not."""
    assert BrowserSettings().pace == (2, 2.0)
    assert BrowserSettings(replica_map={"*.example.org": "127.0.0.1:1"}, concurrency=8).pace == (8, 0.0)
