"""Waiting for what is ready, and not for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

HANGING_S: Final = 600.0
"""What takes longer hangs. Only a test that fails waits so long; beside eight busy processes all takes ten times as long."""


async def everything_ready() -> None:
    """Let the loop go round until what was begun has run, where nothing outside this process has to answer."""
    for _ in range(50):
        await asyncio.sleep(0)


async def until(is_so: Callable[[], object], limit_s: float = HANGING_S) -> None:
    """
    Wait until something outside this process has happened.

    Raises:
        TimeoutError: it has not within the time.
    """
    async with asyncio.timeout(limit_s):
        while not is_so():  # noqa: ASYNC110 - nobody tells when it happens
            await asyncio.sleep(0.02)
