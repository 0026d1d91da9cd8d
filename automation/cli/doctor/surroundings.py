"""Everything outside Témoin that the doctor looks at."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from automation.browser.environment.machine import ThisMachine

if TYPE_CHECKING:
    from pathlib import Path

    from automation.browser.environment.machine import Machine
    from automation.browser.finder import FoundBrowser
    from automation.browser.probe import Probed
    from automation.cli.shared.installing import Shell
    from automation.text.language import Language


class Surroundings:
    """The computer, the browser once it is started, and what is installed; the call may bring another (`ctx.obj`)."""

    def __init__(self) -> None:
        self.machine: Machine = ThisMachine()
        self.python: tuple[int, int] = sys.version_info[:2]

    def start(self, found: FoundBrowser, *, headless: bool) -> Probed:
        """
        Really start a browser and end it.

        Raises:
            BrowserNotFound: it does not start.
        """
        import asyncio

        from automation.browser.probe import probe

        return asyncio.run(probe(found, headless=headless))

    def free_bytes(self, folder: Path) -> int:
        """
        How much room a folder has; nothing stays behind in it.

        Raises:
            OSError: it takes no file.
        """
        import shutil
        import tempfile

        with tempfile.TemporaryFile(dir=folder):
            return shutil.disk_usage(folder).free

    def has_module(self, name: str) -> bool:
        """Whether a module could be imported."""
        return find_spec(name) is not None

    def shell(self, words: Language, *, yes: bool) -> Shell:
        """What asks and installs."""
        from automation.cli.shared.installing import TerminalShell

        return TerminalShell(words, yes=yes)
