"""The parts of the plugin: its weight where nobody asked for it, its thread, and what a session says of the browser."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from automation.core.settings import BrowserSettings
from automation.pytest_plugin.accounts import _browser, run_beside


def test_nothing_is_loaded_where_nobody_asked(tmp_path: Path) -> None:
    """Without `--temoin`, a session of pytest loads the plugin's own module and no other of Témoin, nor a library."""
    (tmp_path / "test_ours.py").write_text(
        "import sys\n\n\ndef test_ours():\n"
        "    ours = sorted(name for name in sys.modules if name.partition('.')[0] in ('automation', 'flows'))\n"
        "    assert ours == ['automation', 'automation.pytest_plugin']\n"
        "    assert not {'pydantic', 'loguru', 'typer', 'cryptography'} & set(sys.modules)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout


async def test_the_engine_runs_beside_a_running_loop() -> None:
    """Its answer and its errors come back, although this thread has a loop that runs."""

    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    async def fail() -> None:
        raise LookupError("nobody there")

    assert run_beside(answer()) == 42
    with pytest.raises(LookupError, match="nobody there"):
        run_beside(fail())


@pytest.mark.thorough
def test_an_interruption_ends_the_engine_first() -> None:
    """Ctrl-C while waiting, even while the engine starts, cancels the work and waits until it has cleaned up."""
    ended: list[str] = []

    async def long(at_work: threading.Event) -> None:
        try:
            at_work.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended.append("browser closed")

    def interrupt(at_work: threading.Event) -> None:
        if at_work.wait(30):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # who works side by side may ignore it
    slice_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # the interruption meets every moment of the start, not only the waiting
    try:
        for time in range(1, 21):
            at_work = threading.Event()
            pressing = threading.Thread(target=interrupt, args=(at_work,))
            pressing.start()
            try:
                with pytest.raises(KeyboardInterrupt):
                    run_beside(long(at_work))
            finally:
                pressing.join()
            assert ended == ["browser closed"] * time
    finally:
        sys.setswitchinterval(slice_s)
        signal.signal(signal.SIGINT, before)


def test_only_harmless_wishes_reach_the_browser() -> None:
    """Window, channel, program and slowness of a session count; arguments, proxy and environment never do."""
    configured = BrowserSettings(path=Path("/opt/chromium"), replica_map={"*": "127.0.0.1:1"})
    assert _browser(configured, {}) == configured
    asked = {
        "headless": False, "channel": "msedge", "slow_mo": 50, "args": ["--no-proxy-server"], "env": {"X": "1"},
        "proxy": {"server": "http://192.0.2.1"}, "ignore_default_args": True,
    }  # fmt: skip
    assert _browser(configured, asked) == BrowserSettings(
        channel="msedge", headless=False, slow_mo_ms=50.0, replica_map={"*": "127.0.0.1:1"}
    )
    assert _browser(configured, {"executable_path": "/opt/other"}).path == Path("/opt/other")
