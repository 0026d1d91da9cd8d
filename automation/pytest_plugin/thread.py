"""Running the engine where an event loop may be running already."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")
_LOOKS_UP_S = 0.5
"""A signal may be delivered to another thread; the one that waits hears of it when it looks up."""


def run_beside(work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """
    Run it on a loop of its own, in a thread of its own, to its end.

    The fixtures of pytest-playwright keep a loop running in the thread of the tests, and a thread has one at most.
    What interrupts the waiting, such as Ctrl-C or a time limit of the tests, cancels the work; it is then waited for,
    so that no browser stays behind.
    """
    under_way: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = []
    given_up = threading.Event()

    async def noted() -> _Answer:
        under_way.append((asyncio.get_running_loop(), asyncio.current_task()))
        if given_up.is_set():
            work.close()
            raise asyncio.CancelledError
        return await work

    with ThreadPoolExecutor(1, "temoin") as engine:
        try:
            # A thread that is interrupted while it starts is not waited for: it starts before there is work to leave.
            engine.submit(int).result()
            running = engine.submit(lambda: asyncio.run(noted()))
            while not wait([running], _LOOKS_UP_S).done:
                pass
            return running.result()
        finally:
            given_up.set()
            for loop, task in under_way:
                with suppress(RuntimeError):  # it has ended, and its loop is closed
                    loop.call_soon_threadsafe(task.cancel if task else loop.stop)
