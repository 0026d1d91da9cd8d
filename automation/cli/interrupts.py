"""Ctrl-C while accounts are looked at: once ends the run in order, with its results; twice ends it at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import typer

_Answer = TypeVar("_Answer")
_ENDED_BY_HAND = 130
_SHOW_CURSOR = "\x1b[?25h"
_WORDS = {
    "en": "Ending. No further account begins; what is under way has five seconds. Ctrl-C again ends at once.",
    "fr": "Arrêt demandé. Aucun autre compte ne commence ; ce qui est en cours a cinq secondes. "
    "Encore Ctrl-C arrête tout de suite.",
}


async def in_order(work: Callable[[asyncio.Event], Coroutine[Any, Any, _Answer]], lang: str) -> _Answer:
    """
    Do work that can be asked to end.

    Args:
        work: given an event; once that is set, it is to end within seconds.
        lang: of what is said then.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def ask() -> None:
        if stop.is_set():
            _end_at_once()
        stop.set()
        typer.echo(_WORDS.get(lang, _WORDS["en"]), err=True)

    with contextlib.ExitStack() as handlers:
        for kind in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows, or not the main thread
                loop.add_signal_handler(kind, ask)
                handlers.callback(loop.remove_signal_handler, kind)
        return await work(stop)


def _end_at_once() -> None:
    """
    End this process without any cleaning up.

    The way out of the guarded browsers is in this process, so nothing more can leave; their driver ends them when it
    sees that it is alone.
    """
    if sys.stderr.isatty():
        sys.stderr.write(_SHOW_CURSOR)
    sys.stderr.flush()
    os._exit(_ENDED_BY_HAND)
