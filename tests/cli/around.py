"""What stands in for the world around the doctor."""

from __future__ import annotations

from pathlib import Path

from automation.app.doctor import Surroundings
from automation.browser.finder import FoundBrowser
from automation.browser.probe import Probed


class Around(Surroundings):
    """This machine, with a browser that starts and is not started, and whatever else a test says of it."""

    def __init__(
        self,
        *,
        missing_scripts: tuple[str, ...] = (),
        python: tuple[int, int] = (3, 14),
        free_bytes: int | OSError | None = None,
        without: str = "",
    ) -> None:
        super().__init__()
        self.python, self._missing_scripts, self._free_bytes, self._without = (
            python,
            missing_scripts,
            free_bytes,
            without,
        )

    def start(self, found: FoundBrowser, *, headless: bool) -> Probed:
        """As if it had been started."""
        return Probed("159.0.1.2", self._missing_scripts)

    def free_bytes(self, folder: Path) -> int:
        """What the test says, else what there is."""
        if isinstance(self._free_bytes, OSError):
            raise self._free_bytes
        return super().free_bytes(folder) if self._free_bytes is None else self._free_bytes

    def has_module(self, name: str) -> bool:
        """All but the one that is not installed."""
        return name != self._without
