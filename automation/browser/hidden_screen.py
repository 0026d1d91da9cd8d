"""A screen that nobody sees, for a window that must stand in nobody's way: Xvfb, on Linux, where it is installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from automation.browser.environment.machine import surrounding_variables

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

_SIZE = "1600x1200x24"
_STARTS_IN_S = 10.0
_ENDS_IN_S = 5.0


@dataclass(slots=True)
class HiddenScreen:
    """A running one; ended by `stop`."""

    display: str
    """For the variable DISPLAY."""
    server: subprocess.Popen[bytes]

    @classmethod
    async def start(cls) -> Self | None:
        """Start one; None where there is no Xvfb, or it does not start."""
        program = which()
        return await asyncio.to_thread(cls._started, program) if program else None

    @classmethod
    def _started(cls, program: str) -> Self | None:
        reading, writing = os.pipe()
        command = [program, "-displayfd", str(writing), "-screen", "0", _SIZE, "-nolisten", "tcp"]
        quiet = subprocess.DEVNULL
        try:
            server = subprocess.Popen(command, pass_fds=[writing], stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - found on PATH
        except OSError:
            os.close(reading)
            return None
        finally:
            os.close(writing)
        with os.fdopen(reading) as told:  # ends with the server where it does not start
            number = told.readline().strip()
        if number.isdigit():
            return cls(f":{number}", server)
        server.kill()
        server.wait(_ENDS_IN_S)
        return None

    def stop(self) -> None:
        """End it; its windows are gone by then."""
        self.server.terminate()
        try:
            self.server.wait(_ENDS_IN_S)
        except subprocess.TimeoutExpired:
            self.server.kill()


async def minimise(session: CDPSession) -> None:
    """Minimise the window of a tab, where there is no hidden screen; a system that cannot leaves it where it is."""
    from playwright.async_api import Error  # noqa: PLC0415 - a screen is looked for before any browser

    with suppress(Error):
        window = await session.send("Browser.getWindowForTarget")
        bounds = {"windowId": window["windowId"], "bounds": {"windowState": "minimized"}}
        await session.send("Browser.setWindowBounds", bounds)


def which() -> str | None:
    """Xvfb's path; None where there is none, and on systems that always have a screen."""
    path = os.pathsep.join([surrounding_variables().get("PATH", ""), "/usr/bin", "/usr/local/bin"])
    return shutil.which("Xvfb", path=path) if sys.platform.startswith("linux") else None
