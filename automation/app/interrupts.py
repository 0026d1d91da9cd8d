"""What several commands share: the language, the configuration, the report files."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from automation.text.language import Language

_Answer = TypeVar("_Answer")


def run_async(work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Run the engine; Ctrl-C breaks it off within seconds, unless the work hears it by itself."""
    return asyncio.run(breakable(work))


_ENDED_BY_HAND = 130
_CLEANING_S = 10.0
_SHOW_CURSOR = "\x1b[?25h"


async def in_order(work: Callable[[asyncio.Event], Coroutine[Any, Any, _Answer]], words: Language) -> _Answer:
    """Do work that can be asked to end: once the event that it is given is set, it is to end within seconds."""
    stop = asyncio.Event()
    ending = words.gettext(
        "Ending. No further account begins; what is under way has five seconds. Ctrl-C again ends at once."
    )

    def ask() -> None:
        if stop.is_set():
            _end_at_once()
        stop.set()
        print(ending, file=sys.stderr)  # noqa: T201

    with _heard(ask, signal.SIGINT, signal.SIGTERM):
        return await work(stop)


async def breakable(work: Coroutine[Any, Any, _Answer], cleaning_s: float = _CLEANING_S) -> _Answer:
    """
    Do work that Ctrl-C breaks off; it ends within seconds then, whatever it waits for.

    It may take `cleaning_s` to clean up: a browser with a window may not answer any more. Raises KeyboardInterrupt: it
    was broken off, and has cleaned up.
    """
    loop, doing = asyncio.get_running_loop(), asyncio.ensure_future(work)
    limit: list[asyncio.TimerHandle] = []

    def ask() -> None:
        if limit:
            _end_at_once()
        limit.append(loop.call_later(cleaning_s, _end_at_once))
        doing.cancel()

    with _heard(ask, signal.SIGINT):
        try:
            return await doing
        except asyncio.CancelledError:
            if not limit:
                raise
            limit[0].cancel()
            raise KeyboardInterrupt from None


@contextlib.contextmanager
def _heard(ask: Callable[[], None], *kinds: signal.Signals) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    with contextlib.ExitStack() as handlers:
        for kind in kinds:
            with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows, or not the main thread
                loop.add_signal_handler(kind, ask)
                handlers.callback(loop.remove_signal_handler, kind)
        yield


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
