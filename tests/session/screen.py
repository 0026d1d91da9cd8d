"""A screen that nobody sees, and a person who sits before it: she looks at pixels and moves a real mouse and keys."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PIL import Image, ImageChops, ImageGrab

from automation.browser.finder import find_browser
from automation.core.errors import BrowserNotFound
from automation.core.settings import BrowserSettings
from tests.turns import HANGING_S

_SIZE = (1400, 1000)
_OUTLINE = (0xD6, 0x00, 0x6E)
"""The colour that the program draws around a button."""
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/usr/local/bin"])


@dataclass(frozen=True)
class Person:
    """Acts on what a display shows, from outside of every program on it."""

    display: str

    def _xdotool(self, *arguments: str) -> str:
        return subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.display, "PATH": _PATH},
            capture_output=True,
            text=True,
            check=True,
            timeout=HANGING_S,
        ).stdout

    def see(self) -> Image.Image:
        """What is on the screen."""
        return ImageGrab.grab(xdisplay=self.display).convert("L")

    def wait_until_still(self, quiet_s: float = 0.5, limit_s: float = 60.0) -> Image.Image:
        """Wait until the screen has stopped changing."""
        deadline, since, before = time.monotonic() + limit_s, time.monotonic(), self.see()
        while time.monotonic() - since < quiet_s:
            assert time.monotonic() < deadline, "the screen never comes to rest"
            time.sleep(0.1)
            now = self.see()
            changed = ImageChops.difference(before, now).point(lambda v: 255 if v > 40 else 0)
            box = changed.getbbox()
            if box is not None and (box[2] - box[0]) * (box[3] - box[1]) > 400:  # a caret blinks in less
                since = time.monotonic()
            before = now
        return before

    def wait_until_drawn(self) -> None:
        """Wait until the page shows something, and has stopped changing: an empty window stands still, too."""

        def drawn() -> bool:
            page = self.see().crop((0, 150, *_SIZE))
            dark = sum(page.histogram()[:128])
            return 300 < dark < page.width * page.height / 2  # a screen without a window is black

        self.wait_until(drawn, HANGING_S)
        self.wait_until_still()

    def wait_until(self, what: Callable[[], bool], limit_s: float = 60.0) -> None:
        """Wait for something in the world."""
        deadline = time.monotonic() + limit_s
        while not what():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.1)

    def click(self, place: tuple[int, int]) -> None:
        """Click a place of the screen."""
        self._xdotool("mousemove", str(place[0]), str(place[1]), "click", "1")

    def touch_page(self) -> None:
        """Click where a page is empty, so that the keys go to it."""
        self._xdotool("mousemove", "60", str(_SIZE[1] - 120), "click", "1")

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        self._xdotool("key", "--delay", "40", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "15", text)

    def seek(self, words: str) -> None:
        """Look for words in the page, as by ctrl+F: the keys go on from there."""
        self.wait_until_still()
        self.touch_page()
        self.press("ctrl+f")
        self.wait_until_still()
        self.write(words)
        self.press("Return", "Escape")
        self.wait_until_still()

    def toggle(self, label: str) -> None:
        """Look for a box's words in the page, and press the box before them by the keyboard."""
        self.seek(label)
        self.press("shift+Tab", "space")
        self.wait_until_still()

    def outlined(self) -> tuple[int, int] | None:
        """The middle of what the program has outlined in a window; None where nothing is."""
        seen = ImageGrab.grab(xdisplay=self.display).convert("RGB")
        near = [
            band.point(lambda value, wanted=wanted: 255 if abs(value - wanted) < 12 else 0)
            for band, wanted in zip(seen.split(), _OUTLINE, strict=True)
        ]
        drawn = ImageChops.darker(ImageChops.darker(near[0], near[1]), near[2])
        box = drawn.getbbox()
        if box is None or box[2] - box[0] < 20 or box[3] - box[1] < 10:
            return None
        return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2

    def find_outlined(self) -> tuple[int, int]:
        """Wait until something is outlined and stands still; its middle."""
        self.wait_until(lambda: self.outlined() is not None, 60.0)
        self.wait_until_still()
        found = self.outlined()
        assert found is not None
        return found

    def press_outlined(self, times: int = 1) -> None:
        """Move the mouse to what is outlined and press it."""
        x, y = self.find_outlined()
        self._xdotool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "120", "1")

    def close_window(self) -> None:
        """Close the only tab, and the window with it."""
        self.touch_page()
        self.press("ctrl+w")


@contextlib.contextmanager
def screen() -> Iterator[Person]:
    """A display of its own, for as long as it is used; skips the test where there can be none."""
    xvfb = shutil.which("Xvfb", path=_PATH)
    missing = [name for name, found in (("xvfb", xvfb), ("xdotool", shutil.which("xdotool", path=_PATH))) if not found]
    if missing or xvfb is None:
        pytest.skip(
            f"no screen to play on: apt-get install {' '.join(missing)} (`make test` does it on Debian as root)"
        )
    try:
        find_browser(BrowserSettings(headless=False))
    except BrowserNotFound:
        pytest.skip("no browser with a window: apt-get install chromium")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(writing), "-screen", "0", f"{_SIZE[0]}x{_SIZE[1]}x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            shown = number.readline().strip()
        assert shown, "Xvfb did not start"
        yield Person(f":{shown}")
    finally:
        server.terminate()
        server.wait(10)
