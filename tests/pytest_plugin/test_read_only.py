"""
`read_only_page`: a page for other people's tests that reads a site and changes nothing there.

Real: a session of pytest with pytest-playwright in a process of its own, the browser, TLS, the guard. Not real: the site,
which is the stand-in.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from automation.authoring.replica import Replica, load_site
from automation.browser.finder import find_browser
from automation.core.settings import BrowserSettings
from tests.turns import HANGING_S

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

CONFTEST = """
import json, os
import pytest
from automation.core.settings import BrowserSettings

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": os.environ["BROWSER"] or None, "chromium_sandbox": False}

@pytest.fixture
def read_only_policy():
    return {"hosts": ["www.facebook.com"]}

@pytest.fixture
def read_only_browser():
    stand_in = json.loads(os.environ["STAND_IN"])
    return BrowserSettings(replica_map=stand_in["map"], replica_spki=(stand_in["spki"],))
"""
TESTS = """
def test_reads_and_writes_nothing(read_only_page, guard_record):
    assert read_only_page.goto("https://www.facebook.com/").status == 200
    assert read_only_page.locator("body").inner_text()
    sent = "fetch('/api/graphql/', {method: 'POST', body: 'a=b'}).then(() => 'sent', () => 'refused')"
    assert read_only_page.evaluate(sent) == "refused"
    far = "fetch('https://elsewhere.example/').then(() => 'sent', () => 'refused')"
    assert read_only_page.evaluate(far) == "refused"
    record = guard_record()
    assert record.writes_let_through == 0
    assert {"write", "host_not_listed"} <= {rule.rule for rule in record.blocked}
    assert any(rule.rule == "get" for rule in record.allowed)

def test_each_test_has_a_page_of_its_own(read_only_page, guard_record):
    assert guard_record().allowed == ()
    assert read_only_page.url == "about:blank"

def test_beside_a_page_of_pytest_playwright(page, read_only_page):
    page.set_content("<h1>ours</h1>")
    read_only_page.goto("https://www.facebook.com/")
    assert page.locator("h1").inner_text() == "ours"
"""
WITHOUT_POLICY = """
def test_it(read_only_page):
    pass
"""


def _session(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGING_S,
        env={**os.environ, **environment},
    )


@pytest.mark.thorough
async def test_a_page_that_reads_only(tmp_path: Path) -> None:
    """It opens pages as any page of pytest-playwright; what writes or leads elsewhere is refused and on record."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_ours.py").write_text(TESTS)
    async with Replica([load_site("facebook")]) as replica:
        stand_in = json.dumps({"map": dict(replica.replica_map), "spki": replica.spki})
        found = find_browser(BrowserSettings())
        environment = {"STAND_IN": stand_in, "BROWSER": str(found.path or "")}
        ended = await asyncio.to_thread(_session, tmp_path, environment)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "3 passed" in ended.stdout
        assert replica.writes == []


def test_without_a_policy_nothing_is_opened(tmp_path: Path) -> None:
    """Whoever names no hosts is told what to write."""
    (tmp_path / "test_ours.py").write_text(WITHOUT_POLICY)
    ended = _session(tmp_path, {})
    assert ended.returncode != 0
    assert "needs a fixture read_only_policy" in ended.stdout
