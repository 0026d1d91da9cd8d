"""The programs of docs/read-only-anywhere.md, as they stand there, at a shop that counts what reaches it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.answering import Asked, answering
from tests.guard.browsing import browser_under_test
from tests.turns import HANGING_S

pytestmark = pytest.mark.browser
PAGE = (Path(__file__).parents[2] / "docs" / "read-only-anywhere.md").read_text(encoding="utf-8")
SCRIPT, TEST, ELSEWHERE, SIGNED = re.findall("```python\n(.*?)```", PAGE, re.DOTALL)
CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, %s}
"""


@pytest.fixture
def shop() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths that it was asked for."""
    asked: list[str] = []

    def answer(request: Asked) -> tuple[int, bytes]:
        asked.append(request.path)
        return 200, b"<title>Shop</title><form method=post action=/save><button>Save</button></form>"

    with answering(answer) as address:
        yield f"{address.replace('127.0.0.1', 'localhost')}/", asked


def _run(folder: Path, program: str, shop: str, *arguments: str) -> str:
    (folder / "test_program.py").write_text(program.replace("http://localhost:8000/", shop))
    ended = subprocess.run(
        [sys.executable, *arguments, "test_program.py"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=HANGING_S,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def _switches() -> str:
    found = browser_under_test()
    return f"executable_path={str(found.path)!r}, chromium_sandbox={found.sandbox}"


def test_a_plain_script_prints_its_receipt_and_signs_it(tmp_path: Path, shop: tuple[str, list[str]]) -> None:
    """Nothing but the GET arrives, and the receipt that was signed is the one that was printed."""
    program = SCRIPT.replace("launch()", f"launch({_switches()})") + SIGNED + "print(document['stopped'][0]['path'])"
    first, receipt, last = _run(tmp_path, program, shop[0]).splitlines()
    assert (first, last) == ("stopped: POST /save write", "/save")
    assert json.loads(receipt)["mode"] == "posts_by_name"
    assert set(shop[1]) - {"/favicon.ico"} == {"/"}


def test_pytest_playwright(tmp_path: Path, shop: tuple[str, list[str]]) -> None:
    """The context of its fixture, whose page was there before."""
    path, sandbox = (part.partition("=")[2] for part in _switches().split(", "))
    (tmp_path / "conftest.py").write_text(CONFTEST % f'"executable_path": {path}, "chromium_sandbox": {sandbox}')
    assert "1 passed" in _run(tmp_path, TEST, shop[0], "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert set(shop[1]) - {"/favicon.ico"} == {"/"}


def test_a_browser_that_was_started_elsewhere(tmp_path: Path, shop: tuple[str, list[str]]) -> None:
    """Its own default context, by DevTools alone."""
    with _elsewhere(tmp_path / "profile") as address:
        assert _run(tmp_path, ELSEWHERE.replace("http://localhost:9222", address), shop[0]) == "stopped: /save\n"
    assert set(shop[1]) - {"/favicon.ico"} == {"/"}


@contextmanager
def _elsewhere(profile: Path) -> Iterator[str]:
    found = browser_under_test()
    path = found.path
    if path is None:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    switches = [
        "--headless",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        *([] if found.sandbox else ["--no-sandbox"]),
    ]
    with subprocess.Popen([path, *switches, "about:blank"], stderr=subprocess.PIPE, text=True) as browser:
        assert browser.stderr is not None
        try:
            yield next(line.split()[-1] for line in browser.stderr if "DevTools listening on" in line)
        finally:
            browser.kill()
