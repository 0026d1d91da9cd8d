"""
`read_only_page`: a page for other people's tests that reads a site and changes nothing there.

Real: a session of pytest with pytest-playwright in a process of its own, the browser, TLS, the guard. Not real: the site,
which is the stand-in.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from automation.authoring.replica import Replica, load_site
from automation.browser.finder import find_browser
from automation.core.settings import BrowserSettings
from tests.turns import HANGING_S

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
    return {"hosts": ["www.facebook.com"], "guard": {"bystanders": ["static.xx.fbcdn.net"]}}

@pytest.fixture
def read_only_browser():
    stand_in = json.loads(os.environ["STAND_IN"])
    return BrowserSettings(replica_map=stand_in["map"], replica_spki=(stand_in["spki"],))
"""
TESTS = """
import pytest
@pytest.mark.read_only_stops("POST /api/graphql/", "GET elsewhere.example/")
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


def _session(folder: Path, environment: dict[str, str], *tests: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
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


def _page_of_the_manual() -> str:
    """The program of docs/read-only-tests.md."""
    page = (Path(__file__).parents[2] / "docs" / "read-only-tests.md").read_text(encoding="utf-8")
    return page.partition("```python\n")[2].partition("```\n")[0]


def test_the_manual_holds(tmp_path: Path) -> None:
    """A test that presses Save fails, and says which request, by which rule and at which line; the others pass."""
    program = _page_of_the_manual()
    (tmp_path / "test_shop.py").write_text(program)
    ended = _session(tmp_path, {})
    assert "1 failed, 2 passed" in ended.stdout, ended.stdout + ended.stderr
    line = 1 + program[: program.index("click()")].count("\n")
    assert f"the guard stopped: POST /save (write), pressed at test_shop.py:{line}\n" in ended.stdout
    assert "- the guard stopped -" in ended.stdout
    assert "Traceback" not in ended.stdout


ENDS = """
import pytest
from http.server import BaseHTTPRequestHandler

from test_shop import read_only_policy, shop

@pytest.mark.read_only_stops("POST /save")
def test_nothing_came(read_only_page, shop):
    read_only_page.goto(shop)

def test_not_named(read_only_page, shop):
    read_only_page.goto(shop.replace("localhost", "127.0.0.1"))

@pytest.mark.parametrize("read_only_policy", [{"host": []}])
def test_not_understood(read_only_page):
    pass
"""


@pytest.mark.thorough
def test_other_ends_take_few_lines(tmp_path: Path) -> None:
    """What was expected in vain, a host that is not named, and a policy with a mistake: at most three lines each."""
    (tmp_path / "test_shop.py").write_text(_page_of_the_manual())
    (tmp_path / "test_ends.py").write_text(ENDS)
    ended = _session(tmp_path, {}, "test_ends.py")
    assert "During handling" not in ended.stdout
    assert re.search("2 failed, .*1 error", ended.stdout), ended.stdout + ended.stderr
    assert "The guard was to stop 'POST /save', and nothing of it was sent." in ended.stdout
    assert "the guard stopped: GET / (not_https), pressed at test_ends.py:" in ended.stdout
    assert "read_only_policy: there is no key 'host'" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "_impl" not in ended.stdout
